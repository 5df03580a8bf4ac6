"""Rigid motions that lay one print's minutiae on another's: voted for, fitted, and who then lies on whom.

Arrays are float32; ``p`` counts motions, ``n`` and ``m`` the minutiae of the two prints.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

NEAR_PX, NEAR_TURN = 14.0, float(np.deg2rad(20.0))
_TURN = np.deg2rad(60.0)  # fingers are never put down further turned than this against each other
_BIN_PX, _BIN_TURN = np.float32(20.0), np.float32(np.deg2rad(10.0))
_PEAKS = 8
_FEWEST_VOTES = 3
_NOBODY = 9.0  # cost of a pair that is no pair; real costs are 0..2
_ROUND = np.float32(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Motions:
    """Rotations (p,) and then shifts (p,) that take the first print to the second."""

    turn: Floats = field(repr=False)
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)

    def applied(self, points: Floats) -> tuple[Floats, Floats]:
        """Return x and y (p, n) of the points (n, 2 or more) after each motion."""
        cos, sin = np.cos(self.turn)[:, None], np.sin(self.turn)[:, None]
        x, y = points[None, :, 0], points[None, :, 1]
        return x * cos - y * sin + self.x[:, None], x * sin + y * cos + self.y[:, None]

    def undone(self, points: Floats) -> tuple[Floats, Floats]:
        """Return x and y (p, m) of points of the second print as the first one sees them."""
        cos, sin = np.cos(self.turn)[:, None], np.sin(self.turn)[:, None]
        x, y = points[None, :, 0] - self.x[:, None], points[None, :, 1] - self.y[:, None]
        return x * cos + y * sin, y * cos - x * sin

    def taken(self, index: NDArray[np.intp]) -> "Motions":
        """Return some of the motions."""
        return Motions(self.turn[index], self.x[index], self.y[index])

    def shifted(self, index: int, distance: float, directions: int) -> "Motions":
        """Return one of the motions, shifted that far into so many directions."""
        way = np.arange(directions, dtype=np.float32) * np.float32(2 * np.pi / directions)
        reach = np.float32(distance)
        return Motions(
            np.repeat(self.turn[index], directions),
            self.x[index] + reach * np.cos(way),
            self.y[index] + reach * np.sin(way),
        )


@dataclass(frozen=True, slots=True)
class Mates:
    """Who lies on whom after each motion: mutual nearest within the tolerances, all arrays (p, n)."""

    paired: NDArray[np.bool_] = field(repr=False)
    partner: NDArray[np.intp] = field(repr=False)  # index in the second print
    cost: Floats = field(repr=False)  # 0..2 where paired
    off_x: Floats = field(repr=False)  # from the moved minutia to its partner, pixels
    off_y: Floats = field(repr=False)

    def taken(self, index: NDArray[np.intp]) -> "Mates":
        """Return the mates under some of the motions."""
        return Mates(
            self.paired[index],
            self.partner[index],
            self.cost[index],
            self.off_x[index],
            self.off_y[index],
        )


def turns(a: Floats, b: Floats) -> Floats:
    """Return the difference (n, m) of the angles of every pair, -pi..pi."""
    return _wrapped(b[None, :, 2] - a[:, None, 2])


def voted(a: Floats, b: Floats, turn: Floats) -> Motions:
    """Return the motions that most pairs of minutiae vote for; none where no three agree."""
    i, j = np.nonzero(np.abs(turn) < _TURN)
    angle = turn[i, j]
    if not angle.size:
        return Motions(angle, angle, angle)
    x, y = _shift_of(a[i], b[j], angle)
    cells = [_cells(x / _BIN_PX), _cells(y / _BIN_PX), _cells(angle / _BIN_TURN)]
    shape = tuple(int(cell.max()) + 2 for cell in cells)
    flat = np.ravel_multi_index(tuple(cells), shape)
    votes = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    votes = votes[:-1] + votes[1:]  # a peak on the border of two bins is one peak
    votes = votes[:, :-1] + votes[:, 1:]
    votes = votes[:, :, :-1] + votes[:, :, 1:]
    heap = votes.ravel()
    order = np.argsort(-heap, kind="stable")[:_PEAKS]
    order = order[heap[order] >= _FEWEST_VOTES]
    corners = np.unravel_index(order, votes.shape)
    inside = np.ones((len(order), len(flat)), dtype=bool)
    for cell, corner in zip(cells, corners, strict=True):
        inside &= (cell - corner[:, None]) >> 1 == 0  # 0 or 1 beyond the corner
    weight = inside.astype(np.float32)
    total = np.maximum(weight.sum(axis=1), 1)
    mean = (weight * angle).sum(axis=1) / total
    # The mean turn first, then the shift that it implies for each voting pair.
    x, y = _shift_of(a[i], b[j], mean[:, None])
    return Motions(mean, (weight * x).sum(axis=1) / total, (weight * y).sum(axis=1) / total)


def fitted(
    a: Floats, b: Floats, turn: Floats, motions: Motions, *, keep: int = _PEAKS
) -> tuple[Motions, Mates]:
    """Return the motions after least-squares fits over their mates, and the mates then.

    All are fitted once; the ``keep`` with the most mates once more, where that is not all of them.
    """
    motions = _fit(a, b, motions, mated(a, b, turn, motions))
    mates = mated(a, b, turn, motions)
    if keep >= len(motions.turn):
        return motions, mates
    worth = np.where(mates.paired, 2 - mates.cost, 0).sum(axis=1)
    best = np.argsort(-worth, kind="stable")[:keep]
    motions, mates = motions.taken(best), mates.taken(best)
    motions = _fit(a, b, motions, mates)
    return motions, mated(a, b, turn, motions)


def mated(a: Floats, b: Floats, turn: Floats, motions: Motions) -> Mates:
    """Return the mutual nearest pairs, by place and angle together."""
    x, y = motions.applied(a)
    apart = b[None, None, :, 0] - x[:, :, None]
    apart *= apart
    down = b[None, None, :, 1] - y[:, :, None]
    down *= down
    apart += down
    np.sqrt(apart, out=apart)
    twist = turn[None] - motions.turn[:, None, None]
    whole = twist * np.float32(1 / _ROUND)  # in place from here: these are the largest arrays
    np.rint(whole, out=whole)
    whole *= _ROUND
    twist -= whole
    np.abs(twist, out=twist)
    far = apart > NEAR_PX
    far |= twist > NEAR_TURN
    apart *= np.float32(1 / NEAR_PX)
    twist *= np.float32(1 / NEAR_TURN)
    cost = apart
    cost += twist
    cost[far] = _NOBODY
    partner = cost.argmin(axis=2)
    least = np.take_along_axis(cost, partner[..., None], axis=2)[..., 0]
    mutual = least == np.take_along_axis(cost.min(axis=1), partner, axis=1)
    there = b[partner, :2]
    return Mates(mutual & (least < _NOBODY), partner, least, there[..., 0] - x, there[..., 1] - y)


def _fit(a: Floats, b: Floats, motions: Motions, mates: Mates) -> Motions:
    weight = mates.paired.astype(np.float32)
    count = weight.sum(axis=1)
    total = np.maximum(count, 1)[:, None]
    there = b[mates.partner, :2]
    mean_a = (weight[..., None] * a[None, :, :2]).sum(axis=1) / total
    mean_b = (weight[..., None] * there).sum(axis=1) / total
    u, v = a[None, :, :2] - mean_a[:, None], there - mean_b[:, None]
    dot = (weight * (u[..., 0] * v[..., 0] + u[..., 1] * v[..., 1])).sum(axis=1)
    cross = (weight * (u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])).sum(axis=1)
    enough = count >= _FEWEST_VOTES
    turn = np.where(enough, np.arctan2(cross, dot), motions.turn)
    x, y = _shift_of(mean_a, mean_b, turn)
    return Motions(turn, np.where(enough, x, motions.x), np.where(enough, y, motions.y))


def _shift_of(a: Floats, b: Floats, turn: Floats) -> tuple[Floats, Floats]:
    """Return the shift that takes each place of a, turned, to its place of b."""
    cos, sin = np.cos(turn), np.sin(turn)
    return (
        b[:, 0] - (a[:, 0] * cos - a[:, 1] * sin),
        b[:, 1] - (a[:, 0] * sin + a[:, 1] * cos),
    )


def _cells(values: Floats) -> NDArray[np.intp]:
    cell = np.floor(values).astype(np.intp)
    lowest: NDArray[np.intp] = cell - (cell.min() - 1)
    return lowest


def _wrapped(angle: Floats) -> Floats:
    return np.asarray(angle - _ROUND * np.rint(angle / _ROUND), dtype=np.float32)
