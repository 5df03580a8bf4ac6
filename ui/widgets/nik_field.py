"""The one field of the search page: a NIK falls into its groups as it grows, each with its meaning."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from ui.icons import State, paint_icon, paint_state
from ui.theme import Theme
from ui.widgets.button import COMPACT

GROUPS = ((0, 6), (6, 12), (12, 16))


@dataclass(frozen=True, slots=True)
class GroupMeaning:
    """What one group of digits says: a word and a quiet note."""

    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class QueryView:
    """How the field reads what was typed; ``badge`` stands at its right."""

    meanings: tuple[GroupMeaning, ...] = ()
    badge: str = ""
    badge_state: State = State.DONE


_BADGE = {
    State.DONE: ("good_tint", "good"),
    State.LOOK: ("attention_tint", "attention"),
    State.STOP: ("stop_tint", "stop"),
}


class QueryField(QLineEdit):
    """152 px high; digits at 40 px in groups 6-6-4, anything else as plain text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._view = theme, QueryView()
        height = theme.text(152)
        self.setMaxLength(80)
        self.setFont(theme.font(round(40 * theme.wide(100) / theme.text(100)), 600, spacing=1.5))
        self.setAccessibleName(self.tr("NIK, nama, atau nomor tiket"))
        self.setStyleSheet(
            f"QLineEdit, QLineEdit:focus {{ border: none; padding: 0; min-height: {height}px; max-height: {height}px; }}"
        )
        self.setFixedHeight(theme.text(152))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_query(self, view: QueryView) -> None:
        """Show the meanings below the groups and the badge."""
        self._view = view
        self.setAccessibleDescription(", ".join(f"{m.title} {m.note}" for m in view.meanings))
        self.update()

    def sizeHint(self) -> QSize:
        """Take the width there is."""
        return QSize(600, self._theme.text(152))

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+K to the desk; a text field would delete to the end of the line."""
        if event.type() == QEvent.Type.ShortcutOverride and _is_find(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass Ctrl+K up; everything else is typing."""
        if _is_find(event):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame, the groups with their meanings, the caret and the badge."""
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        focused = self.hasFocus()
        painter.setPen(QPen(t.colour("primary" if focused else "control"), 3 if focused else 1.5))
        painter.setBrush(t.colour("panel"))
        painter.drawRoundedRect(frame, 8, 8)
        icon = t.text(26)
        top = t.text(18)
        figures = QRectF(t.text(76), top, self.width() - t.text(76) - t.text(24), t.text(52))
        paint_icon(
            painter,
            QRectF(t.text(25), figures.center().y() - icon / 2 + 3, icon, icon),
            "search",
            t.colour("primary"),
        )
        if self.text().isdigit() and len(self.text()) <= 16:
            self._paint_nik(painter, figures)
        else:
            self._paint_words(painter, figures)
        self._paint_badge(painter)

    def _paint_nik(self, painter: QPainter, box: QRectF) -> None:
        t, digits = self._theme, self.text()
        painter.setFont(self.font())
        step = painter.fontMetrics().horizontalAdvance("0")
        x, caret = box.left(), box.left()
        for number, (first, last) in enumerate(GROUPS):
            group, width = digits[first:last], step * (last - first)
            painter.setFont(self.font())
            painter.setPen(t.colour("ink"))
            painter.drawText(
                QRectF(x, box.top(), width + 8, box.height()), Qt.AlignmentFlag.AlignVCenter, group
            )
            line = t.colour("primary" if len(group) == last - first else "line")
            painter.fillRect(QRectF(x, box.bottom() + t.text(3), width, 4), line)
            if number < len(self._view.meanings):
                self._paint_meaning(
                    painter,
                    x,
                    box.bottom() + t.text(16),
                    width + t.text(20),
                    self._view.meanings[number],
                )
            at = self.cursorPosition()
            if first <= at <= last:
                caret = x + step * (at - first) + 1
            x += width + 24
        self._paint_caret(painter, box, caret)

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        t, typed = self._theme, self.text()
        painter.setFont(t.font(28, 600 if typed else 400))
        painter.setPen(t.colour("ink" if typed else "quiet"))
        words = typed or self.placeholderText()
        room = int(box.width() - self._badge_width())
        shown = painter.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideLeft if typed else Qt.TextElideMode.ElideRight, room
        )
        start = box if typed else box.adjusted(8, 0, 0, 0)
        painter.drawText(start, Qt.AlignmentFlag.AlignVCenter, shown)
        ahead = painter.fontMetrics().horizontalAdvance(typed[: self.cursorPosition()])
        painter.fillRect(
            QRectF(box.left(), box.bottom() + t.text(3), box.width(), 4), t.colour("line")
        )
        if self._view.meanings:
            self._paint_meaning(
                painter, box.left(), box.bottom() + t.text(16), box.width(), self._view.meanings[0]
            )
        self._paint_caret(painter, box, box.left() + min(ahead, room) + 1)

    def _paint_meaning(
        self, painter: QPainter, x: float, y: float, width: float, meaning: GroupMeaning
    ) -> None:
        t = self._theme
        for text, px, weight, tone, top in (
            (meaning.title, 16, 500, "ink", 0),
            (meaning.note, 14, 400, "quiet", 22),
        ):
            painter.setFont(t.font(px, weight))
            painter.setPen(t.colour(tone))
            fitting = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, int(width)
            )
            painter.drawText(
                QRectF(x, y + t.text(top), width + 2, t.text(24)),
                Qt.AlignmentFlag.AlignVCenter,
                fitting,
            )

    def _paint_caret(self, painter: QPainter, box: QRectF, x: float) -> None:
        if self.hasFocus():
            painter.fillRect(
                QRectF(x, box.top() + 2, 3, box.height() - 4), self._theme.colour("ink")
            )

    def _badge_width(self) -> float:
        """Return the room the badge takes; with large text only its glyph stays."""
        t = self._theme
        if not self._view.badge:
            return 0
        if t.text_scale >= COMPACT:
            return t.text(32)
        return QFontMetrics(t.font(16, 600)).horizontalAdvance(self._view.badge) + t.text(62)

    def _paint_badge(self, painter: QPainter) -> None:
        if not self._view.badge:
            return
        t, view, width, px = self._theme, self._view, self._badge_width(), self._theme.text(24)
        ground, ink = _BADGE.get(view.badge_state, ("ground", "quiet"))
        plate = QRectF(self.width() - width - t.text(19), t.text(19), width, t.text(48))
        glyph = QRectF(plate.left() + t.text(12), plate.center().y() - px / 2, px, px)
        if t.text_scale >= COMPACT:
            glyph.moveRight(plate.right())
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.colour(ground))
            painter.drawRoundedRect(plate, 8, 8)
            painter.setFont(t.font(16, 600))
            painter.setPen(t.colour(ink))
            words = plate.adjusted(t.text(45), 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, view.badge)
        paint_state(painter, glyph, view.badge_state, t)


def _is_find(event: QEvent) -> bool:
    return (
        isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_K
        and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    )
