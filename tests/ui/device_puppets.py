"""A supervisor whose reports the test writes, and a desk that has nothing else."""

import threading
from dataclasses import replace
from types import SimpleNamespace

from station.clock import Deadline, FixedClock
from station.device_report import Condition, DeviceReport
from station.devices import DeviceInfo, DeviceState, Grade, Health, HealthState, Modality
from station.errors import DeviceNotFound, NotSupported
from station.settings import Settings
from tests.station.capture.bench import NOW
from ui.pages.page import Page
from ui.presenters.devices import DevicesPresenter
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.tasks import Tasks
from ui.widgets.health import HealthStrip
from ui.window import DeskWindow

INFO = DeviceInfo(
    "finger.sfm", "Suprema", "SFM Slim", "A-1", "1.4", "/dev/ttyUSB0", Grade.ENROLMENT
)


class ScriptedSupervision:
    """Says what the test wrote; remembers what was asked of it."""

    def __init__(self):
        self.now = {
            modality: DeviceReport(modality, Condition.READY, info=INFO, state=DeviceState.READY)
            for modality in Modality
        }
        self.asked = []
        self.gate = threading.Event()
        self.gate.set()
        self.health = Health(HealthState.READY)

    def becomes(self, modality, **changes):
        """Change one place's report."""
        self.now[modality] = replace(self.now[modality], **changes)

    def reports(self):
        """The reports as written."""
        return tuple(self.now.values())

    def look_now(self):
        self.asked.append(("look",))

    def self_test(self, modality, _deadline):
        self.gate.wait(5)
        self.asked.append(("test", modality))
        return self.health

    def identify(self, modality, _deadline):
        if not self.now[modality].identifiable:
            raise NotSupported(device=modality.value)
        self.asked.append(("identify", modality))

    def calibrate(self, modality, _deadline):
        self.asked.append(("calibrate", modality))

    def accept(self, modality, serial):
        offered = self.now[modality].offered
        if offered is None or offered.serial != serial:
            raise DeviceNotFound(device=modality.value)
        self.asked.append(("accept", modality, serial))
        self.becomes(modality, condition=Condition.READY, info=offered, offered=None)

    def note_quality(self, modality, score):
        self.asked.append(("quality", modality, score))


class DevicesBench:
    """Window, shell and the device page over a scripted supervisor."""

    def __init__(self, qtbot, theme, supervision=None, audit=None):
        self.window = DeskWindow(theme, "07")
        qtbot.addWidget(self.window)
        self.supervision = supervision or ScriptedSupervision()
        self.rows = []
        audit = audit or SimpleNamespace(
            append=lambda action, operator, **details: self.rows.append((action, operator, details))
        )
        self.desk = SimpleNamespace(
            settings=Settings(), clock=FixedClock(NOW), audit=audit, operator="rina",
            rehearsal=True, supervision=self.supervision,
        )  # fmt: skip
        self.tasks = Tasks()
        self.shell = Shell(self.window, self.desk, self.tasks)
        self.presenter = DevicesPresenter(self.shell)
        self.shell.add("devices", self.presenter)
        for key in ("search", "outbox", "step:photo"):
            self.shell.add(key, Presenter(self.shell, Page(theme)))
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.shell.show("devices")

    @property
    def page(self):
        return self.presenter.view

    def tile(self, modality):
        return self.page.tile(modality.value)

    def dot(self, modality):
        """The condition the strip shows."""
        strip = self.window.header.findChild(HealthStrip)
        return strip.button(modality.value).item.condition

    @property
    def message(self):
        view = self.window.message_bar.view
        return view.happened if view else ""

    def close(self):
        self.tasks.shutdown(Deadline.after(3.0))


class MemoryShelf:
    """Keeps audit rows in a list, for a real audit log."""

    def __init__(self):
        self.kept = []

    def append(self, row):
        self.kept.append(row)

    def rows(self):
        return tuple(self.kept)
