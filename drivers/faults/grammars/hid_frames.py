"""HID reports as frames on a byte stream: A5 5A, kind, tag, length, payload, CRC-16 (docs/drivers.md)."""

import binascii
import struct
from typing import Final

from drivers.faults.grammar import Grammar, up_to
from drivers.faults.plan import Side

_MARK: Final = b"\xa5\x5a"
_HEAD: Final = 6
_CRC: Final = 2
_MOST: Final = _HEAD + 1024 + _CRC
_INPUT, _REFUSED = 0x90, 0x83


class HidFramesGrammar(Grammar):
    """Both directions have the same frames."""

    name = "hid-frames"

    def length(self, front: bytes, side: Side) -> int:
        """Return the length the header says, noise up to the next mark, 0 for a header not yet whole."""
        if not front.startswith(_MARK[: len(front)]):
            return up_to(front, _MARK)
        if len(front) < _HEAD:
            return 0
        return min(_HEAD + int.from_bytes(front[4:6], "little") + _CRC, _MOST)

    def fake_header(self, side: Side) -> bytes:
        """Return the head of an input report of 200 bytes that do not come."""
        return _MARK + struct.pack("<BBH", _INPUT, 0, 200)

    def spoil(self, packet: bytes, side: Side) -> bytes | None:
        """Return the frame with another CRC."""
        return packet[:-1] + bytes([packet[-1] ^ 0xFF]) if _whole(packet) else None

    def mend(self, packet: bytes, side: Side) -> bytes:
        """Return the frame with the CRC of what it now holds."""
        body = packet[2:-2]
        return _MARK + body + struct.pack("<H", binascii.crc_hqx(body, 0xFFFF))

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the frame announcing 65535 bytes; its CRC can only be that of those it has."""
        return self.mend(packet[:4] + b"\xff\xff" + packet[6:], side) if _whole(packet) else None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return a refusal of the question this answers; None in the place of an input report."""
        if side is Side.TO_DEVICE or not _whole(packet) or packet[2] == _INPUT:
            return None
        head = _MARK + struct.pack("<BBH", _REFUSED, packet[3], 1)
        return self.mend(head + b"\0" + bytes(_CRC), side)


def _whole(packet: bytes) -> bool:
    return packet.startswith(_MARK) and len(packet) >= _HEAD + _CRC
