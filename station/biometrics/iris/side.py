"""Left or right eye, as far as one picture tells: for the check that two slots were not swapped.

Two signs of anatomy. The pupil lies nearer the nose than the middle of the iris, by 3 to 5 % of its radius.
The lashes of the outer corner are longer and its lids cast more shadow than those of the inner one, so
beside the iris the outer side is darker. Pictures are not mirrored: of the applicant's right eye the nose
is on the right of the picture.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from station.biometrics.iris.geometry import EyeGeometry
from station.devices import Eye, Pixels

_SURE = 0.85
# Log odds per unit of each sign: 2·mean/variance of a normal, the variances widened twofold so that one
# odd picture does not decide alone (measured on 100 pictures of 20 eyes, docs/biometrics/iris.md).
_PER_OFFSET, _PER_DARKNESS = 51.0, 20.0
_MOST = 2.5  # log odds that one sign may bring
_FLANK = (1.0, 2.2, -1.0, 0.6)  # iris radii out from the centre, and down from it
_PITCH = 0.03
_LEAST_SEEN = 0.6  # of each flank within the picture


@dataclass(frozen=True, slots=True)
class SideGuess:
    """Which eye it looks like; ``eye`` is None when not sure."""

    eye: Eye | None
    confidence: float  # 0.5..1, of the likelier side
    nasal_offset: float  # of the pupil to the right of the picture, iris radii
    darker_left: (
        float | None
    )  # than the right flank, shares of the iris' grey; None when out of picture


def guess(picture: Pixels, geometry: EyeGeometry) -> SideGuess:
    """Return which eye an (h, w) uint8 picture with a known geometry shows."""
    offset = (geometry.pupil.x - geometry.iris.x) / geometry.iris.radius
    darker = _darker_left(picture, geometry)
    odds = float(np.clip(_PER_OFFSET * offset, -_MOST, _MOST))
    if darker is not None:
        odds += float(np.clip(_PER_DARKNESS * darker, -_MOST, _MOST))
    confidence = float(1 / (1 + np.exp(-abs(odds))))
    eye = (Eye.RIGHT if odds > 0 else Eye.LEFT) if confidence >= _SURE else None
    return SideGuess(eye, confidence, float(offset), darker)


def _darker_left(picture: Pixels, geometry: EyeGeometry) -> float | None:
    left, right = _darkness(picture, geometry, -1), _darkness(picture, geometry, 1)
    return None if left is None or right is None else left - right


def _darkness(picture: Pixels, geometry: EyeGeometry, side: int) -> float | None:
    """Return how far a flank lies under the grey of the iris, mean share; None when it is not in view."""
    iris = geometry.iris
    near, far, up, down = _FLANK
    u = side * np.arange(near, far, _PITCH, dtype=np.float32)[None, :]
    v = np.arange(up, down, _PITCH, dtype=np.float32)[:, None]
    x = np.asarray(iris.x + iris.radius * (u + 0 * v), np.float32)
    y = np.asarray(iris.y + iris.radius * (v + 0 * u), np.float32)
    height, width = picture.shape
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    if float(inside.mean()) < _LEAST_SEEN:
        return None
    level = _iris_level(picture, geometry)
    if level < 8:
        return None
    small = max(1, round(0.03 * iris.radius)) | 1
    grey = cv2.remap(cv2.blur(picture, (small, small)), x, y, cv2.INTER_LINEAR).astype(np.float32)
    return float((np.clip(level - grey, 0, None) / level)[inside].mean())


def _iris_level(picture: Pixels, geometry: EyeGeometry) -> float:
    """Return the median grey of the visible iris along a few rings."""
    iris, pupil = geometry.iris, geometry.pupil
    turn = np.linspace(0, 2 * np.pi, 90, endpoint=False)[None, :]
    share = np.linspace(0.2, 0.9, 8)[:, None]
    radius = pupil.radius + share * (iris.radius - pupil.radius)
    x = np.clip(np.round(iris.x + radius * np.cos(turn)), 0, picture.shape[1] - 1).astype(int)
    y = np.clip(np.round(iris.y + radius * np.sin(turn)), 0, picture.shape[0] - 1).astype(int)
    seen = geometry.visible[y, x]
    return float(np.median(picture[y, x][seen])) if seen.any() else 0.0
