"""A seeded rendered person before a coloured backdrop, as a desk camera sees it.

``render`` draws a still of one identity in one pose; ``render_people`` puts several into the picture.
The person is invented: nothing here is derived from a photograph. The picture is not mirrored: the
applicant's right side is on the left. Drawing takes some hundred milliseconds once per identity, lid
opening and turn of the head; after that a 1080p frame is a warp and a blend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from drivers.emulation.scenes.face_canvas import Canvas, vector
from drivers.emulation.scenes.face_dress import (
    draw_back_hair,
    draw_beard,
    draw_clothes,
    draw_front_hair,
    draw_scarf,
)
from drivers.emulation.scenes.face_eyes import draw_eyes, draw_glasses
from drivers.emulation.scenes.face_head import draw_brows, draw_ears, draw_face, draw_neck, outline
from drivers.emulation.scenes.face_traits import CHIN_Y, FaceIdentity, traits_of
from station.devices import Pixels

__all__ = ["Backdrop", "FaceIdentity", "Pose", "render", "render_people"]

Backdrop = Literal["red", "blue", "orange", "white", "room"]

_WIDTH, _HEIGHT = 1400, 1720
_ORIGIN = (700.0, 120.0)  # the crown in the sprite
_HEAD_SHARE = 0.69  # crown to chin at scale 1, as a share of the picture's height
_EYE_STEPS, _YAW_STEP = 4, 3.0
_CLOTHS: dict[Backdrop, tuple[float, float, float]] = {
    "red": (40, 46, 180),
    "blue": (158, 92, 34),
    "orange": (40, 120, 232),
    "white": (226, 228, 230),
    "room": (128, 140, 146),
}


@dataclass(frozen=True, slots=True)
class Pose:
    """Where and how the person is before the camera, and how the camera sees it."""

    dx: float = (
        0.0  # of the head, right in the picture is positive, as a share of the picture's height
    )
    dy: float = 0.0  # down is positive
    scale: float = 1.0  # 1 = right distance
    roll: float = 0.0  # degrees, clockwise in the picture
    yaw: float = 0.0  # degrees, towards the right of the picture
    eyes_open: float = 1.0
    blur: float = 0.0  # deviation in pixels of a 1080-line picture
    light: float = 1.0  # gain of the whole picture
    side_light: float = 0.0  # -1..1: light only from the left .. only from the right
    backdrop: Backdrop = "red"


def render(identity: FaceIdentity, pose: Pose, width: int = 1920, height: int = 1080) -> Pixels:
    """Return the (height, width, 3) uint8 BGR picture of one person."""
    return render_people([(identity, pose)], width, height)


def render_people(
    people: Sequence[tuple[FaceIdentity, Pose]], width: int = 1920, height: int = 1080
) -> Pixels:
    """Return a picture of several people, the first in front; its pose sets light, blur, backdrop."""
    camera = people[0][1] if people else Pose()
    picture = _room(camera.backdrop, width, height).copy()
    for identity, pose in reversed(people):
        _place(picture, identity, pose)
    if camera.blur > 0.3:
        picture = _defocused(picture, camera.blur * height / 1080)
    if camera.side_light:
        picture = _lit_from_side(picture, round(camera.side_light, 2))
    if camera.light != 1.0:
        table = np.clip(np.arange(256) * camera.light + 0.5, 0, 255).astype(np.uint8)
        picture = np.asarray(cv2.LUT(picture, table), np.uint8)
    return picture


def _place(picture: Pixels, identity: FaceIdentity, pose: Pose) -> None:
    height, width = picture.shape[:2]
    eyes = round(min(max(pose.eyes_open, 0.0), 1.0) * _EYE_STEPS)
    yaw = round(min(max(pose.yaw, -30.0), 30.0) / _YAW_STEP)
    colour, cover = _sprite(identity, eyes, yaw)
    size = pose.scale * _HEAD_SHARE * height / CHIN_Y
    # The head turns about the middle of the neck; the middle of the head sits at 0.48 of the height.
    turn = cv2.getRotationMatrix2D((_ORIGIN[0], _ORIGIN[1] + CHIN_Y / 2), -pose.roll, size)
    turn[0, 2] += width / 2 + pose.dx * height - _ORIGIN[0]
    turn[1, 2] += (0.475 + pose.dy) * height - (_ORIGIN[1] + CHIN_Y / 2)
    left, right = _columns(turn, width)
    if right <= left:
        return
    turn[0, 2] -= left
    part = picture[:, left:right]
    size_wh = (right - left, height)
    small = cv2.INTER_LINEAR
    front = cv2.warpAffine(colour, turn, size_wh, flags=small)
    veil = cv2.warpAffine(cover, turn, size_wh, flags=small)
    behind = cv2.multiply(part, cv2.cvtColor(255 - veil, cv2.COLOR_GRAY2BGR), scale=1 / 255)
    cv2.add(front, behind, dst=part)


def _columns(turn: np.ndarray, width: int) -> tuple[int, int]:
    corners = np.array([[0, 0, 1], [_WIDTH, 0, 1], [0, _HEIGHT, 1], [_WIDTH, _HEIGHT, 1]]) @ turn.T
    left, right = corners[:, 0].min(), corners[:, 0].max()
    return max(0, int(left) - 1), min(width, int(right) + 2)


@lru_cache(maxsize=10)
def _sprite(identity: FaceIdentity, eyes: int, yaw: int) -> tuple[Pixels, Pixels]:
    canvas = Canvas(_WIDTH, _HEIGHT, _ORIGIN)
    base = _undressed(identity)
    canvas.colour[:], canvas.alpha[:] = base.colour, base.alpha
    traits = traits_of(identity)
    draw_eyes(canvas, traits, eyes / _EYE_STEPS)
    if identity.glasses:
        draw_glasses(canvas)
    colour, cover = canvas.sprite()
    if yaw:
        colour, cover = (_turned(layer, yaw * _YAW_STEP) for layer in (colour, cover))
    return colour, cover


@lru_cache(maxsize=3)
def _undressed(identity: FaceIdentity) -> Canvas:
    """Draw everything but eyes and glasses."""
    male = identity.sex == "male"
    scarf = identity.hijab and not male
    traits = traits_of(identity)
    canvas = Canvas(_WIDTH, _HEIGHT, _ORIGIN)
    if not scarf:
        draw_back_hair(canvas, traits, male=male)
    draw_neck(canvas, traits, male=male)
    draw_clothes(canvas, traits, male=male)
    if not scarf:
        draw_ears(canvas, traits)
    draw_face(canvas, traits)
    if male:
        draw_beard(canvas, traits, canvas.mask(outline(traits)))
    draw_brows(canvas, traits)
    if scarf:
        draw_scarf(canvas, traits)
    else:
        draw_front_hair(canvas, traits, male=male)
    return canvas


def _turned(layer: Pixels, degrees: float) -> Pixels:
    """Turn the head about its axis: the face is taken as a cylinder, shoulders stay."""
    height, width = layer.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :] - np.float32(_ORIGIN[0])
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32(_ORIGIN[1])
    inside = np.clip(1 - np.abs(x) / 330, 0, 1) ** 0.8 * np.clip((860 - y) / 220, 0, 1)
    shift = np.float32(300 * np.sin(np.deg2rad(degrees))) * inside
    columns = np.broadcast_to(x - shift + np.float32(_ORIGIN[0]), (height, width))
    rows = np.broadcast_to(y + np.float32(_ORIGIN[1]), (height, width))
    turned = cv2.remap(layer, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(turned, np.uint8)


@lru_cache(maxsize=4)
def _room(backdrop: Backdrop, width: int, height: int) -> Pixels:
    """The wall with a cloth on a stand in front of it, softly lit from the upper left."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (x - width / 2) / height, y / height - 0.45
    cloth = vector(_CLOTHS[backdrop])
    if backdrop == "room":
        picture = np.broadcast_to(cloth, (height, width, 3)).copy()
    else:
        wall = vector((74, 66, 60))
        edge = np.clip((0.70 - np.abs(x)) * height / 6 + 0.5, 0, 1)[..., None]
        pole = np.clip((0.012 - np.abs(np.abs(x) - 0.712)) * height / 2, 0, 1)[..., None]
        ripple = 1 + 0.020 * np.sin(9 * x + 1.1 * np.sin(3 * y)) + 0.012 * np.sin(23 * x + y)
        picture = wall * (1 - edge) + cloth * ripple[..., None] * edge
        picture = picture * (1 - pole) + vector((40, 36, 34)) * pole
    light = 1.06 - 0.16 * (x**2 + 1.2 * y**2) - 0.10 * x - 0.08 * y
    grain = np.random.default_rng(5).normal(0, 0.7, (height, width)).astype(np.float32)
    lit = picture * light[..., None] + grain[..., None]
    return np.asarray(np.clip(lit, 0, 255), np.uint8)


def _defocused(picture: Pixels, sigma: float) -> Pixels:
    """Blur on a reduced picture when the blur is wide: same look, a fraction of the time."""
    height, width = picture.shape[:2]
    step = 1 if sigma < 2 else 2 if sigma < 5 else 4
    small = cv2.resize(picture, (width // step, height // step), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), sigma / step)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _lit_from_side(picture: Pixels, side: float) -> Pixels:
    height, width = picture.shape[:2]
    across = np.clip((np.arange(width, dtype=np.float32) - width / 2) / (0.25 * height), -1, 1)
    gain = np.clip(1 + 0.75 * side * across, 0, 1.6)
    field = np.broadcast_to(gain[None, :, None], picture.shape).astype(np.float32)
    return np.asarray(cv2.multiply(picture, field, dtype=cv2.CV_8U), np.uint8)
