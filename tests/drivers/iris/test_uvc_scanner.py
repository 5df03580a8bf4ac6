"""The iris scanner of camera and lamp against both emulators: pictures, light, and every way out."""

import threading
import time
from pathlib import Path

import numpy as np
import pytest

from drivers.emulation.body import Body
from drivers.emulation.emulated import Diary
from drivers.emulation.lamp import LampFault
from drivers.emulation.mjpeg_faults import CameraFault
from drivers.emulation.nir import IrisEmulator
from drivers.iris.address import IrisAddress
from drivers.iris.uvc import UvcIrisScanner
from station.biometrics.iris.judge import judge
from station.capabilities import Adjustable, Described, Identifiable
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import (
    DeviceState,
    Eye,
    Frame,
    Grade,
    HealthState,
    IrisScanner,
    Quality,
    StateChanged,
    SubjectPresent,
)
from station.errors import (
    DeviceBusy,
    DeviceRemoved,
    DeviceTimeout,
    HardwareFault,
    LampStuck,
    NoSubject,
    NotSupported,
    OperatorCancelled,
    ProtocolError,
)
from station.guidance import Guidance

BODY = Body(body=5, name="")


class Rig:
    def __init__(self, eyes=1, link=None):
        clock = SystemClock()
        self.emulator = IrisEmulator(BODY, clock, Diary(None, clock), link=link, eyes=eyes).start()
        self.scanner = UvcIrisScanner(IrisAddress.of(self.emulator.url), clock, stall_s=1.5)
        self.events = []
        self.cancel = CancelToken()

    def open(self):
        self.scanner.open(Deadline.after(2))
        return self

    def capture(self, *eyes, seconds=8.0, when=None, do=None):
        """Capture; when ``when(event)`` holds for the first time, ``do()`` is called on another thread."""
        self.cancel = CancelToken()
        self.events = []
        asked = threading.Event()

        def sink(event):
            self.events.append(event)
            if when is not None and not asked.is_set() and when(event):
                asked.set()
                threading.Thread(target=do).start()

        return self.scanner.capture(
            eyes or (Eye.RIGHT,), sink, self.cancel, Deadline.after(seconds)
        )

    @property
    def states(self):
        return [event.state for event in self.events if isinstance(event, StateChanged)]

    @property
    def lit(self):
        return self.emulator.lamp.brightness > 0

    def rested(self):
        """Skip the lamp's rest by a power cycle, so that a test need not wait five seconds."""
        self.scanner.close()
        self.emulator.replug()
        return self.open()

    def stop(self):
        self.scanner.close()
        self.emulator.stop()


@pytest.fixture(scope="module")
def shared():
    rig = Rig()
    yield rig
    rig.stop()


@pytest.fixture
def rig(shared):
    shared.scanner.close()
    shared.emulator.replug()
    shared.emulator.scene.look("RIGHT")
    shared.emulator.scene.blur(blurred=False)
    return shared.open()


def lit_frame(event):
    return isinstance(event, Quality)


def threads():
    return {
        t.name
        for t in threading.enumerate()
        if t.name in {"camera-grab", "lamp-guard", "lamp-keep"}
    }


def test_the_best_lit_frame_of_the_asked_eye_comes_back_labelled_as_asked(rig):
    port: IrisScanner = rig.scanner
    (capture,) = port.capture((Eye.LEFT,), lambda _e: None, CancelToken(), Deadline.after(8))
    assert capture.eye is Eye.LEFT
    assert capture.pixels.shape == (480, 640)
    assert not capture.pixels.flags.writeable
    assert judge(capture.pixels, Eye.LEFT).usable
    assert (capture.depth, capture.device.grade) == (8, Grade.EMULATED)
    assert not rig.lit


def test_states_come_in_order_and_the_picture_is_one_of_the_previews(rig):
    (capture,) = rig.capture()
    assert rig.states == [
        DeviceState.ARMED, DeviceState.WAIT_SUBJECT, DeviceState.ACQUIRING, DeviceState.TRANSFER, DeviceState.READY,
    ]  # fmt: skip
    frames = {event.id: event.pixels for event in rig.events if isinstance(event, Frame)}
    assert np.array_equal(frames[capture.frame_id], capture.pixels)
    scores = {event.frame_id: event.score for event in rig.events if isinstance(event, Quality)}
    assert scores[capture.frame_id] == max(scores.values())
    assert SubjectPresent(present=True) in rig.events


