"""Invariants 11 and 12: a lying length takes no memory, and no capture holds up the interface's thread."""

import gc
import threading
import time
import tracemalloc
from typing import Final

from drivers.conformance.lane import Lane
from drivers.conformance.tally import Tally
from drivers.conformance.trial import Kind
from drivers.faults.plan import Place, Planned, Side, WireFault

_MEGABYTE: Final = 1_000_000
_HELD_S: Final = 0.05
_BEAT_S: Final = 0.002
_ROUNDS: Final = 5


def check_memory(lane: Lane, tally: Tally, places: list[int]) -> None:
    """Announce the largest length at each packet; compare with the memory a clean capture takes."""
    lane.ready()
    clean = _peak(lane, None)
    for at in places:
        planned = Planned(WireFault.HUGE_LENGTH, Place(value=at), Side.TO_HOST)
        lane.ready()
        peak = _peak(lane, planned)
        fired = lane.rig.wire.fired
        lane.rig.wire.clear()
        if fired:
            more = peak - clean
            what = "" if more < _MEGABYTE else f"{more / 1e6:.2f} MB more than a clean capture"
            tally.judge(11, f"capture {planned}", what, tally.command(f"capture {planned}"))
        after = lane.patient_capture()
        if after.kind is not Kind.GOOD:
            lane.renew()


def _peak(lane: Lane, planned: Planned | None) -> int:
    """Return the most memory that one capture held at a time, in bytes."""
    lane.arm(planned)
    gc.collect()
    tracemalloc.start(1)
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        lane.capture()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def check_interface(lane: Lane, tally: Tally) -> None:
    """Let another thread beat while captures run: it stands for the window's thread.

    The best of five rounds counts: what the machine's other work takes from both is not the driver's doing.
    """
    lane.ready()
    where, gaps = "capture beside a beating thread", list[float]()
    for _ in range(_ROUNDS):
        with _Pulse() as pulse:
            trial = lane.patient_capture()
        if trial.kind is not Kind.GOOD:  # one that broke off held nobody up
            continue
        gaps.append(pulse.worst_s)
        if pulse.worst_s <= _HELD_S:
            break
    if not gaps:
        tally.judge(12, where, f"no capture succeeded: {trial}")
        return
    best = min(gaps)
    what = f"another thread stood still for {best * 1000:.0f} ms in every capture"
    tally.judge(12, where, "" if best <= _HELD_S else what)


class _Pulse:
    """A thread that beats every 2 ms and remembers the longest gap."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conformance-pulse", daemon=True)
        self.worst_s = 0.0

    def __enter__(self) -> "_Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        last = time.monotonic()
        while not self._stop.wait(_BEAT_S):
            now = time.monotonic()
            self.worst_s = max(self.worst_s, now - last)
            last = now
