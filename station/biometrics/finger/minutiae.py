"""Minutiae of a fingerprint: where ridges end and fork, which way, and how surely.

The steps: ridge flow, ridge wave, dislocations of its phase, close opposite pairs out.
``station.minutiae`` states the conventions of the result.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.dislocations import Dislocations, dislocations
from station.biometrics.finger.ridges import REDUCED, Floats, Flow, flow, normalise, searched_flow
from station.biometrics.finger.segment import segment
from station.biometrics.finger.waves import Wave, rough_wave, wave
from station.devices import Pixels
from station.minutiae import ENDING, FORK, Template

ALGORITHM: Final = "rekam.minutiae"
VERSION: Final = "2"
PPI: Final = 500
_EDGE = 8.0  # pixels from the rim of the touching skin within which ridges end only by leaving it
_RIM = 5.0  # the same at the border of the picture
_PAIR = 0.7  # ridge periods within which two that point against each other are a break, a bridge or an island
_FIT = 3.0  # amplitude of a clean wave against the deviation of the picture, as the filters answer
_CANDIDATES = 2000  # ten full prints have fewer; what has more is no skin, and pairs are compared each with each
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
    small = _reduced(grey)
    inside = (_reduced(mask * np.uint8(255)) > 127).astype(np.float32)
    signal = normalise(small, inside)
    first = searched_flow(signal)
    rough, period = rough_wave(signal, first.angle)
    second = flow(rough)
    final = wave(signal, second.angle, period)
    depth = np.minimum(
        _depth(inside, rim=False) - _EDGE * REDUCED, _depth(inside, rim=True) - _RIM * REDUCED
    )
    found = dislocations(final, second.angle, depth > 0)
    x, y = np.rint(found.x).astype(np.intp), np.rint(found.y).astype(np.intp)
    x, y = np.minimum(x, small.shape[1] - 1), np.minimum(y, small.shape[0] - 1)
    kind = _kinds(final, found)
    quality = _qualities(signal, final, first, second, depth, x, y)
    if len(x) > _CANDIDATES:
        clearest = np.argsort(-quality.astype(np.int32), kind="stable")[:_CANDIDATES]
        found, kind, quality = found.take(clearest), kind[clearest], quality[clearest]
        x, y = x[clearest], y[clearest]
    half = np.float32(0.5)  # a pixel's centre
    keep = _lasting(found, final.period[y, x])
    template = Template(
        np.clip((found.x + half) * (width / small.shape[1]) - half, 0, width - 1).astype(
            np.float32
        ),
        np.clip((found.y + half) * (height / small.shape[0]) - half, 0, height - 1).astype(
            np.float32
        ),
        np.mod(-found.angle, np.float32(2 * np.pi)).astype(np.float32),
        kind,
        quality,
        width,
        height,
    ).take(keep)
    return template.take(np.argsort(-template.quality.astype(np.int32), kind="stable")[:_MOST])


def _reduced(picture: Pixels) -> Pixels:
    height, width = picture.shape
    size = (max(1, round(width * REDUCED)), max(1, round(height * REDUCED)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _depth(inside: Floats, *, rim: bool) -> Floats:
    """Return the distance to the edge of the skin, or with ``rim`` to that of the picture too."""
    bits = inside.astype(np.uint8)
    padded = cv2.copyMakeBorder(bits, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0 if rim else 1)
    far = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray(np.minimum(far, 1e4), np.float32)


def _kinds(ridges: Wave, found: Dislocations) -> NDArray[np.uint8]:
    """Return ENDING where the further line is a ridge, FORK where it is a valley."""
    height, width = ridges.even.shape
    balance = np.zeros_like(found.x)
    for step in (2.0, 3.0, 4.0):
        x = np.clip(np.rint(found.x + step * np.cos(found.angle)), 0, width - 1).astype(np.intp)
        y = np.clip(np.rint(found.y + step * np.sin(found.angle)), 0, height - 1).astype(np.intp)
        size = np.hypot(ridges.even[y, x], ridges.odd[y, x]) + np.float32(1e-6)
        balance += ridges.even[y, x] / size
    return np.where(balance >= 0, ENDING, FORK).astype(np.uint8)


def _qualities(
    signal: Floats,
    ridges: Wave,
    first: Flow,
    second: Flow,
    depth: Floats,
    x: NDArray[np.intp],
    y: NDArray[np.intp],
) -> NDArray[np.uint8]:
    """Rate a minutia by how straight its surroundings flow and how well they fit a clean wave."""
    power = ridges.even * ridges.even + ridges.odd * ridges.odd
    whole = cv2.GaussianBlur(signal * signal, (0, 0), 4.0) + np.float32(1e-3)
    fit = cv2.sqrt(cv2.GaussianBlur(power, (0, 0), 4.0) / whole)[y, x] / _FIT
    turn = np.cos(2 * (first.angle - second.angle))
    agree = cv2.GaussianBlur(turn, (0, 0), 4.0)[y, x]
    clear = cv2.GaussianBlur(first.certainty, (0, 0), 3.0)[y, x]
    deep = np.clip(0.5 + depth[y, x] / 16, 0, 1)
    rating = 100 * np.clip(fit, 0, 1) * np.clip(agree, 0, 1) * np.clip(clear, 0, 1) * deep
    return np.asarray(np.clip(np.rint(rating), 1, 100), dtype=np.uint8)


def _lasting(found: Dislocations, period: Floats) -> NDArray[np.intp]:
    """Return the minutiae that are not one half of a break, a spur, a bridge or a small island."""
    distance = np.hypot(found.x[:, None] - found.x[None], found.y[:, None] - found.y[None])
    against = np.cos(found.angle[:, None] - found.angle[None]) < 0
    pair = np.where(against, distance, np.inf)
    false = pair < _PAIR * period[:, None]
    return np.nonzero(~false.any(axis=1))[0]
