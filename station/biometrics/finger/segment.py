"""Where the finger is in a picture: foreground mask, its area, its centre and what lies beside it."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

_SMALL_BLOCK = (
    16  # pixels at 500 ppi: nearly two ridge periods, so every window on skin sees ink and paper
)
_ENOUGH_PPI = 400  # above, half the picture shows where the skin is
_FLOOR = 5.0  # grey levels of deviation that dirt and shading alone do not reach
# What averaging four pixels, or the soft blur, leaves of white noise.
_LEFT_OF_HALVED, _LEFT_OF_BLURRED = 0.5, 0.28
# The deviation that white noise still shows in places after its mean share is taken off, in its own deviations:
# 81 pixels of a window tell a variance to 16 %; 0.6² is more than twice that.
_CHANCE = 0.6
# Second difference along both axes: blind to slopes and nearly so to ridges, answers noise with 6 deviations.
_ROUGH = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.int16)
_TO_DEVIATION = 1 / (6 * 0.6745)  # from the median of its absolute value


@dataclass(frozen=True, slots=True)
class Foreground:
    """The touching skin. ``mask`` is (h, w) uint8 0/1; areas and centre in pixels of the picture."""

    mask: NDArray[np.uint8] = field(repr=False)
    area: int
    centre_x: float
    centre_y: float
    beside: int = 0  # pixels of other structure: old prints, dirt, a second finger
    noise: float = 0.0  # standard deviation of the sensor's noise, grey levels

    @property
    def share(self) -> float:
        """Part of the picture that is finger, 0..1."""
        return self.area / self.mask.size if self.mask.size else 0.0


def segment(image: Pixels, ppi: int = 500) -> Foreground:
    """Return the largest region whose local grey deviation shows ridges; empty when there is none.

    Works on any grey image (h, w), also on a uniform one. The level adapts to the picture's own
    contrast, with a floor above sensor noise, so a blank platen has no foreground.
    """
    height, width = image.shape
    noise = noise_of(image)
    if ppi > _ENOUGH_PPI and min(height, width) > 1:
        half = (-(-width // 2), -(-height // 2))
        small = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
        found = _found(ppi / 2, small.astype(np.float32), noise * _LEFT_OF_HALVED)
        return _enlarged(found, noise, width, height)
    soft = cv2.GaussianBlur(image, (0, 0), 1.0).astype(np.float32)  # sensor noise is not ridges
    return replace(_found(ppi, soft, noise * _LEFT_OF_BLURRED), noise=noise)


def noise_of(image: Pixels) -> float:
    """Estimate the deviation of the noise from what no smooth surface shows (Immerkær, 1996), by the median."""
    rough = np.asarray(cv2.convertScaleAbs(cv2.filter2D(image, cv2.CV_16S, _ROUGH)), np.uint8)
    counts = np.cumsum(cv2.calcHist([rough], [0], None, [256], [0, 256])[:, 0])
    return float(np.searchsorted(counts, counts[-1] / 2)) * _TO_DEVIATION


def _enlarged(found: Foreground, noise: float, width: int, height: int) -> Foreground:
    across, down = width / found.mask.shape[1], height / found.mask.shape[0]
    mask = cv2.resize(found.mask, (width, height), interpolation=cv2.INTER_NEAREST)
    return Foreground(
        np.asarray(mask, np.uint8),
        int(cv2.countNonZero(mask)),
        found.centre_x * across,
        found.centre_y * down,
        round(found.beside * across * down),
        noise,
    )


def skin(image: Pixels, ppi: int = 500, *, fill: float = 1.0) -> NDArray[np.uint8]:
    """Return the mask 0/1 of everything that shows ridges, at half the size above 400 ppi (rounded up).

    ``fill`` is how wide a gap is bridged, in windows of ``_SMALL_BLOCK``: a judge of one finger wants valleys and
    creases bridged, who tells fingers apart wants their gaps kept.
    """
    height, width = image.shape
    noise = noise_of(image)
    if ppi > _ENOUGH_PPI and min(height, width) > 1:
        half = (-(-width // 2), -(-height // 2))
        small = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.float32)
        return _mask(ppi / 2, small, noise * _LEFT_OF_HALVED, fill)
    soft = cv2.GaussianBlur(image, (0, 0), 1.0).astype(np.float32)  # sensor noise is not ridges
    return _mask(ppi, soft, noise * _LEFT_OF_BLURRED, fill)


def _mask(ppi: float, grey: NDArray[np.float32], noise: float, fill: float) -> NDArray[np.uint8]:
    block = max(3, round(_SMALL_BLOCK * ppi / 500)) | 1
    mean = cv2.blur(grey, (block, block))
    variance = cv2.blur(grey * grey, (block, block)) - mean * mean
    deviation = np.sqrt(np.maximum(variance - noise**2, 0))
    strong = float(np.percentile(deviation[::4, ::4], 90)) if grey.size else 0.0
    mask = (deviation > max(_FLOOR, 0.3 * strong, _CHANCE * noise)).astype(np.uint8)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (block, block))
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel).astype(np.uint8)
    if fill <= 0:
        return mask
    if fill != 1:
        wide = max(3, round(block * fill)) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel).astype(np.uint8)


def _found(ppi: float, grey: NDArray[np.float32], noise: float) -> Foreground:
    mask = _mask(ppi, grey, noise, 1.0)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return Foreground(np.zeros_like(mask), 0, grey.shape[1] / 2, grey.shape[0] / 2)
    areas = stats[1:, cv2.CC_STAT_AREA]
    best = 1 + int(np.argmax(areas))
    return Foreground(
        (labels == best).astype(np.uint8),
        int(areas[best - 1]),
        float(centres[best][0]),
        float(centres[best][1]),
        int(areas.sum() - areas[best - 1]),
    )
