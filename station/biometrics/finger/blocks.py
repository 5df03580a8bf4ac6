"""Block features of a fingerprint as NFIQ 2 defines them, computed for all blocks at once.

Blocks are 32x32 pixels at 500 ppi. Local clarity compares grey levels of ridges and valleys along a
profile taken across the ridges (Lim, Jiang and Yau, 2002); the ridge-band share is the weight of the
strongest wave in that profile; certainty is the eigenvalue ratio of the gradient covariance.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

Floats = NDArray[np.float32]

BLOCK = 32
_RIDGE = (1.5, 10.0)  # plausible mean width of a ridge or valley in pixels
_ACROSS = np.arange(BLOCK, dtype=np.float32) - (BLOCK - 1) / 2
_ALONG = np.arange(0, BLOCK // 2, 2, dtype=np.float32) - (BLOCK // 2 - 2) / 2


@dataclass(frozen=True, slots=True)
class Blocks:
    """Features per block as (rows, columns) arrays; ``inside`` marks blocks mostly on skin."""

    inside: NDArray[np.bool_] = field(repr=False)
    certainty: Floats = field(repr=False)  # 0..1
    clarity: Floats = field(repr=False)  # 0..1
    band: Floats = field(repr=False)  # 0..1, share of the ridge frequency
    turn: Floats = field(repr=False)  # radians, mean difference of flow to the eight neighbours


def measure_blocks(image: Pixels, mask: NDArray[np.uint8]) -> Blocks:
    """Return the features of every whole block of a grey picture (h, w) at 500 ppi."""
    rows, columns = image.shape[0] // BLOCK, image.shape[1] // BLOCK
    grey = image[: rows * BLOCK, : columns * BLOCK].astype(np.float32)
    gx = cv2.filter2D(grey, -1, np.array([[-0.5, 0, 0.5]], np.float32))
    gy = cv2.filter2D(grey, -1, np.array([[-0.5], [0], [0.5]], np.float32))
    a, b, c = _means(gx * gx), _means(gy * gy), _means(gx * gy)
    root = np.hypot(a - b, 2 * c)
    certainty = 1 - (a + b - root) / np.maximum(a + b + root, 1e-6)
    certainty[a + b < 0.5] = 0
    across = 0.5 * np.arctan2(2 * c, a - b)  # direction of the gradient: across the ridges
    inside = _means(mask[: rows * BLOCK, : columns * BLOCK].astype(np.float32)) > 0.8
    boxes = _boxes(grey, across)
    profile = boxes.mean(axis=2)
    return Blocks(
        inside,
        certainty.astype(np.float32),
        _clarity(boxes, profile),
        _band(profile),
        _turns(across, inside),
    )


def _means(picture: Floats) -> Floats:
    rows, columns = picture.shape[0] // BLOCK, picture.shape[1] // BLOCK
    return np.asarray(
        picture.reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3)), dtype=np.float32
    )


def _boxes(grey: Floats, across: Floats) -> Floats:
    """Return (rows, columns, along, across) samples of each block, turned so that ridges stand upright."""
    rows, columns = across.shape
    cos, sin = np.cos(across)[..., None, None], np.sin(across)[..., None, None]
    v, u = np.meshgrid(_ALONG, _ACROSS, indexing="ij")
    centre_y = (np.arange(rows, dtype=np.float32) * BLOCK + (BLOCK - 1) / 2)[:, None, None, None]
    centre_x = (np.arange(columns, dtype=np.float32) * BLOCK + (BLOCK - 1) / 2)[None, :, None, None]
    x = (centre_x + u * cos - v * sin).reshape(rows, -1).astype(np.float32)
    y = (centre_y + u * sin + v * cos).reshape(rows, -1).astype(np.float32)
    sampled = cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(sampled.reshape(rows, columns, len(_ALONG), BLOCK), dtype=np.float32)


def _clarity(boxes: Floats, profile: Floats) -> Floats:
    """Return 1 minus the share of pixels on the wrong side of the line between ridge and valley."""
    slope = (profile @ _ACROSS) / float(_ACROSS @ _ACROSS)
    line = profile.mean(axis=-1, keepdims=True) + slope[..., None] * _ACROSS
    ridge = profile < line
    dark = boxes < line[..., None, :]
    wrong_valley = _share(dark & ~ridge[..., None, :], ~ridge)
    wrong_ridge = _share(~dark & ridge[..., None, :], ridge)
    changes = np.maximum((ridge[..., 1:] != ridge[..., :-1]).sum(axis=-1) + 1, 1)
    ridge_width = ridge.sum(axis=-1) / np.maximum(changes / 2, 1)
    valley_width = (~ridge).sum(axis=-1) / np.maximum(changes / 2, 1)
    plausible = np.ones(ridge.shape[:2], dtype=bool)
    for width in (ridge_width, valley_width):
        plausible &= (width >= _RIDGE[0]) & (width <= _RIDGE[1])
    return np.asarray((1 - (wrong_valley + wrong_ridge) / 2) * plausible, dtype=np.float32)


def _share(wrong: NDArray[np.bool_], columns: NDArray[np.bool_]) -> Floats:
    pixels = np.maximum(columns.sum(axis=-1) * len(_ALONG), 1)
    return np.asarray(wrong.sum(axis=(-1, -2)) / pixels, dtype=np.float32)


def _band(profile: Floats) -> Floats:
    """Return the share of the profile's spectrum at its peak, 0 when the peak is no ridge frequency."""
    size = np.abs(np.fft.rfft(profile - profile.mean(axis=-1, keepdims=True), axis=-1))[..., 1:]
    peak = np.clip(np.argmax(size, axis=-1), 1, size.shape[-1] - 2)
    at = np.stack([peak - 1, peak, peak + 1], axis=-1)
    near = np.take_along_axis(size, at, axis=-1)
    share = (near[..., 1] + 0.3 * (near[..., 0] + near[..., 2])) / np.maximum(
        size.sum(axis=-1), 1e-3
    )
    is_ridge = np.argmax(size, axis=-1) == peak  # periods from 16 px down to 2.1
    return np.asarray(share * is_ridge, dtype=np.float32)


def _turns(across: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Return the mean angle to the eight neighbours where all nine blocks are on skin, else 0."""
    total = np.zeros_like(across)
    whole = inside.copy()
    padded = np.pad(across, 1, mode="edge")
    skin = np.pad(inside, 1)
    rows, columns = across.shape
    for row in range(3):
        for column in range(3):
            if (row, column) == (1, 1):
                continue
            area = (slice(row, row + rows), slice(column, column + columns))
            gap = np.abs(padded[area] - across) % np.pi
            total += np.minimum(gap, np.pi - gap) / 8
            whole &= skin[area]
    return np.asarray(np.where(whole, total, 0), dtype=np.float32)
