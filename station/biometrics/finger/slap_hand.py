"""Which finger is which, and of which hand, from where fingertips lie beside each other.

A hand is told by its arc: the middle finger reaches furthest, the little finger least and is the smallest.
Every way to give the expected positions to the fingers found is rated as a normal model of three things
rates it: how far each tip reaches, how far fingers lie apart, how wide they are; each only against the
others, so size and place of the hand do not matter. The figures are rough means of adult hands, with
deviations as wide as slaps are sloppy; none was fitted.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.devices import FingerPosition, Slap

RIGHT_FOUR: Final = frozenset(Slap.RIGHT_FOUR.fingers)
LEFT_FOUR: Final = frozenset(Slap.LEFT_FOUR.fingers)
THUMBS: Final = frozenset(Slap.THUMBS.fingers)

# Index to little: how far the tip stays behind the middle finger's, where the finger lies across the hand,
# in mm, and its width against the index finger's.
_BEHIND: Final = (9.0, 0.0, 8.0, 24.0)
_ACROSS: Final = (0.0, 21.0, 42.0, 61.0)
_WIDTH: Final = (1.0, 1.03, 0.98, 0.86)
_REACH_SD, _ACROSS_SD, _WIDTH_SD = 4.5, 4.0, 0.08
_TURN_SD: Final = math.tan(math.radians(6))  # how wrongly the hand's direction is found
_SPREAD_SD: Final = 0.18  # fingers closed or spread, share of the distance
_FREE: Final = 1e4  # variance of what is not known at all: place and size

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tip:
    """One fingertip in the hand's upright frame: ``across`` to the right and ``down`` in mm, ``width`` in mm."""

    across: float
    down: float
    width: float


def from_left(
    positions: Sequence[FingerPosition] | frozenset[FingerPosition],
) -> list[FingerPosition]:
    """Return the positions as they lie on a platen, left to right: left hand little first, then the right."""
    return sorted(positions, key=lambda p: p.value if p.value <= 5 else -p.value)


def likelihood(tips: Sequence[Tip], positions: Sequence[FingerPosition]) -> float:
    """Return the logarithm of how well the tips, left to right, fit these fingers; same n on both sides."""
    fingers = [(position.value - 1) % 5 - 1 for position in positions]
    mirror = [1.0 if position.value <= 5 else -1.0 for position in positions]
    across = np.array([tip.across for tip in tips])
    down = np.array([tip.down for tip in tips])
    width = np.log(np.maximum([tip.width for tip in tips], 0.1))
    place = np.array([side * _ACROSS[f] for f, side in zip(fingers, mirror, strict=True)])
    centred = across - across.mean()
    spaced = place - place.mean()
    reach = np.outer(centred, centred) * _TURN_SD**2
    spread = np.outer(spaced, spaced) * _SPREAD_SD**2
    return (
        _log_normal(down - [_BEHIND[f] for f in fingers], _REACH_SD, reach)
        + _log_normal(across - place, _ACROSS_SD, spread)
        + _log_normal(width - np.log([_WIDTH[f] for f in fingers]), _WIDTH_SD, 0 * reach)
    )


def _log_normal(off: Floats, deviation: float, shared: Floats) -> float:
    cover = shared + deviation**2 * np.eye(len(off)) + _FREE
    _, size = np.linalg.slogdet(cover)
    return float(-0.5 * (off @ np.linalg.solve(cover, off) + size))


def hand_confidence(tips: Sequence[Tip], positions: Sequence[FingerPosition]) -> float:
    """Return 0..1: how surely the tips are of the hand of ``positions`` and not of the other one."""
    other = [_mirrored(position) for position in reversed(positions)]
    return _sigmoid(likelihood(tips, positions) - likelihood(tips, other))


def best_subset(
    tips: Sequence[Tip], expected: frozenset[FingerPosition]
) -> tuple[tuple[FingerPosition, ...], float]:
    """Return which of the expected fingers the tips are, left to right, and how surely (0..1).

    Only for fingers of one hand and fewer tips than expected fingers.
    """
    order = from_left(expected)
    ways = list(itertools.combinations(order, len(tips)))
    rates = np.array([likelihood(tips, way) for way in ways])
    shares = np.exp(rates - rates.max())
    best = int(np.argmax(rates))
    return ways[best], float(shares[best] / shares.sum())


def _mirrored(position: FingerPosition) -> FingerPosition:
    return FingerPosition(position.value + 5 if position.value <= 5 else position.value - 5)


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))
