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

from drivers.emulation.scenes.face_canvas import Canvas, Floats, vector
from drivers.emulation.scenes.face_dress import (
    draw_back_hair,
    draw_beard,
    draw_clothes,
    draw_front_hair,
    draw_scarf,
)
from drivers.emulation.scenes.face_eyes import draw_eyes, draw_glasses
from drivers.emulation.scenes.face_head import (
    draw_brows,
    draw_ears,
    draw_face,
    draw_neck,
    draw_open_mouth,
    outline,
)
from drivers.emulation.scenes.face_traits import CHIN_Y, EYE_Y, HALF_IED, FaceIdentity, traits_of
from station.devices import Pixels

__all__ = ["Backdrop", "FaceIdentity", "Landmarks", "Pose", "landmarks", "render", "render_people"]

Backdrop = Literal["red", "blue", "orange", "white", "room"]

_WIDTH, _HEIGHT = 1400, 1720
_ORIGIN = (700.0, 120.0)  # the crown in the sprite
_HEAD_SHARE = 0.69  # crown to chin at scale 1, as a share of the picture's height
_EYE_STEPS, _TURN_STEP = 4, 3.0
_CLOTHS: dict[Backdrop, tuple[float, float, float]] = {
    "red": (40, 46, 180),
    "blue": (158, 92, 34),
    "orange": (40, 120, 232),
    "white": (226, 228, 230),
    "room": (128, 140, 146),
}


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Where a rendered person's features lie in the picture; right and left are the person's own."""

    right_eye: tuple[float, float]
    left_eye: tuple[float, float]
    nose: tuple[float, float]
    mouth_right: tuple[float, float]
    mouth_left: tuple[float, float]
    chin: tuple[float, float]


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
    pitch: float = 0.0  # degrees, down
    eyes_open: float = 1.0
    mouth_open: float = 0.0
    glare: float = 0.0  # 0..1: a lamp in the lenses of who wears glasses
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
    colour, cover = _sprite(identity, _Look.of(pose))
    turn = _placed(pose, width, height)
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


def _placed(pose: Pose, width: int, height: int) -> np.ndarray:
    """Return the 2x3 map from sprite to picture.

    The head turns about the middle of the neck; the middle of the head sits at 0.48 of the height.
    """
    size = pose.scale * _HEAD_SHARE * height / CHIN_Y
    turn = cv2.getRotationMatrix2D((_ORIGIN[0], _ORIGIN[1] + CHIN_Y / 2), -pose.roll, size)
    turn[0, 2] += width / 2 + pose.dx * height - _ORIGIN[0]
    turn[1, 2] += (0.475 + pose.dy) * height - (_ORIGIN[1] + CHIN_Y / 2)
    return turn


@dataclass(frozen=True, slots=True)
class _Look:
    """What of a pose is drawn into the sprite, in steps, so that few sprites are kept."""

    eyes: int
    yaw: int
    pitch: int
    mouth: int
    glare: int

    @classmethod
    def of(cls, pose: Pose) -> "_Look":
        def steps(value: float, low: float, high: float, step: float) -> int:
            return round(min(max(value, low), high) / step)

        return cls(
            eyes=steps(pose.eyes_open, 0, 1, 1 / _EYE_STEPS),
            yaw=steps(pose.yaw, -30, 30, _TURN_STEP),
            pitch=steps(pose.pitch, -30, 30, _TURN_STEP),
            mouth=steps(pose.mouth_open, 0, 1, 0.25),
            glare=steps(pose.glare, 0, 1, 0.25),
        )


def landmarks(
    identity: FaceIdentity, pose: Pose, width: int = 1920, height: int = 1080
) -> Landmarks:
    """Return where the renderer puts eyes, nose, mouth and chin of that person, in picture pixels."""
    mouth = 78 * traits_of(identity).mouth_width
    spots = {
        "right_eye": (-HALF_IED, EYE_Y - 3),
        "left_eye": (HALF_IED, EYE_Y - 3),
        "nose": (0.0, 505.0),
        "mouth_right": (-mouth, 600.0),
        "mouth_left": (mouth, 600.0),
        "chin": (0.0, CHIN_Y),
    }
    look, turn = _Look.of(pose), _placed(pose, width, height)
    across, down = look.yaw * _TURN_STEP, look.pitch * _TURN_STEP
    found = {}
    for name, (x, y) in spots.items():
        # Drawing samples at target minus shift: two rounds find the target of a source point.
        tx, ty = x, y
        for _ in range(12):
            dx, dy = _shift(vector([tx]), vector([ty]), across, down)
            tx, ty = x + float(dx[0]), y + float(dy[0])
        px, py = turn @ (tx + _ORIGIN[0], ty + _ORIGIN[1], 1.0)
        found[name] = (float(px), float(py))
    return Landmarks(**found)


def _columns(turn: np.ndarray, width: int) -> tuple[int, int]:
    corners = np.array([[0, 0, 1], [_WIDTH, 0, 1], [0, _HEIGHT, 1], [_WIDTH, _HEIGHT, 1]]) @ turn.T
    left, right = corners[:, 0].min(), corners[:, 0].max()
    return max(0, int(left) - 1), min(width, int(right) + 2)


@lru_cache(maxsize=10)
def _sprite(identity: FaceIdentity, look: _Look) -> tuple[Pixels, Pixels]:
    canvas = Canvas(_WIDTH, _HEIGHT, _ORIGIN)
    base = _undressed(identity)
    canvas.colour[:], canvas.alpha[:] = base.colour, base.alpha
    traits = traits_of(identity)
    draw_eyes(canvas, traits, look.eyes / _EYE_STEPS)
    if look.mouth:
        draw_open_mouth(canvas, traits, look.mouth * 0.25)
    if identity.glasses or identity.sunglasses:
        draw_glasses(canvas, dark=identity.sunglasses, glare=look.glare * 0.25)
    colour, cover = canvas.sprite()
    if look.yaw or look.pitch:
        across, down = look.yaw * _TURN_STEP, look.pitch * _TURN_STEP
        colour, cover = (_turned(layer, across, down) for layer in (colour, cover))
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


def _turned(layer: Pixels, yaw: float, pitch: float) -> Pixels:
    """Turn the head about its axes: the face is taken as a cylinder, shoulders stay."""
    height, width = layer.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :] - np.float32(_ORIGIN[0])
    y = np.arange(height, dtype=np.float32)[:, None] - np.float32(_ORIGIN[1])
    dx, dy = _shift(x, y, yaw, pitch)
    columns = np.broadcast_to(x - dx + np.float32(_ORIGIN[0]), (height, width))
    rows = np.broadcast_to(y - dy + np.float32(_ORIGIN[1]), (height, width))
    turned = cv2.remap(layer, columns.astype(np.float32), rows.astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(turned, np.uint8)


def _shift(x: Floats, y: Floats, yaw: float, pitch: float) -> tuple[Floats, Floats]:
    """Return how far the picture of a point before the neck moves, in sprite pixels."""
    neck = np.clip((860 - y) / 220, 0, 1)
    inside = np.clip(1 - np.abs(x) / 330, 0, 1) ** 0.8 * neck
    dx = np.float32(300 * np.sin(np.deg2rad(yaw))) * inside
    tall = np.clip(1 - np.abs(y - 420) / 420, 0, 1) ** 0.8 * np.clip(1 - np.abs(x) / 330, 0, 1)
    dy = np.float32(260 * np.sin(np.deg2rad(pitch))) * tall
    return np.asarray(dx, np.float32), np.asarray(dy, np.float32)


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
