"""Opening a module: whatever rate it speaks, wherever the new rate begins, whatever it can tell of itself."""

import contextlib
import threading
import time

import numpy as np
import pytest

from drivers.contract import Site
from drivers.fingerprint.grading import grade_of
from drivers.fingerprint.sfm import SfmSettings
from drivers.fingerprint.sfm_frames import Parameter
from drivers.fingerprint.zfm import ZfmSettings
from drivers.fingerprint.zfm_packets import Command, Register
from station.capabilities import Adjustable, Calibratable, Described, Identifiable
from station.clock import SystemClock
from station.devices import DeviceState, Grade, HealthState, StateChanged
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceRejected,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.guidance import Guidance
from tests.drivers.fingerprint import modules


def exact(bench):
    return np.array_equal(bench.capture().pixels, bench.glass.pixels)


OLD, NEW = False, True  # the rate that carries the answer to a change of rate


@pytest.mark.parametrize(
    ("baud", "side"),
    [(57600, OLD), (57600, NEW), (115200, OLD)]
    + [
        pytest.param(baud, side, marks=pytest.mark.slow)
        for baud in (9600, 28800, 76800)
        for side in (OLD, NEW)
    ],
)
def test_a_zfm_module_is_found_at_any_rate_and_raised(baud, side):
    bench = modules.zfm(width=64, height=64, baud=baud, rate_first=side)
    bench.open(20)
    assert bench.machine.baud == 115200
    assert exact(bench)


@pytest.mark.parametrize(
    ("baud", "side"),
    [(115200, OLD), (115200, NEW), (921600, OLD)]
    + [
        pytest.param(baud, side, marks=pytest.mark.slow)
        for baud in (9600, 460800)
        for side in (OLD, NEW)
    ],
)
def test_an_sfm_module_is_found_at_any_rate_and_raised(baud, side):
    bench = modules.sfm(baud=baud, rate_first=side)
    bench.open()
    assert bench.machine.baud == 921600
    assert exact(bench)


@pytest.mark.parametrize("top", [460800, 230400, 115200])
def test_an_sfm_module_that_cannot_go_faster_is_used_at_what_it_can(top):
    bench = modules.sfm(top_baud=top)
    bench.open()
    assert bench.machine.baud == top
    assert exact(bench)


def test_a_rate_is_left_alone_where_configuration_says_so():
    slow = modules.zfm(settings=ZfmSettings(top_baud=0), width=64, height=64)
    slow.open()
    assert slow.machine.baud == 57600
    left = modules.sfm(settings=SfmSettings(top_baud=0))
    left.open()
    assert left.machine.baud == 115200


@pytest.mark.parametrize(
    ("model", "size", "ppi", "make"),
    [
        ("R503", (192, 192), 508, "Grow"),
        ("R304A", (208, 288), 508, "Grow"),
        ("ZFM-20", (256, 288), 500, "ZhianTec"),
    ],
)
def test_size_resolution_and_make_are_the_modules_own(model, size, ppi, make):
    bench = modules.zfm(model)
    scanner = bench.open()
    can = scanner.capabilities
    assert ((can.width, can.height), can.ppi, can.depth) == (size, ppi, 4)
    assert (scanner.info.make, scanner.info.serial) == (make, "00000005")
    assert not can.serial_is_configured
    capture = bench.capture()
    assert np.array_equal(capture.pixels, bench.glass.pixels)
    assert (capture.ppi, capture.depth) == (ppi, 4)


def test_an_old_module_is_who_configuration_says():
    settings = ZfmSettings(model="ZFM-20", serial="S-17", width=256, height=288)
    bench = modules.zfm("ZFM-20-OLD", settings)
    scanner = bench.open()
    assert (scanner.info.model, scanner.info.serial) == ("ZFM-20", "S-17")
    assert scanner.capabilities.serial_is_configured
    assert exact(bench)


def test_an_old_module_of_another_size_is_a_protocol_error_and_no_picture():
    bench = modules.zfm("ZFM-20-OLD", ZfmSettings(width=128, height=128))
    bench.open()
    with pytest.raises(ProtocolError):
        bench.capture()


def test_a_wrong_password_and_a_wrong_address_are_told_apart():
    with pytest.raises(AuthFailed):
        modules.zfm(password=77).open()
    with pytest.raises(DeviceTimeout):
        modules.zfm(address=0x01020304).open(2)
    right = modules.zfm(
        settings=ZfmSettings(password=77, address=0x01020304),
        password=77, address=0x01020304, width=64, height=64,
    )  # fmt: skip
    right.open()
    assert exact(right)


