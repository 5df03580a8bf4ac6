"""Growth of the skin: no finger is as even as its ridge flow, each is pulled its own way as it grows.

Grown ridges alone are too regular: two fingers of one class would have their minutiae at similar places.
"""

import math

import cv2
import numpy as np

from drivers.emulation.scenes.finger_pattern import Floats

_GRAIN, _DEPTH = 110.0, 7.5  # pixels: width of the uneven spots, deviation of the pull
_STRETCH, _SHEAR = 0.10, 0.10


def pull(
    signal: Floats, core: tuple[float, float], rng: np.random.Generator
) -> tuple[Floats, tuple[float, float]]:
    """Return the ridges (h, w) stretched, sheared and pulled about unevenly, and where the core is now."""
    height, width = signal.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x - np.float32(core[0]), y - np.float32(core[1])
    wide, tall = 1 + rng.uniform(-_STRETCH, _STRETCH, 2)
    lean, sink = rng.uniform(-_SHEAR, _SHEAR, 2)
    map_x = wide * x + lean * y + _DEPTH * cloud(rng, height, width, _GRAIN) + core[0]
    map_y = sink * x + tall * y + _DEPTH * cloud(rng, height, width, _GRAIN) + core[1]
    pulled = cv2.remap(
        signal,
        map_x.astype(np.float32),
        map_y.astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )
    nearest = np.hypot(map_x - core[0], map_y - core[1])
    row, column = np.unravel_index(int(np.argmin(nearest)), nearest.shape)
    return np.asarray(np.clip(pulled, -1, 1), np.float32), (float(column), float(row))


def cloud(rng: np.random.Generator, height: int, width: int, grain: float) -> Floats:
    """Return smooth noise (height, width) of unit deviation whose spots are about ``grain`` pixels wide."""
    rows, columns = math.ceil(height / grain) + 3, math.ceil(width / grain) + 3
    coarse = rng.standard_normal((rows, columns), dtype=np.float32)
    fine = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(fine, dtype=np.float32)
