"""Perangkat: one card per device, its self-test, and the watch that keeps the health strip true."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QTimer

from station.devices import Device, DeviceInfo, Grade, Health, HealthState, Modality
from ui.device_words import device_word
from ui.messages import advice_table
from ui.pages.devices import DeviceCard, DevicesPage
from ui.presenters.presenter import Presenter
from ui.presenters.shell import DEVICE_ICONS, Shell
from ui.presenters.using import examined
from ui.widgets.action_bar import Action, Actions

_WATCH_MS: Final = 4000
_TEST_S: Final = 3.0
# Each device has its own lane: a test waits for a running capture instead of disturbing it.
_LANES: Final[Mapping[Modality, str]] = {
    Modality.FACE: "camera",
    Modality.FINGER: "finger",
    Modality.IRIS: "iris",
    Modality.SIGNATURE: "pad",
    Modality.CARD: "card",
}


@dataclass(frozen=True, slots=True)
class _Tested:
    modality: Modality
    health: Health
    info: DeviceInfo | None
    path: str


class DevicesPresenter(Presenter):
    """Tests each device when the desk opens, on F5, and while nobody is being recorded."""

    def __init__(self, shell: Shell) -> None:
        self.view = DevicesPage(shell.window.theme)
        super().__init__(shell, self.view)
        self._known: dict[Modality, _Tested] = {}
        self._testing: set[Modality] = set()
        self._watch = QTimer(self)
        self._watch.setInterval(_WATCH_MS)
        self._watch.timeout.connect(self._look_around)
        self._watch.start()
        self.view.self_test_requested.connect(self._test_one)

    def enter(self) -> None:
        """Show all devices and test them."""
        self.shell.show_idle_rail("devices")
        self.shell.window.set_actions(
            Actions(
                Action("again", self.tr("Cari lagi"), "Enter"),
                (self.back_action(), self.help_action()),
            )
        )
        self.test_all()
        self._show()

    def act(self, action: str) -> None:
        """Look again, or go back."""
        if action == "again":
            self.test_all()
            self._show()
        elif action == "back":
            self.shell.show("search")

    def look_again(self) -> None:
        """F5."""
        self.test_all()
        self._show()

    def test_all(self) -> None:
        """Test every device in its own lane."""
        for modality in _LANES:
            self._test(modality)

    def _look_around(self) -> None:
        """Watch for what was plugged or pulled; never during a capture."""
        if not self.shell.current_key.startswith("step:") and self.shell.current_key != "counter":
            self.test_all()

    def _test_one(self, key: str) -> None:
        self._test(Modality(key))
        self._show()

    def _test(self, modality: Modality) -> None:
        if modality in self._testing:
            return
        self._testing.add(modality)
        device = self.shell.desk.devices.by_modality()[modality]
        self.shell.tasks.run(
            _LANES[modality], lambda: _examine(modality, device), self._tested, self._broke
        )

    def _tested(self, tested: _Tested) -> None:
        self._testing.discard(tested.modality)
        self._known[tested.modality] = tested
        self.shell.set_health(tested.modality.value, tested.health)
        if self.shell.current is self:
            self._show()

    def _broke(self, error: Exception) -> None:
        self._testing.clear()
        self.shell.fail(error)

    def _show(self) -> None:
        cards = tuple(self._card(modality) for modality in _LANES)
        ready = sum(card.state is HealthState.READY for card in cards)
        self.view.show_devices(
            cards, self.tr("{n} dari {all} alat siap").format(n=ready, all=len(cards))
        )

    def _card(self, modality: Modality) -> DeviceCard:
        states = {
            HealthState.READY: self.tr("Siap"),
            HealthState.ATTENTION: self.tr("Perlu dilihat"),
            HealthState.ABSENT: self.tr("Belum terlihat"),
        }
        name = device_word(modality.value)
        known = self._known.get(modality)
        if known is None:
            return DeviceCard(
                modality.value, DEVICE_ICONS[modality], name, "", HealthState.ATTENTION,
                self.tr("Sedang diperiksa"), testing=True,
            )  # fmt: skip
        info = known.info
        advice = advice_table().get(known.health.code)
        return DeviceCard(
            key=modality.value,
            icon=DEVICE_ICONS[modality],
            name=name,
            model=f"{info.make} {info.model}".strip() if info else "",
            state=known.health.state,
            state_text=states[known.health.state],
            facts=self._facts(info, known.path) if info else (),
            next_step=advice.next_step if advice and known.health.code else "",
            testing=modality in self._testing,
        )

    def _facts(self, info: DeviceInfo, path: str) -> tuple[tuple[str, str], ...]:
        grades = {
            Grade.ENROLMENT: self.tr("perekaman"),
            Grade.VERIFICATION: self.tr("pencocokan saja"),
            Grade.EMULATED: self.tr("latihan (tiruan)"),
        }
        facts = [
            (self.tr("Nomor seri"), info.serial or "–"),
            (self.tr("Kelas"), grades[info.grade]),
            (self.tr("Jalur"), info.transport),
        ]
        if path:
            ways = {
                "pcsc": self.tr("PC/SC (pcscd)"),
                "in-process": self.tr("di dalam program, tanpa PC/SC"),
            }
            facts.append((self.tr("Lewat"), ways.get(path, path)))
        return tuple(facts)


def _examine(modality: Modality, device: Device | None) -> _Tested:
    if device is None:
        return _Tested(modality, Health(HealthState.ABSENT, "DEVICE_NOT_FOUND"), None, "")
    health = examined(device, _TEST_S)
    path = str(getattr(device, "path_kind", ""))  # only card readers have one
    return _Tested(modality, health, device.info, path)
