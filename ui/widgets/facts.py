"""A fact: a pictogram on a plate, a caption, and what it is."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.pictures import ColourPatch, Panel, Pictogram
from ui.widgets.text import ElidedLabel, label


@dataclass(frozen=True, slots=True)
class FactView:
    """One fact; ``patch`` is a colour ``#RRGGBB`` shown before the text, or ''."""

    icon: str
    caption: str
    text: str
    patch: str = ""


def fact(theme: Theme, view: FactView) -> QWidget:
    """Return a fact as a small block of two lines."""
    block = QWidget()
    row = QHBoxLayout(block)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(16)
    plate = Panel("ground")
    plate.setFrameShape(QFrame.Shape.NoFrame)
    plate.setFixedSize(theme.text(40), theme.text(40))
    inner = QHBoxLayout(plate)
    inner.setContentsMargins(0, 0, 0, 0)
    inner.addWidget(Pictogram(theme, view.icon, 22), 0, Qt.AlignmentFlag.AlignCenter)
    row.addWidget(plate)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(label(theme, view.caption, 14, 400, "quiet"))
    line = QHBoxLayout()
    line.setSpacing(8)
    if view.patch:
        line.addWidget(ColourPatch(view.patch))
    line.addWidget(ElidedLabel(theme, view.text, 16, 500), 1)
    words.addLayout(line)
    row.addLayout(words, 1)
    return block
