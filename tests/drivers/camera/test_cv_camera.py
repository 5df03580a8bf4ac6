"""The photo camera over a real MJPEG stream: newest frame, typed failures, nothing left behind."""

import itertools
import subprocess
import sys
import threading
import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera.cv import CvCamera
from drivers.emulation.mjpeg import CameraFault, MjpegCamera
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Camera, Grade, HealthState
from station.errors import (
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    ProtocolError,
)

BITS = 16


class Numbered:
    """Draws its own count into every picture and remembers when."""

    def __init__(self, width=640, height=360):
        noise = np.random.default_rng(1).integers(90, 140, (height, width, 3))
        self._ground = noise.astype(np.uint8)
        self._counter = itertools.count(1)
        self.made = {}

    def __call__(self):
        number = next(self._counter)
        picture = self._ground.copy()
        for bit in range(BITS):
            picture[:32, bit * 32 : bit * 32 + 32] = 255 if number >> bit & 1 else 0
        self.made[number] = time.monotonic()
        return picture

    def age_of(self, frame):
        return time.monotonic() - self.made[read_number(frame.pixels)]


def read_number(pixels):
    return sum(1 << bit for bit in range(BITS) if pixels[16, bit * 32 + 16].mean() > 128)


@pytest.fixture
def scene():
    return Numbered()


@pytest.fixture
def emulator(scene):
    emulator = MjpegCamera(scene, fps=25)
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def camera(emulator):
    camera = CvCamera(emulator.url, SystemClock(), grade=Grade.EMULATED, stall_s=0.5)
    yield camera
    camera.close()


def first(camera, count=1):
    """Return the first frames of a new stream."""
    token = CancelToken()
    stream = camera.frames(token)
    try:
        return list(itertools.islice(stream, count))
    finally:
        stream.close()


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_frames_are_numbered_read_only_pictures(camera):
    port: Camera = camera
    port.open(Deadline.after(2))
    one, two = first(port, 2)
    assert 1 <= one.id < two.id
    assert one.pixels.shape == (360, 640, 3)
    assert not one.pixels.flags.writeable
    assert read_number(two.pixels) > read_number(one.pixels)
    assert port.info.emulated


def test_a_slow_reader_never_sees_an_old_picture(camera, scene):
    stream = camera.frames(CancelToken())
    ages = []
    for frame in itertools.islice(stream, 5):
        ages.append(scene.age_of(frame))
        threading.Event().wait(0.3)  # seven pictures go by
    stream.close()
    assert max(ages) < 0.2


def test_a_camera_opened_long_before_it_is_read_shows_no_old_picture(camera, scene):
    camera.open(Deadline.after(2))
    threading.Event().wait(0.8)
    (frame,) = first(camera)
    assert scene.age_of(frame) < 0.2


def test_a_stream_that_stands_still_is_a_timeout_and_a_new_one_works(camera, emulator):
    stream = camera.frames(CancelToken())
    next(stream)
    emulator.fail(CameraFault.STALL)
    began = time.monotonic()
    with pytest.raises(DeviceTimeout):
        list(stream)
    assert time.monotonic() - began < 0.5 + 0.3
    emulator.heal()
    assert first(camera)


def test_a_cut_stream_is_removed_then_not_found_and_comes_back(camera, emulator):
    stream = camera.frames(CancelToken())
    next(stream)
    emulator.fail(CameraFault.DISCONNECT)
    with pytest.raises(DeviceRemoved):
        list(stream)
    with pytest.raises(DeviceNotFound):
        first(camera)
    assert camera.self_test(Deadline.after(1)).state is HealthState.ABSENT
    emulator.heal()
    assert camera.self_test(Deadline.after(1)).state is HealthState.READY
    assert first(camera)


def test_a_stream_that_begins_with_cut_pictures_shows_none_of_them(camera, emulator):
    emulator.fail(CameraFault.TRUNCATED_JPEG)
    with pytest.raises(ProtocolError):
        next(camera.frames(CancelToken()))
    emulator.heal()
    assert first(camera)


def test_cut_pictures_in_a_running_stream_do_not_end_it(camera, emulator, scene):
    stream = camera.frames(CancelToken())
    next(stream)
    emulator.fail(CameraFault.TRUNCATED_JPEG)
    threading.Event().wait(0.3)
    emulator.heal()
    threading.Event().wait(0.2)
    next(stream)  # whatever was in the mailbox
    assert scene.age_of(next(stream)) < 0.2
    stream.close()


