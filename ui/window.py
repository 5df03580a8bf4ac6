"""The desk's window: header, rail, stage, coach, message bar and action bar around one page."""

from typing import Protocol

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QCloseEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from ui.keys import CAPS, DIGITS, REQUESTS
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.action_bar import Action, ActionBar, Actions
from ui.widgets.coach import CoachColumn, CoachView
from ui.widgets.header import Header, PersonView
from ui.widgets.health import HealthItem
from ui.widgets.help import HelpPanel
from ui.widgets.message_bar import MessageBar, MessageView
from ui.widgets.rail import RailView, StepRail

PRESS_GUARD_MS = 250  # the same key twice within this time is one press
COACH = 320


class _RightColumn(QWidget):
    """Holds coach, page's own side or nothing; draws the hairline between stage and column."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.stack = QStackedLayout(self)
        self.stack.setContentsMargins(1, 0, 0, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        painter.fillRect(0, 0, 1, self.height(), self._theme.colour("line"))


class ClosingGuard(Protocol):
    """Asked before the window closes."""

    def __call__(self) -> bool:
        """Return whether it may close now."""
        ...


class DeskWindow(QWidget):
    """The frame. It knows how things are shown and which key means what, and decides nothing."""

    action_requested = Signal(str)  # Action.id
    rail_pressed = Signal(str)  # RailItem.key
    step_requested = Signal(int)  # Alt+1..9 as 0..8
    health_pressed = Signal(str)  # HealthItem.key
    message_pressed = Signal(str)  # MessageView.key
    attempt_pressed = Signal(int)
    take_requested = Signal()  # Space where no button has the focus
    find_requested = Signal()  # Ctrl+K
    supervisor_requested = Signal()  # F3
    applicant_screen_requested = Signal()  # F4
    look_again_requested = Signal()  # F5
    lock_requested = Signal()  # F9
    closing = Signal()

    def __init__(self, theme: Theme, desk: str = "") -> None:
        super().__init__()
        self.theme = theme
        self.may_close: ClosingGuard | None = None
        self._busy = False
        self._bar_held = False  # the action bar had the focus when the work began
        self._page: Page | None = None
        self._last_action = ""
        self._since_action = QElapsedTimer()
        self.setWindowTitle("Rekam")
        self.header = Header(theme, desk)
        self.rail = StepRail(theme)
        self.coach = CoachColumn(theme)
        self.message_bar = MessageBar(theme)
        self.action_bar = ActionBar(theme)
        self._stage = QStackedLayout()
        self._right = _RightColumn(theme)
        self._right.stack.addWidget(self.coach)
        self._help = HelpPanel(theme, self)
        self._help.hide()
        self._compose()
        self._connect()
        self.resize(1366, 768)

    def _compose(self) -> None:
        stage_column = QVBoxLayout()
        stage_column.setSpacing(0)
        stage_column.addLayout(self._stage, 1)
        stage_column.addWidget(self.message_bar)
        work = QHBoxLayout()
        work.setSpacing(0)
        work.addLayout(stage_column, 1)
        work.addWidget(self._right)
        desk = QVBoxLayout()
        desk.setSpacing(0)
        desk.addLayout(work, 1)
        desk.addWidget(self.action_bar)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.rail)
        body.addLayout(desk, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.header)
        whole.addLayout(body, 1)

    def _connect(self) -> None:
        self.header.health_pressed.connect(self.health_pressed)
        self.header.lock_requested.connect(self.lock_requested)
        self.rail.pressed.connect(self.rail_pressed)
        self.coach.attempt_pressed.connect(self.attempt_pressed)
        self.message_bar.pressed.connect(self.message_pressed)
        self.action_bar.pressed.connect(self._request_action)
        self._help.closed.connect(self.toggle_help)

    # -- what is shown -------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page on the stage."""
        return self._page

    def show_page(self, page: Page) -> None:
        """Put a page on the stage with its right column, and give the focus to where work begins."""
        if self._stage.indexOf(page) < 0:
            self._stage.addWidget(page)
        self.setFocus()  # a page that hides its focused widget would hand it on to the lock
        self._stage.setCurrentWidget(page)
        self._page = page
        self._help.hide()
        self._arrange_right(page)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, page.title))
        self._place_focus()

    def set_actions(self, actions: Actions) -> None:
        """Show what can be done now; the primary action keeps or takes the focus."""
        held = QApplication.focusWidget()
        had = held is not None and self.action_bar.isAncestorOf(held)
        if had:
            self.setFocus()  # the old buttons go: Qt would hand the focus on to the lock
        self.action_bar.show_actions(actions)
        if had or QApplication.focusWidget() in (None, self):
            self._place_focus()

    def set_coach(self, view: CoachView | None) -> None:
        """Show the coach's column with this content, or leave it empty."""
        self.coach.setVisible(view is not None)
        if view is not None:
            self.coach.show_coach(view)

    def set_message(self, view: MessageView | None) -> None:
        """Show one message until it is resolved; None closes the bar."""
        self.message_bar.show_message(view)

    def set_health(self, items: tuple[HealthItem, ...]) -> None:
        """Show the devices' states in the header."""
        self.header.show_health(items)

    def set_rail(self, view: RailView) -> None:
        """Show steps or workplaces, and the figure at the foot."""
        self.rail.show_rail(view)
        self.rail.setVisible(bool(view.items) or view.foot is not None)

    def set_person(self, person: PersonView | None) -> None:
        """Show who is recorded now."""
        self.header.show_person(person)

    def set_operator(self, name: str) -> None:
        """Name the operator; '' when nobody is signed in."""
        self.header.show_operator(name)

    def set_desk(self, desk: str) -> None:
        """Name the desk."""
        self.header.show_desk(desk)

    def set_rehearsal(self, on: bool) -> None:  # noqa: FBT001 - a plain setter
        """Show the striped badge whenever anything is emulated."""
        self.header.show_rehearsal(on=on)

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a plain setter
        """Hold actions and keys while something runs, so that a second press does nothing."""
        self._busy = busy
        if busy:
            held = QApplication.focusWidget()
            self._bar_held = held is not None and self.action_bar.isAncestorOf(held)
            if self._bar_held:
                # A disabled button would hand the focus to the next one, which is the lock.
                self.setFocus()
        self.action_bar.set_busy(busy=busy)
        if not busy:
            if self._bar_held:
                self._bar_held = False
                self._place_focus()
            else:
                self._place_focus(only_if_lost=True)

    def toggle_help(self) -> None:
        """Open or close the page's help in the right column."""
        if self._help.isVisible():
            self._help.hide()
            self._place_focus()
        elif self._page is not None and self._page.help_lines:
            self._help.show_help(self._page.help_lines)
            self._lay_help()
            self._help.show()
            self._help.raise_()

    def _arrange_right(self, page: Page) -> None:
        column: QWidget | None = page.side or (self.coach if page.with_coach else None)
        self._right.setVisible(column is not None)
        if column is None:
            self.action_bar.set_primary_width(self.theme.wide(272))
            return
        if self._right.stack.indexOf(column) < 0:
            self._right.stack.addWidget(column)
        own = column.maximumWidth() if page.side is not None else 0
        width = own if 0 < own < 2000 else self.theme.wide(COACH)
        self._right.setFixedWidth(width)
        self._right.stack.setCurrentWidget(column)
        self.action_bar.set_primary_width(width - 48)

    def _lay_help(self) -> None:
        width = self._right.width() if self._right.isVisible() else self.theme.wide(COACH)
        top = self.header.height()
        height = self.height() - top - self.action_bar.height()
        self._help.setGeometry(self.width() - width, top, width, height)

    def _place_focus(self, *, only_if_lost: bool = False) -> None:
        if only_if_lost and QApplication.focusWidget() not in (None, self):
            return
        first = self._page.first_focus() if self._page else None
        if first is not None:
            first.setFocus()
        else:
            self.action_bar.focus_primary()

    # -- keys ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Route a key no widget wanted: key caps first, then the desk's own keys."""
        if self._busy or event.isAutoRepeat():
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers == Qt.KeyboardModifier.AltModifier and event.key() in DIGITS:
            self.step_requested.emit(DIGITS[event.key()])
        elif modifiers == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_K:
            self.find_requested.emit()
        elif modifiers == Qt.KeyboardModifier.NoModifier and event.key() == Qt.Key.Key_Space:
            self.take_requested.emit()
        elif modifiers == Qt.KeyboardModifier.NoModifier and event.key() in CAPS:
            self._press_cap(CAPS[event.key()])
        else:
            super().keyPressEvent(event)

    def _press_cap(self, cap: str) -> None:
        action: Action | None = self.action_bar.actions_shown.by_key(cap)
        if cap == "F1" or (cap == "Esc" and self._help.isVisible()):
            self.toggle_help()
        elif action is not None:
            self._request_action(action.id)
        elif cap in REQUESTS:
            self._request(REQUESTS[cap])
        elif self._page is not None:
            self._page.press_cap(cap)

    def _request(self, what: str) -> None:
        signals = {
            "supervisor": self.supervisor_requested,
            "applicant_screen": self.applicant_screen_requested,
            "look_again": self.look_again_requested,
            "lock": self.lock_requested,
        }
        if what == "next_zone":
            self._next_zone()
        else:
            signals[what].emit()

    def _request_action(self, action_id: str) -> None:
        """Report an action once, however often its key bounces."""
        if self._busy:
            return
        if action_id == "help":
            self.toggle_help()
            return
        bounced = self._since_action.isValid() and self._since_action.elapsed() < PRESS_GUARD_MS
        if bounced and action_id == self._last_action:
            return
        self._last_action = action_id
        self._since_action.start()
        self.action_requested.emit(action_id)

    def _next_zone(self) -> None:
        """Move the focus to the next of: rail, stage, right column, message, actions, header."""
        zones: list[QWidget] = [
            self.rail,
            self._right,
            self.message_bar,
            self.action_bar,
            self.header,
        ]
        if self._page is not None:
            zones.insert(1, self._page)
        held = QApplication.focusWidget()
        at = next((i for i, z in enumerate(zones) if held is not None and z.isAncestorOf(held)), -1)
        for zone in (*zones[at + 1 :], *zones[: at + 1]):
            if zone.isVisible() and (target := _first_focusable(zone)) is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the help panel on its column."""
        super().resizeEvent(event)
        if self._help.isVisible():
            self._lay_help()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close only when the guard agrees; tell everyone who has threads to stop."""
        if self.may_close is not None and not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()


def _first_focusable(zone: QWidget) -> QWidget | None:
    for child in zone.findChildren(QWidget):
        takes = child.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes and child.isEnabled() and child.isVisible():
            return child
    return None
