"""One place of the card counter: numbered head, body; solid when it is its turn, dashed before."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import State, paint_state
from ui.theme import Theme
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import Glyph
from ui.widgets.text import label

WAITING, ACTIVE, DONE, REFUSED = "waiting", "active", "done", "refused"


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One fact of a place; the note stands at the right."""

    text: str
    state: State
    note: str = ""


class Place(QWidget):
    """Head of 64 px with number and name; ``body`` holds the content."""

    def __init__(self, theme: Theme, number: int, title: str) -> None:
        super().__init__()
        self._theme, self._number, self._title = theme, number, title
        self._state = WAITING
        self._head = theme.text(64)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        inside = QWidget()
        self.body = QVBoxLayout(inside)
        self.body.setContentsMargins(22, 18, 22, 14)
        self.body.setSpacing(8)
        around = QVBoxLayout(self)
        around.setContentsMargins(2, self._head + 2, 2, 2)
        around.addWidget(scrolled(inside))
        self.setAccessibleName(title)

    @property
    def state(self) -> str:
        """waiting, active, done or refused."""
        return self._state

    def show_state(self, state: str) -> None:
        """Show whose turn it is."""
        self._state = state
        words = {
            WAITING: self.tr("menunggu"), ACTIVE: self.tr("sekarang"),
            DONE: self.tr("selesai"), REFUSED: self.tr("ditolak"),
        }  # fmt: skip
        self.setAccessibleDescription(words[state])
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame and head."""
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = t.colour
        body = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        shape = QPainterPath()
        shape.addRoundedRect(body, 8, 8)
        ground, head, edge, ink = {
            WAITING: ("ground", "ground", "control", "quiet"),
            ACTIVE: ("panel", "primary", "primary", "on_primary"),
            DONE: ("panel", "good_tint", "good_line", "good"),
            REFUSED: ("panel", "stop_tint", "stop", "stop"),
        }[self._state]
        painter.fillPath(shape, colour(ground))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(0, 0, self.width(), self._head), colour(head))
        if self._state in {WAITING, DONE}:
            painter.fillRect(QRectF(0, self._head - 1, self.width(), 1), colour("line"))
        painter.restore()
        pen = QPen(colour(edge), 3 if self._state == ACTIVE else 1.5)
        if self._state == WAITING:
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawPath(shape)
        self._paint_head(painter, colour(ink))

    def _paint_head(self, painter: QPainter, ink: QColor) -> None:
        t = self._theme
        px = t.text(30)
        spot = QRectF(22, (self._head - px) / 2, px, px)
        if self._state in {DONE, REFUSED}:
            paint_state(painter, spot, State.DONE if self._state == DONE else State.STOP, t)
        else:
            active = self._state == ACTIVE
            painter.setPen(QPen(ink, 2))
            painter.setBrush(ink if active else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(spot)
            painter.setFont(t.font(16, 600))
            painter.setPen(t.colour("primary") if active else ink)
            painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setPen(ink)
        painter.setFont(t.font(20, 600))
        room = QRectF(spot.right() + 16, 0, self.width() - spot.right() - 32, self._head)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._title)


class PlaceRows(QWidget):
    """The facts of a place, 40 px each; long words wrap."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_rows(self, rows: tuple[PlaceRow, ...]) -> None:
        """Show the facts."""
        clear_layout(self._column)
        for row in rows:
            line = QWidget()
            across = QHBoxLayout(line)
            across.setContentsMargins(0, 2, 0, 2)
            across.setSpacing(12)
            across.addWidget(Glyph(self._theme, row.state, 24), 0, Qt.AlignmentFlag.AlignVCenter)
            loud = row.state is State.NOW
            tone = "quiet" if row.state is State.TO_COME else "ink"
            across.addWidget(
                label(self._theme, row.text, 16, 600 if loud else 400, tone, wrap=True), 1
            )
            if row.note:
                across.addWidget(label(self._theme, row.note, 14, tone="quiet"))
            line.setMinimumHeight(max(36, self._theme.text(28)))
            self._column.addWidget(line)
