"""The Qt binding must not eat references: 6.12.0 on CPython 3.11 killed the desk after seconds of painting."""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter


def test_a_call_that_returns_nothing_leaves_the_count_of_none_alone(qapp):
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(picture)
    before = sys.getrefcount(None)
    for _ in range(400):
        painter.setPen(Qt.PenStyle.NoPen)
    after = sys.getrefcount(None)
    painter.end()
    assert abs(after - before) < 100
