"""The whole qualification of one driver: clean run, fault matrix on several lanes, then the other invariants."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from drivers.conformance.cases import Case, Counts, Phase, at_random, exhaustive, short
from drivers.conformance.checks.burden import check_interface, check_memory
from drivers.conformance.checks.cancel import check_cancel
from drivers.conformance.checks.identity import check_discover, check_serial
from drivers.conformance.checks.lamp import check_lamp
from drivers.conformance.checks.leaks import (
    Before,
    check_cycles,
    check_parallel,
    check_port,
)
from drivers.conformance.checks.logs import LogWatch
from drivers.conformance.lag import LagMeter
from drivers.conformance.lane import Lane
from drivers.conformance.matrix import Matrix, measure
from drivers.conformance.rig import MakeRig
from drivers.conformance.tally import Tally
from drivers.faults.plan import Side

_OPEN_UNDER_FAULT_S: Final = 2.5  # of a call that shall find its module also at another rate
_CYCLES: Final = 200
_SHORT_CYCLES: Final = 12

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is tried."""

    short: bool = False
    random: int = 0  # faults at random byte offsets
    seed: int = 1
    lanes: int = 4  # rigs at work at the same time: most cases wait
    only: tuple[Case, ...] = ()  # of the matrix nothing but these cases
    place: str = (
        ""  # of the rig, where it was named: stands in the commands that show a failure again
    )
    others: bool = True  # the invariants beside the matrix as well

    @property
    def cycles(self) -> int:
        """How often one rig is opened and closed in a row."""
        return _SHORT_CYCLES if self.short else _CYCLES


def qualify(make_rig: MakeRig, extent: Extent = Extent(), say: Say = lambda _: None) -> Tally:
    """Run everything and return what was found; RuntimeError when the rig does not work without a fault."""
    rig = make_rig()
    tally = Tally(rig.name, f" --rig {extent.place}" if extent.place else "")
    extent = replace(extent, lanes=min(extent.lanes, rig.at_once))
    with LagMeter() as lag, LogWatch() as logs:
        with Lane(make_rig, lag) as lane:
            packets, octets = measure(lane, tally)
            info = lane.ready().info
            tally.device = f"{info.make} {info.model} {info.firmware}, grade {info.grade}"
            secrets = lane.rig.secrets()
            deadline_s = _deadlines(lane)
            cases = _cases(lane, packets, octets, deadline_s, extent)
        if not packets:
            return tally
        tally.note(f"a clean run: {_names(packets)}")
        say(f"{tally.driver}: {len(cases)} faults on {_names(packets)}")
        before = Before()
        _walk(make_rig, lag, tally, cases, deadline_s, extent, say)
        tally.judge(5, "the fault matrix", before.added())
        logs.check(tally, secrets)
        if extent.others:
            _other_invariants(make_rig, lag, tally, packets, extent, say)
            logs.check(tally, secrets)
    return tally


def _cases(
    lane: Lane,
    packets: Counts,
    octets: Counts,
    deadline_s: Mapping[Phase, float],
    extent: Extent,
) -> Sequence[Case]:
    if extent.only:
        return extent.only
    exempt = lane.rig.exempt
    if not all(exempt.values()):
        raise RuntimeError("an exempt fault without a reason")
    if extent.short:
        cases = list(short(packets, exempt, deadline_s, lane.rig.short_places))
    else:
        cases = list(exhaustive(packets, exempt, deadline_s))
    cases += at_random(octets, exempt, deadline_s, extent.random, extent.seed)
    # Long and short cases mixed: the lanes then end together.
    random.Random(extent.seed).shuffle(cases)
    return cases


def _deadlines(lane: Lane) -> Mapping[Phase, float]:
    return {
        Phase.OPEN: min(lane.rig.open_s, _OPEN_UNDER_FAULT_S),
        Phase.CAPTURE: lane.rig.capture_s,
    }


def _walk(
    make_rig: MakeRig,
    lag: LagMeter,
    tally: Tally,
    cases: Sequence[Case],
    deadline_s: Mapping[Phase, float],
    extent: Extent,
    say: Say,
) -> None:
    left, lock, began = enumerate(cases, 1), threading.Lock(), time.monotonic()
    broken: list[BaseException] = []

    def next_cases() -> Iterator[Case]:
        while not broken:
            with lock:
                number, case = next(left, (0, None))
            if case is None:
                return
            if number % 50 == 0:
                say(
                    f"{tally.driver}: {number} of {len(cases)} faults, {time.monotonic() - began:.0f} s"
                )
            yield case

    def run_lane() -> None:
        try:
            with Lane(make_rig, lag) as lane:
                Matrix(lane, tally, deadline_s).walk(next_cases())
                if lane.stuck:
                    tally.note(f"{lane.stuck} calls never came back, not even after close")
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            broken.append(error)

    count = max(1, min(extent.lanes, len(cases)))
    lanes = [
        threading.Thread(target=run_lane, name=f"conformance-lane-{number}")
        for number in range(count)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    if broken:
        raise RuntimeError(f"the rig of {tally.driver} broke down") from broken[0]


def _other_invariants(
    make_rig: MakeRig,
    lag: LagMeter,
    tally: Tally,
    packets: Counts,
    extent: Extent,
    say: Say,
) -> None:
    count = packets[Phase.CAPTURE, Side.TO_HOST]
    places = (
        sorted({0, count // 2, count - 1} & set(range(count)))
        if extent.short
        else list(range(count))
    )
    before = Before()
    with Lane(make_rig, lag) as lane:
        checks: tuple[tuple[str, Callable[[], None]], ...] = (
            ("cancel", lambda: check_cancel(lane, tally, count, places)),
            ("memory", lambda: check_memory(lane, tally, places)),
            ("interface", lambda: check_interface(lane, tally)),
            ("serial number", lambda: check_serial(lane, tally)),
            ("discovery", lambda: check_discover(lane, tally)),
            ("port", lambda: check_port(lane, tally)),
            ("lamp", lambda: check_lamp(lane, tally, places)),
            ("cycles", lambda: check_cycles(lane, tally, extent.cycles)),
        )
        for name, check in checks:
            say(f"{tally.driver}: {name}")
            check()
    if lane.rig.at_once > 1:
        say(f"{tally.driver}: two devices")
        check_parallel(make_rig, lag, tally)
    else:
        tally.note(
            "only one of these rigs can work at a time: two devices in parallel were not tried"
        )
    tally.judge(5, "the other checks", before.added())


def _names(packets: Counts) -> str:
    return ", ".join(
        f"{count} packets {side} in {phase}" for (phase, side), count in packets.items()
    )
