"""The iris scanner behind a device service: what it believes, and how it ends."""

import datetime as dt
import socket
import threading
import time

import pytest

from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.scenes.eye import EyeIdentity, EyePose, render
from drivers.sbi.iris import SbiIrisScanner
from drivers.sbi.scan import scan
from station.clock import CancelToken, Deadline, FixedClock, SystemClock
from station.devices import Eye, Frame, Grade, HealthState, IrisScanner
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    HardwareFault,
    NoSubject,
    NotSupported,
    OperatorCancelled,
    ProtocolError,
)

PORTS = range(14501, 14560)
BOTH = (Eye.RIGHT, Eye.LEFT)


class Gaze:
    """Who looks into the scanner."""

    def __init__(self):
        self.eyes = {eye: render(EyeIdentity(3, eye), EyePose()) for eye in Eye}
        self.there = True

    def __call__(self, eye):
        return self.eyes[eye] if self.there else None


@pytest.fixture(scope="module")
def gaze():
    return Gaze()


@pytest.fixture
def service(authority, gaze):
    gaze.there = True
    service = SbiEmulator(gaze, authority, SystemClock(), ports=PORTS, fps=15)
    service.start()
    yield service
    service.stop()


@pytest.fixture
def scanner(service, authority):
    scanner = SbiIrisScanner((authority.root,), SystemClock(), port=service.port)
    scanner.open(Deadline.after(3))
    yield scanner
    scanner.close()


def take(scanner, eyes=BOTH, seconds=6.0, cancel=None, sink=lambda _: None):
    return scanner.capture(eyes, sink, cancel or CancelToken(), Deadline.after(seconds))


def test_both_eyes_come_labelled_signed_and_with_previews(scanner, gaze):
    port: IrisScanner = scanner
    port.open(Deadline.after(3))
    events = []
    right, left = take(port, sink=events.append)
    assert (right.eye, left.eye) == BOTH
    assert right.pixels.shape == gaze.eyes[Eye.RIGHT].shape
    assert not right.pixels.flags.writeable
    assert right.evidence.count(b".") == 2
    assert right.evidence != left.evidence
    assert (right.device.grade, right.device.serial) == (Grade.EMULATED, "EMU-0001")
    assert any(isinstance(event, Frame) for event in events)
    seen = len(events)
    threading.Event().wait(0.2)
    assert len(events) == seen  # nothing after the return


@pytest.mark.parametrize("eye", Eye)
def test_one_eye_exempt_asks_for_the_other_alone(scanner, eye):
    (got,) = take(scanner, (eye,))
    assert got.eye is eye


@pytest.mark.parametrize("eyes", [(), (Eye.LEFT, Eye.LEFT)])
def test_no_eye_or_the_same_eye_twice_is_refused(scanner, eyes):
    with pytest.raises(NotSupported):
        take(scanner, eyes)


@pytest.mark.parametrize(
    ("lie", "error"),
    [
        ("hash", AuthFailed),
        ("signature", AuthFailed),
        ("transaction", AuthFailed),
        ("identity", AuthFailed),
        ("stale", AuthFailed),
        ("label", ProtocolError),
    ],
)
def test_every_lie_is_found_and_the_truth_is_believed_again(service, scanner, lie, error):
    service.tamper = lie
    with pytest.raises(error):
        take(scanner, (Eye.LEFT,))
    service.tamper = ""
    assert take(scanner, (Eye.LEFT,))


def test_a_device_of_another_root_is_not_believed(service):
    other = EmulatedAuthority.make(SystemClock().now())
    scanner = SbiIrisScanner((other.root,), SystemClock(), port=service.port)
    with pytest.raises(AuthFailed) as refused:
        scanner.open(Deadline.after(3))
    assert refused.value.facts["what"] == "unknown root"


