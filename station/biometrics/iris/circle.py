"""Fitting a circle to a step of grey: consensus of rays first, least squares on the edge points then."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
# What the search gives up for an edge that is unlike an eye: per squared logarithm of the radius against
# the usual one, per squared tenth of a radius between the centres; and what an extra arc may add.
_ODD_RADIUS, _ODD_CENTRE, _EXTRA = 0.2, 0.05, 0.2


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in pixels; x right, y down, both from the middle of the first pixel."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted circle, how much of its circumference shows the step, and its axes when they show."""

    circle: Circle
    strength: float  # 0..1, mean step over the rays as a share of the step that was expected
    seen: float  # 0..1, share of the rays with an edge on the circle
    aspect: float | None = None  # short over long axis; None when too little is seen


@dataclass(frozen=True, slots=True)
class Step:
    """What edge to look for: its height in grey levels, its half width in px, and along which arcs."""

    height: float
    half_width: float
    arcs: tuple[Floats, ...]  # angles in radians, clockwise in the picture from +x
    every_arc: float = 0.0  # 0: the mean of all arcs counts, 1: the weakest arc alone
    usual_radius: float | None = None  # px; far from it an equal edge counts a little less
    extra: Floats | None = None  # angles that may show the edge too: they add, never cost


def rays(soft: Floats, x: Floats, y: Floats, radii: Floats, angles: Floats) -> Floats:
    """Return the grey along rays, (centres, radii, angles); beyond the picture its border goes on."""
    across = x[:, None, None] + radii[None, :, None] * np.cos(angles)
    down = y[:, None, None] + radii[None, :, None] * np.sin(angles)
    flat = (len(x) * len(radii), len(angles))
    ring = cv2.remap(
        soft,
        across.reshape(flat).astype(np.float32),
        down.reshape(flat).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(ring, np.float32).reshape(len(x), len(radii), len(angles))


def search(
    soft: Floats, start: Circle, radii: tuple[float, float], reach: float, step: Step
) -> tuple[Circle, float]:
    """Find the circle over which the most rays rise outward, and its strength 0..1.

    Daugman's integro-differential operator with one change: the rise on each ray is cut at the expected
    height, so that a glint, a lash or a lid that crosses the circle counts for the rays it covers only.
    Centres lie within ``reach`` px of the start in both directions; the search is coarse, then fine.
    """
    low, high = radii
    best, strength = start, 0.0
    offsets = np.arange(-2, 3, dtype=np.float32)
    dy, dx = (part.ravel() for part in np.meshgrid(offsets, offsets, indexing="ij"))
    for spacing in (reach / 2, reach / 5, max(0.5, reach / 14)):
        pitch = max(0.75, (high - low) / 48)
        lag = max(1, round(step.half_width / pitch))
        grid = np.arange(low - lag * pitch, high + (lag + 0.5) * pitch, pitch, dtype=np.float32)
        grid = grid[grid > 0.5]
        if len(grid) < 2 * lag + 2:
            return best, strength
        x, y = np.float32(best.x) + dx * spacing, np.float32(best.y) + dy * spacing
        score = _consensus(soft, x, y, grid, lag, step)
        # An arc at the sides tells little of the height: leaving the start must pay.
        score -= 0.015 * (np.abs(dx) + 1.5 * np.abs(dy))[:, None] * spacing / max(reach, 1e-6)
        if step.usual_radius is not None:
            score -= (
                _ODD_RADIUS * np.log(grid[lag:-lag] / np.float32(step.usual_radius))[None, :] ** 2
            )
            away = (x - np.float32(start.x)) ** 2 + (y - np.float32(start.y)) ** 2
            score -= _ODD_CENTRE * away[:, None] / (0.1 * grid[lag:-lag])[None, :] ** 2
        top, at = np.unravel_index(int(np.argmax(score)), score.shape)
        strength = float(score[top, at])
        best = Circle(float(x[top]), float(y[top]), float(grid[lag:-lag][at]))
        half = max(3 * pitch, 0.08 * best.radius)
        low, high = max(radii[0], best.radius - half), min(radii[1], best.radius + half)
    return best, max(0.0, strength)


def _consensus(soft: Floats, x: Floats, y: Floats, grid: Floats, lag: int, step: Step) -> Floats:
    """Return per centre and radius the mean share of the expected step over the arcs."""
    means = []
    for angles in step.arcs if step.extra is None else (*step.arcs, step.extra):
        ring = rays(soft, x, y, grid, angles)
        rise = (ring[:, 2 * lag :] - ring[:, : -2 * lag]) / np.float32(step.height)
        means.append(np.clip(rise, -0.5, 1.0).mean(axis=2))
    parts = np.stack(means[: len(step.arcs)])
    mixed = (1 - step.every_arc) * parts.mean(axis=0) + step.every_arc * parts.min(axis=0)
    if step.extra is not None:
        mixed = (mixed + _EXTRA * np.maximum(means[-1], 0)) / (1 + _EXTRA)
    return np.asarray(mixed, np.float32)


def refine(soft: Floats, found: Circle, band: float, step: Step) -> Fit:
    """Fit the circle by Tukey-weighted least squares to the steepest point of every ray.

    Points lie within ``band`` px of the found circle; a ray without a step of a quarter of the expected
    height has none. The centre may not leave the found one by more than the band.
    """
    angles = np.concatenate(step.arcs)
    lag = max(1, round(step.half_width / 2))
    reach = band + lag + 1
    radii = np.arange(found.radius - reach, found.radius + reach + 0.5, 1.0, dtype=np.float32)
    radii = radii[radii > 0.5]
    if len(radii) < 2 * lag + 3:
        return Fit(found, 0.0, 0.0)
    centre = (np.array([found.x], np.float32), np.array([found.y], np.float32))
    ring = rays(soft, *centre, radii, angles)[0]
    rise = ring[2 * lag :] - ring[: -2 * lag]
    at = np.argmax(rise, axis=0)
    every = np.arange(len(angles))
    inner = (at > 0) & (at < len(rise) - 1)
    middle = rise[at, every]
    before, after = (
        rise[np.maximum(at - 1, 0), every],
        rise[np.minimum(at + 1, len(rise) - 1), every],
    )
    bend = before - 2 * middle + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-6), 0)
    edge = radii[lag + at] + np.clip(shift, -0.5, 0.5)
    clear = inner & (middle > 0.25 * step.height)
    if int(clear.sum()) < 8:
        return Fit(found, 0.0, 0.0)
    px = found.x + edge[clear] * np.cos(angles[clear])
    py = found.y + edge[clear] * np.sin(angles[clear])
    circle, weight = _least_squares(px, py, found, band)
    strength = float(np.clip(middle / step.height, 0, 1)[clear].sum()) / len(angles)
    held = weight > 0.3
    seen = float(held.sum()) / len(angles)
    return Fit(circle, strength, seen, _aspect(px[held], py[held], angles[clear][held]))


