"""Ridge patterns with minutiae at known places: waves whose phase turns once around each of them."""

from dataclasses import dataclass

import numpy as np

INK, PAPER = 40, 215


@dataclass(frozen=True)
class Known:
    """A minutia drawn on purpose; ``angle`` in radians, counter-clockwise with y up."""

    x: float
    y: float
    angle: float


def drawn(
    minutiae=(), *, turn=0.0, period=9.0, width=300, height=340, start=0.0, margin=40.0, noise=4.0
):
    """Return a disc-shaped print of straight ridges with the given minutiae; ``turn`` as their angles."""
    y, x = np.indices((height, width), dtype=np.float64)
    along = np.array([np.cos(turn), -np.sin(turn)])  # in picture axes, y down
    normal = np.array([-along[1], along[0]])
    phase = 2 * np.pi * (x * normal[0] + y * normal[1]) / period + start
    for each in minutiae:
        dx, dy = x - each.x, y - each.y
        ahead = dx * along[0] + dy * along[1]
        aside = dx * normal[0] + dy * normal[1]
        with_ridge = np.cos(each.angle - turn) >= 0  # the further ridge lies along the turn
        phase = phase + (1 if with_ridge else -1) * np.arctan2(aside, ahead)
    grey = (INK + PAPER) / 2 - (PAPER - INK) / 2 * np.cos(phase)
    radius = min(width, height) / 2 - margin / 2
    rim = np.hypot(x - width / 2, y - height / 2) > radius
    grey[rim] = PAPER
    grey += np.random.default_rng(7).normal(0, noise, grey.shape)
    return np.clip(grey, 0, 255).astype(np.uint8)


def nearest(template, known, reach=8.0):
    """Return the index of the extracted minutia at the known place, None when there is none."""
    if not len(template):
        return None
    away = np.hypot(template.x - known.x, template.y - known.y)
    index = int(np.argmin(away))
    return index if away[index] <= reach else None


def off(one, other):
    """Return how far two angles differ, degrees 0..180."""
    return float(np.degrees(np.abs(np.angle(np.exp(1j * (one - other))))))
