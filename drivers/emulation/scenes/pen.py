"""A seeded signature: the strokes of a person's invented hand, as points of a pen pad.

Letters are short lists of knots in a cursive alphabet; the hand leans, stretches and hurries over them,
ends in a flourish and dots its i's. Minimum-jerk speed and a pressure that follows the curvature make
the points look written rather than plotted. The same body and name give the same points.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes.face_canvas import curve
from station.devices import PenPoint

__all__ = ["signature"]

Knots = Sequence[tuple[float, float]]
Line = NDArray[np.float64]

_RATE_HZ = 100
# Knots per lower-case letter: x advances to the right, y up; 0 is the base line, 1 the x-height. The
# last knot leads into the next letter.
_LOWER: dict[str, Knots] = {
    "a": (
        (0.9, 0.85),
        (0.45, 1.0),
        (0.05, 0.5),
        (0.35, 0.02),
        (0.8, 0.55),
        (0.95, 0.95),
        (0.9, 0.2),
        (1.15, 0.05),
    ),
    "b": (
        (0.2, 0.6),
        (0.55, 2.0),
        (0.35, 2.1),
        (0.25, 0.3),
        (0.6, 0.0),
        (0.9, 0.5),
        (0.6, 0.85),
        (1.1, 0.8),
    ),
    "c": ((0.8, 0.8), (0.45, 1.0), (0.05, 0.5), (0.4, 0.0), (0.95, 0.2)),
    "d": (
        (0.85, 0.8),
        (0.4, 1.0),
        (0.05, 0.4),
        (0.4, 0.0),
        (0.85, 0.9),
        (1.0, 2.1),
        (0.9, 0.3),
        (1.2, 0.05),
    ),
    "e": ((0.1, 0.45), (0.6, 0.65), (0.5, 1.0), (0.1, 0.7), (0.25, 0.05), (0.85, 0.15)),
    "f": ((0.2, 0.5), (0.65, 1.9), (0.45, 2.1), (0.25, -0.8), (0.45, -0.9), (0.5, 0.2), (0.9, 0.3)),
    "g": (
        (0.85, 0.85),
        (0.4, 1.0),
        (0.05, 0.5),
        (0.4, 0.1),
        (0.85, 0.8),
        (0.75, -0.8),
        (0.35, -1.0),
        (0.4, -0.4),
        (1.1, 0.3),
    ),
    "h": (
        (0.15, 0.5),
        (0.55, 2.0),
        (0.35, 2.1),
        (0.2, 0.0),
        (0.5, 0.85),
        (0.8, 0.9),
        (0.8, 0.1),
        (1.1, 0.1),
    ),
    "i": ((0.2, 0.6), (0.35, 1.0), (0.3, 0.15), (0.6, 0.1)),
    "j": ((0.25, 0.6), (0.45, 1.0), (0.3, -0.8), (0.0, -0.9), (0.1, -0.4), (0.7, 0.3)),
    "k": (
        (0.15, 0.5),
        (0.5, 2.0),
        (0.3, 2.0),
        (0.2, 0.0),
        (0.35, 0.6),
        (0.75, 0.95),
        (0.4, 0.55),
        (0.8, 0.05),
        (1.1, 0.2),
    ),
    "l": ((0.15, 0.5), (0.5, 1.9), (0.3, 2.1), (0.25, 0.2), (0.65, 0.1)),
    "m": (
        (0.1, 0.7),
        (0.25, 0.95),
        (0.25, 0.0),
        (0.5, 0.9),
        (0.7, 0.8),
        (0.68, 0.0),
        (0.95, 0.9),
        (1.15, 0.75),
        (1.12, 0.1),
        (1.4, 0.15),
    ),
    "n": (
        (0.1, 0.7),
        (0.25, 0.95),
        (0.25, 0.0),
        (0.55, 0.9),
        (0.8, 0.75),
        (0.78, 0.1),
        (1.1, 0.12),
    ),
    "o": ((0.5, 1.0), (0.1, 0.6), (0.3, 0.02), (0.75, 0.4), (0.55, 0.98), (0.7, 0.8), (1.1, 0.85)),
    "p": (
        (0.15, 0.6),
        (0.35, 1.0),
        (0.15, -1.0),
        (0.35, 0.7),
        (0.7, 0.95),
        (0.8, 0.4),
        (0.4, 0.05),
        (1.0, 0.15),
    ),
    "q": (
        (0.8, 0.9),
        (0.4, 1.0),
        (0.05, 0.5),
        (0.4, 0.05),
        (0.8, 0.8),
        (0.75, -0.9),
        (0.95, -0.6),
        (1.1, 0.3),
    ),
    "r": ((0.1, 0.4), (0.3, 1.05), (0.4, 0.85), (0.7, 0.85), (0.6, 0.2), (0.9, 0.12)),
    "s": ((0.1, 0.2), (0.5, 1.0), (0.55, 0.5), (0.5, 0.05), (0.15, 0.1), (0.8, 0.15)),
    "t": ((0.2, 0.5), (0.5, 1.6), (0.35, 0.3), (0.5, 0.02), (0.8, 0.2)),
    "u": ((0.15, 0.9), (0.2, 0.2), (0.45, 0.02), (0.75, 0.9), (0.75, 0.15), (1.05, 0.1)),
    "v": ((0.1, 0.8), (0.3, 0.9), (0.45, 0.02), (0.8, 0.9), (1.05, 0.8)),
    "w": ((0.1, 0.9), (0.25, 0.05), (0.55, 0.8), (0.75, 0.05), (1.05, 0.9), (1.3, 0.8)),
    "x": ((0.1, 0.9), (0.45, 0.5), (0.8, 0.05), (0.45, 0.5), (0.85, 0.95), (1.05, 0.2)),
    "y": (
        (0.15, 0.9),
        (0.25, 0.3),
        (0.5, 0.15),
        (0.8, 0.9),
        (0.6, -0.7),
        (0.25, -1.0),
        (0.35, -0.4),
        (1.05, 0.3),
    ),
    "z": ((0.1, 0.9), (0.7, 0.95), (0.2, 0.1), (0.6, 0.0), (0.5, -0.7), (0.3, -0.5), (1.0, 0.3)),
}
_DOTTED = frozenset("ij")
_CROSSED = frozenset("t")


def signature(body: int, name: str) -> tuple[PenPoint, ...]:
    """Return the points of this person's signature: 100 Hz, two to four seconds, micrometres.

    Coordinates fit a pad of 95 x 45 mm, y down. Between strokes a few points have ``down`` False.
    """
    rng = np.random.default_rng([body, 0x5169])
    lines = _strokes(rng, name)
    everything = np.vstack(lines)
    low, high = everything.min(axis=0), everything.max(axis=0)
    wide_um = float(np.clip(7_500 * (high[0] - low[0]) / 3.0, 42_000, 68_000))
    scale = min(wide_um / (high[0] - low[0]), 30_000 / (high[1] - low[1]))
    placed = [(line - low) * scale + (9_000, 6_000) for line in lines]
    return _timed(rng, placed, seconds=float(rng.uniform(2.4, 3.4)))


def _strokes(rng: np.random.Generator, name: str) -> list[Line]:
    """Lay out the name: first word written, the later ones as initials, then a flourish."""
    words = [
        w for w in ("".join(c for c in part if c.isalpha()) for part in name.lower().split()) if w
    ]
    words = words or ["x"]
    slant, wide = rng.uniform(0.15, 0.5), rng.uniform(0.85, 1.2)
    hurry = rng.uniform(0.05, 0.14)  # the hand flattens towards the end of a word
    lines: list[Line] = []
    x = 0.0
    for number, word in enumerate(words[:3]):
        letters = word[: 7 if number == 0 else 3]
        knots: list[tuple[float, float]] = []
        marks: list[Line] = []
        for place, letter in enumerate(letters):
            shape = _LOWER.get(letter, _LOWER["n"])
            tall = (2.3 if place == 0 else 1.0 - hurry * place) * rng.uniform(0.92, 1.08)
            tall = max(tall, 0.42)
            room = wide * (1.5 if place == 0 else 1.0)
            start = x
            for kx, ky in shape:
                wobble = rng.normal(0, 0.035, 2)
                knots.append((start + room * kx + wobble[0], tall * ky + wobble[1]))
            x = start + room * (shape[-1][0] - 0.08)
            if place and letter in _DOTTED:
                at = np.array([start + 0.5 * room, tall * 1.0 + 0.7])
                marks.append(
                    np.stack([at, at + np.array((0.05, -0.03)), at + np.array((0.10, -0.09))])
                )
            if place and letter in _CROSSED:
                at = np.array([start, 1.25 * tall])
                marks.append(
                    np.stack([at, at + np.array((0.45, 0.08)), at + np.array((0.95, 0.10))])
                )
        lines += [curve(knots, closed=False, steps=12).astype(np.float64), *marks]
        x += 0.35
    lines.append(_flourish(rng, x))
    for line in lines:
        line[:, 0] += slant * line[:, 1]
        line[:, 1] *= -1
    return lines


def _flourish(rng: np.random.Generator, x: float) -> Line:
    deep = rng.uniform(0.5, 1.0)
    knots = [
        (x - 0.2, 0.3),
        (x + 0.3, -0.2),
        (0.55 * x, -0.75 - deep),
        (0.1 * x, -0.55 - deep * 0.8),
    ]
    knots += [(0.45 * x, -0.45 - deep * 0.5), (x + rng.uniform(0.4, 1.0), -0.3)]
    return curve(knots, closed=False, steps=12).astype(np.float64)


def _timed(rng: np.random.Generator, lines: list[Line], seconds: float) -> tuple[PenPoint, ...]:
    """Walk the lines at 100 Hz: slow in bends and at the ends, light where the hand is fast."""
    lengths = [float(np.hypot(*np.diff(line, axis=0).T).sum()) + 2_500 for line in lines]
    points: list[PenPoint] = []
    ticks = 0
    step_us = 1_000_000 // _RATE_HZ
    for number, (line, length) in enumerate(zip(lines, lengths, strict=True)):
        count = max(5, round(seconds * _RATE_HZ * length / sum(lengths)))
        if number:
            hop = np.linspace(lines[number - 1][-1], line[0], 9)[1:-1]
            for x, y in hop:
                points.append(PenPoint(ticks * step_us, round(x), round(y), 0.0, down=False))
                ticks += 1
        run = np.diff(line, axis=0)
        ahead = np.arctan2(run[:, 1], run[:, 0])
        bend = np.abs(np.diff(np.unwrap(ahead), prepend=ahead[0]))
        cost = np.hypot(run[:, 0], run[:, 1]) * (1 + 1.6 * np.minimum(bend * 3, 1.4))
        clock = np.concatenate([[0.0], np.cumsum(cost)])
        at = np.linspace(0, 1, count)
        at = 0.75 * at + 0.25 * (at * at * (3 - 2 * at))
        xs = np.interp(at * clock[-1], clock, line[:, 0])
        ys = np.interp(at * clock[-1], clock, line[:, 1])
        speed = np.hypot(np.gradient(xs), np.gradient(ys))
        press = 0.86 - 0.42 * speed / (speed.max() + 1) + rng.normal(0, 0.02, count)
        press *= np.minimum(
            1, 0.35 + 3.5 * np.minimum(np.linspace(0, 1, count), np.linspace(1, 0, count))
        )
        for x, y, force in zip(xs, ys, np.clip(press, 0.08, 1.0), strict=True):
            points.append(
                PenPoint(ticks * step_us, round(x), round(y), round(float(force), 3), down=True)
            )
            ticks += 1
    return tuple(points)
