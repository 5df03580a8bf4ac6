"""Light and colour of the face: luminance, exposure, range, evenness and skin colour (ISO/IEC 29794-5)."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

# Linear sRGB to XYZ adapted to D50, and its white point.
_XYZ_D50 = np.array(
    [[0.43605, 0.38508, 0.14309], [0.22249, 0.71689, 0.06062], [0.01393, 0.09710, 0.71419]]
)
_WHITE_D50 = np.array([0.964221, 1.0, 0.825211])
_LAB_EDGE, _LAB_SLOPE = 216 / 24389, 24389 / 27


def _linear(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Undo the sRGB transfer curve; 0..1 to 0..1."""
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


# One contribution to 255 times Rec. 709 luminance for each level of blue, green, red.
_PARTS = [
    (weight * 255 * _linear(np.arange(256) / 255)).astype(np.float32)
    for weight in (0.0722, 0.7152, 0.2126)
]


def luminance_of(colour: Pixels) -> Pixels:
    """Return linear Rec. 709 luminance 0..255 of a BGR picture: round(255 (0.2126 R + 0.7152 G + 0.0722 B))."""
    blue, green, red = (cv2.LUT(colour[..., at], _PARTS[at]) for at in range(3))
    return np.asarray(np.floor(blue + green + red + np.float32(0.5)), np.uint8)


@dataclass(frozen=True, slots=True)
class Tone:
    """Luminance of a region as numbers without unit: mean and variance of 0..1, shares 0..1, bits 0..8."""

    mean: float
    variance: float
    dark_share: float  # luminance 0..25
    bright_share: float  # luminance 247..255
    dynamic_range: float  # entropy of the histogram, bits


def tone_of(luminance: Pixels) -> Tone:
    """Measure the luminance values of a region (any shape); an empty one is black."""
    counts = np.bincount(luminance.ravel(), minlength=256).astype(np.float64)
    total = float(counts.sum())
    if total == 0:
        return Tone(0.0, 0.0, 1.0, 0.0, 0.0)
    share = counts / total
    level = np.arange(256) / 255
    mean = float(share @ level)
    filled = share[share > 0]
    return Tone(
        mean=mean,
        variance=float(share @ (level - mean) ** 2),
        dark_share=float(share[:26].sum()),
        bright_share=float(share[247:].sum()),
        dynamic_range=max(0.0, float(-(filled * np.log2(filled)).sum())),
    )


def intersection(one: Pixels, other: Pixels) -> float:
    """Return the shared area of two luminance histograms, 0..1; 0 where a region is empty."""
    if one.size == 0 or other.size == 0:
        return 0.0
    shares = [np.bincount(part.ravel(), minlength=256) / part.size for part in (one, other)]
    return float(np.minimum(*shares).sum())


def natural_colour(cheeks: Pixels) -> float:
    """Return how far the mean CIELAB of skin (BGR pixels, any shape (..., 3)) is from 5..25, 5..35.

    0 is natural; 100 where a* or b* is negative, or there is nothing to measure.
    """
    if cheeks.size == 0:
        return 100.0
    mean = cheeks.reshape(-1, 3).mean(axis=0)[::-1] / 255
    xyz = _XYZ_D50 @ _linear(np.asarray(mean, np.float64)) / _WHITE_D50
    fx, fy, fz = (_lab(float(part)) for part in xyz)
    a, b = 500 * (fx - fy), 200 * (fy - fz)
    if a < 0 or b < 0:
        return 100.0
    return math.hypot(max(0.0, 5 - a, a - 25), max(0.0, 5 - b, b - 35))


def _lab(part: float) -> float:
    return (_LAB_SLOPE * part + 16) / 116 if part <= _LAB_EDGE else float(part ** (1 / 3))
