"""Frames of Suprema SFM modules: 13 bytes, and behind a data header a chunk with its 32-bit sum."""

import struct
from typing import Final

from drivers.faults.grammar import Grammar, up_to
from drivers.faults.plan import Side

_START: Final = b"\x40"
_FRAME: Final = 13
_SIX: Final = 0x83
_ERROR: Final = 0x60  # "failed"
_CHUNK_MOST: Final = 65536
_SUM: Final = 4


class SfmGrammar(Grammar):
    """A data header and its chunk are one packet: they leave the module together."""

    name = "sfm"

    def length(self, front: bytes, side: Side) -> int:
        """Return the length of the frame, with chunk and sum behind a data header."""
        if front[0] != _START[0]:
            return up_to(front, _START)
        if len(front) < _FRAME:
            return 0
        chunk = _chunk(front, side)
        return _FRAME + (min(chunk, _CHUNK_MOST) + _SUM if chunk else 0)

    def fake_header(self, side: Side) -> bytes:
        """Return the header of a first packet whose chunk does not come."""
        return _sealed(struct.pack("<BBIIB", _START[0], _SIX, 22, 4096, 0))

    def spoil(self, packet: bytes, side: Side) -> bytes | None:
        """Return the packet with another sum: the chunk's where there is one, else the frame's."""
        if not _whole(packet):
            return None
        at = len(packet) - 1 if len(packet) > _FRAME else _FRAME - 2
        return packet[:at] + bytes([packet[at] ^ 0xFF]) + packet[at + 1 :]

    def mend(self, packet: bytes, side: Side) -> bytes:
        """Return the packet with the sums of what it now holds."""
        head, body = packet[:_FRAME], packet[_FRAME:]
        if body:
            body = body[:-_SUM] + struct.pack("<I", sum(body[:-_SUM]) & 0xFFFFFFFF)
        return _sealed(head[:11]) + body

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the packet with SIZE = FFFFFFFF and the frame's sum right."""
        if not _whole(packet):
            return None
        return _sealed(packet[:6] + b"\xff" * 4 + packet[10:11]) + packet[_FRAME:]

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return the answer "failed" to the same command."""
        if side is Side.TO_DEVICE or not _whole(packet):
            return None
        return _sealed(struct.pack("<BBIIB", _START[0], packet[1], 0, 0, _ERROR))


def _chunk(front: bytes, side: Side) -> int:
    """Return the chunk length a data header announces; 0 for every other frame."""
    if side is Side.TO_DEVICE or front[1] != _SIX or front[10] != 0:
        return 0
    return int.from_bytes(front[6:10], "little")


def _sealed(head: bytes) -> bytes:
    return head + bytes([sum(head) & 0xFF, 0x0A])


def _whole(packet: bytes) -> bool:
    return packet.startswith(_START) and len(packet) >= _FRAME
