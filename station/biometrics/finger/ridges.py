"""Ridge flow and ridge enhancement: the steps between a grey picture and its skeleton.

Inside this module angles are those of the picture (y down); ``minutiae`` converts once, at the edge.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

Floats = NDArray[np.float32]

_PERIODS = (6.5, 8.0, 9.5, 11.5, 14.0)  # pixels at 500 ppi; adult ridges lie between 6 and 14
_ACROSS = np.arange(-9, 10, dtype=np.float32)  # taps across the ridge, 1 px apart
_ALONG = np.arange(-10, 11, 2, dtype=np.float32)  # taps along the ridge


@dataclass(frozen=True, slots=True)
class Flow:
    """Tangent angle of the ridges (radians, y down, modulo pi) and its certainty 0..1, both (h, w)."""

    angle: Floats = field(repr=False)
    certainty: Floats = field(repr=False)


def normalise(image: Pixels) -> Floats:
    """Return the picture with local mean 0 and local deviation about 1, ridges positive."""
    grey = image.astype(np.float32)
    mean = cv2.GaussianBlur(grey, (0, 0), 12)
    deviation = np.sqrt(np.maximum(cv2.GaussianBlur(grey * grey, (0, 0), 12) - mean * mean, 0))
    return np.clip((mean - grey) / (deviation + 4.0), -2.5, 2.5).astype(np.float32)


def flow(signal: Floats, spread: float = 7.0) -> Flow:
    """Return the ridge flow by the smoothed structure tensor; ``spread`` in pixels."""
    smooth = cv2.GaussianBlur(signal, (0, 0), 1.2)
    gx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx = cv2.GaussianBlur(gx * gx, (0, 0), spread)
    yy = cv2.GaussianBlur(gy * gy, (0, 0), spread)
    xy = cv2.GaussianBlur(gx * gy, (0, 0), spread)
    double = cv2.phase(xx - yy, 2 * xy)  # 0..2 pi, twice the gradient's angle
    strength = cv2.magnitude(xx - yy, 2 * xy)
    return Flow(
        np.asarray(double / 2 + np.float32(np.pi / 2), dtype=np.float32),
        np.asarray(strength / (xx + yy + 1e-3), dtype=np.float32),
    )


def enhance(signal: Floats, angle: Floats) -> Floats:
    """Return the ridge wave (h, w), positive on ridges: a Gabor filter bent along the flow.

    The filter is applied in two one-dimensional steps, each sampled at sub-pixel places: first across
    the ridge, where the best of several periods is chosen by local energy, then along it.
    """
    cos, sin = np.cos(angle), np.sin(angle)
    y, x = np.indices(signal.shape, dtype=np.float32)
    taps = np.stack([_sampled(signal, x - step * sin, y + step * cos) for step in _ACROSS])
    waves = np.tensordot(_profiles(), taps, axes=1)
    energy = np.stack([cv2.boxFilter(wave * wave, -1, (25, 25)) for wave in waves])
    best = np.argmax(energy, axis=0)
    wave = np.take_along_axis(waves, best[None], axis=0)[0]
    out = np.zeros_like(signal)
    for step in _ALONG:
        weight = np.float32(np.exp(-0.5 * (step / 5.0) ** 2))
        out += weight * _sampled(wave, x + step * cos, y + step * sin)
    return out


def _profiles() -> Floats:
    rows = []
    for period in _PERIODS:
        envelope = np.exp(-0.5 * (_ACROSS / (0.42 * period)) ** 2)
        wave = np.cos(2 * np.pi * _ACROSS / period)
        profile = envelope * (wave - np.sum(envelope * wave) / np.sum(envelope))
        rows.append(profile / np.linalg.norm(profile))
    return np.asarray(rows, dtype=np.float32)


def _sampled(signal: Floats, x: Floats, y: Floats) -> Floats:
    out = cv2.remap(signal, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(out, dtype=np.float32)
