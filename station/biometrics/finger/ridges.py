"""Ridge flow, ridge period and the ridge wave of a fingerprint, at two thirds of the 500 ppi.

That scale still holds ridges five pixels apart at 500 ppi, at two fifths of the cost. All lengths are pixels
of that reduced picture, angles those of the picture (y down).
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

Floats = NDArray[np.float32]

REDUCED: Final = 0.65  # scale of the pictures here against 500 ppi
_PERIODS = np.geomspace(2.9, 9.5, 12).astype(np.float32)  # 4.5..14.6 px at 500 ppi
_TAPS = np.arange(0, 7, dtype=np.float32)  # across the ridge, to both sides
# Grey pictures have more power the slower the wave, smears and shading above all: unweighted, the slowest wins.
_WHITE = (float(_PERIODS[0]) / _PERIODS) ** np.float32(2.5)
_STEADY = 20.0  # over which the period is taken to be one
_SPARSE = 2  # every so many pixels the period is looked for
_LOCAL = 6.0  # over which grey level and contrast are evened out
_FINE, _WIDE = 3.0, 8.0  # windows of the ridge flow
_DIRECTIONS, _USUAL = 8, 4.4  # filters of the searched flow, and the period they expect
_AROUND, _EVENED = 5.0, 4.0  # window in which they compete, and that of the winners
_ALONG = (2.0, 2.0, 2.0)  # steps of the walks along the ridge
_ENVELOPE = 0.6  # deviation of the filter across the ridge, in periods


@dataclass(frozen=True, slots=True)
class Flow:
    """Tangent angle of the ridges (radians, y down, modulo pi) and its certainty 0..1, both (h, w)."""

    angle: Floats = field(repr=False)
    certainty: Floats = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wave:
    """Ridge wave: ``even`` is positive on ridges, ``odd`` its quadrature along the normal; (h, w)."""

    even: Floats = field(repr=False)
    odd: Floats = field(repr=False)
    period: Floats = field(repr=False)


def normalise(image: Pixels | Floats, inside: Floats) -> Floats:
    """Return the picture with local mean 0 and local deviation about 1, ridges positive."""
    grey = image.astype(np.float32)
    share = _blur(inside, _LOCAL) + np.float32(1e-3)
    mean = _blur(grey * inside, _LOCAL) / share
    off = (mean - grey) * inside
    deviation = cv2.sqrt(_blur(off * off, _LOCAL) / share) + np.float32(3.0)
    return np.asarray(np.clip(off / deviation, -2.0, 2.0), dtype=np.float32)


def flow(signal: Floats) -> Flow:
    """Return the ridge flow: the structure tensor, filled in from a wider window where it is unsure."""
    smooth = cv2.GaussianBlur(signal, (0, 0), 0.6)
    gx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    power = _blur(gx * gx + gy * gy, _FINE) + np.float32(1e-3)
    real = _blur(gx * gx - gy * gy, _FINE) / power
    imag = _blur(2 * gx * gy, _FINE) / power
    wide_real, wide_imag = _blur(real, _WIDE), _blur(imag, _WIDE)
    certainty = cv2.magnitude(real, imag)
    real, imag = real * certainty + 0.5 * wide_real, imag * certainty + 0.5 * wide_imag
    double = cv2.phase(real, imag)  # 0..2 pi, twice the gradient's angle
    return Flow(
        np.asarray(double / 2 + np.float32(np.pi / 2), dtype=np.float32),
        np.asarray(certainty, dtype=np.float32),
    )


def searched_flow(signal: Floats) -> Flow:
    """Return the flow by trial: which of some long ridge filters answers most, around each pixel.

    Pores and dry skin break ridges into dots, whose gradients point every way; a filter longer than the dots
    are apart still sees the line. The structure tensor is the finer tool once the wave is whole.
    """
    real, imag, whole = (np.zeros_like(signal) for _ in range(3))
    for turn, kernel in _BANK:
        answer = cv2.filter2D(signal, cv2.CV_32F, kernel, borderType=cv2.BORDER_REFLECT)
        energy = _blur(answer * answer, _AROUND)
        energy *= energy  # the strongest decides
        cv2.scaleAdd(energy, float(np.cos(2 * turn)), real, real)
        cv2.scaleAdd(energy, float(np.sin(2 * turn)), imag, imag)
        whole += energy
    whole += np.float32(1e-6)
    real /= whole
    imag /= whole
    certainty = np.minimum(cv2.magnitude(real, imag), np.float32(1))
    double = cv2.phase(_blur(real, _EVENED), _blur(imag, _EVENED))
    return Flow(np.asarray(double / 2, np.float32), np.asarray(certainty, np.float32))


def wave(
    signal: Floats,
    angle: Floats,
    period: Floats | None = None,
    *,
    along: tuple[float, ...] = _ALONG,
) -> Wave:
    """Return the ridge wave: the signal averaged along the flow, then filtered across it."""
    cos, sin = _turned(angle)
    y, x = (np.asarray(part, np.float32) for part in np.indices(signal.shape, dtype=np.float32))
    way = _Walk(x, y, cos, sin)
    for step in along:
        signal = np.float32(0.5) * signal + np.float32(0.25) * way.both(signal, step)[0]
    if period is None:
        period = _period(signal, x, y, cos, sin)
    row = np.clip(np.rint(np.log(period / _PERIODS[0]) / _STEP), 0, len(_PERIODS) - 1)
    row = row.astype(np.uint8)
    even, odd = np.zeros_like(signal), np.zeros_like(signal)
    across = _Walk(x, y, -sin, cos)
    for tap, weight_even, weight_odd in zip(_TAPS, _EVEN.T, _ODD.T, strict=True):
        total, gap = across.both(signal, float(tap))
        cv2.accumulateProduct(total, cv2.LUT(row, _table(weight_even)), even)
        if tap:
            cv2.accumulateProduct(gap, cv2.LUT(row, _table(weight_odd)), odd)
    return Wave(even, odd, period)


class _Walk:
    """Samples pictures some pixels to both sides of every place."""

    def __init__(self, x: Floats, y: Floats, dx: Floats, dy: Floats) -> None:
        self._from, self._way = (x, y), (dx, dy)

    def both(self, signal: Floats, step: float) -> tuple[Floats, Floats]:
        """Return sum and difference of the sample ahead and the sample behind."""
        there, here = self._sample(signal, step), self._sample(signal, -step)
        return there + here, there - here

    def _sample(self, signal: Floats, step: float) -> Floats:
        x = cv2.scaleAdd(self._way[0], step, self._from[0])
        y = cv2.scaleAdd(self._way[1], step, self._from[1])
        return np.asarray(
            cv2.remap(signal, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT), np.float32
        )


def _blur(signal: Floats, spread: float) -> Floats:
    """Blur by a Gaussian; a wide one on a smaller picture, which it cannot tell."""
    if spread < 4:
        return np.asarray(cv2.GaussianBlur(signal, (0, 0), spread), dtype=np.float32)
    height, width = signal.shape
    small = cv2.resize(signal, (-(-width // 2), -(-height // 2)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), spread / 2)
    return np.asarray(cv2.resize(small, (width, height)), dtype=np.float32)


def _turned(angle: Floats) -> tuple[Floats, Floats]:
    cos, sin = cv2.polarToCart(np.ones_like(angle), angle)  # several times as quick as NumPy's
    return np.asarray(cos, np.float32), np.asarray(sin, np.float32)


def _period(signal: Floats, x: Floats, y: Floats, cos: Floats, sin: Floats) -> Floats:
    """Return the period with the most energy around each pixel, whitened and smoothed: it changes slowly."""
    size = (signal.shape[1], signal.shape[0])
    x, y, cos, sin = (np.ascontiguousarray(a[::_SPARSE, ::_SPARSE]) for a in (x, y, cos, sin))
    across = _Walk(x, y, -sin, cos)
    pairs = [across.both(signal, float(tap)) for tap in _TAPS]
    total = np.stack([pair[0].ravel() for pair in pairs])
    gap = np.stack([pair[1].ravel() for pair in pairs])
    energy = ((_EVEN @ total) ** 2 + (_ODD @ gap) ** 2) * _WHITE[:, None]
    local = np.stack([_blur(part.reshape(x.shape), _STEADY / _SPARSE) for part in energy])
    local += (
        np.float32(0.1) * energy.mean(axis=1)[:, None, None]
    )  # where there is little, as elsewhere
    local /= local.max(axis=0) + np.float32(1e-12)
    weight = local**4
    mean = np.tensordot(np.log(_PERIODS), weight, axes=1) / (weight.sum(axis=0) + np.float32(1e-12))
    found = cv2.resize(np.exp(mean).astype(np.float32), size)
    return np.asarray(np.clip(found, _PERIODS[0], _PERIODS[-1]), np.float32)


def _table(weights: Floats) -> Floats:
    table = np.zeros(256, np.float32)
    table[: len(weights)] = weights
    return table


def _bank() -> tuple[tuple[float, Floats], ...]:
    """Return the directions along the ridge and their filters: even Gabors of no mean and unit power."""
    row, column = np.indices((11, 11), dtype=np.float64) - 5
    bank = []
    for turn in np.arange(_DIRECTIONS) * (np.pi / _DIRECTIONS):
        along = column * np.cos(turn) + row * np.sin(turn)
        across = row * np.cos(turn) - column * np.sin(turn)
        envelope = np.exp(-0.5 * ((along / 4.0) ** 2 + (across / (0.5 * _USUAL)) ** 2))
        kernel = envelope * np.cos(2 * np.pi * across / _USUAL)
        kernel -= envelope * kernel.sum() / envelope.sum()
        bank.append((float(turn), (kernel / np.sqrt(np.sum(kernel**2))).astype(np.float32)))
    return tuple(bank)


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


_BANK = _bank()
_EVEN, _ODD = _profiles()
_STEP = float(np.log(_PERIODS[1] / _PERIODS[0]))
