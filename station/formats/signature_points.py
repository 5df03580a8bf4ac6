"""Pen points to a signature record of ISO/IEC 19794-7 and back: the coarsest exact units, else the finest.

x and y are moved so that the middle of the ink is 0, because a channel has sixteen bits; their
differences are kept. The exact evidence is the station's own points file; this record is for exchange.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from station.devices import PenPoint
from station.errors import FormatError
from station.formats.signature_series import (
    NAME,
    Channel,
    ChannelKind,
    SignatureSeries,
    scale_value,
    stored_scale,
)

# Stored units per millimetre and per second, coarse to fine; each can be stored without rounding.
_PER_MM: Final = (10, 20, 50, 100, 125, 200, 250, 500, 1000)
_PER_S: Final = (100, 200, 250, 500, 1000, 2000, 5000, 10000)
_FULL: Final = 0xFFFF  # stored pressure of 1


def to_series(points: Sequence[PenPoint]) -> SignatureSeries:
    """Return X, Y, T, F and S of the points. FormatError: none, time backwards, or too large.

    Exact when the pad's steps and the clock's ticks are multiples of a unit that fits (10 um over
    655 mm, 1 um over 65 mm; 10 ms over 11 minutes, 100 us over 6.5 s); else rounded to the finest unit
    that fits. Pressure has 65 536 steps. y keeps the pad's direction, downwards.
    """
    if not points or any(b.t_us < a.t_us for a, b in pairwise(points)):
        raise FormatError(format=NAME, reason="points", offset=0)
    middles = [_middle([getattr(point, name) for point in points]) for name in ("x_um", "y_um")]
    places = [
        [point.x_um - middles[0] for point in points],
        [point.y_um - middles[1] for point in points],
    ]
    times = [point.t_us - points[0].t_us for point in points]
    spread = max(abs(value) for axis in places for value in axis)
    per_mm = _unit(_PER_MM, [v for axis in places for v in axis], 1000, 0x7FFF * 1000 / max(1, spread))  # fmt: skip
    per_s = _unit(_PER_S, times, 1_000_000, _FULL * 1_000_000 / max(1, times[-1]))
    x, y = (tuple(round(value * per_mm / 1000) for value in axis) for axis in places)
    force = tuple(round(point.pressure * _FULL) for point in points)
    moments = tuple(round(value * per_s / 1_000_000) for value in times)
    return SignatureSeries(
        (
            Channel(ChannelKind.X, x, stored_scale(per_mm)),
            Channel(ChannelKind.Y, y, stored_scale(per_mm)),
            Channel(ChannelKind.T, moments, stored_scale(per_s)),
            Channel(ChannelKind.F, force, minimum=0, maximum=_FULL),
            Channel(ChannelKind.S, tuple(int(point.down) for point in points)),
        ),
        len(points),
    )


def to_points(series: SignatureSeries) -> tuple[PenPoint, ...]:
    """Return the points of a record with X, Y and a time; FormatError without.

    Without S the pen is down where it presses, without F it presses fully while down.
    """
    x, y = (_scaled(series, kind, 1000) for kind in (ChannelKind.X, ChannelKind.Y))
    times = _times(series)
    force = series.channel(ChannelKind.F)
    switch = series.channel(ChannelKind.S)
    most = max(1, (force.maximum or max(force.values, default=1)) if force else 1)
    down = [bool(v) for v in (switch or force).values] if switch or force else []  # type: ignore[union-attr]
    down = down or [True] * series.count
    press = [min(1.0, v / most) for v in force.values] if force else []
    press = press or [float(is_down) for is_down in down]
    return tuple(
        PenPoint(t, px, py, p, d) for t, px, py, p, d in zip(times, x, y, press, down, strict=True)
    )


def _middle(values: list[int]) -> int:
    return (min(values) + max(values)) // 2


def _unit(units: Sequence[int], values: Sequence[int], base: int, finest: float) -> int:
    """Return the coarsest unit that keeps all values whole, else the finest that fits; FormatError."""
    fitting = [unit for unit in units if unit <= finest]
    if not fitting:
        raise FormatError(format=NAME, reason="too large", offset=0)
    exact = (unit for unit in fitting if all(value * unit % base == 0 for value in values))
    return next(exact, fitting[-1])


def _scaled(series: SignatureSeries, kind: ChannelKind, base: int) -> list[int]:
    channel = series.channel(kind)
    if channel is None or channel.scale is None or channel.constant:
        raise FormatError(format=NAME, reason=f"no {kind.name} in units", offset=8)
    scale = scale_value(channel.scale)
    return [round(value * base / scale) for value in channel.values]


def _times(series: SignatureSeries) -> list[int]:
    if series.channel(ChannelKind.T) is not None:
        return _scaled(series, ChannelKind.T, 1_000_000)
    steps = series.channel(ChannelKind.DT)
    if steps is None or steps.scale is None:
        raise FormatError(format=NAME, reason="no time", offset=8)
    if steps.constant:  # one step of the scale between neighbours
        return [round(n * 1_000_000 / scale_value(steps.scale)) for n in range(series.count)]
    times = [0]
    for step in _scaled(series, ChannelKind.DT, 1_000_000)[1:]:
        times.append(times[-1] + step)
    return times
