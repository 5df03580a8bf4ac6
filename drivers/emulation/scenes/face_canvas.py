"""Soft drawing on a premultiplied float canvas: filled curves, glows, tapered strokes, relief light."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Colour = tuple[float, float, float]  # B, G, R in 0..255
Point = tuple[float, float]

_SHIFT = 4  # sub-pixel bits of OpenCV's polygon coordinates


def vector(values: Sequence[float]) -> Floats:
    """Return the numbers as a float32 row."""
    return np.asarray(values, np.float32)


def curve(points: Sequence[Point], *, closed: bool = True, steps: int = 14) -> Floats:
    """Return a Catmull-Rom curve through the points as an (n, 2) polyline."""
    knots = np.asarray(points, np.float32)
    if closed:
        knots = np.vstack([knots[-1], knots, knots[0], knots[1]])
    else:
        knots = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    p0, p1, p2, p3 = (knots[i : len(knots) - 3 + i, None, :] for i in range(4))
    t = np.linspace(0, 1, steps, endpoint=False, dtype=np.float32)[None, :, None]
    line = 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )
    line = line.reshape(-1, 2)
    return np.asarray(line if closed else np.vstack([line, knots[-2]]), np.float32)


def mirrored(right: Sequence[Point]) -> list[Point]:
    """Return a closed outline from its right half, given from the top to the bottom of the axis."""
    return list(right) + [(-x, y) for x, y in reversed(right) if x != 0]


@dataclass(frozen=True, slots=True)
class Cover:
    """Coverage of a part of the canvas: values (usually 0..1) in a window, nothing outside it."""

    values: Floats
    top: int
    left: int

    def __mul__(self, other: "Cover | float") -> "Cover":
        """Multiply by a number, or by another coverage where both have their windows."""
        if not isinstance(other, Cover):
            return Cover(self.values * np.float32(other), self.top, self.left)
        top, left = max(self.top, other.top), max(self.left, other.left)
        bottom = min(self.top + self.values.shape[0], other.top + other.values.shape[0])
        right = min(self.left + self.values.shape[1], other.left + other.values.shape[1])
        if bottom <= top or right <= left:
            return Cover(np.zeros((0, 0), np.float32), top, left)
        mine = self.values[top - self.top : bottom - self.top, left - self.left : right - self.left]
        its = other.values[
            top - other.top : bottom - other.top, left - other.left : right - other.left
        ]
        return Cover(mine * its, top, left)

    def window(self, of: Floats) -> Floats:
        """Return the part of a canvas array under this window."""
        height, width = self.values.shape
        return of[self.top : self.top + height, self.left : self.left + width]


class Canvas:
    """A picture under construction. Coordinates are relative to ``origin``, y down."""

    def __init__(self, width: int, height: int, origin: Point) -> None:
        self.origin = origin
        self.colour: Floats = np.zeros((height, width, 3), np.float32)  # premultiplied
        self.alpha: Floats = np.zeros((height, width), np.float32)

    def grid(self, cover: Cover) -> tuple[Floats, Floats]:
        """Coordinates of a window, relative to the origin: a row of x and a column of y."""
        height, width = cover.values.shape
        x = np.arange(width, dtype=np.float32)[None, :] + np.float32(cover.left - self.origin[0])
        y = np.arange(height, dtype=np.float32)[:, None] + np.float32(cover.top - self.origin[1])
        return x, y

    def mask(self, outline: Floats, soft: float = 0.0) -> Cover:
        """Return the coverage of a filled outline, its edge blurred by ``soft`` pixels."""
        return self._filled([outline], soft)

    def strokes(self, lines: Sequence[Floats], width: float, soft: float = 0.0) -> Cover:
        """Return the coverage of open lines that taper to both ends."""
        return self._filled([_ribbon(line, width) for line in lines], soft)

    def glow(self, centre: Point, spread: Point, angle: float = 0.0) -> Cover:
        """Return a Gaussian hill of height 1; ``spread`` are its deviations, ``angle`` in degrees."""
        turn = np.float32(np.deg2rad(angle))
        cos, sin = np.cos(turn), np.sin(turn)
        reach_x = 3.3 * float(np.hypot(spread[0] * cos, spread[1] * sin))
        reach_y = 3.3 * float(np.hypot(spread[0] * sin, spread[1] * cos))
        empty = self._window(
            centre[0] - reach_x, centre[1] - reach_y, centre[0] + reach_x, centre[1] + reach_y
        )
        x, y = self.grid(empty)
        dx, dy = x - np.float32(centre[0]), y - np.float32(centre[1])
        along, across = dx * cos + dy * sin, dy * cos - dx * sin
        power = (along / np.float32(spread[0])) ** 2 + (across / np.float32(spread[1])) ** 2
        return Cover(np.exp(np.float32(-0.5) * power), empty.top, empty.left)

    def paint(self, cover: Cover, colour: Colour, opacity: float = 1.0) -> None:
        """Lay a colour over everything, also outside what is painted so far."""
        part = cover.values * np.float32(opacity)
        under, alpha = cover.window(self.colour), cover.window(self.alpha)
        under += part[..., None] * (vector(colour) - under)
        alpha += part * (1 - alpha)

    def tint(self, cover: Cover, colour: Colour, opacity: float = 1.0) -> None:
        """Lay a colour over what is painted, leaving the outline of the whole as it is."""
        part = (cover.values * np.float32(opacity))[..., None]
        under, alpha = cover.window(self.colour), cover.window(self.alpha)
        under += part * (alpha[..., None] * vector(colour) - under)

    def light(self, cover: Cover, gain: float = 1.0) -> None:
        """Brighten (towards white) or, where cover times gain is negative, darken."""
        change = (cover.values * np.float32(gain))[..., None]
        under, alpha = cover.window(self.colour), cover.window(self.alpha)
        lit = under * (1 + np.minimum(change, 0))
        under[:] = lit + (255 * alpha[..., None] - lit) * np.clip(change, 0, 1)

    def shadow(self, cover: Cover, strength: float) -> None:
        """Darken by a warm shadow: blue falls faster than red, as on skin and cloth."""
        part = (cover.values * np.float32(strength))[..., None]
        under = cover.window(self.colour)
        under *= 1 - part * vector((1.0, 0.93, 0.82))

    def sprite(self) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return (premultiplied BGR, alpha) as uint8."""
        return (
            np.clip(self.colour + 0.5, 0, 255).astype(np.uint8),
            np.clip(self.alpha * 255 + 0.5, 0, 255).astype(np.uint8),
        )

    def _window(self, x0: float, y0: float, x1: float, y1: float) -> Cover:
        height, width = self.alpha.shape
        left, top = (int(np.floor(v + o)) for v, o in zip((x0, y0), self.origin, strict=True))
        right, bottom = (
            int(np.ceil(v + o)) + 1 for v, o in zip((x1, y1), self.origin, strict=True)
        )
        left, top = min(max(left, 0), width), min(max(top, 0), height)
        right, bottom = max(min(right, width), left), max(min(bottom, height), top)
        return Cover(np.zeros((bottom - top, right - left), np.float32), top, left)

    def _filled(self, outlines: Sequence[Floats], soft: float) -> Cover:
        low = np.min([o.min(axis=0) for o in outlines], axis=0) - 3 * soft - 2
        high = np.max([o.max(axis=0) for o in outlines], axis=0) + 3 * soft + 2
        empty = self._window(*(float(v) for v in (*low, *high)))
        if empty.values.size == 0:
            return empty
        cover = np.zeros(empty.values.shape, np.uint8)
        shift = vector((self.origin[0] - empty.left, self.origin[1] - empty.top))
        for outline in outlines:
            fixed = np.round((outline + shift) * (1 << _SHIFT)).astype(np.int32)
            cv2.fillPoly(cover, [fixed], (255,), cv2.LINE_AA, _SHIFT)
        values = cover.astype(np.float32) / np.float32(255)
        if soft:
            values = np.asarray(cv2.GaussianBlur(values, (0, 0), soft), np.float32)
        return Cover(values, empty.top, empty.left)


def relief(height: Floats, towards: tuple[float, float, float], ambient: float) -> Floats:
    """Return Lambert light on a height field (pixels), 1 where the surface faces the camera."""
    smooth = cv2.GaussianBlur(height, (0, 0), 2.0)
    gx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    gy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    lx, ly, lz = (np.float32(v) for v in np.asarray(towards) / np.linalg.norm(towards))
    facing = (lz - gx * lx - gy * ly) / np.sqrt(1 + gx * gx + gy * gy)
    return np.asarray(ambient + (1 - ambient) * np.maximum(facing, 0) / lz, np.float32)


def _ribbon(line: Floats, width: float) -> Floats:
    run = np.gradient(line, axis=0)
    normal = np.stack([-run[:, 1], run[:, 0]], 1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-6
    taper = np.sin(np.linspace(0, np.pi, len(line)))[:, None] ** 0.6 * width / 2
    return np.asarray(np.vstack([line + normal * taper, (line - normal * taper)[::-1]]), np.float32)
