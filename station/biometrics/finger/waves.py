"""The ridge wave of a fingerprint and its period: what is left when all but ridges is filtered away.

Lengths are pixels at 0.65 of 500 ppi, as in ``ridges``. The filter is a Gabor filter bent along the flow, in
two steps sampled at sub-pixel places: an average along the ridge, then a wave across it. Sampling is cubic:
the linear one weakens a wave by up to a third between pixels, and that ripple makes false minutiae.
"""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.ridges import Floats, blurred

_PERIODS = np.geomspace(2.9, 9.5, 12).astype(np.float32)  # 4.5..14.6 px at 500 ppi
_TAPS = np.arange(0, 7, dtype=np.float32)  # across the ridge, to both sides
# Grey pictures have more power the slower the wave, smears and shading above all: unweighted, the slowest wins.
_WHITE = (float(_PERIODS[0]) / _PERIODS) ** np.float32(2.5)
_STEADY = 20.0  # over which the period is taken to be one
_SPARSE = 2  # every so many pixels the period is looked for
_STRIDE, _STEPS = 2.0, 3  # of the average along the ridge
_ENVELOPE = 0.6  # deviation of the filter across the ridge, in periods


@dataclass(frozen=True, slots=True)
class Wave:
    """Ridge wave: ``even`` is positive on ridges, ``odd`` its quadrature along the normal; (h, w)."""

    even: Floats = field(repr=False)
    odd: Floats = field(repr=False)
    period: Floats = field(repr=False)


def rough_wave(signal: Floats, angle: Floats) -> tuple[Floats, Floats]:
    """Return the ridge wave by a first idea of the flow, and the period of the ridges, both (h, w)."""
    places = _Places(angle)
    signal = places.averaged(signal)
    period = _period(signal, places)
    row = _rows(period)
    even = np.zeros_like(signal)
    for tap, weight in zip(_TAPS, _EVEN.T, strict=True):
        there, here = places.across(signal, float(tap))
        there += here
        cv2.accumulateProduct(there, cv2.LUT(row, _table(weight)), even)
    return even, period


def wave(signal: Floats, angle: Floats, period: Floats) -> Wave:
    """Return the ridge wave: the signal averaged along the flow, then filtered across it."""
    places = _Places(angle)
    signal = places.averaged(signal)
    row = _rows(period)
    even, odd, gap = np.zeros_like(signal), np.zeros_like(signal), np.empty_like(signal)
    for tap, level, slope in zip(_TAPS, _EVEN.T, _ODD.T, strict=True):
        there, here = places.across(signal, float(tap))
        if tap:
            np.subtract(there, here, out=gap)
            cv2.accumulateProduct(gap, cv2.LUT(row, _table(slope)), odd)
        there += here
        cv2.accumulateProduct(there, cv2.LUT(row, _table(level)), even)
    return Wave(even, odd, period)


class _Places:
    """Samples pictures along and across the flow, in buffers that it keeps: fresh ones cost more than the work."""

    def __init__(self, angle: Floats, every: int = 1) -> None:
        cos, sin = _turned(np.ascontiguousarray(angle[::every, ::every]))
        self._cos, self._sin, self._minus = cos, sin, -sin
        row, column = np.indices(cos.shape, dtype=np.float32)
        self._row = np.asarray(row * every, np.float32)
        self._column = np.asarray(column * every, np.float32)
        self._x, self._y, self._there, self._here = (np.empty_like(cos) for _ in range(4))
        self._angle = angle

    def sparse(self, every: int) -> "_Places":
        """Return the same flow at every so many pixels."""
        return _Places(self._angle, every)

    def averaged(self, signal: Floats) -> Floats:
        """Return the signal averaged along the flow; in short steps, so that the average bends with it."""
        ahead = cv2.convertMaps(*self._moved(self._cos, self._sin, _STRIDE), cv2.CV_16SC2)
        behind = cv2.convertMaps(*self._moved(self._cos, self._sin, -_STRIDE), cv2.CV_16SC2)
        for _ in range(_STEPS):
            there = self._sampled(signal, *ahead, self._there)
            there += self._sampled(signal, *behind, self._here)
            signal = np.asarray(cv2.addWeighted(signal, 0.5, there, 0.25, 0), np.float32)
        return signal

    def across(self, signal: Floats, step: float) -> tuple[Floats, Floats]:
        """Return the samples so far to one side and to the other; good until the next call."""
        there = self._sampled(signal, *self._moved(self._minus, self._cos, step), self._there)
        return there, self._sampled(signal, *self._moved(self._minus, self._cos, -step), self._here)

    def _moved(self, dx: Floats, dy: Floats, step: float) -> tuple[Floats, Floats]:
        cv2.scaleAdd(dx, step, self._column, self._x)
        cv2.scaleAdd(dy, step, self._row, self._y)
        return self._x, self._y

    @staticmethod
    def _sampled(signal: Floats, x: NDArray[Any], y: NDArray[Any], into: Floats) -> Floats:
        cv2.remap(signal, x, y, cv2.INTER_CUBIC, into, borderMode=cv2.BORDER_REFLECT)
        return into


