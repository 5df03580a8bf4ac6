"""Synthetic fingers: an identity is a body and a finger; every impression of it differs as real ones do.

Same arguments, same pixels. The prints come from seeded mathematics alone; no person's finger is in them.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np

from drivers.emulation.scenes.finger_ink import PAPER, Press, ink, picture, smeared, touch
from drivers.emulation.scenes.finger_noise import Floats, cloud, grain
from drivers.emulation.scenes.finger_pattern import RidgeClass
from drivers.emulation.scenes.finger_skin import (
    SPECIES,
    FingerIdentity,
    Master,
    drawing,
    master,
)
from station.devices import Pixels

__all__ = [
    "Drawn",
    "FingerIdentity",
    "Master",
    "Press",
    "RidgeClass",
    "bare_platen",
    "draw",
    "draw_press",
    "impression",
    "master",
]

_TIP_DOWN = (
    12.0  # the fingertip, not the core, lands in the middle: the core lies a little above it
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """An impression and the truth about it: ``core`` (x, y) in pixels of the picture, its class, its press."""

    image: Pixels = field(repr=False)
    kind: RidgeClass
    press: Press
    core: tuple[float, float]


def draw_press(identity: FingerIdentity, seed: int, **given: float | None) -> Press:
    """Return how the finger is put down: what is not ``given`` is that of an ordinary careful capture."""
    rng = drawing(identity, seed + 1)
    drawn = Press(
        pressure=float(rng.uniform(0.42, 0.6)),
        dryness=float(rng.uniform(0.3, 0.5)),
        rotation=float(rng.uniform(-12, 12)),
        dx=float(rng.uniform(-16, 16)),
        dy=float(rng.uniform(-16, 16)),
        lean=float(np.clip(rng.normal(0, 9), -25, 25)),
        distortion=float(rng.uniform(1.4, 2.8)),
    )
    fields: dict[str, Any] = {name: v for name, v in given.items() if v is not None}
    return replace(drawn, **fields)


def impression(
    identity: FingerIdentity,
    seed: int,
    *,
    width: int = 300,
    height: int = 400,
    ppi: int = 500,
    noise: float = 5.0,
    blur: float = 0.0,
    shade: float = 0.0,
    **given: float | None,
) -> Pixels:
    """Press the finger on a platen and return the picture (height, width), ridges dark on light.

    Args:
        identity: whose finger.
        seed: which impression of it.
        width: picture width in pixels.
        height: picture height in pixels.
        ppi: resolution of the picture.
        noise: standard deviation of the sensor noise in grey levels.
        blur: Gaussian blur of the finished picture in pixels.
        shade: how much darker the corners of the platen are, in grey levels.
        given: fields of ``Press``; what is None or left out is drawn from ``seed`` within the range of an
            ordinary careful capture.
    """
    press = draw_press(identity, seed, **given)
    drawn = draw(
        identity,
        seed,
        press,
        width=width,
        height=height,
        ppi=ppi,
        noise=noise,
        blur=blur,
        shade=shade,
    )
    return drawn.image


def draw(
    identity: FingerIdentity,
    seed: int,
    press: Press,
    *,
    width: int = 300,
    height: int = 400,
    ppi: float = 500,
    noise: float = 5.0,
    blur: float = 0.0,
    shade: float = 0.0,
) -> Drawn:
    """Return the impression of that press with the truth about it; arguments as of ``impression``."""
    rng = drawing(identity, seed + 1)
    rng.bit_generator.advance(1 << 20)  # type: ignore[attr-defined]  # behind what draw_press took
    skin = master(identity)
    x, y = _platen(width, height, ppi)
    dark, moist = pressed(rng, skin, press, x, y)
    if press.residue > 0:
        ghost, veil = _left_behind(rng, identity, press, x, y)
        dark, moist = np.maximum(dark, ghost), np.maximum(moist, veil)
    if press.smudge > 0:
        dark = smeared(dark, rng, press.smudge * ppi / 500)
    grey = picture(dark, moist)
    sharpness = math.hypot(0.7, blur)
    grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), sharpness), np.float32)
    scale = ppi / 500
    middle = ((width - 1) / 2 + press.dx * scale, (height - 1) / 2 + press.dy * scale)
    core = _core_in_picture(middle, press, scale)
    return Drawn(_on_sensor(rng, grey, noise, shade), skin.kind, press, core)


def pressed(
    rng: np.random.Generator, skin: Master, press: Press, x: Floats, y: Floats
) -> tuple[Floats, Floats]:
    """Return darkness and moisture (h, w), 0..1, of the finger at places in pixels at 500 ppi from the middle."""
    turn = math.radians(press.rotation)
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    x, y = x - np.float32(press.dx), y - np.float32(press.dy)
    along, down = x * cos - y * sin, x * sin + y * cos
    height, width = x.shape
    pull = np.float32(press.distortion)
    map_x = along + np.float32(skin.core[0] + press.lean)
    map_y = down + np.float32(skin.core[1] + _TIP_DOWN)
    map_x += pull * cloud(rng, height, width, 130)
    map_y += pull * cloud(rng, height, width, 130)
    relief = cv2.remap(skin.relief, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    firm = touch(rng, along, down, press, skin.size)
    return ink(rng, np.asarray(relief, np.uint8), firm, press)


def bare_platen(seed: int, *, width: int = 300, height: int = 400, noise: float = 3.0) -> Pixels:
    """Return the platen with no finger on it (height, width)."""
    rng = np.random.default_rng((SPECIES, seed))
    return _on_sensor(rng, np.full((height, width), PAPER, np.float32), noise, 0.0)


def _left_behind(
    rng: np.random.Generator, identity: FingerIdentity, press: Press, x: Floats, y: Floats
) -> tuple[Floats, Floats]:
    """Return the faint print that the finger before left: a neighbour's, moist, broken and elsewhere."""
    last = Press(
        pressure=0.45,
        dryness=0.75,
        dx=float(rng.uniform(-45, 45)),
        dy=float(rng.uniform(-40, 40)),
        rotation=float(rng.uniform(-25, 25)),
    )
    before = FingerIdentity(identity.body + 1, identity.position)
    dark, moist = pressed(rng, master(before), last, x, y)
    return dark * np.float32(0.55 * press.residue), moist


def _core_in_picture(
    middle: tuple[float, float], press: Press, scale: float
) -> tuple[float, float]:
    turn = math.radians(press.rotation)
    right, down = -press.lean, -_TIP_DOWN
    x = right * math.cos(turn) + down * math.sin(turn)
    y = -right * math.sin(turn) + down * math.cos(turn)
    return middle[0] + x * scale, middle[1] + y * scale


def _platen(width: int, height: int, ppi: float) -> tuple[Floats, Floats]:
    """Return x and y of every pixel from the middle of the platen, in pixels at 500 ppi."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    scale = np.float32(500 / ppi)
    return (x - np.float32((width - 1) / 2)) * scale, (y - np.float32((height - 1) / 2)) * scale


def _on_sensor(rng: np.random.Generator, grey: Floats, noise: float, shade: float) -> Pixels:
    height, width = grey.shape
    grey = grey + np.float32(noise) * grain(rng, height, width)
    if shade > 0:
        x, y = _platen(width, height, 500)
        grey -= np.float32(shade) * ((x / width) ** 2 + (y / height) ** 2) * 2
    levels: Pixels = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return levels
