"""Which pen points can be real: a pen has a place on the pad, a time that grows, and a hand's speed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from station.devices import PenPoint

MAX_SPEED_MM_S = 3000.0  # a pen in a hand stays far below; a damaged byte jumps at far more
CLOCK_S = 0.002  # time stamps of neighbours may be the same: systems deliver in bursts
SLACK_UM = 1000  # a pad's edge is not exact to the millimetre


@dataclass(frozen=True, slots=True)
class Checked:
    """The points that were kept, and how many fell to which rule."""

    points: tuple[PenPoint, ...] = field(repr=False)
    backwards: int  # time earlier than that of the point before
    outside: int  # not on the pad
    jumped: int  # faster than a hand

    @property
    def dropped(self) -> int:
        """All points that were left out."""
        return self.backwards + self.outside + self.jumped


def plausible(points: Sequence[PenPoint], pad_um: tuple[int, int] | None = None) -> Checked:
    """Return the plausible points; ``pad_um`` is the pad's width and height, None when unknown.

    Speed is judged within a stroke only: between strokes the pen may go anywhere. One wrong point falls
    alone, the next is compared with the last good one; when three in a row disagree with it, the last
    good one was the wrong one and the stroke goes on from the newer ones.
    """
    kept: list[PenPoint] = []
    counts = {"backwards": 0, "outside": 0, "jumped": 0}
    in_doubt = 0
    for point in points:
        last = kept[-1] if kept else None
        if last is not None and point.t_us < last.t_us:
            counts["backwards"] += 1
        elif pad_um is not None and not _on_pad(point, pad_um):
            counts["outside"] += 1
        elif last is not None and last.down and point.down and _jumps(last, point) and in_doubt < 3:
            in_doubt += 1
            counts["jumped"] += 1
        else:
            in_doubt = 0
            kept.append(point)
    return Checked(tuple(kept), **counts)


def _on_pad(point: PenPoint, pad_um: tuple[int, int]) -> bool:
    return all(
        -SLACK_UM <= place <= side + SLACK_UM
        for place, side in zip((point.x_um, point.y_um), pad_um, strict=True)
    )


def _jumps(last: PenPoint, point: PenPoint) -> bool:
    way_um = math.hypot(point.x_um - last.x_um, point.y_um - last.y_um)
    seconds = (point.t_us - last.t_us) / 1e6 + CLOCK_S
    return way_um / 1000 > MAX_SPEED_MM_S * seconds
