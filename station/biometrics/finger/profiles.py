"""Ridges of a fingerprint in profile: clarity, widths, evenness and the strength of the ridge wave.

Each block is sampled in a box turned across its ridges (32 pixels across, 16 along); the mean over the box's
length is the profile, the regression line through it parts ridges from valleys (Lim, Jiang and Yau, 2002).
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.blocks import BLOCK, Bools, Floats, Flow

_ACROSS = np.arange(BLOCK, dtype=np.float32) - (BLOCK - 1) / 2
_ALONG = np.arange(0, BLOCK // 2, 2, dtype=np.float32) - (BLOCK // 2 - 2) / 2
# Plausible mean widths in pixels at 500 ppi (NFIQ 2).
_RIDGE_WIDTH: Final = (3.0, 10.0)
_VALLEY_WIDTH: Final = (2.0, 10.0)
# Waves per block that ridges can have: periods from 16 down to 4 pixels.
_WAVES: Final = (2, 8)

_AT_ONCE: Final = 16_384  # blocks; OpenCV samples at most 32 767 rows in one call


@dataclass(frozen=True, slots=True)
class Profiles:
    """What the profile of each inside block shows, in the order of ``Flow.centres``."""

    clarity: Floats = field(repr=False)  # 0..1; 0 where widths are no ridges'
    band: Floats = field(
        repr=False
    )  # share of the spectrum at the ridge frequency; 0 where it is none
    period: Floats = field(repr=False)  # pixels per ridge, 0 where the strongest wave is no ridge's
    swing: Floats = field(repr=False)  # grey levels between mean ridge and mean valley
    ridge_errors: Floats = field(repr=False)  # 0..1, share of ridge pixels as light as valleys
    valley_errors: Floats = field(repr=False)  # 0..1, share of valley pixels as dark as ridges
    ridge_width: Floats = field(
        repr=False
    )  # pixels, mean of complete ridges, 0 where there is none
    valley_width: Floats = field(repr=False)
    ratios: Floats = field(repr=False)  # ridge / neighbouring valley, of all blocks together


def profiles_of(grey: Floats, flow: Flow) -> Profiles:
    """Return the profiles of the blocks on skin of a grey picture (h, w) at 500 ppi."""
    boxes = _boxes(grey, flow)
    profile = boxes.mean(axis=1)
    slope = (profile @ _ACROSS) / float(_ACROSS @ _ACROSS)
    line = profile.mean(axis=1, keepdims=True) + slope[:, None] * _ACROSS
    gap = profile - line
    ridge = gap < 0
    dark = (boxes < line[:, None]).sum(axis=1, dtype=np.float32) / len(_ALONG)
    ridges = np.maximum(ridge.sum(axis=1), 1)
    valleys = np.maximum((~ridge).sum(axis=1), 1)
    valley_errors = (dark * ~ridge).sum(axis=1) / valleys
    ridge_errors = ((1 - dark) * ridge).sum(axis=1) / ridges
    ridge_width, valley_width, ratios = _widths(gap)
    plausible = _within(ridge_width, _RIDGE_WIDTH) & _within(valley_width, _VALLEY_WIDTH)
    swing = (gap * ~ridge).sum(axis=1) / valleys - (gap * ridge).sum(axis=1) / ridges
    band, period = _spectrum(profile)
    return Profiles(
        _f((1 - (valley_errors + ridge_errors) / 2) * plausible),
        band,
        period,
        _f(swing),
        _f(ridge_errors),
        _f(valley_errors),
        ridge_width,
        valley_width,
        ratios,
    )


def _f(array: NDArray[np.generic]) -> Floats:
    return np.asarray(array, np.float32)


def _within(width: Floats, limits: tuple[float, float]) -> Bools:
    return (width >= limits[0]) & (width <= limits[1])


def _boxes(grey: Floats, flow: Flow) -> Floats:
    """Return (blocks, along, across) samples of each inside block, turned so that ridges stand upright."""
    angle = flow.across[flow.inside]
    x, y = flow.centres()
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    v, u = (axis.reshape(1, -1) for axis in np.meshgrid(_ALONG, _ACROSS, indexing="ij"))
    map_x, map_y = x[:, None] + u * cos - v * sin, y[:, None] + u * sin + v * cos
    parts = [
        cv2.remap(grey, map_x[at], map_y[at], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for at in (slice(first, first + _AT_ONCE) for first in range(0, len(angle), _AT_ONCE))
    ]
    return _f(np.concatenate(parts).reshape(len(angle), len(_ALONG), BLOCK))


def _widths(gap: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean ridge width, mean valley width and all ridge to valley ratios of profile minus line.

    A width runs from crossing to crossing, between pixels. Only runs that begin and end within the block
    count: a cut one says nothing of its width.
    """
    blocks = len(gap)
    ridge = gap < 0
    block, at = np.nonzero(ridge[:, 1:] != ridge[:, :-1])
    before, after = gap[block, at], gap[block, at + 1]
    crossing = at + before / (before - after)
    same = block[1:] == block[:-1]
    width = np.maximum(crossing[1:] - crossing[:-1], 0.1)
    is_ridge = ridge[block[:-1], at[:-1] + 1]
    means = []
    for kind in (is_ridge & same, ~is_ridge & same):
        count = np.bincount(block[:-1][kind], minlength=blocks)
        total = np.bincount(block[:-1][kind], weights=width[kind], minlength=blocks)
        means.append(_f(total / np.maximum(count, 1)))
    pair = same[1:] & same[:-1]
    ratio = width[:-1][pair] / width[1:][pair]
    return means[0], means[1], _f(np.where(is_ridge[:-1][pair], ratio, 1 / ratio))


def _spectrum(profile: Floats) -> tuple[Floats, Floats]:
    """Return the share of the spectrum at its peak (with 0.3 of both neighbours) and the peak's period."""
    size = np.abs(np.fft.rfft(profile - profile.mean(axis=1, keepdims=True), axis=1))[:, 1:]
    peak = np.argmax(size, axis=1)
    row = np.arange(len(size))
    sides = size[row, np.maximum(peak - 1, 0)] + size[row, np.minimum(peak + 1, size.shape[1] - 1)]
    share = (size[row, peak] + 0.3 * sides) / np.maximum(size[:, :-1].sum(axis=1), 1e-3)
    waves = peak + 1
    ridges = (waves >= _WAVES[0]) & (waves <= _WAVES[1])
    return _f(share * ridges), _f(BLOCK / waves * ridges)
