"""The rig of the template: ``rekam conform finger.dot --rig drivers.template.dot_rig:make_rig``."""

from drivers.conformance.rig import Rig
from drivers.conformance.rigs.fingers import FingerRig
from drivers.contract import Driver, Site
from drivers.emulation.machine import Machine
from drivers.faults.grammar import Grammar
from drivers.faults.plan import Side
from drivers.faults.wire import Wire
from drivers.template.dot import DRIVER, DotScanner
from drivers.template.dot_lines import END, LONGEST, sealed
from drivers.template.dot_machine import DotModule
from station.clock import SystemClock
from station.devices import Device

_SIZE = 12  # pixels a side: 12 rows are 12 packets


class DotGrammar(Grammar):
    """One line is one packet."""

    name = "dot"

    def length(self, front: bytes, side: Side) -> int:
        """Return the length with the line end."""
        at = front.find(END)
        return at + 1 if at >= 0 else (LONGEST if len(front) > LONGEST else 0)

    def fake_header(self, side: Side) -> bytes:
        """Return the beginning of a line that the next one cuts."""
        return b"07 ROW n="

    def spoil(self, packet: bytes, side: Side) -> bytes | None:
        """Return the line with a checksum whose first digit is another."""
        text, star, crc = packet.rpartition(b"*")
        return text + star + (b"0" if crc[:1] != b"0" else b"1") + crc[1:] if star else None

    def mend(self, packet: bytes, side: Side) -> bytes:
        """Return the line with the checksum of its text."""
        return sealed(packet.rpartition(b"*")[0])

    def huge(self, packet: bytes, side: Side) -> bytes | None:
        """Return the largest total a TAKE can announce, or else a line of 65 000 characters."""
        text, star, _ = packet.rpartition(b"*")
        head, total, _ = text.partition(b" total=")
        if total:
            return sealed(head + b" total=999999999")
        return sealed(text + b" pad=" + b"0" * 65_000) if star else None

    def nak(self, packet: bytes, side: Side) -> bytes | None:
        """Return the refusal of the same question."""
        return sealed(packet[:2] + b" ERR code=1") if side is Side.TO_HOST else None


class DotRig(FingerRig):
    """A small module in a socket."""

    name = "finger.dot"
    size = _SIZE

    def __init__(self, seed: int = 7) -> None:
        super().__init__(seed)
        self.wire = Wire(DotGrammar())

    def machine(self, serial: int) -> Machine:
        """Return the module."""
        return DotModule(self.glass, width=_SIZE, height=_SIZE, serial=serial)

    def device(self) -> Device:
        """Return the driver's scanner, not opened."""
        return DotScanner(self.socket.url, Site(SystemClock()), lambda: self.open_line(115200))

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER


def make_rig() -> Rig:
    """Return a fresh rig."""
    return DotRig()
