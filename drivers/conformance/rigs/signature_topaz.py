"""The rig of ``signature.topaz``: a pad with a screen; what "exact" can mean without checksum and number.

A Topaz packet proves nothing of itself but its sync bit and type. A packet that is lost whole leaves no trace, a
flipped bit of a coordinate is a place like any other, as long as a hand could have been there. So a result is held
against what a driver *can* know: every point but those of the damaged packets was drawn; all are inside the window, in
time, and no faster than a hand. Where no packet was damaged, nothing may differ at all.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from drivers.conformance.rig import Rig
from drivers.conformance.rigs.pads import AWAY_S, PadRig, ink
from drivers.contract import Driver
from drivers.emulation.topaz import TopazModule
from drivers.faults.grammars.topaz import TopazGrammar
from drivers.faults.plan import WireFault
from drivers.faults.wire import Wire
from drivers.signature.topaz import TopazPad
from drivers.signature.topaz_driver import DRIVER
from drivers.signature.topaz_models import MODELS
from station.clock import SystemClock
from station.devices import Device, PenPoint, SignatureCapture

_MODEL: Final = MODELS["SigLite LCD 1x5"]
_UM_PER_US: Final = 3.0
_QUANTUM_UM: Final = 250
_DAMAGED_POINTS: Final = 2  # of each packet: itself, and its neighbour where the pen seems lifted
_REPEATED_POINTS: Final = 4  # of each: the proxy may send an old packet again


class TopazRig(PadRig):
    """A SigLite LCD 1x5 at 19 200 8O1."""

    name = "signature.topaz"
    exempt = MappingProxyType(
        {
            WireFault.HUGE_LENGTH: "packets have no length",
            WireFault.BAD_CHECKSUM: "packets have no checksum",
            WireFault.NAK_STORM: "a pad answers nothing, so it refuses nothing",
        }
    )

    def __init__(self, seed: int = 7) -> None:
        super().__init__(seed)
        self.wire = Wire(TopazGrammar())

    def module(self, serial: str) -> TopazModule:
        """Return the pad."""
        return TopazModule(_MODEL, SystemClock(), seed=int(serial or self._serial))

    def device(self) -> Device:
        """Return the driver's pad, not opened, with its serial number from configuration."""
        return TopazPad(
            self.socket.url,
            SystemClock(),
            _MODEL,
            serial=str(self._serial),
            away_s=AWAY_S,
            opener=lambda: self.open_line(_MODEL.baud, _MODEL.parity),
        )

    def exact(self, result: object) -> bool:
        """Whether the points are the drawn ones, as far as this wire can show; see the module's text."""
        if not isinstance(result, SignatureCapture):
            return False
        lifted = replace(self.points[-1], down=False)
        drawn = [(*self._seen(point), point.down) for point in [*ink(self.points), lifted]]
        got = [(point.x_um, point.y_um, point.down) for point in result.points]
        damaged = self.wire.fired  # packets that a fault has touched in this capture
        if not damaged:
            return got == drawn and [point.pressure for point in result.points] == self._forces()
        foreign = [place for place in got if place not in drawn]
        return (
            len(foreign) <= _DAMAGED_POINTS * damaged
            and len(got) <= len(drawn) + _REPEATED_POINTS * damaged
            and all(0 <= x <= _MODEL.size_um[0] and 0 <= y <= _MODEL.size_um[1] for x, y, _ in got)
            and all(0 <= point.pressure <= 1 for point in result.points)
            and all(_possible(a, b) for a, b in pairwise(result.points))
        )

    def wire_bytes(self) -> Sequence[bytes]:
        """Return the packets of the signature."""
        module = self.module("")
        return [packet.encode() for _, packet in module.moves(self.points, 1.0)]

    def driver(self) -> Driver:
        """Return the driver's object."""
        return DRIVER

    def _forces(self) -> list[float]:
        forces = [point.pressure if point.down else 0.0 for point in ink(self.points)]
        return [round(force * 1023) / 1023 for force in [*forces, 0.0]]

    def _seen(self, point: PenPoint) -> tuple[int, int]:
        """Return a place as it comes through the pad's own steps."""
        return _MODEL.to_um(*_MODEL.to_raw(point.x_um, point.y_um))


def _possible(before: PenPoint, after: PenPoint) -> bool:
    way_um = math.hypot(after.x_um - before.x_um, after.y_um - before.y_um)
    passed_us = after.t_us - before.t_us
    return passed_us > 0 and (not before.down or way_um <= _QUANTUM_UM + _UM_PER_US * passed_us)


def make_rig() -> Rig:
    """Return a fresh rig."""
    return TopazRig()
