"""Minutiae of a fingerprint: where ridges end and fork, which way, and how surely.

The steps are the classical ones: flow, oriented filter, skeleton, crossing number, false ones out.
``station.minutiae`` states the conventions of the result.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger import skeleton
from station.biometrics.finger.ridges import Floats, Flow, enhance, flow, normalise
from station.biometrics.finger.segment import segment
from station.devices import Pixels
from station.minutiae import ENDING, FORK, Template

PPI: Final = 500
_EDGE = 13.0  # pixels from the rim of the touching skin within which ridges end only by leaving it
_SPECK = 45  # pixels: dots, pores and incipient ridges are smaller
_MOST = 255  # one count byte in every record format


def extract(image: Pixels, ppi: int) -> Template:
    """Return the minutiae of a grey picture (h, w), ridges dark; resampled to 500 ppi first.

    A picture with no finger gives an empty template, never an error.
    """
    grey = to_500_ppi(image, ppi)
    height, width = grey.shape
    mask = segment(grey).mask
    if not mask.any() or min(height, width) < 32:
        return _empty(width, height)
    # The finger's own box: nothing outside it can give a minutia, and the filters are the cost.
    left, top, box_width, box_height = cv2.boundingRect(mask)
    box = (slice(top, top + box_height), slice(left, left + box_width))
    found = _in_box(np.ascontiguousarray(grey[box]), np.ascontiguousarray(mask[box]))
    return Template(
        found.x + np.float32(left),
        found.y + np.float32(top),
        found.angle,
        found.type,
        found.quality,
        width,
        height,
    )


def to_500_ppi(image: Pixels, ppi: int) -> Pixels:
    """Return the picture at 500 ppi; area averaging when it shrinks, cubic when it grows."""
    if ppi == PPI or image.size == 0:
        return image
    scale = PPI / ppi
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, size, interpolation=way), dtype=np.uint8)


def _empty(width: int, height: int) -> Template:
    none = np.zeros(0, np.float32)
    codes = np.zeros(0, np.uint8)
    return Template(none, none, none, codes, codes, width, height)


def _in_box(grey: Pixels, mask: NDArray[np.uint8]) -> Template:
    height, width = grey.shape
    signal = normalise(grey) * mask
    field_of_ridges = flow(signal)
    wave = enhance(signal, field_of_ridges.angle)
    ridges = skeleton.without_specks((wave > 0).astype(np.uint8) & mask, _SPECK)
    crossing = skeleton.crossings(skeleton.thin(ridges))
    inside = cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    y, x = np.nonzero(((crossing == 1) | (crossing == 3)) & (inside > _EDGE))
    kind = np.where(crossing[y, x] == 1, ENDING, FORK).astype(np.uint8)
    angle = _directions(wave, field_of_ridges.angle, x, y, kind)
    quality = _qualities(signal, wave, field_of_ridges, x, y)
    found = Template(
        x.astype(np.float32), y.astype(np.float32), angle, kind, quality, width, height
    )
    found = found.take(_lasting(found))
    return found.take(np.argsort(-found.quality.astype(np.int32), kind="stable")[:_MOST])


def _directions(
    wave: Floats, tangent: Floats, x: NDArray[np.intp], y: NDArray[np.intp], kind: NDArray[np.uint8]
) -> Floats:
    """Turn the tangent to the side where an ending's ridge, or a fork's valley, lies."""
    height, width = wave.shape
    turn = tangent[y, x]
    cos, sin = np.cos(turn), np.sin(turn)
    balance = np.zeros_like(turn)
    for step in range(3, 10):
        for sign in (1, -1):
            column = np.clip(np.rint(x + sign * step * cos), 0, width - 1).astype(np.intp)
            row = np.clip(np.rint(y + sign * step * sin), 0, height - 1).astype(np.intp)
            balance += sign * np.tanh(wave[row, column])
    back = (balance < 0) == (kind == ENDING)
    upward = -(turn + np.where(back, np.pi, 0.0))  # y down becomes y up
    return np.asarray(np.mod(upward, 2 * np.pi), dtype=np.float32)


def _qualities(
    signal: Floats, wave: Floats, ridges: Flow, x: NDArray[np.intp], y: NDArray[np.intp]
) -> NDArray[np.uint8]:
    """Rate a minutia by how straight its surroundings flow and how well they fit a clean wave."""
    clean = cv2.GaussianBlur(np.where(wave > 0, 1.0, -1.0).astype(np.float32) * signal, (0, 0), 8)
    fit = np.clip(clean[y, x] / 0.85, 0, 1)
    rating = 100 * ridges.certainty[y, x] * fit
    return np.asarray(np.clip(np.rint(rating), 1, 100), dtype=np.uint8)


def _lasting(found: Template) -> NDArray[np.intp]:
    """Return the minutiae that are not one half of a break, a spur, a bridge or a small island."""
    dx = found.x[:, None] - found.x[None]
    dy = found.y[:, None] - found.y[None]
    distance = np.hypot(dx, dy)
    np.fill_diagonal(distance, np.inf)
    facing = np.cos(found.angle[:, None] - found.angle[None]) < -0.5
    same = found.type[:, None] == found.type[None]
    false = (distance < 6) | ((distance < 11) & facing & same) | ((distance < 8) & ~same)
    return np.nonzero(~false.any(axis=1))[0]
