"""Normal card minutiae of ISO/IEC 19794-2: five bytes each, for cards with room.

Type and x in 0.01 mm, y in 0.01 mm, angle in 1/256 turn; no header. Written ascending by y, then x.
"""

import math
from typing import Final

import numpy as np

from station.errors import FormatError
from station.formats.compact_card import LIMIT, MOST, UNKNOWN_QUALITY
from station.minutiae import Template

_UNIT: Final = 2540 / 500  # hundredths of a millimetre per pixel at 500 ppi
_SPAN: Final = 0x3FFF
_TURNS: Final = 256


def encode(template: Template, limit: int = LIMIT) -> bytes:
    """Return at most ``limit`` minutiae, the best ones, five bytes each; FormatError beyond 163 mm."""
    if not 0 <= limit <= MOST:
        raise FormatError(format="normal card", reason="limit", offset=0, limit=limit)
    best = template.best(limit)
    places = np.rint(np.stack([best.x, best.y]).astype(np.float64) * _UNIT).astype(int)
    if places.size and not 0 <= places.min() <= places.max() <= _SPAN:
        raise FormatError(format="normal card", reason="place", offset=0)
    turns = np.rint(best.angle.astype(np.float64) * (_TURNS / (2 * math.pi))).astype(int) % _TURNS
    rows = sorted(zip(places[1].tolist(), places[0].tolist(), best.type.tolist(), turns.tolist(), strict=True))  # fmt: skip
    return b"".join(
        (kind << 14 | x).to_bytes(2) + y.to_bytes(2) + bytes([angle]) for y, x, kind, angle in rows
    )


def decode(data: bytes) -> Template:
    """Return the template; quality is not in the format and reads as 50. FormatError as compact card."""
    if len(data) % 5 or len(data) > 5 * MOST:
        raise FormatError(format="normal card", reason="length", offset=len(data))
    rows = np.frombuffer(data, np.uint8).reshape(-1, 5).astype(int)
    x, y = rows[:, 0] << 8 | rows[:, 1], rows[:, 2] << 8 | rows[:, 3]
    for bad, reason, at in ((x >> 14 == 3, "type", 0), (y > _SPAN, "reserved", 2)):
        if bad.any():
            raise FormatError(
                format="normal card", reason=reason, offset=5 * int(np.argmax(bad)) + at
            )
    places = [(axis & _SPAN) / _UNIT for axis in (x, y)]
    width, height = (max(1, math.ceil(axis.max()) + 1) if len(rows) else 1 for axis in places)
    return Template(
        places[0].astype(np.float32),
        places[1].astype(np.float32),
        (rows[:, 4] * (2 * math.pi / _TURNS)).astype(np.float32),
        (x >> 14).astype(np.uint8),
        np.full(len(rows), UNKNOWN_QUALITY, np.uint8),
        width,
        height,
    )
