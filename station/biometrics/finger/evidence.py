"""How much more likely laid-together minutiae are from one finger than from two, in decades.

Soft skin moves by a smooth, unknown field: a Gaussian process with a free shift, a little free stretch, and
local give that skin within some millimetres shares (Rasmussen, Williams: Gaussian Processes for Machine
Learning, ch. 2 and 5.4.2 for the leave-one-out prediction). Each pair is judged by where *the other
pairs* say its partner must lie; chance pairs are not foretold by others. Against that stands how many minutiae that
point alike lie around anyway: fingers of one class have them over wide areas. How many of the common
minutiae found a mate is weighed without assuming a rate, by the even prior over all rates.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.motion import NEAR_TURN, Motions, mated
from station.biometrics.finger.prepared import Floats, Prepared, wrapped

_NOISE_PX = 3.5  # place of a minutia in two pictures of the same skin
_GIVE_PX, _GIVE_REACH_PX = 8.0, 110.0  # local stretch and over which distance it is one
_SHIFT_PX, _STRETCH = (
    12.0,
    0.06,
)  # what is left of the rigid motion; pressure widens a print so much
_ANGLE_NOISE = 0.16
_LOG_PEAK = np.log(_ANGLE_NOISE * np.sqrt(2 * np.pi))
_TIGHT_PX = 15.0  # about four times the noise
_AROUND_PX = 60.0  # where chance is counted
_AROUND = np.pi * _AROUND_PX**2
_ONE_EXTRA = 1.0  # as if one more minutia were around: nothing seen is not nothing possible
_COMMON_PX = 45.0  # about the usual distance of minutiae
_FEWEST = 3
_FEWEST_COMMON = (
    16  # a scrap fits in many places: a high share of few minutiae must not count as one of many
)
_CLEAR = 12.0  # decades: another motion cannot change the answer


@dataclass(frozen=True, slots=True)
class Evidence:
    """Decades for one finger against two, before counting how many motions were tried; and the mates."""

    decades: float
    matched: int


def weigh(a: Prepared, b: Prepared, turn: Floats, motions: Motions) -> Evidence:
    """Return the evidence of the best of the motions that lay ``a`` on ``b``; none without three mates.

    A clear motion settles it: those after it are not looked at.
    """
    x, y = motions.applied(a)
    loose = mated(b, turn, motions.turn, x, y)
    give = [_covariance(*place) for place in zip(x, y, strict=True)]
    bent_x, bent_y = x.copy(), y.copy()
    for p in range(len(x)):
        there = np.flatnonzero(loose.paired[p])
        if len(there) >= _FEWEST:
            # The others' give carries every minutia along; then only close pairs are pairs.
            off = _offsets(b, x[p], y[p], there, loose.partner[p, there])
            pull = give[p][:, there] @ np.linalg.solve(
                _noisy(give[p], there, 2 * _NOISE_PX**2), off
            )
            bent_x[p] += pull[:, 0]
            bent_y[p] += pull[:, 1]
    tight = mated(b, turn, motions.turn, bent_x, bent_y, _TIGHT_PX)
    best = Evidence(0.0, 0)
    for p in range(len(x)):
        there = np.flatnonzero(tight.paired[p])
        if len(there) >= _FEWEST:
            partner = tight.partner[p, there]
            off = _offsets(b, x[p], y[p], there, partner)
            twist = np.abs(wrapped(turn - motions.turn[p]))
            apart = np.square(b.x - bent_x[p][:, None]) + np.square(b.y - bent_y[p][:, None])
            nats = _foretold(_noisy(give[p], there, _NOISE_PX**2), off)
            nats -= np.square(twist[there, partner] / np.float32(_ANGLE_NOISE)) / 2
            nats -= np.log(_chance(apart[there], twist[there]))
            found = _summed(nats, apart)
            best = found if found.decades > best.decades else best
            if best.decades > _CLEAR:
                break
    return best


def _foretold(cover: Floats, off: Floats) -> Floats:
    """Return the log densities of the pairs' offsets, each given all the others, and of the peak angle."""
    inverse = np.linalg.inv(cover)
    spread = 1 / np.diagonal(inverse)
    missed = (inverse @ off) * spread[:, None]
    nats = np.einsum("ij,ij->i", missed, missed) / (-2 * spread) - np.log(spread)
    return np.asarray(nats - np.log(2 * np.pi) - _LOG_PEAK, dtype=np.float32)


def _chance(apart: Floats, twist: Floats) -> Floats:
    """Return the density of minutiae that point alike around each mated one, per pixel and radian."""
    around = ((apart < _AROUND_PX**2) & (twist < NEAR_TURN)).sum(axis=1)
    # The mate itself is taken off, a mate of chance put in its place.
    return np.asarray((around - 1 + 2 * _ONE_EXTRA) / (_AROUND * 2 * NEAR_TURN), dtype=np.float32)


def _summed(nats: Floats, apart: Floats) -> Evidence:
    """Add up the pairs that speak for one finger and weigh their share of the common minutiae."""
    good = nats > 0
    matched = int(good.sum())
    close = np.exp(apart * np.float32(-0.5 / _COMMON_PX**2))
    both = min(_common(close.sum(axis=1)), _common(close.sum(axis=0)))
    common = max(matched, _FEWEST_COMMON, round(both))
    rate = _LOG[matched] + _LOG[common - matched] - _LOG[common + 1]
    return Evidence(float(nats[good].sum() / np.log(10) + rate), matched)


def _offsets(
    b: Prepared, x: Floats, y: Floats, there: NDArray[np.intp], partner: NDArray[np.intp]
) -> Floats:
    off = np.empty((len(there), 2), np.float32)
    off[:, 0] = b.x[partner] - x[there]
    off[:, 1] = b.y[partner] - y[there]
    return off


def _covariance(x: Floats, y: Floats) -> Floats:
    """Return how the motion of each two places goes together, square pixels (n, n)."""
    x, y = x - x.mean(), y - y.mean()
    dx, dy = x[:, None] - x, y[:, None] - y
    near = np.exp((dx * dx + dy * dy) * np.float32(-0.5 / _GIVE_REACH_PX**2))
    lever = x[:, None] * x + y[:, None] * y
    cover = near * np.float32(_GIVE_PX**2) + lever * np.float32(_STRETCH**2)
    return np.asarray(cover + np.float32(_SHIFT_PX**2), dtype=np.float32)


def _noisy(give: Floats, there: NDArray[np.intp], noise: float) -> Floats:
    part = give[there[:, None], there]
    part.flat[:: len(there) + 1] += np.float32(noise)
    return part


def _common(crowd: Floats) -> float:
    """Return how many minutiae lie where the other print has some too."""
    return float(np.clip((crowd - 1) / 2, 0, 1).sum())


_LOG = np.concatenate([[0.0], np.cumsum(np.log10(np.arange(1, 300)))])  # of the factorials
