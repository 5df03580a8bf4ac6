"""Finding faces and eyes in a small grey picture: the port, and the built-in Haar cascade locator."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np

from station.biometrics.face.eyes import refine
from station.biometrics.face.geometry import Box, EyePair, FivePoints, Point
from station.devices import Pixels
from station.errors import StationError

__all__ = [
    "Box",
    "EyePair",
    "FaceFound",
    "FaceLocator",
    "FivePoints",
    "HaarLocator",
    "LocatorBroken",
    "Point",
    "drawn_face",
]

_LINES = (
    180  # searched at this height: a cascade's window is 20 px, and the time goes with the area
)
_SMALLEST = 0.2  # of the picture's height: a smaller face is somebody passing behind
_STEP, _NEIGHBOURS = 1.15, 3
_TILTS = (-22.0, 22.0)  # degrees; the cascades know heads up to about 15 degrees
# In the cascade's square, measured on photographs: inter-eye distance over width, eye line over height.
_IED_SHARE, _EYE_HEIGHT = 0.361, 0.40
_OFF = 0.20  # inter-eye distances: further off the dark thing is a brow; the lids are down
_STRAY = 0.28  # ... and from one frame to the next, of who moves
_SAME = 0.35  # of the width: two hits whose middles are nearer are one face


@dataclass(frozen=True, slots=True)
class FaceFound:
    """One face. ``eyes`` are measured where ``eyes_seen``, else guessed from the box."""

    box: Box
    eyes: EyePair
    eyes_seen: bool
    points: FivePoints | None = None  # where the locator knows nose and mouth as well


class FaceLocator(Protocol):
    """Finds faces; a site may bring another engine."""

    def find(self, grey: Pixels, near: Box | None = None) -> tuple[FaceFound, ...]:
        """Return the faces in an (h, w) uint8 picture, largest first; ``near`` limits the search."""
        ...

    def follow(self, grey: Pixels, last: FaceFound) -> FaceFound | None:
        """Return where a face of the frame before is now, by its eyes; None: search again."""
        ...


class LocatorBroken(StationError):
    """The face detector of this installation does not work; ``reason`` says what is missing."""

    code = "FACE_LOCATOR"


class HaarLocator:
    """OpenCV's frontal-face cascades on 180 lines; the eyes are the dark discs inside the face.

    Not for use by two threads at once. Raises LocatorBroken when the cascades do not load (OpenCV 5
    ships none).
    """

    def __init__(self, smallest: float = _SMALLEST) -> None:
        self._smallest = smallest
        self._cascades = (
            _cascade("haarcascade_frontalface_alt2.xml"),
            _cascade("haarcascade_frontalface_default.xml"),
        )

    def find(self, grey: Pixels, near: Box | None = None) -> tuple[FaceFound, ...]:
        """Return the faces, largest first; see FaceLocator.

        The second cascade and tilted pictures are tried only where the first finds nobody. A face whose
        eyes do not stand out (``eyes_seen`` False) counts only when no other is there: a person with
        covered eyes, who can be told so.
        """
        height, width = grey.shape
        area = Box(0, 0, width, height) if near is None else near.grown(0.35)
        rows, columns = area.within(width, height)
        part = grey[rows, columns]
        if min(part.shape) < 20:
            return ()
        scale = min(1.0, _LINES / height)
        size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
        small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        least = max(20, round(self._smallest * min(height, _LINES)))
        found: list[FaceFound] = []
        for tilt in (0.0, *_TILTS):
            for box, eyes in self._hits(small, least, tilt):
                offset = (float(columns.start), float(rows.start))
                found.append(
                    _measured(grey, _moved(box, 1 / scale, offset), _eyes(eyes, 1 / scale, offset))
                )
            if found or near is not None:
                break
        return _once(found)

    def follow(self, grey: Pixels, last: FaceFound) -> FaceFound | None:
        """Look for the eyes alone where they were: a tenth of the cost of finding the face anew."""
        if not last.eyes_seen:
            return None
        pupils = refine(grey, last.eyes)
        change = pupils.eyes.distance / last.eyes.distance
        if not pupils.firm or not 0.85 <= change <= 1.18:
            return None
        if _moved_by(pupils.eyes, last.eyes) > _STRAY:
            return None
        dx = pupils.eyes.middle[0] - last.eyes.middle[0]
        dy = pupils.eyes.middle[1] - last.eyes.middle[1]
        box = Box(last.box.x + dx, last.box.y + dy, last.box.width, last.box.height)
        return FaceFound(box, pupils.eyes, eyes_seen=True)

    def self_check(self) -> None:
        """Find a drawn face, and none in an empty picture; raises LocatorBroken."""
        found = self.find(drawn_face())
        if len(found) != 1 or not found[0].eyes_seen:
            raise LocatorBroken(reason="drawn_face_not_found", opencv=cv2.__version__)
        if self.find(np.full((240, 240), 128, np.uint8)):
            raise LocatorBroken(reason="face_in_empty_picture", opencv=cv2.__version__)

    def _hits(self, small: Pixels, least: int, tilt: float) -> list[tuple[Box, EyePair]]:
        """Return boxes with the eyes expected in them, in pixels of the small upright picture."""
        height, width = small.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0)
        turned = small
        if tilt:
            turned = np.asarray(
                cv2.warpAffine(small, turn, (width, height), borderMode=cv2.BORDER_REPLICATE),
                np.uint8,
            )
        back = cv2.invertAffineTransform(turn)
        for cascade in self._cascades:
            hits = cascade.detectMultiScale(turned, _STEP, _NEIGHBOURS, minSize=(least, least))
            if len(hits):
                return [_untilted(back, *(float(v) for v in hit)) for hit in hits]
        return []


def _untilted(back: np.ndarray, x: float, y: float, w: float, h: float) -> tuple[Box, EyePair]:
    cx, eye_y, half = x + w / 2, y + _EYE_HEIGHT * h, _IED_SHARE * w / 2
    ax, ay = back @ (cx - half, eye_y, 1.0)
    bx, by = back @ (cx + half, eye_y, 1.0)
    mx, my = back @ (cx, y + h / 2, 1.0)
    eyes = EyePair((float(ax), float(ay)), (float(bx), float(by)))
    return Box(float(mx) - w / 2, float(my) - h / 2, w, h), eyes


def _moved(box: Box, factor: float, offset: Point) -> Box:
    big = box.scaled(factor)
    return Box(big.x + offset[0], big.y + offset[1], big.width, big.height)


def _eyes(eyes: EyePair, factor: float, offset: Point) -> EyePair:
    big = eyes.scaled(factor)
    (ax, ay), (bx, by) = big.left_in_picture, big.right_in_picture
    return EyePair((ax + offset[0], ay + offset[1]), (bx + offset[0], by + offset[1]))


def _measured(grey: Pixels, box: Box, expected: EyePair) -> FaceFound:
    pupils = refine(grey, expected)
    like = 0.7 <= pupils.eyes.distance / expected.distance <= 1.4
    tilt = abs(pupils.eyes.roll_deg - expected.roll_deg)
    if pupils.firm and like and tilt <= 25 and _moved_by(pupils.eyes, expected) <= _OFF:
        return FaceFound(box, pupils.eyes, eyes_seen=True)
    return FaceFound(box, expected, eyes_seen=False)


def _moved_by(eyes: EyePair, expected: EyePair) -> float:
    """Return how far the middle between the eyes lies from where it was expected, in their distance."""
    (ax, ay), (bx, by) = eyes.middle, expected.middle
    return float(np.hypot(ax - bx, ay - by)) / max(1.0, expected.distance)


def _once(found: list[FaceFound]) -> tuple[FaceFound, ...]:
    """Return each face once, largest first; those without eyes only when there are no others."""
    kept: list[FaceFound] = []
    for face in sorted(found, key=lambda one: (not one.eyes_seen, -one.box.width)):
        x, y = face.eyes.middle
        reach = _SAME * face.box.width
        apart = all(np.hypot(x - k.eyes.middle[0], y - k.eyes.middle[1]) > reach for k in kept)
        if apart and (face.eyes_seen or not kept):
            kept.append(face)
    return tuple(kept)


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
