"""A record's way in plain words: done, now, still to come; pitch 40."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.icons import State, paint_state
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One station of the way."""

    text: str
    state: State
    when: str = ""


class Timeline(QWidget):
    """Glyphs on a line, words beside them, dates at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[TimelineRow, ...] = ()

    def show_rows(self, rows: tuple[TimelineRow, ...]) -> None:
        """Show the way, oldest first."""
        self._rows = rows
        self.setFixedHeight(max(1, len(rows)) * self._theme.text(40))
        self.setAccessibleName(self.tr("Perjalanan rekaman"))
        self.setAccessibleDescription("; ".join(f"{row.text} {row.when}".strip() for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(self._theme.text(280), len(self._rows) * self._theme.text(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows from top to bottom."""
        t, painter, px = self._theme, QPainter(self), self._theme.text(24)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch = t.text(40)
        for number, row in enumerate(self._rows):
            middle = number * pitch + pitch / 2
            if number + 1 < len(self._rows):
                passed = self._rows[number + 1].state is not State.TO_COME
                gap = QRectF(px / 2 - 1, middle + px / 2 + 1, 2, pitch - px - 2)
                painter.fillRect(gap, t.colour("good" if passed else "control"))
            paint_state(painter, QRectF(0, middle - px / 2, px, px), row.state, t)
            self._paint_words(
                painter, row, QRectF(px + 12, middle - pitch / 2, self.width() - px - 12, pitch)
            )

    def _paint_words(self, painter: QPainter, row: TimelineRow, box: QRectF) -> None:
        t = self._theme
        painter.setFont(t.font(14))
        painter.setPen(t.colour("quiet"))
        when = painter.fontMetrics().horizontalAdvance(row.when)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.when)
        loud = row.state in (State.LOOK, State.STOP, State.NOW)
        painter.setFont(t.font(16, 600 if loud else 400 if row.state is State.TO_COME else 500))
        painter.setPen(t.colour("quiet" if row.state is State.TO_COME else "ink"))
        words = box.adjusted(0, 0, -when - 8, 0)
        fitting = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
