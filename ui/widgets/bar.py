"""A slim bar that shows how far something is."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import Theme


class Bar(QWidget):
    """8 px; the figure beside it says the same in words."""

    def __init__(self, theme: Theme, fraction: float = 0.0, tone: str = "primary") -> None:
        super().__init__()
        self._theme, self._fraction, self._tone = theme, fraction, tone
        self.setFixedHeight(8)
        self.setMinimumWidth(80)

    def show_fraction(self, fraction: float, tone: str = "primary") -> None:
        """Show 0..1 in a tone."""
        self._fraction, self._tone = min(1.0, max(0.0, fraction)), tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw track and part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("track"))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setBrush(self._theme.colour(self._tone))
        if self._fraction > 0:
            painter.drawRoundedRect(QRectF(0, 0, max(8.0, self.width() * self._fraction), 8), 4, 4)
