"""Synthetic slaps: the fingers of one hand, or both thumbs, pressed together on a large platen.

Fingertips lie on the arc of a hand: the middle finger reaches furthest, the little one far less; every
finger has its own pressure, turn and size. The truth (place, angle, position) comes with the picture.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import cv2
import numpy as np

from drivers.emulation.scenes.finger import FingerIdentity, draw_press, pressed
from drivers.emulation.scenes.finger_growth import grow
from drivers.emulation.scenes.finger_ink import Press, ink, picture
from drivers.emulation.scenes.finger_noise import Floats, cloud, grain
from drivers.emulation.scenes.finger_skin import SPECIES, master
from station.devices import FingerPosition, Pixels, Slap

RIGHT_FOUR: Final = Slap.RIGHT_FOUR.fingers
LEFT_FOUR: Final = Slap.LEFT_FOUR.fingers
THUMBS: Final = Slap.THUMBS.fingers[::-1]  # as they lie on the platen, from the left

_MM: Final = 500 / 25.4
# Index to little, of a right hand: how far the tip stays behind the middle finger's, in mm.
_BEHIND: Final = (9.0, 0.0, 7.5, 25.0)
_PATCH: Final = (400, 520)  # pixels at 500 ppi around one finger's tip


@dataclass(frozen=True, slots=True)
class SlapPress:
    """How a hand is put down; lengths in mm, angles in degrees counter-clockwise in the picture.

    Attributes:
        rotation: turn of the whole hand.
        gap: free glass between neighbouring fingers; 0 touches.
        missing: fingers that are not there.
        lower: whether part of the second phalanx lies on the glass too.
        palm: whether the upper rim of the palm lies on it.
        residue: 0..1, the faint prints of the last hand.
        halo: 0..1, moisture around the fingers.
        intruder: whether an object lies on the glass.
        shade: how much darker the corners of the platen are, grey levels.
        noise: standard deviation of the sensor noise, grey levels.
    """

    rotation: float = 0.0
    gap: float = 3.0
    missing: frozenset[FingerPosition] = frozenset()
    lower: bool = False
    palm: bool = False
    residue: float = 0.0
    halo: float = 0.0
    intruder: bool = False
    shade: float = 0.0
    noise: float = 4.0


@dataclass(frozen=True, slots=True)
class SlapFingerTruth:
    """Where one finger of a drawn slap lies: middle of its touch in pixels of the picture, its angle, its size."""

    position: FingerPosition
    centre: tuple[float, float]
    angle: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class DrawnSlap:
    """The picture of a slap (h, w) and the truth, left to right."""

    image: Pixels = field(repr=False)
    fingers: tuple[SlapFingerTruth, ...]


def draw_slap(
    body: int,
    fingers: Sequence[FingerPosition],
    seed: int,
    press: SlapPress | None = None,
    *,
    width: int = 1600,
    height: int = 1000,
) -> DrawnSlap:
    """Press these fingers of that body on a platen at 500 ppi; same arguments, same pixels."""
    how = press or SlapPress()
    rng = np.random.default_rng((SPECIES, body, 500 + seed))
    places = _places(body, fingers, rng, how, width, height)
    dark, moist = np.zeros((2, height, width), np.float32)
    if how.residue > 0:
        last = replace(how, residue=0.0, missing=frozenset(), lower=False)
        for truth in _places(body + 1, fingers, rng, last, width, height):
            _put(rng, body + 1, truth, dark, moist, seed, 0.30 * how.residue, last)
    for truth in places:
        _put(rng, body, truth, dark, moist, seed, 1.0, how)
    if how.palm:
        _put_palm(rng, dark, height, width)
    if how.intruder:
        _put_object(rng, dark)
    grey = picture(dark, moist)
    if how.halo > 0:
        near = cv2.GaussianBlur(dark, (0, 0), 22)
        grey -= np.float32(45 * how.halo) * np.minimum(near * 2, 1) * (1 - dark)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.7), np.float32)
    grey += np.float32(how.noise) * grain(rng, height, width)
    if how.shade > 0:
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
        grey -= np.float32(how.shade / 2) * (x * x + y * y)
    levels: Pixels = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return DrawnSlap(levels, tuple(sorted(places, key=lambda truth: truth.centre[0])))


def _places(
    body: int,
    fingers: Sequence[FingerPosition],
    rng: np.random.Generator,
    how: SlapPress,
    width: int,
    height: int,
) -> list[SlapFingerTruth]:
    """Lay the fingers side by side on their arc, then turn the hand and put its middle on the platen's."""
    order = sorted(fingers, key=_from_left)
    spread = float(rng.normal(0, 2.0))  # degrees between neighbours: fingers fan out or close in
    rows, x = [], 0.0
    for number, position in enumerate(order):
        size = master(FingerIdentity(body, position)).size
        half = 142 * 0.97 * size
        if number:
            x += half + (how.gap + float(rng.uniform(0, 1.5))) * _MM
        y = _behind(position) * _MM + float(rng.normal(0, 1.4)) * _MM
        fan = (number - (len(order) - 1) / 2) * -spread + float(rng.normal(0, 1.5))
        rows.append((position, x, y, fan, half, size))
        x += half
    kept = [row for row in rows if row[0] not in how.missing]
    if not kept:
        return []
    middle_x = (min(row[1] - row[4] for row in kept) + max(row[1] + row[4] for row in kept)) / 2
    middle_y = (min(row[2] for row in kept) + max(row[2] for row in kept)) / 2
    turn = math.radians(how.rotation)
    aside, down = rng.uniform(-12, 12, 2)
    truths = []
    for position, x, y, fan, half, size in kept:
        right, below = x - middle_x, y - middle_y
        centre = (
            width / 2 + aside + right * math.cos(turn) + below * math.sin(turn),
            height * (0.40 if how.lower else 0.5)
            + down
            - right * math.sin(turn)
            + below * math.cos(turn),
        )
        truths.append(
            SlapFingerTruth(position, centre, how.rotation + fan, 2 * half, 2 * 190 * 0.97 * size)
        )
    return truths


