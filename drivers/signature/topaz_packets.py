"""The 5-byte packets of Topaz serial pads: bytes to values and back, no line, no time.

Layout: published reverse-engineering notes (MIT licence), proven there on one pad model only. There is
no checksum: the sync bit, the packet type and (in the driver) the pen's speed are all that tells damage from ink.

Format 0 (8O1) is what all models but one speak. Format 1 (7O1, SignatureGem LCD 1x5) is **unproven**: the
notes give six bits a byte and a sync test that data bytes can also meet. Here a head is what passes that test
where a packet may begin, and any byte with bit 6 set, because six-bit data cannot have it.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, unique
from typing import Final

PACKET_BYTES: Final = 5
NOISE: Final = 0xFFF  # X = Y = FFF: the pad saw nothing it trusts


@unique
class Kind(IntEnum):
    """Packet types; 5 and 6 are reserved and count as damage."""

    POSITION = 0
    POSITION_1 = 1
    INFO = 2
    RESPONSE = 3
    POSITION_4 = 4
    PRESSURE = 7


POSITIONS: Final = frozenset({Kind.POSITION, Kind.POSITION_1, Kind.POSITION_4})
_KINDS: Final = {int(kind): kind for kind in Kind}
# Format 1 puts "near" where the type has its lowest bit: each type has two codes.
_KINDS_1: Final = {
    0: Kind.POSITION,
    1: Kind.POSITION,
    2: Kind.INFO,
    3: Kind.INFO,
    4: Kind.POSITION_4,
    5: Kind.POSITION_4,
    6: Kind.PRESSURE,
    7: Kind.PRESSURE,
}


@dataclass(frozen=True, slots=True)
class PadPacket:
    """One packet; ``x`` and ``y`` are the raw words: 14 bits in INFO (format 1: 12), else 12."""

    kind: Kind
    near: bool
    down: bool
    x: int
    y: int

    @property
    def pressure(self) -> int:
        """The 10-bit pressure of a PRESSURE packet."""
        return self.y & 0x3FF

    @property
    def model_code(self) -> int:
        """The model code of an INFO packet."""
        return self.x >> 2 & 0x3F

    @property
    def serial(self) -> int:
        """The 18-bit serial number of an INFO packet."""
        return (self.x & 3) << 16 | self.y

    def encode(self, pad_format: int = 0) -> bytes:
        """Return the five bytes."""
        return FORMATS[pad_format].encode(self)


@dataclass(frozen=True, slots=True)
class PadFormat:
    """How packets stand in the bytes."""

    begins: Callable[[int], bool]  # whether a packet may begin with this byte
    interrupts: Callable[[int], bool]  # whether this byte cannot stand inside a packet
    parse: Callable[[bytearray], PadPacket | None]
    encode: Callable[[PadPacket], bytes]


def info_packet(model_code: int, serial: int) -> PadPacket:
    """Return the INFO packet of a pad."""
    return PadPacket(
        Kind.INFO,
        near=True,
        down=False,
        x=(model_code & 0x3F) << 2 | serial >> 16 & 3,
        y=serial & 0x3FFF,  # seven bits a byte: bits 14 and 15 have no place on the wire
    )


class PadStream:
    """Cuts a byte stream into packets; after damage it starts again at the next possible head."""

    def __init__(self, pad_format: int = 0) -> None:
        self._format = FORMATS[pad_format]
        self._buffer = bytearray()
        # A capture may begin in the middle of a packet; its tail is no damage.
        self._stray = 1 - PACKET_BYTES
        self.damaged = 0  # packets given up since the start

    @property
    def need(self) -> int:
        """Bytes missing for the packet at the front."""
        return PACKET_BYTES - len(self._buffer)

    def feed(self, data: bytes) -> list[PadPacket]:
        """Append received bytes and return the packets that became complete."""
        found = []
        for byte in data:
            if self._buffer and self._format.interrupts(byte):
                self._give_up()
            if not self._buffer and not self._format.begins(byte):
                self._count_stray()
                continue
            self._stray = 0
            self._buffer.append(byte)
            if len(self._buffer) == PACKET_BYTES:
                packet = self._format.parse(self._buffer)
                if packet is None:
                    self._give_up()
                else:
                    found.append(packet)
                self.wipe()
        return found

    def wipe(self) -> None:
        """Overwrite and forget the packet that is not complete."""
        self._buffer[:] = bytes(len(self._buffer))
        self._buffer.clear()

    def _give_up(self) -> None:
        self.damaged += 1
        self.wipe()

    def _count_stray(self) -> None:
        self._stray += 1
        if self._stray > 0 and self._stray % PACKET_BYTES == 1:
            self.damaged += 1


def _parse_0(five: bytearray) -> PadPacket | None:
    head = five[0]
    kind = _KINDS.get(head >> 2 & 7)
    if kind is None:
        return None
    high = 0x7F if kind is Kind.INFO else 0x1F
    return PadPacket(
        kind,
        near=bool(head & 0x40),
        down=bool(head & 1),
        x=(five[2] & high) << 7 | five[1],
        y=(five[4] & high) << 7 | five[3],
    )


def _encode_0(packet: PadPacket) -> bytes:
    head = 0x80 | packet.near << 6 | packet.kind << 2 | packet.down
    x, y = packet.x, packet.y
    return struct.pack("5B", head, x & 0x7F, x >> 7 & 0x7F, y & 0x7F, y >> 7 & 0x7F)


def _parse_1(five: bytearray) -> PadPacket | None:
    head = five[0]
    return PadPacket(
        _KINDS_1[head >> 2 & 7],
        near=bool(head & 4),
        down=bool(head & 1),
        x=(five[2] & 0x3F) << 6 | five[1] & 0x3F,
        y=(five[4] & 0x3F) << 6 | five[3] & 0x3F,
    )


def _encode_1(packet: PadPacket) -> bytes:
    head = 0x40 | (packet.kind & 6) << 2 | packet.near << 2 | packet.down
    x, y = packet.x, packet.y
    return struct.pack("5B", head, x & 0x3F, x >> 6 & 0x3F, y & 0x3F, y >> 6 & 0x3F)


FORMATS: Final = {
    0: PadFormat(lambda b: b >= 0x80, lambda b: b >= 0x80, _parse_0, _encode_0),
    # Bit 7 has no place in seven bits: such a byte is damage wherever it stands.
    1: PadFormat(lambda b: b < 0x80 and b & 0x70 != 0x30, lambda b: b >= 0x40, _parse_1, _encode_1),
}
