"""How often a helper may be started anew: at once the first times, then slower and slower."""

from collections import deque
from typing import Final

from station.clock import Deadline

_WINDOW_S: Final = 60.0
_AT_ONCE: Final = 2
_FIRST_S: Final = 0.5
_LONGEST_S: Final = 8.0


class Restarts:
    """Deaths of the last minute."""

    def __init__(self) -> None:
        self._deaths: deque[Deadline] = deque()
        self._next = Deadline.after(0.0)

    @property
    def recent(self) -> int:
        """Deaths that still count."""
        while self._deaths and self._deaths[0].passed():
            self._deaths.popleft()
        return len(self._deaths)

    def died(self) -> None:
        """Note a death; it counts for a minute."""
        self._deaths.append(Deadline.after(_WINDOW_S))
        loop = self.recent - _AT_ONCE - 1
        wait = min(_LONGEST_S, _FIRST_S * 2.0**loop) if loop >= 0 else 0.0
        self._next = Deadline.after(wait)

    def wait_s(self) -> float:
        """Return how long the next start must wait still."""
        return self._next.left()
