"""A seeded near-infrared picture of one eye: textured iris, pupil, lids, lashes, glint, gaze.

The picture is 8-bit grey as an 850 nm camera with its lamp beside the lens sees it: the iris is mid
grey with structure (pigment is transparent there), sclera and skin are bright, the pupil is black, the
lamp leaves a glint in it. Nothing is derived from a photograph. Not mirrored: of the applicant's right
eye the inner corner is on the right of the picture.
"""

from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.emulation.scenes import eye_optics
from station.devices import Eye, Pixels

__all__ = ["ContactLens", "EyeIdentity", "EyePose", "EyeTruth", "render", "truth"]

Floats = NDArray[np.float32]

_WIDTH, _HEIGHT = 640, 480
_IRIS_RADIUS = 112.0  # px at distance 1: diameter 224, above the 210 that enrolment asks
_CONTRAST = 0.55  # of the drawn structure
_NASAL = 0.03  # iris radii by which the pupil sits towards the nose
_RING = (96, 720)  # rows (pupil to limbus) and columns (once round) of the texture


@dataclass(frozen=True, slots=True)
class EyeIdentity:
    """One eye of one invented person; left and right have different textures."""

    body: int
    eye: Eye


class ContactLens(Enum):
    """What a contact lens leaves in a near-infrared picture."""

    SOFT = "soft"  # a fine line on the sclera where it ends
    PRINTED = "printed"  # the dots of a coloured lens over the iris


@dataclass(frozen=True, slots=True)
class EyePose:
    """How the eye is held and lit."""

    dx: float = 0.0  # px in the picture
    dy: float = 0.0
    distance: float = 1.0  # 1 = right; 2 = twice as far, half as large
    gaze_x: float = 0.0  # -1..1 of the possible turn
    gaze_y: float = 0.0
    lids: float = 1.0  # 0 closed .. 1 open
    pupil: float = 0.38  # pupil radius / iris radius
    roll: float = 0.0  # degrees, clockwise in the picture
    blur: float = 0.0  # px, sigma of the defocus
    motion: float = 0.0  # px the eye moved during the exposure
    motion_deg: float = 0.0  # along which direction, 0 horizontal, clockwise
    lens: ContactLens | None = None
    glasses: float = 0.0  # 0..1: how strongly spectacles mirror the lamp
    noise: float = 1.0  # times the usual sensor noise
    lamp: float = 1.0  # 0 = lamp off
    frame: int = 0  # sensor noise differs from frame to frame


def render(identity: EyeIdentity, pose: EyePose) -> Pixels:
    """Return the (480, 640) uint8 grey picture."""
    still = _still(identity, replace(pose, frame=0, noise=1.0))
    rng = np.random.default_rng([pose.frame, 77])
    noise = np.roll(_noise(), tuple(int(n) for n in rng.integers(0, _HEIGHT, 2)), (0, 1))
    if pose.noise != 1.0:
        noise = np.round(noise * pose.noise).astype(np.int16)
    return np.asarray(cv2.add(still, noise, dtype=cv2.CV_8U), np.uint8)


@dataclass(frozen=True, slots=True)
class EyeTruth:
    """Where everything was drawn, pixels; radii are the geometric mean of an ellipse's half axes."""

    pupil: tuple[float, float, float]  # x, y, radius
    iris: tuple[float, float, float]
    visible: NDArray[np.bool_]  # (480, 640): iris that is under no lid, lash or glint
    shown: float  # share of the ring between pupil and limbus that is visible, 0..1


def truth(identity: EyeIdentity, pose: EyePose) -> EyeTruth:
    """Return the geometry a picture was drawn with, for tests of what finds it again."""
    u, v = _coordinates(identity, pose)
    cx, cy, wide, high = _turned(pose)
    du, dv = (u - cx) / wide, (v - cy) / high
    _skin, upper, lower, lashes = _lids(identity, pose, u, v)
    ring = (np.hypot(du, dv) < 1) & (np.hypot(du - _NASAL, dv) > pose.pupil)
    opened = _open_share(v, upper, lower) > 0.5
    blank = np.zeros((_HEIGHT, _WIDTH), np.float32)
    shine = _glint(blank, pose, u, v, np.ones_like(blank)) > 40
    visible = ring & opened & (lashes < 0.3) & ~shine
    unit = _IRIS_RADIUS / pose.distance
    mean = float(np.sqrt(wide * high))
    return EyeTruth(
        (*_place(identity, pose, cx + _NASAL * wide, cy), pose.pupil * mean * unit),
        (*_place(identity, pose, cx, cy), mean * unit),
        visible,
        float(visible.sum()) / max(1, int(ring.sum())),
    )


