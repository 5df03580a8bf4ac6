"""What can go wrong on a wire, by name, and where: ``flip@3``, ``unplug@b120``, ``stall@t2.5``.

A payload whose bits were changed *and* whose checksum was computed anew is no wire fault: no driver could tell
it from a true packet, and no line damages bytes so. ``Grammar.mend`` makes such packets for tests of a
reader's other checks; the fault matrix has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class WireFault(StrEnum):
    """One thing that happens to one packet, or to the line at that packet."""

    DELAY = "delay"  # the packet comes ``seconds`` late
    DELAY_BYTES = "delay-bytes"  # each of its bytes comes 2 ms late
    DROP = "drop"
    DUPLICATE = "duplicate"
    REORDER = "reorder"  # it comes after the next one
    TRUNCATE = "truncate"  # its second half is lost
    FLIP = "flip"  # one bit, ``bit`` (-1: the middle one)
    INSERT_GARBAGE = "insert-garbage"  # noise before it
    FAKE_HEADER = "fake-header"  # the beginning of a packet that never comes, before it
    HUGE_LENGTH = "huge-length"  # its length field says the most it can, its header checks
    BAD_CHECKSUM = "bad-checksum"
    STALL = "stall"  # nothing for ``seconds``, then everything
    SLOW_DRIP = "slow-drip"  # one byte in 50 ms
    UNPLUG = "unplug"  # the cable leaves, half of the packet is through
    REPLUG_OTHER_SERIAL = "replug-other-serial"  # and another device of the model comes
    NAK_STORM = "nak-storm"  # refusals in its place
    STALE_REPLY = "stale-reply"  # an older packet once more, before it
    HANG_IN_OPEN = "hang-in-open"  # the port opens, no byte passes in either direction


class Side(StrEnum):
    """Which way a packet travels."""

    TO_HOST = "to-host"
    TO_DEVICE = "to-device"


class Unit(StrEnum):
    """How a place is counted, from the moment the fault was armed."""

    PACKET = ""
    BYTE = "b"
    SECONDS = "t"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault happens: packet index, byte offset (from 0) or seconds."""

    unit: Unit = Unit.PACKET
    value: float = 0

    def __str__(self) -> str:
        value = self.value if self.unit is Unit.SECONDS else int(self.value)
        return f"{self.unit}{value}"


# How long the faults of time last when nobody says otherwise.
_SECONDS: Final[Mapping[WireFault, float]] = {
    WireFault.DELAY: 0.1,
    WireFault.DELAY_BYTES: 0.002,
    WireFault.STALL: 5.0,
    WireFault.SLOW_DRIP: 0.05,
}
# The line is gone, or opened to no purpose: what was sent before does not come back by itself.
REMOVES: Final = frozenset({WireFault.UNPLUG, WireFault.REPLUG_OTHER_SERIAL})


@dataclass(frozen=True, slots=True)
class Planned:
    """A fault at a place of one direction; it happens to ``times`` packets from there on."""

    fault: WireFault
    place: Place = Place()
    side: Side = Side.TO_HOST
    bit: int = -1
    seconds: float = 0.0  # 0: the fault's own usual time
    times: int = 1

    @property
    def lasts_s(self) -> float:
        """The time of a fault of time."""
        return self.seconds or _SECONDS.get(self.fault, 0.0)

    def __str__(self) -> str:
        """Return the text that ``parse`` reads back."""
        usual = Planned(self.fault, self.place, self.side)
        more = [
            f",{name}={getattr(self, name)}"
            for name in ("bit", "seconds", "times")
            if getattr(self, name) != getattr(usual, name)
        ]
        to = ">" if self.side is Side.TO_DEVICE else ""
        return f"{self.fault}@{to}{self.place}{''.join(more)}"


def parse(text: str) -> Planned:
    """Read ``NAME@[>]WHEN[,bit=N][,seconds=S][,times=N]``; ValueError says what is wrong.

    WHEN is a packet index ``3``, a byte offset ``b120`` or a time ``t2.5``; ``>`` in front means the
    direction to the device.
    """
    head, *settings = text.split(",")
    name, at, when = head.partition("@")
    try:
        fault = WireFault(name)
    except ValueError:
        known = " ".join(WireFault)
        raise ValueError(f"unknown fault {name!r}; known: {known}") from None
    planned = Planned(fault, _place(when.removeprefix(">")) if at else Place())
    if when.startswith(">"):
        planned = replace(planned, side=Side.TO_DEVICE)
    for setting in settings:
        key, _, value = setting.partition("=")
        match key:
            case "bit":
                planned = replace(planned, bit=int(value))
            case "times":
                planned = replace(planned, times=int(value))
            case "seconds":
                planned = replace(planned, seconds=float(value))
            case _:
                raise ValueError(f"unknown setting {key!r}; known: bit seconds times")
    return planned


def _place(text: str) -> Place:
    unit = Unit(text[0]) if text[:1] in {"b", "t"} else Unit.PACKET
    digits = text.removeprefix(unit)
    try:
        value = float(digits) if unit is Unit.SECONDS else int(digits)
    except ValueError:
        raise ValueError(f"{text!r} is no place; a packet 3, a byte b120, a time t2.5") from None
    if value < 0:
        raise ValueError(f"a place is counted from 0: {text!r}")
    return Place(unit, value)
