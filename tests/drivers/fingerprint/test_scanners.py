"""Both scanner families: ports, waiting, cancelling, owning, closing."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from drivers.emulation.zfm import ZfmModule
from drivers.fingerprint.zfm import ZfmScanner
from drivers.fingerprint.zfm_packets import Assembler, Command, command
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import FingerScanner, Grade, HealthState, Progress, SubjectPresent
from station.errors import DeviceBusy, DeviceNotFound, DeviceRemoved, NoSubject, OperatorCancelled
from tests.drivers.fingerprint import rigs


@pytest.fixture(params=[rigs.zfm, rigs.sfm, rigs.zfm_tcp, rigs.sfm_tcp])
def rig(request, tmp_path):
    rig = request.param(tmp_path)
    yield rig
    rig.stop()


def test_a_finger_becomes_the_exact_image_with_its_provenance(rig):
    port: FingerScanner = rig.scanner
    events = []
    got = port.capture(events.append, CancelToken(), Deadline.after(3))
    assert np.array_equal(got.pixels, rig.glass.pixels)
    assert not got.pixels.flags.writeable
    assert (got.ppi, got.depth) == (500, 4 if rig.kind == "zfm" else 8)
    assert got.device.grade is Grade.EMULATED
    assert int(got.device.serial) == 7
    assert SubjectPresent(present=True) in events
    progress = [event for event in events if isinstance(event, Progress)]
    assert progress[-1].done == progress[-1].total


def test_no_finger_is_no_subject_at_the_deadline_and_a_finger_then_works(rig):
    finger, rig.glass.pixels = rig.glass.pixels, None
    began = time.monotonic()
    with pytest.raises(NoSubject):
        rig.capture(0.4)
    assert 0.4 <= time.monotonic() - began <= 0.6
    rig.glass.pixels = finger
    assert np.array_equal(rig.capture().pixels, finger)


def test_cancel_returns_within_250_ms_and_the_next_capture_works(rig):
    finger, rig.glass.pixels = rig.glass.pixels, None
    cancel, asked = CancelToken(), []
    threading.Timer(0.15, lambda: (asked.append(time.monotonic()), cancel.cancel())).start()
    with pytest.raises(OperatorCancelled):
        rig.capture(5, cancel=cancel)
    assert time.monotonic() - asked[0] <= 0.25
    rig.glass.pixels = finger
    assert np.array_equal(rig.capture().pixels, finger)


def test_closing_cuts_a_running_capture_within_a_second(rig):
    rig.glass.pixels = None
    ended = []

    def wait():
        try:
            rig.capture(10)
        except OperatorCancelled:
            ended.append(True)

    worker = threading.Thread(target=wait)
    worker.start()
    threading.Event().wait(0.1)
    began = time.monotonic()
    rig.scanner.close()
    assert time.monotonic() - began <= 1.0
    worker.join(2)
    assert ended == [True]


def test_a_second_owner_of_the_port_gets_busy(tmp_path):
    rig = rigs.zfm(tmp_path)
    with pytest.raises(DeviceBusy):
        ZfmScanner(rig.emulator.url, SystemClock()).open(Deadline.after(1))
    rig.stop()


def test_a_missing_port_is_not_found(tmp_path):
    with pytest.raises(DeviceNotFound):
        ZfmScanner(str(tmp_path / "none"), SystemClock()).open(Deadline.after(1))


def test_an_unplugged_scanner_is_absent_and_stays_removed(rig):
    rig.emulator.unplug()
    with pytest.raises(DeviceRemoved):
        rig.capture(1)
    assert rig.scanner.self_test(Deadline.after(1)).state is HealthState.ABSENT


@pytest.mark.parametrize("times", [6, pytest.param(200, marks=pytest.mark.slow)])
def test_open_and_close_leave_no_descriptor_and_no_thread(tmp_path, times):
    rig = rigs.zfm(tmp_path)
    rig.scanner.close()
    before = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
    for _ in range(times):
        rig.scanner.open(Deadline.after(3))
        rig.scanner.close()
    assert (len(list(Path("/proc/self/fd").iterdir())), threading.active_count()) == before
    rig.stop()


def test_a_module_wants_its_password_first_and_forgets_the_image_with_the_power():
    glass = rigs.Glass()
    module = ZfmModule(glass, width=64, height=64)

    def ask(code, arguments=b""):
        answers = Assembler()
        answers.feed(module.feed(command(code, arguments))[0].data)
        return answers.take().payload[0]

    assert ask(Command.GEN_IMAGE) == 0x21
    assert ask(Command.VERIFY_PASSWORD, bytes(4)) == 0
    assert ask(Command.GEN_IMAGE) == 0
    module.power_on()
    ask(Command.VERIFY_PASSWORD, bytes(4))
    assert ask(Command.UP_IMAGE) == 0x0F


@pytest.mark.parametrize(
    ("wire", "code", "arguments"),
    [
        ("EF01FFFFFFFF01000713000000 00001B", Command.VERIFY_PASSWORD, bytes(4)),
        ("EF01FFFFFFFF010003010005", Command.GEN_IMAGE, b""),
        ("EF01FFFFFFFF0100030A000E", Command.UP_IMAGE, b""),
    ],
)
def test_zfm_commands_are_the_published_bytes(wire, code, arguments):
    assert command(code, arguments) == bytes.fromhex(wire)
