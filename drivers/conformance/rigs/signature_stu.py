"""The rig of ``signature.stu``: timed reports behind frames with a checksum, as USB has one.

Exact means: every point is one that was drawn, with its own time, place and pressure, in order, none twice; what is
missing has been counted.
"""

from collections.abc import Sequence

from drivers.conformance.rig import Rig
from drivers.conformance.rigs.pads import AWAY_S, PadRig, ink
from drivers.contract import Driver
from drivers.emulation.stu import StuModule
from drivers.faults.grammars.hid_frames import HidFramesGrammar
from drivers.faults.wire import Wire
from drivers.hid.framed import FramedHid
from drivers.hid.transport import HidTransport
from drivers.signature.stu import StuPad
from drivers.signature.stu_driver import DRIVER
from station.clock import Deadline, SystemClock
from station.devices import Device, PenPoint, SignatureCapture

_LIFTED_US = 10_000, 20_000  # after the last point: the lifted pen, the pen that has left
_FLAGS = 0x300  # near and down share the word with the pressure


class StuRig(PadRig):
    """An STU-540."""

    name = "signature.stu"

    def __init__(self, seed: int = 7) -> None:
        super().__init__(seed)
        self.wire = Wire(HidFramesGrammar())

    def module(self, serial: str) -> StuModule:
        """Return the pad."""
        module = StuModule(SystemClock(), seed=self._serial)
        if serial:
            module.rename(f"EMU{serial}")
        return module

    def device(self) -> Device:
        """Return the driver's pad, not opened."""

        def opened(deadline: Deadline) -> HidTransport:
            return FramedHid(self.open_line(115200), deadline)

        return StuPad(self.socket.url, SystemClock(), opened, away_s=AWAY_S)

    def exact(self, result: object) -> bool:
        """Whether all points were drawn, in order, and the missing ones were counted."""
        if not isinstance(result, SignatureCapture) or not result.points:
            return False
        last = self.points[-1]
        script = [_seen(point, point.t_us, down=point.down) for point in self.points]
        script += [_seen(last, last.t_us + later, down=False) for later in _LIFTED_US]
        if result.points[0].down is False:
            return False
        # Times count from the first point that came.
        places = [point[1:] for point in script]
        first = places.index(_place(result.points[0])) if _place(result.points[0]) in places else -1
        if first < 0:
            return False
        began = script[first][0]
        got = [(point.t_us + began, *_place(point)) for point in result.points]
        rest = iter(script)
        in_order = all(point in rest for point in got)
        wanted = len(ink(self.points)) + 1  # and the pen that lifts
        return in_order and len(got) + result.dropped >= wanted

    def wire_bytes(self) -> Sequence[bytes]:
        """Return the reports of the signature."""
        return [report.encode() for _, report in self.module("").moves(self.points, 1.0)]

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER


def _seen(point: PenPoint, t_us: int, *, down: bool) -> tuple[int, int, int, float, bool]:
    """Return a point as it comes through the pad's own steps."""
    force = (_FLAGS | round(point.pressure * 0xFF)) / 1023 if down else 0.0
    return t_us, round(point.x_um / 10) * 10, round(point.y_um / 10) * 10, force, down


def _place(point: PenPoint) -> tuple[int, int, float, bool]:
    return point.x_um, point.y_um, point.pressure, point.down


def make_rig() -> Rig:
    """Return a fresh rig."""
    return StuRig()
