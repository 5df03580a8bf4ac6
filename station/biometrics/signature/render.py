"""Pictures of a signature: 300 dpi grey for print and packet, a small bilevel one for the chip."""

import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from station.devices import PenPoint, Pixels
from station.errors import FormatError

QUIET_MM = 2.0
_PEN_MM = (0.28, 0.75)  # line width at no and at full pressure
_OVERSAMPLE = 4
_MAX_SIDE_MM = 300.0
# (height limit in px, width limit in px, line width in px) of the chip's picture, best first
_CHIP_LADDER = (
    (120, 300, 2.2),
    (108, 270, 2.0),
    (96, 240, 1.8),
    (84, 210, 1.6),
    (72, 180, 1.4),
    (64, 160, 1.2),
    (56, 140, 1.0),
)


def render(points: Sequence[PenPoint], ppi: int = 300) -> Pixels:
    """Return a grey picture (white paper, dark ink), cut to the ink plus a quiet zone of 2 mm.

    Line width follows pressure; the aspect is the pad's. The same points give the same pixels on every
    machine. Raises FormatError when there is no ink or it is spread wider than 300 mm.
    """
    strokes = _strokes(points)
    low, size_mm = _extent(strokes)
    scale = ppi / 25.4 * _OVERSAMPLE
    quiet = QUIET_MM * scale
    width, height = (
        _OVERSAMPLE * int(np.ceil((side * scale + 2 * quiet) / _OVERSAMPLE)) for side in size_mm
    )
    paper = np.full((height, width), 255, np.uint8)
    for stroke in strokes:
        spots = (stroke[:, :2] / 1000 - low) * scale + quiet
        pens = (_PEN_MM[0] + (_PEN_MM[1] - _PEN_MM[0]) * stroke[:, 2]) * scale
        _draw(paper, spots, pens)
    size = (width // _OVERSAMPLE, height // _OVERSAMPLE)
    return np.asarray(cv2.resize(paper, size, interpolation=cv2.INTER_AREA), np.uint8)


def chip_signature(points: Sequence[PenPoint], max_bytes: int = 880) -> bytes:
    """Return a one-bit PNG of at most ``max_bytes``: the largest rung of a ladder that fits.

    Raises FormatError when there is no ink, or when not even the smallest rung fits.
    """
    strokes = _strokes(points)
    low, size_mm = _extent(strokes)
    for tall, wide, pen in _CHIP_LADDER:
        scale = min((wide - 6) / max(size_mm[0], 1.0), (tall - 6) / max(size_mm[1], 1.0))
        data = _bilevel(strokes, low, size_mm, scale, pen)
        if len(data) <= max_bytes:
            return data
    raise FormatError(reason="signature_does_not_fit", max_bytes=max_bytes)


def _bilevel(
    strokes: list[np.ndarray], low: np.ndarray, size_mm: np.ndarray, scale: float, pen: float
) -> bytes:
    width, height = (int(np.ceil(side * scale)) + 6 for side in size_mm)
    paper = np.full((height * _OVERSAMPLE, width * _OVERSAMPLE), 255, np.uint8)
    for stroke in strokes:
        spots = ((stroke[:, :2] / 1000 - low) * scale + 3) * _OVERSAMPLE
        _draw(paper, spots, np.full(len(spots), pen * _OVERSAMPLE))
    grey = cv2.resize(paper, (width, height), interpolation=cv2.INTER_AREA)
    out = io.BytesIO()
    Image.fromarray(np.where(grey < 140, 0, 255).astype(np.uint8)).convert(
        "1", dither=Image.Dither.NONE
    ).save(out, "PNG", optimize=True)
    return out.getvalue()


def _strokes(points: Sequence[PenPoint]) -> list[np.ndarray]:
    """Split into runs of points with the pen down: rows of x_um, y_um, pressure."""
    strokes: list[list[tuple[float, float, float]]] = [[]]
    for point in points:
        if point.down:
            strokes[-1].append((point.x_um, point.y_um, point.pressure))
        elif strokes[-1]:
            strokes.append([])
    return [np.array(stroke, np.float64) for stroke in strokes if stroke]


def _extent(strokes: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    if not strokes:
        raise FormatError(reason="no_ink")
    spots = np.vstack(strokes)[:, :2] / 1000
    low, size = spots.min(axis=0), np.ptp(spots, axis=0)
    if size.max() > _MAX_SIDE_MM:
        raise FormatError(reason="signature_too_wide")
    return low, size


def _draw(paper: Pixels, spots: np.ndarray, pens: np.ndarray) -> None:
    """Draw a line whose width changes along it: discs joined by segments, in whole oversampled pixels."""
    fixed = np.round(spots).astype(int)
    for number, (x, y) in enumerate(fixed):
        radius = max(1, round(float(pens[number]) / 2))
        cv2.circle(paper, (int(x), int(y)), radius, (0,), cv2.FILLED)
        if number:
            thick = max(1, round(float(pens[number - 1] + pens[number]) / 2))
            before = fixed[number - 1]
            cv2.line(paper, (int(before[0]), int(before[1])), (int(x), int(y)), (0,), thick)
