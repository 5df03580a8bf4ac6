"""Faults an emulator can be asked for by name, and what each does to the bytes on the line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """One thing that goes wrong in a transfer."""

    DROP_PACKET = "drop-packet"
    DROP_LAST = "drop-last"
    DUPLICATE_PACKET = "duplicate-packet"
    SWAP_PACKETS = "swap-packets"  # this packet comes after the next one
    BAD_CHECKSUM = "bad-checksum"
    FLIP_BIT = "flip-bit"
    TRUNCATE = "truncate"  # the packet ends half way
    GARBAGE_BEFORE = "garbage-before"
    DELAY = "delay"  # a third of a second, which any reader survives
    STALL = "stall"
    SLOW_DRIP = "slow-drip"  # for a second this packet comes a byte every 50 ms
    MUTE = "mute"  # nothing leaves any more until the power is cycled
    UNPLUG_MID_TRANSFER = "unplug-mid-transfer"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One packet on its way out; ``index`` counts the data packets of a transfer, None for answers."""

    data: bytes
    index: int | None = None
    last: bool = False


@dataclass(frozen=True, slots=True)
class Stall:
    """A pause on the line."""

    seconds: float


class Unplug:
    """The cable leaves."""


class Mute:
    """From here on nothing leaves."""


Step = bytes | Stall | Unplug | Mute

# Other words for the same: those of the fault proxy, and short ones.
_ALIASES: Final = {
    "drop": Fault.DROP_PACKET,
    "duplicate": Fault.DUPLICATE_PACKET,
    "reorder": Fault.SWAP_PACKETS,
    "flip": Fault.FLIP_BIT,
    "insert-garbage": Fault.GARBAGE_BEFORE,
    "garbage": Fault.GARBAGE_BEFORE,
    "hang-in-open": Fault.MUTE,
    "unplug": Fault.UNPLUG_MID_TRANSFER,
}
_DELAY_S: Final = 0.3
_DRIP_S: Final = 0.05
_DRIPS: Final = 20
_WHEN: Final = re.compile(r"(?P<packet>\d{1,9})|b(?P<byte>\d{1,12})|t(?P<after>\d{1,6}(\.\d+)?)")

GARBAGE = bytes.fromhex("00 FF EF 40 13 EF 01 FF 0A")


@dataclass(slots=True)
class PlannedFault:
    """A fault at data packet ``at``, for the next ``times`` passages of that packet.

    ``bit`` is the bit FLIP_BIT turns over, counted from the packet's first byte and taken modulo its
    length; -1 is the middle of the packet. ``seconds`` is the length of a STALL.

    With ``byte`` it happens at that byte of everything the device has sent, with ``after_s`` at the first packet
    that leaves so many seconds after the start; both also hit answers.
    """

    fault: Fault
    at: int = 0
    times: int = 1
    bit: int = -1
    seconds: float = 5.0
    byte: int = -1
    after_s: float = -1.0

    def hits(self, packet: Outgoing, sent: int, elapsed_s: float) -> bool:
        """Whether this packet suffers now: ``sent`` bytes and ``elapsed_s`` seconds after the start."""
        if self.times < 1:
            return False
        if self.byte >= 0:
            return sent <= self.byte < sent + len(packet.data)
        if self.after_s >= 0:
            return elapsed_s >= self.after_s
        if packet.index is None:
            return False
        return packet.last if self.fault is Fault.DROP_LAST else packet.index == self.at

    def place(self, length: int, sent: int) -> int:
        """Return the byte of the packet where it happens."""
        return length // 2 if self.byte < 0 else self.byte - sent


