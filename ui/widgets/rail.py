"""The rail on the left: the workplaces when idle, the seven steps with a person, one figure at the foot."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.icons import State, paint_icon, paint_state
from ui.theme import Theme
from ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class RailItem:
    """One row: a step (with a state) or a workplace (with a pictogram)."""

    key: str
    text: str
    state: State | None = None
    icon: str = ""
    current: bool = False
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class RailFoot:
    """The one figure at the foot; ``fraction`` 0..1 draws the time against its line."""

    caption: str
    figure: str
    unit: str = ""
    note: str = ""
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class RailView:
    """All the rail shows."""

    items: tuple[RailItem, ...] = ()
    foot: RailFoot | None = None


class RailRow(QPushButton):
    """One row of 56 px, inset 8; the current one is solid."""

    def __init__(self, theme: Theme, item: RailItem) -> None:
        super().__init__(item.text)
        self._theme, self._item = theme, item
        self.setFixedHeight(theme.text(56))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_item(item)

    @property
    def key(self) -> str:
        """Which step or workplace."""
        return self._item.key

    def show_item(self, item: RailItem) -> None:
        """Show a new state."""
        self._item = item
        self.setText(item.text)
        self.setEnabled(item.enabled)
        self.setAccessibleName(item.text)
        self.setAccessibleDescription(self._spoken())
        self.update()

    def _spoken(self) -> str:
        words = {
            State.DONE: self.tr("selesai"), State.NOW: self.tr("sekarang"),
            State.TO_COME: self.tr("belum"), State.LOOK: self.tr("lihat lagi"),
            State.EXEMPT: self.tr("dikecualikan"), State.STOP: self.tr("berhenti"),
        }  # fmt: skip
        return words[self._item.state] if self._item.state else ""

    def sizeHint(self) -> QSize:
        """Return room for glyph and words."""
        words = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(words + self._theme.text(72), self._theme.text(56))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, glyph or pictogram, words and focus ring."""
        t, item, painter = self._theme, self._item, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if item.current or (self.underMouse() and item.enabled):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.colour("primary" if item.current else "primary_tint"))
            painter.drawRoundedRect(body, 8, 8)
        px = t.text(24)
        spot = QRectF(16, body.center().y() - px / 2, px, px)
        quiet = item.state is State.TO_COME or not item.enabled
        ink = t.colour("on_primary" if item.current else ("quiet" if quiet else "ink"))
        if item.state is not None:
            paint_state(painter, spot, item.state, t, on_primary=item.current)
        else:
            paint_icon(painter, spot, item.icon, ink)
        painter.setPen(ink)
        painter.setFont(t.font(16, 600 if item.current else (400 if quiet else 500)))
        words = body.adjusted(16 + px + 12, 0, -8, 0)
        fitting = painter.fontMetrics().elidedText(
            item.text, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
        if self.hasFocus():
            painter.setPen(QPen(t.colour("ink"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), 7, 7)


class _Track(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.fraction = 0.0
        self.setFixedHeight(16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the time spent against the line at the end; over it, amber."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 4, self.width(), 8)
        painter.setBrush(self._theme.colour("track"))
        painter.drawRoundedRect(bar, 4, 4)
        painter.setBrush(self._theme.colour("primary" if self.fraction <= 1 else "attention"))
        painter.drawRoundedRect(QRectF(0, 4, self.width() * min(1.0, self.fraction), 8), 4, 4)
        painter.fillRect(self.width() - 2, 0, 2, 16, self._theme.colour("ink"))


class StepRail(QWidget):
    """200 px on the left."""

    pressed = Signal(str)  # RailItem.key

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(theme.wide(200))
        self._rows: dict[str, RailRow] = {}
        self._list = QVBoxLayout()
        self._list.setContentsMargins(8, 16, 8, 0)
        self._list.setSpacing(0)
        self._caption = label(theme, "", 14, 500, "quiet", wrap=True)
        self._figure = label(theme, "", 28, 600)
        self._unit = label(theme, "", 14, 500, "quiet")
        self._note = label(theme, "", 14, 500, "quiet", wrap=True)
        self._track = _Track(theme)
        self._foot = QWidget()
        self._compose()
        self.show_rail(RailView())

    def _compose(self) -> None:
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(24, 0, 16, 16)
        foot.setSpacing(2)
        foot.addWidget(self._caption)
        figure = QHBoxLayout()
        figure.setSpacing(8)
        figure.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBaseline)
        figure.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBaseline)
        foot.addLayout(figure)
        foot.addWidget(self._note)
        foot.addWidget(self._track)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        column.addWidget(self._foot)

    def row(self, key: str) -> RailRow:
        """Return the row of a key; KeyError when it is not shown."""
        return self._rows[key]

    def show_rail(self, view: RailView) -> None:
        """Show rows and foot; rows with the same keys are kept, and with them the focus."""
        if tuple(self._rows) != tuple(item.key for item in view.items):
            self._rebuild(view.items)
        for item in view.items:
            self._rows[item.key].show_item(item)
        self._show_foot(view.foot)

    def _rebuild(self, items: tuple[RailItem, ...]) -> None:
        for old in self._rows.values():
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows = {}
        for item in items:
            row = RailRow(self._theme, item)
            row.clicked.connect(self._report)
            self._rows[item.key] = row
            self._list.addWidget(row)

    def _show_foot(self, foot: RailFoot | None) -> None:
        self._foot.setVisible(foot is not None)
        if foot is None:
            return
        self._caption.setText(foot.caption)
        self._figure.setText(foot.figure)
        self._unit.setText(foot.unit)
        self._note.setText(foot.note)
        self._note.setVisible(bool(foot.note))
        self._track.setVisible(foot.fraction is not None)
        self._track.fraction = foot.fraction or 0.0
        self._track.update()

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, RailRow):
            self.pressed.emit(sender.key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and the hairline at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.colour("line"))
