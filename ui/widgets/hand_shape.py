"""The back of a right hand as one outline, drawn once; the left hand is its mirror image."""

from dataclasses import dataclass
from functools import cache
from math import atan2, degrees, hypot
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker, QPolygonF, QTransform

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
_PALM: Final = (
    (72, 172), (134, 158), (190, 164), (224, 196), (220, 262), (209, 330), (207, 384),
    (83, 384), (80, 330), (60, 268),
)  # fmt: skip


_THENAR: Final = Digit("THENAR", (110, 360), (72, 264), 27, 31)  # the ball of the thumb


def _hull(digit: Digit) -> QPainterPath:
    (x0, y0), (x1, y1) = digit.root, digit.tip
    length = hypot(x1 - x0, y1 - y0)
    nx, ny = -(y1 - y0) / length, (x1 - x0) / length
    r0, r1 = digit.root_r, digit.tip_r
    body = QPainterPath()
    body.addPolygon(
        QPolygonF(
            [
                QPointF(x0 + nx * r0, y0 + ny * r0), QPointF(x1 + nx * r1, y1 + ny * r1),
                QPointF(x1 - nx * r1, y1 - ny * r1), QPointF(x0 - nx * r0, y0 - ny * r0),
            ]
        )
    )  # fmt: skip
    body.closeSubpath()
    ends = QPainterPath()
    ends.setFillRule(Qt.FillRule.WindingFill)
    ends.addEllipse(QPointF(x0, y0), r0, r0)
    tip = QPainterPath()
    tip.addEllipse(QPointF(x1, y1), r1, r1 * 1.12)
    return body.united(ends).united(tip)


def _stroke(path: QPainterPath, width: float) -> QPainterPath:
    pen = QPainterPathStroker()
    pen.setWidth(width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen.createStroke(path)


@cache
def outline() -> QPainterPath:
    """Return the whole hand as one path; the webs between the fingers are rounded by closing it."""
    palm = QPainterPath()
    palm.addPolygon(QPolygonF([QPointF(*point) for point in _PALM]))
    palm.closeSubpath()
    hand = palm.united(_hull(_THENAR))
    for digit in DIGITS:
        hand = hand.united(_hull(digit))
    grown = hand.united(_stroke(hand, 9))
    closed = grown.subtracted(_stroke(grown, 9))
    # The boolean operations leave specks of a hundredth of a pixel; the hand is the largest outline.
    largest = max(closed.toSubpathPolygons(), key=lambda outline: outline.size())
    shape = QPainterPath()
    shape.addPolygon(largest)
    shape.closeSubpath()
    return shape


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
