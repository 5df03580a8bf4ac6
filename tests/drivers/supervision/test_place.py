"""What a place makes of its device: wait or act, whose it is, what it may be used for."""

import datetime as dt
import itertools
import threading
import time

import pytest

from drivers.contract import DriverRefused
from drivers.supervision.identity import Identity
from drivers.supervision.ledger import Ledger
from drivers.supervision.place import Place
from drivers.supervision.ports import CameraPlace, FingerPlace
from station.clock import CancelToken, Deadline, FixedClock
from station.device_report import Condition, Upkeep
from station.devices import Grade, HealthState, Modality, Slap
from station.errors import (
    AuthFailed,
    ChecksumError,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    GradeRefused,
    HardwareFault,
    NoReader,
    NoSubject,
    NotSupported,
    OperatorCancelled,
    OtherDevice,
)
from tests.drivers.supervision.scripted import Script, Source

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
FINGER = Modality.FINGER


class World:
    """One place, its script and its clock."""

    def __init__(self, script: Script | None = None, ledger: Ledger | None = None, **more) -> None:
        self.script = script or Script()
        self.clock = FixedClock(NOW)
        self.ledger = ledger or Ledger(None, self.clock)
        self.place = Place(FINGER, Source(self.script), self.ledger, self.clock, **more)
        self.port = FingerPlace(self.place, self.clock)

    def look(self, times: int = 1, seconds: float = 0.0):
        """Look so many times, with a pause before each; returns the last report."""
        for _ in range(times):
            self.clock.advance(seconds)
            self.place.watch.step()
        return self.place.report()

    def take(self, port=None):
        return (port or self.port).capture(lambda _event: None, CancelToken(), Deadline.after(1))


# -- looking and trying --------------------------------------------------------------------------


def test_discovery_runs_only_when_what_is_seen_has_changed():
    world = World(Script(there=()))
    assert world.look(20, seconds=1.0).condition is Condition.ABSENT
    assert world.script.finds == 1
    world.place.watch.look_now()
    world.look()
    assert world.script.finds == 2


def test_a_failing_open_is_tried_at_growing_pauses_and_discovered_only_once():
    world = World(Script(open_fails=DeviceBusy()))
    tried_at = []
    for tick in range(400):
        before = world.script.opens
        world.look(seconds=0.125)
        if world.script.opens > before:
            tried_at.append(tick * 0.125)
    pauses = [b - a for a, b in itertools.pairwise(tried_at)]
    assert pauses[:8] == [0.5, 1, 2, 4, 8, 8, 8, 8]
    assert world.script.finds == 1


def test_the_operators_wish_to_look_now_ends_the_pause():
    world = World(Script(open_fails=DeviceBusy()))
    world.look(4, seconds=8.0)
    opens = world.script.opens
    world.look()
    assert world.script.opens == opens
    world.place.watch.look_now()
    world.look()
    assert world.script.opens == opens + 1


@pytest.mark.parametrize(
    ("error", "condition"),
    [
        (DeviceBusy(), Condition.WAIT),
        (DeviceTimeout(), Condition.WAIT),
        (DeviceNotFound(), Condition.ABSENT),
        (NoReader(), Condition.ABSENT),
        (AuthFailed(), Condition.ATTENTION),
        (HardwareFault(), Condition.ATTENTION),
        (NotSupported(), Condition.ATTENTION),
        (DriverRefused(reason="version"), Condition.ATTENTION),
    ],
)
def test_what_comes_by_itself_is_told_apart_from_what_somebody_must_mend(error, condition):
    report = World(Script(open_fails=error)).look()
    assert (report.condition, report.code) == (condition, error.code)
    assert report.reason == error.facts.get("reason", "")
    assert report.retry_in_s == 0.5


def test_a_device_silent_for_longer_than_it_can_boot_needs_attention():
    world = World(Script(open_fails=DeviceTimeout()))
    conditions = [world.look(seconds=8.0).condition for _ in range(6)]
    assert conditions == [Condition.WAIT] * 4 + [Condition.ATTENTION] * 2
    world.script.open_fails = None
    assert world.look(seconds=8.0).condition is Condition.READY


def test_a_place_nobody_looked_at_yet_waits():
    assert World().place.report().condition is Condition.WAIT


def test_a_caller_does_not_wait_for_the_watch():
    world = World()
    assert world.take() == "image"
    assert world.place.report().condition is Condition.READY


def test_a_caller_is_told_why_there_is_no_device():
    world = World(Script(open_fails=AuthFailed(what="password")))
    for _ in range(2):
        with pytest.raises(AuthFailed) as refused:
            world.take()
        assert refused.value.facts == {"what": "password"}


# -- whose device it is --------------------------------------------------------------------------


def test_the_device_of_yesterday_belongs_to_the_place_today(tmp_path):
    clock = FixedClock(NOW)
    path = tmp_path / "devices.json"
    first = World(Script(serial="1"), Ledger(path, clock))
    first.look()
    first.ledger.save()
    assert World(Script(serial="1"), Ledger(path, clock)).look().condition is Condition.READY
    other = World(Script(serial="2"), Ledger(path, clock)).look()
    assert (other.condition, other.code) == (Condition.OTHER_DEVICE, OtherDevice.code)
    assert (other.info.serial, other.offered.serial) == ("1", "2")


