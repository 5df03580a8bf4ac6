"""Slap segmentation: the fingers of one picture, which they are, of which hand, and which is missing.

One picture holds the four fingers of a hand, both thumbs or one finger. The count must be the expected
one, and the arc of the fingertips must fit the hand; what is not clear is said to be not sure, never guessed.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.finger.minutiae import PPI, to_500_ppi
from station.biometrics.finger.slap_hand import (
    LEFT_FOUR,
    RIGHT_FOUR,
    THUMBS,
    Tip,
    best_subset,
    from_left,
    hand_confidence,
)
from station.biometrics.finger.slap_shape import Blob, Hand, shape_of
from station.devices import FingerPosition, Pixels

ALGORITHM: Final = "rekam.slap"
VERSION: Final = "1"

SURE: Final = 0.9  # below, a decision between hands or fingers is not made
_MARGIN_MM: Final = 1.5  # of platen around a cut-out
_MM: Final = PPI / 25.4
_SMALLEST: Final = 48  # pixels: no smaller picture holds a finger

# What one picture can hold.
GROUPS: Final = (RIGHT_FOUR, LEFT_FOUR, THUMBS)


class Side(StrEnum):
    """Whose hand lies on the glass."""

    RIGHT = "RIGHT"
    LEFT = "LEFT"
    BOTH = "BOTH"  # two thumbs


class Finding(StrEnum):
    """What speaks against a slap, or what an operator should know of it."""

    EMPTY = "EMPTY"
    TOO_FEW = "TOO_FEW"
    TOO_MANY = "TOO_MANY"
    WRONG_HAND = "WRONG_HAND"
    HAND_NOT_SURE = "HAND_NOT_SURE"  # an operator decides; does not refuse
    MISSING_NOT_SURE = "MISSING_NOT_SURE"  # too few, and which is missing cannot be told
    CUT_OFF = "CUT_OFF"  # a finger leaves the picture
    TOUCHING = "TOUCHING"  # fingers were parted where they touch
    RESIDUE = "RESIDUE"  # faint prints of the last hand


REFUSING: Final = frozenset({Finding.EMPTY, Finding.TOO_FEW, Finding.TOO_MANY, Finding.WRONG_HAND})


@dataclass(frozen=True, slots=True)
class FingerBox:
    """A turned rectangle in pixels of the slap: centre, size, and degrees counter-clockwise from upright."""

    x: float
    y: float
    width: float
    height: float
    angle: float

    def corners(self) -> tuple[tuple[float, float], ...]:
        """Return the four corners: upper left, upper right, lower right, lower left of the upright finger."""
        cos, sin = math.cos(math.radians(self.angle)), math.sin(math.radians(self.angle))
        halves = ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5))
        places = ((a * self.width, b * self.height) for a, b in halves)
        return tuple((self.x + u * cos + v * sin, self.y - u * sin + v * cos) for u, v in places)


@dataclass(frozen=True, slots=True)
class SlapFinger:
    """One finger of a slap.

    ``position`` is None while the slap does not say which finger it is. ``cut`` is the distal phalanx upright
    at 500 ppi, (h, w) uint8; ``to_slap`` (2, 3) takes (x, y, 1) of the cut-out to the pixels of the slap.
    """

    position: FingerPosition | None
    box: FingerBox
    cut: Pixels = field(repr=False)
    to_slap: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slap:
    """What a picture of fingers holds, from left to right.

    ``confidence`` (0..1) is of ``hand``, which is None when neither hand is sure. ``missing`` are the expected
    fingers that are not there; empty when none is missing or when it is not sure which.
    """

    fingers: tuple[SlapFinger, ...]
    hand: Side | None
    confidence: float
    missing: frozenset[FingerPosition]
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """Whether the expected fingers, and only they, are there; an unsure hand is the operator's to confirm."""
        return not REFUSING.intersection(self.findings)


def expected_of(
    group: Iterable[FingerPosition], exempt: Iterable[FingerPosition] = ()
) -> frozenset[FingerPosition]:
    """Return the fingers to expect of a group when some are exempt."""
    return frozenset(group) - frozenset(exempt)


def segment(image: Pixels, ppi: int, expected: Iterable[FingerPosition]) -> Slap:
    """Return the fingers of a grey picture (h, w), ridges dark; never raises on any content.

    Args:
        image: the slap, thumbs or single finger.
        ppi: its resolution.
        expected: the fingers asked for: of one hand without the thumb, both thumbs, or one finger.

    Raises:
        ValueError: the expected fingers cannot be on one picture.
    """
    asked = frozenset(expected)
    if not asked or not (len(asked) == 1 or any(asked <= group for group in GROUPS)):
        names = sorted(position.name for position in asked)
        message = f"one picture holds four fingers, two thumbs or one finger, not {names}"
        raise ValueError(message)
    grey = to_500_ppi(image, ppi)
    if min(grey.shape) < _SMALLEST:
        return Slap((), None, 0.0, asked, (Finding.EMPTY, Finding.TOO_FEW))
    hand = shape_of(grey)
    return _decided(grey, image.shape, hand, asked)


