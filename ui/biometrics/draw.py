"""Pictures for a technician: what the engine saw, drawn over the picture it looked at."""

import math
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.judge import FaceVerdict
from station.biometrics.face.locator import Box
from station.biometrics.finger.minutiae import to_500_ppi
from station.biometrics.finger.segment import segment
from station.biometrics.iris.geometry import Circle, EyeGeometry, Lid
from station.biometrics.signature.render import render
from station.devices import PenPoint, Pixels
from station.minutiae import ENDING, FORK, Template

Colour = tuple[int, int, int]  # BGR

ENDING_COLOUR: Final[Colour] = (60, 60, 230)
FORK_COLOUR: Final[Colour] = (230, 120, 30)
OTHER_COLOUR: Final[Colour] = (120, 120, 120)
OUTLINE: Final[Colour] = (40, 170, 40)
CROP: Final[Colour] = (0, 190, 255)
LANDMARK: Final[Colour] = (255, 80, 255)
HIDDEN: Final = np.array((60, 60, 230), np.float32)  # what lids, lashes and glints cover
_KINDS: Final = {ENDING: ENDING_COLOUR, FORK: FORK_COLOUR}
_TICK = 11.0  # pixels at 500 ppi
_FINEST = 1600  # pixels: pictures with a longer side are not enlarged
_PLACES = 4  # fractional bits of drawn coordinates


def finger(grey: Pixels, ppi: int, template: Template | None = None) -> Pixels:
    """Return the print at 500 ppi, enlarged, with the outline of the skin and the minutiae.

    Endings are red, forks blue, others grey; the tick points where the minutia's angle points; the
    stronger the circle, the higher the quality.
    """
    print_500 = to_500_ppi(grey, ppi)
    scale = 2 if max(print_500.shape) <= _FINEST else 1
    canvas = _canvas(print_500, scale)
    mask = segment(print_500).mask
    edges, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    cv2.drawContours(canvas, [edge * scale for edge in edges], -1, OUTLINE, 1, cv2.LINE_AA)
    if template is not None:
        minutiae(canvas, template, scale)
    return canvas


def template_alone(template: Template) -> Pixels:
    """Return the minutiae on white paper, for a record that has no picture."""
    paper = np.full((template.height, template.width), 255, np.uint8)
    scale = 2 if max(paper.shape) <= _FINEST else 1
    canvas = _canvas(paper, scale)
    minutiae(canvas, template, scale)
    return canvas


def minutiae(canvas: Pixels, template: Template, scale: float) -> None:
    """Draw minutiae onto a BGR picture that is ``scale`` times 500 ppi."""
    rows = zip(template.x, template.y, template.angle, template.type, template.quality, strict=True)
    for x, y, angle, kind, quality in rows:
        colour = _KINDS.get(int(kind), OTHER_COLOUR)
        at = (float(x) * scale, float(y) * scale)
        tip = (
            at[0] + _TICK * scale * math.cos(float(angle)),
            at[1] - _TICK * scale * math.sin(float(angle)),
        )
        strength = 1 + int(quality) // 50
        cv2.circle(canvas, _fixed(at), _long(2.4 * scale), colour, strength, cv2.LINE_AA, _PLACES)
        cv2.line(canvas, _fixed(at), _fixed(tip), colour, 1, cv2.LINE_AA, _PLACES)


