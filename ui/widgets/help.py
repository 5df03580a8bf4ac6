"""The help of a page, in its right column: short lines, never a dialog over the work."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.button import KeyButton
from ui.widgets.pictures import Pictogram
from ui.widgets.text import label


class HelpPanel(QWidget):
    """Lies over the right column until it is closed with F1 or its button."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = QVBoxLayout()
        self._lines.setSpacing(16)
        self._close = KeyButton(theme, self.tr("Tutup bantuan"), key="F1")
        self._close.clicked.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Pictogram(theme, "help", 28))
        head.addWidget(label(theme, self.tr("Bantuan"), 20, 600), 1)
        column.addLayout(head)
        column.addLayout(self._lines)
        column.addStretch(1)
        column.addWidget(self._close)

    def show_help(self, lines: tuple[str, ...]) -> None:
        """Show a page's help, one thought per line."""
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for number, text in enumerate(lines, start=1):
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(12)
            row.addWidget(
                label(self._theme, str(number), 16, 600, "primary"), 0, Qt.AlignmentFlag.AlignTop
            )
            row.addWidget(label(self._theme, text, 16, wrap=True), 1)
            self._lines.addWidget(line)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and its left edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        painter.fillRect(0, 0, 1, self.height(), self._theme.colour("line"))
