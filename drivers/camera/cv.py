"""The photo camera over OpenCV: an index, a device path, a stream URL or a file."""

import logging
import re
import threading
from collections.abc import Iterator
from typing import Final

from drivers.camera.source import Source, cut_short, open_source
from station.clock import CancelToken, Clock, Deadline
from station.devices import DeviceInfo, Frame, Grade, Health, HealthState
from station.errors import DeviceBusy, DeviceError, DeviceRemoved, DeviceTimeout

_LOG = logging.getLogger(__name__)
_STALL_S: Final = 3.0
_OPEN_S: Final = 5.0
# A stream opened longer ago than this has old pictures waiting in its socket.
_FRESH_S: Final = 0.5
_LEAVE_S: Final = (
    0.1  # how long a cancelled stream is waited for; a blocked read goes on without us
)
_CLOSE_S: Final = 0.8


class CvCamera:
    """One camera; frames arrive through a mailbox of one, so a slow reader never sees an old picture.

    ``open`` proves that the camera is there, ``frames`` keeps it only while somebody looks: the camera's
    own light is then honest, and no old picture waits anywhere.
    """

    def __init__(
        self,
        source: str | int,
        clock: Clock,
        *,
        grade: Grade = Grade.ENROLMENT,
        width: int = 1920,
        height: int = 1080,
        stall_s: float = _STALL_S,
    ) -> None:
        """Name the camera; nothing is opened yet.

        Args:
            source: camera index, device path, stream URL, clip or picture file.
            clock: gives frames their time.
            grade: what configuration allows.
            width: asked of a real camera, pixels.
            height: the same.
            stall_s: a stream without a frame for so long is DeviceTimeout.
        """
        self._source = source
        self._clock = clock
        self._size = (width, height)
        self._stall_s = stall_s
        self._owner = threading.Lock()
        self._ready: Source | None = None
        self._ready_until = Deadline.after(0)
        self._grabber: _Grabber | None = None
        emulated = grade is Grade.EMULATED
        self._info = DeviceInfo(
            driver="camera.cv",
            make="Rekam" if emulated else "OpenCV",
            model="EMU-CAM" if emulated else "camera",
            serial=str(source) if isinstance(source, int) else "stream",
            firmware="",
            transport=_without_password(str(source)),
            grade=grade,
        )

    @property
    def info(self) -> DeviceInfo:
        """Who this is."""
        return self._info

    def open(self, deadline: Deadline) -> None:
        """Open the camera; DeviceNotFound when nothing answers there. Harmless while it streams."""
        if not self._owner.acquire(blocking=False):
            return
        try:
            if self._ready is None:
                self._ready = self._opened(deadline)
                self._ready_until = Deadline.after(_FRESH_S)
        finally:
            self._owner.release()

    def close(self) -> None:
        """Release the camera; a running stream ends."""
        grabber = self._grabber
        if grabber is not None:
            grabber.leave(_CLOSE_S)
        if self._owner.acquire(timeout=_LEAVE_S):
            try:
                self._drop_ready()
            finally:
                self._owner.release()

    def self_test(self, deadline: Deadline) -> Health:
        """Read one frame, unless a stream is running already (which proves the same)."""
        if not self._owner.acquire(blocking=False):
            return Health(HealthState.READY)
        try:
            self._drop_ready()
            source = self._opened(deadline)
            try:
                if source.read() is None:
                    return Health(HealthState.ABSENT, DeviceRemoved.code)
            finally:
                source.close()
        except DeviceBusy as cause:
            return Health(HealthState.ATTENTION, cause.code)
        except DeviceError as cause:
            return Health(HealthState.ABSENT, cause.code)
        finally:
            self._owner.release()
        return Health(HealthState.READY)

    def frames(self, cancel: CancelToken) -> Iterator[Frame]:
        """Yield BGR frames, newest first to be seen; ends on cancel.

        Raises DeviceBusy for a second reader, DeviceNotFound, DeviceRemoved when the stream ends,
        DeviceTimeout when it stands still.
        """
        if not self._owner.acquire(blocking=False):
            raise DeviceBusy(device="camera")
        try:
            grabber = self._grabber = _Grabber(self._fresh(), self._clock, self._stall_s)
            grabber.start()
            try:
                yield from grabber.newest(cancel)
            finally:
                if not grabber.leave(_LEAVE_S):
                    _LOG.info("camera read still blocked; it ends by its own timeout")
        finally:
            self._owner.release()

    def _opened(self, deadline: Deadline) -> Source:
        # A stalled read of the library ends a little after we have called it a stall ourselves.
        return open_source(self._source, self._size, self._stall_s + 0.5, deadline)

    def _fresh(self) -> Source:
        ready, self._ready = self._ready, None
        if ready is not None:
            if not self._ready_until.passed():
                return ready
            ready.close()
        return self._opened(Deadline.after(_OPEN_S))

    def _drop_ready(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            ready.close()


class _Grabber:
    """Reads frames in its own thread into a slot of one; that thread alone touches and closes the source."""

    def __init__(self, source: Source, clock: Clock, stall_s: float) -> None:
        self._source = source
        self._clock = clock
        self._stall_s = stall_s
        self._changed = threading.Condition()
        self._slot: Frame | None = None
        self._ended = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera-grab", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def leave(self, seconds: float) -> bool:
        """Ask the thread to end; return whether it has within ``seconds``."""
        self._stop.set()
        self._wake()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def newest(self, cancel: CancelToken) -> Iterator[Frame]:
        cancel.on_cancel(self._wake)
        while not cancel.cancelled:
            with self._changed:
                moved = self._changed.wait_for(lambda: self._due(cancel), self._stall_s)
                frame, self._slot = self._slot, None
            if cancel.cancelled or self._stop.is_set():
                return
            if frame is not None:
                yield frame
            elif not moved:
                raise DeviceTimeout(device="camera")
            else:
                raise DeviceRemoved(device="camera")

    def _due(self, cancel: CancelToken) -> bool:
        return self._slot is not None or self._ended or cancel.cancelled or self._stop.is_set()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _run(self) -> None:
        number = 0
        try:
            while not self._stop.is_set():
                pixels = self._source.read()
                if pixels is None:
                    return
                if cut_short(pixels):
                    continue  # a stream of nothing else stands still, and is reported as such
                pixels.flags.writeable = False
                number += 1
                with self._changed:
                    self._slot = Frame(number, pixels, self._clock.monotonic())
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()
            self._source.close()


def _without_password(place: str) -> str:
    """Return the URL without ``user:password@``: it is stored with every sample and shown on screen."""
    return re.sub(r"(?<=://)[^/?#]*@", "", place)  # to the last @, as FFmpeg reads it