@pytest.mark.parametrize(
    ("status", "error"),
    [("locked", AuthFailed), ("recovery", HardwareFault), ("busy", DeviceBusy), ("no-serial", HardwareFault), ("unsupported", NotSupported)],
)  # fmt: skip
def test_what_a_module_says_of_itself_is_a_typed_error(status, error):
    bench = modules.sfm()
    bench.open()
    bench.machine.set_status(status)
    with pytest.raises(error):
        bench.capture(1)
    bench.machine.set_status("ready")
    bench.scanner.close()
    bench.open()
    assert exact(bench)


@pytest.mark.parametrize("status", ["scan-failed", "try-again", "fake"])
def test_what_a_module_says_of_the_finger_is_guidance(status):
    bench = modules.sfm()
    bench.open()
    bench.machine.set_status(status)
    heard = []

    def sink(event):
        heard.append(event)
        if event is Guidance.LIFT_AND_REPEAT:
            bench.machine.set_status("ready")

    assert np.array_equal(bench.capture(sink=sink).pixels, bench.glass.pixels)
    assert Guidance.LIFT_AND_REPEAT in heard


def test_a_module_that_turns_its_pictures_is_set_upright():
    bench = modules.sfm()
    bench.machine._store.burn(Parameter.ROTATE, 0x31)
    bench.open()
    assert exact(bench)


@pytest.mark.parametrize("make", [modules.sfm, lambda: modules.zfm(width=64, height=64)])
def test_a_module_that_lost_its_power_behind_the_same_port_is_made_ready_again(make):
    bench = make()
    bench.open()
    assert exact(bench)
    bench.machine.power_on()  # rate, image format, password are gone
    with contextlib.suppress(DeviceTimeout, ProtocolError, DeviceRejected):
        assert np.array_equal(bench.capture(0.8).pixels, bench.glass.pixels)
    assert exact(bench)


def test_a_module_that_goes_mute_while_it_waits_is_noticed_before_the_deadline():
    bench = modules.sfm(SfmSettings(look_s=0.2))
    bench.open()
    bench.glass.pixels = None
    threading.Timer(0.5, bench.machine.power_on).start()  # it speaks 115 200 again, we do not
    began = time.monotonic()
    with pytest.raises(DeviceTimeout):
        bench.capture(30)
    assert time.monotonic() - began < 5


def test_a_finger_that_comes_late_is_taken_although_silence_was_looked_into():
    bench = modules.sfm(SfmSettings(look_s=0.2))
    bench.open()
    picture, bench.glass.pixels = bench.glass.pixels, None
    threading.Timer(1.5, lambda: setattr(bench.glass, "pixels", picture)).start()
    assert np.array_equal(bench.capture(10).pixels, picture)


@pytest.mark.parametrize(
    ("make", "other"),
    [(modules.sfm, "99"), (lambda: modules.zfm(width=64, height=64), "00000099")],
)
def test_another_module_behind_the_same_port_is_not_taken_for_the_first(make, other):
    bench = make()
    bench.open()
    bench.scanner._in_doubt = True
    bench.machine.rename(other)
    with pytest.raises(DeviceRemoved):
        bench.capture()
    assert bench.scanner.state is DeviceState.REMOVED
    bench.open()
    assert int(bench.scanner.info.serial) == 99
    assert exact(bench)


def test_the_states_of_a_capture_come_in_order_and_end_ready():
    for bench in (modules.sfm(), modules.zfm(width=64, height=64)):
        bench.open()
        heard = []
        bench.capture(sink=heard.append)
        states = [event.state for event in heard if isinstance(event, StateChanged)]
        assert states == [
            DeviceState.ARMED, DeviceState.WAIT_SUBJECT, DeviceState.ACQUIRING, DeviceState.TRANSFER, DeviceState.READY,
        ]  # fmt: skip


def test_the_ring_blinks_where_there_is_one():
    ring = modules.zfm("R503")
    scanner = ring.open()
    assert isinstance(scanner, Identifiable)
    scanner.identify(deadline_in(2))
    assert ring.machine.light.startswith("flashing")
    dark = modules.zfm(width=64, height=64).open()
    with pytest.raises(NotSupported):
        dark.identify(deadline_in(2))


