"""One finding of ``rekam doctor``, and asking many things at once without ever waiting for a hung one."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from station.clock import Deadline

GOOD, LOOK, WRONG = 0, 1, 2
_MARKS: Final = ("baik  ", "lihat ", "SALAH ")
_LEVELS: Final = ("good", "look", "wrong")
T = TypeVar("T")
Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, what, and what to do; ``facts`` are for machines."""

    severity: int
    what: str
    next_step: str = ""
    kind: str = "machine"  # machine, driver, port, service or device
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def text(self) -> str:
        """Return the line to print."""
        step = f" -> {self.next_step}" if self.next_step else ""
        return f"{_MARKS[self.severity]} {self.what}{step}"

    def as_json(self) -> dict[str, Fact]:
        """Return the finding as plain values."""
        return {
            "level": _LEVELS[self.severity],
            "kind": self.kind,
            "what": self.what,
            "next_step": self.next_step,
            **self.facts,
        }


class Errand(Generic[T]):
    """One question asked on a thread of its own; who asks waits only as long as he wants.

    The thread is a daemon: a driver that hangs in C cannot hold the end of the program.
    """

    def __init__(self, name: str, job: Callable[[], T]) -> None:
        self._job = job
        self._answers: list[T] = []
        self._thread = threading.Thread(target=self._run, name=f"ask-{name}", daemon=True)
        self._thread.start()

    def answer(self, deadline: Deadline) -> T | None:
        """Return the answer, None when there is none by the deadline or the question broke."""
        self._thread.join(max(0.0, deadline.left()))
        return self._answers[0] if self._answers else None

    def _run(self) -> None:
        with contextlib.suppress(Exception):  # no answer is the answer: the line then says so
            self._answers.append(self._job())
