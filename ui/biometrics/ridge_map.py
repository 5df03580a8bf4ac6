"""The picture for a finger's quality: green where ridges are clear, red where skin shows none."""

from typing import Final

import cv2
import numpy as np

from station.biometrics.finger.blocks import STEP
from station.biometrics.finger.features import clear_map
from station.biometrics.finger.minutiae import to_500_ppi
from station.devices import Pixels
from ui.biometrics import draw

_CLEAR: Final = np.array((60, 170, 40), np.float32)  # BGR
_POOR: Final = np.array((50, 50, 220), np.float32)
_TINT: Final = 0.35


def ridge_map(grey: Pixels, ppi: int) -> Pixels:
    """Return the print with its outline (as ``draw.finger``), tinted by how clear its ridges are."""
    canvas = draw.finger(grey, ppi)
    clear = clear_map(to_500_ppi(grey, ppi))
    if clear.size == 0:
        return canvas
    height, width = canvas.shape[:2]
    scale = width / to_500_ppi(grey, ppi).shape[1]
    # A block's middle is one step from its corner; between the middles the tint runs smoothly.
    step = scale * STEP
    move = np.array([[step, 0, step], [0, step, step]], np.float32)
    level = cv2.warpAffine(
        np.maximum(clear, 0), move, (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    skin = cv2.warpAffine((clear >= 0).astype(np.float32), move, (width, height))
    tint = level[..., None] * _CLEAR + (1 - level[..., None]) * _POOR
    share = _TINT * skin[..., None]
    return np.asarray(np.rint((1 - share) * canvas + share * tint), np.uint8)
