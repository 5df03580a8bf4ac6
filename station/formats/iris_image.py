"""ISO/IEC 19794-6:2011 iris image records with one image: strict writer and reader."""

import datetime as dt
import struct
from dataclasses import dataclass, field
from typing import Final

from station.devices import Eye
from station.errors import FormatError

_MAGIC: Final = b"IIR\x00020\x00"
_HEADER: Final = struct.Struct(">8sIHBB")  # magic+version, total, representations, cert flag, eyes
# length, date 9, technology, vendor, type, quality count
_REPRESENTATION: Final = struct.Struct(">I9sBHHB")
_QUALITY: Final = struct.Struct(">BHH")
# number, eye, type, format, properties, width, height, depth, range, roll, roll uncertainty,
# centre x min/max, y min/max, diameter min/max, image length
_IMAGE: Final = struct.Struct(">HBBBBHHBHHHHHHHHHI")
_FORMATS: Final = {0x02: "image/raw", 0x0A: "image/jp2", 0x0E: "image/png"}
_CODES: Final = {name: code for code, name in _FORMATS.items()}
_MAX_SIDE: Final = 2000


@dataclass(frozen=True, slots=True)
class IrisImage:
    """One eye's image: encoded bytes, their media type and what the record says of them."""

    eye: Eye
    data: bytes = field(repr=False)
    media_type: str  # "image/jp2", "image/png" or "image/raw"
    width: int
    height: int
    quality: int  # 0..100, 254 not reported, 255 failed
    captured_at: dt.datetime


def encode(image: IrisImage) -> bytes:
    """Return the record (overhead 16 + 52 + 5 bytes)."""
    at = image.captured_at.astimezone(dt.UTC)
    date = struct.pack(
        ">HBBBBBH", at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 1000
    )
    body = _QUALITY.pack(image.quality, 0x0103, 0x0001) + _IMAGE.pack(
        1, image.eye.value, 2, _CODES[image.media_type], 0x41,
        image.width, image.height, 8, 0, 0xFFFF, 0xFFFF, 0, 0, 0, 0, 0, 0, len(image.data),
    )  # fmt: skip
    length = _REPRESENTATION.size + len(body) + len(image.data)
    representation = _REPRESENTATION.pack(length, date, 0, 0, 0, 1) + body + image.data
    total = _HEADER.size + len(representation)
    return _HEADER.pack(_MAGIC, total, 1, 0, 1) + representation


def decode(record: bytes) -> IrisImage:
    """Return the one image of a record; FormatError with the offset of what is wrong."""
    if len(record) < _HEADER.size + _REPRESENTATION.size:
        raise FormatError(record="iris", offset=len(record), reason="short")
    magic, total, count, certified, _eyes = _HEADER.unpack_from(record)
    _require(magic == _MAGIC, 0, "magic")
    _require(total == len(record), 8, "total length")
    _require(count == 1, 12, "one representation expected")
    _require(certified == 0, 14, "certification blocks not expected")
    at = _HEADER.size
    length, date, _tech, _vendor, _type, blocks = _REPRESENTATION.unpack_from(record, at)
    _require(length == len(record) - at, at, "representation length")
    at += _REPRESENTATION.size
    _require(len(record) >= at + blocks * _QUALITY.size + _IMAGE.size, at, "short")
    quality = _QUALITY.unpack_from(record, at)[0] if blocks else 254
    _require(quality <= 100 or quality in {254, 255}, at, "quality")
    at += blocks * _QUALITY.size
    fields = _IMAGE.unpack_from(record, at)
    _number, eye, _kind, code, _properties, width, height, depth = fields[:8]
    _require(eye in {1, 2}, at + 2, "eye")
    _require(code in _FORMATS, at + 4, "format")
    _require(0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE, at + 6, "size")
    _require(depth == 8, at + 10, "depth")
    at += _IMAGE.size
    _require(fields[-1] == len(record) - at, at - 4, "image length")
    return IrisImage(Eye(eye), record[at:], _FORMATS[code], width, height, quality, _date(date))


def _date(packed: bytes) -> dt.datetime:
    year, month, day, hour, minute, second, milli = struct.unpack(">HBBBBBH", packed)
    try:
        return dt.datetime(year, month, day, hour, minute, second, milli * 1000, tzinfo=dt.UTC)
    except ValueError as cause:
        raise FormatError(record="iris", offset=20, reason="date") from cause


def _require(holds: bool, offset: int, reason: str) -> None:  # noqa: FBT001 - an assertion
    if not holds:
        raise FormatError(record="iris", offset=offset, reason=reason)
