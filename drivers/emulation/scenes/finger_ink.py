"""How a glass shows the skin that touches it: contact, pressure, moisture, what was left on it, motion.

Modelled on frustrated total reflection: where skin or moisture touches the glass it is dark. Whether a
place touches is decided by the height of the skin there, how firmly it is pressed, and fine unevenness,
which breaks dry ridges and hardly matters to moist ones.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes.finger_noise import Floats, cloud, grain

PAPER = 228  # grey of the bare platen
_HALF_WIDTH, _HALF_HEIGHT = 142.0, 190.0  # of an average index finger's touch, pixels at 500 ppi
_ROLLED = 1.75  # a finger rolled from nail to nail touches this much wider
_DEPTH = 172.0  # grey levels between platen and firm contact


@dataclass(frozen=True, slots=True)
class Press:
    """How one finger is put down; what is left out of a call is drawn from the seed (``draw_press``).

    Attributes:
        pressure: 0 (barely touching: small and faint) to 1 (crushed: ridges run together); 0.5 is right.
        dryness: 0 (wet: valleys filled) to 1 (dry: broken ridges); 0.4 is right.
        dx: shift of the core from the middle of the picture, pixels at 500 ppi, right positive.
        dy: the same, downwards.
        rotation: degrees, counter-clockwise as seen in the picture.
        contact: part of the normal touching area, 0..1.
        lean: how far the finger is rolled to a side, in pixels of skin: positive shows its right side.
        rolled: whether it is rolled from nail to nail, so that far more of it is seen.
        distortion: pull of the soft skin in pixels (standard deviation), slow over the picture.
        residue: 0 (clean glass) to 1: how strongly the print of the last finger still stands there.
        smudge: motion during the capture in pixels.
    """

    pressure: float = 0.5
    dryness: float = 0.4
    dx: float = 0.0
    dy: float = 0.0
    rotation: float = 0.0
    contact: float = 1.0
    lean: float = 0.0
    rolled: bool = False
    distortion: float = 2.2
    residue: float = 0.0
    smudge: float = 0.0


def touch(
    rng: np.random.Generator, along: Floats, down: Floats, press: Press, size: float
) -> Floats:
    """Return how firmly each place touches (h, w): positive inside the contact, negative outside.

    ``along`` and ``down`` are the places of the picture in the finger's own upright frame, from its core.
    """
    grown = size * math.sqrt(max(press.contact, 0.0))
    grown *= 0.72 + 0.5 * min(max(press.pressure, 0.0), 1.0)
    if grown < 0.05:
        return np.full_like(along, -5.0)
    half_width = _HALF_WIDTH * grown * (_ROLLED if press.rolled else 1.0)
    x, y = np.abs(along / np.float32(half_width)), (down - 6) / np.float32(_HALF_HEIGHT * grown)
    # The tip is round, the other end nearly straight across: a finger is no ellipse.
    x, power = x * x, np.where(y > 0, np.float32(2.8), np.float32(2.1))
    if press.rolled:
        x *= x * x
    distance = np.sqrt(x + np.abs(y) ** power)
    height, width = along.shape
    ragged = 0.15 * cloud(rng, height, width, 26)
    return np.asarray(5.0 * (1 - distance) + ragged, np.float32)


def ink(
    rng: np.random.Generator, skin: NDArray[np.uint8], firm: Floats, press: Press
) -> tuple[Floats, Floats]:
    """Return how dark the touching skin makes the glass (h, w), 0..1, and how moist the glass is there.

    Args:
        rng: where the unevenness comes from.
        skin: height and cuts (h, w, 2) as ``Master.relief`` has them.
        firm: what ``touch`` gave.
        press: how the finger is put down.
    """
    height, width = firm.shape
    dry = press.dryness
    level = 1.9 * (press.pressure - 0.5) + 1.1 * (0.4 - dry)
    rough = 0.42 + 1.9 * max(0.0, dry - 0.35)
    z = skin[..., 0] * np.float32(1 / 127) + np.float32(level - 128 / 127)
    # Cuts are open until the skin is pressed flat or moisture fills them.
    cut = max(0.0, 1.5 - 1.4 * max(0.0, press.pressure - 0.5) - 1.2 * max(0.0, 0.4 - dry))
    z -= skin[..., 1] * np.float32(cut / 255)
    z += np.float32(0.26) * cloud(rng, height, width, 55)
    z += np.float32(0.5 * rough) * grain(rng, height, width, 1.0)
    z += np.float32(0.16 + 0.30 * max(0.0, dry - 0.45)) * grain(rng, height, width, 3.0)
    if dry < 0.3:  # moisture gathers in blots that fill whole valleys
        z += np.float32(1.0 * (0.3 - dry)) * np.maximum(cloud(rng, height, width, 34), 0)
    # Towards the rim the skin barely touches: ridges dissolve into dots before they end.
    rim = np.clip(np.float32(0.7) - firm, 0, 0.9)
    z += rim * (np.float32(0.55) * grain(rng, height, width, 1.6) - np.float32(0.3))
    z += np.minimum(np.float32(2.5) * firm, 0)
    depth = min(1.0, 0.2 + 1.75 * max(press.pressure, 0.0))
    moist = np.float32(0.17 * max(0.0, 0.6 - dry) / 0.6) * _step(firm, 4.0)
    return np.float32(depth) * _step(z, 5.5), moist


def picture(dark: Floats, moist: Floats) -> Floats:
    """Return grey levels of the glass: dark skin over a grey veil of moisture over the bare platen."""
    veil = np.float32(_DEPTH) * moist
    return np.asarray(np.float32(PAPER) - veil - (np.float32(_DEPTH) - veil) * dark, np.float32)


def smeared(dark: Floats, rng: np.random.Generator, length: float) -> Floats:
    """Return the darkness dragged over ``length`` pixels in a direction of its own."""
    reach = math.ceil(length / 2)
    if reach < 1:
        return dark
    turn = float(rng.uniform(0, 2 * math.pi))
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    tip = (reach + 0.5 * length * math.cos(turn), reach + 0.5 * length * math.sin(turn))
    tail = (2 * reach - tip[0], 2 * reach - tip[1])
    ends = [(round(16 * x), round(16 * y)) for x, y in (tip, tail)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_8, 4)
    return np.asarray(cv2.filter2D(dark, -1, kernel / kernel.sum()), np.float32)


def _step(value: Floats, sharp: float) -> Floats:
    """Return a soft step 0..1 of the value."""
    return np.asarray(0.5 + 0.5 * np.tanh(value * np.float32(sharp / 2)), np.float32)
