"""Lines of RLP/1, the lamp's protocol: ASCII, ``*`` and a CRC before the line end."""

import binascii
from typing import Final

from drivers.faults.grammar import Grammar
from drivers.faults.plan import Side

_END: Final = b"\n"
_LONGEST: Final = 96


class RlpGrammar(Grammar):
    """One line is one packet."""

    name = "rlp"

    def length(self, front: bytes, side: Side) -> int:
        """Return the length with the line end; a line too long for the protocol passes in pieces."""
        at = front.find(_END)
        if at >= 0:
            return at + 1
        return _LONGEST if len(front) > _LONGEST else 0

    def fake_header(self, side: Side) -> bytes:
        """Return the beginning of a line that is cut by the next one."""
        return b">0" if side is Side.TO_DEVICE else b"<0"

    def spoil(self, packet: bytes, side: Side) -> bytes | None:
        """Return the line with another last digit of the CRC."""
        text, star, crc = packet.rstrip().rpartition(b"*")
        if not star or not crc:
            return None
        return text + star + crc[:-1] + (b"0" if crc[-1:] != b"0" else b"1") + _END

    def mend(self, packet: bytes, side: Side) -> bytes:
        """Return the line with the CRC of its text."""
        return sealed(packet.rstrip().rpartition(b"*")[0])

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return one line of 65 000 characters: the protocol has no length field, only a longest line."""
        text = packet.rstrip().rpartition(b"*")[0]
        return sealed(text + b" pad=" + b"A" * 65_000) if text else None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return ERR code=CRC to the same sequence number."""
        if side is Side.TO_DEVICE or not packet.startswith(b"<"):
            return None
        return sealed(packet[:3] + b" ERR code=CRC")


def sealed(text: bytes) -> bytes:
    """Return a line: text, star, CRC-16/CCITT-FALSE in upper hex, line end."""
    return text + b"*%04X" % binascii.crc_hqx(text, 0xFFFF) + _END
