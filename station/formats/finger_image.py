"""Finger image record, ISO/IEC 19794-4:2005 and :2011: strict reader and writer.

The image stays encoded; ``station.formats.records.pictures`` decodes it and compares its size.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from station.formats import codes
from station.formats.capture_head import SCORES, CaptureHead, legacy_head, read_head, write_head
from station.formats.codes import Coding
from station.formats.cursor import Cursor, Field, Layout, number, opened, proven

NAME: Final = "19794-4 finger image"
MAGIC: Final = {2005: b"FIR\x00010\x00", 2011: b"FIR\x00020\x00"}
_SIDES: Final = range(1, 0x10000)
_POSITIONS: Final = codes.FINGERS | codes.SLAPS
_MOST_PPI: Final = 1000
_PER_INCH: Final = {1: 1.0, 2: 2.54}  # scale unit: pixels per inch, per centimetre

_SCAN = (
    Field("scale", 1, _PER_INCH),
    Field("scan_x", 2, _SIDES),
    Field("scan_y", 2, _SIDES),
    Field("image_x", 2, _SIDES),
    Field("image_y", 2, _SIDES),
    Field("depth", 1, range(1, 17)),
)
_HEADER_2005 = Layout(
    Field("device", 2),
    Field("level", 2, codes.ACQUISITION_LEVELS),
    Field("images", 1, range(1, 256)),
    *_SCAN,
    Field("coding", 1, codes.CODINGS[4, 2005]),
    Field("reserved", 2, (0,)),
)
_IMAGE_2005 = Layout(
    Field("position", 1, _POSITIONS),
    Field("views", 1, range(1, 256)),
    Field("number", 1, range(1, 256)),
    Field("score", 1, SCORES),  # the edition says 254; 0..100 is met in the field
    Field("impression", 1, codes.IMPRESSIONS[4, 2005]),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
    Field("reserved", 1, (0,)),
)
_IMAGE_2011 = Layout(
    Field("position", 1, _POSITIONS),
    Field("number", 1),
    *_SCAN,
    Field("coding", 1, codes.CODINGS[4, 2011]),
    Field("impression", 1, codes.IMPRESSIONS[4, 2011]),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
)


@dataclass(frozen=True, slots=True)
class FingerImage:
    """One impression: a finger, or several in a slap."""

    position: int  # 0 unknown, 1..10, 13..15
    coding: Coding
    width: int
    height: int
    data: bytes = field(repr=False)
    head: CaptureHead = field(default_factory=lambda: legacy_head(254))
    number: int = 1
    views: int = 1  # 2005: how many of this finger the record has
    impression: int = 0
    scale: int = 1  # 1 pixels per inch, 2 per centimetre
    scan_x: int = 500
    scan_y: int = 500
    image_x: int = 500
    image_y: int = 500
    depth: int = 8
    extension: bytes = field(default=b"", repr=False)  # 2011: segmentation, annotation, comment

    @property
    def ppi(self) -> int:
        """Pixels per inch across, rounded."""
        return round(self.image_x * _PER_INCH[self.scale])


@dataclass(frozen=True, slots=True)
class FingerImageRecord:
    """A record of one or more images."""

    edition: int  # 2005 or 2011
    images: tuple[FingerImage, ...]
    level: int = 31  # 2005: acquisition level, 30/31 = 500 ppi
    fingers: int = 1  # 2011: number of distinct fingers
    certified: bool = False  # 2011: every image has a list of certificates, empty or not


def decode(data: bytes) -> FingerImageRecord:
    """Read either edition; FormatError with the offset of the first byte that is not as it must be."""
    return _decode_2011(data) if data.startswith(MAGIC[2011]) else _decode_2005(data)


def encode(record: FingerImageRecord) -> bytes:
    """Write the record's edition; FormatError for what that edition cannot hold."""
    write = _encode_2011 if record.edition == 2011 else _encode_2005
    return proven(record, write(record), decode)


def _decode_2005(data: bytes) -> FingerImageRecord:
    cursor = opened(data, NAME, MAGIC[2005])
    cursor.require(cursor.number(6) == len(data), "total length", 8)
    header = _HEADER_2005.read(cursor)
    coding = codes.CODINGS[4, 2005][header.pop("coding")]
    device, level, count = header.pop("device"), header.pop("level"), header.pop("images")
    header.pop("reserved")
    _check_scan(cursor, header, 19)
    images = []
    for _ in range(count):
        start = cursor.at
        inner = cursor.part(cursor.number(4) - 4, "image length", start)
        fields = _IMAGE_2005.read(inner)
        fields.pop("reserved")
        head = legacy_head(fields.pop("score"), device)
        pixels = inner.take(inner.left)
        images.append(FingerImage(**fields, **header, coding=coding, data=pixels, head=head))
        _check_raw(inner, images[-1])
    cursor.finish()
    return FingerImageRecord(2005, tuple(images), level)