def _from_left(position: FingerPosition) -> int:
    """Return the order in which fingers lie on a platen: left hand little first, then the right hand."""
    return -position.value if position.value > 5 else position.value


def _behind(position: FingerPosition) -> float:
    finger = (position.value - 1) % 5
    return _BEHIND[finger - 1] if finger else 0.0


def _put(
    rng: np.random.Generator,
    body: int,
    truth: SlapFingerTruth,
    dark: Floats,
    moist: Floats,
    seed: int,
    strength: float,
    how: SlapPress,
) -> None:
    """Press one finger into the darkness and moisture of the whole platen."""
    identity = FingerIdentity(body, truth.position)
    turn = math.radians(truth.angle)
    reach = 760 if how.lower else _PATCH[1]
    half = math.ceil(0.5 * math.hypot(_PATCH[0], reach)) + 60
    height, width = dark.shape
    left, right = max(0, round(truth.centre[0]) - half), min(width, round(truth.centre[0]) + half)
    top, bottom = max(0, round(truth.centre[1]) - half), min(height, round(truth.centre[1]) + half)
    if how.lower:
        bottom = min(height, bottom + 260)
    if left >= right or top >= bottom:
        return
    y, x = np.mgrid[top:bottom, left:right].astype(np.float32)
    x -= np.float32(truth.centre[0])
    y -= np.float32(truth.centre[1])
    press = draw_press(identity, seed, dx=0, dy=0, rotation=truth.angle)
    skin, wet = pressed(rng, master(identity), press, x, y)
    box = np.s_[top:bottom, left:right]
    if how.lower:
        across = x * np.float32(math.cos(turn)) - y * np.float32(math.sin(turn))
        along = x * np.float32(math.sin(turn)) + y * np.float32(math.cos(turn))
        under = _phalanx(rng, across, along, truth)
        skin = np.maximum(skin, under)
    dark[box] = np.maximum(dark[box], np.float32(strength) * skin)
    moist[box] = np.maximum(moist[box], np.float32(min(1.0, strength)) * wet)


def _phalanx(
    rng: np.random.Generator, across: Floats, along: Floats, truth: SlapFingerTruth
) -> Floats:
    """Return the darkness of the second phalanx: ridges straight across, below the crease of the joint."""
    start = truth.height / 2 + float(rng.uniform(18, 30))  # pixels: the crease is 1-1.5 mm of glass
    long = float(rng.uniform(200, 300))
    firm = 5 * np.minimum(
        1 - np.abs(across) / np.float32(0.46 * truth.width),
        0.02 + np.minimum(along - np.float32(start), np.float32(start + long) - along) / 60,
    )
    tilt = float(rng.uniform(-0.25, 0.25))
    height, width = across.shape
    phase = along + np.float32(tilt) * across + np.float32(7) * cloud(rng, height, width, 70)
    relief = np.zeros((height, width, 2), np.uint8)
    relief[..., 0] = np.clip(128 + 120 * np.cos(phase * np.float32(2 * math.pi / 9.6)), 0, 255)
    dark, _ = ink(rng, relief, np.asarray(firm, np.float32), Press(pressure=0.45, dryness=0.45))
    return dark


def _put_palm(rng: np.random.Generator, dark: Floats, height: int, width: int) -> None:
    """Put the upper rim of the palm at the lower edge of the platen."""
    rows = 90
    angle = np.asarray(0.3 * cloud(rng, rows // 2, width // 2, 120), np.float32)
    wave = grow(angle, np.full_like(angle, 4.8), rng, rounds=5)
    ridges = cv2.resize(-wave, (width, rows), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[0:rows, 0:width].astype(np.float32)
    inside = 1 - np.abs(x - np.float32(width / 2)) / np.float32(0.42 * width)
    firm = np.minimum(5 * inside, (y - 15) / 12)
    relief = np.zeros((rows, width, 2), np.uint8)
    relief[..., 0] = np.clip(128 + 120 * ridges, 0, 255)
    part, _ = ink(rng, relief, np.asarray(firm, np.float32), Press())
    dark[height - rows :] = np.maximum(dark[height - rows :], part)


def _put_object(rng: np.random.Generator, dark: Floats) -> None:
    """Lay a thing on a corner of the glass that is no finger: an evenly dark disc."""
    height, width = dark.shape
    at = (round(width * rng.uniform(0.06, 0.10)), round(height * rng.uniform(0.88, 0.92)))
    disc = np.zeros((height, width), np.float32)
    cv2.circle(disc, at, round(rng.uniform(45, 80)), 0.9, -1, cv2.LINE_AA)
    np.maximum(dark, disc, out=dark)
