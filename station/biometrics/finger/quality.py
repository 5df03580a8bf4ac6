"""Station quality of a fingerprint: measures, one score 0..100 and what to tell the applicant.

The measures follow ISO/IEC 29794-4 as NFIQ 2 implements it, the score is the station's own and is never
called NFIQ 2: the two scales are not calibrated against each other. Built for the live view: one picture
of 300x400 takes about ten milliseconds.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from station.biometrics.finger.blocks import BLOCK, Blocks, measure_blocks
from station.biometrics.finger.minutiae import PPI, to_500_ppi
from station.biometrics.finger.segment import Foreground, segment
from station.biometrics.verdict import Measure, Verdict
from station.devices import Pixels
from station.guidance import Guidance

ALGORITHM: Final = "rekam.finger"
VERSION: Final = "1"

_MM = 25.4 / PPI

# name: (unit, lowest, highest). Physics only; the score itself gates nothing.
_GATES: Mapping[str, tuple[str, float | None, float | None]] = MappingProxyType(
    {
        "area_mm2": (
            "mm²",
            110.0,
            None,
        ),  # NFIQ 2 warns below 50 000 px = 129 mm² of larger platens
        "offset_mm": ("mm", None, 3.4),  # centre of the touching skin from the middle of the platen
        "contrast": ("grey", 22.0, None),  # deviation of ridges against valleys
        "coverage": ("", 0.26, 0.72),  # share of ink: below broken ridges, above filled valleys
        "certainty": ("", 0.55, None),  # one direction per block
        "clarity": ("", 0.55, None),  # ridges dark, valleys light
        "band": ("", None, None),
        "flow_deg": ("°", None, None),
    }
)


def judge(image: Pixels, ppi: int) -> Verdict:
    """Return the verdict on a grey picture (h, w) uint8, ridges dark; never raises on any content."""
    grey = to_500_ppi(image, ppi)
    found = segment(grey)
    values = _values(grey, found)
    measures = tuple(
        Measure(name, round(values[name], 3), unit, low, high)
        for name, (unit, low, high) in _GATES.items()
    )
    return Verdict(ALGORITHM, VERSION, _score(values), measures, _guidance(measures))


def _values(grey: Pixels, found: Foreground) -> dict[str, float]:
    height, width = grey.shape
    empty = dict.fromkeys(_GATES, 0.0)
    if found.area == 0 or min(height, width) < 2 * BLOCK:
        return empty
    blocks = measure_blocks(grey, found.mask)
    if not blocks.inside.any():
        return empty | {"area_mm2": found.area * _MM**2}
    skin = grey[found.mask > 0]
    dark, light = (float(level) for level in np.percentile(skin, (3, 97)))
    paper = max(light, float(np.percentile(grey, 99)))
    middle = (dark + paper) / 2
    return {
        "area_mm2": found.area * _MM**2,
        "offset_mm": _MM * math.hypot(found.centre_x - width / 2, found.centre_y - height / 2),
        "contrast": float(np.std(skin)),
        "coverage": float(np.mean(skin < middle)),
        **_textures(blocks),
    }


def _textures(blocks: Blocks) -> dict[str, float]:
    inside = blocks.inside
    turning = blocks.turn[blocks.turn > 0]
    return {
        "certainty": float(blocks.certainty[inside].mean()),
        "clarity": float(blocks.clarity[inside].mean()),
        "band": float(blocks.band[inside].mean()),
        "flow_deg": math.degrees(float(turning.mean())) if turning.size else 0.0,
    }


def _score(values: Mapping[str, float]) -> int:
    """Combine the measures: how good the ridges are, times how much of the finger there is."""
    ridges = (
        0.40 * _ramp(values["clarity"], 0.45, 0.90)
        + 0.30 * _ramp(values["certainty"], 0.40, 0.92)
        + 0.30 * _ramp(values["band"], 0.20, 0.50)
    )
    amount = math.sqrt(_ramp(values["area_mm2"], 15.0, 190.0))
    contrast = _ramp(values["contrast"], 4.0, 35.0)
    ink = 1 - _ramp(abs(values["coverage"] - 0.45), 0.10, 0.45)
    amount_and_ink = amount * (0.3 + 0.7 * contrast) * (0.4 + 0.6 * ink)
    return round(100 * ridges * amount_and_ink)


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _guidance(measures: tuple[Measure, ...]) -> tuple[Guidance, ...]:
    """Walk the failed gates from the most to the least telling cause; each instruction once."""
    taken = {measure.name: measure for measure in measures}
    failed = {measure.name for measure in measures if not measure.ok}
    if not failed:
        return ()
    if taken["area_mm2"].value < _TOUCH_MM2:
        return (Guidance.NO_SUBJECT,)
    if taken["certainty"].value < _TEXTURE and taken["contrast"].ok:
        return (Guidance.WIPE_GLASS,)  # structure that is not ridges: dirt or an old print
    told: list[Guidance] = []
    if "coverage" in failed:
        told += _INK[taken["coverage"].value > 0.5]
    if "contrast" in failed:
        told.append(Guidance.PRESS_HARDER)
    if "offset_mm" in failed:
        told.append(Guidance.CENTRE_FINGER)
    if "area_mm2" in failed:
        told.append(Guidance.WHOLE_FINGER)
    if (
        not told
    ):  # centred, whole, inked, yet no clear ridges: too dry where little ink is, else smeared
        dry = taken["coverage"].value < 0.35
        told.append(Guidance.FINGER_TOO_DRY if dry else Guidance.LIFT_AND_REPEAT)
    return tuple(dict.fromkeys(told))


_TOUCH_MM2 = 15.0  # less is a smudge, not a finger
_TEXTURE = 0.30  # ridge pictures lie above 0.5, random texture below 0.1
_INK = {
    True: (Guidance.FINGER_TOO_WET, Guidance.PRESS_LIGHTER),
    False: (Guidance.FINGER_TOO_DRY, Guidance.PRESS_HARDER),
}
