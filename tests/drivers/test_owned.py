"""What every driver inherits: one owner, an orderly stream of events, and a close that always ends."""

import itertools
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.owned import OwnedDevice
from station.clock import CancelToken, Deadline
from station.devices import (
    DeviceInfo,
    DeviceState,
    Grade,
    HealthState,
    Progress,
    StateChanged,
    SubjectPresent,
)
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    OperatorCancelled,
    ProtocolError,
)

S = DeviceState
INFO = DeviceInfo("test", "Rekam", "box", "1", "1", "nowhere", Grade.EMULATED)
CLOSE_S = 1.0


class Box(OwnedDevice):
    """A device that does what the test tells it, and counts its open handles."""

    def __init__(self) -> None:
        super().__init__(INFO)
        self.handles = 0
        self.opened = 0
        self.open_fails = None
        self.hangs_in_open = False
        self.deaf_in_open = False  # does not even look at its deadline
        self.release = threading.Event()
        self.entered = threading.Event()
        self.woken = threading.Event()

    def capture(self, sink, cancel, deadline, script=()):
        """Send the script's events, then wait until cancelled or time is over, or raise what it ends in."""
        with self._session(sink, cancel) as session:
            for step in script:
                if isinstance(step, DeviceState):
                    session.move(step)
                elif isinstance(step, Exception):
                    raise step
                elif step == "wait":
                    self.entered.set()
                    while not self.woken.wait(0.02):
                        deadline.check()
                    cancel.check()
                elif step == "deaf":
                    self.entered.set()
                    self.release.wait(5)
                else:
                    session(step)
            return session

    def _connected(self):
        return self.handles > 0

    def _connect(self, deadline):
        self.entered.set()
        if self.open_fails is not None:
            raise self.open_fails
        if self.deaf_in_open:
            self.release.wait(5)
        while self.hangs_in_open:
            if self.release.wait(0.01):
                break
            deadline.check()
        self.handles += 1
        self.opened += 1
        return INFO

    def _disconnect(self):
        self.handles = 0

    def _ping(self, deadline):
        deadline.check()

    def _wake(self):
        self.woken.set()


@pytest.fixture
def box():
    made = Box()
    made.open(Deadline.after(1))
    yield made
    made.release.set()
    made.close()


def states(events):
    return [event.state for event in events if isinstance(event, StateChanged)]


def in_thread(call):
    """Run a call beside the test; returns its thread and the list its outcome goes to."""
    outcome = []

    def job():
        try:
            outcome.append(call())
        except (DeviceRemoved, DeviceTimeout, OperatorCancelled, DeviceBusy) as error:
            outcome.append(error)

    thread = threading.Thread(target=job)
    thread.start()
    return thread, outcome


# -- events --------------------------------------------------------------------------------------


def test_a_capture_begins_armed_and_ends_ready_with_everything_between_in_order(box):
    events = []
    script = [S.WAIT_SUBJECT, SubjectPresent(present=True), S.ACQUIRING, S.TRANSFER, Progress(1, 2)]
    box.capture(events.append, CancelToken(), Deadline.after(1), script)
    assert states(events) == [S.ARMED, S.WAIT_SUBJECT, S.ACQUIRING, S.TRANSFER, S.READY]
    assert events[2] == SubjectPresent(present=True)
    assert box.state is S.READY


@pytest.mark.parametrize(
    ("error", "last"),
    [
        (DeviceRemoved(), S.REMOVED),
        (DeviceNotFound(), S.REMOVED),
        (HardwareFault(), S.FAULT),
        (ProtocolError(), S.READY),
        (DeviceTimeout(), S.READY),
        (OperatorCancelled(), S.READY),
        (RuntimeError(), S.READY),
    ],
)
def test_every_way_a_capture_can_end_has_exactly_one_last_word(box, error, last):
    events = []
    with pytest.raises(type(error)):
        box.capture(events.append, CancelToken(), Deadline.after(1), [S.ACQUIRING, error])
    assert states(events) == [S.ARMED, S.ACQUIRING, last]
    assert box.state is last


