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
_ACROSS = np.arange(0, 9.1, 1.5, dtype=np.float32)  # taps across the ridge, to both sides
_ALONG = np.arange(0, 9.1, 3.0, dtype=np.float32)  # taps along the ridge, to both sides
_SPARSE = 3  # every so many pixels the ridge period is looked for


@dataclass(frozen=True, slots=True)
class Flow:
    """Tangent angle of the ridges (radians, y down, modulo pi) and its certainty 0..1, both (h, w)."""

    angle: Floats = field(repr=False)
    certainty: Floats = field(repr=False)


def normalise(image: Pixels) -> Floats:
    """Return the picture with local mean 0 and local deviation about 1, ridges positive."""
    grey = image.astype(np.float32)
    mean = _slow(grey, 12.0)
    off = mean - grey
    deviation = cv2.sqrt(_slow(off * off, 12.0)) + np.float32(4.0)
    return np.asarray(np.clip(off / deviation, -2.5, 2.5), dtype=np.float32)


def flow(signal: Floats, spread: float = 7.0) -> Flow:
    """Return the ridge flow by the smoothed structure tensor; ``spread`` in pixels."""
    smooth = cv2.GaussianBlur(signal, (0, 0), 1.2)
    gx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    xx = _slow(gx * gx, spread)
    yy = _slow(gy * gy, spread)
    xy = _slow(gx * gy, spread)
    double = cv2.phase(xx - yy, 2 * xy)  # 0..2 pi, twice the gradient's angle
    strength = cv2.magnitude(xx - yy, 2 * xy)
    return Flow(
        np.asarray(double / 2 + np.float32(np.pi / 2), dtype=np.float32),
        np.asarray(strength / (xx + yy + 1e-3), dtype=np.float32),
    )


def enhance(signal: Floats, angle: Floats) -> Floats:
    """Return the ridge wave (h, w), positive on ridges: a Gabor filter bent along the flow.

    The filter is applied in two one-dimensional steps, each sampled at sub-pixel places: first across
    the ridge, with the period that has the most local energy there, then along it. The period changes
    slowly, so it is looked for on a sparse grid.
    """
    cos, sin = _turned(angle)
    y, x = (np.asarray(part, np.float32) for part in np.indices(signal.shape, dtype=np.float32))
    weights = np.ascontiguousarray(_PROFILES.T)
    period = _period(signal, x, y, cos, sin)
    wave, out = np.zeros_like(signal), np.zeros_like(signal)
    across = _Walk(x, y, -sin, cos)
    for step, weight in zip(_ACROSS, weights, strict=True):
        cv2.accumulateProduct(across.both(signal, float(step)), cv2.LUT(period, weight), wave)
    along = _Walk(x, y, cos, sin)
    for step in _ALONG:
        share = float(np.exp(-0.5 * (step / 5.0) ** 2)) / (2.0 if step == 0 else 1.0)
        cv2.scaleAdd(along.both(wave, float(step)), share, out, out)
    return out


class _Walk:
    """Samples pictures some pixels to both sides of every place, in buffers that it keeps."""

    def __init__(self, x: Floats, y: Floats, dx: Floats, dy: Floats) -> None:
        self._from, self._way = (x, y), (dx, dy)
        self._x, self._y, self._there, self._here = (np.empty_like(x) for _ in range(4))

    def both(self, signal: Floats, step: float) -> Floats:
        """Return the sum of the two samples; good until the next call."""
        self._sample(signal, step, self._there)
        self._sample(signal, -step, self._here)
        self._here += self._there
        return self._here

    def _sample(self, signal: Floats, step: float, into: Floats) -> None:
        cv2.scaleAdd(self._way[0], step, self._from[0], self._x)
        cv2.scaleAdd(self._way[1], step, self._from[1], self._y)
        cv2.remap(signal, self._x, self._y, cv2.INTER_LINEAR, into, borderMode=cv2.BORDER_REFLECT)


def _slow(signal: Floats, spread: float) -> Floats:
    """Blur widely: on a picture a quarter as large, which a wide blur cannot tell."""
    height, width = signal.shape
    small = cv2.resize(signal, (-(-width // 4), -(-height // 4)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), spread / 4)
    return np.asarray(cv2.resize(small, (width, height)), dtype=np.float32)


def _turned(angle: Floats) -> tuple[Floats, Floats]:
    cos, sin = cv2.polarToCart(np.ones_like(angle), angle)  # several times as quick as NumPy's
    return np.asarray(cos, np.float32), np.asarray(sin, np.float32)


def _period(signal: Floats, x: Floats, y: Floats, cos: Floats, sin: Floats) -> NDArray[np.uint8]:
    """Return which of the periods has the most energy around each pixel."""
    x, y, cos, sin = (np.ascontiguousarray(a[::_SPARSE, ::_SPARSE]) for a in (x, y, cos, sin))
    across = _Walk(x, y, -sin, cos)
    taps = np.stack([across.both(signal, float(step)).copy() for step in _ACROSS])
    waves = np.tensordot(_PROFILES[: len(_PERIODS)], taps, axes=1)
    energy = [cv2.boxFilter(wave * wave, -1, (9, 9)) for wave in waves]
    best = np.argmax(np.stack(energy), axis=0).astype(np.uint8)
    size = (signal.shape[1], signal.shape[0])
    return np.asarray(cv2.resize(best, size, interpolation=cv2.INTER_NEAREST), np.uint8)


def _profiles() -> Floats:
    """Return a table (256, taps) whose first rows are the filters; only half, they are symmetric."""
    table = np.zeros((256, len(_ACROSS)), dtype=np.float32)
    whole = np.where(_ACROSS == 0, 1.0, 2.0)
    for row, period in enumerate(_PERIODS):
        envelope = np.exp(-0.5 * (_ACROSS / (0.42 * period)) ** 2)
        wave = np.cos(2 * np.pi * _ACROSS / period)
        profile = envelope * (wave - np.sum(whole * envelope * wave) / np.sum(whole * envelope))
        table[row] = profile / np.sqrt(np.sum(whole * profile**2))
    table[:, 0] /= 2  # the middle tap is sampled as both of a pair
    return table


_PROFILES = _profiles()
