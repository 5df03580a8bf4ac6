"""The middle of every proxy: bytes of one direction in, damaged bytes, pauses and unpluggings out."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from drivers.faults.grammar import Grammar
from drivers.faults.plan import REMOVES, Planned, Side, Unit, WireFault

GARBAGE: Final = bytes.fromhex("00 FF EF 40 13 EF 01 FF 0A 3C 2A 80 55")
_NAKS: Final = 40
_QUIET_S: Final = 0.02  # half a packet is let go after this silence
_STALE_KEPT: Final = 4


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing passes for so long."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Unplugged:
    """The cable has left; whoever carries the bytes cuts the line."""

    other_serial: bool = False


Step = bytes | Pause | Unplugged


@dataclass(frozen=True, slots=True)
class _Held:
    """A packet kept back until the next one has passed."""

    data: bytes


class Wire:
    """Counts and damages what passes; any thread. Transports call, rigs and kit arm and look."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self._lock = threading.RLock()
        self.generation = 0  # of the plan; carriers let go of what an older one delays
        self._flows = {side: _Flow(grammar, side) for side in Side}

    def arm(self, *planned: Planned) -> None:
        """Replace the faults to come; packets, bytes and time count from now."""
        with self._lock:
            self.generation += 1
            for side, flow in self._flows.items():
                flow.arm([each for each in planned if each.side is side])

    def clear(self) -> None:
        """Forget the faults to come and what was held back; what a fault still delays arrives at once."""
        self.arm()

    def packets(self, side: Side) -> int:
        """Packets that came in since the last ``arm``."""
        return self._flows[side].packets

    def octets(self, side: Side) -> int:
        """Bytes that came in since the last ``arm``."""
        return self._flows[side].octets

    def reopened(self, channel: int = 0) -> None:
        """Forget half packets: the line was closed or opened again. Armed faults and counts stay."""
        with self._lock:
            for flow in self._flows.values():
                flow.reopened(channel)

    @property
    def fired(self) -> int:
        """How many packets have suffered since the last ``arm``."""
        return sum(flow.fired for flow in self._flows.values())

    @property
    def hanging(self) -> bool:
        """Whether no byte passes at all."""
        return any(flow.hanging for flow in self._flows.values())

    def stream(self, side: Side, data: bytes, channel: int = 0) -> Sequence[Step]:
        """Take bytes of a stream; return what goes on. Half a packet waits for ``idle`` or its rest.

        ``channel`` tells connections apart that are open at the same time; counts run over all of them.
        """
        with self._lock:
            return () if self.hanging else tuple(self._flows[side].stream(data, channel))

    def idle(self, side: Side, channel: int = 0, *, ended: bool = False) -> Sequence[Step]:
        """Let half a packet go on if nothing has come for 20 ms, or if the stream has ended."""
        with self._lock:
            if self.hanging or not (ended or self._flows[side].quiet(channel)):
                return ()
            return tuple(self._flows[side].idle(channel))

    def message(self, side: Side, data: bytes, channel: int = 0) -> Sequence[Step]:
        """Take one whole packet of a transport that keeps them apart (HID, APDU)."""
        with self._lock:
            return () if self.hanging else tuple(self._flows[side].message(data, channel))


