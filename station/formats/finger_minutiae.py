"""Finger minutiae record, ISO/IEC 19794-2:2005, one view: strict writer and strict reader.

``FMR`` header 24 bytes, view header 4, six bytes per minutia, two for the length of the extensions.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from station.devices import FingerPosition
from station.errors import FormatError
from station.minutiae import Template

_MAGIC = b"FMR\x00 20\x00"
_HEADER = struct.Struct(">8sIHHHHHBB")
_VIEW = struct.Struct(">BBBB")
_MINUTIA = struct.Struct(">HHBB")
_PER_CM: Final = 197  # 500 ppi
_TURNS = 256
_IMPRESSIONS = frozenset({0, 1, 2, 3, 7, 8, 24, 28, 29})


@dataclass(frozen=True, slots=True)
class MinutiaeRecord:
    """One finger's minutiae as the record carries them."""

    position: FingerPosition
    template: Template = field(repr=False)
    quality: int  # of the finger, 0..100
    impression: int = 0  # 0 live plain, 1 live rolled, ...
    equipment: int = 0  # certification bits and scanner id


def encode(record: MinutiaeRecord) -> bytes:
    """Return the record; FormatError for what it cannot hold (more than 255 minutiae, off the picture)."""
    template = record.template
    count = len(template)
    if count > 255 or not 0 <= record.quality <= 100 or record.impression not in _IMPRESSIONS:
        raise FormatError(format="FMR", reason="value", offset=_HEADER.size)
    angles = np.rint(template.angle * (_TURNS / (2 * math.pi))).astype(int) % _TURNS
    columns, rows = np.rint(template.x).astype(int), np.rint(template.y).astype(int)
    if count and (
        columns.min() < 0 or rows.min() < 0 or max(int(columns.max()), int(rows.max())) > 0x3FFF
    ):
        raise FormatError(format="FMR", reason="place", offset=_HEADER.size + _VIEW.size)
    body = b"".join(
        _MINUTIA.pack(int(kind) << 14 | int(x), int(y), int(angle), int(quality))
        for kind, x, y, angle, quality in zip(
            template.type, columns, rows, angles, template.quality, strict=True
        )
    )
    total = _HEADER.size + _VIEW.size + len(body) + 2
    header = _HEADER.pack(
        _MAGIC, total, record.equipment, template.width, template.height, _PER_CM, _PER_CM, 1, 0
    )
    view = _VIEW.pack(record.position.value, record.impression, record.quality, count)
    return header + view + body + b"\x00\x00"


def decode(data: bytes) -> MinutiaeRecord:
    """Return the record; FormatError with the offset of the first byte that is not as it must be."""
    if len(data) < _HEADER.size + _VIEW.size + 2:
        raise FormatError(format="FMR", reason="cut", offset=len(data))
    magic, total, equipment, width, height, x_per_cm, y_per_cm, views, reserved = (
        _HEADER.unpack_from(data)
    )
    _require(magic == _MAGIC, "magic", 0)
    _require(total == len(data), "length", 8)
    _require(width > 0 and height > 0, "size", 14)
    _require((x_per_cm, y_per_cm) == (_PER_CM, _PER_CM), "resolution", 18)
    _require(views == 1, "views", 22)
    _require(reserved == 0, "reserved", 23)
    position, numbers, quality, count = _VIEW.unpack_from(data, _HEADER.size)
    _require(1 <= position <= 10, "position", 24)
    _require(numbers >> 4 == 0 and numbers & 15 in _IMPRESSIONS, "impression", 25)
    _require(quality <= 100, "quality", 26)
    _require(len(data) == _HEADER.size + _VIEW.size + 6 * count + 2, "count", 27)
    _require(data[-2:] == b"\x00\x00", "extension", len(data) - 2)
    template = _template(data, count, width, height)
    return MinutiaeRecord(FingerPosition(position), template, quality, numbers & 15, equipment)


def _template(data: bytes, count: int, width: int, height: int) -> Template:
    start = _HEADER.size + _VIEW.size
    rows = np.array(
        list(_MINUTIA.iter_unpack(data[start : start + 6 * count])), dtype=np.int64
    ).reshape(-1, 4)
    kind, x = rows[:, 0] >> 14, rows[:, 0] & 0x3FFF
    for bad, reason, at in (
        (kind == 3, "type", 0),
        (x >= width, "place", 0),
        (rows[:, 1] >= height, "place", 2),
        (rows[:, 3] > 100, "quality", 5),
    ):
        _require(not bad.any(), reason, start + 6 * int(np.argmax(bad)) + at if count else start)
    return Template(
        x.astype(np.float32),
        rows[:, 1].astype(np.float32),
        (rows[:, 2] * (2 * math.pi / _TURNS)).astype(np.float32),
        kind.astype(np.uint8),
        rows[:, 3].astype(np.uint8),
        width,
        height,
    )


def _require(holds: bool, reason: str, offset: int) -> None:  # noqa: FBT001 - reads as an assertion
    if not holds:
        raise FormatError(format="FMR", reason=reason, offset=offset)
