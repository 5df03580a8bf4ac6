"""Compact card minutiae of ISO/IEC 19794-2: three bytes each, small enough for a chip.

x and y in 0.1 mm, then type and angle in 1/64 turn. There is no header: position, count and quality
stand outside. Written ascending by y, then x.
"""

import math
from typing import Final

import numpy as np

from station.errors import FormatError
from station.minutiae import Template

LIMIT: Final = 60
UNKNOWN_QUALITY: Final = 50  # the format has none
MOST: Final = 80  # the chip file reserves room for so many
_UNIT = 254 / 500  # tenths of a millimetre per pixel at 500 ppi
_SPAN = 255
_TURNS = 64


def encode(template: Template, limit: int = LIMIT) -> bytes:
    """Return at most ``limit`` minutiae, the best ones, three bytes each.

    Weak ones are dropped first, ties by distance from the centre of mass, before sorting (19794-2:2011,
    9.3). Prints of more than 25.5 mm are centred on their centre of mass; what lies outside is dropped.
    """
    if not 0 <= limit <= MOST:
        raise FormatError(format="compact card", reason="limit", offset=0, limit=limit)
    if not len(template):
        return b""
    # Whole counts before any comparison: a decoded 255 comes back as 255.00002 in single precision.
    x, y = np.rint(template.x * _UNIT), np.rint(template.y * _UNIT)
    if x.max() > _SPAN or y.max() > _SPAN:
        # A whole shift: nothing is rounded twice.
        x, y = x + np.rint(_SPAN / 2 - x.mean()), y + np.rint(_SPAN / 2 - y.mean())
    inside = np.nonzero((x >= 0) & (x <= _SPAN) & (y >= 0) & (y <= _SPAN))[0]
    moved = template.take(inside)
    places = np.stack([x[inside], y[inside]], axis=1).astype(int)
    distance = np.hypot(moved.x - moved.x.mean(), moved.y - moved.y.mean())
    kept = np.lexsort((distance, -moved.quality.astype(int)))[:limit]
    angle = np.rint(moved.angle * (_TURNS / (2 * math.pi))).astype(int) % _TURNS
    rows = [(places[i, 1], places[i, 0], int(moved.type[i]) << 6 | int(angle[i])) for i in kept]
    return b"".join(bytes((px, py, code)) for py, px, code in sorted(rows))


def decode(data: bytes) -> Template:
    """Return the template; quality is not in the format and reads as 50 for all.

    FormatError when the length is no multiple of three, there are more than 80, or a type is unknown.
    """
    if len(data) % 3 or len(data) > 3 * MOST:
        raise FormatError(format="compact card", reason="length", offset=len(data))
    rows = np.frombuffer(data, dtype=np.uint8).reshape(-1, 3)
    kind = rows[:, 2] >> 6
    if (kind == 3).any():
        raise FormatError(
            format="compact card", reason="type", offset=3 * int(np.argmax(kind == 3)) + 2
        )
    return Template(
        x=(rows[:, 0] / _UNIT).astype(np.float32),
        y=(rows[:, 1] / _UNIT).astype(np.float32),
        angle=((rows[:, 2] & 63) * (2 * math.pi / _TURNS)).astype(np.float32),
        type=kind.astype(np.uint8),
        quality=np.full(len(rows), UNKNOWN_QUALITY, np.uint8),
        width=500,
        height=500,
    )
