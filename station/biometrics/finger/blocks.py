"""Ridge flow of a fingerprint block by block: how certain it is and how smoothly it turns.

A block is 32x32 pixels at 500 ppi, about three ridges. Blocks overlap by half, so that the same finger a few
pixels further gives the same figures. Definitions follow ISO/IEC 29794-4 as NFIQ 2 implements them; two
slips of that code are not repeated: the block angle halves the whole double angle, and angles wrap at 180°.
"""

from dataclasses import dataclass, field
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

BLOCK: Final = 32
STEP: Final = 16
_FLAT = 0.05  # grey² per pixel²: less gradient energy than rounding alone leaves
_ON_SKIN = 0.8  # share of a block that must be skin


@dataclass(frozen=True, slots=True)
class Flow:
    """Flow of every block as (rows, columns) arrays; block (i, j) begins at pixel (16 i, 16 j)."""

    inside: Bools = field(repr=False)  # blocks mostly on skin
    across: Floats = field(repr=False)  # radians, y down: direction across the ridges
    certainty: Floats = field(repr=False)  # 0..1, 1 - smaller / larger eigenvalue
    coherence: Floats = field(repr=False)  # 0..1, length of the mean squared gradient
    turn: Floats = field(
        repr=False
    )  # radians 0..pi/2, mean angle to the neighbouring blocks on skin

    def centres(self) -> tuple[Floats, Floats]:
        """Return x and y of the middle of each inside block, in pixels."""
        rows, columns = np.nonzero(self.inside)
        half = (BLOCK - 1) / 2
        x = np.asarray(columns * STEP + half, np.float32)
        return x, np.asarray(rows * STEP + half, np.float32)


def flow_of(grey: Floats, mask: NDArray[np.uint8]) -> Flow:
    """Return the flow of a grey picture (h, w) of at least one block, skin being where ``mask`` is 1."""
    gx = cv2.Sobel(grey, cv2.CV_32F, 1, 0, ksize=1, scale=0.5)
    gy = cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=1, scale=0.5)
    a, b = block_means(cv2.multiply(gx, gx)), block_means(cv2.multiply(gy, gy))
    c = block_means(cv2.multiply(gx, gy))
    energy, root = a + b, np.hypot(a - b, 2 * c)
    structured = energy > _FLAT
    coherence = np.where(structured, root / np.maximum(energy, _FLAT), 0)
    inside = block_means(mask.astype(np.float32)) > _ON_SKIN
    across = np.asarray(0.5 * np.arctan2(2 * c, a - b), np.float32)
    return Flow(
        inside,
        across,
        np.asarray(2 * coherence / (1 + coherence), np.float32),
        np.asarray(coherence, np.float32),
        _turns(across, inside),
    )


def block_means(picture: MatLike) -> Floats:
    """Return the mean of each 32x32 block, every 16 pixels."""
    rows, columns = picture.shape[0] // STEP, picture.shape[1] // STEP
    whole = picture[: rows * STEP, : columns * STEP]
    cells = np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)
    across = cells[:, 1:] + cells[:, :-1]
    return np.asarray((across[1:] + across[:-1]) / 4, np.float32)


def _turns(across: Floats, inside: Bools) -> Floats:
    """Compare each block with the eight that touch it: two steps away, as blocks overlap by half."""
    reach = BLOCK // STEP
    rows, columns = across.shape
    angle = np.pad(across, reach)
    skin = np.pad(inside, reach)
    total, known = np.zeros_like(across), np.zeros_like(across)
    for down in range(0, 2 * reach + 1, reach):
        for right in range(0, 2 * reach + 1, reach):
            there = (slice(down, down + rows), slice(right, right + columns))
            gap = np.abs(angle[there] - across)
            gap = np.minimum(gap, np.pi - gap)
            total += gap * skin[there]
            known += skin[there]
    return np.asarray(total / np.maximum(known - inside, 1), np.float32)
