"""Where frames come from: a live camera or stream, a recorded clip, a still picture."""

import contextlib
import os
import sys
import threading
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np

from station.clock import Deadline
from station.devices import Pixels
from station.errors import DeviceBusy, DeviceNotFound

# Without these FFmpeg holds frames back: half a second of probing, one frame per decoding thread.
_FFMPEG_OPTIONS: Final = "fflags;nobuffer|flags;low_delay"
_PICTURES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp"})
# What FFmpeg leaves where a JPEG was cut: YUV zero, a green that no lens gives for a whole row. Neither
# discardcorrupt nor err_detect=explode makes it refuse such a picture (measured with OpenCV 4.14).
_UNDECODED: Final = np.array((0, 135, 0), np.uint8)
_STILL_HZ: Final = 10.0
_OPEN_MS: Final = (200, 10_000)
_CLIP_HZ: Final = (1.0, 60.0)


class Source(Protocol):
    """Gives one picture after the other; used by one thread at a time."""

    def read(self) -> Pixels | None:
        """Return the next (h, w, 3) BGR picture when it is due; None when there will be no more."""
        ...

    def close(self) -> None:
        """Release it."""
        ...


def open_source(
    place: str | int, size: tuple[int, int], read_s: float, deadline: Deadline
) -> Source:
    """Open a camera index, a device path, a stream URL, a clip or a picture.

    ``size`` (width, height) is asked of a real camera. A blocked read of a stream ends after ``read_s``.
    Raises DeviceNotFound when nothing is there, DeviceBusy when another program holds the camera.
    """
    _be_quiet()
    if isinstance(place, int) or place.startswith("/dev/"):
        return _camera(place, size)
    if "://" in place:
        return _stream(place, read_s, deadline)
    path = Path(place)
    if not path.is_file():
        raise DeviceNotFound(device="camera")
    return Still(path) if path.suffix.lower() in _PICTURES else Clip(path)


def cut_short(picture: Pixels) -> bool:
    """Return whether the lower end of a decoded picture is missing."""
    return bool((picture[-1] == _UNDECODED).all())


class Live:
    """A camera or a stream: a picture when the device has one."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    def read(self) -> Pixels | None:
        """Return the next picture; blocks as long as the device does."""
        good, picture = self._capture.read()
        return np.asarray(picture, np.uint8) if good else None

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

    def read(self) -> Pixels | None:
        """Return the next picture, after the last one the first; None for a clip without pictures."""
        self._pace.wait()
        for _ in range(2):
            good, picture = self._capture.read()
            if good:
                return np.asarray(picture, np.uint8)
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
        return None

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

    def read(self) -> Pixels | None:
        """Return a copy of the picture."""
        self._pace.wait()
        return self._picture.copy()

    def close(self) -> None:
        """Do nothing: the file was read at once."""


class _Pace:
    """Lets a caller through at most ``rate`` times a second."""

    def __init__(self, rate: float) -> None:
        self._interval = 1.0 / rate
        self._next = Deadline.after(0)
        self._never = threading.Event()

    def wait(self) -> None:
        self._never.wait(self._next.left())
        self._next = Deadline.after(self._interval)


def _camera(place: str | int, size: tuple[int, int]) -> Live:
    node = Path(place if isinstance(place, str) else f"/dev/video{place}")
    linux = sys.platform == "linux"
    if linux and not node.exists():  # OpenCV would try every backend first
        raise DeviceNotFound(device="camera")
    capture = cv2.VideoCapture(place, cv2.CAP_V4L2 if linux else cv2.CAP_ANY)
    if not capture.isOpened():
        capture.release()
        raise DeviceBusy(device="camera") if linux else DeviceNotFound(device="camera")
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return Live(capture)


def _stream(url: str, read_s: float, deadline: Deadline) -> Live:
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


def _be_quiet() -> None:
    """Keep OpenCV and FFmpeg from writing to stderr about a camera that is gone: the typed error says it.

    Both read the environment when first used, so this holds from the first camera on.
    """
    os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", _FFMPEG_OPTIONS)
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    with contextlib.suppress(
        AttributeError
    ):  # a build without the logging module has nothing to say
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
