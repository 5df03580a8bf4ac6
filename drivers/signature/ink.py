"""The points of one signature as they come: what is kept, what no pen can have made, and when it is enough."""

import math
from typing import Final

from station.devices import PenPoint
from station.errors import ProtocolError

# A pen in a hand stays far below this; where no checksum guards a point, a jump is damage.
_MAX_UM_PER_S: Final = 3_000_000
_QUANTUM_UM: Final = 200  # raw steps and clamping move a point by up to this much
# After so many refused points in a row the reference, not the points, was the damaged one.
_GIVE_IN_AFTER: Final = 3
_BAD_SHARE: Final = 0.05
_JUDGED_FROM: Final = 20  # packets; fewer say nothing about a cable
# Twenty minutes of writing at a hundred points a second: more is no signature but a flood.
_MOST_POINTS: Final = 120_000


class Strokes:
    """Every point of a stroke, and the first one after it with the pen up."""

    def __init__(self) -> None:
        self.points: list[PenPoint] = []
        self.dropped = 0
        self._refused = 0

    @property
    def pen_down(self) -> bool:
        """Whether the last point is part of an unfinished stroke."""
        return bool(self.points) and self.points[-1].down

    def is_ink(self, *, down: bool) -> bool:
        """Whether a point says something new: a pen that hovers between strokes does not."""
        return down or self.pen_down

    def take(self, point: PenPoint) -> PenPoint | None:
        """Keep a point; None, and counted, when no hand can have moved there. ProtocolError for a flood."""
        if not self._plausible(point):
            self.dropped += 1
            self._refused += 1
            return None
        self._refused = 0
        if len(self.points) >= _MOST_POINTS:
            raise ProtocolError(reason="endless signature")
        self.points.append(point)
        return point

    def cable_looks_bad(self, damaged: int) -> bool:
        """Whether more than one packet in twenty was damaged or impossible."""
        bad = damaged + self.dropped
        seen = bad + len(self.points)
        return seen >= _JUDGED_FROM and bad > seen * _BAD_SHARE

    def wipe(self) -> None:
        """Forget the points of a signature that was cut."""
        self.points.clear()

    def _plausible(self, point: PenPoint) -> bool:
        if not self.pen_down or self._refused >= _GIVE_IN_AFTER:
            return True
        before = self.points[-1]
        way_um = math.hypot(point.x_um - before.x_um, point.y_um - before.y_um)
        return way_um <= _QUANTUM_UM + _MAX_UM_PER_S * (point.t_us - before.t_us) / 1e6