def test_a_serial_number_the_site_names_is_the_only_one_admitted_unasked():
    assert World(Script(serial="2", wanted_serial="2")).look().condition is Condition.READY
    other = World(Script(serial="3", wanted_serial="2"))
    assert other.look().condition is Condition.OTHER_DEVICE
    other.place.accept("3")
    assert other.place.report().condition is Condition.READY


def test_a_device_that_cannot_tell_its_serial_goes_by_the_configured_one():
    world = World(Script(serial="", tells=False))
    assert world.look().condition is Condition.READY
    assert world.place.report().capabilities.serial_is_configured
    world.place.close()
    world.place.watch.look_now()
    assert world.look().condition is Condition.READY


def test_a_device_that_tells_its_serial_late_is_known_by_it_from_then_on():
    world = World(Script(serial="", tells=False, late_serial="77"))
    world.look()
    world.take()
    assert world.ledger.bound(FINGER).serial == "77"
    assert world.place.report().condition is Condition.READY
    assert world.place.report().captures == 1


def test_what_another_device_captured_before_it_told_its_serial_is_refused():
    world = World(Script(serial="", tells=False, late_serial="77"))
    world.look()
    world.take()
    world.script.late_serial = "78"
    with pytest.raises(OtherDevice):
        world.take()
    report = world.place.report()
    assert (report.condition, report.offered.serial) == (Condition.OTHER_DEVICE, "78")
    assert report.captures == 1


def test_a_yes_to_one_serial_number_admits_no_other():
    world = World(Script(serial="2", wanted_serial="1"))
    world.look()
    for serial in ("1", "3", ""):
        with pytest.raises(DeviceNotFound):
            world.place.accept(serial)
    assert world.place.report().condition is Condition.OTHER_DEVICE


def test_a_device_that_cannot_tell_its_serial_is_offered_and_accepted_by_the_configured_one():
    world = World(Script(serial="", tells=False, wanted_serial="new"))
    world.ledger.bind(FINGER, Identity("scripted", "Rekam", "box", "old", told=False))
    report = world.look()
    assert report.condition is Condition.OTHER_DEVICE
    assert (report.info.serial, report.offered.serial) == ("old", "new")
    assert report.identifiable  # so that the operator sees which one is meant
    world.place.accept(report.offered.serial)
    assert world.place.report().condition is Condition.READY
    assert world.place.report().info.serial == "new"


# -- what it may be used for ---------------------------------------------------------------------


@pytest.mark.parametrize("grade", [Grade.VERIFICATION, Grade.EMULATED])
def test_below_enrolment_grade_nobody_is_asked_to_put_a_finger_there(grade):
    world = World(Script(grade=grade))
    report = world.look()
    assert (report.condition, report.code) == (Condition.ATTENTION, GradeRefused.code)
    with pytest.raises(GradeRefused):
        world.take()
    assert world.script.captured == 0
    assert world.script.handles == 1, "the device is well: it stays open for the counter"


def test_the_counter_may_compare_on_a_device_that_must_not_enrol():
    world = World(Script(grade=Grade.VERIFICATION))
    world.look()
    assert world.take(FingerPlace(world.place, world.clock, enrolling=False)) == "image"


@pytest.mark.parametrize("grade", [Grade.VERIFICATION, Grade.EMULATED])
def test_a_rehearsal_trains_on_any_grade(grade):
    world = World(Script(grade=grade), rehearsal=True)
    assert world.look().condition is Condition.READY
    assert world.take() == "image"


def test_a_call_the_device_does_not_have_is_not_supported():
    world = World()
    world.look()
    with pytest.raises(NotSupported):
        next(CameraPlace(world.place, world.clock).frames(CancelToken()))
    with pytest.raises(NotSupported):
        world.port.capture_slap(Slap.THUMBS, (), lambda _e: None, CancelToken(), Deadline.after(1))


# -- what goes wrong in use ----------------------------------------------------------------------


def test_an_empty_glass_is_no_failure_of_the_device():
    world = World(Script(capture_fails=[NoSubject()]))
    world.look()
    with pytest.raises(NoSubject):
        world.take()
    assert dict(world.place.report().failures) == {}
    assert world.place.report().condition is Condition.READY


def test_a_damaged_transfer_is_counted_and_the_device_stays_open():
    world = World(Script(capture_fails=[ChecksumError()] * 3))
    world.look()
    for _ in range(3):
        with pytest.raises(ChecksumError):
            world.take()
    report = world.place.report()
    assert report.failures == {ChecksumError.code: 3}
    assert (report.condition, report.upkeep) == (Condition.READY, (Upkeep.CHECK_CABLE,))
    assert world.script.opens == 1


