"""Working through many files: in this process or several, with progress for the person who waits."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Final, TypeVar

from ui.biometrics.lines import Line, failed, write

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[Item], Sequence[Line]]  # never raises: errors are lines

GOOD: Final = 0
SOME_FAILED: Final = 1
_AHEAD: Final = 4  # items given to each process before the oldest one's lines are awaited
CRASHED: Final = {
    "code": "CRASHED",
    "message": "proses pembaca berkas ini mati",
    "facts": {},
}


@dataclass(frozen=True, slots=True)
class Pace:
    """How a run is worked: processes, and whether progress is shown (None = only on a terminal)."""

    jobs: int = 1
    progress: bool | None = None

    @property
    def shown(self) -> bool:
        """Whether progress is drawn on standard error."""
        return sys.stderr.isatty() if self.progress is None else self.progress


def run_all(work: Work[Item], items: Sequence[Item], pace: Pace) -> int:
    """Write every item's lines in the order of the items; return the exit code."""
    code = GOOD
    with _ticking(len(items), pace) as tick:
        for lines in worked(work, items, pace.jobs, _crashed_line):
            for line in lines:
                code = SOME_FAILED if failed(line) else code
                write(line)
            tick()
    return code


def worked(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int,
    crashed: Callable[[Item], Result],
) -> Iterator[Result]:
    """Yield the result of each item, in order; with several jobs other processes make them.

    ``crashed`` makes the result of an item whose process died (a codec's own crash, no memory).
    """
    if jobs <= 1 or len(items) <= 1:
        one_core()
        for item in items:
            yield work(item)
        return
    at = 0
    while at < len(items):
        for lines in _until_a_process_dies(work, items[at:], jobs):
            at += 1
            yield lines
        if at < len(items):  # the oldest open item may have done it: once more, by itself
            alone = list(_until_a_process_dies(work, items[at : at + 1], 1))
            yield alone[0] if alone else crashed(items[at])
            at += 1


def _until_a_process_dies(
    work: Callable[[Item], Result], items: Sequence[Item], jobs: int
) -> Iterator[Result]:
    # Spawned, not forked: OpenCV's threads do not survive a fork.
    workers, context = min(jobs, len(items)), get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=one_core)
    try:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > _AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        return
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _crashed_line(item: object) -> Sequence[Line]:
    return [{"file": str(item), "error": CRASHED}]


def one_core() -> None:
    """Keep OpenCV to the calling thread: several processes share the cores, not several pools."""
    import cv2

    cv2.setNumThreads(1)


def quiet_pipe() -> None:
    """Point standard output at nothing: its reader has gone (``| head``), which is no fault."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def _ticking(total: int, pace: Pace) -> Iterator[Callable[[], None]]:
    if not pace.shown or total < 2:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield partial(bar.advance, task)
