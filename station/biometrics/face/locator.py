"""Finding faces and eyes in a small grey picture: the port, and the built-in Haar cascade locator."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from station.devices import Pixels
from station.errors import StationError

Point = tuple[float, float]

_SMALLEST = 0.2  # of the picture's height: a smaller face is somebody passing behind
_STEP, _EYE_STEP = 1.15, 1.12  # from one size looked for to the next
_EYE_AREA = 0.42  # of the face's width: where an eye is looked for that was seen a moment ago


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


@dataclass(frozen=True, slots=True)
class FaceFound:
    """One face. ``eyes`` are measured where ``eyes_seen``, else guessed from the box."""

    box: Box
    eyes: EyePair
    eyes_seen: bool


class FaceLocator(Protocol):
    """Finds faces; a site may bring another engine."""

    def find(self, grey: Pixels, near: Box | None = None) -> tuple[FaceFound, ...]:
        """Return the faces in an (h, w) uint8 picture, largest first; ``near`` limits the search."""
        ...

    def follow(self, grey: Pixels, last: FaceFound) -> FaceFound | None:
        """Return where a face of the frame before is now, by its open eyes; None: search again."""
        ...


class LocatorBroken(StationError):
    """The face detector of this installation does not work; ``reason`` says what is missing."""

    code = "FACE_LOCATOR"


class HaarLocator:
    """OpenCV's frontal-face cascade; a face counts as seen when an eye pair is found in it.

    Not for use by two threads at once. Raises LocatorBroken when the cascades do not load (OpenCV 5
    ships none).
    """

    def __init__(self, min_face_px: int = 72) -> None:
        self._min_face = min_face_px
        self._face = _cascade("haarcascade_frontalface_default.xml")
        self._eyes = (
            _cascade("haarcascade_eye_tree_eyeglasses.xml"),
            _cascade("haarcascade_eye.xml"),
        )

    def find(self, grey: Pixels, near: Box | None = None) -> tuple[FaceFound, ...]:
        """Return the faces, largest first; see FaceLocator.

        Where no candidate shows an eye pair, one firm candidate is returned with ``eyes_seen`` False:
        a person with closed or hidden eyes, who can be told so.
        """
        height, width = grey.shape
        least = max(self._min_face, round(_SMALLEST * height))
        most, area = min(height, width), Box(0, 0, width, height)
        if near is not None:
            least, most = max(least, round(near.width * 0.75)), round(near.width * 1.3)
            area = near.grown(0.25)
        rows, columns = area.within(width, height)
        part = np.ascontiguousarray(grey[rows, columns])
        if min(part.shape) < least:
            return ()
        hits, _, weights = self._face.detectMultiScale3(
            part, _STEP, 5, minSize=(least, least), maxSize=(most, most), outputRejectLevels=True
        )
        seen: list[FaceFound] = []
        firm: list[tuple[float, FaceFound]] = []
        for hit, weight in zip(hits, np.ravel(weights), strict=True):
            x, y, w, h = (int(v) for v in hit)
            box = Box(x + columns.start, y + rows.start, w, h)
            eyes = self._pair(grey, box)
            if eyes is not None:
                seen.append(FaceFound(box, eyes, eyes_seen=True))
            else:
                firm.append((float(weight), FaceFound(box, _expected_eyes(box), eyes_seen=False)))
        if not seen and firm:
            weight, face = max(firm, key=lambda one: one[0])
            return (face,) if weight >= 4.0 else ()
        return tuple(sorted(seen, key=lambda face: -face.box.width))

    def follow(self, grey: Pixels, last: FaceFound) -> FaceFound | None:
        """Look for the eyes alone where the face was: a fifth of the cost of finding it anew."""
        if not last.eyes_seen:
            return None
        eyes = self._pair(grey, last.box, last.eyes)
        if eyes is None:
            return None
        dx = eyes.middle[0] - last.eyes.middle[0]
        dy = eyes.middle[1] - last.eyes.middle[1]
        box = Box(last.box.x + dx, last.box.y + dy, last.box.width, last.box.height)
        return FaceFound(box, eyes, eyes_seen=True)

    def self_check(self) -> None:
        """Find a drawn face, and none in an empty picture; raises LocatorBroken."""
        found = self.find(drawn_face())
        if len(found) != 1 or not found[0].eyes_seen:
            raise LocatorBroken(reason="drawn_face_not_found", opencv=cv2.__version__)
        if self.find(np.full((240, 240), 128, np.uint8)):
            raise LocatorBroken(reason="face_in_empty_picture", opencv=cv2.__version__)

    def _pair(self, grey: Pixels, box: Box, near: EyePair | None = None) -> EyePair | None:
        """Look for two eyes side by side in the upper half of a face, or where they just were."""
        if near is None:
            areas: tuple[Box, ...] = (
                Box(box.x, box.y + 0.18 * box.height, box.width, 0.40 * box.height),
            )
        else:
            size = _EYE_AREA * box.width
            areas = tuple(
                Box(x - size / 2, y - size / 2, size, size)
                for x, y in (near.left_in_picture, near.right_in_picture)
            )
        for cascade in self._eyes:
            spots = [spot for area in areas for spot in _eyes_in(grey, area, box.width, cascade)]
            pair = _best_pair([(x - box.x, y - box.y) for x, y in spots], box.width)
            if pair is not None:
                (ax, ay), (bx, by) = pair
                return EyePair((ax + box.x, ay + box.y), (bx + box.x, by + box.y))
        return None


def _eyes_in(
    grey: Pixels, area: Box, face_width: float, cascade: cv2.CascadeClassifier
) -> list[Point]:
    """Return the pupils of what looks like an eye in that part of the picture."""
    rows, columns = area.within(grey.shape[1], grey.shape[0])
    part = np.ascontiguousarray(grey[rows, columns])
    least, most = round(face_width * 0.15), round(face_width * 0.36)
    if part.size == 0 or min(part.shape) < least:
        return []
    hits = cascade.detectMultiScale(
        part, _EYE_STEP, 3, minSize=(least, least), maxSize=(most, most)
    )
    spots = [_pupil(part, *(int(v) for v in hit)) for hit in hits]
    return [(x + columns.start, y + rows.start) for x, y in spots]


def drawn_face(size: int = 240) -> Pixels:
    """Return a crude shaded face, enough for the cascades to answer; for the self check."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / np.float32(size)

    def spot(cx: float, cy: float, sx: float, sy: float) -> np.ndarray:
        return np.asarray(np.exp(-0.5 * (((x - cx) / sx) ** 2 + ((y - cy) / sy) ** 2)))

    egg = np.clip((1 - ((x - 0.5) / 0.27) ** 2 - ((y - 0.5) / 0.37) ** 2) * 12, 0, 1)
    picture = 235 - egg * (60 + 30 * np.abs(x - 0.5) / 0.27)
    hair = np.clip((0.30 - y + 0.5 * (x - 0.5) ** 2) * 30, 0, 1)
    hair *= np.clip((1 - ((x - 0.5) / 0.30) ** 2 - ((y - 0.46) / 0.40) ** 2) * 12, 0, 1)
    picture = picture * (1 - hair) + 40 * hair
    for side in (-1, 1):
        cx = 0.5 + side * 0.105
        picture -= 55 * spot(cx, 0.44, 0.05, 0.025) + 55 * spot(cx, 0.39, 0.05, 0.010)
        white = np.clip((1 - ((x - cx) / 0.05) ** 2 - ((y - 0.445) / 0.020) ** 2) * 4, 0, 1)
        picture += (205 - picture) * white * 0.8
        iris = np.clip((1 - ((x - cx) / 0.021) ** 2 - ((y - 0.445) / 0.021) ** 2) * 4, 0, 1)
        picture += (22 - picture) * iris
        picture += (35 - picture) * 0.8 * spot(cx, 0.424, 0.045, 0.006)
        picture -= 35 * spot(0.5 + side * 0.035, 0.60, 0.015, 0.010)
    picture += 22 * spot(0.5, 0.52, 0.02, 0.09)
    picture -= 70 * spot(0.5, 0.70, 0.06, 0.014)
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def _cascade(name: str) -> cv2.CascadeClassifier:
    path = Path(cv2.__file__).parent / "data" / name
    loader = getattr(cv2, "CascadeClassifier", None)
    if loader is None or not path.is_file():
        raise LocatorBroken(reason="cascade_missing", file=name, opencv=cv2.__version__)
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise LocatorBroken(reason="cascade_empty", file=name, opencv=cv2.__version__)
    return cascade


