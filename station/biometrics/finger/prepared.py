"""A template made ready for comparison: its best minutiae in one fixed order, and what surrounds each.

The surroundings are a cylinder code (Cappelli, Ferrara, Maltoni: Minutia Cylinder-Code, PAMI 2010) in a
separable form: around each minutia, in its own direction, a grid of places times a ring of directions
holds how many neighbours lie there, smoothed. Two codes are alike as far as their dot product is high.
Nothing here depends on where the finger lay, how it was turned, or in which order minutiae stand.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from station.minutiae import Template

Floats = NDArray[np.float32]

BEST = 40  # more are not better: the weak ones agree by chance
TURN = np.float32(2 * np.pi)
_REACH_PX = 75.0  # skin within 4 mm moves as one
_PLACES = np.linspace(-_REACH_PX, _REACH_PX, 7, dtype=np.float32)
_NEIGHBOURS_PX = np.float32(1.25 * _REACH_PX)
_BLUR_PX = np.float32(12.0)
_WAYS = (np.arange(6) * (2 * np.pi / 6)).astype(np.float32)
_BLUR_WAY = np.float32(0.6)
CODE_LENGTH = len(_PLACES) ** 2 * len(_WAYS)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The best minutiae of one print: pixels at 500 ppi with y up around their middle, and their codes."""

    x: Floats = field(repr=False)  # (n,)
    y: Floats = field(repr=False)  # (n,)
    angle: Floats = field(repr=False)  # (n,) radians
    codes: Floats = field(repr=False)  # (n, CODE_LENGTH), unit length
    key: bytes = field(repr=False)  # the same for the same minutiae, whatever their order

    def __len__(self) -> int:
        return int(self.x.size)


def prepare(template: Template) -> Prepared:
    """Return what ``matcher.compare`` needs; worth keeping where a print is compared more than once."""
    rows = _best(template)
    x, y, angle = (np.ascontiguousarray(row) for row in rows)
    return Prepared(x, y, angle, _codes(x, y, angle), rows.tobytes())


def wrapped(angle: Floats) -> Floats:
    """Return the angle brought to -pi..pi."""
    return np.asarray(angle - TURN * np.rint(angle * (1 / TURN)), dtype=np.float32)


def _best(template: Template) -> Floats:
    """Return x, y up and angle (3, n), sorted; of too many the highest quality, then the most central."""
    rows = np.stack([template.x, -template.y, template.angle]).astype(np.float32)
    quality = template.quality.astype(np.int16)
    # Sorted before anything is summed up: rounding must not depend on the order minutiae came in.
    order = np.lexsort((quality, *rows))
    rows, quality = rows[:, order], quality[order]
    if rows.shape[1] > BEST:
        aside = rows[:2] - rows[:2].mean(axis=1, keepdims=True)
        chosen = np.lexsort(((aside * aside).sum(axis=0), -quality))[:BEST]
        rows = rows[:, np.sort(chosen)]
    if rows.shape[1]:
        rows[:2] -= np.rint(rows[:2].mean(axis=1, keepdims=True))
    return rows


def _codes(x: Floats, y: Floats, angle: Floats) -> Floats:
    """Return the surroundings (n, CODE_LENGTH) of every minutia."""
    count = len(x)
    dx, dy = x[None] - x[:, None], y[None] - y[:, None]
    near = dx * dx + dy * dy < _NEIGHBOURS_PX**2
    np.fill_diagonal(near, val=False)
    most = int(near.sum(axis=1).max()) if count else 0
    if most == 0:
        return np.zeros((count, CODE_LENGTH), np.float32)
    # Neighbours first, others behind and without weight: short rows instead of all pairs.
    who = np.argsort(~near, axis=1, kind="stable")[:, :most]
    row = np.arange(count)[:, None]
    dx, dy, near = dx[row, who], dy[row, who], near[row, who]
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    ahead = _bells((dx * cos + dy * sin)[..., None] - _PLACES, _BLUR_PX)
    ahead *= near[..., None]
    aside = _bells((dy * cos - dx * sin)[..., None] - _PLACES, _BLUR_PX)
    way = _bells(wrapped((angle[who] - angle[:, None])[..., None] - _WAYS), _BLUR_WAY)
    both = (aside[..., :, None] * way[..., None, :]).reshape(count, most, -1)
    codes = np.sqrt(np.matmul(ahead.transpose(0, 2, 1), both)).reshape(count, CODE_LENGTH)
    # The root keeps one crowded place from outweighing the rest (Hellinger's distance).
    codes /= np.maximum(np.sqrt(np.einsum("ij,ij->i", codes, codes)), np.float32(1e-6))[:, None]
    return np.asarray(codes, dtype=np.float32)


def _bells(away: Floats, width: np.float32) -> Floats:
    """Return normal weights; computed in place, these are the largest arrays."""
    away = away * np.float32(np.sqrt(0.5) / width)
    away *= away
    np.negative(away, out=away)
    np.exp(away, out=away)
    return np.asarray(away, dtype=np.float32)
