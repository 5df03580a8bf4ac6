"""Finger minutiae record, ISO/IEC 19794-2:2005 and :2011: strict reader and writer.

The numbers are those of the record. ``station.formats.minutiae_template`` turns a view into the
template of the matcher and back.
"""

from dataclasses import dataclass, field
from typing import Final

from station.formats import codes
from station.formats.capture_head import (
    NOT_REPORTED,
    SCORES,
    CaptureHead,
    legacy_head,
    read_head,
    write_head,
)
from station.formats.cursor import Cursor, Field, Layout, number, opened, proven

NAME: Final = "19794-2 finger minutiae"
MAGIC: Final = {2005: b"FMR\x00 20\x00", 2011: b"FMR\x00030\x00"}
MOST: Final = 255  # minutiae of one view
_COORDINATE: Final = 0x3FFF  # 14 bits
_SIDES: Final = range(1, _COORDINATE + 1)

_HEADER_2005 = Layout(
    Field("equipment", 2),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
    Field("x_per_cm", 2, range(1, 0x10000)),
    Field("y_per_cm", 2, range(1, 0x10000)),
    Field("views", 1, range(1, 256)),
    Field("reserved", 1, (0,)),
)
_VIEW_2011 = Layout(
    Field("position", 1, codes.FINGERS),
    Field("number", 1, range(16)),
    Field("x_per_cm", 2, range(99, 0x10000)),
    Field("y_per_cm", 2, range(99, 0x10000)),
    Field("impression", 1, codes.IMPRESSIONS[2, 2011]),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
)


@dataclass(frozen=True, slots=True)
class Minutia:
    """One minutia: pixels from the top left, angle in 1/256 turn counter-clockwise from +x."""

    x: int
    y: int
    angle: int  # 0..255
    type: int  # 0 other, 1 ending, 2 bifurcation
    quality: int  # 0..100; unknown is 0 in 2005 and 254 in 2011


@dataclass(frozen=True, slots=True)
class FingerView:
    """One impression of one finger."""

    position: int  # 0 unknown, 1..10
    width: int
    height: int
    minutiae: tuple[Minutia, ...] = field(repr=False)
    head: CaptureHead = field(default_factory=lambda: legacy_head(0))
    number: int = 0  # of this finger's views
    impression: int = 0
    x_per_cm: int = 197  # 500 ppi
    y_per_cm: int = 197
    minutia_bytes: int = 6  # 2011 may leave the minutiae's quality out: 5
    ending_type: int = 0  # 2011: what the place of an ending is taken from
    extension: bytes = field(default=b"", repr=False)  # ridge counts, cores and deltas, vendors'


@dataclass(frozen=True, slots=True)
class MinutiaeRecord:
    """A record of one or more views."""

    edition: int  # 2005 or 2011
    views: tuple[FingerView, ...]
    certified: bool = False  # 2011: every view has a list of certificates, empty or not


def decode(data: bytes) -> MinutiaeRecord:
    """Read either edition; FormatError with the offset of the first byte that is not as it must be."""
    if data.startswith(MAGIC[2011]):
        return _decode_2011(data)
    return _decode_2005(data)


def encode(record: MinutiaeRecord) -> bytes:
    """Write the record's edition; FormatError for what that edition cannot hold."""
    write = _encode_2011 if record.edition == 2011 else _encode_2005
    return proven(record, write(record), decode)


def _decode_2005(data: bytes) -> MinutiaeRecord:
    cursor = opened(data, NAME, MAGIC[2005])
    total = cursor.number(4)
    if total != len(data) and total >> 16 == len(data):  # ANSI: two bytes, and another header
        raise cursor.fail("ANSI 378, not ISO/IEC 19794-2", 8)
    cursor.require(total == len(data), "total length", 8)
    header = _HEADER_2005.read(cursor)
    equipment, count = header.pop("equipment"), header.pop("views")
    header.pop("reserved")
    views = tuple(_read_view_2005(cursor, header, equipment) for _ in range(count))
    cursor.finish()
    return MinutiaeRecord(2005, views)


def _read_view_2005(cursor: Cursor, header: dict[str, int], equipment: int) -> FingerView:
    start = cursor.at
    position, numbers, quality, count = cursor.take(4)
    cursor.require(position in codes.FINGERS, "position", start)
    cursor.require(numbers & 15 in codes.IMPRESSIONS[2, 2005], "impression", start + 1)
    cursor.require(quality <= 100, "quality", start + 2)
    minutiae = _read_minutiae(cursor, count, 6, header, range(101))
    extension = cursor.take(cursor.number(2), "extension length")
    return FingerView(
        position,
        minutiae=minutiae,
        head=legacy_head(quality, equipment),
        number=numbers >> 4,
        impression=numbers & 15,
        extension=extension,
        **header,
    )


