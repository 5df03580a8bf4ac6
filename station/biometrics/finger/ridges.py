"""Which way ridges run: evened-out picture and ridge flow, at two thirds of the 500 ppi.

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
_LOCAL = 6.0  # over which grey level and contrast are evened out
_FINE, _WIDE = 3.0, 8.0  # windows of the ridge flow
_DIRECTIONS, _USUAL = 8, 4.4  # filters of the searched flow, and the period they expect
_AROUND, _EVENED = 5.0, 4.0  # window in which they compete, and that of the winners


@dataclass(frozen=True, slots=True)
class Flow:
    """Tangent angle of the ridges (radians, y down, modulo pi) and its certainty 0..1, both (h, w)."""

    angle: Floats = field(repr=False)
    certainty: Floats = field(repr=False)


def normalise(image: Pixels | Floats, inside: Floats) -> Floats:
    """Return the picture with local mean 0 and local deviation about 1, ridges positive."""
    grey = image.astype(np.float32)
    share = blurred(inside, _LOCAL) + np.float32(1e-3)
    mean = blurred(grey * inside, _LOCAL) / share
    off = (mean - grey) * inside
    deviation = cv2.sqrt(blurred(off * off, _LOCAL) / share) + np.float32(3.0)
    return np.asarray(np.clip(off / deviation, -2.0, 2.0), dtype=np.float32)


def flow(signal: Floats) -> Flow:
    """Return the ridge flow: the structure tensor, filled in from a wider window where it is unsure."""
    smooth = cv2.GaussianBlur(signal, (0, 0), 0.6)
    gx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    power = blurred(gx * gx + gy * gy, _FINE) + np.float32(1e-3)
    real = blurred(gx * gx - gy * gy, _FINE) / power
    imag = blurred(2 * gx * gy, _FINE) / power
    wide_real, wide_imag = blurred(real, _WIDE), blurred(imag, _WIDE)
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
        energy = blurred(answer * answer, _AROUND)
        energy *= energy  # the strongest decides
        cv2.scaleAdd(energy, float(np.cos(2 * turn)), real, real)
        cv2.scaleAdd(energy, float(np.sin(2 * turn)), imag, imag)
        whole += energy
    whole += np.float32(1e-6)
    real /= whole
    imag /= whole
    certainty = np.minimum(cv2.magnitude(real, imag), np.float32(1))
    double = cv2.phase(blurred(real, _EVENED), blurred(imag, _EVENED))
    return Flow(np.asarray(double / 2, np.float32), np.asarray(certainty, np.float32))


def blurred(signal: Floats, spread: float) -> Floats:
    """Blur by a Gaussian; a wide one on a smaller picture, which it cannot tell."""
    if spread < 4:
        return np.asarray(cv2.GaussianBlur(signal, (0, 0), spread), dtype=np.float32)
    height, width = signal.shape
    small = cv2.resize(signal, (-(-width // 2), -(-height // 2)), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), spread / 2)
    return np.asarray(cv2.resize(small, (width, height)), dtype=np.float32)


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


_BANK = _bank()
