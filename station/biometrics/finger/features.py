"""Everything that is measured on a fingerprint for its quality, each figure in a unit one can picture."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from station.biometrics.finger.blocks import BLOCK, STEP, Floats, Flow, flow_of
from station.biometrics.finger.ink import Ink, ink_of
from station.biometrics.finger.profiles import Profiles, profiles_of
from station.biometrics.finger.segment import Foreground, segment
from station.devices import Pixels

MM: Final = 25.4 / 500  # a pixel at 500 ppi
_CELL_MM2: Final = (STEP * MM) ** 2  # what one of the overlapping blocks stands for
# A block counts as clear from half to full between these products of clarity and certainty. Their middle, 0.6,
# is clarity 0.8 (NFIQ 2's middle histogram bin) at certainty 0.75 (its middle bin as well).
_CLEAR: Final = (0.5, 0.7)
# Smoothing in pixels: half a pixel always, since what is finer is no ridge; more where the sensor's noise is not
# small against the skin's own deviation, as every matcher does before it looks for ridges.
_SOFT: Final = (0.6, 1.1)
_NOISY: Final = (0.05, 0.5)  # noise / deviation from which on, and at which most is smoothed
_LONGEST: Final = 32_000  # pixels: OpenCV samples no longer picture, and 1.6 m is no finger
_WHOLE_MM2: Final = 200.0  # a plain print of an index finger is 200 to 300
_EVEN: Final = math.log(
    2
)  # ridge and valley that differ by less than a factor of two are of one size


@dataclass(frozen=True, slots=True)
class Features:
    """What is measured on one picture; docs/biometrics/finger-quality.md has formulas and sources."""

    area_mm2: float = 0.0  # touching skin
    beside_mm2: float = 0.0  # other structure on the glass
    offset_mm: float = 0.0  # centre from the middle, counted towards edges that cut the finger
    right_mm: float = 0.0  # where the centre lies from the middle, whatever cuts it
    down_mm: float = 0.0
    clear_mm2: float = 0.0  # skin whose ridges are clear enough to hold a minutia
    contrast: float = 0.0  # grey levels between ridges and valleys
    depth: float = 0.0  # how much darker than the platen the darkest ridges are, 0..1
    coverage: float = 0.0  # share of ink
    certainty: float = 0.0  # one direction per block
    coherence: float = 0.0  # length of the mean squared gradient
    clarity: float = 0.0  # ridges dark, valleys light
    clear_share: float = 0.0  # part of the blocks with clarity above 0.75
    band: float = 0.0  # strength of the ridge wave in the spectrum
    evenness: float = 0.0  # share of ridge to valley ratios between 1/2 and 2
    spread: float = 0.0  # deviation of the logarithm of those ratios
    flow_deg: float = 0.0  # mean turn to the neighbouring blocks
    bend: float = 0.0  # 0 parallel lines .. 1 every direction alike
    broken: float = 0.0  # share of ridge pixels as light as valleys
    filled: float = 0.0  # share of valley pixels as dark as ridges
    ridge_share: float = 0.0  # ridge width / (ridge + valley width)
    period_mm: float = 0.0  # from ridge to ridge
    inverted: bool = False  # light ridges on a dark platen


def measure(grey: Pixels) -> Features:
    """Return the features of a grey picture (h, w) uint8 at 500 ppi; all zero when nothing touches."""
    seen = _seen(grey)
    if seen is None:
        return Features()
    if not seen.flow.inside.any():
        found = seen.found
        return Features(area_mm2=found.area * MM**2, beside_mm2=found.beside * MM**2)
    return _combined(seen, profiles_of(seen.picture, seen.flow))


def clear_map(grey: Pixels) -> Floats:
    """Return how clear each block is, 0..1, -1 off the skin: (rows, columns), one for 16x16 pixels at 500 ppi.

    Block (i, j) is the 32x32 pixels from (16 i, 16 j) on. A picture with no finger gives an empty map.
    """
    seen = _seen(grey)
    if seen is None:
        return np.zeros((0, 0), np.float32)
    flow = seen.flow
    clear = np.full(flow.inside.shape, -1, np.float32)
    if flow.inside.any():
        clear[flow.inside] = _clear(flow, profiles_of(seen.picture, flow))
    return clear


@dataclass(frozen=True, slots=True)
class _Seen:
    found: Foreground
    ink: Ink
    picture: Floats  # softened, ridges dark
    flow: Flow


def _seen(grey: Pixels) -> _Seen | None:
    if min(grey.shape) < BLOCK or max(grey.shape) > _LONGEST:
        return None
    found = segment(grey)
    if found.area == 0:
        return None
    ink = ink_of(grey, found.mask)
    soft = cv2.GaussianBlur(grey, (0, 0), _softness(found.noise, ink))
    picture = np.asarray(255 - soft if ink.inverted else soft, np.float32)
    return _Seen(found, ink, picture, flow_of(picture, found.mask))


def _clear(flow: Flow, profiles: Profiles) -> Floats:
    low, high = _CLEAR
    product = profiles.clarity * flow.certainty[flow.inside]
    return np.asarray(np.clip((product - low) / (high - low), 0, 1), np.float32)


def _softness(noise: float, ink: Ink) -> float:
    ratio = noise / max(ink.deviation, 1.0)
    return float(np.interp(ratio, _NOISY, _SOFT))


def _combined(seen: _Seen, profiles: Profiles) -> Features:
    found, ink, flow = seen.found, seen.ink, seen.flow
    inside = flow.inside
    certainty = flow.certainty[inside]
    both = (profiles.ridge_width > 0) & (profiles.valley_width > 0)
    ridge, valley = _mean(profiles.ridge_width[both]), _mean(profiles.valley_width[both])
    sizes = np.log(profiles.ratios)
    return Features(
        area_mm2=found.area * MM**2,
        beside_mm2=found.beside * MM**2,
        offset_mm=_offset(found),
        right_mm=MM * (found.centre_x - found.mask.shape[1] / 2),
        down_mm=MM * (found.centre_y - found.mask.shape[0] / 2),
        clear_mm2=float(_clear(flow, profiles).sum()) * _CELL_MM2,
        contrast=_mean(profiles.swing),
        depth=ink.depth,
        coverage=ink.coverage,
        certainty=_mean(certainty),
        coherence=_mean(flow.coherence[inside]),
        clarity=_mean(profiles.clarity),
        clear_share=_mean(profiles.clarity > 0.75),
        band=_mean(profiles.band),
        evenness=_mean(np.abs(sizes) < _EVEN),
        spread=float(sizes.std()) if sizes.size else 1.0,
        flow_deg=math.degrees(_mean(flow.turn[inside])),
        bend=1 - _parallel(flow),
        broken=_mean(profiles.ridge_errors),
        filled=_mean(profiles.valley_errors),
        ridge_share=ridge / (ridge + valley) if both.any() else 0.0,
        period_mm=(ridge + valley) * MM,
        inverted=ink.inverted,
    )


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if values.size else 0.0


def _parallel(flow: Flow) -> float:
    """Return the length of the mean doubled direction, weighted by certainty: 1 for a grating."""
    weight = flow.certainty[flow.inside].astype(np.float64)
    double = 2 * flow.across[flow.inside].astype(np.float64)
    total = max(float(weight.sum()), 1e-6)
    return math.hypot(float(weight @ np.cos(double)), float(weight @ np.sin(double))) / total


def _offset(found: Foreground) -> float:
    """Return how far the skin's centre lies towards edges at which the picture cuts it, in mm.

    A whole finger in a corner of a large platen is as good as one in the middle, and so is one of which
    enough touches although an edge cuts it.
    """
    if found.area * MM**2 >= _WHOLE_MM2:
        return 0.0
    height, width = found.mask.shape
    across, down = found.centre_x - width / 2, found.centre_y - height / 2
    mask = found.mask
    cut_x = mask[:, -2:].any() if across > 0 else mask[:, :2].any()
    cut_y = mask[-2:].any() if down > 0 else mask[:2].any()
    return MM * math.hypot(across * bool(cut_x), down * bool(cut_y))
