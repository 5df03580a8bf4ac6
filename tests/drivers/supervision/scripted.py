"""A device that fails as the test says, and a source that counts how often it is asked."""

import threading
from dataclasses import dataclass, field

from drivers.contract import Reference
from drivers.owned import OwnedDevice
from station.capabilities import Calibration, Capabilities
from station.devices import DeviceInfo, Grade, Modality, Quality
from station.errors import DeviceNotFound


class Scripted(OwnedDevice):
    """Opens, captures, blinks and calibrates as told."""

    def __init__(self, script) -> None:
        self.script = script
        super().__init__(
            DeviceInfo("scripted", "Rekam", "box", script.serial, "1", "x", script.grade)
        )

    @property
    def capabilities(self):
        return Capabilities(Modality.FINGER, serial_is_configured=not self.script.tells)

    def capture(self, sink, cancel, deadline):
        with self._session(sink, cancel) as session:
            self.script.captured += 1
            session(Quality(50, 1))
            for error in self.script.capture_fails[:1]:
                self.script.capture_fails.pop(0)
                raise error
            if self.script.waits:
                self.script.waiting.set()
                cancel.wait(5)
                cancel.check()
            if self.script.late_serial:
                self.script.serial, self.script.tells = self.script.late_serial, True
            self._info = self._identify()
            return "image"

    def identify(self, deadline):
        self.script.blinked += 1

    def calibrate(self, deadline):
        return self.script.calibration

    def _identify(self):
        script = self.script
        return DeviceInfo("scripted", "Rekam", "box", script.serial, "1", "x", script.grade)

    def _connected(self):
        return self.script.handles > 0

    def _connect(self, deadline):
        self.script.opens += 1
        self.script.asked.set()
        while self.script.hangs and not deadline.passed():
            self.script.pause.wait(0.01)
        deadline.check()
        if not self.script.there:
            raise DeviceNotFound
        if self.script.open_fails is not None:
            raise self.script.open_fails
        self.script.handles = 1
        self.script.opened.set()
        return self._identify()

    def _disconnect(self):
        self.script.handles = 0

    def _ping(self, deadline):
        if self.script.ping_fails is not None:
            raise self.script.ping_fails

    def _wake(self):
        """Nothing blocks."""


@dataclass
class Script:
    """What the device does, and what was done to it."""

    serial: str = "1"
    grade: Grade = Grade.ENROLMENT
    tells: bool = True
    late_serial: str = ""
    open_fails: Exception | None = None
    ping_fails: Exception | None = None
    capture_fails: list = field(default_factory=list)
    calibration: Calibration = field(default_factory=lambda: Calibration(good=True))
    wanted_serial: str = ""
    addresses: tuple[str, ...] = ()
    there: tuple[str, ...] = ("box",)
    opens: int = 0
    finds: int = 0
    handles: int = 0
    captured: int = 0
    blinked: int = 0
    waits: bool = False  # a capture waits for its end and looks at nothing else
    waiting: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False  # waits in open as long as it may
    asked: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)
    pause: threading.Event = field(default_factory=threading.Event)


class Source:
    """The script as a place sees it."""

    driver, lasting = "scripted", False

    def __init__(self, script: Script) -> None:
        self._script = script

    @property
    def addresses(self):
        return self._script.addresses

    @property
    def serial(self):
        return self._script.wanted_serial

    def find(self):
        self._script.finds += 1
        wanted = self._script.wanted_serial  # as DriverSource puts the configured number in
        return [Reference("scripted", address, serial=wanted) for address in self._script.there]

    def make(self, reference):
        return Scripted(self._script)