def _place(identity: EyeIdentity, pose: EyePose, u: float, v: float) -> tuple[float, float]:
    """Return the pixel of a point in eye coordinates."""
    u = -u if identity.eye is Eye.LEFT else u
    turn = np.deg2rad(pose.roll)
    across = float(u * np.cos(turn) - v * np.sin(turn))
    down = float(v * np.cos(turn) + u * np.sin(turn))
    unit = _IRIS_RADIUS / pose.distance
    return _WIDTH / 2 + pose.dx + across * unit, _HEIGHT / 2 + 6 + pose.dy + down * unit


@lru_cache(maxsize=2)
def _noise() -> NDArray[np.int16]:
    levels = np.random.default_rng(77).normal(0, 1.3, (_HEIGHT, _WIDTH))
    return np.asarray(np.round(levels), np.int16)


@lru_cache(maxsize=48)
def _still(identity: EyeIdentity, pose: EyePose) -> NDArray[np.int16]:
    """Draw the eye without sensor noise."""
    u, v = _coordinates(identity, pose)
    ball = _eyeball(identity, pose, u, v)
    skin, upper, lower, lashes = _lids(identity, pose, u, v)
    open_share = _open_share(v, upper, lower)
    under_lid = 1 - 0.45 * np.exp(-np.maximum(v - upper, 0) * 7)
    grey = skin * (1 - open_share) + ball * under_lid * open_share
    grey *= 1 - 0.82 * lashes
    grey = _glint(grey, pose, u, v, open_share)
    if pose.glasses > 0:
        grey = eye_optics.spectacles(grey, u, v, pose.glasses * min(1.0, pose.lamp * 1.5))
    if pose.blur > 0:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), pose.blur), np.float32)
    if pose.motion > 0:
        grey = eye_optics.smeared(grey, pose.motion, pose.motion_deg)
    lit = np.clip(grey * np.float32(0.07 + 0.93 * pose.lamp), 0, 255)
    return np.asarray(np.round(lit), np.int16)


def _coordinates(identity: EyeIdentity, pose: EyePose) -> tuple[Floats, Floats]:
    """Return eye coordinates of every pixel: origin between the corners, unit = iris radius, upright."""
    y, x = np.mgrid[0:_HEIGHT, 0:_WIDTH].astype(np.float32)
    scale = np.float32(pose.distance / _IRIS_RADIUS)
    u, v = (x - _WIDTH / 2 - pose.dx) * scale, (y - _HEIGHT / 2 - 6 - pose.dy) * scale
    turn = np.deg2rad(np.float32(pose.roll))
    u, v = u * np.cos(turn) + v * np.sin(turn), v * np.cos(turn) - u * np.sin(turn)
    return (-u if identity.eye is Eye.LEFT else u), v


def _open_share(v: Floats, upper: Floats, lower: Floats) -> Floats:
    """Return how far each pixel lies between the lids, 0..1."""
    soft = np.float32(28)
    under, over = np.clip((v - upper) * soft + 0.5, 0, 1), np.clip((lower - v) * soft + 0.5, 0, 1)
    return np.asarray(under * over, np.float32)


def _turned(pose: EyePose) -> tuple[float, float, float, float]:
    """Return centre and half axes of a turned iris, eye coordinates: it is seen as an ellipse."""
    cx, cy = 0.85 * pose.gaze_x, 0.42 * pose.gaze_y
    wide = float(np.sqrt(1 - (0.45 * min(abs(pose.gaze_x), 1.0)) ** 2))
    high = float(np.sqrt(1 - (0.30 * min(abs(pose.gaze_y), 1.0)) ** 2))
    return cx, cy, wide, high


