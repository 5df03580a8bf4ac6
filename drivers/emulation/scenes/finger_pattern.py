"""Ridge flow of a synthetic finger: which way the ridges run at every place of the fingertip.

Loops and whorls use the zero-pole model (Sherlock and Monro, 1993): half the angle to every core minus
half the angle to every delta. Arches use a bump that flattens towards the joint. Angles are ridge
tangents in radians, measured with y up, in a picture of the whole fingertip at 500 ppi.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from station.devices import FingerPosition

WIDTH, HEIGHT = 440, 560  # 22 x 28 mm at 500 ppi: more skin than any emulated sensor sees at once

Floats = NDArray[np.float32]


class RidgeClass(StrEnum):
    """Henry class of a finger."""

    ARCH = "arch"
    LEFT_LOOP = "left loop"
    RIGHT_LOOP = "right loop"
    WHORL = "whorl"


@dataclass(frozen=True, slots=True)
class Flow:
    """Ridge class, tangent angle per pixel (h, w) and the place of the main core in pixels."""

    kind: RidgeClass
    angle: Floats
    core: tuple[float, float]


# Shares of ulnar loop, radial loop, whorl, arch per finger, thumb to little, of both hands: the well-known
# pattern that whorls gather on thumb and ring, radial loops and arches on the index, loops on the little.
_SHARES = {
    1: (0.52, 0.02, 0.42, 0.04),
    2: (0.36, 0.18, 0.34, 0.12),
    3: (0.70, 0.03, 0.19, 0.08),
    4: (0.52, 0.02, 0.43, 0.03),
    5: (0.82, 0.01, 0.15, 0.02),
}


def draw_class(position: FingerPosition, rng: np.random.Generator) -> RidgeClass:
    """Draw a ridge class with the frequencies usual for that finger."""
    right_hand = position.value <= 5
    ulnar = RidgeClass.RIGHT_LOOP if right_hand else RidgeClass.LEFT_LOOP
    radial = RidgeClass.LEFT_LOOP if right_hand else RidgeClass.RIGHT_LOOP
    classes = (ulnar, radial, RidgeClass.WHORL, RidgeClass.ARCH)
    shares = _SHARES[(position.value - 1) % 5 + 1]
    return classes[int(rng.choice(4, p=shares))]


def draw_flow(kind: RidgeClass, rng: np.random.Generator) -> Flow:
    """Draw one individual ridge flow of that class."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    x -= WIDTH / 2 + float(rng.uniform(-12, 12))
    y = HEIGHT * 0.47 + float(rng.uniform(-12, 12)) - y  # up is positive, zero near the core
    if kind is RidgeClass.ARCH:
        angle = _arch(x, y, rng)
        core = (0.0, 0.0)
    else:
        cores, deltas = _singular_points(kind, rng)
        angle = _zero_pole(x, y, cores, deltas)
        core = cores[0]
    angle = angle + _fingertip(x, y, rng) + _waves(x, y, rng)
    column = int(np.argmin(np.abs(x[0] - core[0])))
    row = int(np.argmin(np.abs(y[:, 0] - core[1])))
    return Flow(kind, angle.astype(np.float32), (float(column), float(row)))


_Points = list[tuple[float, float]]


def _singular_points(kind: RidgeClass, rng: np.random.Generator) -> tuple[_Points, _Points]:
    if kind is RidgeClass.WHORL:
        apart = rng.uniform(18, 75)
        lean = rng.uniform(-14, 14)
        cores = [(lean / 2, apart / 2), (-lean / 2, -apart / 2)]
        deltas = [
            (-rng.uniform(105, 165), -rng.uniform(95, 160)),
            (rng.uniform(105, 165), -rng.uniform(95, 160)),
        ]
        return cores, deltas
    side = 1.0 if kind is RidgeClass.LEFT_LOOP else -1.0
    # A left loop opens to the lower left; its delta stands on the lower right.
    cores = [(rng.uniform(-10, 10), rng.uniform(-10, 25))]
    deltas = [(side * rng.uniform(70, 140), -rng.uniform(90, 165))]
    return cores, deltas


def _zero_pole(x: Floats, y: Floats, cores: _Points, deltas: _Points) -> Floats:
    angle = np.zeros_like(x)
    for px, py in cores:
        angle += 0.5 * np.arctan2(y - py, x - px)
    for px, py in deltas:
        angle -= 0.5 * np.arctan2(y - py, x - px)
    return angle


def _arch(x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    width = float(rng.uniform(75, 105))
    tall = float(rng.uniform(0.8, 1.9))
    centre = float(rng.uniform(-60, 0))
    bump = tall * np.exp(-(((y - centre) / 130) ** 2))
    slope = -bump * (x / width) * np.exp(0.5 - 0.5 * (x / width) ** 2)
    return np.asarray(np.arctan(slope), dtype=np.float32)


def _fingertip(x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    """Bend the ridges above the core around the tip of the finger."""
    strength = float(rng.uniform(0.5, 0.8))
    above = 1 / (1 + np.exp(-(y - 40) / 35))
    return (-strength * above * np.tanh(x / 110)).astype(np.float32)


def _waves(x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    """Add the slow irregularity that no two fingers share."""
    total = np.zeros_like(x)
    for _ in range(6):
        kx, ky = rng.uniform(-1, 1, 2) / 48
        total += np.float32(rng.uniform(0.03, 0.10)) * np.sin(kx * x + ky * y + rng.uniform(0, 6.3))
    return total
