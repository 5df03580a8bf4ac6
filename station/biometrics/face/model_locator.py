"""A face model the site brings along: a YuNet-style ONNX file, pinned by its SHA-256, through OpenCV."""

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from station.biometrics.face.geometry import Box, EyePair, FivePoints
from station.biometrics.face.locator import FaceFound, LocatorBroken
from station.devices import Pixels

MOST_BYTES: Final = 16 * 1024 * 1024  # the public model has 0.23 MB
SLOWEST_S: Final = 2.0  # for one empty picture; a desk that waits longer is of no use
_LINES: Final = 240
_SCORE, _OVERLAP, _MOST_FACES = 0.7, 0.3, 50
_COLUMNS: Final = 15  # box, five points, score


class Detector(Protocol):
    """What is used of ``cv2.FaceDetectorYN``."""

    def setInputSize(self, input_size: tuple[int, int]) -> None:  # noqa: N802 - OpenCV's name
        """Tell the size (width, height) of the next picture."""
        ...

    def detect(self, image: Pixels) -> tuple[int, NDArray[np.float32] | None]:
        """Return (status, (n, 15) faces or None) for a BGR picture."""
        ...


@dataclass(frozen=True, slots=True)
class FaceModel:
    """The bytes of a model whose hash was checked: what was hashed is what is loaded."""

    data: bytes
    sha256: str


def read_model(path: Path, sha256: str) -> FaceModel:
    """Read the file once and check its hash (64 hex digits).

    Raises LocatorBroken: ``model_missing``, ``model_too_large`` or ``model_hash``.
    """
    if not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise LocatorBroken(reason="model_hash", file=path.name)
    try:
        if not path.is_file():  # a pipe or device could block or never end
            raise LocatorBroken(reason="model_missing", file=path.name)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as cause:
        raise LocatorBroken(reason="model_missing", file=path.name) from cause
    if len(data) > MOST_BYTES:
        raise LocatorBroken(reason="model_too_large", file=path.name, limit=MOST_BYTES)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256.lower():
        raise LocatorBroken(reason="model_hash", file=path.name, found=found)
    return FaceModel(data, found)


def opened(model: FaceModel) -> Detector:
    """Load the checked bytes; LocatorBroken ``model_unreadable``."""
    try:
        return cv2.FaceDetectorYN.create(  # type: ignore[return-value]
            "onnx",
            np.frombuffer(model.data, np.uint8),
            np.zeros(0, np.uint8),
            (320, 240),
            _SCORE,
            _OVERLAP,
            _MOST_FACES,
        )
    except (cv2.error, AttributeError) as cause:
        raise LocatorBroken(reason="model_unreadable", sha256=model.sha256[:16]) from cause


class ModelLocator:
    """Faces with five points. Tried once on an empty picture: LocatorBroken when slow or strange."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        began = time.monotonic()
        self.find(np.full((_LINES, 320), 128, np.uint8))
        took = time.monotonic() - began
        if took > SLOWEST_S:
            raise LocatorBroken(reason="model_slow", milliseconds=round(1000 * took))

    def find(self, grey: Pixels, near: Box | None = None) -> tuple[FaceFound, ...]:
        """Return the faces, largest first; see FaceLocator. LocatorBroken ``model_output``."""
        height, width = grey.shape
        area = Box(0, 0, width, height) if near is None else near.grown(0.5)
        rows, columns = area.within(width, height)
        part = grey[rows, columns]
        if min(part.shape) < 20:
            return ()
        scale = min(1.0, _LINES / part.shape[0])
        size = (max(20, round(part.shape[1] * scale)), max(20, round(part.shape[0] * scale)))
        small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
        rows_found = self._rows(np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), np.uint8), size)
        back = np.array([part.shape[1] / size[0], part.shape[0] / size[1]])
        corner = np.array([columns.start, rows.start])
        faces = [_face(row, back, corner) for row in rows_found]
        return tuple(sorted(faces, key=lambda face: -face.box.width))

    def follow(self, grey: Pixels, last: FaceFound) -> FaceFound | None:
        """Look again round the last place; the model is fast enough to be its own tracker."""
        found = self.find(grey, last.box)
        return found[0] if len(found) == 1 else None

    def _rows(self, picture: Pixels, size: tuple[int, int]) -> NDArray[np.float64]:
        try:
            self._detector.setInputSize(size)
            _, raw = self._detector.detect(picture)
        except cv2.error as cause:
            raise LocatorBroken(reason="model_output") from cause
        if raw is None:
            return np.zeros((0, _COLUMNS))
        rows = np.asarray(raw, np.float64)
        if rows.ndim != 2 or rows.shape[1] != _COLUMNS or len(rows) > _MOST_FACES:
            raise LocatorBroken(reason="model_output")
        limit = 4.0 * max(size)
        if not np.isfinite(rows).all() or (np.abs(rows) > limit).any():
            raise LocatorBroken(reason="model_output")
        return rows[(rows[:, 2] > 1) & (rows[:, 3] > 1)]


def _face(
    row: NDArray[np.float64], back: NDArray[np.float64], corner: NDArray[np.float64]
) -> FaceFound:
    x, y = row[:2] * back + corner
    w, h = row[2:4] * back
    spots = row[4:14].reshape(5, 2) * back + corner
    # The model names the person's right eye and mouth corner first; the picture's left decides here.
    eyes = sorted((float(a), float(b)) for a, b in spots[:2])
    mouth = sorted((float(a), float(b)) for a, b in spots[3:])
    pair = EyePair(eyes[0], eyes[1])
    points = FivePoints(pair, (float(spots[2][0]), float(spots[2][1])), mouth[0], mouth[1])
    return FaceFound(
        Box(float(x), float(y), float(w), float(h)), pair, eyes_seen=True, points=points
    )