def _eyeball(identity: EyeIdentity, pose: EyePose, u: Floats, v: Floats) -> Floats:
    """Sclera with vessels, limbus, iris and pupil in eye coordinates."""
    cx, cy, wide, high = _turned(pose)
    du, dv = (u - np.float32(cx)) / np.float32(wide), (v - np.float32(cy)) / np.float32(high)
    radius, angle = np.sqrt(du * du + dv * dv), np.arctan2(dv, du)
    round_ball = 1 - 0.14 * (u * u + v * v) / 3.0
    sclera = np.float32(196) * np.clip(round_ball, 0.45, 1)
    inner = np.sqrt((du - np.float32(_NASAL)) ** 2 + dv * dv)
    pupil = np.float32(pose.pupil)
    depth = np.clip((inner - pupil) / np.maximum(radius * 0 + 1 - pupil, 1e-3), 0, 1)
    rows, columns = _RING
    texture = cv2.remap(
        _texture(identity),
        ((angle / (2 * np.pi)) % 1 * columns).astype(np.float32),
        (depth * (rows - 1)).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_WRAP,
    )
    iris = texture * (1 - 0.42 * np.clip((radius - 0.86) / 0.14, 0, 1) ** 2)
    if pose.lens is ContactLens.PRINTED:
        iris = eye_optics.printed(np.asarray(iris, np.float32), angle, depth)
    ball = sclera + (iris - sclera) * np.clip((1 - radius) * 16 + 0.5, 0, 1)
    if pose.lens is not None:
        ball = eye_optics.lens_rim(np.asarray(ball, np.float32), du, dv)
    return np.asarray(ball + (24 - ball) * np.clip((pupil - inner) * 30 + 0.5, 0, 1), np.float32)


@lru_cache(maxsize=8)
def _texture(identity: EyeIdentity) -> Floats:
    """Iris structure in polar form: radial fibres, crypts, furrows and the bright collarette."""
    rng = np.random.default_rng([identity.body, identity.eye.value, 0x1815])
    rows, columns = _RING
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    ring: NDArray[np.float64] = np.full((rows, columns), 118.0) + 10 * t
    for across, along, strength in (
        (2.2, 16, 26.0),
        (5.0, 9, 24.0),
        (14.0, 14, 15.0),
        (1.1, 7, 13.0),
    ):
        noise = rng.standard_normal((rows, columns)).astype(np.float32)
        tripled = np.hstack([noise, noise, noise])
        soft = cv2.GaussianBlur(tripled, (0, 0), sigmaX=across, sigmaY=along)[
            :, columns : 2 * columns
        ]
        ring = ring + strength / float(soft.std()) * soft
    collarette = 0.30 + 0.035 * np.sin(
        np.arange(columns) * (2 * np.pi / columns) * rng.integers(5, 9)
    )
    ring += 20 * np.exp(-(((t - collarette[None, :].astype(np.float32)) / 0.07) ** 2))
    for _ in range(int(rng.integers(16, 26))):
        at, out = rng.integers(columns), rng.uniform(0.24, 0.62)
        wide, tall = rng.uniform(7, 17), rng.uniform(0.04, 0.10)
        away = (np.arange(columns) - at + columns / 2) % columns - columns / 2
        crypt = np.exp(-((away[None, :] / wide) ** 2) - ((t - out) / tall) ** 2)
        ring -= rng.uniform(24, 44) * crypt.astype(np.float32)
    for out in rng.uniform(0.66, 0.9, 3):
        ring -= 11 * np.exp(-(((t - np.float32(out)) / 0.018) ** 2))
    # As flat as real irises are in near infrared: 10 % of their grey.
    flat = 118 + _CONTRAST * (np.clip(ring, 46, 178) - 118)
    return np.asarray(flat, np.float32)