def test_no_frame_of_the_dark_is_judged(rig):
    rig.capture()
    means = {event.id: event.pixels.mean() for event in rig.events if isinstance(event, Frame)}
    judged = [event.frame_id for event in rig.events if isinstance(event, Quality)]
    dark = min(means.values())
    assert judged
    assert all(means[number] > dark + 10 for number in judged)


def test_who_it_is_comes_from_both_halves(rig):
    info = rig.scanner.info
    assert (info.driver, info.serial, info.firmware, info.grade) == ("iris.uvc", "00000001", "1.0", Grade.EMULATED)  # fmt: skip
    assert isinstance(rig.scanner, Described)
    assert isinstance(rig.scanner, Identifiable)
    assert isinstance(rig.scanner, Adjustable)
    assert rig.scanner.capabilities.at_once == 1
    assert rig.scanner.self_test(Deadline.after(1)).state is HealthState.READY


def test_two_eyes_are_asked_of_a_one_eye_camera_in_vain(rig):
    with pytest.raises(NotSupported):
        rig.capture(Eye.RIGHT, Eye.LEFT)


def test_a_camera_that_sees_both_gives_each_eye_its_half():
    rig = Rig(eyes=2).open()
    try:
        left, right = rig.capture(Eye.LEFT, Eye.RIGHT)
        assert (left.eye, right.eye) == (Eye.LEFT, Eye.RIGHT)
        frame = {e.id: e.pixels for e in rig.events if isinstance(e, Frame)}[right.frame_id]
        assert frame.shape == (480, 1280)
        assert np.array_equal(right.pixels, frame[:, :640])
        assert rig.scanner.capabilities.at_once == 2
        (alone,) = rig.rested().capture(Eye.LEFT)
        shown = {e.id: e.pixels for e in rig.events if isinstance(e, Frame)}[alone.frame_id]
        assert np.array_equal(shown, alone.pixels)  # of the other eye nothing is seen
    finally:
        rig.stop()


def test_nobody_there_is_no_subject_by_the_deadline(rig):
    rig.emulator.scene.look("AWAY")
    began = time.monotonic()
    with pytest.raises(NoSubject):
        rig.capture(seconds=1.5)
    assert time.monotonic() - began < 1.7
    assert not rig.lit


def test_while_the_lamp_rests_the_operator_is_told_and_the_next_burst_waits(rig):
    rig.capture()
    began = time.monotonic()
    rig.capture()
    assert time.monotonic() - began > 4
    assert Guidance.LAMP_RESTS in rig.events


@pytest.mark.parametrize("state", [lambda e: isinstance(e, Frame), lit_frame])
def test_cancel_ends_within_250_ms_and_the_light_is_out(rig, state):
    rig.emulator.scene.blur(blurred=True)
    asked = []

    def cancel():
        asked.append(time.monotonic())
        rig.cancel.cancel()

    with pytest.raises(OperatorCancelled):
        rig.capture(when=state, do=cancel)
    assert time.monotonic() - asked[0] < 0.25
    assert not rig.lit
    assert rig.states[-1] is DeviceState.READY


def test_close_from_another_thread_puts_the_light_out_and_leaves_nothing(rig):
    rig.emulator.scene.blur(blurred=True)
    took = []

    def close():
        began = time.monotonic()
        rig.scanner.close()
        took.append(time.monotonic() - began)

    with pytest.raises(OperatorCancelled):
        rig.capture(when=lit_frame, do=close)
    deadline = Deadline.after(1)
    while not took and not deadline.passed():
        threading.Event().wait(0.01)
    assert took[0] < 1
    assert not rig.lit
    assert not threads()


def test_a_camera_that_goes_away_is_removed_and_the_light_is_out(rig):
    rig.emulator.scene.blur(blurred=True)
    with pytest.raises(DeviceRemoved):
        rig.capture(when=lit_frame, do=rig.emulator.camera.unplug)
    assert not rig.lit
    assert rig.states[-1] is DeviceState.REMOVED


