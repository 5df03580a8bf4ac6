"""Where the pupils are inside a face, and whether the lids are up: dark discs and their flanks."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.geometry import EyePair
from station.devices import Pixels

_WIDE, _HIGH, _IED = 96, 56, 40.0  # the upright patch in which eyes are refined
_IRIS = 0.093  # radius of the visible iris over the inter-eye distance (11.7 mm over 63 mm)
_SEARCHES = (0.20, 0.14)  # deviation of where an eye may be, in inter-eye distances; two rounds
_UPRIGHT = 0.8  # the place of an eye is surer in height than in width ...
_BELOW = 0.06  # ... and the darker thing above it is the brow: look this much lower, in IED

_Y, _X = (axis.astype(np.float32) for axis in np.mgrid[0:_HIGH, 0:_WIDE])


@dataclass(frozen=True, slots=True)
class Pupils:
    """Refined eyes. ``contrast`` is how much darker than round it the weaker disc is, grey levels."""

    eyes: EyePair
    contrast: float
    spread: float  # deviation of grey over the patch: what the contrast is to be held against

    @property
    def firm(self) -> bool:
        """Whether both eyes look like eyes: dark discs of a size, well above what skin shows."""
        return self.contrast >= max(2.0, 0.10 * self.spread)


def upright(grey: Pixels, eyes: EyePair, wide: int, high: int, ied: float) -> NDArray[np.float32]:
    """Return the (high, wide) float32 patch with level eyes ``ied`` px apart round its middle."""
    patch, _ = _patch(grey, eyes, wide, high, ied)
    return patch


def refine(grey: Pixels, expected: EyePair) -> Pupils:
    """Return the pupils near where eyes are expected, each within about 0.3 inter-eye distances.

    A pupil is the peak of a difference of Gaussians of the iris' size (a dark disc on lighter ground),
    weighted by how near it lies to the expected place; done twice, the second time level and at scale.
    """
    eyes, contrast, spread = expected, 0.0, 0.0
    for reach in _SEARCHES:
        if not 2.0 <= eyes.distance <= 20_000.0:
            break
        patch, back = _patch(grey, eyes, _WIDE, _HIGH, _IED)
        disc = _IRIS * _IED
        fine = cv2.GaussianBlur(patch, (0, 0), 0.6 * disc)
        dark = np.maximum(cv2.GaussianBlur(patch, (0, 0), 2.2 * disc) - fine, 0)
        spots, peaks = [], []
        for side in (-1, 1):
            off_x = _X - _WIDE / 2 - side * _IED / 2
            off_y = (_Y - _HIGH / 2) / _UPRIGHT - _BELOW * _IED
            near = np.exp(-0.5 * (off_x**2 + off_y**2) / (reach * _IED) ** 2)
            x, y, peak = _peak(dark * near, dark)
            spots.append(back @ (x, y, 1.0))
            peaks.append(peak)
        (ax, ay), (bx, by) = spots
        eyes = EyePair((float(ax), float(ay)), (float(bx), float(by)))
        contrast, spread = min(peaks), float(patch.std())
    return Pupils(eyes, contrast, spread)


def openness(grey: Pixels, eyes: EyePair) -> float:
    """Return how much the eyes show of their irises, 0 (lids down) to about 1, mean of both.

    An open eye has the two upright flanks of the iris against the white; a closed one has only the level
    line of the lashes. The weaker flank's gradient is held against the steepest level edge of the eye, at
    the place near the pupil where that is greatest; light and contrast cancel out.
    """
    if not 2.0 <= eyes.distance <= 20_000.0:
        return 0.0
    patch, _ = _patch(grey, eyes, 128, 64, 64.0)
    soft = cv2.GaussianBlur(patch, (0, 0), 1.0)
    across = np.asarray(cv2.Sobel(soft, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32)
    down = np.abs(np.asarray(cv2.Sobel(soft, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32))
    return (_flanks(across, down, 32) + _flanks(across, down, 96)) / 2


def _flanks(across: NDArray[np.float32], down: NDArray[np.float32], x: int) -> float:
    level = float(down[23:42, x - 10 : x + 11].max(axis=0).mean()) + 1.0
    best = 0.0
    for dy in (-3, 0, 3):
        rows = across[29 + dy : 38 + dy]
        for dx in (-4, -2, 0, 2, 4):
            left = float(np.maximum(-rows[:, x + dx - 10 : x + dx - 2], 0).max(axis=1).mean())
            right = float(np.maximum(rows[:, x + dx + 3 : x + dx + 11], 0).max(axis=1).mean())
            best = max(best, min(left, right))
    return best / level


def _patch(
    grey: Pixels, eyes: EyePair, wide: int, high: int, ied: float
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return the patch and the 2x3 map from its pixels back to the picture's."""
    scale = eyes.distance / ied
    turn = np.radians(eyes.roll_deg)
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    x, y = eyes.middle
    back = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    back[:, 2] = np.array([x, y]) - back[:, :2] @ np.array([wide / 2, high / 2])
    source = grey
    if scale > 1.6:  # a warp does not average: soften what it would skip
        source, back_source = _softened(grey, eyes, back, scale)
    else:
        back_source = back
    patch = cv2.warpAffine(
        source,
        back_source,
        (wide, high),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return patch.astype(np.float32), back


def _softened(
    grey: Pixels, eyes: EyePair, back: NDArray[np.float64], scale: float
) -> tuple[Pixels, NDArray[np.float64]]:
    height, width = grey.shape[:2]
    x, y = eyes.middle
    reach = 1.7 * eyes.distance
    left, right = int(np.clip(x - reach, 0, width - 1)), int(np.clip(x + reach, 1, width))
    top, bottom = int(np.clip(y - reach, 0, height - 1)), int(np.clip(y + reach, 1, height))
    part = grey[top : max(bottom, top + 1), left : max(right, left + 1)]
    size = (max(1, round(part.shape[1] / scale)), max(1, round(part.shape[0] / scale)))
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    fx, fy = size[0] / part.shape[1], size[1] / part.shape[0]
    moved = back.copy()
    moved[0] = moved[0] * fx
    moved[1] = moved[1] * fy
    moved[0, 2] -= (left + 0.5) * fx - 0.5
    moved[1, 2] -= (top + 0.5) * fy - 0.5
    return small, moved


def _peak(weighted: NDArray[np.float32], dark: NDArray[np.float32]) -> tuple[float, float, float]:
    """Return (x, y) of the highest hill between pixels, and its unweighted height."""
    cy, cx = divmod(int(weighted.argmax()), weighted.shape[1])
    rows = slice(max(0, cy - 3), min(cy + 4, weighted.shape[0]))
    columns = slice(max(0, cx - 3), min(cx + 4, weighted.shape[1]))
    hill = np.maximum(weighted[rows, columns] - 0.5 * weighted[cy, cx], 0) + 1e-9
    x = float((hill * _X[rows, columns]).sum() / hill.sum())
    y = float((hill * _Y[rows, columns]).sum() / hill.sum())
    return x, y, float(dark[cy, cx])
