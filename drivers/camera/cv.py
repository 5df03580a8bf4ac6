"""The photo camera over OpenCV: an index, a device path, a stream URL or a file."""

import logging
import os
import threading
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np

from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Frame, Grade, Health, HealthState, Pixels
from station.errors import DeviceBusy, DeviceError, DeviceNotFound, DeviceRemoved, DeviceTimeout

_LOG = logging.getLogger(__name__)

# Without these FFmpeg holds half a second of frames back (measured: p50 10 ms with, hundreds without).
_FFMPEG_OPTIONS: Final = "fflags;nobuffer|flags;low_delay"
_STALL_S: Final = 3.0


class CvCamera:
    """One camera; frames arrive through a mailbox of one, so a slow reader never sees an old picture."""

    def __init__(
        self,
        source: str | int,
        clock: Clock,
        *,
        grade: Grade = Grade.ENROLMENT,
        width: int = 1920,
        height: int = 1080,
    ) -> None:
        self._source = source
        self._clock = clock
        self._size = (width, height)
        self._capture: cv2.VideoCapture | None = None
        self._owner = threading.Lock()
        self._info = DeviceInfo(
            driver="camera.cv",
            make="Rekam" if grade is Grade.EMULATED else "V4L2",
            model="EMU-CAM" if grade is Grade.EMULATED else "camera",
            serial=str(source) if isinstance(source, int) else "stream",
            firmware="",
            transport=str(source),
            grade=grade,
        )

    @property
    def info(self) -> DeviceInfo:
        """Who this is."""
        return self._info

    def open(self, deadline: Deadline) -> None:
        """Open the stream; DeviceNotFound when nothing answers there."""
        if self._capture is not None:
            return
        os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", _FFMPEG_OPTIONS)
        # FFmpeg and V4L2 print their own lines about a camera that is gone; the typed error says it.
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
        millis = max(200, int(deadline.left() * 1000))
        if isinstance(self._source, int):
            capture = cv2.VideoCapture(self._source, cv2.CAP_V4L2)
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._size[0])
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._size[1])
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        else:
            capture = cv2.VideoCapture(
                self._source,
                cv2.CAP_FFMPEG,
                [
                    cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                    millis,
                    cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                    int(_STALL_S * 1000),
                ],
            )
        if not capture.isOpened():
            capture.release()
            raise DeviceNotFound(device="camera")
        self._capture = capture

    def close(self) -> None:
        """Release the camera."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()

    def self_test(self, deadline: Deadline) -> Health:
        """Read one frame, unless a stream is running already (which proves the same)."""
        if not self._owner.acquire(blocking=False):
            return Health(HealthState.READY)
        try:
            self.open(deadline)
            assert self._capture is not None  # noqa: S101 - open() either sets it or raises
            good, _ = self._capture.read()
            if not good:
                self.close()
                return Health(HealthState.ABSENT, DeviceRemoved.code)
        except DeviceError as cause:
            return Health(HealthState.ABSENT, cause.code)
        finally:
            self._owner.release()
        return Health(HealthState.READY)

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield BGR frames, newest first to be seen; ends on cancel, raises DeviceRemoved or DeviceTimeout."""
        if not self._owner.acquire(blocking=False):
            raise DeviceBusy(device="camera")
        try:
            self.open(Deadline.after(5.0))
            grabber = _Grabber(self._capture, self._clock)
            grabber.start()
            try:
                yield from grabber.newest(cancel)
            finally:
                grabber.stop()
                if grabber.failed:
                    self.close()
        finally:
            self._owner.release()


class _Grabber:
    """Reads frames in its own thread into a slot of one."""

    def __init__(self, capture: "cv2.VideoCapture | None", clock: Clock) -> None:
        self._capture = capture
        self._clock = clock
        self._ready = threading.Condition()
        self._slot: Frame | None = None
        self._stop = threading.Event()
        self.failed = False
        self._thread = threading.Thread(target=self._run, name="camera-grab", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        # read() itself ends by the stream's own read timeout.
        self._thread.join(_STALL_S + 1.0)

    def newest(self, cancel: CancelToken) -> Iterator[Frame]:
        cancel.on_cancel(self._wake)
        while not cancel.cancelled:
            with self._ready:
                arrived = self._ready.wait_for(
                    lambda: self._slot is not None or self.failed or cancel.cancelled, _STALL_S
                )
                frame, self._slot = self._slot, None
            if cancel.cancelled:
                return
            if frame is not None:
                yield frame
            elif self.failed:
                raise DeviceRemoved(device="camera")
            elif not arrived:
                self.failed = True
                raise DeviceTimeout(device="camera")

    def _wake(self) -> None:
        with self._ready:
            self._ready.notify_all()

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            good, pixels = self._capture.read() if self._capture is not None else (False, None)
            with self._ready:
                if not good or pixels is None:
                    self.failed = True
                    self._ready.notify_all()
                    return
                number += 1
                self._slot = Frame(number, _frozen(pixels), self._clock.monotonic())
                self._ready.notify_all()


def _frozen(pixels: object) -> Pixels:
    array: Pixels = np.asarray(pixels, np.uint8)
    array.flags.writeable = False
    return array
