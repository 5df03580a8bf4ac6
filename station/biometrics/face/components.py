"""From a native value to 0..100: the curves of ISO/IEC 29794-5 as its reference implementation has them.

The table is that of OFIQ (source a16a990); the native values are this station's own measurements, so the
result is "station quality" in OFIQ's scale, not an OFIQ score.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Curve:
    """Q = clip(round(h * (a + sign / (1 + exp((x0 - x) / w)))), 0, 100)."""

    x0: float
    w: float
    h: float = 100.0
    a: float = 0.0
    sign: float = 1.0

    def __call__(self, x: float) -> int:
        """Return the component of a native value."""
        return _clipped(self.h * (self.a + self.sign * sigmoid(x, self.x0, self.w)))


def sigmoid(x: float, x0: float, w: float) -> float:
    """Return 1 / (1 + exp((x0 - x) / w)), at its limits where the exponent would overflow."""
    power = (x0 - x) / w
    if power > 700:
        return 0.0
    return 1.0 / (1.0 + math.exp(max(power, -700.0)))


def angle(degrees: float) -> int:
    """Yaw, pitch, roll: 100 max(0, cos)^2. Five degrees still give 99, so gates stand on degrees."""
    return _clipped(100 * max(0.0, math.cos(math.radians(degrees))) ** 2)


def head_size(share: float) -> int:
    """Eye line to chin over the picture's height; best at 0.45."""
    return Curve(h=200, a=1, sign=-1, x0=0, w=0.05)(abs(share - 0.45))


def over_exposure(share: float) -> int:
    """Share of luminance 247..255."""
    return _clipped(1 / (max(0.0, share) + 0.01))


def luminance_mean(mean: float) -> int:
    """Mean luminance, 0..1."""
    return _clipped(100 * sigmoid(mean, 0.2, 0.05) * (1 - sigmoid(mean, 0.8, 0.05)))


def luminance_variance(variance: float) -> int:
    """Variance of luminance in 0..1."""
    return _clipped(100 * math.sin(math.pi * 60 * variance / (60 * variance + 1)))


def dynamic_range(bits: float) -> int:
    """Entropy of the luminance histogram."""
    return _clipped(12.5 * bits)


def illumination_uniformity(intersection: float) -> int:
    """Intersection of the luminance histograms of both cheeks, 0..1."""
    return _clipped(100 * max(0.0, intersection) ** 0.3)


def single_face(share: float) -> int:
    """Area of the second face over that of the first; 0 when there is one."""
    return _clipped(100 * (1 - share))


COMPONENTS: Final[Mapping[str, Callable[[float], int]]] = {
    "single_face": single_face,
    "inter_eye_px": Curve(x0=70, w=20),
    "head_size": head_size,
    "crop_left": Curve(x0=0.9, w=0.1),
    "crop_right": Curve(x0=0.9, w=0.1),
    "margin_above": Curve(x0=1.4, w=0.1),
    "margin_below": Curve(x0=1.8, w=0.1),
    "yaw_deg": angle,
    "pitch_deg": angle,
    "roll_deg": angle,
    "lid_gap": Curve(
        x0=0.02, w=0.01
    ),  # of given landmarks: the built-in locator has none on the lids
    "lip_gap": Curve(a=1, sign=-1, x0=0.2, w=0.06),
    "under_exposure": Curve(h=120, a=0.832, sign=-1, x0=0.92, w=0.05),
    "over_exposure": over_exposure,
    "luminance_mean": luminance_mean,
    "luminance_variance": luminance_variance,
    "dynamic_range": dynamic_range,
    "illumination_uniformity": illumination_uniformity,
    "natural_colour": Curve(h=200, a=1, sign=-1, x0=0, w=10),
    "background_uniformity": Curve(h=190, a=1, sign=-1, x0=10, w=100),
}

# What the standard asks and no arithmetic on pixels can tell: said plainly, never made up.
NOT_MEASURED: Final = (
    "face_occlusion",
    "head_coverings",
    "expression_neutrality",
    "compression_artifacts",
    "unified_quality",
)


def component(name: str, value: float) -> int | None:
    """Return the 0..100 component of a native value; None where the standard has no curve for it."""
    curve = COMPONENTS.get(name)
    return None if curve is None else curve(value)


def _clipped(value: float) -> int:
    return int(min(100.0, max(0.0, math.floor(value + 0.5))))
