"""Perangkat: follows the supervisor's reports, everywhere in the window, and asks it for tests and swaps."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QTimer

from station.audit.chain import Action as AuditAction
from station.clock import Deadline
from station.device_report import Condition, DeviceReport
from station.devices import Health, HealthState, Modality
from ui.device_words import device_word, plight_of_code
from ui.pages.devices import DevicesPage
from ui.presenters.device_cards import Asked, card_of
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.widgets.action_bar import Action, Actions
from ui.widgets.message_bar import MessageView

_LOOK_MS: Final = (
    250  # of the two seconds until a pulled cable is shown the supervisor has the rest
)
_TEST_S: Final = 3.0
_IDENTIFY_S: Final = 3.0
_CALIBRATE_S: Final = 20.0
_SAID_MS: Final = 4000
# Each device has its own lane: a test waits for a running capture instead of disturbing it.
_LANES: Final[Mapping[Modality, str]] = {
    Modality.FACE: "camera",
    Modality.FINGER: "finger",
    Modality.IRIS: "iris",
    Modality.SIGNATURE: "pad",
    Modality.CARD: "card",
}


class DevicesPresenter(Presenter):
    """Reads the reports four times a second; the strip is true during captures too."""

    def __init__(self, shell: Shell) -> None:
        self.view = DevicesPage(shell.window.theme)
        super().__init__(shell, self.view)
        self._supervision = shell.desk.supervision
        self._reports: tuple[DeviceReport, ...] = ()
        self._asked: dict[Modality, Asked] = {}
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self.refresh)
        self._watch.start()
        self.view.test_requested.connect(self._test)
        self.view.identify_requested.connect(self._identify)
        self.view.calibrate_requested.connect(self._calibrate)
        self.view.accept_requested.connect(self._accept)

    def enter(self) -> None:
        """Show all devices and look for them at once."""
        self.shell.show_idle_rail("devices")
        self.shell.window.set_actions(
            Actions(
                Action("again", self.tr("Cari lagi"), "Enter"),
                (self.back_action(), self.help_action()),
            )
        )
        self.look_again()
        first = self.view.first_focus()
        if first is not None:  # the cards came only now
            first.setFocus()

    def stop(self) -> None:
        """Follow no more; the desk closes."""
        self._watch.stop()

    def act(self, action: str) -> None:
        """Look again, go back, or lead to one device."""
        if action == "again":
            self.look_again()
        elif action == "back":
            self.shell.show("search")
        elif action.startswith("look-at:"):
            self.view.choose(action.partition(":")[2])

    def look_again(self) -> None:
        """F5: do not wait for the supervisor's next second."""
        self._supervision.look_now()
        self.refresh()

    def refresh(self) -> None:
        """Take over what the supervisor knows now."""
        self._reports = self._supervision.reports()
        for report in self._reports:
            self.shell.set_condition(report.modality.value, report.condition)
        if self.shell.current is self:
            self._show()

    def _show(self) -> None:
        cards = tuple(
            card_of(report, self._asked.get(report.modality, Asked())) for report in self._reports
        )
        places = [r for r in self._reports if r.condition is not Condition.UNCONFIGURED]
        ready = sum(report.condition is Condition.READY for report in places)
        summary = self.tr("{n} dari {all} alat siap").format(n=ready, all=len(places))
        self.view.show_devices(cards, summary)

    # -- asking ------------------------------------------------------------------------------------

    def _test(self, key: str) -> None:
        modality, supervision = Modality(key), self._supervision

        def tested(health: Health) -> None:
            self._settle(modality, self._test_words(health))

        self._ask(
            modality, lambda: supervision.self_test(modality, Deadline.after(_TEST_S)), tested,
            testing=True,
        )  # fmt: skip

    def _identify(self, key: str) -> None:
        modality, supervision = Modality(key), self._supervision

        def shown(_done: object) -> None:
            self._settle(modality)
            self._say(self.tr("{name} berkedip atau berbunyi tadi."), modality)

        self._ask(
            modality, lambda: supervision.identify(modality, Deadline.after(_IDENTIFY_S)), shown
        )

    def _calibrate(self, key: str) -> None:
        modality, supervision = Modality(key), self._supervision

        def calibrated(_done: object) -> None:
            self._settle(modality)
            self._say(self.tr("{name} sudah dikalibrasi."), modality)

        self._ask(
            modality,
            lambda: supervision.calibrate(modality, Deadline.after(_CALIBRATE_S)),
            calibrated,
        )

    def _ask(
        self,
        modality: Modality,
        job: Callable[[], object],
        then: Callable[..., object],
        *,
        testing: bool = False,
    ) -> None:
        """Do one thing at a time with a device, on its lane."""
        before = self._asked.get(modality, Asked())
        if before.busy:
            return
        self._asked[modality] = Asked(busy=True, testing=testing, last_test=before.last_test)

        def failed(error: Exception) -> None:
            self._settle(modality)
            self.shell.fail(error, modality)

        self.shell.tasks.run(_LANES[modality], job, then, failed)
        self.refresh()

    def _settle(self, modality: Modality, last_test: str = "") -> None:
        before = self._asked.get(modality, Asked())
        self._asked[modality] = Asked(last_test=last_test or before.last_test)
        self.refresh()

    def _test_words(self, health: Health) -> str:
        desk = self.shell.desk
        time = desk.clock.now().astimezone(desk.settings.zone_info)
        said = self.tr("baik")
        if health.state is not HealthState.READY:
            said = plight_of_code(health.code).said.lower()
        return f"{time:%H.%M}: {said}"

    def _say(self, words: str, modality: Modality) -> None:
        name = device_word(modality.value)
        self.shell.say(MessageView("good", words.format(name=name)), for_ms=_SAID_MS)

    # -- another device ----------------------------------------------------------------------------

    def _accept(self, key: str, serial: str) -> None:
        """Note the operator's yes, then let the device in; without the note it stays outside."""
        modality, supervision = Modality(key), self._supervision
        report = next((r for r in self._reports if r.modality is modality), None)
        if report is None or report.offered is None or report.offered.serial != serial:
            return  # it was pulled while the finger was on the button
        audit, operator, offered = self.shell.desk.audit, self.shell.desk.operator, report.offered
        before = report.info.serial if report.info is not None else ""

        def job() -> None:
            audit.append(
                AuditAction.DEVICE_ADDED, operator, place=key, driver=offered.driver,
                model=offered.model, serial=_written(serial), instead_of=_written(before),
            )  # fmt: skip
            supervision.accept(modality, serial)

        def accepted(_done: object) -> None:
            self._settle(modality)
            self._say(self.tr("{name} yang baru diterima dan dicatat."), modality)

        self._ask(modality, job, accepted)


def _written(serial: str) -> str:
    """Return a serial number as the audit log takes it: sixteen bare digits would look like a NIK there."""
    return re.sub(r"(\d{8})(?=\d{8})", r"\1-", serial)
