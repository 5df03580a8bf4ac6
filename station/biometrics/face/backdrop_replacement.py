"""Replacing the backdrop of a portrait by a plain colour: optional, off by default, and always marked."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.geometry import EyePair
from station.biometrics.face.measure import BackdropColour
from station.biometrics.face.portrait import Portrait
from station.devices import Pixels

_LINES = 240  # the cut is found at this height; its edge is softened, not its inside
_ROUNDS = 4
_PAINT = {
    BackdropColour.RED: (40, 46, 180),
    BackdropColour.BLUE: (158, 92, 34),
    BackdropColour.ORANGE: (40, 120, 232),
}


def replace_backdrop(portrait: Portrait, colour: BackdropColour) -> Portrait:
    """Return the portrait before a plain cloth of that colour, marked ``backdrop_replaced``.

    The person is cut out by GrabCut from a hull of head and shoulders; hair and thin things at the edge
    suffer. Never in place of the still: that stays as it was taken.
    """
    alpha = _person(portrait.pixels, portrait.eyes)[..., None]
    paint = np.array(_PAINT[colour], np.float32)
    mixed = portrait.pixels.astype(np.float32) * alpha + paint * (1 - alpha)
    pixels = np.asarray(np.clip(mixed + 0.5, 0, 255), np.uint8)
    return replace(portrait, pixels=pixels, backdrop_replaced=True)


def _person(picture: Pixels, eyes: EyePair) -> NDArray[np.float32]:
    """Return how much of each pixel is the person, 0..1."""
    height, width = picture.shape[:2]
    lines = min(_LINES, height)
    factor = lines / height
    size = (max(8, round(width * factor)), max(8, lines))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    mask = _guess(size, eyes.scaled(factor))
    cv2.setRNGSeed(1)  # GrabCut starts from random clusters: same pixels, same cut
    empty = [np.zeros((1, 65), np.float64) for _ in range(2)]
    cv2.grabCut(small, mask, (0, 0, 1, 1), empty[0], empty[1], _ROUNDS, cv2.GC_INIT_WITH_MASK)
    person = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.float32)
    soft = cv2.GaussianBlur(person, (0, 0), 1.0)
    large = cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip((large - 0.35) / 0.5, 0, 1), np.float32)


def _guess(size: tuple[int, int], eyes: EyePair) -> NDArray[np.uint8]:
    """Return GrabCut's start: the face and chest surely, round them perhaps, the upper corners not."""
    width, height = size
    mask = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    ied = max(2.0, eyes.distance)
    x, y = round(eyes.middle[0]), round(eyes.middle[1])

    def oval(wide: float, high: float, down: float, kind: int) -> None:
        axes = (max(1, round(wide * ied)), max(1, round(high * ied)))
        cv2.ellipse(mask, (x, round(y + down * ied)), axes, 0, 0, 360, (kind,), -1)

    oval(1.6, 2.1, 0.05, cv2.GC_PR_FGD)
    oval(2.6, 1.6, 3.4, cv2.GC_PR_FGD)
    oval(0.9, 1.3, 0.45, cv2.GC_FGD)
    oval(1.3, 1.0, 3.2, cv2.GC_FGD)
    edge = max(1, round(0.05 * width))
    top = max(1, min(height, round(y + 0.5 * ied)))
    mask[:top, :edge] = cv2.GC_BGD
    mask[:top, width - edge :] = cv2.GC_BGD
    return mask
