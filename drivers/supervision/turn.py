"""Who uses a place now: a caller waits for the watch's short work, never for another caller."""

import contextlib
import threading
from collections.abc import Iterator
from enum import Enum

from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy


class Holder(Enum):
    """Who has the turn."""

    CALLER = "caller"
    WATCH = "watch"


class Turn:
    """One turn at one device."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._holder: Holder | None = None

    @property
    def used(self) -> bool:
        """Whether a caller has it."""
        return self._holder is Holder.CALLER

    @contextlib.contextmanager
    def of_caller(
        self, name: str, deadline: Deadline, cancel: CancelToken | None = None
    ) -> Iterator[None]:
        """Take the turn for a caller; DeviceBusy when another has it, or the watch is not done in time."""
        token = cancel if cancel is not None else CancelToken()
        with token.waking(self._wake):
            self._take(name, deadline, token)
        try:
            yield
        finally:
            self._give_back()

    @contextlib.contextmanager
    def of_watch(self) -> Iterator[bool]:
        """Take the turn if nobody has it; yields whether it was free."""
        with self._changed:
            free = self._holder is None
            if free:
                self._holder = Holder.WATCH
        try:
            yield free
        finally:
            if free:
                self._give_back()

    def _take(self, name: str, deadline: Deadline, cancel: CancelToken) -> None:
        with self._changed:
            while self._holder is Holder.WATCH:
                cancel.check()
                if not self._changed.wait(deadline.left()) and deadline.passed():
                    raise DeviceBusy(device=name, reason="opening")
            cancel.check()
            if self._holder is Holder.CALLER:
                raise DeviceBusy(device=name)
            self._holder = Holder.CALLER

    def _give_back(self) -> None:
        with self._changed:
            self._holder = None
            self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()
