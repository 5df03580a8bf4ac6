"""Finding the pupil: dark round candidates over several thresholds, decided by the edge around each."""

import cv2
import numpy as np

from station.biometrics.iris.circle import Circle, Fit, Floats, Step, refine, search
from station.devices import Pixels

_ROUND = np.deg2rad(np.arange(0, 360, 6)).astype(np.float32)
# Rays along which the edge is looked for: fewer upward, where a lid may cover it.
_RAYS = np.deg2rad(np.concatenate([np.arange(-30, 211, 6), np.arange(219, 330, 8)])).astype(
    np.float32
)
_DARKNESS = (0.06, 0.10, 0.16, 0.22, 0.30, 0.38, 0.46)  # between the darkest grey and the median
_TRIED = 5  # candidates that are measured along rays
_BEYOND_DOUBT = 0.75  # worth of a candidate after which no other is tried
_LEAST_STRENGTH = 0.2
_LEAST_STEP = 8.0  # grey levels between pupil and iris
_LEAST_SEEN = 0.45  # of the pupil's edge: a lid may hide the upper half, noise has less
_MOST_UNEVEN = 0.5  # of the step from pupil to iris
_LEAST_SIZE = 0.025  # of the picture's height
_USUAL_SIZE = 0.09  # of the picture's height


def find_pupil(soft: Floats, small: Pixels) -> Fit | None:
    """Return the pupil in a picture without glints; None when there is none.

    ``soft`` is (h, w) float32, lightly smoothed; ``small`` its uint8 copy of half the size, in which
    the candidates are looked for.
    """
    best: tuple[float, Circle] | None = None
    for blob in _candidates(small):
        start = Circle(2 * blob.x + 0.5, 2 * blob.y + 0.5, 2 * blob.radius)
        measured = _measured(soft, start)
        if measured is not None and (best is None or measured[0] > best[0]):
            best = measured
        if best is not None and best[0] > _BEYOND_DOUBT:
            break
    if best is None:
        return None
    circle = best[1]
    step = _step(_level(soft, circle, 1.4) - _level(soft, circle, 0.6), circle)
    fit = refine(soft, circle, max(3.0, 0.18 * circle.radius), step)
    return fit if _believable(soft, fit) else None


def _step(height: float, circle: Circle) -> Step:
    """Return the edge to look for: wide enough for a pupil that is no circle (off-axis, odd pixels)."""
    half_width = float(np.clip(0.12 * circle.radius, 1.5, 5.0))
    return Step(0.7 * max(height, _LEAST_STEP), half_width, (_RAYS,))


def _measured(soft: Floats, start: Circle) -> tuple[float, Circle] | None:
    """Return (worth, circle) of the best circle near a candidate; None when it is no pupil."""
    height = _level(soft, start, 1.5) - _level(soft, start, 0.55)
    if height < _LEAST_STEP:
        return None
    radii = (0.62 * start.radius, 1.45 * start.radius)
    found, strength = search(soft, start, radii, 0.35 * start.radius, _step(height, start))
    if strength < _LEAST_STRENGTH or not _fits(soft, found):
        return None
    return strength * _worth(soft, found), found


def _fits(soft: Floats, pupil: Circle) -> bool:
    """Whether a disc lies in the picture and is no smaller than a pupil can be."""
    height, width = soft.shape
    room = min(pupil.x, pupil.y, width - 1 - pupil.x, height - 1 - pupil.y)
    return bool(room >= 0.7 * pupil.radius and pupil.radius >= _LEAST_SIZE * height)


def _worth(soft: Floats, pupil: Circle) -> float:
    """Weigh a candidate 0..1: an even dark disc, clearly darker than its ring, near the middle."""
    height, width = soft.shape
    far = np.hypot((pupil.x - width / 2) / width, (pupil.y - height / 2) / height)
    dark = _level(soft, pupil, 0.6)
    # All round but for lashes: a disc inside the pupil has bright surroundings on one side only.
    ring = float(np.percentile(_on_ring(soft, pupil, 1.4), 30))
    contrast = min(1.0, max(0.0, ring - dark) / (10 + 0.5 * ring))
    flat = 1 / (1 + _spread(soft, pupil) / max(8.0, 0.3 * (ring - dark)))
    size = float(min(1.0, pupil.radius / (_USUAL_SIZE * height)) ** 0.4)  # chance makes small discs
    return (0.3 + 0.7 * contrast) * (1 - 0.5 * float(far)) * flat * size


