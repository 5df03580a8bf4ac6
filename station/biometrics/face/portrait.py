"""The portrait's geometry (3:4 frame in the camera picture) and the small photo for the chip."""

import cv2
import numpy as np

from station.biometrics.face.locator import Box, EyePair
from station.devices import Pixels
from station.errors import FormatError

FRAME_SHARE = 0.925  # of the picture's height; the rest is room to move
HEAD_PER_IED = 3.57  # chin to crown over inter-eye distance (adults: 220 mm over 62 mm)
EYE_LINE = 0.475  # of the frame's height, from its top
_HEAD_TARGET = 0.75
# (height in px, colour, lowest JPEG quality at which the face stays recognisable), best first
_CHIP_LADDER = (
    (224, True, 42),
    (192, True, 38),
    (176, True, 34),
    (160, True, 30),
    (160, False, 30),
    (144, False, 26),
    (128, False, 24),
)


def portrait_frame(width: int, height: int) -> Box:
    """Return the fixed 3:4 frame that the applicant has to fill, in pixels of the picture."""
    tall = min(FRAME_SHARE * height, width * 4 / 3)
    wide = tall * 3 / 4
    return Box((width - wide) / 2, (height - tall) / 2, wide, tall)


def portrait_crop(eyes: EyePair, width: int, height: int) -> Box:
    """Return the 3:4 rectangle round these eyes that makes the head 75 % of its height.

    It always lies inside the picture; near an edge it moves rather than shrinks.
    """
    tall = min(eyes.distance * HEAD_PER_IED / _HEAD_TARGET, height, width * 4 / 3)
    wide = tall * 3 / 4
    x, y = eyes.middle[0] - wide / 2, eyes.middle[1] - EYE_LINE * tall
    return Box(min(max(x, 0.0), width - wide), min(max(y, 0.0), height - tall), wide, tall)


def cut_portrait(still: Pixels, crop: Box, largest_height: int = 1200) -> Pixels:
    """Cut the portrait out of a full-resolution BGR still; reduced above ``largest_height``, never enlarged."""
    rows, columns = crop.within(still.shape[1], still.shape[0])
    picture = np.ascontiguousarray(still[rows, columns])
    if picture.shape[0] <= largest_height:
        return picture
    wide = round(picture.shape[1] * largest_height / picture.shape[0])
    reduced = cv2.resize(picture, (wide, largest_height), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8)


def fit_jpeg(picture: Pixels, max_bytes: int = 2560) -> bytes:
    """Return a JPEG of at most ``max_bytes``: the largest of a ladder of sizes that keeps its quality floor.

    ``picture`` is BGR or grey. Raises FormatError when not even the smallest rung fits: a photo in which
    nobody can be recognised is never made.
    """
    if picture.size == 0:
        raise FormatError(reason="empty_photo")
    for height, colour, floor in _CHIP_LADDER:
        reduced = _reduced(picture, height, colour=colour)
        data = _best_quality(reduced, floor, max_bytes)
        if data is not None:
            return data
    raise FormatError(reason="photo_does_not_fit", max_bytes=max_bytes)


def _reduced(picture: Pixels, height: int, *, colour: bool) -> Pixels:
    height = min(height, picture.shape[0])
    width = max(1, round(picture.shape[1] * height / picture.shape[0]))
    small = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    if not colour and small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return np.asarray(small, np.uint8)


def _best_quality(picture: Pixels, floor: int, max_bytes: int) -> bytes | None:
    low, high, best = floor, 95, None
    while low <= high:
        middle = (low + high) // 2
        options = [cv2.IMWRITE_JPEG_QUALITY, middle, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
        data = cv2.imencode(".jpg", picture, options)[1].tobytes()
        if len(data) <= max_bytes:
            best, low = data, middle + 1
        else:
            high = middle - 1
    return best
