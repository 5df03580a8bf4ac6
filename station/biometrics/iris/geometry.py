"""Where pupil, limbus and lids are in a near-infrared picture of one eye."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from station.biometrics.iris.circle import Circle, Floats
from station.biometrics.iris.lids import Cover, Lid, Mask, find_cover, glints
from station.biometrics.iris.limbus import find_limbus
from station.biometrics.iris.pupil import find_pupil
from station.devices import Pixels

__all__ = ["Circle", "EyeGeometry", "Floats", "Lid", "Mask", "find_eye", "rings"]

_WORKED = (512, 800)  # longer side, px, within which a picture is taken as it is
_WORK = 640  # longer side others are brought to, once
# Of 241 real eyes the lowest were 0.54 and 1.30; lashes and noise rarely reach both.
_LEAST_LIMBUS, _LEAST_TOGETHER = 0.45, 1.25
_LEAST = 64  # px: no iris can be measured in a smaller picture


@dataclass(frozen=True, slots=True)
class EyeGeometry:
    """Pupil and iris, and which pixels of the ring between them are really iris; in pixels of the picture."""

    pupil: Circle
    iris: Circle
    pupil_aspect: float | None  # short over long axis; None when a lid hides too much of it
    glint: tuple[float, float] | None  # middle of the lamp's reflections in or near the pupil
    visible: Mask = field(repr=False)  # (h, w): not under lid, lash or glint
    upper_lid: Lid | None = None  # None when it leaves the iris free
    lower_lid: Lid | None = None
    lashes: Mask | None = field(default=None, repr=False)  # (h, w)
    glints: Mask | None = field(default=None, repr=False)  # (h, w)
    pupil_seen: float = 1.0  # share of the pupil's edge that shows
    limbus_strength: float = 1.0  # 0..1: how clear the step from iris to sclera is


def find_eye(grey: Pixels) -> EyeGeometry | None:
    """Return the geometry of the eye in an (h, w) uint8 picture, None when no pupil can be made out.

    Pictures whose longer side is outside 512 to 800 px are brought to 640 px once for the search.
    """
    if grey.ndim != 2 or min(grey.shape) < _LEAST:
        return None
    scale = 1.0 if _WORKED[0] <= max(grey.shape) <= _WORKED[1] else _WORK / max(grey.shape)
    width, height = (max(1, round(side * scale)) for side in grey.shape[::-1])
    if min(width, height) < 96:
        return None
    if scale != 1.0:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        worked = np.asarray(cv2.resize(grey, (width, height), interpolation=how), np.uint8)
    else:
        worked = grey
    half = np.asarray(
        cv2.resize(worked, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8
    )
    found = _found(half)
    return None if found is None else _scaled(found, grey.shape, half.shape)


def rings(shape: tuple[int, ...], circle: Circle, step: int = 1) -> Floats:
    """Return the distance from the circle's centre, in its radii, of every ``step``-th pixel of every ``step``-th row."""
    y, x = np.arange(0, shape[0], step), np.arange(0, shape[1], step)
    across = ((x - circle.x) / circle.radius).astype(np.float32)
    down = ((y - circle.y) / circle.radius).astype(np.float32)
    return np.asarray(np.sqrt(across * across + (down * down)[:, None]), np.float32)


