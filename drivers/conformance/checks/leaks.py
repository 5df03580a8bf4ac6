"""Invariants 5 and 7: no thread, no descriptor, no held port stays; many cycles; two devices at once."""

import gc
import sys
import threading
from pathlib import Path
from typing import Final

from drivers.conformance.lag import LagMeter
from drivers.conformance.lane import Lane
from drivers.conformance.rig import MakeRig
from drivers.conformance.tally import Tally
from drivers.conformance.trial import Kind
from station.clock import CancelToken

_SETTLE_S: Final = 1.0  # a thread may need a moment to end after it was told to
_ROUNDS: Final = 5  # captures of two devices at the same time


def descriptors() -> frozenset[str]:
    """Return what the process has open, each with its number; empty where /proc is not."""
    if sys.platform != "linux":
        return frozenset()
    found = []
    for entry in tuple(Path("/proc/self/fd").iterdir()):
        try:
            found.append(f"{entry.name} {entry.readlink()}")
        except OSError:
            continue  # the one that lists them
    return frozenset(found)


class Before:
    """What was there before; says later what has been added."""

    def __init__(self) -> None:
        gc.collect()
        self._threads = frozenset(threading.enumerate())
        self._descriptors = descriptors()

    def added(self) -> str:
        """Return what is there in addition, after a moment of patience; '' for nothing."""
        waiting, what = CancelToken(), self._now()
        for _ in range(int(_SETTLE_S / 0.05)):
            if not what:
                break
            waiting.wait(0.05)
            what = self._now()
        return what

    def _now(self) -> str:
        gc.collect()
        threads = [each.name for each in threading.enumerate() if each not in self._threads]
        opened = sorted(descriptors() - self._descriptors)
        # Numbers are used again: only what is more than before is a leak.
        grown = len(descriptors()) - len(self._descriptors)
        parts = [f"threads {', '.join(threads)}"] if threads else []
        if grown > 0:
            parts.append(f"{grown} descriptors ({', '.join(opened[:4])})")
        return "; ".join(parts)


def check_cycles(lane: Lane, tally: Tally, cycles: int) -> None:
    """Open and close again and again on the running rig; nothing may stay."""
    lane.close()
    lane.open()  # what a library keeps once for all is there now
    lane.close()
    before, where = Before(), f"{cycles} open and close cycles"
    for number in range(cycles):
        opened = lane.open()
        closed = lane.close()
        bad = next((each for each in (opened, closed) if each and each.kind is not Kind.GOOD), None)
        if bad is not None:
            tally.judge(7, where, f"cycle {number}: {bad}")
            lane.renew()
            return
    tally.judge(7, where, "")
    tally.judge(5, where, before.added())


def check_port(lane: Lane, tally: Tally) -> None:
    """Close releases the port at once and may be called again; a fresh device can have it."""
    lane.ready()
    device = lane.device
    closed = lane.close()
    what = "" if closed is None or closed.kind is Kind.GOOD else f"close: {closed}"
    if lane.rig.device_held():
        what = what or "the port is still held after close"
    tally.judge(5, "close", what)
    if device is not None:
        try:
            device.close()
        except Exception as error:  # noqa: BLE001 - close never raises: whatever it is, it is a finding
            tally.judge(5, "close again", repr(error))
        else:
            tally.judge(5, "close again", "")
    again = lane.open()
    tally.judge(5, "open after close", "" if again.kind is Kind.GOOD else str(again))


def check_parallel(make_rig: MakeRig, lag: LagMeter, tally: Tally) -> None:
    """Two devices at the same time: each gives its own sample."""
    with Lane(make_rig, lag) as one, Lane(make_rig, lag) as other:
        if not other.rig.vary(99):
            tally.note("both devices in parallel show the same sample: a mix-up could not be seen")
        for lane in (one, other):
            opened = lane.open()
            if opened.kind is not Kind.GOOD:
                tally.judge(7, "two devices in parallel", f"open: {opened}")
                return
        for number in range(_ROUNDS):
            running = [(lane, lane.begin(lane.rig.capture_s + 3)) for lane in (one, other)]
            for lane, call in running:
                trial = lane.ended(call)
                what = "" if trial.kind is Kind.GOOD else f"round {number}: {trial}"
                tally.judge(7, "two devices in parallel", what)
