"""Packets of ZFM / R30x modules: EF 01, address, kind, length, payload, 16-bit sum."""

import struct
from typing import Final

from drivers.faults.grammar import Grammar, up_to
from drivers.faults.plan import Side

_MARK: Final = b"\xef\x01"
_HEAD: Final = 9
_MOST: Final = _HEAD + 258
_ACK: Final = 7


class ZfmGrammar(Grammar):
    """Both directions have the same packets."""

    name = "zfm"

    def length(self, front: bytes, side: Side) -> int:
        """Return the length the header says, noise up to the next mark, 0 for a header not yet whole."""
        if not front.startswith(_MARK[: len(front)]):
            return up_to(front, _MARK)
        if len(front) < _HEAD:
            return 0
        return min(_HEAD + int.from_bytes(front[7:9], "big"), _MOST)

    def fake_header(self, side: Side) -> bytes:
        """Return a data packet's header of 128 bytes that do not come."""
        return _MARK + bytes.fromhex("FFFFFFFF 02 0082")

    def spoil(self, packet: bytes, side: Side) -> bytes | None:
        """Return the packet with another sum."""
        return packet[:-1] + bytes([packet[-1] ^ 0xFF]) if _whole(packet) else None

    def mend(self, packet: bytes, side: Side) -> bytes:
        """Return the packet with the sum of what it now holds."""
        return packet[:-2] + struct.pack(">H", sum(packet[6:-2]) & 0xFFFF)

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the packet announcing 65535 bytes; the sum stands at its end and can only be that of these."""
        return self.mend(packet[:7] + b"\xff\xff" + packet[9:], side) if _whole(packet) else None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return the ack 01, packet receive error."""
        if side is Side.TO_DEVICE or not _whole(packet):
            return None
        return self.mend(packet[:6] + bytes([_ACK, 0, 3, 1, 0, 0]), side)


def _whole(packet: bytes) -> bool:
    return packet.startswith(_MARK) and len(packet) >= _HEAD + 3
