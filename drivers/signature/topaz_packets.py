"""The 5-byte packets of Topaz serial pads (format 0): bytes to values and back, no line, no time.

Layout: published reverse-engineering notes (MIT licence), proven there on one pad model only. There is
no checksum: the sync bit, the packet type and (in the driver) the pen's speed are all that tells damage from ink.
"""

import struct
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


@dataclass(frozen=True, slots=True)
class PadPacket:
    """One packet; ``x`` and ``y`` are the raw words: 14 bits in INFO, else 12."""

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

    def encode(self) -> bytes:
        """Return the five bytes."""
        head = 0x80 | self.near << 6 | self.kind << 2 | self.down
        return struct.pack(
            "5B", head, self.x & 0x7F, self.x >> 7 & 0x7F, self.y & 0x7F, self.y >> 7 & 0x7F
        )


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
    """Cuts a byte stream into packets; after damage it starts again at the next sync bit."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.damaged = 0  # packets given up since the start

    @property
    def need(self) -> int:
        """Bytes missing for the packet at the front."""
        return PACKET_BYTES - len(self._buffer)

    def feed(self, data: bytes) -> list[PadPacket]:
        """Append received bytes and return the packets that became complete."""
        found = []
        for byte in data:
            if byte & 0x80:
                if self._buffer:
                    self._give_up()
            elif not self._buffer:
                continue  # still looking for a sync bit; counted when it was lost
            self._buffer.append(byte)
            if len(self._buffer) == PACKET_BYTES:
                packet = _parse(self._buffer)
                if packet is None:
                    self._give_up()
                else:
                    found.append(packet)
                self._buffer.clear()
        return found

    def _give_up(self) -> None:
        self.damaged += 1
        self._buffer.clear()


def _parse(five: bytearray) -> PadPacket | None:
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
