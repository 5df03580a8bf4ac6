"""Which faults at which places: everything on the small sample, or the ends of it, or random bytes."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from drivers.faults.plan import Place, Planned, Side, Unit, WireFault, parse

# What can happen to a command on its way; the rest is about answers. How long a device waits for the rest of
# half a command is its own matter, so no false beginnings are sent to it.
_TO_DEVICE: Final = (
    WireFault.DELAY,
    WireFault.DROP,
    WireFault.DUPLICATE,
    WireFault.TRUNCATE,
    WireFault.FLIP,
    WireFault.INSERT_GARBAGE,
    WireFault.BAD_CHECKSUM,
    WireFault.STALL,
    WireFault.UNPLUG,
)
# Three bits of a packet: in its beginning, its middle, its end (counted modulo its length).
_BITS: Final = (3, -1, 8 * 9973 - 2)
# Damage that stays, for so many packets from there on.
_STAYING: Final = (
    WireFault.DROP,
    WireFault.DUPLICATE,
    WireFault.FLIP,
    WireFault.BAD_CHECKSUM,
    WireFault.TRUNCATE,
)
_TIMES: Final = 3
_STALL_PAST_S: Final = (
    0.4  # a stall outlasts the deadline by this: its rest must not harm what follows
)


class Phase(StrEnum):
    """During which call a fault happens."""

    OPEN = "open"
    CAPTURE = "capture"


@dataclass(frozen=True, slots=True)
class Case:
    """One fault in one call."""

    phase: Phase
    planned: Planned

    def __str__(self) -> str:
        return f"{self.phase} {self.planned}"

    @classmethod
    def parse(cls, text: str) -> "Case":
        """Read ``capture flip@3``; the call may be left out."""
        phase, space, rest = text.partition(" ")
        return cls(Phase(phase), parse(rest)) if space else cls(Phase.CAPTURE, parse(text))


Counts = Mapping[tuple[Phase, Side], int]  # packets, or bytes, of a clean call


def exhaustive(
    counts: Counts, exempt: Mapping[WireFault, str], deadline_s: Mapping[Phase, float]
) -> Iterator[Case]:
    """Yield every fault at every packet of both directions and both calls."""
    for (phase, side), count in counts.items():
        for at in range(count):
            yield from _at(phase, side, at, exempt, deadline_s[phase], _BITS)
            for fault in _STAYING:
                if fault not in exempt:
                    # It hits the repeat as well: what the driver does when that is used up.
                    yield Case(phase, Planned(fault, Place(Unit.PACKET, at), side, times=_TIMES))
    if WireFault.HANG_IN_OPEN not in exempt:
        yield Case(Phase.OPEN, Planned(WireFault.HANG_IN_OPEN))


def short(
    counts: Counts,
    exempt: Mapping[WireFault, str],
    deadline_s: Mapping[Phase, float],
    most: int,
) -> Iterator[Case]:
    """Yield every fault at a middle, the last and the first packet of a capture (``most``), once in opening."""
    for (phase, side), count in counts.items():
        if phase is Phase.CAPTURE and side is Side.TO_HOST:
            places = dict.fromkeys((count // 2, count - 1, 0)[:most])
        else:
            places = dict.fromkeys((count // 2,))
        for at in places:
            if 0 <= at < count:
                yield from _at(phase, side, at, exempt, deadline_s[phase], (-1,))
    if WireFault.HANG_IN_OPEN not in exempt:
        yield Case(Phase.OPEN, Planned(WireFault.HANG_IN_OPEN))


def at_random(
    octets: Counts,
    exempt: Mapping[WireFault, str],
    deadline_s: Mapping[Phase, float],
    count: int,
    seed: int,
) -> Iterator[Case]:
    """Yield faults at random byte offsets and bits; the same seed gives the same ones."""
    drawn = random.Random(seed)
    calls = [call for call, length in octets.items() if length]
    for _ in range(count if calls else 0):
        phase, side = drawn.choice(calls)
        place = Place(Unit.BYTE, drawn.randrange(octets[phase, side]))
        fault = drawn.choice([each for each in _faults(side) if each not in exempt])
        bit, seconds = drawn.randrange(8), _seconds(fault, deadline_s[phase])
        yield Case(phase, Planned(fault, place, side, bit=bit, seconds=seconds))


def _faults(side: Side) -> tuple[WireFault, ...]:
    everywhere = tuple(each for each in WireFault if each is not WireFault.HANG_IN_OPEN)
    return everywhere if side is Side.TO_HOST else _TO_DEVICE


def _at(
    phase: Phase,
    side: Side,
    at: int,
    exempt: Mapping[WireFault, str],
    deadline_s: float,
    bits: tuple[int, ...],
) -> Iterator[Case]:
    for fault in _faults(side):
        if fault in exempt:
            continue
        for bit in bits if fault is WireFault.FLIP else (-1,):
            place = Place(Unit.PACKET, at)
            yield Case(
                phase, Planned(fault, place, side, bit=bit, seconds=_seconds(fault, deadline_s))
            )


def _seconds(fault: WireFault, deadline_s: float) -> float:
    return round(deadline_s + _STALL_PAST_S, 2) if fault is WireFault.STALL else 0.0
