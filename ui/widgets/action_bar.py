"""The bar of actions: what one can do besides on the left, the one thing to do now on the right."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.button import COMPACT, RING, KeyButton, Kind


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the operator may ask for; ``id`` comes back in the signal."""

    id: str
    text: str
    key: str = ""  # as printed on the cap: "Enter", "Esc", "F1"; "" = button only
    icon: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Actions:
    """What the bar holds: at most one primary action."""

    primary: Action | None = None
    left: tuple[Action, ...] = ()

    def by_key(self, key: str) -> Action | None:
        """Return the enabled action on that key cap."""
        for action in (self.primary, *self.left):
            if action is not None and action.key == key and action.enabled:
                return action
        return None


class ActionBar(QWidget):
    """Shows ``Actions`` and reports the id of what was pressed."""

    pressed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._actions = Actions()
        self._buttons: dict[str, KeyButton] = {}
        self._busy = False
        self._primary_width = 272
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(24 - RING, 0, 24 - RING, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self.setFixedHeight(theme.text(72))

    @property
    def actions_shown(self) -> Actions:
        """What the bar holds now."""
        return self._actions

    def button(self, action_id: str) -> KeyButton:
        """Return the button of an action; KeyError when it is not shown."""
        return self._buttons[action_id]

    def show_actions(self, actions: Actions) -> None:
        """Replace the buttons, keeping those whose words did not change (and with them the focus)."""
        if [self._face(a) for a in self._all(actions)] != [
            self._face(a) for a in self._all(self._actions)
        ]:
            self._rebuild(actions)
        self._actions = actions
        self._enable()

    def set_busy(self, *, busy: bool) -> None:
        """Hold all buttons while something runs."""
        self._busy = busy
        self._enable()

    def set_primary_width(self, px: int) -> None:
        """Align the primary button to the column above it."""
        self._primary_width = px
        if self._actions.primary is not None:
            self._buttons[self._actions.primary.id].setMinimumWidth(px + 2 * RING)

    def focus_primary(self) -> None:
        """Give the primary action the focus, if there is one."""
        if self._actions.primary is not None:
            self._buttons[self._actions.primary.id].setFocus()

    @staticmethod
    def _all(actions: Actions) -> tuple[Action, ...]:
        return (*actions.left, *([actions.primary] if actions.primary else []))

    def _face(self, action: Action) -> tuple[str, str, str, str]:
        return (action.id, action.text, action.key, action.icon)

    def _rebuild(self, actions: Actions) -> None:
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._buttons = {}
        for action in actions.left:
            self._row.addWidget(self._made(action, Kind.PLAIN))
        self._row.addStretch(1)
        if actions.primary is not None:
            button = self._made(actions.primary, Kind.PRIMARY)
            button.setMinimumWidth(self._primary_width + 2 * RING)
            self._row.addWidget(button)

    def _made(self, action: Action, kind: Kind) -> KeyButton:
        icon = action.icon if self._theme.text_scale < COMPACT else ""
        button = KeyButton(self._theme, action.text, key=action.key, icon=icon, kind=kind)
        button.setObjectName(f"action_{action.id}")
        button.clicked.connect(self._report)
        self._buttons[action.id] = button
        return button

    def _enable(self) -> None:
        for action in self._all(self._actions):
            self._buttons[action.id].setEnabled(action.enabled and not self._busy)

    def _report(self) -> None:
        for action_id, button in self._buttons.items():
            if button is self.sender():
                self.pressed.emit(action_id)
                return

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and the hairline above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.colour("line"))