def boxes(
    grey: Pixels, corners: Sequence[NDArray[np.float32]], names: Sequence[str], scale: float = 1.0
) -> Pixels:
    """Return the picture with turned boxes (4, 2) and their names; reduced by ``scale`` when it is large."""
    small = grey
    if scale != 1.0:
        small = np.asarray(
            cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
    canvas = _canvas(small, 1)
    for corner, name in zip(corners, names, strict=True):
        points = np.rint(np.asarray(corner, np.float32) * scale).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(canvas, [points], isClosed=True, color=OUTLINE, thickness=2)
        left, top = (int(v) for v in points.reshape(-1, 2).min(axis=0))
        _label(canvas, name, (left, max(14, top - 6)))
    return canvas


def iris(grey: Pixels, geometry: EyeGeometry | None) -> Pixels:
    """Return the eye with pupil, limbus, lids, centres and glint; what covers the iris is tinted red."""
    canvas = _canvas(grey, 1)
    if geometry is None:
        _label(canvas, "no eye", (8, 20))
        return canvas
    hidden = _ring(grey.shape, geometry.pupil, geometry.iris) & ~geometry.visible
    canvas[hidden] = (0.6 * canvas[hidden] + 0.4 * HIDDEN).astype(np.uint8)
    for circle, colour in ((geometry.pupil, CROP), (geometry.iris, OUTLINE)):
        cv2.circle(
            canvas,
            _fixed((circle.x, circle.y)),
            _long(circle.radius),
            colour,
            2,
            cv2.LINE_AA,
            _PLACES,
        )
        _cross(canvas, (circle.x, circle.y), colour)
    for lid in (geometry.upper_lid, geometry.lower_lid):
        if lid is not None:
            _lid(canvas, lid, geometry.iris)
    if geometry.glint is not None:
        _cross(canvas, geometry.glint, LANDMARK)
    return canvas


def _lid(canvas: Pixels, lid: Lid, limbus: Circle) -> None:
    across = np.linspace(limbus.x - limbus.radius, limbus.x + limbus.radius, 64, dtype=np.float32)
    points = np.stack([across, lid.at(across)], axis=1) * (1 << _PLACES)
    curve = np.rint(np.clip(points, -(1 << 20), 1 << 20)).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(canvas, [curve], False, LANDMARK, 1, cv2.LINE_AA, _PLACES)


def visible_share(grey: Pixels, geometry: EyeGeometry) -> float:
    """Return how much of the ring between pupil and limbus is not covered, 0..1."""
    ring = _ring(grey.shape, geometry.pupil, geometry.iris)
    return float((ring & geometry.visible).sum()) / max(1, int(ring.sum()))


def face(colour: Pixels, judged: FaceVerdict) -> Pixels:
    """Return the picture with the frame to fill, the portrait's crop, the face and its eyes."""
    canvas = np.ascontiguousarray(colour).copy()
    thick = max(1, round(min(canvas.shape[:2]) / 400))
    if judged.box is None or judged.eyes is None:
        _rectangle(canvas, judged.frame, OTHER_COLOUR, thick)
        _label(canvas, "no single face", (8, 20))
        return canvas
    _rectangle(canvas, judged.crop, CROP, thick)
    _rectangle(canvas, judged.box, OUTLINE, thick)
    for eye in (judged.eyes.left_in_picture, judged.eyes.right_in_picture):
        _cross(canvas, eye, LANDMARK, size=4 * thick + 2)
    if judged.points is not None:
        points = judged.points
        for at in (points.nose, points.mouth_left_in_picture, points.mouth_right_in_picture):
            _cross(canvas, at, OUTLINE, size=3 * thick + 1)
    return canvas


def signature(points: Sequence[PenPoint]) -> Pixels:
    """Return the strokes as the packet's picture shows them."""
    return render(points)


def _canvas(grey: Pixels, scale: int) -> Pixels:
    large = np.repeat(np.repeat(grey, scale, axis=0), scale, axis=1)
    return np.ascontiguousarray(np.repeat(large[..., None], 3, axis=2))


def _ring(shape: tuple[int, ...], pupil: Circle, limbus: Circle) -> NDArray[np.bool_]:
    y, x = np.ogrid[: shape[0], : shape[1]]
    outside = (x - pupil.x) ** 2 + (y - pupil.y) ** 2 > pupil.radius**2
    inside = (x - limbus.x) ** 2 + (y - limbus.y) ** 2 < limbus.radius**2
    return np.asarray(outside & inside, bool)


def _rectangle(canvas: Pixels, box: Box, colour: Colour, thick: int) -> None:
    low = (round(box.x), round(box.y))
    high = (round(box.x + box.width), round(box.y + box.height))
    cv2.rectangle(canvas, low, high, colour, thick)


def _cross(canvas: Pixels, at: tuple[float, float], colour: Colour, size: int = 4) -> None:
    x, y = round(at[0]), round(at[1])
    cv2.line(canvas, (x - size, y), (x + size, y), colour, 1, cv2.LINE_AA)
    cv2.line(canvas, (x, y - size), (x, y + size), colour, 1, cv2.LINE_AA)


def _label(canvas: Pixels, text: str, at: tuple[int, int]) -> None:
    for colour, thick in (((255, 255, 255), 3), ((30, 30, 30), 1)):
        cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, thick, cv2.LINE_AA)


def _fixed(at: tuple[float, float]) -> tuple[int, int]:
    return round(at[0] * (1 << _PLACES)), round(at[1] * (1 << _PLACES))


def _long(length: float) -> int:
    return max(1, round(length * (1 << _PLACES)))
