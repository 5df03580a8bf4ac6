"""Where pupil, limbus and lids are in a near-infrared picture of one eye."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

# Angles (degrees, clockwise in the picture from +x) at which the limbus is rarely under a lid.
_SIDES = np.deg2rad(np.concatenate([np.arange(-28, 43, 3), np.arange(138, 209, 3)])).astype(
    np.float32
)
_ROUND = np.deg2rad(np.arange(-90, 270, 6)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in pixels."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class EyeGeometry:
    """Pupil and iris, and which pixels of the ring between them are really iris."""

    pupil: Circle
    iris: Circle
    pupil_aspect: float  # short over long axis of the pupil: 1 when it looks at the camera
    glint: tuple[float, float] | None  # middle of the lamp's reflections near the pupil
    visible: Mask = field(repr=False)  # (h, w): not under lid, lash or glint


def find_eye(grey: Pixels) -> EyeGeometry | None:
    """Return the geometry of the eye in an (h, w) uint8 picture, None when no pupil can be made out."""
    if grey.ndim != 2 or min(grey.shape) < 96:
        return None
    clean = without_glints(grey)
    half = cv2.resize(clean, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    blob, scale = _pupil_blob(np.asarray(half, np.uint8)), 2
    if blob is None:  # a pupil half under a lid may show only in full
        blob, scale = _pupil_blob(clean), 1
    if blob is None:
        return None
    small, aspect = blob
    edge = (scale - 1) / 2  # from the middle of a large pixel to that of a small one
    rough = Circle(scale * small.x + edge, scale * small.y + edge, scale * small.radius)
    soft = cv2.GaussianBlur(clean, (0, 0), 1.6).astype(np.float32)
    pupil = _best_circle(soft, rough, (0.75, 1.3), 0.22 * rough.radius, _ROUND)
    reach = min(4.6 * pupil.radius, 0.55 * min(grey.shape))
    least = max(1.35 * pupil.radius, 0.09 * min(grey.shape))
    if reach <= least:
        return None
    ratio = (least / pupil.radius, reach / pupil.radius)
    softer = cv2.GaussianBlur(clean, (0, 0), 2.5).astype(np.float32)
    limbus = _best_circle(softer, pupil, ratio, 0.22 * pupil.radius, _SIDES)
    visible = _visible(grey, soft, pupil, limbus)
    return EyeGeometry(pupil, limbus, aspect, _glint(grey, pupil), visible)


def without_glints(grey: Pixels) -> Pixels:
    """Return the picture with small bright spots filled from their surroundings."""
    size = max(9, round(min(grey.shape) / 18)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    opened = cv2.morphologyEx(grey, cv2.MORPH_OPEN, kernel)
    spots = (cv2.subtract(grey, opened) > 60).astype(np.uint8)
    wider = cv2.dilate(spots, np.ones((5, 5), np.uint8))
    return np.asarray(np.where(wider > 0, opened, grey), np.uint8)


def rings(shape: tuple[int, ...], circle: Circle, step: int = 1) -> Floats:
    """Return the distance from the circle's centre, in its radii, of every ``step``-th pixel of every ``step``-th row."""
    y, x = np.arange(0, shape[0], step), np.arange(0, shape[1], step)
    across = ((x - circle.x) / circle.radius).astype(np.float32)
    down = ((y - circle.y) / circle.radius).astype(np.float32)
    return np.asarray(np.sqrt(across * across + (down * down)[:, None]), np.float32)


