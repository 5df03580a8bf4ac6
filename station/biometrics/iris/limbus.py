"""Finding the limbus: the circle round the pupil where iris turns to sclera on both sides."""

from dataclasses import replace

import cv2
import numpy as np

from station.biometrics.iris.circle import Circle, Fit, Floats, Step, rays, refine, search

# Clockwise from +x: where a lid rarely covers the limbus, first the side on the right, then the left.
_RIGHT = np.deg2rad(np.arange(-26, 51, 4)).astype(np.float32)
_LEFT = np.deg2rad(np.arange(130, 207, 4)).astype(np.float32)
_BELOW = np.deg2rad(np.arange(54, 127, 6)).astype(np.float32)
_RATIO = (1.35, 5.2)  # limbus over pupil radius: 19 to 74 %
_USUAL = 2.7  # limbus over pupil radius indoors, under a near-infrared lamp
_LEAST_STEP = 6.0  # grey levels


def find_limbus(soft: Floats, pupil: Circle) -> Fit | None:
    """Return the limbus round a pupil in an (h, w) float32 smoothed picture; None when there is no room."""
    short = min(soft.shape)
    soft = _without_pupil(soft, pupil)
    low = max(_RATIO[0] * pupil.radius, 0.10 * short)
    high = min(_RATIO[1] * pupil.radius, 0.56 * short)
    if high < 1.1 * low:
        return None
    step = Step(
        _expected(soft, pupil, low, high), 0.0, (_RIGHT, _LEFT), 0.6, _USUAL * pupil.radius, _BELOW
    )
    half_width = float(np.clip(0.05 * (low + high) / 2, 1.5, 3.0))
    step = replace(step, half_width=half_width)
    found, strength = search(soft, pupil, (low, high), 0.32 * pupil.radius, step)
    fit = refine(soft, found, max(2.5, 0.07 * found.radius), step)
    return Fit(fit.circle, strength, fit.seen)


def _expected(soft: Floats, pupil: Circle, low: float, high: float) -> float:
    """Return a cautious height of the step from iris to sclera, grey levels.

    The level along each side is cut at its 85th percentile: a bright corner or skin is no sclera.
    """
    radii = np.linspace(low, high, 40, dtype=np.float32)
    heights = []
    for arc in (_RIGHT, _LEFT):
        centre = (np.array([pupil.x], np.float32), np.array([pupil.y], np.float32))
        profile = np.median(rays(soft, *centre, radii, arc)[0], axis=1)
        dark, bright = np.percentile(profile, (10, 85))
        heights.append(float(bright - dark))
    return max(_LEAST_STEP, 0.25 * min(heights) + 0.1 * max(heights))


def _without_pupil(soft: Floats, pupil: Circle) -> Floats:
    """Return the picture with the pupil filled by the grey around it, so that its edge is none."""
    centre = (np.array([pupil.x], np.float32), np.array([pupil.y], np.float32))
    around = np.array([1.25 * pupil.radius], np.float32)
    sides = np.concatenate([_RIGHT, _LEFT])
    level = float(np.median(rays(soft, *centre, around, sides)))
    filled = soft.copy()
    middle = (round(pupil.x), round(pupil.y))
    cv2.circle(filled, middle, round(1.18 * pupil.radius), (level,), cv2.FILLED)
    return filled