def test_an_expired_certificate_is_not_believed(service, authority):
    clock = FixedClock(SystemClock().now() + dt.timedelta(days=4000))
    scanner = SbiIrisScanner((authority.root,), clock, port=service.port)
    with pytest.raises(AuthFailed) as refused:
        scanner.open(Deadline.after(3))
    assert refused.value.facts["what"] == "certificate dates"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("100", NotSupported),
        ("102", HardwareFault),
        ("106 - no device", DeviceNotFound),
        ("107", AuthFailed),
        ("999", HardwareFault),
        ("broken", HardwareFault),
    ],
)
def test_an_error_inside_http_200_is_a_typed_error(service, scanner, code, error):
    service.error = code
    with pytest.raises(error):
        take(scanner, (Eye.LEFT,))


@pytest.mark.parametrize("code", ["110", "111", "700", "703"])
def test_a_busy_device_is_asked_again_until_the_deadline(service, scanner, code):
    service.error = code
    began = time.monotonic()
    with pytest.raises(DeviceBusy):
        take(scanner, (Eye.LEFT,), 0.6)
    assert 0.5 < time.monotonic() - began < 0.8
    threading.Timer(0.3, lambda: setattr(service, "error", "")).start()
    assert take(scanner, (Eye.LEFT,))


@pytest.mark.parametrize(
    ("status", "error", "state"),
    [
        ("Not Ready", DeviceBusy, HealthState.ATTENTION),
        ("Not Registered", NotSupported, HealthState.ATTENTION),
    ],
)
def test_a_device_that_is_not_ready_is_not_opened(service, scanner, status, error, state):
    service.status = status
    assert scanner.self_test(Deadline.after(2)).state is state
    scanner.close()
    with pytest.raises(error):
        scanner.open(Deadline.after(2))
    service.status = "Busy"  # because its preview streams: it still takes a capture
    scanner.open(Deadline.after(2))


def test_nobody_looks_is_no_subject_by_the_deadline(scanner, gaze):
    gaze.there = False
    began = time.monotonic()
    with pytest.raises(NoSubject):
        take(scanner, seconds=0.7)
    assert time.monotonic() - began < 0.9


def test_cancel_ends_within_250_ms_and_the_next_capture_works(scanner, gaze):
    gaze.there = False
    cancel, asked = CancelToken(), []
    threading.Timer(0.3, lambda: (asked.append(time.monotonic()), cancel.cancel())).start()
    with pytest.raises(OperatorCancelled):
        take(scanner, cancel=cancel)
    assert time.monotonic() - asked[0] <= 0.25
    gaze.there = True
    assert len(take(scanner)) == 2


def test_a_second_capture_at_the_same_time_is_busy(scanner, gaze):
    gaze.there = False
    cancel = CancelToken()
    errors = []

    def wait():
        try:
            take(scanner, cancel=cancel)
        except OperatorCancelled as ended:
            errors.append(ended)

    worker = threading.Thread(target=wait)
    worker.start()
    threading.Event().wait(0.1)
    with pytest.raises(DeviceBusy):
        take(scanner)
    cancel.cancel()
    worker.join(2)
    assert len(errors) == 1


def test_a_service_that_went_away_is_not_found(service, scanner):
    scanner.open(Deadline.after(2))
    service.stop()
    with pytest.raises(DeviceError):
        take(scanner, seconds=1.0)
    with pytest.raises(DeviceRemoved):
        take(scanner, seconds=1.0)
    with pytest.raises(DeviceNotFound):
        scanner.open(Deadline.after(1))


def test_captures_leave_no_thread(scanner):
    take(scanner, (Eye.LEFT,))
    for _ in range(3):
        take(scanner, (Eye.LEFT,))
    assert not [t.name for t in threading.enumerate() if t.name == "sbi-preview"]


def test_services_that_hang_do_not_stall_the_search(service):
    first = service.port + 1
    hung = []
    try:
        ports = range(first, first + 4)
        hung.extend(socket.create_server(("127.0.0.1", port)) for port in ports)
        began = time.monotonic()
        found = list(scan("Iris", PORTS))
        assert time.monotonic() - began < 1.6
    finally:
        for line in hung:
            line.close()
    assert [each.port for each in found] == [service.port]


def test_a_search_without_a_hung_service_is_quick(service):
    began = time.monotonic()
    assert list(scan("Iris", range(14501, 14601)))
    assert time.monotonic() - began < 0.3
    assert not list(scan("Finger", PORTS))
