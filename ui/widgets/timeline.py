"""A record's way in plain words: done, now, still to come."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.icons import State, paint_state
from ui.theme import Theme
from ui.widgets.button import COMPACT


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One station of the way."""

    text: str
    state: State
    when: str = ""


PITCH = 40


class Timeline(QWidget):
    """Glyphs on a line, words beside them, dates at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[TimelineRow, ...] = ()
        self._stacked = theme.text_scale >= COMPACT
        self._pitch = theme.text(44) if self._stacked else theme.text(PITCH)

    def show_rows(self, rows: tuple[TimelineRow, ...]) -> None:
        """Show the way, oldest first."""
        self._rows = rows
        self.setFixedHeight(max(1, len(rows)) * self._pitch)
        self.setAccessibleName(self.tr("Perjalanan rekaman"))
        self.setAccessibleDescription("; ".join(f"{row.text} {row.when}".strip() for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of all rows."""
        return QSize(self._theme.text(280), len(self._rows) * self._pitch)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows from top to bottom."""
        t, painter, px = self._theme, QPainter(self), self._theme.text(24)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch = self._pitch
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
        """Draw words and date; the date stands below words that would not fit beside it."""
        t, beside = self._theme, Qt.AlignmentFlag.AlignVCenter
        loud = row.state in (State.LOOK, State.STOP, State.NOW)
        font = t.font(16, 600 if loud else 400 if row.state is State.TO_COME else 500)
        painter.setFont(t.font(14))
        painter.setPen(t.colour("quiet"))
        width = painter.fontMetrics().horizontalAdvance(row.when) + 8
        needed = QFontMetrics(font).horizontalAdvance(row.text) + 8
        stacked = self._stacked or needed + width > box.width()
        width = 0 if stacked else width
        if stacked and row.when:
            low = box.adjusted(0, box.height() / 2, 0, 0)
            painter.drawText(low, beside | Qt.AlignmentFlag.AlignLeft, row.when)
            box = box.adjusted(0, 0, 0, -box.height() / 2)
        elif row.when:
            painter.drawText(box, beside | Qt.AlignmentFlag.AlignRight, row.when)
        painter.setFont(font)
        painter.setPen(t.colour("quiet" if row.state is State.TO_COME else "ink"))
        words = box.adjusted(0, 0, -width, 0)
        fitting = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideRight, int(words.width())
        )
        painter.drawText(words, beside | Qt.AlignmentFlag.AlignLeft, fitting)
