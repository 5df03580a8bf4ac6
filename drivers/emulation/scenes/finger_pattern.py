"""Ridge flow of a synthetic finger: which way the ridges run at every place of the fingertip, and how far apart.

Loops and whorls use the zero-pole model (Sherlock and Monro, 1993): half the angle to every core minus
half the angle to every delta, each angle bent as Vizcaya and Gerhardt (1996) found it bent in real
fingers. All ridges are drawn around the tip; arches are that and a bump. Angles are ridge tangents in
radians, measured with y up, on a grid of every second pixel at 500 ppi.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes.finger_noise import Floats, cloud
from station.devices import FingerPosition

WIDTH, HEIGHT = 600, 660  # 30 x 34 mm at 500 ppi: from nail to nail, from the tip to the joint
STEP: Final = 2  # pixels between two places of the grid
_CORE_ROW: Final = 290.0  # the tip is nearer to the core than the joint is
_TIP_WIDTH, _TIP_HEIGHT = 150.0, 195.0  # half axes of the fingertip's outline in pixels

_Points = list[tuple[float, float]]


class RidgeClass(StrEnum):
    """Class of a finger; a left loop opens to the lower left of the print."""

    ARCH = "arch"
    TENTED_ARCH = "tented arch"
    LEFT_LOOP = "left loop"
    RIGHT_LOOP = "right loop"
    WHORL = "whorl"
    DOUBLE_LOOP = "double loop"


@dataclass(frozen=True, slots=True)
class Flow:
    """Tangent angle and ridge period in pixels, per place of the grid (h, w); singular points in pixels of the skin."""

    kind: RidgeClass
    angle: Floats
    period: Floats
    core: tuple[float, float]
    deltas: tuple[tuple[float, float], ...]


# Shares of ulnar loop, radial loop, whorl, double loop, arch, tented arch per finger, thumb to little, of both
# hands: whorls gather on thumb and ring, double loops on the thumb, radial loops and arches on the index,
# loops on the little. Their mean is the textbook's 60-65 % loops, 30-35 % whorls, 5 % arches.
_SHARES: Final[Mapping[int, tuple[float, ...]]] = MappingProxyType(
    {
        1: (0.53, 0.01, 0.33, 0.09, 0.03, 0.01),
        2: (0.35, 0.18, 0.29, 0.06, 0.07, 0.05),
        3: (0.70, 0.03, 0.17, 0.03, 0.05, 0.02),
        4: (0.53, 0.02, 0.40, 0.03, 0.015, 0.005),
        5: (0.83, 0.01, 0.12, 0.02, 0.015, 0.005),
    }
)


def draw_class(position: FingerPosition, rng: np.random.Generator) -> RidgeClass:
    """Draw a ridge class with the frequencies usual for that finger."""
    loops = (RidgeClass.RIGHT_LOOP, RidgeClass.LEFT_LOOP)
    ulnar, radial = loops if position.value <= 5 else loops[::-1]
    classes = (
        *(ulnar, radial),
        *(RidgeClass.WHORL, RidgeClass.DOUBLE_LOOP),
        *(RidgeClass.ARCH, RidgeClass.TENTED_ARCH),
    )
    return classes[int(rng.choice(6, p=_SHARES[(position.value - 1) % 5 + 1]))]


def draw_flow(kind: RidgeClass, period: float, rng: np.random.Generator) -> Flow:
    """Draw one individual ridge flow of that class, ``period`` pixels from ridge to ridge on average."""
    rows, columns = HEIGHT // STEP, WIDTH // STEP
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) * np.float32(STEP)
    middle = WIDTH / 2 + float(rng.uniform(-14, 14))
    level = _CORE_ROW + float(rng.uniform(-16, 16))
    x, y = x - np.float32(middle), np.float32(level) - y  # up is positive, zero near the core
    cores, deltas = _DRAW[kind](rng)
    angle = _zero_pole(x, y, cores, deltas, rng) + _around_tip(x, y, rng, kind)
    angle += np.float32(0.07) * cloud(rng, rows, columns, 110 / STEP)
    core = cores[0] if cores else (0.0, 0.0)
    return Flow(
        kind,
        angle.astype(np.float32),
        period * _spacing(y, rng),
        (middle + core[0], level - core[1]),
        tuple((middle + dx, level - dy) for dx, dy in deltas),
    )


def _no_points(_rng: np.random.Generator) -> tuple[_Points, _Points]:
    return [], []


def _tented(rng: np.random.Generator) -> tuple[_Points, _Points]:
    tall, aside = rng.uniform(45, 90), rng.uniform(-12, 12)
    return [(0.0, 0.0)], [(aside, -tall)]


def _loop(side: float, rng: np.random.Generator) -> tuple[_Points, _Points]:
    cores = [(rng.uniform(-12, 12), rng.uniform(-14, 14))]
    return cores, [(side * rng.uniform(50, 140), -rng.uniform(70, 155))]


def _whorl(rng: np.random.Generator) -> tuple[_Points, _Points]:
    apart, lean = rng.uniform(12, 70), rng.uniform(-16, 16)
    cores = [(lean / 2, apart / 2), (-lean / 2, -apart / 2)]
    return cores, _pair_of_deltas(rng)


def _double_loop(rng: np.random.Generator) -> tuple[_Points, _Points]:
    apart, lean = rng.uniform(30, 70), rng.choice([-1, 1]) * rng.uniform(35, 75)
    cores = [(lean / 2, apart / 2), (-lean / 2, -apart / 2)]
    return cores, _pair_of_deltas(rng)


def _pair_of_deltas(rng: np.random.Generator) -> _Points:
    left, right = rng.uniform(75, 155, 2)
    down_left, down_right = rng.uniform(75, 165, 2)
    return [(-left, -down_left), (right, -down_right)]


# A left loop opens to the lower left; its delta stands on the lower right.
_DRAW: Final = MappingProxyType(
    {
        RidgeClass.ARCH: _no_points,
        RidgeClass.TENTED_ARCH: _tented,
        RidgeClass.LEFT_LOOP: lambda rng: _loop(1.0, rng),
        RidgeClass.RIGHT_LOOP: lambda rng: _loop(-1.0, rng),
        RidgeClass.WHORL: _whorl,
        RidgeClass.DOUBLE_LOOP: _double_loop,
    }
)


def _zero_pole(
    x: Floats, y: Floats, cores: _Points, deltas: _Points, rng: np.random.Generator
) -> NDArray[np.float32]:
    angle = np.zeros_like(x)
    for sign, points in ((0.5, cores), (-0.5, deltas)):
        for px, py in points:
            turn = np.arctan2(y - np.float32(py), x - np.float32(px))
            angle += np.float32(sign) * _bent(turn, rng)
    return angle


def _bent(turn: Floats, rng: np.random.Generator) -> Floats:
    once, twice = rng.uniform(-0.22, 0.22), rng.uniform(-0.10, 0.10)
    phases = rng.uniform(0, 2 * math.pi, 2).astype(np.float32)
    bend = np.float32(once) * np.sin(turn + phases[0])
    bend += np.float32(twice) * np.sin(2 * turn + phases[1])
    return np.asarray(turn + bend, np.float32)


def _around_tip(x: Floats, y: Floats, rng: np.random.Generator, kind: RidgeClass) -> Floats:
    """Bend the ridges above the core around the tip; below the deltas they run straight across."""
    arch = kind in {RidgeClass.ARCH, RidgeClass.TENTED_ARCH}
    strength = float(rng.uniform(0.62, 0.82) if arch else rng.uniform(0.5, 0.75))
    below = float(rng.uniform(70, 130))  # how far under the core the outline's middle lies
    start, soft = float(rng.uniform(-90, -40)), float(rng.uniform(35, 55))
    up = np.maximum(y, -below * 0.6) + below
    outline = np.arctan2(x / _TIP_WIDTH**2, up / _TIP_HEIGHT**2)
    above = 1 / (1 + np.exp(-(y - start) / soft))
    bend = -strength * above * outline
    if kind is RidgeClass.ARCH:
        bend += _bump(x, y, rng)
    return np.asarray(bend, np.float32)


def _bump(x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    width, tall = float(rng.uniform(60, 110)), float(rng.uniform(0.25, 1.1))
    centre, aside = float(rng.uniform(-80, -10)), float(rng.uniform(-25, 25))
    away = (x - aside) / width
    slope = -tall * np.exp(-(((y - centre) / 95) ** 2)) * away * np.exp(0.5 - 0.5 * away**2)
    return np.asarray(np.arctan(slope), np.float32)


def _spacing(y: Floats, rng: np.random.Generator) -> Floats:
    """Return the ridge period against its mean: wider towards the joint, uneven over the finger."""
    wider = float(rng.uniform(0.04, 0.14)) / (1 + np.exp((y + 120) / 40))
    uneven = np.float32(0.055) * cloud(rng, y.shape[0], y.shape[1], 80 / STEP)
    return np.asarray(np.clip(0.97 + wider + uneven, 0.82, 1.28), np.float32)
