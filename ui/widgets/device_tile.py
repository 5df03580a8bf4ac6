"""One place of the desk as a card: what is there, how it is, what to do; and the question about another serial."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.device_report import Condition
from ui.icons import State
from ui.theme import Theme
from ui.widgets.button import COMPACT, KeyButton
from ui.widgets.pictures import Glyph, Panel, Pictogram
from ui.widgets.text import ElidedLabel, label, set_tone


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a device with another serial number may take the place of the one before."""

    before: str
    waiting: str
    serial: str  # of the one that waits: the yes is for this one only


@dataclass(frozen=True, slots=True)
class TileView:
    """What a card says; ``note`` is in small print beside the name of the device."""

    key: str
    icon: str
    name: str
    model: str
    condition: Condition
    said: str
    step: str = ""
    fine: str = ""  # shown where there is no step
    note: str = ""
    testing: bool = False
    danger: bool = False  # somebody may be hurt: act now
    question: Question | None = None


# condition -> glyph, tone of the words, ground; no two glyphs share their shape.
LOOKS: Final[Mapping[Condition, tuple[State, str, str]]] = {
    Condition.READY: (State.DONE, "good", "plain"),
    Condition.WAIT: (State.WAIT, "primary", "plain"),
    Condition.ATTENTION: (State.LOOK, "attention", "attention"),
    Condition.OTHER_DEVICE: (State.OTHER, "attention", "attention"),
    Condition.ABSENT: (State.STOP, "stop", "stop"),
    Condition.UNCONFIGURED: (State.EXEMPT, "quiet", "plain"),
}


class QuestionRow(QWidget):
    """Both serial numbers, and the button that says yes to the new one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._before = label(theme, "", 14, 400, "ink", wrap=True)
        self._waiting = label(theme, "", 16, 600, "ink", wrap=True)
        self.accept = KeyButton(theme, self.tr("Terima alat ini"), icon="check")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._before)
        words.addWidget(self._waiting)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.accept)

    def show_question(self, question: Question) -> None:
        """Show both numbers."""
        self._before.setText(self.tr("Tadi: {device}").format(device=question.before))
        self._waiting.setText(self.tr("Sekarang: {device}").format(device=question.waiting))
        self.accept.setAccessibleName(
            self.tr("Terima alat dengan nomor seri {serial}").format(serial=question.serial)
        )


class DeviceTile(Panel):
    """A card that is chosen by focus, click or arrow keys."""

    chosen = Signal(str)  # TileView.key
    accepted = Signal(str, str)  # key, serial
    stepped = Signal(int)  # -1 up, 1 down

    def __init__(self, theme: Theme, view: TileView) -> None:
        super().__init__()
        self._theme, self._view, self._current = theme, view, False
        self._glyph = Glyph(theme, px=32)
        self._said = label(theme, "", 16, 600, wrap=True)
        self._step = label(theme, "", 16, 500, "ink", wrap=True)
        self._fine = ElidedLabel(theme, "", 14, tone="quiet")
        self._icon = Pictogram(theme, view.icon, 28)
        self._name = label(theme, "", 20, 600)
        self._model = ElidedLabel(theme, "", 14, tone="quiet")
        self._note = ElidedLabel(theme, "", 14, tone="quiet")
        self._question = QuestionRow(theme)
        self._question.accept.clicked.connect(self._accept)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._compose()
        self._show(view)

    def _compose(self) -> None:
        t = self._theme
        plate = Panel("tint")
        plate.setFixedSize(t.text(48), t.text(48))
        inner = QHBoxLayout(plate)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignCenter)
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addStretch(1)
        for part in (self._name, self._model, self._note):
            who.addWidget(part)
        who.addStretch(1)
        what = QVBoxLayout()
        what.setSpacing(2)
        what.addStretch(1)
        for part in (self._said, self._step, self._fine):
            what.addWidget(part)
        what.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(plate)
        plate.setVisible(t.text_scale < COMPACT)  # large text: the picture gives way to the words
        row.addLayout(who, 5)
        row.addWidget(self._glyph)
        row.addLayout(what, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._question)

    @property
    def view(self) -> TileView:
        """What the card says."""
        return self._view

    @property
    def accept_button(self) -> KeyButton:
        """The button that says yes to another serial number."""
        return self._question.accept

    @property
    def name_width(self) -> int:
        """Room that the device's name needs."""
        return self._name.sizeHint().width()

    def align(self, name_width: int) -> None:
        """Give the names of all cards one width, so that their glyphs stand below each other."""
        self._name.setMinimumWidth(name_width)

    def show_view(self, view: TileView) -> None:
        """Say something new; nothing is touched when nothing changed."""
        if view != self._view:
            self._show(view)

    def show_current(self, *, current: bool) -> None:
        """Mark the card whose details stand beside the list."""
        if current != self._current:
            self._current = current
            self.update()

    def _show(self, view: TileView) -> None:
        self._view = view
        state, tone, ground = LOOKS[view.condition]
        if view.testing:
            state, tone = State.NOW, "primary"
        if view.danger:
            tone = ground = "stop"
        set_tone(self, ground)
        set_tone(self._said, tone)
        self._glyph.show_state(state)
        said = self.tr("Sedang diuji…") if view.testing else view.said
        for target, text in (
            (self._name, view.name), (self._model, view.model), (self._note, view.note),
            (self._said, said), (self._step, view.step), (self._fine, "" if view.step else view.fine),
        ):  # fmt: skip
            target.setText(text)
            target.setVisible(bool(text))
        self._icon.show_icon(view.icon)
        self._question.setVisible(view.question is not None)
        if view.question is not None:
            self._question.show_question(view.question)
        spoken = (view.name, said, view.step or view.fine, view.model, view.note)
        self.setAccessibleName(", ".join(part for part in spoken if part))

    def _accept(self) -> None:
        if self._view.question is not None:
            self.accepted.emit(self._view.key, self._view.question.serial)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose what the focus comes to."""
        super().focusInEvent(event)
        self.chosen.emit(self._view.key)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose by a click."""
        super().mousePressEvent(event)
        self.chosen.emit(self._view.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go up and down; every other key is the desk's."""
        steps = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}
        if event.key() in steps:
            self.stepped.emit(steps[event.key()])
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the card, the edge of the chosen one and the focus ring."""
        super().paintEvent(event)
        if not self._current and not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("ink" if self.hasFocus() else "primary"), 3))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1.5, 1.5, -1.5, -1.5), 7, 7)