def _decode_2011(data: bytes) -> FingerImageRecord:
    cursor = opened(data, NAME, MAGIC[2011])
    cursor.require(cursor.number(4) == len(data), "total length", 8)
    count, certified, fingers = cursor.number(2), cursor.number(1), cursor.number(1)
    cursor.require(count > 0, "representations", 12)
    cursor.require(certified in {0, 1}, "certification flag", 14)
    images = []
    for _ in range(count):
        start = cursor.at
        inner = cursor.part(cursor.number(4) - 4, "representation length", start)
        images.append(_read_image_2011(inner, certified=bool(certified)))
    cursor.finish()
    return FingerImageRecord(2011, tuple(images), fingers=fingers, certified=bool(certified))


def _read_image_2011(cursor: Cursor, *, certified: bool) -> FingerImage:
    head = read_head(cursor, certified=certified)
    start = cursor.at
    fields = _IMAGE_2011.read(cursor)
    _check_scan(cursor, fields, start + 2)
    coding = codes.CODINGS[4, 2011][fields.pop("coding")]
    pixels = cursor.take(cursor.number(4), "image length")
    image = FingerImage(
        **fields, coding=coding, data=pixels, head=head, extension=cursor.take(cursor.left)
    )
    _check_raw(cursor, image)
    return image


def _check_scan(cursor: Cursor, fields: dict[str, Any], at: int) -> None:
    """Image resolution <= scan resolution <= 1000 ppi."""
    finest = _MOST_PPI / _PER_INCH[fields["scale"]]
    for axis in ("x", "y"):
        scan, image = fields[f"scan_{axis}"], fields[f"image_{axis}"]
        cursor.require(image <= scan <= finest + 0.5, "resolution", at)


def _check_raw(cursor: Cursor, image: FingerImage) -> None:
    size = raw_size(image.coding, image.width, image.height, image.depth)
    cursor.require(size is None or size == len(image.data), "size of the raw image")


def raw_size(coding: Coding, width: int, height: int, depth: int) -> int | None:
    """Return the bytes an uncompressed image must have; None for a compressed one."""
    if coding is Coding.PACKED:
        return (width * height * depth + 7) // 8
    return width * height * ((depth + 7) // 8) if coding is Coding.RAW else None


def _encode_2005(record: FingerImageRecord) -> bytes:
    if not record.images:
        raise Cursor(b"", NAME).fail("images")
    first = record.images[0]
    header = {name: getattr(first, name) for name in (one.name for one in _SCAN)} | {
        "device": first.head.device_type,
        "level": record.level,
        "images": len(record.images),
        "coding": code(4, 2005, first.coding, NAME),
        "reserved": 0,
    }
    body = _HEADER_2005.write(header, NAME)
    for image in record.images:
        fields = {one.name: getattr(image, one.name, 0) for one in _IMAGE_2005.fields}
        fields["score"] = image.head.score
        body += number(4 + _IMAGE_2005.size + len(image.data), 4, NAME, "image length")
        body += _IMAGE_2005.write(fields, NAME) + image.data
    return MAGIC[2005] + number(14 + len(body), 6, NAME, "total length") + body


def _encode_2011(record: FingerImageRecord) -> bytes:
    body = number(len(record.images), 2, NAME, "representations")
    body += bytes([record.certified]) + number(record.fingers, 1, NAME, "fingers")
    for image in record.images:
        fields = {one.name: getattr(image, one.name) for one in _IMAGE_2011.fields}
        fields["coding"] = code(4, 2011, image.coding, NAME)
        inner = write_head(image.head, NAME, certified=record.certified)
        inner += _IMAGE_2011.write(fields, NAME)
        inner += number(len(image.data), 4, NAME, "image length") + image.data + image.extension
        body += number(4 + len(inner), 4, NAME, "representation length") + inner
    return MAGIC[2011] + number(12 + len(body), 4, NAME, "total length") + body


def code(part: int, edition: int, coding: Coding, name: str) -> int:
    """Return the coding's number; FormatError when the edition does not have it."""
    found = codes.code_of(part, edition, coding)
    if found is None:
        raise Cursor(b"", name).fail(f"{coding} is not a coding of this edition")
    return found
