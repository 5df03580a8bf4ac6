"""One direction of a proxy: what is on its way, and when each piece may leave."""

import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from drivers.faults.wire import Pause, Step, Unplugged, Wire


@dataclass(slots=True)
class Outflow:
    """Steps turned into bytes with the time at which each may leave."""

    wire: Wire
    ready_at: float = 0.0
    queue: deque[tuple[float, bytes | Unplugged]] = field(default_factory=deque)
    generation: int = 0  # of the plan that caused the delays

    def add(self, steps: Iterable[Step]) -> None:
        """Queue steps; a pause delays everything behind it."""
        self._let_go()
        for step in steps:
            self.ready_at = max(self.ready_at, time.monotonic())
            if isinstance(step, Pause):
                self.ready_at += step.seconds
            elif step != b"":
                self.queue.append((self.ready_at, step))

    def due(self) -> bytes | Unplugged | None:
        """Return the next thing that may leave now."""
        self._let_go()
        if self.queue and self.queue[0][0] <= time.monotonic():
            return self.queue.popleft()[1]
        return None

    def wait_s(self) -> float | None:
        """Return how long until the next thing may leave; None when nothing waits."""
        return max(0.0, self.queue[0][0] - time.monotonic()) if self.queue else None

    def _let_go(self) -> None:
        """A fault that is over delays nothing any more."""
        if self.generation != self.wire.generation:
            self.generation = self.wire.generation
            self.queue = deque((0.0, step) for _, step in self.queue)
            self.ready_at = 0.0

    def clear(self) -> None:
        """Lose what waits."""
        self.queue.clear()
        self.ready_at = 0.0
