"""The backdrop round the head: how even it is, whatever its colour."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.geometry import EyePair
from station.biometrics.face.tone import luminance_of
from station.devices import Pixels

# The cut of the reference implementation: 354 x 292 px with the eyes about 81 px apart.
_WIDE, _HIGH, _IED, _EYE_ROW = 354, 292, 81.0, 196
_LEAST = 400  # pixels of backdrop; less says nothing


def background_uniformity(colour: Pixels, eyes: EyePair) -> float | None:
    """Return the mean Scharr gradient of luminance beside and above the head; None where none is seen.

    The head is an ellipse of 1.5 by 2.0 inter-eye distances with what hangs below it; hair or a scarf
    that stands out further counts as backdrop.
    """
    if not 4.0 <= eyes.distance <= 20_000.0:
        return None
    scale = eyes.distance / _IED
    x, y = eyes.middle  # not turned: a backdrop has no tilt, and shoulders are level
    back = np.array(
        [[scale, 0, x - scale * _WIDE / 2], [0, scale, y - scale * _EYE_ROW]], np.float64
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpAffine(colour, back, (_WIDE, _HIGH), flags=flags)
    height, width = colour.shape[:2]
    u, v = np.arange(_WIDE) * scale + back[0, 2], np.arange(_HIGH) * scale + back[1, 2]
    inside = ((u >= 0) & (u <= width - 1))[None, :] & ((v >= 0) & (v <= height - 1))[:, None]
    mask = (inside & ~_head()).astype(np.uint8)
    mask = cv2.erode(mask, np.ones((4, 4), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    if int(mask.sum()) < _LEAST:
        return None
    light = luminance_of(np.asarray(cut, np.uint8)).astype(np.float32)
    gx, gy = cv2.Scharr(light, cv2.CV_32F, 1, 0), cv2.Scharr(light, cv2.CV_32F, 0, 1)
    return float(cv2.magnitude(gx, gy)[mask > 0].mean())


@lru_cache(maxsize=1)
def _head() -> NDArray[np.bool_]:
    mask = np.zeros((_HIGH, _WIDE), np.uint8)
    middle = (_WIDE // 2, _EYE_ROW + round(0.05 * _IED))
    cv2.ellipse(mask, middle, (round(1.5 * _IED), round(2.0 * _IED)), 0, 0, 360, (255,), -1)
    mask[middle[1] :, round(_WIDE / 2 - 1.5 * _IED) : round(_WIDE / 2 + 1.5 * _IED)] = 255
    return mask > 0