def _least_squares(
    px: NDArray[np.float64], py: NDArray[np.float64], found: Circle, band: float
) -> tuple[Circle, NDArray[np.float64]]:
    """Return the weighted algebraic circle of the points and their last weights."""
    circle, weight = found, np.ones(len(px))
    for _ in range(6):
        off = np.hypot(px - circle.x, py - circle.y) - circle.radius
        scale = 4.0 * max(0.6, float(np.median(np.abs(off))))
        weight = np.clip(1 - (off / scale) ** 2, 0, None) ** 2
        x, y = px - found.x, py - found.y
        rows = np.stack([2 * x, 2 * y, np.ones_like(x)], 1)
        # A weak pull to the found centre keeps a one-sided arc from sliding away.
        pull = 0.02 * weight.sum() * np.diag([1.0, 1.0, 0.0]) * found.radius**2 * 0.05
        normal = rows.T @ (rows * weight[:, None]) + pull
        right = rows.T @ (weight * (x * x + y * y))
        try:
            a, b, c = np.linalg.solve(normal, right)
        except np.linalg.LinAlgError:
            return circle, weight
        square = c + a * a + b * b
        moved = float(np.hypot(a, b))
        if square <= 0 or moved > band or abs(np.sqrt(square) - found.radius) > band:
            return circle, weight
        circle = Circle(found.x + float(a), found.y + float(b), float(np.sqrt(square)))
    return circle, weight


def _aspect(px: NDArray[np.float64], py: NDArray[np.float64], angles: Floats) -> float | None:
    """Return short over long axis of the ellipse through the points; None under 270 degrees of arc."""
    sectors = np.unique(np.floor(angles / (np.pi / 8)).astype(int) % 16)
    if len(sectors) < 12 or len(px) < 20:
        return None
    points = np.stack([px, py], 1).astype(np.float32)
    _, axes, _ = cv2.fitEllipseDirect(points.reshape(-1, 1, 2))
    short, long = min(axes), max(axes)
    return float(short / long) if np.isfinite(axes).all() and long > 0 else None
