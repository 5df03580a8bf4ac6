"""A device with one owner and a state: opening, sessions, closing; a driver fills in the talks."""

import contextlib
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from typing import Final

from station.clock import CancelToken, CutDeadline, Deadline
from station.devices import (
    DeviceEvent,
    DeviceInfo,
    DeviceState,
    Health,
    HealthState,
    Sink,
    StateChanged,
)
from station.errors import (
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    HardwareFault,
)

log = logging.getLogger(__name__)

# close() must end within one second: this much is left to a capture that is being cut short.
_CLOSE_S: Final = 0.7
_ABSENT: Final = (DeviceNotFound, DeviceRemoved)
# States that only close and open leave.
_BROKEN: Final = frozenset({DeviceState.REMOVED, DeviceState.FAULT})

Watcher = Callable[[DeviceState], None]


class Session:
    """The events of one call: an orderly sink that falls silent when the call has returned."""

    def __init__(self, sink: Sink, enter: Watcher) -> None:
        self._sink = sink
        self._enter = enter
        self._lock = threading.Lock()
        self._over = False

    def __call__(self, event: DeviceEvent) -> None:
        """Pass an event on, unless the call is over; any thread."""
        with self._lock:
            if not self._over:
                self._sink(event)

    def move(self, state: DeviceState) -> None:
        """Enter a state and say so."""
        with self._lock:
            if not self._over:
                self._enter(state)
                self._sink(StateChanged(state))

    def end(self, state: DeviceState) -> None:
        """Say the last word; nothing comes after it."""
        with self._lock:
            if not self._over:
                self._over = True
                self._enter(state)
                self._sink(StateChanged(state))


class OwnedDevice(ABC):
    """One sensor with one owner: a second call at the same time gets DeviceBusy."""

    def __init__(self, unopened: DeviceInfo) -> None:
        self._info = unopened
        self._owner = threading.Lock()
        self._running: CancelToken | None = None
        self._closed_times = 0  # an opening that close() has overtaken must not come alive
        self._state = DeviceState.CLOSED
        self._watchers: list[Watcher] = []

    @property
    def info(self) -> DeviceInfo:
        """Who this is; complete after open."""
        return self._info

    @property
    def state(self) -> DeviceState:
        """Where the device is in its life."""
        return self._state

    def watch(self, watcher: Watcher) -> None:
        """Have ``watcher`` called with every new state, on the thread that causes it."""
        self._watchers.append(watcher)

    def open(self, deadline: Deadline) -> None:
        """Connect and identify; does nothing when open and well. Raises DeviceError.

        A device left REMOVED or FAULT by its last call is connected afresh. ``close`` from another thread
        ends a waiting open with DeviceRemoved.
        """
        with self._owned():
            if self._connected():
                if self._state not in _BROKEN:
                    return
                self._disconnect()
            deadline.check(driver=self._info.driver, what="open")
            self._enter(DeviceState.OPENING)
            try:
                self._info = self._connected_by(deadline)
            except BaseException:
                self._disconnect()
                self._enter(DeviceState.CLOSED)
                raise
            self._enter(DeviceState.READY)
        log.info("%s open, grade %s", self._info.driver, self._info.grade)

    def _connected_by(self, deadline: Deadline) -> DeviceInfo:
        """Connect; a close meanwhile cuts the deadline short and what was connected is given up."""
        token, closed_before = CancelToken(), self._closed_times
        self._running = token
        try:
            with token.waking(self._wake):
                info = self._connect(CutDeadline(deadline.at, token))
        except DeviceError:
            if self._closed_times != closed_before:
                raise DeviceRemoved(driver=self._info.driver, reason="closed") from None
            raise
        finally:
            self._running = None
        if self._closed_times != closed_before:
            raise DeviceRemoved(driver=self._info.driver, reason="closed")
        return info

    def close(self) -> None:
        """Release everything; cuts a running call short, idempotent, never raises, at most one second."""
        self._closed_times += 1
        running = self._running
        if running is not None:
            running.cancel()
        owned = self._owner.acquire(timeout=_CLOSE_S)
        try:
            self._disconnect()
            self._enter(DeviceState.CLOSED)
        finally:
            if owned:
                self._owner.release()

    def self_test(self, deadline: Deadline) -> Health:
        """Talk to the device once and say how it is; never raises DeviceError."""
        try:
            with self._using():
                self._ping(deadline)
        except _ABSENT as error:
            return Health(HealthState.ABSENT, error.code)
        except DeviceError as error:
            return Health(HealthState.ATTENTION, error.code)
        return Health(HealthState.READY)

    @abstractmethod
    def _connected(self) -> bool:
        """Whether ``_connect`` succeeded and ``_disconnect`` has not been called since."""

    @abstractmethod
    def _connect(self, deadline: Deadline) -> DeviceInfo:
        """Open the transport, make the device ready and return who it is; raises DeviceError."""

    @abstractmethod
    def _disconnect(self) -> None:
        """Release the transport, lamps off; idempotent, never raises, also when half connected."""

    @abstractmethod
    def _ping(self, deadline: Deadline) -> None:
        """Exchange one harmless message; raises DeviceError."""

    @abstractmethod
    def _wake(self) -> None:
        """End a blocked read soon, from any thread; never raises."""

    @contextlib.contextmanager
    def _session(self, sink: Sink, cancel: CancelToken) -> Iterator[Session]:
        """Own the open device for one capture: ARMED first, READY, REMOVED or FAULT last."""
        with self._using(cancel):
            closed_before = self._closed_times

            def enter(state: DeviceState) -> None:
                # A close that could not wait for this call has had the last word on the state.
                if self._closed_times == closed_before:
                    self._enter(state)

            session = Session(sink, enter)
            try:
                session.move(DeviceState.ARMED)
                yield session
            except _ABSENT:
                session.end(DeviceState.REMOVED)
                raise
            except HardwareFault:
                session.end(DeviceState.FAULT)
                raise
            except BaseException:
                session.end(DeviceState.READY)
                raise
            session.end(DeviceState.READY)

    @contextlib.contextmanager
    def _using(self, cancel: CancelToken | None = None) -> Iterator[None]:
        """Own the open device for one call; the token and close() both end its reads."""
        with self._owned():
            if not self._connected():
                raise DeviceRemoved(driver=self._info.driver, reason="not open")
            # A call of our own without a token can still be cut short by close().
            token = cancel if cancel is not None else CancelToken()
            self._running = token
            try:
                token.check()
                with token.waking(self._wake):
                    yield
            finally:
                self._running = None

    @contextlib.contextmanager
    def _owned(self) -> Iterator[None]:
        if not self._owner.acquire(blocking=False):
            raise DeviceBusy(driver=self._info.driver)
        try:
            yield
        finally:
            self._owner.release()

    def _enter(self, state: DeviceState) -> None:
        self._state = state
        for watcher in tuple(self._watchers):
            watcher(state)
