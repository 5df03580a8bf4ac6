"""Ridges of a synthetic finger, grown from noise by oriented filters as in SFinGe (Cappelli, 2002).

Random seeds are filtered again and again by a Gabor filter that follows the local ridge flow and the
local ridge period; ridges form, and where they cannot fit they end or fork: those are the minutiae. The
filter is applied by taps across and along the flow, so it turns smoothly and needs no bank of kernels.
"""

import math
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes.finger_noise import Floats

_ROUNDS = 9
_ACROSS_TAPS, _ACROSS_REACH = 5, 1.25  # taps to each side; reach in ridge periods
_ALONG_TAPS, _ALONG_REACH = 4, 1.5
_GAIN = 3.0

_Maps = tuple[NDArray[np.int16], NDArray[np.uint16]]


def grow(
    angle: Floats, period: Floats, rng: np.random.Generator, *, rounds: int = _ROUNDS
) -> Floats:
    """Return the ridge signal (h, w) in -1..1, negative on ridges, on the grid of the two fields.

    Args:
        angle: ridge tangents (h, w) in radians, y up.
        period: ridge periods (h, w) in places of the grid; four or more keep the ridges smooth.
        rng: what the skin grows from.
        rounds: more rounds heal more of the places where ridges do not fit: fewer minutiae.
    """
    signal = rng.standard_normal(angle.shape, dtype=np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    across = list(_taps(sin, cos, period, _ACROSS_TAPS, _ACROSS_REACH))
    along = list(_taps(cos, -sin, period, _ALONG_TAPS, _ALONG_REACH))
    wave = _balanced([math.cos(2 * math.pi * place) * _fade(place, 1.1) for place, _ in across])
    line = [_fade(place, 1.3) for place, _ in along]
    line = [weight / sum(line) for weight in line]
    for _ in range(rounds):
        signal = _weighted(signal, across, wave)
        signal = np.tanh(np.float32(_GAIN) * _weighted(signal, along, line))
    return signal


def _fade(place: float, width: float) -> float:
    return math.exp(-0.5 * (place / (0.5 * width)) ** 2)


def _balanced(weights: list[float]) -> list[float]:
    """Return the weights with no response to a constant and unit response to the wave itself."""
    places = np.linspace(-_ACROSS_REACH, _ACROSS_REACH, len(weights))
    fade = np.array([_fade(place, 1.1) for place in places])
    flat = np.array(weights) - fade * sum(weights) / fade.sum()
    return [float(w) for w in flat / float(flat @ np.cos(2 * math.pi * places))]


def _taps(
    right: Floats, down: Floats, period: Floats, count: int, reach: float
) -> Iterator[tuple[float, _Maps]]:
    """Yield where each tap lies, in periods, and the maps that fetch it; (right, down) is its direction."""
    rows, columns = period.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    for step in range(-count, count + 1):
        place = reach * step / count
        far = period * np.float32(place)
        maps = cv2.convertMaps(x + far * right, y + far * down, cv2.CV_16SC2)
        yield place, maps


def _weighted(signal: Floats, taps: list[tuple[float, _Maps]], weights: list[float]) -> Floats:
    total = np.zeros_like(signal)
    for (_, maps), weight in zip(taps, weights, strict=True):
        tap = cv2.remap(signal, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        total = np.asarray(cv2.scaleAdd(tap, weight, total), np.float32)
    return total
