"""Noise for synthetic skin: smooth clouds of any grain, and fine grain cut from tiles drawn once.

Drawing millions of normal deviates is what an impression would mostly spend its time on; a random window
of a large tile, turned over at random, serves as well.
"""

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_TILE = 1536  # pixels; a window of it is never larger than half
_SPECIES = 0x4E4F4953


def cloud(rng: np.random.Generator, height: int, width: int, grain: float) -> Floats:
    """Return smooth noise (height, width) of unit deviation whose spots are about ``grain`` pixels wide."""
    rows, columns = math.ceil(height / grain) + 3, math.ceil(width / grain) + 3
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    # A window at a random place of the coarse grid: cells do not line up with the picture's edges.
    top, left = rng.uniform(0, 1, 2)
    turn = np.array(
        [[1 / grain, 0, 1 + left - 0.5], [0, 1 / grain, 1 + top - 0.5]], dtype=np.float32
    )
    fine = cv2.warpAffine(
        coarse,
        turn,
        (width, height),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(fine, dtype=np.float32)


def grain(rng: np.random.Generator, height: int, width: int, blur: float = 0.0) -> Floats:
    """Return fine noise (height, width) of unit deviation, blurred by ``blur`` pixels before."""
    tile = _tile(blur, max(1, math.ceil(2 * max(height, width) / _TILE)))
    top = int(rng.integers(0, tile.shape[0] - height + 1))
    left = int(rng.integers(0, tile.shape[1] - width + 1))
    window = tile[top : top + height, left : left + width]
    down, across = rng.choice([-1, 1], 2)
    return window[::down, ::across]


@lru_cache(maxsize=8)
def _tile(blur: float, size: int) -> Floats:
    rng = np.random.default_rng((_SPECIES, round(100 * blur), size))
    tile = rng.standard_normal((_TILE * size, _TILE * size), dtype=np.float32)
    if blur > 0:
        tile = np.asarray(cv2.GaussianBlur(tile, (0, 0), blur), np.float32)
        tile /= np.float32(tile.std())
    tile.setflags(write=False)
    return tile