def test_nothing_is_said_after_the_call_has_returned(box):
    events = []
    session = box.capture(events.append, CancelToken(), Deadline.after(1))
    said = len(events)
    session(Progress(1, 1))
    session.move(S.TRANSFER)
    session.end(S.FAULT)
    assert len(events) == said
    assert box.state is S.READY


@given(at=st.integers(0, 30), words=st.integers(1, 4))
def test_events_of_several_threads_never_overtake_the_last_word(at, words):
    box, events = Box(), []
    box.open(Deadline.after(1))
    go = threading.Barrier(words + 1)
    talkers = []

    def sink(event):
        events.append(event)

    def capture():
        with box._session(sink, CancelToken()) as session:
            for _ in range(words):
                talker = threading.Thread(target=lambda: (go.wait(), _talk(session)))
                talker.start()
                talkers.append(talker)
            go.wait()
            for number in range(at):
                session(Progress(number, at))

    capture()
    for talker in talkers:
        talker.join()
    assert states(events).count(S.READY) == 1
    assert events[-1] == StateChanged(S.READY)
    box.close()


def _talk(session):
    for number in range(40):
        session(Progress(number, 40))


def test_a_sink_that_raises_ends_the_capture_and_leaves_the_device_usable(box):
    def broken(event):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        box.capture(broken, CancelToken(), Deadline.after(1))
    assert box.state is S.READY
    box.capture(lambda _event: None, CancelToken(), Deadline.after(1))


# -- one owner -----------------------------------------------------------------------------------


def test_a_second_owner_is_refused_at_once_and_the_first_is_not_disturbed(box):
    cancel = CancelToken()
    thread, outcome = in_thread(
        lambda: box.capture(lambda _e: None, cancel, Deadline.after(5), ["wait"])
    )
    assert box.entered.wait(2)
    for call in (
        lambda: box.capture(lambda _e: None, CancelToken(), Deadline.after(1)),
        lambda: box.open(Deadline.after(1)),
    ):
        with pytest.raises(DeviceBusy):
            call()
    assert box.self_test(Deadline.after(1)).code == DeviceBusy.code
    cancel.cancel()
    thread.join(2)
    assert isinstance(outcome[0], OperatorCancelled)


def test_a_cancelled_token_never_touches_the_device(box):
    cancel, events = CancelToken(), []
    cancel.cancel()
    with pytest.raises(OperatorCancelled):
        box.capture(events.append, cancel, Deadline.after(1))
    assert events == []


def test_a_long_lived_token_does_not_collect_the_wakers_of_finished_calls(box):
    cancel = CancelToken()
    for _ in range(50):
        box.capture(lambda _e: None, cancel, Deadline.after(1))
    assert cancel._wakers == []
    cancel.cancel()
    assert not box.woken.is_set()


# -- opening -------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [DeviceNotFound(), AuthFailed(), DeviceTimeout(), RuntimeError()])
def test_a_failed_open_leaves_it_closed_with_nothing_open(error):
    box = Box()
    box.open_fails = error
    with pytest.raises(type(error)):
        box.open(Deadline.after(1))
    assert (box.state, box.handles) == (S.CLOSED, 0)
    box.open_fails = None
    box.open(Deadline.after(1))
    assert box.state is S.READY
    box.close()


def test_opening_an_open_device_does_nothing(box):
    box.open(Deadline.after(1))
    assert box.opened == 1


@pytest.mark.parametrize("error", [DeviceRemoved(), HardwareFault()])
def test_a_removed_or_broken_device_is_connected_afresh_by_open(box, error):
    with pytest.raises(type(error)):
        box.capture(lambda _e: None, CancelToken(), Deadline.after(1), [error])
    box.open(Deadline.after(1))
    assert (box.state, box.opened, box.handles) == (S.READY, 2, 1)


def test_an_open_whose_time_is_over_touches_nothing():
    box = Box()
    with pytest.raises(DeviceTimeout):
        box.open(Deadline.after(0))
    assert (box.state, box.opened) == (S.CLOSED, 0)
    assert not box.entered.is_set()


