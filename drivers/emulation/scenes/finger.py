"""Synthetic fingers: an identity is a body and a finger; every impression of it differs as real ones do.

Same arguments, same pixels. The prints come from seeded mathematics alone; no person's finger is in them.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes.finger_growth import grow
from drivers.emulation.scenes.finger_pattern import (
    Floats,
    RidgeClass,
    draw_class,
    draw_flow,
)
from drivers.emulation.scenes.finger_skin import cloud, pull
from station.devices import FingerPosition, Pixels

_SPECIES = 0x52454B41  # keeps these draws apart from other scenes that use the same body number
PAPER = 228  # grey of the bare platen


@dataclass(frozen=True, slots=True)
class FingerIdentity:
    """One finger of one synthetic body."""

    body: int
    position: FingerPosition


@dataclass(frozen=True, slots=True)
class Master:
    """The whole skin of one finger: ridge signal -1..1 (ridges negative) at 500 ppi."""

    kind: RidgeClass
    signal: Floats
    core: tuple[float, float]


@lru_cache(maxsize=64)
def master(identity: FingerIdentity) -> Master:
    """Grow the finger's ridges; about a third of a second the first time, then remembered."""
    rng = _rng(identity, 0)
    flow = draw_flow(draw_class(identity.position, rng), rng)
    period = float(rng.uniform(8.0, 10.0)) * (1.05 if identity.position.value in {1, 6} else 1.0)
    signal, core = pull(grow(flow.angle, period, rng), flow.core, rng)
    signal.setflags(write=False)
    return Master(flow.kind, signal, core)


def impression(
    identity: FingerIdentity,
    seed: int,
    *,
    width: int = 300,
    height: int = 400,
    ppi: int = 500,
    pressure: float | None = None,
    dryness: float | None = None,
    dx: float | None = None,
    dy: float | None = None,
    rotation: float | None = None,
    contact: float = 1.0,
    noise: float = 5.0,
    blur: float = 0.0,
) -> Pixels:
    """Press the finger on a platen and return the picture (height, width), ridges dark on light.

    What is None is drawn from ``seed`` within the range of an ordinary careful capture.

    Args:
        identity: whose finger.
        seed: which impression of it.
        width: picture width in pixels.
        height: picture height in pixels.
        ppi: resolution of the picture.
        pressure: 0 (barely touching: small and faint) to 1 (crushed: ridges run together); 0.5 is right.
        dryness: 0 (wet: valleys filled) to 1 (dry: broken ridges); 0.4 is right.
        dx: shift of the core from the middle, pixels at 500 ppi, right positive.
        dy: the same, downwards.
        rotation: degrees, counter-clockwise.
        contact: part of the normal touching area, 0..1.
        noise: standard deviation of the sensor noise in grey levels.
        blur: Gaussian blur of the finished picture in pixels.
    """
    rng = _rng(identity, seed + 1)
    pressure = float(rng.uniform(0.42, 0.6)) if pressure is None else pressure
    dryness = float(rng.uniform(0.3, 0.5)) if dryness is None else dryness
    turn = math.radians(float(rng.uniform(-12, 12)) if rotation is None else rotation)
    shift = rng.uniform(-16, 16, 2)
    shift[0] = shift[0] if dx is None else dx
    shift[1] = shift[1] if dy is None else dy
    skin = master(identity)

    x, y = _platen(width, height, ppi)
    x, y = x - np.float32(shift[0]), y - np.float32(shift[1])
    cos, sin = math.cos(turn), math.sin(turn)
    along, down = x * cos - y * sin, x * sin + y * cos
    bend = _distortion(rng, width, height)
    # The fingertip, not the core, is what lands in the middle: the core lies a little above it.
    map_x = (along + bend[0] + skin.core[0]).astype(np.float32)
    map_y = (down + bend[1] + skin.core[1] + 12).astype(np.float32)
    ridges = _floats(cv2.remap(skin.signal, map_x, map_y, cv2.INTER_LINEAR, borderValue=1.0))
    touch = _touch(rng, along, down, pressure, contact)
    picture = _ink(rng, ridges, touch, pressure, dryness)
    if blur > 0:
        picture = _floats(cv2.GaussianBlur(picture, (0, 0), blur))
    return _grey(picture + noise * _white(rng, height, width))


def bare_platen(seed: int, *, width: int = 300, height: int = 400, noise: float = 3.0) -> Pixels:
    """Return the platen with no finger on it (height, width)."""
    rng = np.random.default_rng((_SPECIES, seed))
    return _grey(PAPER + noise * _white(rng, height, width))


def _rng(identity: FingerIdentity, draw: int) -> np.random.Generator:
    return np.random.default_rng((_SPECIES, identity.body, identity.position.value, draw))


def _floats(array: object) -> Floats:
    return np.asarray(array, dtype=np.float32)


def _grey(picture: Floats) -> Pixels:
    levels: Pixels = np.clip(np.rint(picture), 0, 255).astype(np.uint8)
    return levels


def _white(rng: np.random.Generator, height: int, width: int) -> Floats:
    return rng.standard_normal((height, width), dtype=np.float32)


def _platen(width: int, height: int, ppi: int) -> tuple[Floats, Floats]:
    """Return x and y of every pixel from the middle of the platen, in pixels at 500 ppi."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    scale = np.float32(500 / ppi)
    return (x - (width - 1) / 2) * scale, (y - (height - 1) / 2) * scale


def _distortion(rng: np.random.Generator, width: int, height: int) -> NDArray[np.float32]:
    """Return the stretch of soft skin (2, h, w): up to a few pixels, slow over the picture."""
    return np.stack([2.2 * cloud(rng, height, width, 130), 2.2 * cloud(rng, height, width, 130)])


def _touch(
    rng: np.random.Generator, along: Floats, down: Floats, pressure: float, contact: float
) -> Floats:
    """Return how firmly each place touches: positive inside the contact ellipse, negative outside."""
    grown = math.sqrt(max(contact, 0.0)) * (0.72 + 0.5 * min(max(pressure, 0.0), 1.0))
    if grown < 0.05:
        return np.full_like(along, -5.0)
    half_width, half_height = 142 * grown, 196 * grown
    height, width = along.shape
    distance = np.hypot(along / half_width, (down - 6) / half_height)
    return _floats(5.0 * (1 - distance) + 0.15 * cloud(rng, height, width, 24))


def _ink(
    rng: np.random.Generator, ridges: Floats, touch: Floats, pressure: float, dryness: float
) -> Floats:
    """Return grey levels as a frustrated-reflection sensor shows the touching skin."""
    height, width = ridges.shape
    firm = 1.5 * (pressure - 0.5) + 1.1 * (0.4 - dryness)
    grit = 0.16 + 0.75 * max(0.0, dryness - 0.35)
    skin = -ridges + firm + 0.22 * cloud(rng, height, width, 60)
    skin += grit * cv2.GaussianBlur(_white(rng, height, width), (0, 0), 0.9) * 2.6
    skin += np.minimum(2.5 * touch, 0.0)
    depth = 168 * min(1.0, 0.3 + 1.4 * max(pressure, 0.0))
    shade = 1 / (1 + np.exp(np.clip(-4.5 * skin, -40, 40)))
    # Moist skin leaves a grey veil in the valleys that dry skin does not.
    veil = 30 * max(0.0, 0.6 - dryness) / (1 + np.exp(np.clip(-4 * touch, -40, 40)))
    picture = PAPER - veil - (depth - veil) * shade
    return _floats(cv2.GaussianBlur(_floats(picture), (0, 0), 0.7))
