"""Places in a picture: rectangles, the pair of eyes, the five points a model gives."""

from dataclasses import dataclass

import numpy as np

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels; origin top left, y down."""

    x: float
    y: float
    width: float
    height: float

    def scaled(self, factor: float) -> "Box":
        """Return the same rectangle in a picture ``factor`` times as large."""
        return Box(self.x * factor, self.y * factor, self.width * factor, self.height * factor)

    def grown(self, share: float) -> "Box":
        """Return the rectangle grown by a share of its size on every side."""
        dx, dy = self.width * share, self.height * share
        return Box(self.x - dx, self.y - dy, self.width + 2 * dx, self.height + 2 * dy)

    def within(self, width: int, height: int) -> tuple[slice, slice]:
        """Return (rows, columns) of the part that lies in a picture of that size."""
        left, top = max(0, round(self.x)), max(0, round(self.y))
        right = max(left, min(width, round(self.x + self.width)))
        bottom = max(top, min(height, round(self.y + self.height)))
        return slice(top, bottom), slice(left, right)


@dataclass(frozen=True, slots=True)
class EyePair:
    """Pupil centres as they lie in the picture: the applicant's right eye is on the left."""

    left_in_picture: Point
    right_in_picture: Point

    @property
    def middle(self) -> Point:
        """The point between the eyes."""
        (ax, ay), (bx, by) = self.left_in_picture, self.right_in_picture
        return (ax + bx) / 2, (ay + by) / 2

    @property
    def distance(self) -> float:
        """Inter-eye distance in pixels."""
        (ax, ay), (bx, by) = self.left_in_picture, self.right_in_picture
        return float(np.hypot(bx - ax, by - ay))

    @property
    def roll_deg(self) -> float:
        """Tilt of the eye line in degrees, clockwise in the picture is positive."""
        (ax, ay), (bx, by) = self.left_in_picture, self.right_in_picture
        return float(np.degrees(np.arctan2(by - ay, bx - ax)))

    def scaled(self, factor: float) -> "EyePair":
        """Return the same eyes in a picture ``factor`` times as large."""
        (ax, ay), (bx, by) = self.left_in_picture, self.right_in_picture
        return EyePair((ax * factor, ay * factor), (bx * factor, by * factor))

    def moved(self, x: float, y: float) -> "EyePair":
        """Return the same eyes in a picture whose origin lies ``-x``, ``-y`` away."""
        (ax, ay), (bx, by) = self.left_in_picture, self.right_in_picture
        return EyePair((ax + x, ay + y), (bx + x, by + y))


@dataclass(frozen=True, slots=True)
class FivePoints:
    """Eyes, tip of the nose and corners of the mouth, as they lie in the picture."""

    eyes: EyePair
    nose: Point
    mouth_left_in_picture: Point
    mouth_right_in_picture: Point

    @property
    def mouth(self) -> Point:
        """The middle between the corners of the mouth."""
        (ax, ay), (bx, by) = self.mouth_left_in_picture, self.mouth_right_in_picture
        return (ax + bx) / 2, (ay + by) / 2

    def scaled(self, factor: float) -> "FivePoints":
        """Return the same points in a picture ``factor`` times as large."""
        (nx, ny), (ax, ay), (bx, by) = (
            self.nose,
            self.mouth_left_in_picture,
            self.mouth_right_in_picture,
        )
        return FivePoints(
            self.eyes.scaled(factor),
            (nx * factor, ny * factor),
            (ax * factor, ay * factor),
            (bx * factor, by * factor),
        )
