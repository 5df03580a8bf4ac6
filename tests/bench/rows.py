"""What a benchmark reports: one row per thing measured, and how long things take."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BenchRow:
    """One figure. ``goal`` None means: told, not held to anything; most goals are upper limits."""

    name: str
    unit: str
    value: float
    p95: float | None = None
    goal: float | None = None
    note: str = ""


def timed(
    name: str, goal: float, call: Callable[[], object], *, note: str = "", runs: int = 20
) -> BenchRow:
    """Return median and 95th percentile of the calling thread's CPU milliseconds, after one warm-up.

    CPU time, not the clock on the wall: other programs of the machine do not count.
    """
    call()
    took = []
    for _ in range(runs):
        start = time.thread_time()
        call()
        took.append(1000 * (time.thread_time() - start))
    took.sort()
    late = took[min(runs - 1, round(0.95 * (runs - 1)))]
    return BenchRow(name, "ms CPU", statistics.median(took), late, goal, note)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share."""
    if of == 0:
        return 0.0, 1.0
    z = 1.959964
    share = hits / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
