"""The back of a right hand as one outline, drawn once; the left hand is its mirror image."""

import json
from dataclasses import dataclass
from functools import cache
from math import atan2, degrees
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF, QTransform

GRID: Final = QRectF(0, 0, 252, 420)  # the space the shape is drawn in; thumb at the left


@dataclass(frozen=True, slots=True)
class Digit:
    """One finger: two circles (root and tip) whose hull is the finger; the nail lies on the tip."""

    name: str
    root: tuple[float, float]
    tip: tuple[float, float]
    root_r: float
    tip_r: float

    def along(self, share: float) -> QPointF:
        """Return a point between root (0) and tip (1)."""
        (x0, y0), (x1, y1) = self.root, self.tip
        return QPointF(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share)

    @property
    def angle(self) -> float:
        """Degrees the finger leans to the right of straight up."""
        return degrees(atan2(self.tip[0] - self.root[0], self.root[1] - self.tip[1]))


DIGITS: Final = (
    Digit("THUMB", (66, 268), (22, 196), 26, 17),
    Digit("INDEX", (93, 172), (71, 66), 20, 15),
    Digit("MIDDLE", (134, 164), (127, 38), 20, 15.5),
    Digit("RING", (173, 172), (184, 60), 19, 14.5),
    Digit("LITTLE", (206, 194), (232, 120), 17, 12.5),
)
CUFF: Final = QRectF(74, 372, 142, 40)
_OUTLINE: Final = Path(__file__).with_name("hand_outline.json")


@cache
def outline() -> QPainterPath:
    """Return the whole hand as one path.

    The points are data: joining and rounding the shapes when the page first opens took 1.5 s of the window.
    """
    points = json.loads(_OUTLINE.read_text("utf-8"))["points"]
    shape = QPainterPath()
    shape.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
    shape.closeSubpath()
    return shape


@cache
def creases() -> QPainterPath:
    """Return the short lines over the joints."""
    lines = QPainterPath()
    for digit in DIGITS:
        shares = (0.5,) if digit.name == "THUMB" else (0.26, 0.64)
        turn = QTransform()
        for share in shares:
            at = digit.along(share)
            turn.reset()
            turn.translate(at.x(), at.y())
            turn.rotate(digit.angle)
            half = digit.tip_r * 0.62
            arc = QPainterPath(QPointF(-half, -1))
            arc.quadTo(QPointF(0, 3.5), QPointF(half, -1))
            lines.addPath(turn.map(arc))
    for x, y in ((92, 214), (130, 204), (168, 208), (200, 226)):
        knuckle = QPainterPath(QPointF(x - 9, y + 3))
        knuckle.quadTo(QPointF(x, y - 5), QPointF(x + 9, y + 3))
        lines.addPath(knuckle)
    return lines


def nail(digit: Digit) -> QPainterPath:
    """Return the nail of a finger, turned as the finger lies."""
    half = digit.tip_r * 0.78
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(-half, -half * 1.25, 2 * half, half * 2.5), half, half)
    turn = QTransform()
    turn.translate(*digit.tip)
    turn.rotate(digit.angle)
    return turn.map(shape)