def _lids(
    identity: EyeIdentity, pose: EyePose, u: Floats, v: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return (skin picture, height of upper lid, height of lower lid, lash coverage)."""
    rng = np.random.default_rng([identity.body, identity.eye.value, 0x11D])
    opening = np.float32(min(max(pose.lids, 0.0), 1.0))
    arch = np.clip(1 - (np.abs(u) / 2.62) ** 2.3, -0.5, 1)
    rest = 0.55 + 0.05 * (u / 2.6)  # both lids meet here when closed
    droop = np.float32(0.30 * pose.gaze_y)
    rise = np.float32(opening * (1.52 + rng.uniform(-0.05, 0.05)) - droop * opening)
    upper = np.asarray(rest - rise * arch, np.float32)
    meets = np.maximum(rest + np.float32(0.62) * opening * arch, upper)
    lower = np.asarray(np.where(arch > 0, meets, upper - 1), np.float32)
    within = np.clip(arch * 4 + 0.6, 0, 1)  # folds run out at the corners
    fold = np.exp(-(((v - upper + 0.42) / 0.10) ** 2)) + 0.6 * np.exp(
        -(((v - lower - 0.34) / 0.12) ** 2)
    )
    rim = np.exp(-(((v - lower - 0.05) / 0.05) ** 2)) + 0.7 * np.exp(
        -(((v - upper + 0.06) / 0.06) ** 2)
    )
    corner = np.exp(-(((u - 2.5) / 0.34) ** 2) - ((v - 0.52) / 0.26) ** 2)
    coarse = rng.standard_normal((24, 32)).astype(np.float32)
    mottle = cv2.resize(coarse, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_CUBIC)
    skin = (
        182
        - 12 * np.abs(u) / 2
        - 10 * np.maximum(-v - 1, 0)
        - within * (42 * fold - 12 * rim)
        - 26 * corner
        + 2.2 * mottle
    )
    return (
        np.asarray(skin, np.float32),
        upper,
        lower,
        _lashes(rng, upper, lower, u, v),
    )


def _lashes(rng: np.random.Generator, upper: Floats, lower: Floats, u: Floats, v: Floats) -> Floats:
    """Draw the lashes as tapered arcs in eye coordinates, turned into picture coordinates."""
    cover = np.zeros(u.shape, np.uint8)
    for lid, number, reach, sign in ((upper, 58, 0.46, -1.0), (lower, 34, 0.20, 1.0)):
        for at in np.sort(rng.uniform(-2.25, 2.3, number)):
            # Longer towards the temple, as they grow.
            length = reach * rng.uniform(0.7, 1.15) * (1 - 0.13 * at)
            lean = 0.22 * at + rng.uniform(-0.05, 0.05)
            t = np.linspace(0, 1, 7)
            line_u = at + lean * t * length / reach
            # Upper lashes first hang over the ball when the lid is half shut.
            line_dv = sign * length * (t**1.4) + (0.16 * np.sin(np.pi * t) if sign < 0 else 0)
            _stroke(cover, np.stack([line_u, line_dv], 1), lid, u, v)
    return np.asarray(
        cv2.GaussianBlur(cover.astype(np.float32) / np.float32(255), (0, 0), 0.9), np.float32
    )


def _stroke(cover: Pixels, line: NDArray[np.float64], lid: Floats, u: Floats, v: Floats) -> None:
    """Draw one lash; the eye-to-picture map is affine, so three corner pixels give it."""
    across = np.array([u[0, 1] - u[0, 0], u[1, 0] - u[0, 0]], np.float64)
    down = np.array([v[0, 1] - v[0, 0], v[1, 0] - v[0, 0]], np.float64)
    back = np.linalg.inv(np.array([across, down]))
    root_u = line[0, 0]
    # The lid is given over the picture: read its height where the picture is nearest to the root.
    base = np.array([root_u - u[0, 0], 0.5 - v[0, 0]])
    for _ in range(3):
        px, py = (round(float(c)) for c in back @ base)
        if not (0 <= px < cover.shape[1] and 0 <= py < cover.shape[0]):
            return
        base[1] = float(lid[py, px]) - v[0, 0]
    spots = (np.stack([line[:, 0] - u[0, 0], line[:, 1] + base[1]], 1)) @ back.T
    for number in range(len(spots) - 1):
        start, end = (tuple(int(c) for c in np.round(s * 16)) for s in spots[number : number + 2])
        cv2.line(
            cover, start, end, (255,), 3 if number < 2 else 2 if number < 4 else 1, cv2.LINE_AA, 4
        )


def _glint(grey: Floats, pose: EyePose, u: Floats, v: Floats, open_share: Floats) -> Floats:
    """Add the mirror image of the lamp on the cornea: two small spots inside the pupil."""
    cx, cy = 0.62 * 0.85 * pose.gaze_x, 0.62 * 0.42 * pose.gaze_y
    for du in (-0.10, 0.06):
        spot = ((u - cx - du) / 0.055) ** 2 + ((v - cy + 0.08) / 0.05) ** 2
        part = np.clip(1.6 - spot, 0, 1) * open_share * np.float32(min(1.0, pose.lamp * 1.5))
        grey = np.asarray(grey + (252 - grey) * part, np.float32)
    return grey
