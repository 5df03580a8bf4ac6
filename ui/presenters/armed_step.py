"""What the steps share whose device waits for the applicant: fingers, irises, signature."""

from collections.abc import Callable
from typing import ClassVar, Final, TypeVar

from station.capture.slots import Slot
from station.clock import CancelToken
from station.devices import Device, Modality
from station.errors import DeviceNotFound, NoSubject
from ui.bridge import EventBridge
from ui.pages.page import Page
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.findings import RETAKE, Told, told_of
from ui.presenters.shell import Shell
from ui.presenters.step import StepPresenter
from ui.presenters.using import using
from ui.widgets.message_bar import MessageView

D = TypeVar("D", bound=Device)
T = TypeVar("T")
_AGAIN: Final = "again"


class ArmedStep(StepPresenter):
    """One capture at a time: armed, then taken, failed or let go; what comes later is nobody's."""

    modality: ClassVar[Modality]
    patience_ends: ClassVar[tuple[type[Exception], ...]] = (NoSubject,)  # nobody came, no fault

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter, page: Page) -> None:
        super().__init__(shell, enrolment, page)
        self._bridge = EventBridge(self)
        self._cancel: CancelToken | None = None
        self._told: Told | None = None  # the finding on the message bar

    @property
    def armed(self) -> bool:
        """Whether the device waits for the applicant now."""
        return self._cancel is not None

    def ask_again(self) -> None:
        """Arm for what is open in this step; each step says what that is."""
        raise NotImplementedError

    def nobody_came(self) -> tuple[str, str]:
        """Return what happened and the next step, when nobody came in time."""
        raise NotImplementedError

    # -- on and off the stage --------------------------------------------------------------------

    def leave(self) -> None:
        """Let the device go."""
        super().leave()
        self._disarm()

    def hold_capture(self) -> None:
        """Let the device go while the exemption is decided."""
        self._disarm()

    def look_again(self) -> None:
        """Open the device again."""
        self._disarm()
        self.ask_again()

    def take(self) -> None:
        """Begin again."""
        self.look_again()

    def message_pressed(self, key: str) -> None:
        """Try again; or let go what a finding showed to be wrong, and ask for it anew."""
        told, self._told = self._told, None
        if key != RETAKE or told is None:
            self.look_again()
            return
        self._disarm()
        self.busy_run(
            "enrolment",
            lambda: self.session.withdraw(told.withdraws, told.because),
            lambda _state: self.withdrawn(told.withdraws),
        )

    # -- findings --------------------------------------------------------------------------------

    def told_of(self, error: Exception) -> Told | None:
        """Return the words of an in-session check's refusal, None for any other error."""
        names = {str(account.id): account.name for account in self.shell.desk.accounts.all()}
        return told_of(error, names)

    def say_finding(self, told: Told) -> None:
        """Say what the check found, and remember what its button withdraws."""
        self._told = told
        self.shell.say(told.view)

    def withdrawn(self, _slots: tuple[Slot, ...]) -> None:
        """Ask for what was withdrawn."""
        self.ask_again()

    # -- arming ----------------------------------------------------------------------------------

    def _wait_for(
        self,
        lane: str,
        device: D | None,
        slot: Slot,
        capture: Callable[[D, CancelToken], T],
        captured: Callable[[T], object],
        *,
        recheck: bool = False,
    ) -> None:
        """Arm the device on its lane; ``captured`` is called only if it is still asked for then."""
        if device is None:
            self.shell.fail(DeviceNotFound(device=lane), self.modality)
            return
        cancel = CancelToken()
        self._cancel = cancel
        self._bridge.clear()
        self.enrolment.ask(slot, recheck=recheck)

        def arrived(result: T) -> None:
            if self._cancel is cancel:  # else of a slot, or a person, that is not asked any more
                self._disarm()
                captured(result)

        def broke(error: Exception) -> None:
            if self._cancel is cancel:
                self._cancel = None
                self.enrolment.ask(None)
                self._say_failed(error)

        self.shell.tasks.run(
            lane, lambda: using(device, lambda: capture(device, cancel)), arrived, broke
        )

    def _disarm(self) -> None:
        self._soon.stop()
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel.cancel()
            self.enrolment.ask(None)

    def _say_failed(self, error: Exception) -> None:
        if isinstance(error, self.patience_ends):
            happened, next_step = self.nobody_came()
            self.shell.say(MessageView("info", happened, next_step, self.tr("Coba lagi"), _AGAIN))
        else:
            self.shell.fail(error, self.modality)
