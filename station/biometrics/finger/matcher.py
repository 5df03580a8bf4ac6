"""Compare two sets of minutiae: vote for a rigid motion, refine it, count what then agrees.

Only the best minutiae of each side take part: more are not better, the weak ones agree by chance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.minutiae import Template

Floats = NDArray[np.float64]

BEST = 40
_TURN = np.deg2rad(60.0)  # fingers are never put down further turned than this against each other
_BIN_PX, _BIN_TURN = 20.0, np.deg2rad(10.0)
_PEAKS = 8
_NEAR_PX, _NEAR_TURN = 14.0, np.deg2rad(20.0)
_FEWEST = 12  # a handful of minutiae on a scrap of skin must not make a high share


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
    turn, shift = _peaks(a, b)
    if not turn.size:
        return Match(0.0, 0)
    for _ in range(2):
        turn, shift = _refined(a, b, turn, shift)
    return _scored(a, b, turn, shift)


def _points(template: Template) -> Floats:
    """Return rows of (x, y up, angle) around the centre of mass, in a fixed order."""
    rows = np.stack([template.x, -template.y, template.angle], axis=1).astype(np.float64)
    if len(rows):
        rows = rows[np.lexsort(rows.T)]
        rows[:, :2] -= rows[:, :2].mean(axis=0)
    return rows


def _peaks(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return the rotations (p,) and shifts (p, 2) from a to b that most pairs of minutiae vote for."""
    turn = _wrapped(b[None, :, 2] - a[:, None, 2])
    i, j = np.nonzero(np.abs(turn) < _TURN)
    turn = turn[i, j]
    shift = b[j, :2] - _turned(a[i, :2], turn)
    cell = np.floor(np.column_stack([shift / _BIN_PX, turn / _BIN_TURN])).astype(np.intp)
    if not len(cell):
        return np.zeros(0), np.zeros((0, 2))
    cell -= cell.min(axis=0) - 1
    votes = np.zeros(cell.max(axis=0) + 2)
    np.add.at(votes, tuple(cell.T), 1)
    for axis in range(3):
        votes = votes + np.roll(votes, -1, axis)
    order = np.argsort(-votes, axis=None, kind="stable")[:_PEAKS]
    order = order[votes.ravel()[order] >= 3]
    corner = np.stack(np.unravel_index(order, votes.shape), axis=1)
    offset = cell[None] - corner[:, None]
    inside = np.all((offset == 0) | (offset == 1), axis=2)
    turns = (inside @ turn) / inside.sum(axis=1)
    # The mean turn, then the shift that it implies for each voting pair, and of these the median.
    moved = b[j, :2][None] - _turned(a[i, :2][None], turns[:, None])
    shifts = np.nanmedian(np.where(inside[..., None], moved, np.nan), axis=1)
    return turns, shifts


def _refined(a: Floats, b: Floats, turn: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """Return the least-squares motion over mutual nearest neighbours, per candidate motion."""
    paired, partner, _ = _mates(a, b, turn, shift)
    weight = paired.astype(np.float64)
    total = np.maximum(weight.sum(axis=1), 1)[:, None]
    target = b[partner, :2]
    mean_a = (weight[..., None] * a[None, :, :2]).sum(axis=1) / total
    mean_b = (weight[..., None] * target).sum(axis=1) / total
    u, v = a[None, :, :2] - mean_a[:, None], target - mean_b[:, None]
    dot = (weight * (u * v).sum(axis=2)).sum(axis=1)
    cross = (weight * (u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])).sum(axis=1)
    enough = weight.sum(axis=1) >= 3
    new_turn = np.where(enough, np.arctan2(cross, dot), turn)
    new_shift = np.where(enough[:, None], mean_b - _turned(mean_a, new_turn), shift)
    return new_turn, new_shift


def _mates(
    a: Floats, b: Floats, turn: Floats, shift: Floats
) -> tuple[NDArray[np.bool_], NDArray[np.intp], Floats]:
    """Return per motion and minutia of a: whether it has a mate, which of b, at what cost 0..2."""
    moved = _turned(a[None, :, :2], turn[:, None]) + shift[:, None]
    apart = np.hypot(
        moved[:, :, None, 0] - b[None, None, :, 0], moved[:, :, None, 1] - b[None, None, :, 1]
    )
    twist = np.abs(_wrapped(b[None, None, :, 2] - a[None, :, None, 2] - turn[:, None, None]))
    cost = apart / _NEAR_PX + twist / _NEAR_TURN
    cost[(apart > _NEAR_PX) | (twist > _NEAR_TURN)] = np.inf
    partner = np.argmin(cost, axis=2)
    back = np.argmin(cost, axis=1)
    least = np.take_along_axis(cost, partner[..., None], axis=2)[..., 0]
    mutual = np.take_along_axis(back, partner, axis=1) == np.arange(len(a))[None]
    return mutual & np.isfinite(least), partner, least


def _scored(a: Floats, b: Floats, turn: Floats, shift: Floats) -> Match:
    paired, _, cost = _mates(a, b, turn, shift)
    count = paired.sum(axis=1)
    worth = np.where(paired, 1 - np.where(paired, cost, 0) / 2, 0).sum(axis=1)
    there = _turned(a[None, :, :2], turn[:, None]) + shift[:, None]
    back = _turned(b[None, :, :2] - shift[:, None], -turn[:, None])
    common = np.minimum(_within(there, b), _within(back, a))
    score = 10 * count * worth / np.maximum(_FEWEST, common)
    best = int(np.argmax(score))
    return Match(round(float(score[best]), 3), int(count[best]))


def _within(places: Floats, others: Floats) -> NDArray[np.intp]:
    """Count the places (p, n, 2) that lie in the box of the other print's minutiae."""
    low, high = others[:, :2].min(axis=0) - _NEAR_PX, others[:, :2].max(axis=0) + _NEAR_PX
    count: NDArray[np.intp] = np.all((places >= low) & (places <= high), axis=2).sum(axis=1)
    return count


def _turned(points: Floats, turn: Floats) -> Floats:
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = points[..., 0], points[..., 1]
    return np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1)


def _wrapped(angle: Floats) -> Floats:
    return (angle + np.pi) % (2 * np.pi) - np.pi