def _believable(soft: Floats, fit: Fit) -> bool:
    """Whether a disc is dark and even enough to be a pupil: neither lash, shadow nor noise."""
    pupil = fit.circle
    step = _level(soft, pupil, 1.4) - _level(soft, pupil, 0.6)
    return (
        fit.seen >= _LEAST_SEEN
        and step >= _LEAST_STEP
        and _spread(soft, pupil) <= _MOST_UNEVEN * step
    )


def _candidates(small: Pixels) -> list[Circle]:
    """Return the most promising dark discs, in pixels of the small picture."""
    height = small.shape[0]
    floor, middle = (float(v) for v in np.percentile(small[::2, ::2], (0.5, 50)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    rated: list[tuple[float, Circle]] = []
    for share in _DARKNESS:
        low = (small <= floor + share * (middle - floor)).astype(np.uint8)
        dark = np.asarray(cv2.morphologyEx(low, cv2.MORPH_OPEN, kernel), np.uint8)
        rated += [_rated(small, disc, full) for disc, full in _discs(dark, height)]
    rated.sort(key=lambda item: -item[0])
    kept: list[Circle] = []
    for score, disc in rated:
        if score <= 0 or len(kept) == _TRIED:
            break
        if all(_differ(disc, other) for other in kept):
            kept.append(disc)
    return kept


def _discs(dark: Pixels, height: int) -> list[tuple[Circle, float]]:
    """Return (disc, roundness 0..1) of every blob: its own size, and the largest disc inside it."""
    found: list[tuple[Circle, float]] = []
    count, labels, stats, centres = cv2.connectedComponentsWithStats(dark)
    least, most = 0.025 * height, 0.30 * height
    inner: Floats | None = None
    for number in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[number])
        if min(w, h) < 2 * least:
            continue
        radius = float(np.sqrt(area / np.pi))
        filled = min(1.0, area / (np.pi / 4 * w * h))
        if least <= radius <= most:
            cx, cy = (float(v) for v in centres[number])
            found.append((Circle(cx, cy, radius), min(w, h) / max(w, h) * filled))
        if min(w, h) / max(w, h) * filled > 0.85:
            continue
        # Joined to lashes or a shadow: the largest disc inside it is the pupil then.
        if inner is None:
            inner = np.asarray(cv2.distanceTransform(dark, cv2.DIST_L2, 3), np.float32)
        box = (slice(y, y + h), slice(x, x + w))
        depth = np.where(labels[box] == number, inner[box], 0)
        at = np.unravel_index(int(np.argmax(depth)), depth.shape)
        radius = float(depth[at])
        if least <= radius <= most:
            found.append((Circle(float(x + at[1]), float(y + at[0]), radius), 0.8))
    return found


def _rated(small: Pixels, disc: Circle, roundness: float) -> tuple[float, Circle]:
    """Rate one disc by roundness, step to its surroundings and place."""
    height, width = small.shape
    far = np.hypot((disc.x - width / 2) / width, (disc.y - height / 2) / height)
    inside, around = _level(small, disc, 0.5), _level(small, disc, 1.5)
    step = (around - inside) / (20 + around)
    return roundness * max(0.0, min(0.6, step)) * (1 - 0.6 * float(far)), disc


def _differ(one: Circle, other: Circle) -> bool:
    near = float(np.hypot(one.x - other.x, one.y - other.y)) < 0.25 * other.radius
    return not (near and 0.8 < one.radius / other.radius < 1.25)


def _level(grey: Pixels | Floats, circle: Circle, at: float) -> float:
    """Return the median grey on a ring of ``at`` radii."""
    return float(np.median(_on_ring(grey, circle, at)))


def _spread(grey: Floats, circle: Circle) -> float:
    """Return how uneven the inside is, grey levels."""
    inside = np.concatenate([_on_ring(grey, circle, at) for at in (0.3, 0.5, 0.7)])
    low, high = np.percentile(inside, (10, 65))  # the lamp shines brighter in it
    return float(high - low)


def _on_ring(grey: Pixels | Floats, circle: Circle, at: float) -> np.ndarray:
    radius = at * circle.radius
    x = np.clip(circle.x + radius * np.cos(_ROUND), 0, grey.shape[1] - 1).astype(int)
    y = np.clip(circle.y + radius * np.sin(_ROUND), 0, grey.shape[0] - 1).astype(int)
    return np.asarray(grey[y, x])
