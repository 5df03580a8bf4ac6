"""Compare two sets of minutiae: find the motion on which most agree, and rate how they agree.

Three things make a pair of minutiae count: how close they lie after the motion, whether their neighbours
are off by the same little (skin stretches slowly, chance does not), and how much of the overlap agrees.
What the same prints give when laid wrongly on purpose is chance, and is taken off: two fingers of one
class have minutiae that point alike over wide areas. Only the best minutiae of each side take part: more
are not better, the weak ones agree by chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.motion import NEAR_PX, Floats, Mates, Motions, fitted, turns, voted
from station.minutiae import Template

BEST = 40
_FEWEST = 12  # a handful of minutiae on a scrap of skin must not make a high share
_NEIGHBOURS_PX = np.float32(70.0)  # over which skin stretches as one
_STRETCH_PX = np.float32(5.0)
_SHARPNESS = 1.5  # a close pair says more than two loose ones
_ASIDE_PX, _ASIDES = 32.0, 8  # where and how often chance is measured
_CHANCE = 4.0  # times its mean: what stands out is more than chance's spread
_KEPT = 3  # motions that are rated in full
_SCALE = 40.0


@dataclass(frozen=True, slots=True)
class Match:
    """How alike two impressions are: ``score`` from 0, unbounded; ``matched`` minutiae that agree."""

    score: float
    matched: int


def compare(probe: Template, reference: Template) -> Match:
    """Return the similarity; the same whichever comes first and in whatever order minutiae stand."""
    a, b = _points(probe.best(BEST)), _points(reference.best(BEST))
    if len(a) < 3 or len(b) < 3:
        return Match(0.0, 0)
    if (len(b), *b.sum(axis=0)) < (len(a), *a.sum(axis=0)):
        a, b = b, a  # one fixed direction makes the score symmetric to the last bit
    turn = turns(a, b)
    candidates = voted(a, b, turn)
    if not candidates.turn.size:
        return Match(0.0, 0)
    close = _closeness(a)
    motions, mates = fitted(a, b, turn, candidates, keep=_KEPT)
    scores = _scores(a, b, close, motions, mates)
    best = int(np.argmax(scores))
    aside = fitted(a, b, turn, motions.shifted(best, _ASIDE_PX, _ASIDES))
    chance = _CHANCE * float(_scores(a, b, close, *aside).mean())
    score = _SCALE * max(0.0, float(scores[best]) - chance)
    return Match(round(score, 2), int(mates.paired[best].sum()))


def _points(template: Template) -> Floats:
    """Return rows of (x, y up, angle) around the centre of mass, in a fixed order."""
    rows = np.stack([template.x, -template.y, template.angle], axis=1).astype(np.float32)
    if len(rows):
        rows = rows[np.lexsort(rows.T)]
        rows[:, :2] -= rows[:, :2].mean(axis=0)
    return rows


def _closeness(points: Floats) -> Floats:
    """Return how much each pair of minutiae of one print are neighbours, 0..1; none is its own."""
    x = points[:, None, 0] - points[None, :, 0]
    y = points[:, None, 1] - points[None, :, 1]
    close = np.exp((x * x + y * y) / (-2 * _NEIGHBOURS_PX * _NEIGHBOURS_PX))
    np.fill_diagonal(close, 0)
    return np.asarray(close, dtype=np.float32)


def _scores(a: Floats, b: Floats, close: Floats, motions: Motions, mates: Mates) -> Floats:
    """Return the similarity (p,) under each motion, chance not yet taken off."""
    weight = mates.paired.astype(np.float32)
    x = mates.off_x[:, :, None] - mates.off_x[:, None, :]
    y = mates.off_y[:, :, None] - mates.off_y[:, None, :]
    together = np.exp((x * x + y * y) / (-2 * _STRETCH_PX * _STRETCH_PX))
    neighbours = close[None] * weight[:, None, :]
    share = (neighbours * together).sum(axis=2) / np.maximum(neighbours.sum(axis=2), 1e-6)
    worth = weight * share * np.maximum(1 - mates.cost / 2, 0) ** _SHARPNESS
    common = np.minimum(_within(motions.applied(a), b), _within(motions.undone(b), a))
    score = weight.sum(axis=1) * worth.sum(axis=1) / np.maximum(_FEWEST, common)
    return np.asarray(score, dtype=np.float32)


def _within(places: tuple[Floats, Floats], others: Floats) -> NDArray[np.intp]:
    """Count the places (p, n) that lie in the box of the other print's minutiae."""
    low, high = others[:, :2].min(axis=0) - NEAR_PX, others[:, :2].max(axis=0) + NEAR_PX
    x, y = places
    inside = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    count: NDArray[np.intp] = inside.sum(axis=1)
    return count
