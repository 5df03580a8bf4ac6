"""From pad packets to pen points: time, micrometres, pressure, and what cannot be a pen."""

import math
from typing import Final

from drivers.signature.topaz_models import PadModel
from drivers.signature.topaz_packets import NOISE, PadPacket
from station.devices import PenPoint

# A pen in a hand stays far below this; the packets have no checksum, so a jump is damage.
_MAX_UM_PER_S: Final = 3_000_000
_QUANTUM_UM: Final = 200  # raw steps and clamping move a point by up to this much
# After so many refused points in a row the reference, not the points, was the damaged one.
_GIVE_IN_AFTER: Final = 3
_BAD_SHARE: Final = 0.05
_JUDGED_FROM: Final = 20  # packets; fewer say nothing about a cable


class Ink:
    """The points of one signature: every point of a stroke, and the first one after it with the pen up."""

    def __init__(self, model: PadModel, packet_s: float) -> None:
        """Start empty; ``packet_s`` is how long one packet takes on the line."""
        self.points: list[PenPoint] = []
        self.dropped = 0
        self._model = model
        self._packet_us = round(packet_s * 1e6)
        self._pressure = 1.0
        self._began = 0.0
        self._refused = 0

    @property
    def pen_down(self) -> bool:
        """Whether the last point is part of an unfinished stroke."""
        return bool(self.points) and self.points[-1].down

    def press(self, pressure: int) -> None:
        """Set the 10-bit pressure of the points that follow."""
        self._pressure = pressure / 1023

    def add(self, packet: PadPacket, at: float) -> PenPoint | None:
        """Take a position that arrived at monotonic time ``at``; None when it is no new ink."""
        if packet.x == NOISE and packet.y == NOISE:
            return None
        if not packet.down and not self.pen_down:
            return None  # hovering
        if not self.points:
            self._began = at
        x_um, y_um = self._model.to_um(packet.x, packet.y)
        point = PenPoint(
            self._time_us(at), x_um, y_um, self._pressure if packet.down else 0.0, packet.down
        )
        if not self._plausible(point):
            self.dropped += 1
            self._refused += 1
            return None
        self._refused = 0
        self.points.append(point)
        return point

    def cable_looks_bad(self, damaged: int) -> bool:
        """Whether more than one packet in twenty was damaged or impossible."""
        bad = damaged + self.dropped
        seen = bad + len(self.points)
        return seen >= _JUDGED_FROM and bad > seen * _BAD_SHARE

    def _time_us(self, at: float) -> int:
        """Return when the pen was there: USB delivers packets in bursts, the line cannot be faster."""
        arrived = round((at - self._began) * 1e6)
        return max(arrived, self.points[-1].t_us + self._packet_us) if self.points else 0

    def _plausible(self, point: PenPoint) -> bool:
        if not self.pen_down or self._refused >= _GIVE_IN_AFTER:
            return True
        before = self.points[-1]
        way_um = math.hypot(point.x_um - before.x_um, point.y_um - before.y_um)
        return way_um <= _QUANTUM_UM + _MAX_UM_PER_S * (point.t_us - before.t_us) / 1e6