def _pupil_blob(clean: Pixels) -> tuple[Circle, float] | None:
    """Find the roundest dark blob over several thresholds."""
    size = max(3, round(min(clean.shape) / 60)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    soft = np.asarray(cv2.medianBlur(clean, 3), np.uint8)
    height, width = clean.shape
    floor, middle = (float(v) for v in np.percentile(soft, (0.5, 50)))
    best: tuple[Circle, float] | None = None
    best_score = 0.60
    for share in (0.10, 0.16, 0.22, 0.30, 0.38, 0.46):
        low = (soft <= floor + share * (middle - floor)).astype(np.uint8)
        dark = np.asarray(cv2.morphologyEx(low, cv2.MORPH_OPEN, kernel), np.uint8)
        count, _, stats, centres = cv2.connectedComponentsWithStats(dark)
        for number in range(1, count):
            x, y, w, h, area = (int(v) for v in stats[number])
            radius = float(np.sqrt(area / np.pi))
            if (
                not 0.03 * height <= radius <= 0.34 * height
                or x <= 1
                or y <= 1
                or x + w >= width - 1
                or y + h >= height - 1
            ):
                continue
            aspect = min(w, h) / max(w, h)
            filled = area / (np.pi / 4 * w * h)
            cx, cy = (float(v) for v in centres[number])
            far = np.hypot((cx - width / 2) / width, (cy - height / 2) / height)
            inside = float(soft[round(cy), round(cx)])
            around = _ring_mean(soft, Circle(cx, cy, radius * 1.5))
            if around - inside < 12 or filled > 1.12:
                continue
            score = (
                aspect
                * min(filled, 1.0)
                * (1 - 0.5 * float(far))
                * min(1.0, radius / (0.06 * height))
            )
            if score > best_score:
                best, best_score = (Circle(cx, cy, radius), _aspect(dark, x, y, w, h)), score
    return best


def _aspect(dark: Pixels, x: int, y: int, w: int, h: int) -> float:
    """Return the short over the long axis of a blob, from its second moments."""
    ys, xs = np.nonzero(dark[y : y + h, x : x + w])
    if len(xs) < 10:
        return 0.0
    short, long = np.linalg.eigvalsh(np.cov(np.stack([xs, ys]).astype(np.float64)))
    return float(np.sqrt(max(short, 0.0) / long)) if long > 0 else 0.0


def _ring_mean(grey: Pixels | Floats, circle: Circle) -> float:
    x = np.clip(circle.x + circle.radius * np.cos(_ROUND), 0, grey.shape[1] - 1).astype(int)
    y = np.clip(circle.y + circle.radius * np.sin(_ROUND), 0, grey.shape[0] - 1).astype(int)
    return float(np.median(grey[y, x]))


def _best_circle(
    soft: Floats, start: Circle, ratio: tuple[float, float], shift: float, angles: Floats
) -> Circle:
    """Integro-differential search: the circle over which the grey level rises most outward.

    Radii run over ``ratio`` times the start radius, centres over a square of ``shift`` px round the
    start, first coarse, then fine. Of each arc the median is taken, so that lashes count little.
    """
    best = start
    low, high = start.radius * ratio[0], start.radius * ratio[1]
    for step in (shift / 2, shift / 6):
        radii = np.arange(low, high, max(1.0, (high - low) / 60), dtype=np.float32)
        if len(radii) < 5:
            radii = np.linspace(low, high, 9, dtype=np.float32)
        steps = np.arange(-2, 3, dtype=np.float32)
        dy, dx = (part.ravel() for part in np.meshgrid(steps, steps, indexing="ij"))
        x, y = np.float32(best.x) + dx * step, np.float32(best.y) + dy * step
        rise, radius = _steepest(soft, x, y, radii, angles)
        # Off the start is dearer downwards: arcs at the sides tell height poorly.
        rise -= np.abs(rise) * (0.02 * np.abs(dx) + 0.04 * np.abs(dy))
        top = int(np.argmax(rise))
        best = Circle(float(x[top]), float(y[top]), float(radius[top]))
        low, high = best.radius * 0.90, best.radius * 1.10
    return best


def _steepest(
    soft: Floats, x: Floats, y: Floats, radii: Floats, angles: Floats
) -> tuple[Floats, Floats]:
    """Return per centre (x, y) the steepest rise and the radius at which it is."""
    across = x[:, None, None] + radii[None, :, None] * np.cos(angles)
    down = y[:, None, None] + radii[None, :, None] * np.sin(angles)
    flat = (len(x) * len(radii), len(angles))
    ring = cv2.remap(
        soft,
        across.reshape(flat),
        down.reshape(flat),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    # Of two sides both must rise, of four quarters three (a lid may hide one): a shadow is no edge.
    count = 4 if len(angles) > 50 else 2
    levels = [_middle(np.asarray(part, np.float32)) for part in np.array_split(ring, count, axis=1)]
    parts = np.stack(levels).reshape(count, len(x), len(radii))
    rises = np.sort(np.gradient(parts, axis=2), axis=0)
    rise = rises[count // 4] + 0.3 * rises.sum(axis=0) * 2 / count
    rise[:, 1:-1] = 0.25 * rise[:, :-2] + 0.5 * rise[:, 1:-1] + 0.25 * rise[:, 2:]
    rise[:, [0, -1]] = -np.inf
    place = np.argmax(rise, axis=1)
    steepest = rise[np.arange(len(x)), place] / float(radii[1] - radii[0])
    return np.asarray(steepest, np.float32), radii[place]


def _middle(part: Floats) -> Floats:
    """Return the median of each row."""
    ordered = np.asarray(cv2.sort(np.ascontiguousarray(part), cv2.SORT_EVERY_ROW), np.float32)
    columns = ordered.shape[1]
    both = ordered[:, (columns - 1) // 2] + ordered[:, columns // 2]
    return np.asarray(both / 2, np.float32)


def _visible(grey: Pixels, soft: Floats, pupil: Circle, iris: Circle) -> Mask:
    """Return which pixels are not under a lid, lash or glint."""
    height, width = grey.shape
    columns = np.arange(0, width, 2, dtype=np.float32)  # every other pixel tells it
    rows = np.arange(0, height, 2, dtype=np.float32)[:, None]
    upper = _lid(soft, pupil, iris, -1)
    lower = _lid(soft, pupil, iris, 1)
    thin = soft[::2, ::2]
    open_part = np.ones(thin.shape, bool)
    off = ((columns - np.float32(iris.x)) / np.float32(iris.radius)) ** 2
    if upper is not None:
        open_part &= rows > (upper[0] + upper[1] * off * iris.radius)[None, :]
    if lower is not None:
        open_part &= rows < (lower[0] - lower[1] * off * iris.radius)[None, :]
    from_pupil = rings(grey.shape, pupil, 2)
    ring = (rings(grey.shape, iris, 2) < 0.98) & (from_pupil > 1.05) & open_part
    if not ring.any():
        return np.zeros(grey.shape, bool)
    typical = float(np.median(thin[ring]))
    pupil_level = float(np.median(thin[from_pupil < 0.8]))
    lash = thin < pupil_level + 0.22 * max(typical - pupil_level, 0)
    lash &= from_pupil > 1.08
    clear = np.repeat(np.repeat(open_part & ~lash, 2, axis=0), 2, axis=1)[:height, :width]
    glint = cv2.dilate((grey > 240).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return np.asarray(clear & ~glint, bool)


def _lid(soft: Floats, pupil: Circle, iris: Circle, side: int) -> tuple[float, float] | None:
    """Find a lid's edge over the iris as (height at the middle, curvature); None when it is clear.

    ``side`` -1 is the upper, 1 the lower lid. The edge is the parabola with the largest mean change of
    grey from skin to eye.
    """
    x = np.linspace(iris.x - 0.75 * iris.radius, iris.x + 0.75 * iris.radius, 41, dtype=np.float32)
    off = ((x - iris.x) / iris.radius) ** 2
    depth = np.linspace(0.05, 1.0, 48, dtype=np.float32)
    gap = np.float32(max(3.0, 0.05 * iris.radius))
    level = max(40.0, _ring_mean(soft, Circle(pupil.x, pupil.y, (pupil.radius + iris.radius) / 2)))
    best: tuple[float, float] | None = None
    best_rise = 0.0
    for bend in (0.1, 0.25, 0.4):
        y0 = iris.y + side * iris.radius * depth
        y = y0[:, None] - side * bend * iris.radius * off[None, :]
        inside = (np.hypot(x[None, :] - iris.x, y - iris.y) < 0.97 * iris.radius) & (
            np.hypot(x[None, :] - pupil.x, y - pupil.y) > 1.12 * pupil.radius + 2 * gap
        )
        across = np.broadcast_to(x[None, :], y.shape).astype(np.float32)
        skin = cv2.remap(
            soft, across, y + side * gap, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        eye = cv2.remap(
            soft, across, y - side * gap, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        enough = inside.sum(axis=1)
        # Clipped: a few crypts or lashes must not make an edge.
        step = np.where(inside, np.clip(skin - eye, -60, 60), 0)
        # Both halves must show the edge: the pupil's border or a furrow shows on one side only.
        halves = [
            step[:, part].sum(axis=1) / np.maximum(inside[:, part].sum(axis=1), 1)
            for part in (slice(0, 20), slice(21, 41))
        ]
        # In near infrared a lid is brighter than the iris it hides.
        bright = np.where(inside, skin, 0).sum(axis=1) / np.maximum(enough, 1) > 1.3 * level
        change = np.where((enough >= 12) & bright, np.minimum(*halves), 0)
        place = int(np.argmax(change))
        if change[place] > best_rise:
            best, best_rise = (float(y0[place]), bend), float(change[place])
    return best if best_rise > 0.24 * level else None


def _glint(grey: Pixels, pupil: Circle) -> tuple[float, float] | None:
    ys, xs = np.nonzero(grey > 235)
    near = np.hypot(xs - pupil.x, ys - pupil.y) < 2.2 * pupil.radius
    return (float(xs[near].mean()), float(ys[near].mean())) if near.sum() >= 4 else None
