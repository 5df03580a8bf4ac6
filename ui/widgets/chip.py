"""A filter: a word and how many it holds; one of a row is chosen."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.theme import Theme
from ui.widgets.button import COMPACT
from ui.widgets.layouts import clear_layout


@dataclass(frozen=True, slots=True)
class ChipView:
    """One filter."""

    key: str
    text: str
    count: str = ""
    chosen: bool = False


class Chip(QPushButton):
    """48 px high; solid when chosen."""

    def __init__(self, theme: Theme, view: ChipView) -> None:
        super().__init__(view.text)
        self._theme, self._view = theme, view
        self._size, self._pad = (16, 16) if theme.text_scale < COMPACT else (14, 10)
        self.setFont(theme.font(self._size, 600))
        self.setFixedHeight(theme.text(48))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setCheckable(True)
        self.setChecked(view.chosen)
        self.setToolTip(view.text)
        self.setAccessibleName(f"{view.text} {view.count}".strip())

    @property
    def key(self) -> str:
        """Which filter."""
        return self._view.key

    def sizeHint(self) -> QSize:
        """Return room for word and figure."""
        words = self.fontMetrics().horizontalAdvance(self._view.text)
        figure = QFontMetrics(self._theme.font(14, 500)).horizontalAdvance(self._view.count)
        return QSize(words + figure + self._theme.text(2 * self._pad + 10), self._theme.text(48))

    def minimumSizeHint(self) -> QSize:
        """Give way to very large text; the tooltip keeps the whole word."""
        return QSize(self._theme.text(72), self._theme.text(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, word and figure."""
        t, chosen, painter = self._theme, self._view.chosen, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ring = self.hasFocus()
        painter.setPen(
            QPen(t.colour("ink" if ring else "primary" if chosen else "line"), 3 if ring else 1)
        )
        lit = "primary_tint" if self.underMouse() else "panel"
        painter.setBrush(t.colour("primary" if chosen else lit))
        edge = 1 if ring else 0
        painter.drawRoundedRect(body.adjusted(edge, edge, -edge, -edge), 8, 8)
        painter.setPen(t.colour("on_primary" if chosen else "ink"))
        painter.setFont(t.font(self._size, 600 if chosen else 500))
        inner = body.adjusted(t.text(self._pad), 0, -t.text(self._pad), 0)
        figure = QFontMetrics(t.font(14, 500)).horizontalAdvance(self._view.count)
        room = int(inner.width()) - figure - 4
        words = painter.fontMetrics().elidedText(self._view.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.setPen(t.colour("on_primary" if chosen else "quiet"))
        painter.setFont(t.font(14, 500))
        painter.drawText(
            inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._view.count
        )


class ChipRow(QWidget):
    """Filters in a row."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._views: tuple[ChipView, ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)

    def show_chips(self, views: tuple[ChipView, ...]) -> None:
        """Show the filters."""
        if views == self._views:
            return
        self._views = views
        clear_layout(self._row)
        for view in views:
            chip = Chip(self._theme, view)
            chip.clicked.connect(self._report)
            self._row.addWidget(chip)
        self._row.addStretch(1)

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, Chip):
            self.chosen.emit(sender.key)
