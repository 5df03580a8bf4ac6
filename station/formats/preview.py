"""Small pictures for the screen, made in a worker so that the window only paints."""

import cv2
import numpy as np

from station.devices import Pixels


def shrink(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return the picture scaled down by area averaging to fit the box; smaller ones stay as they are."""
    scale = min(width / pixels.shape[1], height / pixels.shape[0], 1.0)
    if scale >= 1.0:
        return np.ascontiguousarray(pixels)
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small: Pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return small


def decode(data: bytes, width: int, height: int) -> Pixels:
    """Return an encoded JPEG or PNG picture, shrunk into the box; ValueError when it is not one."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        message = "not a picture"
        raise ValueError(message)
    return shrink(np.asarray(pixels, np.uint8), width, height)