def _decode_2011(data: bytes) -> MinutiaeRecord:
    cursor = opened(data, NAME, MAGIC[2011])
    cursor.require(cursor.number(4) == len(data), "total length", 8)
    count, certified = cursor.number(2), cursor.number(1)
    cursor.require(count > 0, "representations", 12)
    cursor.require(certified in {0, 1}, "certification flag", 14)
    views = []
    for _ in range(count):
        start = cursor.at
        inner = cursor.part(cursor.number(4) - 4, "representation length", start)
        views.append(_read_view_2011(inner, certified=bool(certified)))
    cursor.finish()
    return MinutiaeRecord(2011, tuple(views), bool(certified))


def _read_view_2011(cursor: Cursor, *, certified: bool) -> FingerView:
    head = read_head(cursor, certified=certified)
    fields = _VIEW_2011.read(cursor)
    sizes = cursor.number(1)
    cursor.require(sizes >> 4 in {5, 6}, "minutia length", cursor.at - 1)
    count = cursor.number(1)
    minutiae = _read_minutiae(cursor, count, sizes >> 4, fields, SCORES)
    extension = cursor.take(cursor.number(2), "extension length")
    cursor.finish("representation length")
    return FingerView(
        minutiae=minutiae,
        head=head,
        minutia_bytes=sizes >> 4,
        ending_type=sizes & 15,
        extension=extension,
        **fields,
    )


def _read_minutiae(
    cursor: Cursor, count: int, width: int, view: dict[str, int], scores: range | frozenset[int]
) -> tuple[Minutia, ...]:
    cursor.require(cursor.left >= count * width, "minutiae count", cursor.at - 1)
    found = []
    for _ in range(count):
        start = cursor.at
        x, y, angle = cursor.number(2), cursor.number(2), cursor.number(1)
        quality = cursor.number(1) if width == 6 else NOT_REPORTED
        cursor.require(x >> 14 != 3, "minutia type", start)
        cursor.require(x & _COORDINATE < view["width"], "minutia outside the picture", start)
        cursor.require(y < view["height"], "minutia outside the picture", start + 2)
        cursor.require(width == 5 or quality in scores, "minutia quality", start + 5)
        found.append(Minutia(x & _COORDINATE, y, angle, x >> 14, quality))
    return tuple(found)


def _encode_2005(record: MinutiaeRecord) -> bytes:
    if not record.views:
        raise Cursor(b"", NAME).fail("views")
    first = record.views[0]
    header = {
        "equipment": first.head.device_type,
        "width": first.width,
        "height": first.height,
        "x_per_cm": first.x_per_cm,
        "y_per_cm": first.y_per_cm,
        "views": len(record.views),
        "reserved": 0,
    }
    body = _HEADER_2005.write(header, NAME)
    for view in record.views:
        body += number(view.position, 1, NAME, "position")
        body += number(view.number << 4 | view.impression, 1, NAME, "impression")
        body += number(view.head.score, 1, NAME, "quality")
        body += _minutiae(view, 6) + _extension(view)
    return MAGIC[2005] + (12 + len(body)).to_bytes(4) + body


def _encode_2011(record: MinutiaeRecord) -> bytes:
    body = number(len(record.views), 2, NAME, "representations") + bytes([record.certified])
    for view in record.views:
        inner = write_head(view.head, NAME, certified=record.certified) + _VIEW_2011.write(
            view, NAME
        )
        inner += number(view.minutia_bytes << 4 | view.ending_type, 1, NAME, "minutia length")
        inner += _minutiae(view, view.minutia_bytes) + _extension(view)
        body += (4 + len(inner)).to_bytes(4) + inner
    return MAGIC[2011] + (12 + len(body)).to_bytes(4) + body


def _minutiae(view: FingerView, width: int) -> bytes:
    out = [number(len(view.minutiae), 1, NAME, "minutiae count")]
    for one in view.minutiae:
        out.append(number(one.type << 14 | one.x, 2, NAME, "minutia"))
        out.append(number(one.y, 2, NAME, "minutia") + number(one.angle, 1, NAME, "angle"))
        if width == 6:
            out.append(number(one.quality, 1, NAME, "minutia quality"))
    return b"".join(out)


def _extension(view: FingerView) -> bytes:
    return number(len(view.extension), 2, NAME, "extension length") + view.extension
