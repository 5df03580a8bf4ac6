"""A minutia's surroundings in 64 bits, and how many bits of a whole gallery agree: the index's arithmetic.

Each bit is the side of a random hyperplane on which the surroundings' code lies (Charikar 2002: the share of
differing bits is the angle between codes), after the print's own mean code is taken off. The planes come from one
seed and are part of the version of a stored index.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.prepared import BEST, CODE_LENGTH, Floats, Prepared

Words = NDArray[np.uint64]

VERSION: Final = 1
BITS: Final = 64
_SEED = 0x52454B
_CHUNK = 4096  # columns at a time: what fits a processor's cache


def words(print_: Prepared) -> Words:
    """Return one word per minutia (BEST,); free slots repeat the first, which changes no nearest one."""
    out = np.zeros(BEST, np.uint64)
    count = len(print_)
    if count:
        away = print_.codes - print_.codes.mean(axis=0)
        bits = (away @ _planes() > 0).astype(np.uint8)
        out[:count] = np.packbits(bits, axis=1).view(np.uint64)[:, 0]
        out[count:] = out[0]
    return out


def likeness(probe: Words, gallery: Words) -> Floats:
    """Return how much each gallery print (columns of (BEST, g)) is like the probe's words (n,).

    For every word of the probe the nearest word of a print counts, by how far it stands out, in
    deviations, from the nearest words of all prints; chance likeness costs nothing.
    """
    count = gallery.shape[1]
    nearest = np.empty((len(probe), count), np.uint8)
    for start in range(0, count, _CHUNK):
        part = gallery[:, start : start + _CHUNK]
        for row, word in enumerate(probe):
            nearest[row, start : start + _CHUNK] = np.bitwise_count(part ^ word).min(axis=0)
    usual = nearest.mean(axis=1, dtype=np.float32, keepdims=True)
    spread = nearest.std(axis=1, dtype=np.float32, keepdims=True) + np.float32(1)
    stands_out = np.maximum((usual - nearest) / spread, 0)
    return np.asarray(np.square(stands_out).sum(axis=0), dtype=np.float32)


@cache
def _planes() -> Floats:
    draws = np.random.default_rng(_SEED).standard_normal((CODE_LENGTH, BITS))
    return draws.astype(np.float32)