def test_an_open_ends_by_its_deadline():
    box = Box()
    box.hangs_in_open = True
    began = time.monotonic()
    with pytest.raises(DeviceTimeout):
        box.open(Deadline.after(0.1))
    assert time.monotonic() - began < 0.1 + 0.2
    assert (box.state, box.handles) == (S.CLOSED, 0)


def test_close_ends_a_waiting_open_and_nothing_comes_alive_after_it():
    box = Box()
    box.hangs_in_open = True
    thread, outcome = in_thread(lambda: box.open(Deadline.after(30)))
    assert box.entered.wait(2)
    began = time.monotonic()
    box.close()
    assert time.monotonic() - began < CLOSE_S
    thread.join(2)
    assert isinstance(outcome[0], DeviceRemoved)
    assert (box.state, box.handles) == (S.CLOSED, 0)


def test_an_open_that_cannot_be_stopped_gives_up_what_it_connected_after_close():
    box = Box()
    box.deaf_in_open = True
    thread, outcome = in_thread(lambda: box.open(Deadline.after(30)))
    assert box.entered.wait(2)
    box.close()
    box.release.set()
    thread.join(2)
    assert isinstance(outcome[0], DeviceRemoved)
    assert (box.opened, box.handles, box.state) == (1, 0, S.CLOSED)


# -- closing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [S.ARMED, S.WAIT_SUBJECT, S.ACQUIRING, S.TRANSFER])
def test_close_in_any_state_of_a_capture_ends_it_within_a_second(box, state):
    events = []
    script = [*itertools.takewhile(lambda each: each is not state, list(S)[4:]), state, "wait"]
    thread, outcome = in_thread(
        lambda: box.capture(events.append, CancelToken(), Deadline.after(30), script)
    )
    assert box.entered.wait(2)
    began = time.monotonic()
    box.close()
    assert time.monotonic() - began < CLOSE_S
    thread.join(2)
    assert isinstance(outcome[0], OperatorCancelled)
    assert states(events)[-1] is S.READY
    assert (box.state, box.handles) == (S.CLOSED, 0)


def test_close_does_not_wait_for_a_driver_that_hangs_and_keeps_the_last_word_on_the_state(box):
    thread, _outcome = in_thread(
        lambda: box.capture(lambda _e: None, CancelToken(), Deadline.after(30), ["deaf"])
    )
    assert box.entered.wait(2)
    began = time.monotonic()
    box.close()
    assert time.monotonic() - began < CLOSE_S
    assert (box.state, box.handles) == (S.CLOSED, 0)
    box.release.set()
    thread.join(2)
    assert box.state is S.CLOSED, "the late end of the capture must not make a closed device ready"
    box.open(Deadline.after(1))
    assert box.state is S.READY


def test_close_is_idempotent_and_allowed_before_open():
    box = Box()
    box.close()
    box.open(Deadline.after(1))
    box.close()
    box.close()
    assert box.state is S.CLOSED
    with pytest.raises(DeviceRemoved):
        box.capture(lambda _e: None, CancelToken(), Deadline.after(1))
    assert box.self_test(Deadline.after(1)).state is HealthState.ABSENT


def test_two_hundred_cycles_leave_no_thread():
    box, before = Box(), threading.active_count()
    for _ in range(200):
        box.open(Deadline.after(1))
        box.capture(lambda _e: None, CancelToken(), Deadline.after(1))
        box.close()
    assert (box.opened, box.handles, threading.active_count()) == (200, 0, before)


def test_a_watcher_hears_the_whole_life():
    box, life = Box(), []
    box.watch(life.append)
    box.open(Deadline.after(1))
    box.capture(lambda _e: None, CancelToken(), Deadline.after(1), [S.ACQUIRING])
    box.close()
    assert life == [S.OPENING, S.READY, S.ARMED, S.ACQUIRING, S.READY, S.CLOSED]
