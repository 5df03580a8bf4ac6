"""Whatever a driver does to its process, the desk gets a typed error in time and goes on."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from drivers.contract import Reference, Site
from drivers.isolation import isolated
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import DeviceState, Eye, HealthState, Slap, StateChanged
from station.errors import (
    AuthFailed,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    NoSubject,
    OperatorCancelled,
    ProtocolError,
    StationError,
)
from tests.drivers.isolation.nasty import SECRET

# The kill itself takes a moment on a machine that is busy with other tests.
SLACK_S = 0.4


def until(seconds=10.0):
    return Deadline.after(seconds)


def nothing(event):
    return None


def capture(device, seconds=10.0, sink=nothing, cancel=None):
    return device.capture(sink, cancel or CancelToken(), until(seconds))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def wait_for(condition, seconds=5.0):
    end, pause = until(seconds), threading.Event()
    while not condition() and not end.passed():
        pause.wait(0.02)
    return condition()


def kill(device):
    os.kill(device.helper_pid, signal.SIGKILL)
    assert wait_for(lambda: not device.helper_pid)


@pytest.mark.parametrize("how", [pytest.param("hangs", marks=pytest.mark.slow), "hangs-holding"])
def test_a_driver_hanging_in_c_is_killed_at_the_deadline_and_the_next_call_works(
    make, tmp_path, how
):
    scanner = make("finger", f"{how}-once={tmp_path / 'mark'}")
    first = scanner.helper_pid
    end = until(0.5)
    with pytest.raises(DeviceTimeout, match="hangs"):
        scanner.capture(nothing, CancelToken(), end)
    assert time.monotonic() - end.at < SLACK_S
    assert not alive(first)
    assert capture(scanner).ppi == 500
    assert scanner.helper_pid not in (0, first)


def test_a_driver_that_ends_its_process_costs_one_restart(told):
    for how, fact in (
        ("segfaults", {"signal": signal.SIGSEGV}),
        ("exits", {"exit": 3}),
    ):
        scanner, events = told(how), []
        with pytest.raises(HardwareFault) as died:
            capture(scanner, sink=events.append)
        assert died.value.facts.items() >= fact.items()
        assert events[-1] == StateChanged(DeviceState.FAULT)
        assert capture(told("good")).ppi == 500
        assert scanner.state is DeviceState.READY


def test_a_helper_killed_between_two_calls_is_replaced_by_the_next(make):
    scanner = make("finger")
    kill(scanner)
    assert capture(scanner).ppi == 500


def test_a_helper_killed_under_a_stream_ends_it_with_an_error_and_the_next_stream_runs(make):
    camera = make("camera")
    stream = camera.frames(CancelToken())
    next(stream)
    os.kill(camera.helper_pid, signal.SIGKILL)
    with pytest.raises(HardwareFault):
        list(stream)
    assert next(camera.frames(CancelToken())).id > 0


@pytest.mark.parametrize("verb", [pytest.param("identify", marks=pytest.mark.slow), "self_test"])
def test_a_driver_dying_of_a_small_verb_is_told_too(make, verb):
    scanner = make("finger", {"identify": "identify-dies", "self_test": "test-dies"}[verb])
    if verb == "identify":
        with pytest.raises(HardwareFault):
            scanner.identify(until())
    else:
        health = scanner.self_test(until())
        assert (health.state, health.code) == (HealthState.ATTENTION, HardwareFault.code)
    assert capture(scanner).ppi == 500


def test_a_driver_that_dies_again_and_again_is_started_slower_and_is_attention(make):
    scanner = make("finger", "segfaults")
    reasons = []
    for _ in range(4):
        with pytest.raises(HardwareFault) as died:
            capture(scanner)
        reasons.append(died.value.facts["reason"])
    assert reasons == ["helper died"] * 3 + ["crash loop"]
    assert died.value.facts["wait_s"] <= 0.5
    health = scanner.self_test(until())
    assert (health.state, health.code) == (HealthState.ATTENTION, HardwareFault.code)
    assert wait_for(lambda: scanner.self_test(until()).state is HealthState.READY)


def test_a_driver_that_cannot_be_opened_is_told_by_the_deadline(make):
    for what, kind in (("open-hangs", DeviceTimeout), ("open-dies", HardwareFault)):
        scanner = make("finger", what, opened=False)
        end = until(1.0)
        with pytest.raises(kind):
            scanner.open(end)
        assert time.monotonic() - end.at < SLACK_S
        assert scanner.state is DeviceState.CLOSED


def test_a_driver_that_dies_while_it_makes_its_device_is_a_fault(make):
    with pytest.raises(HardwareFault):
        make("finger", "create-dies")


def test_another_device_after_a_restart_is_not_taken_for_the_first(make, tmp_path):
    mark = tmp_path / "serial"
    mark.write_text("S")
    scanner = make("finger", f"serial={mark}")
    kill(scanner)
    with pytest.raises(DeviceRemoved, match="another device"):
        capture(scanner)
    assert scanner.state is DeviceState.REMOVED


def test_cancel_is_answered_at_once_and_the_driver_keeps_its_process(make):
    scanner, token = make("finger", "waits"), CancelToken()
    pid = scanner.helper_pid
    for _ in range(3):
        token = CancelToken()
        timer = threading.Timer(0.05, token.cancel)
        timer.start()
        with pytest.raises(OperatorCancelled):
            capture(scanner, cancel=token)
        timer.join()
    assert scanner.helper_pid == pid


def test_cancel_of_a_deaf_driver_is_answered_in_time_and_its_late_answer_goes_nowhere(make):
    scanner, token = make("finger", "deaf"), CancelToken()
    pid, events = scanner.helper_pid, []
    asked = []

    def sink(event):
        events.append(event)
        if len(events) == 3:
            asked.append(time.monotonic())
            token.cancel()

    with pytest.raises(OperatorCancelled):
        capture(scanner, sink=sink, cancel=token)
    assert time.monotonic() - asked[0] < 0.25 + SLACK_S
    seen = len(events)
    assert capture(scanner).ppi == 500
    assert len(events) == seen
    assert scanner.helper_pid == pid


@pytest.mark.slow
def test_cancel_of_a_hanging_driver_is_answered_in_time_and_the_next_call_works(make, tmp_path):
    scanner = make("finger", f"hangs-once={tmp_path / 'mark'}")
    token = CancelToken()
    timer = threading.Timer(0.1, token.cancel)
    timer.start()
    with pytest.raises(OperatorCancelled):
        capture(scanner, cancel=token)
    timer.join()
    assert capture(scanner).ppi == 500


def test_close_cuts_a_hanging_call_short_from_another_thread(make):
    scanner, ends = make("finger", "hangs"), []

    def run():
        try:
            capture(scanner, 30.0)
        except (StationError, OperatorCancelled) as error:
            ends.append(error)

    worker = threading.Thread(target=run)
    worker.start()
    assert wait_for(lambda: scanner.state is DeviceState.WAIT_SUBJECT)
    started = time.monotonic()
    scanner.close()
    assert time.monotonic() - started < 1.0 + SLACK_S
    worker.join(5)
    assert len(ends) == 1


def test_a_device_that_hangs_in_close_is_ended_within_a_second(make):
    scanner = make("finger", "close-hangs")
    pid, started = scanner.helper_pid, time.monotonic()
    scanner.close()
    assert time.monotonic() - started < 1.0 + SLACK_S
    assert not alive(pid)


def test_the_driver_is_asked_to_close_before_its_process_ends(make, tmp_path):
    make("finger", f"close-notes={tmp_path / 'note'}").close()
    assert (tmp_path / "note").read_text() == "closed"


LIES = (
    "bad=float64",
    "bad=four_dimensions",
    "bad=empty",
    "bad=two_channels",
    "bad=other_size",
    "bad=colour",
    "bad=a_list",
    "bad=nothing",
    "bad=huge",
    "lies=ppi:-1",
    "lies=ppi:'500'",
    "lies=ppi:10**30",
    "lies=depth:0",
    "lies=depth:8.0",
    "lies=captured_at:'now'",
    "lies=captured_at:dt.datetime(2026, 1, 1)",
    "lies=device:None",
    "lies=evidence:'text'",
    "lies=evidence:object()",
    "lies=position:3",
    "bad-event",
)


def test_a_result_that_is_not_what_was_promised_is_a_protocol_error(told):
    for lie in LIES:
        with pytest.raises(ProtocolError):
            capture(told(lie))
        assert capture(told("good")).ppi == 500


def test_pictures_of_other_fingers_or_eyes_than_asked_are_refused(make):
    with pytest.raises(ProtocolError, match="eyes"):
        make("iris", "one-eye").capture(tuple(Eye), nothing, CancelToken(), until())
    with pytest.raises(ProtocolError, match="fingers"):
        make("slap", "twice").capture_slap(Slap.THUMBS, [], nothing, CancelToken(), until())
    with pytest.raises(ProtocolError, match="shape"):
        make("face", "grey").capture_face(nothing, CancelToken(), until())
    with pytest.raises(ProtocolError, match="points"):
        make("pad", "backwards").capture(nothing, CancelToken(), until())


def test_a_repeated_frame_number_is_no_new_frame(make):
    camera, token = make("camera", "same-number"), CancelToken()
    timer = threading.Timer(0.3, token.cancel)
    timer.start()
    assert len(list(camera.frames(token))) == 1
    timer.join()


def test_a_flood_of_events_does_not_outlast_the_deadline(make):
    scanner = make("finger", "floods-events")
    end = until(0.5)
    with pytest.raises(DeviceTimeout):
        scanner.capture(nothing, CancelToken(), end)
    assert time.monotonic() - end.at < SLACK_S


def test_what_a_driver_prints_or_says_reaches_no_log_and_no_error(told, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        for what in ("raises", "raises-odd", "rejects"):
            with pytest.raises(StationError) as told_error:
                capture(told(what))
            assert SECRET not in str(told_error.value)
        capture(told("floods"))
    printed = capfd.readouterr()
    assert SECRET not in caplog.text + printed.out + printed.err
    assert "printed" in caplog.text


def test_a_drivers_own_typed_errors_arrive_as_they_are(told):
    with pytest.raises(AuthFailed) as rejected:
        capture(told("rejects"))
    assert rejected.value.facts == {"reason": "password", "tries": 2, "driver": "acme.finger"}
    with pytest.raises(DeviceTimeout, match="own clock"):
        capture(told("times-out"))
    with pytest.raises(NoSubject):
        capture(told("no-subject"), 0.3)
    with pytest.raises(HardwareFault, match="SdkError"):
        capture(told("raises"))
    with pytest.raises(HardwareFault, match="unknown error"):
        capture(told("raises-odd"))


def test_a_helper_ends_with_its_desk_even_while_it_hangs_with_the_interpreter_lock(installed):
    desk = subprocess.Popen(
        [sys.executable, "-c", _DESK],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p or str(Path.cwd()) for p in sys.path)},
    )
    pid = int(desk.stdout.readline())
    assert alive(pid)
    desk.stdout.readline()  # the driver hangs now
    desk.kill()
    desk.wait()
    desk.stdout.close()
    assert wait_for(lambda: not alive(pid))


_DESK = """
from drivers.contract import Reference, Site
from drivers.isolation import isolated
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import StateChanged
from station.guidance import Guidance
device = isolated(Reference("acme.finger", "hangs-holding"), Site(SystemClock()), ["acme.finger"])
device.open(Deadline.after(20))
print(device.helper_pid, flush=True)
device.capture(
    lambda e: print("hangs", flush=True) if e is Guidance.PRESS_HARDER else None,
    CancelToken(),
    Deadline.after(60),
)
"""


def _held():
    return {
        "descriptors": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "memory": sorted(p.name for p in Path("/dev/shm").iterdir()),
        "children": _children(),
    }


def _children():
    return Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()


def _cycles(number, installed):
    device = isolated(Reference("acme.finger", "good"), Site(SystemClock()), ["acme.finger"])
    device.open(until(20))
    capture(device)
    device.close()
    before = _held()
    for _ in range(number):
        device.open(until(20))
        capture(device)
        device.close()
    assert _held() == before


def test_opening_and_closing_leaves_nothing_behind(installed):
    _cycles(3, installed)


@pytest.mark.slow
def test_two_hundred_openings_and_closings_leave_nothing_behind(installed):
    _cycles(200, installed)


@pytest.mark.slow
def test_deaths_leave_nothing_behind(make, tmp_path):
    scanner = make("finger")
    capture(scanner)
    before = _held()
    for _ in range(2):
        kill(scanner)
        capture(scanner)
    assert {**_held(), "children": 1} == {**before, "children": 1}
    assert len(_children()) == len(before["children"])