def test_a_camera_that_stands_still_is_a_timeout_and_the_light_is_out(rig):
    rig.emulator.scene.blur(blurred=True)
    with pytest.raises(DeviceTimeout):
        rig.capture(when=lit_frame, do=lambda: rig.emulator.camera.fail(CameraFault.STALL))
    assert not rig.lit


def test_cut_pictures_are_not_judged(rig):
    rig.emulator.camera.fail(CameraFault.TRUNCATED_JPEG)
    with pytest.raises(ProtocolError):
        rig.scanner.capture((Eye.RIGHT,), lambda _e: None, CancelToken(), Deadline.after(0.5))


def test_a_lamp_that_gives_no_light_is_a_fault(rig):
    rig.emulator.lamp.suffer(LampFault.DEAD)
    with pytest.raises(HardwareFault) as told:
        rig.capture()
    assert told.value.facts["what"] == "no light"
    assert rig.states[-1] is DeviceState.FAULT


@pytest.mark.parametrize("fault", [LampFault.DEAF, LampFault.MUTE, LampFault.BAD_CRC])
def test_a_lamp_that_does_not_confirm_off_must_be_unplugged(rig, fault):
    rig.emulator.scene.blur(blurred=True)
    with pytest.raises(LampStuck) as told:
        rig.capture(when=lit_frame, do=lambda: rig.emulator.lamp.suffer(fault))
    assert told.value.code == "LAMP_STUCK"
    rig.emulator.lamp.heal()
    deadline = Deadline.after(0.1)
    while rig.lit:
        assert not deadline.passed()  # the byte CAN did it, not the burst's end
    assert rig.emulator.lamp.longest_s < 10


def test_heat_is_busy_and_damage_a_fault(rig):
    rig.emulator.lamp.suffer(LampFault.HOT)
    with pytest.raises(DeviceBusy):
        rig.capture()
    rig.rested().emulator.lamp.suffer(LampFault.BROKEN)
    with pytest.raises(HardwareFault):
        rig.capture()


def test_an_unplugged_lamp_is_removed_and_open_brings_it_back(rig):
    rig.emulator.scene.blur(blurred=True)
    with pytest.raises(DeviceRemoved):
        rig.capture(when=lit_frame, do=rig.emulator.unplug)
    rig.emulator.replug()
    rig.emulator.scene.blur(blurred=False)
    rig.open()
    assert rig.capture()


def test_identify_blinks_once_dimly(rig):
    seen = []
    watcher = threading.Thread(target=lambda: seen.extend(rig.emulator.lamp.brightness for _ in range(200) if threading.Event().wait(0.002) or True))  # fmt: skip
    watcher.start()
    rig.scanner.identify(Deadline.after(2))
    watcher.join()
    assert 0 < max(seen) <= 0.1
    assert not rig.lit


def test_the_same_over_a_pty(tmp_path: Path):
    rig = Rig(link=tmp_path / "ttyLAMP0").open()
    try:
        assert rig.capture()
        with pytest.raises(DeviceBusy):
            UvcIrisScanner(IrisAddress.of(rig.emulator.url), SystemClock()).open(Deadline.after(1))
    finally:
        rig.stop()


@pytest.mark.parametrize(
    "text", ["", "camera=1", "lamp=/dev/x", "camera=;lamp=x", "x;camera=1;lamp=2", "camera=1;lamp=2;eyes=3",
             "camera=1;camera=2;lamp=3", "camera=1;lamp=2;bits=9", "camera=1;lamp=2;eyes=x"],
)  # fmt: skip
def test_an_address_that_does_not_name_both_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any words
        IrisAddress.of(text)


def test_an_address_names_both_and_is_shown_without_password():
    address = IrisAddress.of("camera=http://me:pw@10.0.0.7/v?a=1;lamp=socket://h:1;eyes=2;bits=10")
    assert (address.camera, address.lamp, address.eyes, address.bits) == (
        "http://me:pw@10.0.0.7/v?a=1", "socket://h:1", 2, 10,
    )  # fmt: skip
    assert "pw" not in str(address)