def _expected_eyes(box: Box) -> EyePair:
    y = box.y + 0.40 * box.height
    return EyePair((box.x + 0.32 * box.width, y), (box.x + 0.68 * box.width, y))


def _pupil(grey: Pixels, x: int, y: int, w: int, h: int) -> Point:
    """Return the centre of the dark blob in the middle of an eye's box."""
    top, left = y + h // 4, x + w // 5
    middle = grey[top : y + h - h // 6, left : x + w - w // 5]
    soft = cv2.GaussianBlur(middle, (0, 0), max(1.0, w / 16)).astype(np.float32)
    dark = np.maximum(np.percentile(soft, 18) - soft, 0)
    total = float(dark.sum())
    if total <= 0:
        return x + w / 2, y + h / 2
    ys, xs = np.mgrid[0 : soft.shape[0], 0 : soft.shape[1]]
    return left + float((xs * dark).sum()) / total, top + float((ys * dark).sum()) / total


def _best_pair(spots: Sequence[Point], face_width: float) -> tuple[Point, Point] | None:
    """Pick the two spots that lie like eyes: apart, roughly level, left and right of the middle."""
    best, best_cost = None, 1.0
    for number, one in enumerate(spots):
        for other in spots[number + 1 :]:
            a, b = sorted((one, other))
            apart, step = (b[0] - a[0]) / face_width, abs(b[1] - a[1]) / face_width
            middle = abs((a[0] + b[0]) / 2 / face_width - 0.5)
            cost = abs(apart - 0.38) * 4 + step * 1.5 + middle * 2
            if 0.22 <= apart <= 0.58 and step <= 0.45 * apart and cost < best_cost:
                best, best_cost = (a, b), cost
    return best
