"""One measure as a bar: the value, the threshold as a mark, optionally the band to be in."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.theme import Theme
from ui.widgets.text import label, set_tone


@dataclass(frozen=True, slots=True)
class MeterView:
    """A measure for the operator; fractions 0..1 of the bar."""

    caption: str
    value_text: str  # "62 %"
    value: float
    threshold: float | None = None
    threshold_text: str = ""  # "60" or "70–80 %"
    band: tuple[float, float] | None = None
    good: bool = False


class _Bar(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.view: MeterView | None = None
        self.setFixedHeight(theme.text(26 + 22))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw track, band, value, threshold and its figure."""
        if self.view is None:
            return
        view, colour = self.view, self._theme.colour
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, 5, self.width(), 16)
        shape = QPainterPath()
        shape.addRoundedRect(bar, 8, 8)
        painter.fillPath(shape, colour("track"))
        if view.band is not None:
            low, high = (self.width() * part for part in view.band)
            painter.fillRect(QRectF(low, 5, high - low, 16), colour("good_line"))
        value = QPainterPath()
        value.addRoundedRect(QRectF(0, 5, self.width() * min(1.0, max(0.0, view.value)), 16), 8, 8)
        painter.fillPath(value.intersected(shape), colour("good" if view.good else "attention"))
        if view.threshold is not None:
            x = self.width() * view.threshold
            painter.fillRect(QRectF(x - 1.5, 0, 3, 26), colour("ink"))
            self._paint_figure(painter, x)

    def _paint_figure(self, painter: QPainter, x: float) -> None:
        if self.view is None or not self.view.threshold_text:
            return
        painter.setFont(self._theme.font(14))
        painter.setPen(self._theme.colour("quiet"))
        words = self.view.threshold_text
        width = painter.fontMetrics().horizontalAdvance(words)
        left = min(max(0.0, x - width / 2), self.width() - width)
        box = QRectF(left, 26, width + 2, self.height() - 26)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


class Meter(QWidget):
    """Caption and figure above the bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._caption = label(theme, px=14, weight=500, tone="quiet")
        self._figure = label(theme, px=16, weight=500)
        self._bar = _Bar(theme)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._caption, 0, 0)
        grid.addWidget(self._figure, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self._bar, 1, 0, 1, 2)

    def show_meter(self, view: MeterView) -> None:
        """Show one measure."""
        self._caption.setText(view.caption)
        self._figure.setText(view.value_text)
        set_tone(self._figure, "good" if view.good else "attention")
        self._bar.view = view
        self._bar.setAccessibleName(f"{view.caption} {view.value_text}")
        self._bar.update()
