"""A QR code drawn from segno's matrix, sharp at any size."""

from functools import lru_cache

import segno
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import Theme


@lru_cache(maxsize=4)
def matrix_of(text: str) -> tuple[bytes, ...]:
    """Return the modules of a text's code, error correction M; slow once, so call it in a worker first."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix)


class QrCode(QWidget):
    """Always dark on white, four modules of quiet zone, error correction M."""

    def __init__(self, theme: Theme, px: int = 200) -> None:
        super().__init__()
        self._theme = theme
        self._matrix: tuple[bytes, ...] = ()
        self.setFixedSize(px, px)

    def show_text(self, text: str) -> None:
        """Show a text as a code; '' empties it."""
        self._matrix = matrix_of(text) if text else ()
        self.setAccessibleName(self.tr("Kode QR tanda terima"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw whole pixels per module, centred."""
        if not self._matrix:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        count = len(self._matrix) + 8
        module = max(1, self.width() // count)
        left = (self.width() - module * len(self._matrix)) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        painter.drawRects(
            [
                QRectF(left + x * module, left + y * module, module, module)
                for y, row in enumerate(self._matrix)
                for x, dark in enumerate(row)
                if dark
            ]
        )
