"""The face cut out upright at one size, with the parts of it that are measured."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.geometry import EyePair
from station.biometrics.face.tone import luminance_of
from station.devices import Pixels

IED = 64.0  # pixels between the eyes in the upright cut
CHIN = 1.85  # eye line to chin over inter-eye distance: T of the standard where no chin is known
_WIDE, _HIGH, _EYE_ROW = 160, 192, 56

# Outline of the skin in inter-eye distances from the middle between the eyes, x right, y down: inside
# the jaw of most people, so that hair, cloth and backdrop stay out.
_OUTLINE = (
    (-0.85, -0.35), (-0.50, -0.60), (0.50, -0.60), (0.85, -0.35), (0.95, 0.30), (0.85, 0.95),
    (0.62, 1.40), (0.30, 1.72), (-0.30, 1.72), (-0.62, 1.40), (-0.85, 0.95), (-0.95, 0.30),
)  # fmt: skip
_CHEEK_TOP, _CHEEK = 0.575, 0.30  # half way to the mouth; side of the square (OFIQ's zones)


@dataclass(frozen=True, slots=True)
class FaceRegion:
    """An upright BGR cut with level eyes 64 px apart, its luminance, and where it lies in the picture."""

    colour: Pixels
    luminance: Pixels
    inside: NDArray[np.bool_]  # pixels that come from the picture, not from beyond its edge

    def part(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        """Return the slices of a box in inter-eye distances from the middle between the eyes."""
        x, y = _WIDE / 2, float(_EYE_ROW)
        return (
            slice(max(0, round(y + top * IED)), max(0, round(y + bottom * IED))),
            slice(max(0, round(x + left * IED)), max(0, round(x + right * IED))),
        )

    @property
    def skin(self) -> NDArray[np.bool_]:
        """The outline of the face, where the picture has it."""
        return skin_mask() & self.inside

    @property
    def cheeks(self) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """Two squares beside the nose, left in the picture first."""
        low = _CHEEK_TOP + _CHEEK
        return (
            self.part(-0.5, _CHEEK_TOP, -0.5 + _CHEEK, low),
            self.part(0.5 - _CHEEK, _CHEEK_TOP, 0.5, low),
        )

    @property
    def eyes(self) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """What a lens of glasses covers, left in the picture first."""
        return self.part(-0.85, -0.22, -0.18, 0.30), self.part(0.18, -0.22, 0.85, 0.30)


def region_of(colour: Pixels, eyes: EyePair) -> FaceRegion:
    """Cut the face out of a BGR picture."""
    scale = max(eyes.distance, 1e-3) / IED
    turn = np.radians(eyes.roll_deg)
    cos, sin = np.cos(turn) * scale, np.sin(turn) * scale
    x, y = eyes.middle
    back = np.array([[cos, -sin, 0.0], [sin, cos, 0.0]])
    back[:, 2] = np.array([x, y]) - back[:, :2] @ np.array([_WIDE / 2, _EYE_ROW])
    cut = cv2.warpAffine(
        colour,
        back,
        (_WIDE, _HIGH),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    u, v = np.arange(_WIDE)[None, :], np.arange(_HIGH)[:, None]
    px, py = cos * u - sin * v + back[0, 2], sin * u + cos * v + back[1, 2]
    height, width = colour.shape[:2]
    inside = (px >= 0) & (px <= width - 1) & (py >= 0) & (py <= height - 1)
    pixels = np.asarray(cut, np.uint8)
    return FaceRegion(pixels, luminance_of(pixels), np.asarray(inside, bool))


@lru_cache(maxsize=1)
def skin_mask() -> NDArray[np.bool_]:
    """Return the outline of the face as a mask of the upright cut."""
    mask = np.zeros((_HIGH, _WIDE), np.uint8)
    points = [(_WIDE / 2 + x * IED, _EYE_ROW + y * IED) for x, y in _OUTLINE]
    cv2.fillPoly(mask, [np.round(np.array(points)).astype(np.int32)], (255,))
    return mask > 0