def test_an_sfm_module_is_calibrated_and_adjusted():
    bench = modules.sfm()
    scanner = bench.open()
    assert isinstance(scanner, Calibratable)
    assert isinstance(scanner, Adjustable)
    assert isinstance(scanner, Described)
    assert scanner.calibrate(deadline_in(2)).good
    assert scanner.options() == {"sensitivity": 7, "image_quality": "moderate", "liveness": "off"}
    assert scanner.adjust("sensitivity", 3) == 3
    assert scanner.adjust("liveness", "strong") == "strong"
    assert scanner.options()["sensitivity"] == 3
    for name, value in (("sensitivity", 9), ("image_quality", "superb"), ("colour", 1)):
        with pytest.raises(NotSupported):
            scanner.adjust(name, value)
    bench.machine.set_status("recovery")
    assert not scanner.calibrate(deadline_in(2)).good


def test_a_healthy_module_tests_itself_ready_and_a_locked_one_asks_for_attention():
    bench = modules.sfm()
    scanner = bench.open()
    assert scanner.self_test(deadline_in(2)).state is HealthState.READY
    bench.machine.set_status("locked")
    assert scanner.self_test(deadline_in(2)).state is HealthState.ATTENTION


def test_the_grade_is_signed_by_the_site_and_the_mark_overrules_it():
    signed = {
        ("finger.sfm", "Suprema", "SFM Slim", "1234"): Grade.ENROLMENT,
        ("finger.sfm", "Suprema", "SFM", "*"): Grade.ENROLMENT,
    }
    site = Site(SystemClock(), graded=signed)
    assert grade_of(site, "finger.sfm", "Suprema", "SFM Slim", "1234") is Grade.ENROLMENT
    assert grade_of(site, "finger.sfm", "Suprema", "SFM Slim", "9999") is Grade.VERIFICATION
    bench = modules.sfm(site=site)
    bench.machine.claim("enrolment")
    assert bench.open().info.grade is Grade.EMULATED


def deadline_in(seconds):
    from station.clock import Deadline

    return Deadline.after(seconds)


class Sparse:
    """A machine that does not answer some commands at all."""

    def __init__(self, machine, silent):
        self._machine, self._silent = machine, silent

    def __getattr__(self, name):
        return getattr(self._machine, name)

    def feed(self, data):
        return self._machine.feed(b"" if self._silent(data) else data)


def test_an_sfm_module_that_knows_few_parameters_is_used_all_the_same():
    def beyond_the_opening(data):
        return data[1:2] == b"\x03" and data[10:11] in (b"\x77", b"\x98")

    bench = modules.sfm()
    bench.socket._machine = Sparse(bench.machine, beyond_the_opening)
    bench.open(20)
    assert exact(bench)


def test_a_zfm_module_that_ignores_the_question_who_it_is_counts_as_an_old_one():
    bench = modules.zfm(
        settings=ZfmSettings(width=64, height=64, serial="S-1"), width=64, height=64
    )
    bench.socket._machine = Sparse(bench.machine, lambda data: data[9:10] == b"\x3c")
    bench.open(20)
    assert bench.scanner.info.serial == "S-1"
    assert bench.scanner.capabilities.serial_is_configured
    assert exact(bench)


class Slow:
    """A module that needs a moment for every answer, and longer for saying that it took another rate."""

    STEP_S = 0.05

    def __init__(self, machine, late_s=STEP_S):
        self._machine, self._late_s = machine, late_s
        self._waiting = []

    def __getattr__(self, name):
        return getattr(self._machine, name)

    def feed(self, data):
        said = list(self._machine.feed(data))
        rate = bytes([Command.SET_SYS_PARA, Register.BAUD]) in data
        first = time.monotonic() + (self._late_s if rate else self.STEP_S)
        at = max([first, *(due + self.STEP_S for due, _ in self._waiting)])
        self._waiting += [(at, packet) for packet in said]
        due = [packet for at, packet in self._waiting if at <= time.monotonic()]
        self._waiting = self._waiting[len(due) :]
        return due


def test_a_late_word_on_the_rate_is_no_answer_to_the_next_question():
    bench = modules.zfm(width=64, height=64, rate_first=NEW)
    bench.socket.plug(Slow(bench.machine, 0.65))
    bench.open()
    assert bench.machine.baud == 115200
    assert exact(bench)


def test_nobody_there_is_not_called_mute_where_the_deadline_falls_into_the_look():
    bench = modules.sfm(SfmSettings(look_s=0.4))
    bench.socket.plug(Slow(bench.machine))
    bench.open()
    bench.glass.pixels = None
    with pytest.raises(NoSubject):
        bench.capture(0.5)
