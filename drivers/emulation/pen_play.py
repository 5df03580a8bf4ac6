"""A pen that moves over an emulated pad: what it makes the pad send, each thing at its time."""

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, Generic, TypeVar

from station.clock import Clock

Sent = TypeVar("Sent")
NEVER: Final = float("inf")


class PenPlay(Generic[Sent]):
    """Things to send with their times; filled from one thread, emptied from another."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: deque[tuple[float, Sent]] = deque()
        self._lock = threading.Lock()
        self._index = 0
        self.finished = threading.Event()
        self.finished.set()

    @property
    def moving(self) -> bool:
        """Whether something is still to come."""
        return bool(self._due)

    def begin(self, moves: Iterable[tuple[float, Sent]]) -> None:
        """Begin to move now, whatever went on before; times are seconds from now."""
        start = self._clock.monotonic()
        with self._lock:
            self._due = deque((start + at, each) for at, each in moves)
            self._index = 0
            self.finished.clear()

    def stop(self) -> None:
        """Take the pen away without a word."""
        with self._lock:
            self._due.clear()
        self.finished.set()

    def due(self) -> Sequence[tuple[int, Sent, bool]]:
        """Return what is to be sent now: its number from 0, the thing, whether it is the last."""
        now = self._clock.monotonic()
        out: list[tuple[int, Sent, bool]] = []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                _, thing = self._due.popleft()
                out.append((self._index, thing, not self._due))
                self._index += 1
        if not out and not self._due:
            self.finished.set()
        return out


class AutoSign:
    """When a person signs without being told: some time after the pad was opened or got a new sheet."""

    def __init__(
        self, clock: Clock, after_s: float | None, *, again_s: float | None = None
    ) -> None:
        """Sign ``after_s`` after a sheet is offered (None: never), and ``again_s`` after the pen has left."""
        self._clock = clock
        self._after_s = after_s
        self._again_s = again_s
        self._at = NEVER

    def offered(self) -> None:
        """A sheet lies there: count from now."""
        if self._after_s is not None:
            self._at = self._clock.monotonic() + self._after_s

    def left(self) -> None:
        """The pen has left."""
        if self._after_s is not None and self._again_s is not None:
            self._at = self._clock.monotonic() + self._again_s

    def is_due(self) -> bool:
        """Whether the person signs now; says so once."""
        if self._clock.monotonic() < self._at:
            return False
        self._at = NEVER
        return True
