"""The points of one signature as they come: what is kept, what no pen can have made, and when it is enough."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from station.devices import PenPoint
from station.errors import ProtocolError

# A pen in a hand stays far below this; where no checksum guards a point, a jump is damage.
_MAX_UM_PER_S: Final = 3_000_000
_QUANTUM_UM: Final = 200  # raw steps and clamping move a point by up to this much
_AGREED: Final = 3  # so many points in a row against the last one
_BAD_SHARE: Final = 0.05
_JUDGED_FROM: Final = 20  # packets; fewer say nothing about a cable
# Twenty minutes of writing at a hundred points a second: more is no signature but a flood.
_MOST_POINTS: Final = 120_000


class Strokes:
    """Every point of a stroke, and the first one after it with the pen up."""

    def __init__(self) -> None:
        self.points: list[PenPoint] = []
        self.dropped = 0
        self._doubted: list[PenPoint] = []  # refused in a row, agreeing with each other

    @property
    def pen_down(self) -> bool:
        """Whether the last point is part of an unfinished stroke."""
        return bool(self.points) and self.points[-1].down

    def is_ink(self, *, down: bool) -> bool:
        """Whether a point says something new: a pen that hovers between strokes does not."""
        return down or self.pen_down

    def take(self, point: PenPoint) -> Sequence[PenPoint]:
        """Return what is kept because of this point: nothing when no hand can have moved there.

        What is left out is counted. When three points agree with each other and not with the last one, that one was
        the damaged one: it is taken back. ProtocolError for a flood.
        """
        if self._fits(point):
            self._doubted.clear()
            return self._keep(point)
        self.dropped += 1
        if not point.down:
            return self._lift(point)
        if self._doubted and not _possible(self._doubted[-1], point):
            self._doubted.clear()
        self._doubted.append(point)
        if len(self._doubted) < _AGREED:
            return ()
        doubted, self._doubted = self._doubted, []
        if not self._take_back(doubted[0]):
            return ()
        self.dropped -= len(doubted)
        return self._keep(*doubted)

    def cable_looks_bad(self, damaged: int) -> bool:
        """Whether more than one packet in twenty was damaged or impossible."""
        bad = damaged + self.dropped
        seen = bad + len(self.points)
        return seen >= _JUDGED_FROM and bad > seen * _BAD_SHARE

    def wipe(self) -> None:
        """Forget the points of a signature that was cut."""
        self.points.clear()
        self._doubted.clear()

    def _keep(self, *points: PenPoint) -> Sequence[PenPoint]:
        if len(self.points) + len(points) > _MOST_POINTS:
            raise ProtocolError(reason="endless signature")
        self.points += points
        return points

    def _fits(self, point: PenPoint) -> bool:
        return not self.pen_down or _possible(self.points[-1], point)

    def _lift(self, point: PenPoint) -> Sequence[PenPoint]:
        """End the stroke: that the pen is up is certain, where it was may not be."""
        self._doubted.clear()
        if self._take_back(point):
            self.dropped -= 1
            return self._keep(point)
        last = self.points[-1]
        return self._keep(replace(point, x_um=last.x_um, y_um=last.y_um))

    def _take_back(self, newer: PenPoint) -> bool:
        """Remove the last point when ``newer`` can follow the one before it, or begins the stroke without it."""
        before = self.points[-2] if len(self.points) > 1 else None
        if before is not None and before.down and not _possible(before, newer):
            return False
        self.points.pop()
        self.dropped += 1
        return True


def _possible(before: PenPoint, after: PenPoint) -> bool:
    way_um = math.hypot(after.x_um - before.x_um, after.y_um - before.y_um)
    return way_um <= _QUANTUM_UM + _MAX_UM_PER_S * (after.t_us - before.t_us) / 1e6
