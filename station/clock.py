"""Time as something passed in: UTC wall clock, a monotonic clock, deadlines and cancellation."""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from station.errors import DeviceTimeout, OperatorCancelled


class Clock(Protocol):
    """The only source of time in the product."""

    def now(self) -> dt.datetime:
        """Return the current UTC time, aware."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> dt.datetime:
        """Return the current UTC time, aware."""
        return dt.datetime.now(dt.UTC)  # noqa: TID251 - this is the one place

    def monotonic(self) -> float:
        """Return ``time.monotonic()``."""
        return time.monotonic()


class FixedClock:
    """A clock for rehearsals and tests: stands still until it is moved."""

    def __init__(self, now: dt.datetime, monotonic: float = 1000.0) -> None:
        self._now = now
        self._monotonic = monotonic

    def now(self) -> dt.datetime:
        """Return the set time."""
        return self._now

    def monotonic(self) -> float:
        """Return the set monotonic time."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._now += dt.timedelta(seconds=seconds)
        self._monotonic += seconds


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic clock by which a call must end."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline ``seconds`` from now."""
        return cls(time.monotonic() + seconds)

    def within(self, seconds: float) -> "Deadline":
        """Return the earlier of ``seconds`` from now and this deadline."""
        return Deadline(min(time.monotonic() + seconds, self.at))

    def left(self) -> float:
        """Return the seconds that remain, never negative."""
        return max(0.0, self.at - time.monotonic())

    def passed(self) -> bool:
        """Return whether the deadline is over."""
        return time.monotonic() >= self.at

    def check(self, **facts: str) -> None:
        """Raise DeviceTimeout when the deadline is over."""
        if self.passed():
            raise DeviceTimeout(**facts)


class CancelToken:
    """Set once, from any thread, to end a blocking call soon; callbacks wake blocked reads."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._wakers: list[Callable[[], object]] = []

    @property
    def cancelled(self) -> bool:
        """Whether someone asked to stop."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the running call to stop."""
        with self._lock:
            self._event.set()
            wakers = list(self._wakers)
        for wake in wakers:
            wake()

    def on_cancel(self, wake: Callable[[], object]) -> None:
        """Register a callable that unblocks a read (for example ``Serial.cancel_read``)."""
        with self._lock:
            self._wakers.append(wake)
            due = self._event.is_set()
        if due:
            wake()

    @contextlib.contextmanager
    def waking(self, wake: Callable[[], object]) -> Iterator[None]:
        """Register a waker for the length of a block, so that a long-lived token does not collect them."""
        self.on_cancel(wake)
        try:
            yield
        finally:
            with self._lock, contextlib.suppress(ValueError):
                self._wakers.remove(wake)

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds``; return whether the token was cancelled meanwhile."""
        return self._event.wait(seconds)

    def check(self) -> None:
        """Raise OperatorCancelled when cancelled."""
        if self._event.is_set():
            raise OperatorCancelled


@dataclass(frozen=True, slots=True)
class CutDeadline(Deadline):
    """A deadline that is also over once its token is cancelled: for calls that know no token."""

    cut: CancelToken

    def left(self) -> float:
        """Return the seconds that remain, none once cut."""
        return 0.0 if self.cut.cancelled else Deadline.left(self)

    def passed(self) -> bool:
        """Return whether the deadline is over or cut."""
        return self.cut.cancelled or Deadline.passed(self)