@pytest.mark.parametrize("error", [DeviceRemoved(), DeviceTimeout(), HardwareFault()])
def test_a_connection_that_broke_in_use_is_made_afresh_and_counted(error):
    world = World(Script(capture_fails=[error]))
    world.look()
    with pytest.raises(type(error)):
        world.take()
    assert world.script.handles == 0
    report = world.look()
    assert (report.condition, report.reconnects) == (Condition.READY, 1)
    assert report.failures == {error.code: 1}


def test_a_call_whose_driver_does_not_notice_that_its_device_was_pulled_is_cut(tmp_path):
    node = tmp_path / "node"
    node.touch()
    world = World(Script(addresses=(str(node),), there=(str(node),), waits=True))
    world.look()
    ended = []

    def job():
        try:
            world.take()
        except DeviceRemoved as error:
            ended.append(error)

    thread = threading.Thread(target=job)
    thread.start()
    assert world.script.waiting.wait(2)
    world.look()
    assert world.place.report().condition is Condition.READY
    node.unlink()
    world.look(2)  # by the second look the driver has had its chance
    thread.join(2)
    assert [error.code for error in ended] == [DeviceRemoved.code]
    report = world.place.report()
    assert (report.condition, report.captures) == (Condition.ABSENT, 0)
    assert report.failures == {DeviceRemoved.code: 1}


def test_a_cancelled_call_is_not_mistaken_for_a_pulled_device():
    world, cancel = World(Script(waits=True)), CancelToken()
    world.look()
    ended = []

    def job():
        try:
            world.port.capture(lambda _event: None, cancel, Deadline.after(5))
        except OperatorCancelled:
            ended.append(True)

    thread = threading.Thread(target=job)
    thread.start()
    assert world.script.waiting.wait(2)
    cancel.cancel()
    thread.join(2)
    assert ended == [True]
    assert dict(world.place.report().failures) == {}


def test_a_self_test_never_raises_and_finds_what_went():
    world = World()
    world.look()
    assert world.place.self_test(Deadline.after(1)).state is HealthState.READY
    world.script.ping_fails = DeviceRemoved()
    assert world.place.self_test(Deadline.after(1)).state is HealthState.ABSENT
    assert world.place.report().condition is Condition.ABSENT
    world.script.open_fails = DeviceError()
    health = world.place.self_test(Deadline.after(1))
    assert (health.state, health.code) == (HealthState.ATTENTION, DeviceError.code)


def test_quality_and_time_are_kept_per_device():
    world = World()
    world.look()
    for score in (70, 80, 90):
        world.take()
        world.place.figures.judged(score)
    report = world.place.report()
    assert (report.last_quality, report.usual_quality, report.captures) == (90, 80, 3)
    assert report.usual_seconds is not None
    world.script.serial = "2"
    world.place.close()
    world.place.watch.look_now()
    world.look()
    world.place.accept("2")
    assert (world.place.report().last_quality, world.place.report().usual_quality) == (None, None)


# -- the watch's own thread ----------------------------------------------------------------------


def watching(world):
    """Run the watch of a place beside the test; returns how to end it."""
    cancel = CancelToken()
    thread = threading.Thread(target=world.place.watch.run, args=(cancel,))
    thread.start()

    def end() -> float:
        began = time.monotonic()
        cancel.cancel()
        thread.join(5)
        assert not thread.is_alive()
        return time.monotonic() - began

    return end


def test_a_driver_that_throws_anything_does_not_end_the_watch(caplog):
    world = World(Script(open_fails=ZeroDivisionError("31 May, right thumb")))
    end = watching(world)
    try:
        assert world.script.asked.wait(2)
        world.script.open_fails = None
        for _ in range(100):  # its pause counts by a clock that only we move
            world.clock.advance(8)
            if world.script.opened.wait(0.05):
                break
        assert world.script.opened.is_set()
    finally:
        end()
    assert "right thumb" not in caplog.text


def test_what_a_driver_threw_is_shown_as_its_fault():
    world = World(Script(open_fails=ZeroDivisionError()))
    world.place.watch.guarded_step()
    report = world.place.report()
    assert (report.condition, report.code, report.reason) == (
        Condition.ATTENTION, HardwareFault.code, "driver",
    )  # fmt: skip


def test_the_end_of_the_watch_closes_the_device_and_cuts_an_opening_that_hangs():
    world = World()
    end = watching(world)
    assert world.script.opened.wait(2)
    world.port.close()
    assert world.script.handles == 1, "a watched device stays with the watch"
    end()
    assert world.script.handles == 0
    hanging = World(Script(hangs=True))
    end = watching(hanging)
    assert hanging.script.asked.wait(2)
    assert end() < 1.5
    assert hanging.script.handles == 0


def test_a_failing_open_is_one_failure_however_often_it_is_tried():
    world = World(Script(open_fails=AuthFailed()))
    assert world.look(5, seconds=8.0).failures == {AuthFailed.code: 1}
    world.script.open_fails = DeviceBusy()
    assert world.look(5, seconds=8.0).failures == {AuthFailed.code: 1, DeviceBusy.code: 1}
