"""Why a fingerprint is poor: stable reason codes, when each applies and what the applicant is told.

The causes are told apart by physics. Pressing too lightly makes every ridge faint; dry skin makes dark ridges
with gaps; wet or crushed skin fills the valleys. Old prints and dirt show structure that is no ridge flow, is
fainter than any finger, or lies beside it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from station.biometrics.finger.features import Features
from station.guidance import Guidance


class Reason(StrEnum):
    """One cause of a poor picture."""

    EMPTY = "EMPTY"
    RESIDUE = "RESIDUE"  # what stays on the glass: dirt, an old print
    TOO_WET = "TOO_WET"
    TOO_LIGHT = "TOO_LIGHT"
    TOO_DRY = "TOO_DRY"
    OFF_CENTRE = "OFF_CENTRE"
    PARTIAL = "PARTIAL"
    SCALE = "SCALE"  # ridges of a size no finger has: the resolution told is wrong
    INVERTED = "INVERTED"  # light ridges on a dark platen: no record format stores them so
    SMUDGED = "SMUDGED"  # skin is there, clear ridges are not


@dataclass(frozen=True, slots=True)
class Band:
    """Where a measure is good; None is an open end."""

    unit: str
    low: float | None = None
    high: float | None = None


# Physics only; the score itself gates nothing. A measure without ends is told, not judged.
GATES: Final[Mapping[str, Band]] = MappingProxyType(
    {
        "area_mm2": Band("mm²", low=110.0),  # NFIQ 2 warns below 129 mm² of larger platens
        "clear_mm2": Band("mm²", low=40.0),  # a dozen minutiae at 0.3 per mm²
        "offset_mm": Band("mm", high=3.4),
        "right_mm": Band("mm"),
        "down_mm": Band("mm"),
        "beside_mm2": Band("mm²", high=60.0),
        "contrast": Band("grey", low=14.0),
        "depth": Band("", low=0.40),
        "coverage": Band("", low=0.18, high=0.72),
        "certainty": Band("", low=0.40),
        "coherence": Band(""),
        "clarity": Band("", low=0.50),  # ridge pictures lie above 0.7, a portrait at 0.3
        "clear_share": Band(""),
        "band": Band(""),
        "evenness": Band(""),
        "spread": Band(""),
        "flow_deg": Band("°"),
        "bend": Band("", low=0.005),
        "broken": Band("", high=0.235),  # sound skin shows 0.10 to 0.20
        "filled": Band(""),
        "ridge_share": Band(""),
        "period_mm": Band("mm", low=0.25, high=0.85),  # toddlers 0.3, large thumbs 0.65
        "inverted": Band("", high=0.0),  # 1: light ridges
    }
)

_TOUCH_MM2 = 15.0  # less is a speck, not a finger
_TEXTURE = 0.30  # certainty: ridge pictures lie above 0.5, random texture below 0.25
_FAINT = 0.15  # depth: a finger that touches at all leaves more
_SPARSE = 0.40  # coverage: dry skin stays below, smeared and wet skin above
_WIDE = 0.52  # ridge share: filled valleys are narrow, those of a blurred picture are not


def _failed(name: str, features: Features) -> bool:
    band, value = GATES[name], getattr(features, name)
    return bool(
        (band.low is not None and value < band.low) or (band.high is not None and value > band.high)
    )


def _residue(features: Features) -> bool:
    no_ridges = features.certainty < _TEXTURE or _failed("bend", features)
    return no_ridges or features.depth < _FAINT or _failed("beside_mm2", features)


def _wet(features: Features) -> bool:
    return features.coverage > (GATES["coverage"].high or 1.0) and features.ridge_share > _WIDE


def _light(features: Features) -> bool:
    return _failed("depth", features) or (_failed("contrast", features) and not _wet(features))


def _dry(features: Features) -> bool:
    if _light(features):
        return False
    gaps = _failed("broken", features) and features.broken > features.filled
    return (gaps and features.coverage < _SPARSE) or (
        features.coverage < (GATES["coverage"].low or 0.0)
    )


def _scale(features: Features) -> bool:
    return features.period_mm > 0 and _failed("period_mm", features)


# From the most to the least telling cause.
_RULES: Final[tuple[tuple[Reason, Callable[[Features], bool]], ...]] = (
    (Reason.RESIDUE, _residue),
    (Reason.TOO_WET, _wet),
    (Reason.TOO_LIGHT, _light),
    (Reason.TOO_DRY, _dry),
    (Reason.OFF_CENTRE, lambda features: _failed("offset_mm", features)),
    (Reason.PARTIAL, lambda features: _failed("area_mm2", features)),
    (Reason.SCALE, _scale),
    (Reason.INVERTED, lambda features: features.inverted),
)

GUIDANCE: Final[Mapping[Reason, tuple[Guidance, ...]]] = MappingProxyType(
    {
        Reason.EMPTY: (Guidance.NO_SUBJECT,),
        Reason.RESIDUE: (Guidance.WIPE_GLASS,),
        Reason.TOO_WET: (Guidance.FINGER_TOO_WET, Guidance.PRESS_LIGHTER),
        Reason.TOO_LIGHT: (Guidance.PRESS_HARDER,),
        Reason.TOO_DRY: (Guidance.FINGER_TOO_DRY, Guidance.PRESS_HARDER),
        Reason.OFF_CENTRE: (Guidance.CENTRE_FINGER,),
        Reason.PARTIAL: (Guidance.WHOLE_FINGER,),
        # A wrong setting is the technician's business; the applicant can only try once more.
        Reason.SCALE: (Guidance.LIFT_AND_REPEAT,),
        Reason.INVERTED: (Guidance.LIFT_AND_REPEAT,),
        Reason.SMUDGED: (Guidance.LIFT_AND_REPEAT,),
    }
)


def reasons_of(features: Features) -> tuple[Reason, ...]:
    """Return why the picture is poor, the most telling cause first; empty when every gate holds."""
    if features.area_mm2 < _TOUCH_MM2:
        return (Reason.EMPTY,)
    if not any(_failed(name, features) for name in GATES):
        return ()
    found = tuple(reason for reason, applies in _RULES if applies(features))
    if found[:1] == (Reason.RESIDUE,):
        return found[:1]  # what else was measured, was measured on dirt
    return found or (Reason.SMUDGED,)