def _rows(period: Floats) -> NDArray[np.uint8]:
    """Return which filters stand for the periods."""
    row = np.rint(cv2.log(period) * np.float32(1 / _STEP) - np.float32(np.log(_PERIODS[0]) / _STEP))
    return np.asarray(np.clip(row, 0, len(_PERIODS) - 1), np.uint8)


def _period(signal: Floats, places: _Places) -> Floats:
    """Return the period with the most energy around each pixel, whitened and smoothed: it changes slowly."""
    sparse = places.sparse(_SPARSE)
    total, gap = [], []
    for tap in _TAPS:
        there, here = sparse.across(signal, float(tap))
        total.append(there + here)
        gap.append(there - here)
    shape = total[0].shape
    even, odd = (np.stack(part).reshape(len(_TAPS), -1) for part in (total, gap))
    energy = ((_EVEN @ even) ** 2 + (_ODD @ odd) ** 2) * _WHITE[:, None]
    local = np.stack([blurred(part.reshape(shape), _STEADY / _SPARSE) for part in energy])
    # Where there is little energy the period is that of the whole print.
    local += np.float32(0.1) * energy.mean(axis=1)[:, None, None]
    local /= local.max(axis=0) + np.float32(1e-12)
    weight = local**4
    mean = np.tensordot(np.log(_PERIODS), weight, axes=1) / (weight.sum(axis=0) + np.float32(1e-12))
    found = cv2.resize(np.exp(mean).astype(np.float32), (signal.shape[1], signal.shape[0]))
    return np.asarray(np.clip(found, _PERIODS[0], _PERIODS[-1]), np.float32)


def _table(weights: Floats) -> Floats:
    table = np.zeros(256, np.float32)
    table[: len(weights)] = weights
    return table


def _turned(angle: Floats) -> tuple[Floats, Floats]:
    cos, sin = cv2.polarToCart(np.ones_like(angle), angle)  # several times as quick as NumPy's
    return np.asarray(cos, np.float32), np.asarray(sin, np.float32)


def _profiles() -> tuple[Floats, Floats]:
    """Return even and odd filters (periods, taps): one half each, of unit power."""
    even, odd = [], []
    whole = np.where(_TAPS == 0, 1.0, 2.0)
    for period in _PERIODS:
        envelope = np.exp(-0.5 * (_TAPS / (_ENVELOPE * period)) ** 2)
        cosine, sine = (f(2 * np.pi * _TAPS / period) for f in (np.cos, np.sin))
        level = envelope * (cosine - np.sum(whole * envelope * cosine) / np.sum(whole * envelope))
        slope = envelope * sine
        even.append(level / np.sqrt(np.sum(whole * level**2)))
        odd.append(slope / np.sqrt(np.sum(whole * slope**2)))
    table = np.array(even, np.float32)
    table[:, 0] /= 2  # the middle tap is sampled as both of a pair
    return table, np.array(odd, np.float32)


_EVEN, _ODD = _profiles()
_STEP = float(np.log(_PERIODS[1] / _PERIODS[0]))
