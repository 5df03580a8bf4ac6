"""How sharp the pupil's edge is, and along which direction it is smeared: defocus apart from motion."""

from dataclasses import dataclass

import numpy as np

from station.biometrics.iris.circle import Floats, rays
from station.biometrics.iris.geometry import EyeGeometry
from station.biometrics.iris.measure import _around
from station.devices import Pixels

_ANGLES = np.linspace(0, 2 * np.pi, 48, endpoint=False).astype(np.float32)
_LEAST_RAYS = 16
_LEAST_STEP = 8.0  # grey levels over the edge


@dataclass(frozen=True, slots=True)
class EdgeFocus:
    """Widths in px of the step from pupil to iris (10 to 90 % of a straight ramp)."""

    width: float  # of the sharpest directions
    smear: float  # how much wider across the direction of motion, 0 when even
    direction_deg: float  # of the motion, 0 horizontal, clockwise, 0..180


def edge_focus(grey: Pixels, geometry: EyeGeometry) -> EdgeFocus | None:
    """Measure the pupil's edge in an (h, w) uint8 picture; None when too little of it shows.

    On every ray the width is the height of the step over its steepest slope. A blur of the optics widens
    all rays alike, a motion those along it: ``width² = a + b·cos 2(angle - direction)``.
    """
    pupil = geometry.pupil
    reach = float(np.clip(0.45 * pupil.radius, 6, 24))
    radii = np.arange(max(1.0, pupil.radius - reach), pupil.radius + reach, 0.5, dtype=np.float32)
    box, centre = _around(grey, pupil, 1.6)
    if min(box.shape) < 8:
        return None
    ring = rays(np.asarray(box, np.float32), *centre, radii, _ANGLES)[0]
    widths, clear = _widths(ring)
    x = pupil.x + (pupil.radius + reach) * np.cos(_ANGLES)
    y = pupil.y + (pupil.radius + reach) * np.sin(_ANGLES)
    column = np.clip(np.round(x), 0, grey.shape[1] - 1).astype(int)
    row = np.clip(np.round(y), 0, grey.shape[0] - 1).astype(int)
    clear &= geometry.visible[row, column]
    if int(clear.sum()) < _LEAST_RAYS:
        return None
    return _split(widths[clear].astype(np.float64) ** 2, _ANGLES[clear].astype(np.float64))


def _widths(ring: Floats) -> tuple[Floats, np.ndarray]:
    """Return the width of the step on every ray, px, and which rays have a step."""
    third = len(ring) // 3
    inside, outside = np.median(ring[:third], axis=0), np.median(ring[-third:], axis=0)
    height = outside - inside
    smooth = (ring[2:] + ring[:-2] + 2 * ring[1:-1]) / 4
    slope = (smooth[2:] - smooth[:-2]).max(axis=0)  # over one px
    # A glint on the edge is a steeper and higher step than the iris'.
    plain = ring.max(axis=0) < outside + 0.6 * np.maximum(height, 1)
    width = 0.8 * height / np.maximum(slope, 1e-3)
    return np.asarray(width, np.float32), (height > _LEAST_STEP) & plain


def _split(square: np.ndarray, angles: np.ndarray) -> EdgeFocus:
    """Fit the even and the directed part of the squared widths, leaving out outliers once."""
    keep = np.ones(len(square), bool)
    for _ in range(2):
        rows = np.stack(
            [np.ones(keep.sum()), np.cos(2 * angles[keep]), np.sin(2 * angles[keep])], 1
        )
        fit = np.linalg.lstsq(rows, square[keep], rcond=None)[0]
        off = np.abs(square - fit[0] - fit[1] * np.cos(2 * angles) - fit[2] * np.sin(2 * angles))
        kept = off <= 3 * max(0.5, float(np.median(off[keep])))
        keep = kept if int(kept.sum()) >= _LEAST_RAYS // 2 else keep
    swing = float(np.hypot(fit[1], fit[2]))
    low = max(0.25, float(fit[0]) - swing)
    smear = float(np.sqrt(low + 2 * swing) - np.sqrt(low))
    direction = float(np.rad2deg(np.arctan2(fit[2], fit[1])) / 2 % 180)
    return EdgeFocus(float(np.sqrt(low)), smear, direction)
