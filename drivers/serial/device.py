"""A device on a serial line: opening, ownership, closing; the protocols fill in the two talks."""

import contextlib
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Final

from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.devices import DeviceInfo, Health, HealthState
from station.errors import DeviceBusy, DeviceError, DeviceNotFound, DeviceRemoved

log = logging.getLogger(__name__)

# close() must end within one second: this much is left to a capture that is being cut short.
_CLOSE_S: Final = 0.7
_ABSENT: Final = (DeviceNotFound, DeviceRemoved)

LineOpener = Callable[[], ByteLine]


class SerialDevice(ABC):
    """One sensor with one owner: a second call at the same time gets DeviceBusy."""

    def __init__(self, url: str, opener: LineOpener, unopened: DeviceInfo) -> None:
        self._url = url
        self._opener = opener
        self._info = unopened
        self._line: ByteLine | None = None
        self._owner = threading.Lock()
        self._running: CancelToken | None = None

    @property
    def info(self) -> DeviceInfo:
        """Who this is; complete after open."""
        return self._info

    def open(self, deadline: Deadline) -> None:
        """Connect and identify; does nothing when open. Raises DeviceError."""
        with self._owned():
            if self._line is not None:
                return
            line = self._opener()
            try:
                self._info = self._identify(line, deadline)
            except BaseException:
                line.close()
                raise
            self._line = line
        log.info("%s open on %s, grade %s", self._info.driver, self._url, self._info.grade)

    def close(self) -> None:
        """Release the port; cuts a running call short, idempotent, at most one second."""
        running = self._running
        if running is not None:
            running.cancel()
        owned = self._owner.acquire(timeout=_CLOSE_S)
        try:
            line, self._line = self._line, None
            if line is not None:
                line.close()
        finally:
            if owned:
                self._owner.release()

    def self_test(self, deadline: Deadline) -> Health:
        """Talk to the device once and say how it is; never raises DeviceError."""
        try:
            with self._using() as line:
                self._ping(line, deadline)
        except _ABSENT as error:
            return Health(HealthState.ABSENT, error.code)
        except DeviceError as error:
            return Health(HealthState.ATTENTION, error.code)
        return Health(HealthState.READY)

    @abstractmethod
    def _identify(self, line: ByteLine, deadline: Deadline) -> DeviceInfo:
        """Make the device ready on a fresh line and return who it is."""

    @abstractmethod
    def _ping(self, line: ByteLine, deadline: Deadline) -> None:
        """Exchange one harmless message; raises DeviceError."""

    @contextlib.contextmanager
    def _owned(self) -> Iterator[None]:
        if not self._owner.acquire(blocking=False):
            raise DeviceBusy(transport=self._url)
        try:
            yield
        finally:
            self._owner.release()

    @contextlib.contextmanager
    def _using(self, cancel: CancelToken | None = None) -> Iterator[ByteLine]:
        """Own the open line for one call; the token and close() both end its reads."""
        with self._owned():
            line = self._line
            if line is None:
                raise DeviceRemoved(transport=self._url, reason="not open")
            if cancel is not None:
                cancel.check()
                cancel.on_cancel(line.wake)
            self._running = cancel
            try:
                yield line
            finally:
                self._running = None
