"""The portrait's geometry (3:4 frame in the camera picture) and the small photo for the chip."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.locator import Box, EyePair
from station.devices import Pixels
from station.errors import FormatError

FRAME_SHARE = 0.925  # of the picture's height; the rest is room to move
HEAD_PER_IED = 3.57  # chin to crown over inter-eye distance (adults: 220 mm over 62 mm)
EYE_LINE = 0.475  # of the frame's height, from its top
_HEAD_TARGET = 0.75
_TIGHTER = (0.0, 0.025, 0.05)  # of the head's share
_MOST_ROLL = 15.0  # degrees; a head further over is asked to straighten, not turned by us
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


def portrait_crop(eyes: EyePair, width: int, height: int, head_share: float = _HEAD_TARGET) -> Box:
    """Return the 3:4 rectangle round these eyes that makes the head 75 % (``head_share``) of its height.

    It always lies inside the picture; near an edge it moves rather than shrinks.
    """
    tall = min(eyes.distance * HEAD_PER_IED / head_share, height, width * 4 / 3)
    wide = tall * 3 / 4
    x, y = eyes.middle[0] - wide / 2, eyes.middle[1] - EYE_LINE * tall
    return Box(min(max(x, 0.0), width - wide), min(max(y, 0.0), height - tall), wide, tall)


@dataclass(frozen=True, slots=True)
class Portrait:
    """A cut portrait and everything that was done to the still to make it; the still itself remains."""

    pixels: Pixels = field(repr=False)
    reduced: float  # 1 = pixels of the still; below 1 = made smaller; never above 1
    turned_deg: float  # by which the head was set upright; 0 = not turned
    eyes: EyePair  # where they lie in ``pixels``
    backdrop_replaced: bool = False


def cut_portrait(still: Pixels, crop: Box, largest_height: int = 1200) -> Pixels:
    """Cut the portrait out of a full-resolution BGR still; reduced above ``largest_height``, never enlarged."""
    rows, columns = crop.within(still.shape[1], still.shape[0])
    picture = np.ascontiguousarray(still[rows, columns])
    if picture.shape[0] <= largest_height:
        return picture
    wide = max(1, round(picture.shape[1] * largest_height / picture.shape[0]))
    reduced = cv2.resize(picture, (wide, largest_height), interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8)


def make_portrait(
    still: Pixels,
    eyes: EyePair,
    *,
    upright: bool = False,
    head_share: float = _HEAD_TARGET,
    largest_height: int = 1200,
) -> Portrait:
    """Cut the 3:4 portrait round these eyes; ``head_share`` 0.5..0.95 is chin to crown over its height.

    ``upright`` turns the picture so that the eyes are level, by at most 15 degrees: what the turn would
    have to invent beyond the edge of the still is never made, then it stays as it is. One scale for both
    directions, never above 1.
    """
    height, width = still.shape[:2]
    roll = eyes.roll_deg
    if upright and 0.1 < abs(roll) <= _MOST_ROLL:
        turn = np.asarray(cv2.getRotationMatrix2D(eyes.middle, roll, 1.0), np.float64)
        level = _turned(eyes, turn)
        for tighter in _TIGHTER:  # a little less room round the head rather than no turn
            crop = portrait_crop(level, width, height, min(0.95, head_share + tighter))
            if _inside(crop, turn, width, height):
                size = (width, height)
                whole = np.asarray(cv2.warpAffine(still, turn, size, flags=cv2.INTER_CUBIC))
                pixels = cut_portrait(whole.astype(np.uint8), crop, largest_height)
                return _portrait(pixels, crop, level, -roll)
    crop = portrait_crop(eyes, width, height, head_share)
    return _portrait(cut_portrait(still, crop, largest_height), crop, eyes, 0.0)


def _portrait(pixels: Pixels, crop: Box, eyes: EyePair, turned_deg: float) -> Portrait:
    """Describe a cut; ``eyes`` lie in the picture it was cut from."""
    reduced = min(1.0, pixels.shape[0] / crop.height)
    return Portrait(pixels, reduced, turned_deg, eyes.moved(-crop.x, -crop.y).scaled(reduced))


def _turned(eyes: EyePair, turn: NDArray[np.float64]) -> EyePair:
    (ax, ay), (bx, by) = eyes.left_in_picture, eyes.right_in_picture
    left, right = turn @ (ax, ay, 1.0), turn @ (bx, by, 1.0)
    return EyePair((float(left[0]), float(left[1])), (float(right[0]), float(right[1])))


def _inside(crop: Box, turn: NDArray[np.float64], width: int, height: int) -> bool:
    """Whether every corner of the crop comes from within the still."""
    back = cv2.invertAffineTransform(turn)
    right, bottom = crop.x + crop.width, crop.y + crop.height
    corners = [(crop.x, crop.y), (right, crop.y), (crop.x, bottom), (right, bottom)]
    places = [back @ (x, y, 1.0) for x, y in corners]
    return all(0 <= x <= width and 0 <= y <= height for x, y in places)


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
