"""Whatever is plugged, pulled, tried and accepted in whatever order: no capture on a device nobody admitted."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from drivers.supervision.ledger import Ledger
from drivers.supervision.place import Place
from drivers.supervision.ports import FingerPlace
from station.clock import CancelToken, Deadline, FixedClock
from station.device_report import Condition
from station.devices import Modality
from station.errors import (
    ChecksumError,
    DeviceBusy,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    StationError,
)
from tests.drivers.supervision.scripted import Script, Source

FINGER = Modality.FINGER
SERIALS = st.sampled_from(["1", "2", "3"])
ERRORS = st.sampled_from([ChecksumError, DeviceRemoved, DeviceTimeout, HardwareFault, DeviceBusy])


class Story(RuleBasedStateMachine):
    """A desk's day at one socket."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.node = self.folder / "node"
        self.clock = FixedClock(dt.datetime(2026, 11, 26, tzinfo=dt.UTC))
        self.script = Script(addresses=(str(self.node),), there=())
        self.ledger = Ledger(None, self.clock)
        self.place = Place(FINGER, Source(self.script), self.ledger, self.clock)
        self.port = FingerPlace(self.place, self.clock)
        self.owner = ""

    def teardown(self) -> None:
        self.place.close()
        shutil.rmtree(self.folder)

    @property
    def plugged(self) -> bool:
        return self.node.exists()

    @rule(serial=SERIALS)
    def plug(self, serial):
        self.pull()
        self.node.touch()
        self.script.serial, self.script.there = serial, (str(self.node),)

    @rule()
    def pull(self):
        self.node.unlink(missing_ok=True)
        self.script.handles, self.script.there = 0, ()

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0, 8.0]))
    def look(self, seconds):
        self.clock.advance(seconds)
        self.place.watch.step()

    @rule()
    def settle(self):
        """After a change and two looks a sound device is there, and none is there where none is."""
        self.script.open_fails = None
        self.place.watch.look_now()
        for _ in range(2):
            self.clock.advance(8.0)
            self.place.watch.step()
        wanted = Condition.ABSENT
        if self.plugged:
            own = self.owner in {"", self.script.serial}
            wanted = Condition.READY if own else Condition.OTHER_DEVICE
        assert self.place.report().condition is wanted

    @rule(error=ERRORS)
    def break_open(self, error):
        self.script.open_fails = error()

    @rule()
    def mend_open(self):
        self.script.open_fails = None

    @rule(error=st.none() | ERRORS)
    def capture(self, error):
        before = self.place.report().captures
        self.script.capture_fails = [] if error is None else [error()]
        try:
            self.port.capture(lambda _event: None, CancelToken(), Deadline.after(1))
        except StationError:
            assert self.place.report().captures == before
        else:
            assert error is None
            assert self.plugged
            assert self.owner in {"", self.script.serial}, "a device nobody admitted has captured"
            assert self.place.report().captures == before + 1
        self.script.capture_fails = []

    @rule(serial=SERIALS)
    def accept(self, serial):
        offered = self.place.report().offered
        try:
            self.place.accept(serial)
        except StationError:
            assert offered is None or offered.serial != serial
        else:
            assert offered.serial == serial
            self.owner = serial

    @invariant()
    def whose_place_it_is_changes_only_by_the_operators_word(self):
        bound = self.ledger.bound(FINGER)
        now = bound.serial if bound is not None else ""
        assert not self.owner or now == self.owner
        self.owner = now

    @invariant()
    def the_report_says_what_stands_there(self):
        report = self.place.report()
        assert (report.condition is Condition.READY) == (self.place.device is not None)
        assert (report.condition is Condition.OTHER_DEVICE) == (report.offered is not None)
        if self.place.device is None and report.offered is None:
            assert self.script.handles == 0, "a device nobody holds is still open"


Story.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestAnyStory = Story.TestCase
