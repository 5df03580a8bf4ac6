"""Ridges of a synthetic finger, grown from noise by oriented filters as in SFinGe (Cappelli, 2002).

Random seeds are filtered again and again with Gabor kernels turned to the local ridge flow; ridges form,
and where they cannot fit they end or fork: those are the minutiae. Growth runs at half resolution and is
finished at full resolution, which keeps a new finger well under a second.
"""

import math

import cv2
import numpy as np

from drivers.emulation.scenes.finger_pattern import HEIGHT, WIDTH, Floats

_DIRECTIONS = 16
_ROUNDS = 8


def grow(angle: Floats, period: float, rng: np.random.Generator) -> Floats:
    """Return the ridge signal (h, w) in -1..1, negative on ridges, for tangent angles and a period in pixels."""
    size = (WIDTH // 2, HEIGHT // 2)
    small_angle = angle[::2, ::2]
    signal = rng.standard_normal((size[1], size[0])).astype(np.float32)
    bank = _bank(period / 2, spread=period * 0.42)
    for _ in range(_ROUNDS):
        signal = np.tanh(3.0 * _filtered(signal, small_angle, bank))
    large = cv2.resize(signal, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    large = _filtered(large.astype(np.float32), angle, _bank(period, spread=period * 0.45))
    return np.asarray(np.clip(large / (1.6 * float(np.std(large))), -1, 1), dtype=np.float32)


def _bank(period: float, spread: float) -> list[Floats]:
    """Return one zero-mean Gabor kernel per direction; unit gain for the wave it is tuned to."""
    reach = max(3, round(2.2 * spread))
    v, u = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
    kernels = []
    for step in range(_DIRECTIONS):
        turn = math.pi * step / _DIRECTIONS
        across = u * math.sin(turn) + v * math.cos(turn)  # y is down: tangent is (cos, -sin)
        envelope = np.exp(-(u**2 + v**2) / (2 * spread**2))
        wave = np.cos(2 * math.pi * across / period)
        kernel = envelope * (wave - np.sum(envelope * wave) / np.sum(envelope))
        kernels.append((kernel / np.sum(kernel * wave)).astype(np.float32))
    return kernels


def _filtered(signal: Floats, angle: Floats, bank: list[Floats]) -> Floats:
    index = np.rint(angle * (_DIRECTIONS / math.pi)).astype(np.int32) % _DIRECTIONS
    out = np.zeros_like(signal)
    for step, kernel in enumerate(bank):
        rows, columns = np.nonzero(index == step)
        if rows.size:
            response = cv2.filter2D(signal, -1, kernel, borderType=cv2.BORDER_REFLECT)
            out[rows, columns] = response[rows, columns]
    return out
