"""The message bar: what happened, what to do, one button. Never a dialog."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.icons import State
from ui.theme import Theme
from ui.widgets.button import COMPACT, KeyButton, Kind
from ui.widgets.pictures import Glyph
from ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message; ``kind`` is 'info', 'good', 'attention' or 'stop', ``key`` comes back when pressed."""

    kind: str
    happened: str
    next_step: str = ""
    button: str = ""
    key: str = ""
    small: str = ""  # an error code, in small print

    @property
    def spoken(self) -> str:
        """What a screen reader announces."""
        return f"{self.happened} {self.next_step}".strip()


_LOOK = {
    "info": (State.EXEMPT, "panel"),
    "good": (State.DONE, "good_tint"),
    "attention": (State.LOOK, "attention_tint"),
    "stop": (State.STOP, "stop_tint"),
}


class MessageBar(QWidget):
    """0 or at least 56 px above the actions; stays until it is resolved or acknowledged."""

    pressed = Signal(str)  # MessageView.key

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: MessageView | None = None
        self._glyph = Glyph(theme)
        self._happened = label(theme, px=16, weight=600, wrap=True)
        self._happened.setTextFormat(self._happened.textFormat().RichText)
        self._happened.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._happened.setFont(theme.font(16))
        self._small = label(theme, px=14, tone="quiet")
        self._button = KeyButton(theme, "", kind=Kind.LINK)
        self._button.setObjectName("message_button")
        self._button.clicked.connect(self._report)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24 - theme.text(12), 0)
        row.setSpacing(12)
        row.addWidget(self._glyph)
        row.addWidget(self._happened, 1)
        row.addWidget(self._small)
        row.addWidget(self._button)
        self.setMinimumHeight(theme.text(56))
        self.hide()

    @property
    def view(self) -> MessageView | None:
        """What it shows now."""
        return self._view

    def show_message(self, view: MessageView | None) -> None:
        """Show a message, or close the bar."""
        if view == self._view:
            return
        self._view = view
        self.setVisible(view is not None)
        if view is None:
            return
        glyph, _ground = _LOOK[view.kind]
        self._glyph.show_state(glyph)
        self._happened.setText(
            f'<span style="font-weight:600">{_plain(view.happened)}</span> {_plain(view.next_step)}'
        )
        self._small.setText(view.small)
        # With large text the words need the room; the code stays in the tooltip and the log.
        self._small.setVisible(bool(view.small) and self._theme.text_scale < COMPACT)
        self.setToolTip(view.small)
        self._button.show_words(view.button)
        self._button.setVisible(bool(view.button))
        self.update()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, view.spoken))

    def _report(self) -> None:
        if self._view is not None:
            self.pressed.emit(self._view.key)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground of its kind and the hairline above."""
        painter = QPainter(self)
        token = _LOOK[self._view.kind][1] if self._view else "panel"
        painter.fillRect(self.rect(), self._theme.colour(token))
        painter.fillRect(0, 0, self.width(), 1, self._theme.colour("line"))


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
