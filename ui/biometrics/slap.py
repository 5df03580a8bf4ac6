"""Fingers in a picture for ``rekam biometrics segment``: how many, where, which, of which hand."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from station.biometrics.finger.slap import (
    ALGORITHM,
    VERSION,
    Finding,
    Slap,
    SlapFinger,
    expected_of,
    segment,
)
from station.biometrics.finger.slap_hand import LEFT_FOUR, RIGHT_FOUR, THUMBS
from station.devices import FingerPosition, Pixels
from ui.biometrics import draw

GROUPS: Final[Mapping[str, frozenset[FingerPosition]]] = {
    "right_four": RIGHT_FOUR,
    "left_four": LEFT_FOUR,
    "thumbs": THUMBS,
}
_WIDE_INCHES: Final = 2.0  # no platen for one finger is wider; four fingers take three
_ONE: Final = frozenset({FingerPosition.RIGHT_INDEX})  # any: only its place is told


def fingers_of(
    grey: Pixels,
    ppi: int,
    expected: frozenset[FingerPosition] | None,
    exempt: Iterable[FingerPosition] = (),
) -> Slap:
    """Return the fingers; with nothing expected the picture's width says whether it is one or a hand.

    Of a hand nobody named, positions are told only when the picture itself says which hand it is.
    """
    if expected is not None:
        return segment(grey, ppi, expected_of(expected, exempt) or expected)
    if grey.shape[1] / ppi < _WIDE_INCHES:
        return _unnamed(segment(grey, ppi, _ONE))
    found = segment(grey, ppi, GROUPS["right_four"])
    if Finding.WRONG_HAND in found.findings:
        return segment(grey, ppi, GROUPS["left_four"])
    return found if found.hand is not None else _unnamed(found)


def _unnamed(slap: Slap) -> Slap:
    fingers = tuple(replace(finger, position=None) for finger in slap.fingers)
    return replace(slap, fingers=fingers, missing=frozenset())


def facts(slap: Slap) -> dict[str, object]:
    """Return what a line tells of them; places in pixels of the picture."""
    return {
        "segmenter": {"algorithm": ALGORITHM, "version": VERSION},
        "count": len(slap.fingers),
        "accepted": slap.accepted,
        "hand": None if slap.hand is None else slap.hand.value.lower(),
        "hand_confidence": round(float(slap.confidence), 3),
        "fingers": [_finger(finger) for finger in slap.fingers],
        "missing": sorted(position.name.lower() for position in slap.missing),
        "findings": [finding.value for finding in slap.findings],
    }


def _finger(finger: SlapFinger) -> dict[str, object]:
    box = finger.box
    return {
        "position": None if finger.position is None else finger.position.name.lower(),
        "centre": [round(box.x, 1), round(box.y, 1)],
        "width": round(box.width, 1),
        "height": round(box.height, 1),
        "angle": round(box.angle, 1),
        "corners": [[round(x, 1), round(y, 1)] for x, y in box.corners()],
    }


def drawn(grey: Pixels, slap: Slap) -> Pixels:
    """Return the picture with each finger's box and name."""
    corners = [np.array(finger.box.corners(), np.float32) for finger in slap.fingers]
    names = [
        str(number) if finger.position is None else finger.position.name.lower()
        for number, finger in enumerate(slap.fingers, start=1)
    ]
    return draw.boxes(grey, corners, names)
