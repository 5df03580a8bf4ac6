"""When to try again: half a second after the first failure, doubling up to eight seconds."""

from dataclasses import dataclass, field
from typing import Final

from station.clock import Clock

FIRST_S: Final = 0.5
LONGEST_S: Final = 8.0


@dataclass(slots=True)
class Backoff:
    """The pauses between the attempts at one place."""

    clock: Clock
    _failures: int = 0
    _due: float = field(default=float("-inf"))

    @property
    def failures(self) -> int:
        """How many attempts have failed in a row."""
        return self._failures

    def failed(self, longest_s: float = LONGEST_S) -> None:
        """Note a failed attempt; the next one is due after the pause that begins now."""
        pause = FIRST_S * 2.0 ** min(self._failures, 8)
        self._failures += 1
        self._due = self.clock.monotonic() + min(pause, longest_s)

    def reset(self) -> None:
        """Forget the failures: something has changed, or it worked."""
        self._failures = 0
        self._due = float("-inf")

    def left(self) -> float:
        """Return the seconds until the next attempt is due, 0 when it is."""
        return max(0.0, self._due - self.clock.monotonic())
