"""Faults an emulator can be asked for by name, and what each does to the bytes on the line."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


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
    STALL = "stall"
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


Step = bytes | Stall | Unplug

GARBAGE = bytes.fromhex("00 FF EF 40 13 EF 01 FF 0A")


@dataclass(slots=True)
class PlannedFault:
    """A fault at data packet ``at``, for the next ``times`` passages of that packet.

    ``bit`` is the bit FLIP_BIT turns over, counted from the packet's first byte and taken modulo its
    length; -1 is the middle of the packet. ``seconds`` is the length of a STALL.
    """

    fault: Fault
    at: int = 0
    times: int = 1
    bit: int = -1
    seconds: float = 5.0

    def hits(self, packet: Outgoing) -> bool:
        """Whether this packet suffers now."""
        if packet.index is None or self.times < 1:
            return False
        return packet.last if self.fault is Fault.DROP_LAST else packet.index == self.at


class FaultPlan:
    """The faults still to come, applied to packets in the order they leave."""

    def __init__(self) -> None:
        self._planned: list[PlannedFault] = []
        self._held_back: bytes = b""

    def add(self, planned: PlannedFault) -> None:
        """Ask for one fault."""
        self._planned.append(planned)

    def clear(self) -> None:
        """Forget all faults."""
        self._planned.clear()
        self._held_back = b""

    def steps(self, packet: Outgoing) -> Iterator[Step]:
        """Yield what really goes out for this packet."""
        held, self._held_back = self._held_back, b""
        # Copied before iterating: another thread may ask for the next fault meanwhile.
        due = next((planned for planned in tuple(self._planned) if planned.hits(packet)), None)
        if due is None:
            yield packet.data
        else:
            due.times -= 1
            if due.times < 1:
                self._planned.remove(due)
            yield from self._suffer(due, packet.data)
        if held:
            yield held

    def _suffer(self, due: PlannedFault, data: bytes) -> Iterator[Step]:
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
                yield _flipped(data, len(data) * 4 if due.bit < 0 else due.bit)
            case Fault.TRUNCATE:
                yield data[: len(data) // 2]
            case Fault.GARBAGE_BEFORE:
                yield GARBAGE + data
            case Fault.STALL:
                yield Stall(due.seconds)
                yield data
            case Fault.UNPLUG_MID_TRANSFER:
                yield data[: len(data) // 2]
                yield Unplug()


def _flipped(data: bytes, bit: int) -> bytes:
    byte, place = divmod(bit % (len(data) * 8), 8)
    damaged = bytearray(data)
    damaged[byte] ^= 1 << place
    return bytes(damaged)