def _decided(
    grey: Pixels, shape: tuple[int, ...], hand: Hand, asked: frozenset[FingerPosition]
) -> Slap:
    blobs = hand.blobs if len(asked) > 1 else _main(hand.blobs)
    if not blobs:
        return Slap((), None, 0.0, asked, (Finding.EMPTY, Finding.TOO_FEW))
    tips = [_tip(blob, hand.angle) for blob in blobs]
    positions: tuple[FingerPosition | None, ...] = (None,) * len(blobs)
    findings: list[Finding] = []
    missing: frozenset[FingerPosition] = frozenset()
    side, confidence = None, 0.0
    if len(blobs) == len(asked):
        order = from_left(asked)
        side, confidence = _side(tips, order)
        if side is None:
            findings.append(Finding.HAND_NOT_SURE)
        elif side is not Side.BOTH and confidence and side is not _side_of(order[0]):
            findings.append(Finding.WRONG_HAND)
        if Finding.WRONG_HAND not in findings:
            positions = tuple(order)
    elif len(blobs) < len(asked):
        findings.append(Finding.TOO_FEW)
        found, sure = best_subset(tips, asked) if asked != THUMBS else ((), 0.0)
        if sure >= SURE:
            positions, missing = found, asked - frozenset(found)
        else:
            findings.append(Finding.MISSING_NOT_SURE)
    else:
        findings.append(Finding.TOO_MANY)
    findings += _remarks(blobs, hand, grey.shape)
    scale = shape[0] / grey.shape[0]
    fingers = tuple(
        _finger(grey, blob, position, scale)
        for blob, position in zip(blobs, positions, strict=True)
    )
    return Slap(fingers, side, round(confidence, 4), missing, tuple(findings))


def _main(blobs: tuple[Blob, ...]) -> tuple[Blob, ...]:
    """Return the finger of a single capture, and others only when they are as large as a finger beside it."""
    largest = max((blob.width * blob.height for blob in blobs), default=0.0)
    return tuple(blob for blob in blobs if blob.width * blob.height >= 0.5 * largest)


def _tip(blob: Blob, angle: float) -> Tip:
    """Return the fingertip in the hand's frame, mm."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = blob.tip
    mm = 2 / _MM  # blobs are measured at half the resolution
    return Tip((x * cos - y * sin) * mm, (x * sin + y * cos) * mm, blob.width * mm)


def _side(tips: list[Tip], order: list[FingerPosition]) -> tuple[Side | None, float]:
    """Return the hand and how surely; two thumbs and single fingers do not show theirs."""
    if frozenset(order) == THUMBS:
        return Side.BOTH, 1.0
    if len(order) < 2:
        return None, 0.5
    right = _side_of(order[0]) is Side.RIGHT
    sure = hand_confidence(tips, order)
    mine, other = (Side.RIGHT, Side.LEFT) if right else (Side.LEFT, Side.RIGHT)
    if max(sure, 1 - sure) < SURE:
        return None, max(sure, 1 - sure)
    return (mine, sure) if sure >= SURE else (other, 1 - sure)


def _side_of(position: FingerPosition) -> Side:
    return Side.RIGHT if position.value <= 5 else Side.LEFT


def _remarks(blobs: tuple[Blob, ...], hand: Hand, shape: tuple[int, ...]) -> list[Finding]:
    height, width = shape[0] / 2, shape[1] / 2
    remarks = []
    rim = 0.4 * _MM
    for blob in blobs:
        x, y = blob.tip
        half = blob.width / 2 * math.cos(math.radians(blob.angle))
        off = y < rim or blob.centre[0] - half < rim or blob.centre[0] + half > width - rim
        if off or not (0 <= x <= width and y <= height - rim):
            remarks.append(Finding.CUT_OFF)
            break
    if any(blob.parted for blob in blobs) and len(blobs) > 1:
        remarks.append(Finding.TOUCHING)
    if hand.faint:
        remarks.append(Finding.RESIDUE)
    return remarks


def _finger(grey: Pixels, blob: Blob, position: FingerPosition | None, scale: float) -> SlapFinger:
    """Cut the finger out upright; blobs are at 250 ppi, the cut-out at 500, the box in the picture's own pixels."""
    x, y = 2 * blob.centre[0] + 0.5, 2 * blob.centre[1] + 0.5
    wide, tall = 2 * blob.width, 2 * blob.height
    width, height = (max(8, round(size + 2 * _MARGIN_MM * _MM)) for size in (wide, tall))
    cos, sin = math.cos(math.radians(blob.angle)), math.sin(math.radians(blob.angle))
    away = np.array([[cos, sin], [-sin, cos]])
    start = np.array([x, y]) - away @ np.array([(width - 1) / 2, (height - 1) / 2])
    to_grey = np.column_stack([away, start])
    cut = cv2.warpAffine(
        grey,
        to_grey,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    box = FingerBox(x * scale, y * scale, wide * scale, tall * scale, blob.angle)
    return SlapFinger(position, box, np.asarray(cut, np.uint8), to_grey * scale)
