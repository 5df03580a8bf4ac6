"""Slap segmentation: how fast, and how often it is right on drawn hands."""

from collections.abc import Iterator

import cv2

from drivers.emulation.scenes.slap import LEFT_FOUR, RIGHT_FOUR, THUMBS, SlapPress, draw_slap
from station.biometrics.finger.slap import Finding, Side, Slap, segment
from station.biometrics.finger.slap_hand import from_left
from station.devices import FingerPosition
from tests.bench.rows import BenchRow, timed, wilson

_BODIES = (60, 61, 62)  # each grows ten fingers once
_TURNS = (-30.0, -15.0, 0.0, 15.0, 30.0)
_HANDS = ((RIGHT_FOUR, Side.RIGHT), (LEFT_FOUR, Side.LEFT))


def rows() -> list[BenchRow]:
    """Return speed and rates; OpenCV works on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*_speed(), *_rates()]
    finally:
        cv2.setNumThreads(threads)


def _speed() -> Iterator[BenchRow]:
    picture = draw_slap(_BODIES[0], RIGHT_FOUR, 1).image
    asked = frozenset(RIGHT_FOUR)
    size = f"{picture.shape[1]}x{picture.shape[0]}"
    yield timed(f"slap of four, {size}", 60, lambda: segment(picture, 500, asked))


def _rates() -> Iterator[BenchRow]:
    named, sides, refused, told, wrong = [], [], [], [], []
    for body in _BODIES:
        for seed, turn in enumerate(_TURNS):
            for group, side in _HANDS:
                press = SlapPress(
                    rotation=turn, gap=float(seed), lower=bool(seed % 2), shade=10.0 * seed
                )
                slap = segment(draw_slap(body, group, seed, press, height=1200).image, 500, group)
                named.append(slap.accepted and _positions(slap) == from_left(frozenset(group)))
                sides.append(slap.hand is side)
                wrong.append(slap.hand not in (side, None))
                absent = group[seed % len(group)]
                short = SlapPress(rotation=turn, missing=frozenset({absent}))
                less = segment(draw_slap(body, group, seed, short, height=1200).image, 500, group)
                refused.append(not less.accepted and Finding.TOO_FEW in less.findings)
                told.append(less.missing in (frozenset({absent}), frozenset()))
    thumbs = [
        segment(draw_slap(body, THUMBS, seed, SlapPress(gap=8.0)).image, 500, THUMBS)
        for body in _BODIES
        for seed in range(3)
    ]
    yield _rate("drawn slaps: four fingers found and named", named)
    yield _rate("drawn slaps: hand told", sides)
    yield _rate("drawn slaps: hand told wrongly", wrong, goal=0.0)
    yield _rate("drawn slaps, one finger missing: refused", refused)
    yield _rate("the same: the missing one named, or said not to be sure", told)
    yield _rate("drawn thumbs: both found", [slap.accepted for slap in thumbs])


def _positions(slap: Slap) -> list[FingerPosition | None]:
    return [finger.position for finger in slap.fingers]


def _rate(name: str, right: list[bool], goal: float | None = None) -> BenchRow:
    low, high = wilson(sum(right), len(right))
    note = f"{sum(right)} of {len(right)}; 95 % between {100 * low:.1f} and {100 * high:.1f} %"
    return BenchRow(name, "%", 100 * sum(right) / len(right), None, goal, note)