class _Flow:
    """One direction."""

    def __init__(self, grammar: Grammar, side: Side) -> None:
        self._grammar = grammar
        self._side = side
        self._old: deque[bytes] = deque(maxlen=_STALE_KEPT)
        self._pending: dict[int, bytearray] = {}
        self._heard_at: dict[int, float] = {}
        self.arm([])

    def arm(self, planned: Sequence[Planned]) -> None:
        self._planned = list(planned)
        self._left = {id(each): each.times for each in planned}
        self._began = time.monotonic()
        self._held: dict[int, list[bytes]] = {}
        self.packets = self.octets = self.fired = 0

    @property
    def hanging(self) -> bool:
        return any(each.fault is WireFault.HANG_IN_OPEN for each in self._planned)

    def reopened(self, channel: int) -> None:
        self._pending.pop(channel, None)
        self._heard_at.pop(channel, None)
        self._held.pop(channel, None)

    def stream(self, data: bytes, channel: int) -> Iterator[Step]:
        self._heard_at[channel] = time.monotonic()
        pending = self._pending.setdefault(channel, bytearray())
        pending += data
        while pending:
            length = self._grammar.length(bytes(pending), self._side)
            if length == 0 or length > len(pending):
                return
            packet = bytes(pending[:length])
            del pending[:length]
            yield from self.message(packet, channel)

    def quiet(self, channel: int) -> bool:
        heard_at = self._heard_at.get(channel)
        return heard_at is not None and time.monotonic() - heard_at >= _QUIET_S

    def idle(self, channel: int) -> Iterator[Step]:
        rest = bytes(self._pending.pop(channel, b""))
        if rest:
            yield from self.message(rest, channel)

    def message(self, packet: bytes, channel: int) -> Iterator[Step]:
        held = self._held.pop(channel, [])
        index, offset = self.packets, self.octets
        self.packets += 1
        self.octets += len(packet)
        due = next(
            (each for each in self._planned if self._hits(each, index, offset, packet)), None
        )
        if due is None:
            yield packet
        else:
            self._left[id(due)] -= 1
            self.fired += 1
            for step in self._at_byte(due, packet, offset):
                if isinstance(step, _Held):
                    self._held[channel] = [step.data]
                else:
                    yield step
        self._old.append(packet)
        yield from held

    def _hits(self, planned: Planned, index: int, offset: int, packet: bytes) -> bool:
        if self._left[id(planned)] < 1:
            return False
        match planned.place.unit:
            case Unit.PACKET:
                return index >= planned.place.value
            case Unit.BYTE:
                return planned.place.value < offset + len(packet)
            case Unit.SECONDS:
                return time.monotonic() - self._began >= planned.place.value

    def _at_byte(self, due: Planned, packet: bytes, offset: int) -> Iterator[Step | _Held]:
        """With a byte address the fault is the rest of the packet's, from that byte on."""
        cut = 0
        if due.place.unit is Unit.BYTE:
            cut = max(0, int(due.place.value) - offset)
        if cut and due.fault in REMOVES:
            yield packet[:cut]
            yield Unplugged(due.fault is WireFault.REPLUG_OTHER_SERIAL)
            return
        if cut:
            yield packet[:cut]
        yield from self._suffer(due, packet[cut:])

    def _suffer(self, due: Planned, data: bytes) -> Iterator[Step | _Held]:
        match due.fault:
            case WireFault.DELAY | WireFault.STALL:
                yield Pause(due.lasts_s)
                yield data
            case WireFault.DELAY_BYTES | WireFault.SLOW_DRIP:
                for byte in data:
                    yield Pause(due.lasts_s)
                    yield bytes([byte])
            case WireFault.DROP:
                return
            case WireFault.DUPLICATE:
                yield data
                yield data
            case WireFault.REORDER:
                yield _Held(data)
            case WireFault.TRUNCATE:
                yield data[: len(data) // 2]
            case WireFault.FLIP:
                yield flipped(data, due.bit)
            case WireFault.INSERT_GARBAGE:
                yield GARBAGE
                yield data
            case WireFault.FAKE_HEADER:
                yield self._grammar.fake_header(self._side)
                yield data
            case WireFault.HUGE_LENGTH | WireFault.BAD_CHECKSUM | WireFault.NAK_STORM:
                forged = self._forged(due.fault, data)
                if forged is None:
                    self.fired -= 1  # this packet has no such field: it passes
                    yield data
                else:
                    yield from [forged] * (_NAKS if due.fault is WireFault.NAK_STORM else 1)
            case WireFault.STALE_REPLY:
                if not self._old:
                    self.fired -= 1
                yield from tuple(self._old)[:1]
                yield data
            case WireFault.UNPLUG | WireFault.REPLUG_OTHER_SERIAL:
                yield data[: len(data) // 2]
                yield Unplugged(due.fault is WireFault.REPLUG_OTHER_SERIAL)
            case WireFault.HANG_IN_OPEN:
                return

    def _forged(self, fault: WireFault, data: bytes) -> bytes | None:
        """Return the packet with a field of the protocol changed; None: the protocol has no such field."""
        forgers: dict[WireFault, Callable[[bytes, Side], bytes | None]] = {
            WireFault.HUGE_LENGTH: self._grammar.huge,
            WireFault.BAD_CHECKSUM: self._grammar.spoil,
            WireFault.NAK_STORM: self._grammar.nak,
        }
        return forgers[fault](data, self._side)


def flipped(data: bytes, bit: int) -> bytes:
    """Return the bytes with one bit turned over, counted modulo their length; -1 is the middle."""
    bits = len(data) * 8
    byte, place = divmod((bits // 2 if bit < 0 else bit) % bits, 8)
    damaged = bytearray(data)
    damaged[byte] ^= 1 << place
    return bytes(damaged)
