"""How much of the skin touches the glass: grey levels of ridge, valley and platen, and the share of ink."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.devices import Pixels

_RING: Final = 25  # pixels at 500 ppi: the platen this near the finger is lit as the finger is
_SHRINK: Final = 4  # the ring is found on a picture this much smaller
_EVIDENCE: Final = 0.03  # share of the picture that must be platen to tell its level
# A platen is light if any of it is: the rest may be wet patches that show no ridges.
_LIT: Final = 0.97
_DARK_PLATEN: Final = (
    0.3  # a platen in this lowest part of the skin's range: ridges are light on it
)


@dataclass(frozen=True, slots=True)
class Ink:
    """Grey levels of a finger and what they say of the contact, ridges taken as dark."""

    dark: float  # 3rd percentile of the skin
    light: float  # 97th
    mean: float  # of the skin
    paper: float  # bare platen around it, never darker than ``light``
    coverage: float  # 0..1, share of the skin darker than half way between dark and paper
    inverted: bool  # light ridges on a dark platen
    deviation: float  # of the skin's grey levels

    @property
    def depth(self) -> float:
        """How much darker than the platen the darkest ridges are, 0..1."""
        return 1 - self.dark / self.paper if self.paper > 0 else 0.0


def ink_of(grey: Pixels, mask: NDArray[np.uint8]) -> Ink:
    """Return the ink of the skin where ``mask`` (h, w) is 1; the mask must not be empty."""
    counts = _histogram(grey, mask)
    dark, light = _percentile(counts, 0.03), _percentile(counts, 0.97)
    around = _histogram(grey, _ring(mask))
    known = float(around.sum()) >= _EVIDENCE * grey.size
    platen = _percentile(around, _LIT) if known else light
    inverted = known and platen < dark + _DARK_PLATEN * (light - dark)
    if inverted:
        counts, dark, light, platen = counts[::-1], 255 - light, 255 - dark, 255 - platen
    paper = max(light, platen)
    levels = np.arange(256)
    total = float(counts.sum())
    mean = float(counts @ levels) / total
    return Ink(
        dark,
        light,
        mean,
        paper,
        float(counts[levels < (dark + paper) / 2].sum()) / total,
        inverted,
        math.sqrt(float(counts @ (levels - mean) ** 2) / total),
    )


def _histogram(grey: Pixels, mask: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(cv2.calcHist([grey], [0], mask, [256], [0, 256]), np.float32)[:, 0]


def _percentile(counts: NDArray[np.float32], share: float) -> float:
    running = np.cumsum(counts)
    return float(np.searchsorted(running, share * float(running[-1])))


def _ring(mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = mask.shape
    size = (max(1, width // _SHRINK), max(1, height // _SHRINK))
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    outlines, _ = cv2.findContours(small, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    small = cv2.drawContours(small, outlines, -1, 1, cv2.FILLED)  # a hole in the skin is skin
    reach = 2 * (_RING // _SHRINK) + 1
    grown = cv2.dilate(small, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    grown = cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.subtract(grown, mask), np.uint8)