def parse_fault(name: str, when: str) -> PlannedFault:
    """Read a fault and its moment: "3" (data packet), "b120" (byte sent), "t2.5" (seconds); ValueError."""
    word = name.lower().replace("_", "-")
    try:
        fault = _ALIASES.get(word) or Fault(word)
    except ValueError as cause:
        raise ValueError(f"fault {name}: one of {', '.join(Fault)}") from cause
    found = _WHEN.fullmatch(when)
    if found is None:
        raise ValueError(f"fault {name}@{when}: @3 (data packet), @b120 (byte) or @t2.5 (seconds)")
    planned = PlannedFault(fault)
    if found["byte"]:
        return replace(planned, byte=int(found["byte"]))
    if found["after"]:
        return replace(planned, after_s=float(found["after"]))
    return replace(planned, at=int(found["packet"]))


class FaultPlan:
    """The faults still to come, applied to packets in the order they leave."""

    def __init__(self) -> None:
        self._planned: list[PlannedFault] = []
        self._held_back: bytes = b""
        self._sent = 0
        self._mute = False

    def add(self, planned: PlannedFault) -> None:
        """Ask for one fault."""
        self._planned.append(planned)

    def clear(self) -> None:
        """Forget all faults."""
        self._planned.clear()
        self._held_back = b""
        self._mute = False

    def power_on(self) -> None:
        """Forget what a power cycle ends."""
        self._held_back = b""
        self._mute = False

    def unplug_is_due(self, elapsed_s: float) -> bool:
        """Whether the cable leaves now, with or without traffic; says so once."""
        for planned in tuple(self._planned):
            if planned.fault is Fault.UNPLUG_MID_TRANSFER and 0 <= planned.after_s <= elapsed_s:
                self._planned.remove(planned)
                return True
        return False

    def steps(self, packet: Outgoing, elapsed_s: float = 0.0) -> Iterator[Step]:
        """Yield what really goes out for this packet."""
        sent = self._sent
        self._sent += len(packet.data)
        if self._mute:
            return
        held, self._held_back = self._held_back, b""
        # Copied before iterating: another thread may ask for the next fault meanwhile.
        due = next(
            (each for each in tuple(self._planned) if each.hits(packet, sent, elapsed_s)), None
        )
        if due is None:
            yield packet.data
        else:
            due.times -= 1
            if due.times < 1:
                self._planned.remove(due)
            yield from self._suffer(due, packet.data, sent)
        if held:
            yield held

    def _suffer(self, due: PlannedFault, data: bytes, sent: int) -> Iterator[Step]:
        at = due.place(len(data), sent)
        match due.fault:
            case Fault.DROP_PACKET | Fault.DROP_LAST:
                return
            case Fault.DUPLICATE_PACKET:
                yield data + data
            case Fault.SWAP_PACKETS:
                self._held_back = data
            case Fault.BAD_CHECKSUM:
                yield data[:-1] + bytes([data[-1] ^ 0xFF])
            case Fault.FLIP_BIT:
                yield _flipped(data, at * 8 if due.bit < 0 else due.bit)
            case Fault.TRUNCATE:
                yield data[:at]
            case Fault.GARBAGE_BEFORE:
                at = 0 if due.byte < 0 else at
                yield data[:at] + GARBAGE + data[at:]
            case Fault.SLOW_DRIP:
                for each in data[:_DRIPS]:
                    yield bytes([each])
                    yield Stall(_DRIP_S)
                yield data[_DRIPS:]
            case Fault.MUTE:
                self._mute = True
                yield data[: max(0, at if due.byte >= 0 else 0)]
                yield Mute()
            case Fault.DELAY | Fault.STALL:
                at = 0 if due.byte < 0 else at
                yield data[:at]
                yield Stall(due.seconds if due.fault is Fault.STALL else _DELAY_S)
                yield data[at:]
            case Fault.UNPLUG_MID_TRANSFER:
                yield data[:at]
                yield Unplug()


def _flipped(data: bytes, bit: int) -> bytes:
    byte, place = divmod(bit % (len(data) * 8), 8)
    damaged = bytearray(data)
    damaged[byte] ^= 1 << place
    return bytes(damaged)
