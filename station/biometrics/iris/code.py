"""A plain iris code: does the same eye fill both slots, or another picture of this eye?

The ring between pupil and limbus is unwrapped, filtered along the circle with complex Gabor wavelets at
two scales, and only the signs of the response are kept (after Daugman). Compared by Hamming distance over
bits that are visible in both, at the best of several rotations.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.iris.geometry import EyeGeometry
from station.devices import Pixels

_ROWS, _COLUMNS = 16, 256
_WAVELENGTHS = (14.0, 26.0)  # columns
_TURNS = range(-12, 13)  # columns of 1.4 degrees
SAME_EYE_BELOW = 0.36  # Hamming distance; unrelated eyes lie near 0.45..0.5


@dataclass(frozen=True, slots=True)
class IrisCode:
    """Sign bits and their validity, both (scales x 2, rows, columns)."""

    bits: NDArray[np.bool_] = field(repr=False)
    valid: NDArray[np.bool_] = field(repr=False)


def encode(grey: Pixels, geometry: EyeGeometry) -> IrisCode:
    """Return the code of one judged eye picture."""
    ring, seen = _unwrapped(grey, geometry)
    typical = float(ring[seen].mean()) if seen.any() else 0.0
    level = np.where(seen, ring - typical, 0).astype(np.float32)
    bits, valid = [], []
    for wavelength in _WAVELENGTHS:
        wave = np.fft.fft(level, axis=1)
        frequency = np.fft.fftfreq(_COLUMNS)
        band = np.exp(-0.5 * (np.log(np.maximum(frequency, 1e-6) * wavelength) / 0.55) ** 2)
        response = np.fft.ifft(wave * np.where(frequency > 0, band, 0), axis=1)
        strong = np.abs(response) > 0.15 * np.abs(response).mean()
        bits += [response.real > 0, response.imag > 0]
        valid += [seen & strong] * 2
    return IrisCode(np.stack(bits), np.stack(valid))


def distance(one: IrisCode, other: IrisCode) -> float:
    """Return the Hamming distance 0..1 at the best rotation; 1.0 when too little is visible in both."""
    best = 1.0
    for turn in _TURNS:
        both = one.valid & np.roll(other.valid, turn, axis=2)
        count = int(both.sum())
        if count < one.valid.size // 6:
            continue
        differs = (one.bits ^ np.roll(other.bits, turn, axis=2)) & both
        best = min(best, float(differs.sum()) / count)
    return best


def _unwrapped(
    grey: Pixels, geometry: EyeGeometry
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the ring as (rows from pupil to limbus, columns once round) and which of it is visible."""
    turn = np.linspace(0, 2 * np.pi, _COLUMNS, endpoint=False, dtype=np.float32)[None, :]
    share = np.linspace(0.08, 0.88, _ROWS, dtype=np.float32)[:, None]
    pupil, iris = geometry.pupil, geometry.iris
    x = (1 - share) * (pupil.x + pupil.radius * np.cos(turn)) + share * (
        iris.x + iris.radius * np.cos(turn)
    )
    y = (1 - share) * (pupil.y + pupil.radius * np.sin(turn)) + share * (
        iris.y + iris.radius * np.sin(turn)
    )
    across, down = x.astype(np.float32), y.astype(np.float32)
    soft = cv2.GaussianBlur(grey, (0, 0), 1.5).astype(np.float32)
    ring = cv2.remap(soft, across, down, cv2.INTER_LINEAR)
    seen = cv2.remap(geometry.visible.astype(np.uint8), across, down, cv2.INTER_NEAREST) > 0
    return np.asarray(ring, np.float32), np.asarray(seen, bool)
