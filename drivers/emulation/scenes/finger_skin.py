"""The whole skin of one synthetic finger: its ridges, and the pores, creases and scars on them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes.finger_growth import grow
from drivers.emulation.scenes.finger_noise import Floats
from drivers.emulation.scenes.finger_pattern import (
    HEIGHT,
    STEP,
    WIDTH,
    RidgeClass,
    draw_class,
    draw_flow,
)
from station.devices import FingerPosition

SPECIES: Final = (
    0x52454B41  # keeps these draws apart from other scenes that use the same body number
)
_BODY: Final = 0x424F4459
_PORE_EVERY: Final = 10.0  # pixels along a ridge at 500 ppi
_SCARRED, _CREASED = 0.06, 0.45  # shares of fingers

# Size and ridge period of each finger against the index, thumb to little.
_SIZE: Final = (1.08, 1.0, 1.03, 0.98, 0.88)
_PERIOD: Final = (1.06, 1.0, 1.01, 0.99, 0.95)


@dataclass(frozen=True, slots=True)
class FingerIdentity:
    """One finger of one synthetic body."""

    body: int
    position: FingerPosition


@dataclass(frozen=True, slots=True)
class Master:
    """The whole skin of one finger at 500 ppi.

    ``relief`` is (h, w, 2) uint8: height of the skin (128 is the flank of a ridge, above is ridge), and how
    deep pores, creases and scars cut into it (0 is not at all). ``core`` and ``deltas`` are the places of the
    singular points in its pixels, ``period`` the mean distance of its ridges, ``size`` how large it is
    against an average index finger.
    """

    kind: RidgeClass
    relief: NDArray[np.uint8] = field(repr=False)
    core: tuple[float, float]
    deltas: tuple[tuple[float, float], ...]
    period: float
    size: float

    @property
    def signal(self) -> Floats:
        """The ridges as a wave -1..1 (h, w), negative on ridges."""
        return (np.float32(128) - self.relief[..., 0]) / np.float32(127)


def drawing(identity: FingerIdentity, draw: int) -> np.random.Generator:
    """Return the random numbers of one draw for that finger: 0 is its skin, 1 + n its nth impression."""
    return np.random.default_rng((SPECIES, identity.body, identity.position.value, draw))


@lru_cache(maxsize=128)
def master(identity: FingerIdentity) -> Master:
    """Grow the finger's skin; about a sixth of a second the first time, then remembered."""
    rng = drawing(identity, 0)
    body = np.random.default_rng((SPECIES, _BODY, identity.body))
    finger = (identity.position.value - 1) % 5
    size = _SIZE[finger] * float(np.clip(body.normal(1.0, 0.035), 0.93, 1.07))
    period = _PERIOD[finger] * float(np.clip(body.normal(9.0, 0.45), 8.1, 10.0))
    period *= float(rng.uniform(0.96, 1.04))
    flow = draw_flow(draw_class(identity.position, rng), period, rng)
    wave = grow(flow.angle, flow.period / np.float32(STEP), rng)
    large = cv2.resize(-wave, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    ridges = np.asarray(large, np.float32)
    cuts = np.maximum(_pores(ridges, rng), _furrows(rng))
    relief = np.stack([128 + 127 * np.clip(ridges, -1, 1), 255 * np.clip(cuts, 0, 1)], axis=-1)
    skin = np.rint(relief).astype(np.uint8)
    skin.setflags(write=False)
    return Master(flow.kind, skin, flow.core, flow.deltas, period, size)


def _pores(ridges: Floats, rng: np.random.Generator) -> Floats:
    """Return sweat pores: small pits along the middle of the ridges, some larger than others."""
    step = _PORE_EVERY * 0.8
    y, x = np.mgrid[4 : HEIGHT - 4 : step, 4 : WIDTH - 4 : step].reshape(2, -1)
    x = np.rint(x + rng.uniform(-3.6, 3.6, x.size)).astype(np.intp)
    y = np.rint(y + rng.uniform(-3.6, 3.6, y.size)).astype(np.intp)
    on_ridge = ridges[y, x] > 0.6
    pits = np.zeros((HEIGHT, WIDTH), np.float32)
    pits[y[on_ridge], x[on_ridge]] = rng.uniform(1.0, 5.5, int(on_ridge.sum()))
    return np.asarray(cv2.GaussianBlur(pits, (0, 0), 1.05), np.float32)


def _furrows(rng: np.random.Generator) -> Floats:
    """Return white creases, which many fingers have, and scars, which few have."""
    picture = np.zeros((HEIGHT, WIDTH), np.uint8)
    creases = int(rng.integers(1, 4)) if rng.uniform() < _CREASED else 0
    for _ in range(creases):
        line = _line(rng, length=rng.uniform(45, 150), turn=rng.uniform(-0.5, 0.5), bend=0.15)
        _stroke(picture, line, width=1.2, depth=float(rng.uniform(140, 220)))
    if rng.uniform() < _SCARRED:
        line = _line(rng, length=rng.uniform(80, 190), turn=rng.uniform(0, math.pi), bend=0.5)
        _stroke(picture, line, width=float(rng.uniform(2.5, 5.0)), depth=255)
    soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
    return np.asarray(soft, np.float32) / np.float32(255)


def _line(
    rng: np.random.Generator, *, length: float, turn: float, bend: float
) -> NDArray[np.float64]:
    """Return points (n, 2) of a slightly bent line somewhere on the touching part of the finger."""
    along = np.linspace(-0.5, 0.5, 24) * length
    sag = bend * float(rng.uniform(-1, 1)) * along**2 / length
    sag += rng.normal(0, 0.25, along.size).cumsum() * 0.5
    cos, sin = math.cos(turn), math.sin(turn)
    x = WIDTH / 2 + rng.uniform(-90, 90) + along * cos - sag * sin
    y = HEIGHT / 2 + rng.uniform(-120, 110) + along * sin + sag * cos
    return np.stack([x, y], axis=1)


def _stroke(
    picture: NDArray[np.uint8], line: NDArray[np.float64], *, width: float, depth: float
) -> None:
    """Draw the line, thin at both ends."""
    points: Sequence[tuple[int, int]] = [(round(16 * x), round(16 * y)) for x, y in line]
    for place, (start, end) in enumerate(pairwise(points)):
        taper = math.sin(math.pi * (place + 0.7) / len(points))
        thick = max(1, round(width * (0.5 + taper)))
        shade = min(255.0, depth * (0.55 + 0.45 * taper))
        cv2.line(picture, start, end, shade, thick, cv2.LINE_AA, 4)
