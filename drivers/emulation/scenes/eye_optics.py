"""What stands between an eye and the camera: contact lens, spectacles, and the eye's own movement."""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_RIM = 1.20  # radius of a soft lens, iris radii: 14.2 mm over 11.8
_DOTS = (72, 9)  # of a printed pattern: once round, and from pupil to limbus


def lens_rim(ball: Floats, du: Floats, dv: Floats) -> Floats:
    """Draw the edge of a soft lens on the sclera: a bright line with a thin shadow outside it.

    ``du`` and ``dv`` are the way from the middle of the iris in its radii; a lens rides a little low.
    """
    off = np.sqrt(du * du + (dv - np.float32(0.03)) ** 2) - np.float32(_RIM)
    line = 16 * np.exp(-((off / 0.012) ** 2)) - 14 * np.exp(-(((off - 0.03) / 0.014) ** 2))
    return np.asarray(ball + line, np.float32)


def printed(iris: Floats, angle: Floats, depth: Floats) -> Floats:
    """Draw the dots of a coloured lens over the iris; ``depth`` is 0 at the pupil, 1 at the limbus."""
    around, out = _DOTS
    row = np.floor(depth * out)
    wave = np.cos(angle * around + np.pi * row) * np.sin(np.pi * depth * out) ** 2
    dots = np.clip(3 * wave - 0.6, 0, 1) * (depth > 0.22)
    return np.asarray(iris + (62 - iris) * 0.75 * dots, np.float32)


def spectacles(grey: Floats, u: Floats, v: Floats, strength: float) -> Floats:
    """Mirror the lamp in a spectacle lens: one large and one small saturated patch with a halo."""
    for at_u, at_v, wide, high in ((0.62, -0.42, 0.20, 0.13), (-0.85, 0.30, 0.10, 0.07)):
        away = np.sqrt(((u - at_u) / wide) ** 2 + ((v - at_v) / high) ** 2)
        patch = np.clip((1.25 - away) * 4, 0, 1) + 0.18 * np.exp(-((away / 2.2) ** 2))
        part = np.clip(strength * patch, 0, 1)
        grey = np.asarray(grey + (255 - grey) * part, np.float32)
    return grey


def smeared(grey: Floats, length: float, direction_deg: float) -> Floats:
    """Return the picture of an eye that moved ``length`` px in a straight line during the exposure."""
    size = int(np.ceil(length)) // 2 * 2 + 3
    middle = (size - 1) / 2
    turn = np.deg2rad(direction_deg)
    steps = np.linspace(-length / 2, length / 2, 16 * size)
    kernel = np.zeros((size, size), np.float32)
    across, down = middle + steps * np.cos(turn), middle + steps * np.sin(turn)
    left, top = np.floor(across).astype(int), np.floor(down).astype(int)
    for dx in (0, 1):
        for dy in (0, 1):
            part = (1 - np.abs(across - left - dx)) * (1 - np.abs(down - top - dy))
            x, y = np.minimum(left + dx, size - 1), np.minimum(top + dy, size - 1)
            np.add.at(kernel, (y, x), part.astype(np.float32))
    return np.asarray(cv2.filter2D(grey, cv2.CV_32F, kernel / kernel.sum()), np.float32)
