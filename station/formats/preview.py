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


def covering(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return the middle of the picture at exactly this size, (h, w, 4) BGRA: what a screen paints without work.

    As much is cut from two sides as the shape asks. Meant for live pictures: quick, not the smoothest.
    """
    high, wide = pixels.shape[:2]
    scale = max(width / wide, height / high)
    cut_w, cut_h = min(wide, round(width / scale)), min(high, round(height / scale))
    left, top = (wide - cut_w) // 2, (high - cut_h) // 2
    part = pixels[top : top + cut_h, left : left + cut_w]
    if part.shape[:2] != (height, width):
        half = (cut_w, cut_h) == (2 * width, 2 * height)
        way = cv2.INTER_AREA if half else cv2.INTER_LINEAR
        part = np.asarray(cv2.resize(part, (width, height), interpolation=way), np.uint8)
    colour = cv2.COLOR_GRAY2BGRA if part.ndim == 2 else cv2.COLOR_BGR2BGRA
    return np.asarray(cv2.cvtColor(part, colour), np.uint8)


def decode(data: bytes, width: int, height: int) -> Pixels:
    """Return an encoded JPEG or PNG picture, shrunk into the box; ValueError when it is not one."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None:
        message = "not a picture"
        raise ValueError(message)
    return shrink(np.asarray(pixels, np.uint8), width, height)
