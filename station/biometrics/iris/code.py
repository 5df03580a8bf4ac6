"""The iris code: is it the same eye?

The ring between pupil and limbus is unwrapped, evened out, filtered along the circle with complex
log-Gabor wavelets at three scales, and only the signs of the response are kept (after Daugman). Two codes
are compared by Hamming distance over the bits visible in both, at the best of several rotations.
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.iris.geometry import EyeGeometry
from station.devices import Pixels

ALGORITHM, VERSION = "rekam.iris-code", "2"
SAME_EYE_BELOW: Final = 0.37  # distance; unrelated eyes lie at 0.45 +- 0.02
FALSE_MATCH_RATE: Final = 1e-3  # at SAME_EYE_BELOW: 11 of 13 775 pairs, see docs/biometrics/iris.md

_ROWS, _COLUMNS, _OVER = 16, 256, 4
_DEPTH = (0.08, 0.88)  # of the ring; its rims are the least certain
_WAVELENGTHS = (12.0, 20.0, 34.0)  # columns of 1.4 degrees
_BANDWIDTH = 0.55  # of the log-Gabor, in natural logarithms
_FRAGILE = 0.15  # of the mean amplitude: weaker responses have no certain sign
_TURNS = range(-12, 13)  # columns: -17 to 17 degrees
_USUAL_SHARE = 0.5  # of all bits compared, to which a distance is normalised
_LEAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class IrisCode:
    """Sign bits and their validity, both (scales x 2, rows, columns)."""

    bits: NDArray[np.bool_] = field(repr=False)
    valid: NDArray[np.bool_] = field(repr=False)


@dataclass(frozen=True, slots=True)
class IrisMatch:
    """The outcome of one comparison."""

    distance: float  # 0..1, normalised for the number of bits compared; 1 when too few are
    same: bool
    bits: int  # compared
    turn_deg: float  # by which the second eye is turned against the first, clockwise


def encode(grey: Pixels, geometry: EyeGeometry) -> IrisCode:
    """Return the code of one eye picture, (h, w) uint8, whose geometry is known."""
    ring, seen = _unwrapped(grey, geometry)
    even = _even(ring, seen)
    rows = even.reshape(_ROWS, _OVER, _COLUMNS).mean(axis=1)
    shown = seen.reshape(_ROWS, _OVER, _COLUMNS).mean(axis=1) > 0.6
    wave = np.fft.fft(rows, axis=1)
    frequency = np.fft.fftfreq(_COLUMNS)
    bits, valid = [], []
    for wavelength in _WAVELENGTHS:
        band = np.exp(-0.5 * (np.log(np.maximum(frequency, 1e-6) * wavelength) / _BANDWIDTH) ** 2)
        response = np.fft.ifft(wave * np.where(frequency > 0, band, 0), axis=1)
        amplitude = np.abs(response)
        strong = amplitude > _FRAGILE * (float(amplitude[shown].mean()) if shown.any() else 0.0)
        bits += [response.real > 0, response.imag > 0]
        valid += [shown & strong] * 2
    return IrisCode(np.stack(bits), np.stack(valid))


def compare(one: IrisCode, other: IrisCode) -> IrisMatch:
    """Compare two codes at the best of 25 rotations; symmetric but for the sign of the turn.

    The distance of few bits is drawn to 0.5, of many away from it (Daugman's normalisation), because
    chance alone brings two eyes nearer when little is visible; ``0.5 - (0.5 - hd)·sqrt(n/n0)``.
    """
    best = IrisMatch(1.0, False, 0, 0.0)
    size = one.valid.size
    mine = _packed(one, 0)
    for turn in sorted(_TURNS, key=abs):  # of equal distances the smallest turn
        theirs = _packed(other, turn)
        both = mine[1] & theirs[1]
        count = int(np.bitwise_count(both).sum())
        if count < _LEAST_SHARE * size:
            continue
        raw = int(np.bitwise_count((mine[0] ^ theirs[0]) & both).sum()) / count
        distance = max(0.0, 0.5 - (0.5 - raw) * float(np.sqrt(count / (_USUAL_SHARE * size))))
        if distance < best.distance:
            turned = -turn * 360.0 / _COLUMNS
            best = IrisMatch(distance, distance < SAME_EYE_BELOW, count, turned)
    return best


def distance(one: IrisCode, other: IrisCode) -> float:
    """Return the normalised Hamming distance 0..1 at the best rotation; 1.0 when too little is visible."""
    return compare(one, other).distance


def _packed(code: IrisCode, turn: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return (
        np.packbits(np.roll(code.bits, turn, axis=2)),
        np.packbits(np.roll(code.valid, turn, axis=2)),
    )


def _unwrapped(
    grey: Pixels, geometry: EyeGeometry
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the ring as (rows from pupil to limbus, columns once round) and which of it is visible."""
    turn = np.linspace(0, 2 * np.pi, _COLUMNS, endpoint=False, dtype=np.float32)[None, :]
    share = np.linspace(*_DEPTH, _ROWS * _OVER, dtype=np.float32)[:, None]
    pupil, iris = geometry.pupil, geometry.iris
    x = (1 - share) * (pupil.x + pupil.radius * np.cos(turn)) + share * (
        iris.x + iris.radius * np.cos(turn)
    )
    y = (1 - share) * (pupil.y + pupil.radius * np.sin(turn)) + share * (
        iris.y + iris.radius * np.sin(turn)
    )
    across, down = x.astype(np.float32), y.astype(np.float32)
    soft = cv2.GaussianBlur(grey, (0, 0), max(0.5, 0.014 * iris.radius)).astype(np.float32)
    ring = cv2.remap(soft, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.remap(geometry.visible.astype(np.uint8), across, down, cv2.INTER_NEAREST) > 0
    return np.asarray(ring, np.float32), np.asarray(seen, bool)


def _even(ring: NDArray[np.float32], seen: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the ring with its local mean taken out and its local contrast made one; 0 where covered."""
    size = (61, 2 * (len(ring) // 4) + 1)  # columns, rows
    shown = seen.astype(np.float32)
    weight = _round(shown, size) + np.float32(1e-3)
    off = (ring - _round(ring * shown, size) / weight) * shown
    spread = np.sqrt(_round(off * off, size) / weight + 4)
    return np.asarray(np.clip(off / spread, -3, 3), np.float32)


def _round(values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the mean over a window, the columns going once round."""
    pad = size[0] // 2 + 1
    wide = np.hstack([values[:, -pad:], values, values[:, :pad]])
    return np.asarray(cv2.blur(wide, size)[:, pad:-pad], np.float32)
