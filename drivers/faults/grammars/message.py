"""Transports that keep packets apart themselves: HID reports and card APDUs."""

from drivers.faults.grammar import Grammar
from drivers.faults.plan import Side


class HidGrammar(Grammar):
    """One report is one packet; the first byte is the report id, there is no checksum above USB's own."""

    name = "hid"

    def length(self, front: bytes, side: Side) -> int:
        """Return everything: reports come whole."""
        return len(front)

    def fake_header(self, side: Side) -> bytes:
        """Return a pen report cut after two bytes."""
        return b"\x01\x80"

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the report with 65 000 bytes behind it: what a device may not send and a driver must not keep."""
        return packet + bytes(65_000)


class ApduGrammar(Grammar):
    """One command or one response is one packet; the last two bytes of a response are its status word."""

    name = "apdu"

    def length(self, front: bytes, side: Side) -> int:
        """Return everything: the reader's driver keeps APDUs apart."""
        return len(front)

    def fake_header(self, side: Side) -> bytes:
        """Return a status word that announces more."""
        return b"\x61\x10" if side is Side.TO_HOST else b"\x00\xc0\x00\x00"

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the longest response an extended APDU can have, with the same status word."""
        return bytes(65536) + packet[-2:] if side is Side.TO_HOST and len(packet) >= 2 else None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return 6F 00, no precise diagnosis."""
        return b"\x6f\x00" if side is Side.TO_HOST else None
