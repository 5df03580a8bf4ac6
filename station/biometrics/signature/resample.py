"""A signature at an even rate for exchange: linear in time, inside strokes only."""

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np

from station.devices import PenPoint
from station.errors import FormatError

RATE_HZ = 100


def resample(points: Sequence[PenPoint], rate_hz: int = RATE_HZ) -> tuple[PenPoint, ...]:
    """Return the strokes sampled at multiples of 1/rate from the first point's time.

    Nothing is invented while the pen is away: between two strokes stands one point with the pen up, at
    the place where it left. A stroke shorter than one step keeps its first point. FormatError when time
    runs backwards (take ``plausible`` first).
    """
    if any(later.t_us < sooner.t_us for sooner, later in pairwise(points)):
        raise FormatError(format="signature", reason="time backwards", offset=0)
    step = round(1_000_000 / rate_hz)
    start = points[0].t_us if points else 0
    out: list[PenPoint] = []
    for down, run in groupby(points, key=lambda point: point.down):
        if not down:
            continue
        stroke = list(run)
        if out:
            left = out[-1]
            at = min(left.t_us + step, stroke[0].t_us)
            out.append(PenPoint(at, left.x_um, left.y_um, 0.0, down=False))
        out += _stroke(stroke, start, step)
    return tuple(out)


def _stroke(stroke: list[PenPoint], start: int, step: int) -> list[PenPoint]:
    times = np.array([point.t_us for point in stroke], np.int64)
    first = start + -(-(int(times[0]) - start) // step) * step  # rounded up to the next tick
    ticks = np.arange(first, int(times[-1]) + 1, step)
    if not ticks.size:
        return stroke[:1]
    x, y, press = (
        np.interp(ticks, times, np.array([getattr(point, name) for point in stroke], np.float64))
        for name in ("x_um", "y_um", "pressure")
    )
    return [
        PenPoint(int(t), round(float(px)), round(float(py)), float(p), down=True)
        for t, px, py, p in zip(ticks, x, y, press, strict=True)
    ]
