"""The station quality score: one number 0..100 of how much clear ridge a picture shows.

Product = amount x sqrt(texture) x contrast x ink x bend; score = 100 x (1 - (1 - product)^1.5). Amount grows with the clear area
towards 1; texture is the plain mean of six block measures on fixed ramps; the last three only fall below 1 for
pictures that have nearly no contrast, whose valleys are filled, or that are a grating and no finger. Nothing is fitted: the ramps run from what random texture shows to what
a clean print shows. docs/biometrics/finger-quality.md tells how the score stands to NFIQ 2, on which it was
checked and from which it must be told apart.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from station.biometrics.finger.features import Features

# What half a clear index finger shows: e-folding of the amount.
_AMOUNT_MM2: Final = 132.0
# Spreads the scale so that a clean whole print (product 0.75) has 88 and no print reaches a ceiling.
_SPREAD: Final = 1.5
# Measure: value of no ridges at all, value of a clean print.
TEXTURE: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "certainty": (0.50, 0.95),
        "clear_share": (0.30, 1.00),
        "band": (0.20, 0.50),
        "spread": (0.60, 0.25),
        "filled": (0.25, 0.05),
        "flow_deg": (35.0, 8.0),
    }
)
_CONTRAST: Final = (4.0, 25.0)  # grey levels: quantisation and noise; enough for any matcher
_INK: Final = (1.15, 0.75)  # coverage: the darkest of sound prints have 0.7, a black picture 1
_BEND: Final = (0.005, 0.04)  # a printed grating has none; the straightest real cut-outs have 0.02


def station_score(features: Features) -> int:
    """Return the score 0..100 of what was measured."""
    amount = 1 - math.exp(-features.clear_mm2 / _AMOUNT_MM2)
    product = amount * math.sqrt(texture(features))
    product *= ramp(features.contrast, *_CONTRAST)
    product *= ramp(features.coverage, *_INK) * ramp(features.bend, *_BEND)
    return round(100 * (1 - math.pow(1 - product, _SPREAD)))


def texture(features: Features) -> float:
    """Return 0..1: how clean the ridges are, however few there are."""
    shares = [ramp(getattr(features, name), *ends) for name, ends in TEXTURE.items()]
    return sum(shares) / len(shares)


def ramp(value: float, worst: float, best: float) -> float:
    """Return 0 at ``worst`` and beyond, 1 at ``best`` and beyond, straight in between."""
    return min(1.0, max(0.0, (value - worst) / (best - worst)))
