"""What the 2011 editions of ISO/IEC 19794 say of every sample: when, by which device, how good.

The records of 2005 have parts of it: one quality score and one device number.
"""

import calendar
import datetime as dt
import struct
from dataclasses import dataclass
from typing import Final

from station.errors import FormatError
from station.formats.cursor import Cursor, Field, Layout

SCORES: Final = frozenset({*range(101), 254, 255})  # 254 not reported, 255 failed to compute
NOT_REPORTED: Final = 254
STATION_QUALITY: Final = (0x0103, 0x0001)  # vendor and algorithm "unknown": ours until registered
NFIQ2: Final = {(0x0101, 0x21): "2.0", (0x0101, 0x37): "2.1", (0x0101, 0x38): "2.2", (0x0101, 0x39): "2.3"}  # fmt: skip

_DATE = struct.Struct(">HBBBBBH")
_NONE = (0xFFFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFFFF)
_LOW, _HIGH = (1, 1, 1, 0, 0, 0, 0), (9999, 12, 31, 23, 59, 59, 999)
_QUALITY = Layout(Field("score", 1, SCORES), Field("vendor", 2), Field("algorithm", 2))
_CERTIFICATE = Layout(Field("authority", 2), Field("scheme", 1))
_DEVICE = Layout(Field("device_technology", 1), Field("device_vendor", 2), Field("device_type", 2))


@dataclass(frozen=True, slots=True)
class Quality:
    """One quality block: score 0..100, 254 not reported, 255 failed, and who computed it how."""

    score: int
    vendor: int = STATION_QUALITY[0]
    algorithm: int = STATION_QUALITY[1]


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certification of the sensor: authority and scheme (finger parts only)."""

    authority: int
    scheme: int


@dataclass(frozen=True, slots=True)
class CaptureHead:
    """Date (as many of year .. millisecond as are known, UTC), device, quality blocks, certificates."""

    date: tuple[int, ...] = ()
    device_technology: int = 0
    device_vendor: int = 0
    device_type: int = 0
    qualities: tuple[Quality, ...] = ()
    certificates: tuple[Certificate, ...] = ()

    @property
    def score(self) -> int:
        """The first quality score; 254 when there is none."""
        return self.qualities[0].score if self.qualities else NOT_REPORTED

    @property
    def captured_at(self) -> dt.datetime | None:
        """The moment of capture in UTC; None unless at least the day is known."""
        if len(self.date) < 3:
            return None
        year, month, day, hour, minute, second, milli = (*self.date, 0, 0, 0, 0)[:7]
        return dt.datetime(year, month, day, hour, minute, second, milli * 1000, tzinfo=dt.UTC)


def date_of(moment: dt.datetime) -> tuple[int, ...]:
    """Return the seven parts of a moment, in UTC, cut to milliseconds."""
    at = moment.astimezone(dt.UTC)
    return (at.year, at.month, at.day, at.hour, at.minute, at.second, at.microsecond // 1000)


def legacy_head(score: int, device: int = 0) -> CaptureHead:
    """Return what a 2005 edition can say: a score and a device number."""
    return CaptureHead(device_type=device, qualities=(Quality(score, 0, 0),))


def read_head(cursor: Cursor, *, certified: bool) -> CaptureHead:
    """Read date to certificates, which follow the length of a representation."""
    date = _read_date(cursor)
    device = _DEVICE.read(cursor)
    count = cursor.number(1)
    cursor.require(cursor.left >= count * _QUALITY.size, "quality count", cursor.at - 1)
    qualities = tuple(Quality(**_QUALITY.read(cursor)) for _ in range(count))
    certificates: tuple[Certificate, ...] = ()
    if certified:
        count = cursor.number(1)
        cursor.require(cursor.left >= count * _CERTIFICATE.size, "certificate count", cursor.at - 1)
        certificates = tuple(Certificate(**_CERTIFICATE.read(cursor)) for _ in range(count))
    return CaptureHead(date, **device, qualities=qualities, certificates=certificates)


def write_head(head: CaptureHead, name: str, *, certified: bool) -> bytes:
    """Return date to certificates; FormatError when a value does not fit."""
    if len(head.qualities) > 255 or len(head.certificates) > 255:
        raise FormatError(format=name, reason="quality count", offset=0)
    parts = [
        _write_date(head.date, name),
        _DEVICE.write(head, name),
        bytes([len(head.qualities)]),
        *(_QUALITY.write(quality, name) for quality in head.qualities),
    ]
    if certified:
        parts.append(bytes([len(head.certificates)]))
        parts += [_CERTIFICATE.write(one, name) for one in head.certificates]
    return b"".join(parts)


def _read_date(cursor: Cursor) -> tuple[int, ...]:
    start = cursor.at
    parts = _DATE.unpack(cursor.take(_DATE.size))
    known = next(
        (n for n, (part, none) in enumerate(zip(parts, _NONE, strict=True)) if part == none), 7
    )
    cursor.require(parts[known:] == _NONE[known:], "date: parts missing in between", start)
    for part, low, high in zip(parts[:known], _LOW, _HIGH, strict=False):
        cursor.require(low <= part <= high, "date", start)
    if known > 2:
        cursor.require(parts[2] <= calendar.monthrange(parts[0], parts[1])[1], "date", start)
    return parts[:known]


def _write_date(date: tuple[int, ...], name: str) -> bytes:
    try:
        return _DATE.pack(*date, *_NONE[len(date) :])
    except struct.error as cause:
        raise FormatError(format=name, reason="date", offset=0) from cause