def _found(half: Pixels) -> EyeGeometry | None:
    """Find everything in the half-size picture."""
    shine, clean = glints(half)
    clean = _levelled(clean)
    small = cv2.resize(clean, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    soft = np.asarray(cv2.GaussianBlur(clean, (0, 0), 0.8), np.float32)
    pupil = find_pupil(soft, np.asarray(cv2.medianBlur(small, 3), np.uint8))
    if pupil is None:
        return None
    limbus = find_limbus(np.asarray(cv2.GaussianBlur(soft, (0, 0), 1.2), np.float32), pupil.circle)
    if limbus is None or limbus.strength < _LEAST_LIMBUS:
        return None
    if pupil.seen + limbus.strength < _LEAST_TOGETHER:
        return None
    cover = find_cover(soft, pupil.circle, limbus.circle)
    lashes, visible = _masks(half.shape, cover, shine)
    return EyeGeometry(
        pupil=pupil.circle,
        iris=limbus.circle,
        pupil_aspect=pupil.aspect,
        glint=_lamp(shine & _between_lids(half.shape, cover), half, pupil.circle),
        visible=visible,
        upper_lid=cover.upper,
        lower_lid=cover.lower,
        lashes=lashes,
        glints=shine,
        pupil_seen=pupil.seen,
        limbus_strength=limbus.strength,
    )


def _levelled(clean: Pixels) -> Pixels:
    """Return the picture over the whole range of grey, its median in the middle when it was darker.

    A dim lamp or a dark iris leaves few levels between pupil and iris; steps are looked for in this one.
    """
    floor, middle, top = (float(v) for v in np.percentile(clean[::2, ::2], (0.2, 50, 99)))
    if top - floor < 8:
        return clean
    share = np.clip((np.arange(256) - floor) / (top - floor), 0, 1)
    rank = min(0.5, max(0.05, (middle - floor) / (top - floor)))
    table = 255 * share ** max(0.45, np.log(0.5) / np.log(rank))
    return np.asarray(cv2.LUT(clean, np.round(table).astype(np.uint8)), np.uint8)


def _masks(shape: tuple[int, ...], cover: Cover, shine: Mask) -> tuple[Mask, Mask]:
    """Return lashes and what is visible, both over the picture."""
    height, width = shape[:2]
    lashes = cv2.warpAffine(
        cover.lash.astype(np.uint8),
        cover.to_grid,
        (width, height),
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    visible = ~shine & (lashes == 0) & _between_lids(shape, cover)
    return np.asarray(lashes > 0), np.asarray(visible)


def _between_lids(shape: tuple[int, ...], cover: Cover) -> Mask:
    """Return what no lid covers."""
    height, width = shape[:2]
    rows = np.arange(height, dtype=np.float32)[:, None]
    columns = np.arange(width, dtype=np.float32)
    opened = np.ones((height, width), bool)
    if cover.upper is not None:
        opened &= rows > cover.upper.at(columns)[None, :]
    if cover.lower is not None:
        opened &= rows < cover.lower.at(columns)[None, :]
    return opened


def _lamp(shine: Mask, grey: Pixels, pupil: Circle) -> tuple[float, float] | None:
    """Return the middle of the glints in the pupil, else of the nearest one within 1.4 radii."""
    reach = 1.4 * pupil.radius
    top, left = max(0, int(pupil.y - reach)), max(0, int(pupil.x - reach))
    box = (slice(top, int(pupil.y + reach) + 1), slice(left, int(pupil.x + reach) + 1))
    spots = (shine[box] & (grey[box] > 180)).astype(np.uint8)
    count, _, stats, centres = cv2.connectedComponentsWithStats(spots)
    found = []
    for number in range(1, count):
        area = int(stats[number, cv2.CC_STAT_AREA])
        x, y = (float(v) for v in centres[number])
        away = float(np.hypot(left + x - pupil.x, top + y - pupil.y)) / pupil.radius
        if 4 <= area <= 0.4 * np.pi * pupil.radius**2 and away < 1.4:
            found.append((away, area, left + x, top + y))
    inside = [spot for spot in found if spot[0] < 1.05] or sorted(found)[:1]
    weight = sum(area for _, area, _, _ in inside)
    if not weight:
        return None
    return (
        sum(area * x for _, area, x, _ in inside) / weight,
        sum(area * y for _, area, _, y in inside) / weight,
    )


def _scaled(found: EyeGeometry, shape: tuple[int, ...], worked: tuple[int, ...]) -> EyeGeometry:
    """Return the geometry in pixels of the picture it was asked for."""
    height, width = shape[:2]
    fx, fy = width / worked[1], height / worked[0]
    factor = float(np.sqrt(fx * fy))

    def point(x: float, y: float) -> tuple[float, float]:
        return (x + 0.5) * fx - 0.5, (y + 0.5) * fy - 0.5

    def circle(one: Circle) -> Circle:
        return Circle(*point(one.x, one.y), one.radius * factor)

    def lid(one: Lid | None) -> Lid | None:
        if one is None:
            return None
        x, y = point(one.x, one.height)
        return Lid(x, y, one.tilt * fy / fx, one.bend * fy / fx, one.radius * fx)

    def mask(one: Mask | None) -> Mask | None:
        if one is None:
            return None
        whole = cv2.resize(one.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        return np.asarray(whole > 0)

    return EyeGeometry(
        pupil=circle(found.pupil),
        iris=circle(found.iris),
        pupil_aspect=found.pupil_aspect,
        glint=None if found.glint is None else point(*found.glint),
        visible=np.asarray(mask(found.visible)),
        upper_lid=lid(found.upper_lid),
        lower_lid=lid(found.lower_lid),
        lashes=mask(found.lashes),
        glints=mask(found.glints),
        pupil_seen=found.pupil_seen,
        limbus_strength=found.limbus_strength,
    )
