"""What is measured on a face once it is found: light, sharpness, backdrop."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from station.biometrics.face.locator import Box, EyePair
from station.devices import Pixels

_SHARP_IED = 90.0  # sharpness is comparable only at one size of the face


class BackdropColour(StrEnum):
    """Background of the photo: odd birth year red, even blue, foreigners orange."""

    RED = "red"
    BLUE = "blue"
    ORANGE = "orange"


@dataclass(frozen=True, slots=True)
class Hue:
    """Where a colour lies on the circle of hues, degrees, and how far a cloth may be off."""

    centre: float
    tolerance: float


HUES = {
    BackdropColour.RED: Hue(0.0, 14.0),
    BackdropColour.ORANGE: Hue(29.0, 13.0),
    BackdropColour.BLUE: Hue(215.0, 32.0),
}


@dataclass(frozen=True, slots=True)
class Light:
    """Luminance of the face: mean 0..1, shares too dark and too bright, left/right balance 0..1."""

    mean: float
    dark_share: float
    bright_share: float
    evenness: float


def light_of(grey: Pixels, eyes: EyePair) -> Light:
    """Measure the light on the face; bounds 0..25 and 247..255 as in ISO/IEC 29794-5 practice."""
    height, width = grey.shape
    ied = eyes.distance
    x, y = eyes.middle
    face = grey[Box(x - 0.95 * ied, y - 0.5 * ied, 1.9 * ied, 1.9 * ied).within(width, height)]
    if face.size == 0:
        return Light(0.0, 1.0, 0.0, 0.0)
    cheeks = []
    for side in (-1, 1):
        cheek = Box(x + side * 0.55 * ied - 0.18 * ied, y + 0.40 * ied, 0.36 * ied, 0.45 * ied)
        part = grey[cheek.within(width, height)]
        cheeks.append(float(part.mean()) if part.size else 0.0)
    low, high = sorted(cheeks)
    return Light(
        mean=float(face.mean()) / 255,
        dark_share=float((face <= 25).mean()),
        bright_share=float((face >= 247).mean()),
        evenness=low / high if high > 0 else 0.0,
    )


def sharpness_of(full: Pixels, eyes: EyePair) -> float:
    """Return the sharpness round the eyes, about 0 (blurred) to 100.

    ``full`` is the BGR or grey picture the eye points belong to. The eye band is scaled to an inter-eye
    distance of 90 px; the energy of its Laplacian over the energy of its gradient is free of contrast.
    """
    ied = eyes.distance
    if ied < 8:
        return 0.0
    x, y = eyes.middle
    band = Box(x - 0.95 * ied, y - 0.45 * ied, 1.9 * ied, 0.95 * ied)
    part = full[band.within(full.shape[1], full.shape[0])]
    if min(part.shape[:2]) < 8:
        return 0.0
    factor = _SHARP_IED / ied
    mode = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    small = cv2.resize(part, None, fx=factor, fy=factor, interpolation=mode)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY) if small.ndim == 3 else small
    fine = cv2.Laplacian(grey, cv2.CV_32F)
    gx, gy = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    slope = float((gx * gx + gy * gy).mean())
    if slope < 20:  # nothing to be sharp: an even area
        return 0.0
    return float(min(100.0, 100 * np.sqrt(float((fine * fine).mean()) / slope) * 4.0))


def backdrop_deviation(small: Pixels, frame: Box, demanded: BackdropColour) -> float:
    """Return how far the backdrop's median hue is from the demanded one, 0..180 degrees.

    Read in the two upper corners of the portrait frame (BGR picture), beside the head; an uncoloured
    area (grey, white, black) deviates by 180.
    """
    height, width = small.shape[:2]
    corners = [
        Box(
            frame.x + at * frame.width,
            frame.y + 0.01 * frame.height,
            0.13 * frame.width,
            0.22 * frame.height,
        )
        for at in (0.005, 0.865)
    ]
    parts = [small[corner.within(width, height)].reshape(-1, 3) for corner in corners]
    pixels = np.vstack(parts)
    if len(pixels) == 0:
        return 180.0
    hsv = cv2.cvtColor(pixels[None, ::2], cv2.COLOR_BGR2HSV)[0]
    if np.median(hsv[:, 1]) < 70 or np.median(hsv[:, 2]) < 35:
        return 180.0
    off = (hsv[:, 0].astype(np.float32) * 2 - HUES[demanded].centre + 180) % 360 - 180
    return float(abs(np.median(off)))
