"""The answer to "will the centre accept it?": one band and the rows that make it."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import State, paint_icon, paint_state
from ui.theme import Theme
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import Glyph, Panel
from ui.widgets.text import label, set_tone


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One requirement; ``step`` is the rail key to jump to, '' when there is nowhere to go."""

    text: str
    state: State
    note: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The whole answer."""

    ok: bool
    headline: str
    note: str
    rows: tuple[VerdictRow, ...]
    foot: str = ""


class _Row(QPushButton):
    """48 px: glyph, words, note; pressable only when it leads somewhere. Long words wrap."""

    def __init__(self, theme: Theme, row: VerdictRow, *, last: bool) -> None:
        super().__init__()
        row = replace(row, text=row.text.replace("_", "_\u200b"))  # long codes may wrap
        self._theme, self.row, self._last = theme, row, last
        self._jumps = bool(row.step)
        self.setAccessibleName(", ".join(p for p in (row.text, row.note) if p))
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if self._jumps:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setAccessibleDescription(self.tr("Buka langkah ini"))
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _fonts(self) -> tuple[QFontMetrics, QFontMetrics]:
        t = self._theme
        return QFontMetrics(t.font(16, 500)), QFontMetrics(t.font(14))

    def _text_width(self, width: int) -> int:
        return max(40, width - self._theme.text(36) - (self._theme.text(28) if self._jumps else 0))

    def _heights(self, width: int) -> tuple[int, int]:
        flags = int(Qt.TextFlag.TextWordWrap)
        room = self._text_width(width)
        strong, small = self._fonts()
        upper = strong.boundingRect(0, 0, room, 1000, flags, self.row.text).height()
        lower = (
            small.boundingRect(0, 0, room, 1000, flags, self.row.note).height()
            if self.row.note
            else 0
        )
        return upper, lower

    def heightForWidth(self, width: int) -> int:
        """Return 48 px, or more where words wrap."""
        return max(self._theme.text(48), sum(self._heights(width)) + 8)

    def hasHeightForWidth(self) -> bool:
        """Depend on the width."""
        return True

    def sizeHint(self) -> QSize:
        """Take the column's width."""
        width = self.width() if self.width() > 120 else self._theme.wide(272)
        return QSize(width, self.heightForWidth(width))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the row."""
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect())
        if self._jumps and (self.underMouse() or self.hasFocus()):
            painter.setPen(QPen(t.colour("ink"), 3) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(t.colour("primary_tint"))
            painter.drawRoundedRect(body.adjusted(1.5, 1.5, -1.5, -2.5), 8, 8)
        px = t.text(24)
        paint_state(painter, QRectF(0, body.center().y() - px / 2, px, px), self.row.state, t)
        upper, lower = self._heights(self.width())
        top = (body.height() - upper - lower) / 2
        room = QRectF(t.text(36), top, self._text_width(self.width()), upper)
        flags = int(Qt.TextFlag.TextWordWrap)
        painter.setPen(t.colour("ink"))
        painter.setFont(t.font(16, 500))
        painter.drawText(room, flags, self.row.text)
        if self.row.note:
            painter.setPen(t.colour("quiet"))
            painter.setFont(t.font(14))
            painter.drawText(
                QRectF(room.left(), top + upper, room.width(), lower), flags, self.row.note
            )
        if self._jumps:
            size = t.text(20)
            spot = QRectF(body.right() - size - 4, body.center().y() - size / 2, size, size)
            paint_icon(painter, spot, "right", t.colour("primary"))
        if not self._last:
            painter.fillRect(QRectF(0, body.bottom() - 1, body.width(), 1), t.colour("row_line"))


class VerdictColumn(QWidget):
    """The right column of the review."""

    jump_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._band = Panel("good")
        self._glyph = Glyph(theme, State.DONE, 32)
        self._headline = label(theme, "", 20, 600, "good", wrap=True)
        self._note = label(theme, "", 14, wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._foot = label(theme, "", 14, tone="quiet", wrap=True)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(24, 24, 24, 12)
        inner.setSpacing(10)
        inner.addWidget(label(theme, self.tr("Apakah pusat akan menerima?"), 28, 600, wrap=True))
        inner.addWidget(self._band)
        inner.addLayout(self._rows)
        inner.addWidget(self._foot)
        inner.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(body))
        row = QHBoxLayout(self._band)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(14)
        row.addWidget(self._glyph)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._headline)
        words.addWidget(self._note)
        row.addLayout(words, 1)
        self._band.setMinimumHeight(theme.text(64))

    def row_buttons(self) -> tuple[QPushButton, ...]:
        """Return the rows as shown."""
        made = (self._rows.itemAt(i) for i in range(self._rows.count()))
        return tuple(w for item in made if item and isinstance(w := item.widget(), _Row))

    def show_verdict(self, view: VerdictView) -> None:
        """Show the answer and its rows."""
        set_tone(self._band, "good" if view.ok else "attention")
        set_tone(self._headline, "good" if view.ok else "attention")
        self._glyph.show_state(State.DONE if view.ok else State.LOOK)
        self._headline.setText(view.headline)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        self._foot.setText(view.foot)
        clear_layout(self._rows)
        for number, row in enumerate(view.rows):
            button = _Row(self._theme, row, last=number == len(view.rows) - 1)
            button.clicked.connect(self._report)
            self._rows.addWidget(button)

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, _Row) and sender.row.step:
            self.jump_requested.emit(sender.row.step)
