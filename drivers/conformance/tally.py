"""What the checks found: a count per invariant, and every failure with the way to see it again."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """One invariant that did not hold, once."""

    invariant: int
    where: str  # the case: "capture flip@3", "cancel in wait-subject"
    what: str
    again: str  # the command that shows it


@dataclass(slots=True)
class Tally:
    """Counts of one driver; filled by several threads."""

    driver: str
    options: str = ""  # of the command that runs it again: " --rig module:object"
    checked: Counter[int] = field(default_factory=Counter)  # invariant -> times looked at
    faults: Counter[str] = field(default_factory=Counter)  # fault -> times it happened
    ends: dict[str, Counter[str]] = field(default_factory=dict)  # fault -> ending -> times
    device: str = ""  # who was tested, as it said itself
    endings: Counter[str] = field(default_factory=Counter)  # ending of a faulty call -> times
    notes: list[str] = field(default_factory=list)  # what a reader of the report must know
    failures: list[Failure] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def judge(self, invariant: int, where: str, what: str, again: str = "") -> bool:
        """Count one look at an invariant; ``what`` is what is wrong, '' when it held. Return that it held."""
        with self._lock:
            self.checked[invariant] += 1
            if what:
                self.failures.append(Failure(invariant, where, what, again or self.command()))
        return not what

    def happened(self, fault: str, ending: str) -> None:
        """Count a fault that was really on the wire and how the call under it ended."""
        with self._lock:
            self.faults[fault] += 1
            self.endings[ending] += 1
            self.ends.setdefault(fault, Counter())[ending] += 1

    def note(self, text: str) -> None:
        """Add a remark, once."""
        with self._lock:
            if text not in self.notes:
                self.notes.append(text)

    def command(self, only: str = "") -> str:
        """Return the command that runs one case again."""
        return f"rekam conform {self.driver}{self.options}" + (f' --only "{only}"' if only else "")

    @property
    def tried(self) -> int:
        """Faults that really happened."""
        return sum(self.faults.values())

    def failed(self, invariant: int) -> int:
        """How often an invariant did not hold."""
        return sum(each.invariant == invariant for each in self.failures)

    @property
    def held(self) -> int:
        """How many of the invariants that were looked at held every time."""
        return sum(not self.failed(number) for number in self.checked)
