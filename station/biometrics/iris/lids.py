"""What covers the iris: lids as parabolas, lashes and glints as masks, all on a grid round the limbus.

The grid is in units of the iris radius, so the work is the same for every picture. Iris is told from
what is not iris by its own grey and roughness in the parts that no lid covers (the sides and below).
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.iris.circle import Circle, Floats
from station.devices import Pixels

Mask = NDArray[np.bool_]

_SIZE = 176  # grid points each way
_REACH = 1.3  # iris radii from the limbus' centre to the grid's border
_PITCH = 2 * _REACH / _SIZE
_HEIGHTS = np.linspace(-1.02, 0.42, 49)  # of a lid at the middle of the iris, iris radii
_TILTS = (-0.3, -0.15, 0.0, 0.15, 0.3)
_UPPER_BENDS, _LOWER_BENDS = (0.0, 0.15, 0.3, 0.45, 0.6), (0.0, 0.12, 0.24, 0.36)
_DEPTHS = np.linspace(0, 1, 65)
_LEAST_GAIN = 0.004  # of the iris disc; less than this is noise at the rim


@dataclass(frozen=True, slots=True)
class Lid:
    """The edge of a lid: ``y = height + tilt·d + bend·d²/radius`` with ``d`` the way right of ``x``."""

    x: float  # px
    height: float  # px, where the lid crosses ``x``
    tilt: float
    bend: float  # positive: an arch, ends lower than the middle
    radius: float  # of the iris, px

    def at(self, x: Floats) -> Floats:
        """Return the heights at the columns ``x``, px."""
        away = x - np.float32(self.x)
        bent = np.float32(self.bend / self.radius) * away * away
        return np.asarray(np.float32(self.height) + np.float32(self.tilt) * away + bent, np.float32)


@dataclass(frozen=True, slots=True)
class Cover:
    """Lids (None when they leave the iris free) and masks over the grid."""

    upper: Lid | None
    lower: Lid | None
    lash: Mask = field(repr=False)
    to_grid: NDArray[np.float64] = field(repr=False)  # (2, 3) picture to grid


def find_cover(soft: Floats, pupil: Circle, iris: Circle) -> Cover:
    """Return what covers the iris in an (h, w) float32 picture, lightly smoothed, without glints."""
    to_grid = np.array(
        [
            [1 / (_PITCH * iris.radius), 0, (_SIZE - 1) / 2 - iris.x / (_PITCH * iris.radius)],
            [0, 1 / (_PITCH * iris.radius), (_SIZE - 1) / 2 - iris.y / (_PITCH * iris.radius)],
        ]
    )
    eye = cv2.warpAffine(
        soft, to_grid, (_SIZE, _SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    axis = ((np.arange(_SIZE) - (_SIZE - 1) / 2) * _PITCH).astype(np.float32)
    place = _Place(axis, pupil, iris)
    strange = _strangeness(np.asarray(eye, np.float32), place)
    strange = np.where(place.inside, strange, 0)
    upper = _best(strange, axis, _UPPER_BENDS)
    lower = _best(strange[::-1], axis, _LOWER_BENDS)
    lash = _lashes(np.asarray(eye, np.float32), place)
    lids = [
        None
        if curve is None
        else Lid(
            iris.x,
            iris.y + side * curve[0] * iris.radius,
            side * curve[1],
            side * curve[2],
            iris.radius,
        )
        for side, curve in ((1, upper), (-1, lower))
    ]
    return Cover(lids[0], lids[1], lash, to_grid)


class _Place:
    """Where every grid point lies with regard to pupil and iris."""

    def __init__(self, axis: Floats, pupil: Circle, iris: Circle) -> None:
        self.u, self.v = axis[None, :], axis[:, None]
        across = self.u - np.float32((pupil.x - iris.x) / iris.radius)
        down = self.v - np.float32((pupil.y - iris.y) / iris.radius)
        self.share = np.float32(pupil.radius / iris.radius)
        self.from_pupil = np.sqrt(across * across + down * down) / self.share
        self.rho = np.sqrt(self.u * self.u + self.v * self.v)
        self.depth = (self.rho - self.share) / (1 - self.share)  # 0 at the pupil, 1 at the limbus
        self.inside = self.rho < 0.985
        self.pupil = self.from_pupil < 1.0
        self.ring = self.inside & (self.from_pupil > 1.1) & (self.rho < 0.94)
        slope = self.v / np.maximum(np.abs(self.u), 1e-3)
        self.safe = self.ring & (slope > -0.25) & (slope < 1.0)
        # The sclera on both sides.
        self.beside = (self.rho > 1.08) & (self.rho < 1.25) & (slope > -0.2) & (slope < 0.6)


def _strangeness(eye: Floats, place: _Place) -> Floats:
    """Return how little each grid point looks like this iris: -1 like it .. 1 not at all."""
    even = np.asarray(cv2.blur(eye, (5, 5)), np.float32)
    power = np.asarray(cv2.blur(eye * eye, (5, 5)), np.float32)
    rough = np.sqrt(np.maximum(power - even * even, 0))
    usual = np.maximum(2.5, _usual(rough, place, 85))
    off = even - _usual(even, place, 50)
    safe = off[place.safe]
    # Light that falls off over the iris by a few percent is no lid.
    least = max(4.0, 0.045 * float(np.median(even[place.safe]))) if safe.size else 4.0
    spread = max(least, 1.4826 * float(np.median(np.abs(safe)))) if safe.size else least
    # However uneven the iris: what is nearer to the sclera's grey than to its own is no iris.
    white = even[place.beside]
    gap = float(np.median(white) - np.median(even[place.safe])) if white.size and safe.size else 0
    bright = off / min(spread, max(least, gap / 2.8)) - 2.0
    dark = -off / spread - 2.4
    uneven = 1.2 * (rough / usual - 1.5)
    strange = np.maximum(np.maximum(bright, dark), uneven) / 1.4
    # Over the pupil only what is brighter than it is strange; its rim is neither.
    core = even[place.from_pupil < 0.7]
    level = float(np.median(core)) if core.size else 0.0
    ring = float(np.median(even[place.safe])) if safe.size else level + 20
    over = (even - level) / max(8.0, 0.35 * (ring - level)) - 1.5
    strange = np.where(place.pupil, over, strange)
    strange = np.where(np.abs(place.from_pupil - 1) < 0.1, 0, strange)
    return np.asarray(np.clip(strange, -1.0, 1.0), np.float32)


def _usual(values: Floats, place: _Place, percentile: float) -> Floats:
    """Return what bare iris has at every point: by depth below the pupil's rim, blended side to side."""
    taken, depth = values[place.safe], place.depth[place.safe]
    right = np.broadcast_to(place.u >= 0, place.safe.shape)[place.safe]
    steps = np.linspace(0.1, 0.9, 5)
    sides = []
    for side in (~right, right):
        levels = [_percentile(taken[side & (np.abs(depth - s) < 0.12)], percentile) for s in steps]
        known = np.array(levels)
        good = np.isfinite(known)
        sides.append(np.interp(_DEPTHS, steps[good], known[good]) if good.any() else None)
    left_side, right_side = sides[0], sides[1]
    if left_side is None or right_side is None:
        return np.full_like(values, _percentile(values.ravel(), percentile))
    at = np.clip(place.depth * (len(_DEPTHS) - 1), 0, len(_DEPTHS) - 1).astype(np.intp)
    blend = np.clip((place.u + 0.7) / 1.4, 0, 1)
    mixed = (1 - blend) * left_side[at] + blend * right_side[at]
    return np.asarray(mixed, np.float32)


