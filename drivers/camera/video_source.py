"""Cameras, streams and clips through OpenCV, and still pictures."""

import contextlib
import os
import sys
import threading
from pathlib import Path
from typing import Final, cast

import cv2
import numpy as np

from drivers.camera.nodes import VideoNode, node_of
from drivers.camera.source import Decoded, Seen
from station.clock import Deadline
from station.devices import Pixels
from station.errors import DeviceBusy, DeviceNotFound, DeviceRemoved

# Without these FFmpeg holds frames back: half a second of probing, one frame per decoding thread.
_FFMPEG_OPTIONS: Final = "fflags;nobuffer|flags;low_delay"
# What FFmpeg leaves where a JPEG was cut: YUV zero, a green that no lens gives for a whole row. Neither
# discardcorrupt nor err_detect=explode makes it refuse such a picture (measured with OpenCV 4.14).
_UNDECODED: Final = np.array((0, 135, 0), np.uint8)
_STILL_HZ: Final = 10.0
_OPEN_MS: Final = (200, 10_000)
_CLIP_HZ: Final = (1.0, 60.0)


class Live:
    """A camera or a stream: a picture when the device has one."""

    def __init__(self, capture: cv2.VideoCapture, node: VideoNode | None = None) -> None:
        self._capture = capture
        size = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        width, height = (max(0, int(capture.get(which))) for which in size)
        known = node or VideoNode("", "")
        self._seen = Seen(
            known.make, known.model or known.name, known.serial, known.firmware, width, height
        )

    @property
    def seen(self) -> Seen:
        """What the system knows of it."""
        return self._seen

    def read(self) -> Decoded | None:
        """Return the next picture; blocks as long as the device does."""
        good, picture = self._capture.read()
        if not good:
            raise DeviceRemoved(device="camera")
        # Sixteen bits when a mono format was asked for: who asked for it makes eight of them.
        pixels = cast("Pixels", np.asarray(picture))
        return None if _cut_short(pixels) else Decoded(pixels)

    def abort(self) -> None:
        """Do nothing: OpenCV cannot be interrupted, its read ends by its own timeout."""

    def close(self) -> None:
        """Release the device."""
        self._capture.release()


class Clip:
    """A recorded clip at its own speed, over and over."""

    def __init__(self, path: Path) -> None:
        self._capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        if not self._capture.isOpened():
            raise DeviceNotFound(device="camera")
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self._pace = _Pace(min(max(rate, _CLIP_HZ[0]), _CLIP_HZ[1]))
        size = (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)
        width, height = (int(self._capture.get(which)) for which in size)
        self.seen = Seen(model="clip", width=width, height=height)

    def read(self) -> Decoded | None:
        """Return the next picture, after the last one the first; DeviceRemoved without pictures."""
        self._pace.wait()
        for _ in range(2):
            good, picture = self._capture.read()
            if good:
                return Decoded(np.asarray(picture, np.uint8))
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        raise DeviceRemoved(device="camera")

    def abort(self) -> None:
        """End the wait for the next picture."""
        self._pace.end()

    def close(self) -> None:
        """Release the file."""
        self._capture.release()


class Still:
    """One picture, shown ten times a second."""

    def __init__(self, path: Path) -> None:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None:
            raise DeviceNotFound(device="camera")
        self._picture = np.asarray(picture, np.uint8)
        self._pace = _Pace(_STILL_HZ)
        height, width = self._picture.shape[:2]
        self.seen = Seen(model="picture", width=width, height=height)

    def read(self) -> Decoded | None:
        """Return a copy of the picture."""
        self._pace.wait()
        return Decoded(self._picture.copy())

    def abort(self) -> None:
        """End the wait for the next picture."""
        self._pace.end()

    def close(self) -> None:
        """Do nothing: the file was read at once."""


class _Pace:
    """Lets a caller through at most ``rate`` times a second."""

    def __init__(self, rate: float) -> None:
        self._interval = 1.0 / rate
        self._next = Deadline.after(0)
        self._ended = threading.Event()

    def wait(self) -> None:
        self._ended.wait(self._next.left())
        self._next = Deadline.after(self._interval)

    def end(self) -> None:
        self._ended.set()


def open_camera(place: str | int, size: tuple[int, int], read_s: float, formats: tuple[str, ...] = ("MJPG",)) -> Live:  # fmt: skip
    """Open a camera of this machine; DeviceNotFound, DeviceBusy.

    The first of ``formats`` the device takes is used; "GREY", "Y10 " and "Y16 " come as they are stored.
    """
    _be_quiet(read_s)
    path = Path(place if isinstance(place, str) else f"/dev/video{place}")
    linux = sys.platform == "linux"
    if linux and not path.exists():  # OpenCV would try every backend first
        raise DeviceNotFound(device="camera")
    capture = cv2.VideoCapture(place, cv2.CAP_V4L2 if linux else cv2.CAP_ANY)
    if not capture.isOpened():
        capture.release()
        raise DeviceBusy(device="camera") if linux else DeviceNotFound(device="camera")
    for name in formats:
        code = cv2.VideoWriter.fourcc(*name)
        if capture.set(cv2.CAP_PROP_FOURCC, code) and int(capture.get(cv2.CAP_PROP_FOURCC)) == code:
            if name != "MJPG":
                capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
            break
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return Live(capture, node_of(path))


def open_stream(url: str, read_s: float, deadline: Deadline) -> Live:
    """Open a stream that FFmpeg understands; DeviceNotFound. A blocked read ends after ``read_s``."""
    _be_quiet(read_s)
    open_ms = min(max(int(deadline.left() * 1000), _OPEN_MS[0]), _OPEN_MS[1])
    limits = [
        cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
        open_ms,
        cv2.CAP_PROP_READ_TIMEOUT_MSEC,
        int(read_s * 1000),
    ]
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)
    if not capture.isOpened():
        capture.release()
        raise DeviceNotFound(device="camera")
    return Live(capture)


def _cut_short(picture: Pixels) -> bool:
    """Return whether the lower end of a decoded colour picture is missing."""
    return picture.ndim == 3 and bool((picture[-1] == _UNDECODED).all())


def _be_quiet(read_s: float) -> None:
    """Keep OpenCV and FFmpeg from writing to stderr about a camera that is gone: the typed error says it.

    All read the environment when first used, so this holds from the first camera on.
    """
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", _FFMPEG_OPTIONS)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    # Seconds a V4L2 read may block; ten if nobody says otherwise.
    os.environ.setdefault("OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT", str(max(1, round(read_s))))
    with contextlib.suppress(
        AttributeError
    ):  # a build without the logging module has nothing to say
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
