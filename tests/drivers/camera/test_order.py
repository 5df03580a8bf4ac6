"""Emulators built to order: what ``rekam emulate camera`` and ``iris.uvc`` announce, obey and refuse."""

import io

import pytest

from drivers.camera.cv import CvCamera
from drivers.emulation import nir, webcam
from drivers.emulation.catalogue import CATALOGUE, build
from drivers.emulation.emulated import Diary, Order
from drivers.iris.address import IrisAddress
from drivers.iris.uvc import UvcIrisScanner
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Eye
from station.errors import DeviceNotFound, DeviceTimeout

CLOCK = SystemClock()


def order(out=None, **words):
    return Order(CLOCK, Diary(out, CLOCK), **words)


def frame_of(url):
    camera = CvCamera(url, CLOCK, stall_s=1)
    stream = camera.frames(CancelToken())
    try:
        return next(stream), camera.info
    finally:
        stream.close()
        camera.close()


def test_both_stand_in_the_catalogue():
    assert {"camera", "iris.uvc"} <= set(CATALOGUE)
    emulated = build("camera", order())
    assert isinstance(emulated, webcam.WebcamEmulator)
    emulated.stop()


def test_the_camera_shows_a_room_then_a_person_and_keeps_a_diary():
    out = io.StringIO()
    emulated = build("camera", order(out, seed=4, options={"fps": "30"})).start()
    try:
        frame, info = frame_of(emulated.url)
        assert frame.pixels.shape == (1080, 1920, 3)
        assert info.serial == "EMU-000004"
        assert info.emulated
        emulated.suffer("hang", "0")
        with pytest.raises(DeviceTimeout):
            frame_of(emulated.url)
        emulated.act("STATUS", "ok")
        emulated.unplug()
        with pytest.raises(DeviceNotFound):
            frame_of(emulated.url)
        emulated.replug("EMU-9")
        assert frame_of(emulated.url)[1].serial == "EMU-9"
    finally:
        emulated.stop()
    assert "stream path=/video" in out.getvalue()


def test_the_scanner_of_an_order_is_driven_and_its_diary_judges_the_light():
    out = io.StringIO()
    emulated = build("iris.uvc", order(out, seed=6, options={"eyes": "2"})).start()
    scanner = UvcIrisScanner(IrisAddress.of(emulated.url), CLOCK)
    try:
        scanner.open(Deadline.after(3))
        assert scanner.info.serial == "00000006"
        captures = scanner.capture((Eye.RIGHT, Eye.LEFT), lambda _e: None, CancelToken(), Deadline.after(12))  # fmt: skip
        assert [capture.eye for capture in captures] == [Eye.RIGHT, Eye.LEFT]
    finally:
        scanner.close()
        emulated.stop()
    said = out.getvalue()
    assert "on ch=B level=600" in said
    assert "off because=off" in said
    assert "lamp longest_lit_ms=" in said


@pytest.mark.parametrize("made", [webcam.build, nir.build])
def test_what_it_does_not_know_is_refused_by_name(made):
    with pytest.raises(ValueError, match="colour"):
        made(order(options={"colour": "red"}))
    emulated = made(order())
    with pytest.raises(ValueError, match="faults"):
        emulated.suffer("melt", "0")
    with pytest.raises(ValueError, match="verbs"):
        emulated.act("DANCE", "")
    emulated.stop()
