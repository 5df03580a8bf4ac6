"""``python -m tests.pictures.finger_minutiae FILE``: a drawn print, its ridge flow, ridge wave and minutiae."""

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.minutiae import extract
from station.biometrics.finger.ridges import REDUCED, normalise, searched_flow
from station.biometrics.finger.waves import rough_wave, wave
from station.devices import FingerPosition, Pixels
from station.minutiae import ENDING

_FINGER = FingerIdentity(500, FingerPosition.RIGHT_INDEX)
_CROP = (slice(70, 330), slice(45, 255))
_SCALE = 2
_COLOURS = {True: (60, 60, 230), False: (210, 120, 20)}  # ending, fork (blue, green, red)


def _flow_over(picture: Pixels) -> Pixels:
    small = cv2.resize(picture, None, fx=REDUCED, fy=REDUCED, interpolation=cv2.INTER_AREA)
    whole = np.ones(small.shape, np.float32)
    found = searched_flow(normalise(np.asarray(small, np.uint8), whole))
    shown = _enlarged(picture)
    for row in range(4, small.shape[0], 8):
        for column in range(4, small.shape[1], 8):
            angle, reach = found.angle[row, column], 9 * float(found.certainty[row, column])
            x, y = (column + 0.5) / REDUCED * _SCALE, (row + 0.5) / REDUCED * _SCALE
            step = (reach * np.cos(angle), reach * np.sin(angle))
            ends = [(round(x + s * step[0]), round(y + s * step[1])) for s in (-1, 1)]
            cv2.line(shown, ends[0], ends[1], (60, 140, 0), 2, cv2.LINE_AA)
    return shown


def _wave_of(picture: Pixels) -> Pixels:
    small = cv2.resize(picture, None, fx=REDUCED, fy=REDUCED, interpolation=cv2.INTER_AREA)
    signal = normalise(np.asarray(small, np.uint8), np.ones(small.shape, np.float32))
    angle = searched_flow(signal).angle
    even = wave(signal, angle, rough_wave(signal, angle)[1]).even
    grey = np.clip(128 - 45 * even, 0, 255).astype(np.uint8)
    size = (picture.shape[1], picture.shape[0])
    return _enlarged(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_CUBIC), np.uint8))


def _minutiae_over(picture: Pixels) -> Pixels:
    shown = _enlarged(picture)
    found = extract(picture, 500)
    for x, y, angle, kind in zip(found.x, found.y, found.angle, found.type, strict=True):
        at = (round(float(x) * _SCALE), round(float(y) * _SCALE))
        tip = (round(at[0] + 18 * float(np.cos(angle))), round(at[1] - 18 * float(np.sin(angle))))
        colour = _COLOURS[bool(kind == ENDING)]
        cv2.circle(shown, at, 6, colour, 2, cv2.LINE_AA)
        cv2.line(shown, at, tip, colour, 2, cv2.LINE_AA)
    return shown


def _enlarged(picture: Pixels) -> Pixels:
    large = cv2.resize(picture, None, fx=_SCALE, fy=_SCALE, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.cvtColor(large, cv2.COLOR_GRAY2BGR), np.uint8)


def main(file: Path) -> None:
    """Write the picture: flow, wave and minutiae side by side."""
    picture = impression(_FINGER, 1)
    area = tuple(slice(part.start * _SCALE, part.stop * _SCALE) for part in _CROP)
    tiles = [part(picture)[area] for part in (_flow_over, _wave_of, _minutiae_over)]
    sheet = np.hstack(tiles)
    small = cv2.resize(sheet, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
    colours = Image.fromarray(np.ascontiguousarray(small[..., ::-1]))
    colours.quantize(32, method=Image.Quantize.MAXCOVERAGE).save(file, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
