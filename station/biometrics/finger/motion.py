"""Rigid motions that lay one print's minutiae on another's: voted for, fitted, and who then lies on whom.

Arrays are float32; ``p`` counts motions, ``n`` and ``m`` the minutiae of the two prints.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.prepared import Floats, Prepared, wrapped

NEAR_PX, NEAR_TURN = 16.0, 0.45
_BIN_PX, _BINS_TURN = np.float32(18.0), 30
_CELLS = 32  # a side: the middles of two prints of a fingertip lie within 14 mm of each other
_PEAKS = 10
_WORTH_A_LOOK = np.float32(0.3)  # of the heaviest
# Fingers are put down about upright: other turns must be better supported, but none is excluded.
_UPRIGHT, _ANY_TURN = np.float32(0.7), np.float32(0.3)
_FEWEST_MATES = 3
_NOBODY = np.float32(9.0)  # cost of a pair that is no pair; real costs are 0..2


@dataclass(frozen=True, slots=True)
class Motions:
    """Rotations (p,) and then shifts (p,) that take the first print to the second."""

    turn: Floats = field(repr=False)
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)

    def applied(self, points: Prepared) -> tuple[Floats, Floats]:
        """Return x and y (p, n) of the minutiae after each motion."""
        cos, sin = np.cos(self.turn)[:, None], np.sin(self.turn)[:, None]
        return (
            points.x * cos - points.y * sin + self.x[:, None],
            points.x * sin + points.y * cos + self.y[:, None],
        )


@dataclass(frozen=True, slots=True)
class Mates:
    """Who lies on whom under each motion: mutual nearest within the tolerances."""

    partner: NDArray[np.intp] = field(repr=False)  # (p, n) index in the second print
    paired: NDArray[np.bool_] = field(repr=False)  # (p, n)
    worth: Floats = field(repr=False)  # (p, n) 0..2, 0 where not paired


def turns(a: Prepared, b: Prepared) -> Floats:
    """Return the difference (n, m) of the angles of every pair, -pi..pi."""
    return wrapped(b.angle[None] - a.angle[:, None])


def voted(a: Prepared, b: Prepared, turn: Floats) -> Motions:
    """Return the motions that most pairs of minutiae vote for; pairs with like surroundings count more.

    A Hough transform over turn and shift. Every pair votes, whatever its turn.
    """
    like = a.codes @ b.codes.T
    weights = like * like * (_ANY_TURN + np.exp(turn * turn * (-0.5 / _UPRIGHT**2)))
    # The less likely half cannot make a peak, and the pairs are the cost.
    i, j = np.nonzero(weights >= weights.mean())
    weight, angle = weights[i, j], turn[i, j]
    from_x, from_y, to_x, to_y = a.x[i], a.y[i], b.x[j], b.y[j]
    each = _shifted(angle, from_x, from_y, to_x, to_y)
    column, row = _cells(each.x), _cells(each.y)
    weight *= (column >= 0) & (column < _CELLS) & (row >= 0) & (row < _CELLS)
    bins = np.float32(_BINS_TURN / (2 * np.pi))
    turned = ((angle + np.float32(np.pi)) * bins).astype(np.intp) % _BINS_TURN
    cell = (turned * _CELLS + np.clip(column, 0, _CELLS - 1)) * _CELLS + np.clip(row, 0, _CELLS - 1)
    votes = np.bincount(cell, weights=weight, minlength=_BINS_TURN * _CELLS**2)
    corners = _peaks(votes.astype(np.float32).reshape(_BINS_TURN, _CELLS, _CELLS))
    inside = (turned - corners[0][:, None]) % _BINS_TURN <= 1
    inside &= (column - corners[1][:, None]) >> 1 == 0
    inside &= (row - corners[2][:, None]) >> 1 == 0
    share = inside * weight
    share /= np.maximum(share.sum(axis=1, keepdims=True), np.float32(1e-9))
    middle = ((corners[0] + 1) / bins - np.float32(np.pi)).astype(np.float32)
    mean = middle + (share * wrapped(angle - middle[:, None])).sum(axis=1)
    # The mean turn first, then the shift that it implies for the voters' middle places.
    return _shifted(wrapped(mean), share @ from_x, share @ from_y, share @ to_x, share @ to_y)


def fitted(a: Prepared, b: Prepared, turn: Floats, motions: Motions, *, keep: int) -> Motions:
    """Return the ``keep`` motions with the most and closest mates, fitted over them (least squares)."""
    mates = mated(b, turn, motions.turn, *motions.applied(a))
    best = np.argsort(-mates.worth.sum(axis=1), kind="stable")[:keep]
    share = mates.worth[best]
    partner = mates.partner[best]
    enough = mates.paired[best].sum(axis=1) >= _FEWEST_MATES
    share /= np.maximum(share.sum(axis=1, keepdims=True), np.float32(1e-9))
    to_x, to_y = b.x[partner], b.y[partner]
    mean_x, mean_y = share @ a.x, share @ a.y
    there_x, there_y = (share * to_x).sum(axis=1), (share * to_y).sum(axis=1)
    u, v = a.x - mean_x[:, None], a.y - mean_y[:, None]
    p, q = to_x - there_x[:, None], to_y - there_y[:, None]
    dot, cross = (share * (u * p + v * q)).sum(axis=1), (share * (u * q - v * p)).sum(axis=1)
    fit = _shifted(np.arctan2(cross, dot), mean_x, mean_y, there_x, there_y)
    return Motions(
        np.where(enough, fit.turn, motions.turn[best]),
        np.where(enough, fit.x, motions.x[best]),
        np.where(enough, fit.y, motions.y[best]),
    )


def mated(
    b: Prepared, turn: Floats, turned: Floats, x: Floats, y: Floats, near_px: float = NEAR_PX
) -> Mates:
    """Return the mutual nearest pairs, by place and angle together, for moved places x, y (p, n)."""
    apart = b.x - x[:, :, None]
    apart *= apart
    down = b.y - y[:, :, None]
    down *= down
    apart += down
    apart *= np.float32(1 / near_px**2)
    twist = turn - turned[:, None, None]
    twist -= np.float32(2 * np.pi) * np.rint(twist * np.float32(0.5 / np.pi))
    twist *= np.float32(1 / NEAR_TURN)
    twist *= twist
    far = apart > 1
    far |= twist > 1
    apart += twist
    apart[far] = _NOBODY
    partner = apart.argmin(axis=2)
    least = apart.min(axis=2)
    # By number, not by distance: of minutiae in one place only one may be the mate.
    back = apart.argmin(axis=1)[np.arange(len(turned))[:, None], partner]
    mutual = back == np.arange(x.shape[1])
    paired = mutual & (least < _NOBODY)
    return Mates(partner, paired, np.where(paired, 2 - least, np.float32(0)))


def _shifted(turn: Floats, x: Floats, y: Floats, to_x: Floats, to_y: Floats) -> Motions:
    """Return the motion that turns so and takes the one place to the other."""
    cos, sin = np.cos(turn), np.sin(turn)
    return Motions(turn, to_x - (x * cos - y * sin), to_y - (x * sin + y * cos))


def _peaks(votes: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the lower corners of the heaviest cubes of two cells a side: a peak on a border is one peak."""
    heap = np.concatenate([votes[1:], votes[:1]])  # turns go round
    heap += votes
    heap = heap[:, :-1] + heap[:, 1:]
    heap = heap[:, :, :-1] + heap[:, :, 1:]
    flat = heap.ravel()
    # A sort of the few instead of a partition of all: most of the heap is empty.
    top = np.flatnonzero(flat > _WORTH_A_LOOK * flat.max())
    top = top[np.argsort(-flat[top], kind="stable")[:_PEAKS]]
    turn, column, row = np.unravel_index(top, heap.shape)
    return turn, column, row


def _cells(values: Floats) -> NDArray[np.intp]:
    cell: NDArray[np.intp] = np.floor(values * (1 / _BIN_PX) + np.float32(_CELLS / 2)).astype(
        np.intp
    )
    return cell
