"""The mailbox of one between a camera and who looks: the newest shot wins, an old one is never seen."""

import contextlib
import threading
from dataclasses import dataclass
from typing import Final

from drivers.camera.source import Shot, Source
from station.clock import CancelToken, Clock
from station.errors import DeviceError, DeviceRemoved, DeviceTimeout, ProtocolError

_ABORT_S: Final = 0.1  # how long a grabber is waited for; a blocked OpenCV read goes on without us


@dataclass(frozen=True, slots=True)
class Taken:
    """A shot with its number in the stream and the moment it had arrived."""

    id: int
    shot: Shot
    t_mono: float


class NewestShot:
    """Reads a source in its own thread; that thread alone reads and closes it."""

    def __init__(self, source: Source, clock: Clock, stall_s: float) -> None:
        self._source = source
        self._clock = clock
        self._stall_s = stall_s
        self._changed = threading.Condition()
        self._slot: Taken | None = None
        self._damaged = 0
        self._number = 0
        self._failure: DeviceError | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera-grab", daemon=True)
        self._thread.start()

    @property
    def number(self) -> int:
        """How many pictures have come so far, damaged ones too."""
        return self._number

    def leave(self, seconds: float = _ABORT_S) -> bool:
        """End the thread; return whether it has ended within ``seconds``."""
        self._stop.set()
        self._source.abort()
        self.wake()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def take(self, cancel: CancelToken, wait_s: float | None = None) -> Taken | None:
        """Wait for the next shot; None when cancelled, left, or when ``wait_s`` passed without one.

        A stream that gives no whole picture for the stall time is DeviceTimeout, or ProtocolError when
        damaged ones came; what ended the stream is raised too. ``cancel`` must call ``wake``.
        """
        stall_s = self._stall_s if wait_s is None else wait_s
        with self._changed:
            began = self._damaged
            self._changed.wait_for(lambda: self._due(cancel), stall_s)
            taken, self._slot = self._slot, None
            damaged, failure = self._damaged - began, self._failure
        if cancel.cancelled or self._stop.is_set():
            return None
        if taken is not None:
            return taken
        if failure is not None:
            raise failure
        if wait_s is not None:
            return None
        raise ProtocolError(device="camera", damaged=damaged) if damaged else DeviceTimeout(device="camera")  # fmt: skip

    def wake(self) -> None:
        """Have a waiting ``take`` look around."""
        with self._changed:
            self._changed.notify_all()

    def _due(self, cancel: CancelToken) -> bool:
        return (
            self._slot is not None
            or self._failure is not None
            or cancel.cancelled
            or self._stop.is_set()
        )

    def _run(self) -> None:
        failure: DeviceError = DeviceRemoved(device="camera")
        try:
            while not self._stop.is_set():
                shot = self._source.read()
                with self._changed:
                    self._number += 1
                    if shot is None:
                        self._damaged += 1
                    else:
                        self._slot = Taken(self._number, shot, self._clock.monotonic())
                        self._changed.notify_all()
        except DeviceError as cause:
            failure = cause
        finally:
            with self._changed:
                self._failure = failure
                self._changed.notify_all()
            with contextlib.suppress(Exception):
                self._source.close()