def _percentile(values: Floats, percentile: float) -> float:
    return float(np.percentile(values, percentile)) if values.size > 8 else float("nan")


def _best(
    strange: Floats, axis: Floats, bends: tuple[float, ...]
) -> tuple[float, float, float] | None:
    """Return (height, tilt, bend) of the parabola that covers the most strange and least bare iris.

    All in iris radii, the lid coming from above; the caller turns the picture for the lower lid.
    """
    columns = np.nonzero(np.abs(axis) < 0.99)[0][::3]
    above = np.zeros((_SIZE + 1, len(columns)), np.float32)
    np.cumsum(strange[:, columns], axis=0, out=above[1:])
    u = axis[columns].astype(np.float64)
    heights, tilts, bent = (
        part.ravel() for part in np.meshgrid(_HEIGHTS, _TILTS, bends, indexing="ij")
    )
    edge = heights[:, None] + tilts[:, None] * u + bent[:, None] * u * u
    rows = np.clip(np.ceil(edge / _PITCH + (_SIZE - 1) / 2), 0, _SIZE).astype(np.int64)
    gain = 3 * np.take(above, rows * len(columns) + np.arange(len(columns))).sum(axis=1)
    gain -= 20.0 * np.abs(tilts) + 6.0 * bent  # of equal covers the plainer one
    top = int(np.argmax(gain))
    least = _LEAST_GAIN * float(np.pi / _PITCH**2)
    if gain[top] < least:
        return None
    # Tilt keeps its sense in the turned picture, height and bend change it with the side.
    return float(heights[top]), float(tilts[top]), float(bent[top])


def _lashes(eye: Floats, place: _Place) -> Mask:
    """Return thin dark lines over the iris that its own structure does not have."""
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 1))
    thin = cv2.morphologyEx(eye, cv2.MORPH_BLACKHAT, kernel)
    usual = np.percentile(thin[place.safe], 97) if place.safe.any() else 0.0
    level = max(14.0, 1.3 * float(usual))
    strong = (thin > level) & place.inside & (place.from_pupil > 1.0)
    near_lid = (place.v < 0.35 * np.ones_like(place.u)) | (place.v > 0.75 * np.ones_like(place.u))
    marks = (strong & near_lid).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(marks)
    long = np.zeros(count, bool)
    long[1:] = stats[1:, cv2.CC_STAT_HEIGHT] >= 6  # a lash is a line, a crypt a spot
    return np.asarray(cv2.dilate((long[labels]).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0)


def glints(half: Pixels) -> tuple[Mask, Pixels]:
    """Return the specular spots of a picture with their halo, and the picture with them filled.

    A glint is white, or much brighter than everything in the 15 px around it.
    """
    even = cv2.blur(half, (3, 3))  # or the darkest of many noisy pixels would fill the glints
    opened = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
    bright = cv2.subtract(half, opened)
    # Bright fibres of an iris stand out too, but neither come near white nor lie in the dark of a pupil.
    lone = (bright > 55) & ((half > 190) | (opened < 0.25 * half))
    spots = (lone | (half > 245)).astype(np.uint8)
    wide = cv2.dilate(spots, np.ones((3, 3), np.uint8)) > 0
    # A reflection on glasses is larger than the lamp's in the pupil; white skin is larger than both.
    ground = cv2.morphologyEx(opened, cv2.MORPH_OPEN, np.ones((41, 41), np.uint8))
    return np.asarray(wide), np.asarray(np.where(wide, np.minimum(half, ground), half), np.uint8)
