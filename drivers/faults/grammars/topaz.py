"""Packets of Topaz pads: five bytes, only the first has bit 7; no checksum, no length."""

from drivers.faults.grammar import Grammar
from drivers.faults.plan import Side

_PACKET = 5


class TopazGrammar(Grammar):
    """To the host five bytes; to the pad every byte is a command."""

    name = "topaz"

    def length(self, front: bytes, side: Side) -> int:
        """Return 5 behind a sync byte, else the length of the noise before the next one."""
        if side is Side.TO_DEVICE:
            return 1
        if front[0] & 0x80:
            return _PACKET
        return next((at for at, byte in enumerate(front) if byte & 0x80), len(front))

    def fake_header(self, side: Side) -> bytes:
        """Return a sync byte with pen near and down."""
        return b"\xc1"
