"""Rows to press: a person in a queue, a match, a packet; a glyph, two lines and a note at the right."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy

from ui.icons import State, paint_state
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class RowView:
    """One row; ``key`` comes back when it is pressed."""

    key: str
    title: str
    note: str
    right: str = ""
    state: State = State.TO_COME
    current: bool = False


class PressRow(QPushButton):
    """A row of 56 px; the current one lies on a tint."""

    def __init__(self, theme: Theme, view: RowView, inset: int = 16) -> None:
        super().__init__()
        self._theme, self._view, self._inset = theme, view, inset
        self.setFixedHeight(theme.text(56))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_row(view)

    @property
    def key(self) -> str:
        """Which row."""
        return self._view.key

    def show_row(self, view: RowView) -> None:
        """Show new content."""
        self._view = view
        self.setAccessibleName(
            ", ".join(part for part in (view.title, view.note, view.right) if part)
        )
        self.setToolTip(view.title)
        self.update()

    def sizeHint(self) -> QSize:
        """Take the width there is."""
        return QSize(self._theme.text(200), self._theme.text(56))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, glyph, the two lines and the note."""
        t, view, painter = self._theme, self._view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if view.current or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.colour("primary_tint" if view.current else "ground"))
            painter.drawRoundedRect(body, 8, 8)
        px = t.text(24)
        paint_state(painter, QRectF(self._inset, body.center().y() - px / 2, px, px), view.state, t)
        right = self._paint_right(painter, body)
        left = self._inset + px + 12
        self._paint_line(
            painter, QRectF(left, t.text(6), right - left - 8, t.text(24)), view.title, loud=True
        )
        self._paint_line(
            painter, QRectF(left, t.text(28), right - left - 8, t.text(20)), view.note, loud=False
        )
        if self.hasFocus():
            painter.setPen(QPen(t.colour("ink"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(body.adjusted(1, 1, -1, -1), 7, 7)

    def _paint_right(self, painter: QPainter, body: QRectF) -> float:
        painter.setFont(self._theme.font(14))
        painter.setPen(self._theme.colour("quiet"))
        width = painter.fontMetrics().horizontalAdvance(self._view.right)
        box = body.adjusted(0, 0, -self._inset, 0)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._view.right
        )
        return box.right() - width

    def _paint_line(self, painter: QPainter, box: QRectF, text: str, *, loud: bool) -> None:
        weight = (600 if self._view.current else 500) if loud else 400
        painter.setFont(self._theme.font(16 if loud else 14, weight))
        painter.setPen(self._theme.colour("ink" if loud else "quiet"))
        fitting = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(box.width())
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, fitting)