def test_a_wrong_length_is_a_typed_error_and_does_not_stay(camera, emulator):
    emulator.fail(CameraFault.WRONG_LENGTH)
    with pytest.raises(ProtocolError):
        list(itertools.islice(camera.frames(CancelToken()), 50))
    emulator.heal()
    assert first(camera)


@pytest.mark.parametrize("fault", [None, CameraFault.STALL])
def test_cancel_ends_the_stream_within_250_ms(camera, emulator, fault):
    token = CancelToken()
    stream = camera.frames(token)
    next(stream)
    if fault is not None:
        emulator.fail(fault)
    asked = []
    threading.Timer(0.15, lambda: (asked.append(time.monotonic()), token.cancel())).start()
    for _ in stream:
        pass
    assert time.monotonic() - asked[0] <= 0.25


def test_a_second_reader_of_the_same_camera_gets_busy(camera):
    stream = camera.frames(CancelToken())
    next(stream)
    with pytest.raises(DeviceBusy):
        next(camera.frames(CancelToken()))
    assert camera.self_test(Deadline.after(1)).state is HealthState.READY
    stream.close()
    assert first(camera)


def test_close_ends_a_running_stream(camera):
    stream = camera.frames(CancelToken())
    next(stream)
    camera.close()
    assert list(itertools.islice(stream, 5)) == []


def test_twenty_streams_leave_no_thread_and_no_descriptor(camera):
    first(camera)
    _settled()
    before = open_files(), threading.active_count()
    for _ in range(20):
        first(camera)
    _settled()
    assert (open_files(), threading.active_count()) == before


def _settled():
    """Wait until the emulator noticed that its reader went."""
    deadline = Deadline.after(2)
    while any("process_request" in t.name for t in threading.enumerate()):
        assert not deadline.passed()
        threading.Event().wait(0.02)


def test_nobody_reads_nothing_is_filmed(camera, emulator):
    first(camera)
    _settled()
    made = emulator.frames_made
    threading.Event().wait(0.2)
    assert emulator.frames_made <= made + 1


def test_a_clip_plays_at_its_own_speed_and_begins_again(tmp_path):
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 20, (64, 48))
    for level in (20, 90, 160, 230):
        writer.write(np.full((48, 64, 3), level, np.uint8))
    writer.release()
    began = time.monotonic()
    frames = first(CvCamera(str(path), SystemClock()), 7)
    assert time.monotonic() - began > 5 / 20
    levels = [round(float(frame.pixels.mean()), -1) for frame in frames]
    assert sorted(set(levels)) == [20, 90, 160, 230]
    assert len(levels) == 7


def test_a_picture_file_is_a_camera_that_never_moves(tmp_path):
    picture = Numbered()()
    path = tmp_path / "still.png"
    cv2.imwrite(str(path), picture)
    for frame in first(CvCamera(str(path), SystemClock()), 2):
        assert np.array_equal(frame.pixels, picture)


@pytest.mark.parametrize("place", [97, "/dev/video97", "no/such/file.avi", "http://127.0.0.1:9/x"])
def test_nothing_there_is_not_found_at_once(place):
    began = time.monotonic()
    with pytest.raises(DeviceNotFound):
        CvCamera(place, SystemClock()).open(Deadline.after(2))
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize("secret", ["admin:secret@", "admin:se@cr@et@", ""])
@pytest.mark.parametrize("path", ["/video", "/video?mail=a@b", "?mail=a@b"])
def test_a_password_in_the_address_is_not_in_the_provenance(secret, path):
    info = CvCamera(f"http://{secret}127.0.0.1:9{path}", SystemClock()).info
    assert info.transport == f"http://127.0.0.1:9{path}"


def test_a_missing_and_a_broken_camera_write_nothing_to_stderr(emulator):
    emulator.fail(CameraFault.TRUNCATED_JPEG)
    script = f"""
import contextlib
from drivers.camera.cv import CvCamera
from station.clock import CancelToken, Deadline, SystemClock
from station.errors import DeviceError
for place in (97, "http://127.0.0.1:9/x", {emulator.url!r}):
    with contextlib.suppress(DeviceError):
        for _ in CvCamera(place, SystemClock(), stall_s=0.3).frames(CancelToken()):
            pass
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, timeout=30, check=True
    )
    assert done.stderr == b""
