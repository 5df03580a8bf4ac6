"""Iris image record, ISO/IEC 19794-6:2005 and :2011: strict reader and writer.

The IREX variant of 2008 is told apart and refused: its header is one byte longer, and a reader of the
2005 edition would take every field from the wrong place.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from station.formats import codes
from station.formats.capture_head import SCORES, CaptureHead, legacy_head, read_head, write_head
from station.formats.codes import Coding
from station.formats.cursor import Cursor, Field, Layout, number, opened, proven
from station.formats.finger_image import code, raw_size

NAME: Final = "19794-6 iris image"
MAGIC: Final = {2005: b"IIR\x00010\x00", 2011: b"IIR\x00020\x00"}
IREX_2008: Final = b"IIR\x00015\x00"
UNCROPPED, VGA, CROPPED, CROPPED_MASKED = 1, 2, 3, 7  # K1, K2, K3, K7
NOT_GIVEN: Final = 0xFFFF
_HEADER_BYTES: Final = 45
_QUALITY_BYTES: Final = 5
_SIDES: Final = range(1, 0x10000)
_DEPTHS: Final = range(1, 17)

_HEADER_2005 = Layout(
    Field("device", 2),
    Field("eyes", 1, (1, 2)),
    Field("header_length", 2, (_HEADER_BYTES,)),
    Field("properties", 2),
    Field("diameter", 2),
    Field("coding", 2, codes.CODINGS[6, 2005]),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
    Field("depth", 1, _DEPTHS),
    Field("transformation", 1),
    Field("device_id", 16),
)
_EYE_2005 = Layout(Field("eye", 1, codes.EYES), Field("images", 2, range(1, 0x10000)))
_IMAGE_2005 = Layout(
    Field("number", 2),
    Field("score", 1, SCORES),
    Field("roll", 2),
    Field("roll_uncertainty", 2),
)
_IMAGE_2011 = Layout(
    Field("number", 2),
    Field("eye", 1, codes.EYES),
    Field("image_type", 1, {UNCROPPED, VGA, CROPPED, CROPPED_MASKED}),
    Field("coding", 1, codes.CODINGS[6, 2011]),
    Field("properties", 1),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
    Field("depth", 1, _DEPTHS),
    Field("range_mm", 2),
    Field("roll", 2),
    Field("roll_uncertainty", 2),
    *(
        Field(f"{what}_{end}", 2)
        for what in ("centre_x", "centre_y", "diameter")
        for end in ("min", "max")
    ),
)
_ALIKE_2005 = ("properties", "diameter", "coding", "width", "height", "depth", "transformation")


@dataclass(frozen=True, slots=True)
class IrisImage:
    """One image of one eye. 0 and FFFF mean "not given" as the edition says."""

    eye: int  # 0 unknown, 1 right, 2 left
    coding: Coding
    width: int
    height: int
    data: bytes = field(repr=False)
    head: CaptureHead = field(default_factory=lambda: legacy_head(254))
    number: int = 1
    depth: int = 8
    properties: int = 0  # bits: orientation, scan type (2005), earlier compression (2011)
    roll: int = NOT_GIVEN
    roll_uncertainty: int = NOT_GIVEN
    image_type: int = VGA  # 2011, like the next seven
    range_mm: int = 0
    centre_x_min: int = 0
    centre_x_max: int = 0
    centre_y_min: int = 0
    centre_y_max: int = 0
    diameter_min: int = 0
    diameter_max: int = 0
    diameter: int = 0  # 2005: expected, in pixels, like the next two
    transformation: int = 0
    device_id: int = 0  # sixteen bytes


@dataclass(frozen=True, slots=True)
class IrisRecord:
    """A record of one or more images; in 2005 those of an eye stand together."""

    edition: int  # 2005 or 2011
    images: tuple[IrisImage, ...]
    eyes: int = 0  # 2011: 0 unknown, 1, 2


def decode(data: bytes) -> IrisRecord:
    """Read either edition; FormatError with the offset of the first byte that is not as it must be."""
    if data.startswith(IREX_2008):
        raise Cursor(data, NAME).fail("IREX 2008 variant, not ISO/IEC 19794-6", 4)
    return _decode_2011(data) if data.startswith(MAGIC[2011]) else _decode_2005(data)


def encode(record: IrisRecord) -> bytes:
    """Write the record's edition; FormatError for what that edition cannot hold."""
    write = _encode_2011 if record.edition == 2011 else _encode_2005
    return proven(record, write(record), decode)


def _decode_2005(data: bytes) -> IrisRecord:
    cursor = opened(data, NAME, MAGIC[2005])
    cursor.require(cursor.number(4) == len(data), "total length", 8)
    header = _HEADER_2005.read(cursor)
    header["coding"] = codes.CODINGS[6, 2005][header["coding"]]
    device, eyes = header.pop("device"), header.pop("eyes")
    header.pop("header_length")
    images: list[IrisImage] = []
    seen: list[int] = []
    for _ in range(eyes):
        eye = _EYE_2005.read(cursor)
        cursor.require(eye["eye"] not in seen, "eye twice", cursor.at - _EYE_2005.size)
        seen.append(eye["eye"])
        for _ in range(eye["images"]):
            fields = _IMAGE_2005.read(cursor) | header | {"eye": eye["eye"], "image_type": VGA}
            head = legacy_head(fields.pop("score"), device)
            pixels = cursor.take(cursor.number(4), "image length")
            images.append(_checked(cursor, IrisImage(**fields, head=head, data=pixels)))
    cursor.finish()
    return IrisRecord(2005, tuple(images))


def _decode_2011(data: bytes) -> IrisRecord:
    cursor = opened(data, NAME, MAGIC[2011])
    cursor.require(cursor.number(4) == len(data), "total length", 8)
    count, certified, eyes = cursor.number(2), cursor.number(1), cursor.number(1)
    cursor.require(count > 0, "representations", 12)
    cursor.require(certified == 0, "certification flag", 14)
    cursor.require(eyes in codes.EYES, "eyes", 15)
    images = []
    for _ in range(count):
        start, length = cursor.at, cursor.number(4)
        images.append(_read_image_2011(cursor, start, length))
    cursor.finish()
    return IrisRecord(2011, tuple(images), eyes)


def _read_image_2011(cursor: Cursor, start: int, length: int) -> IrisImage:
    head = read_head(cursor, certified=False)
    fields = _IMAGE_2011.read(cursor)
    fields["coding"] = codes.CODINGS[6, 2011][fields["coding"]]
    size = cursor.number(4)
    behind = cursor.at + size - start
    if (
        length != behind
    ):  # a known fault of writers: the quality block counted once too often or not at all
        off = abs(length - behind) == _QUALITY_BYTES
        reason = "representation length wrong by one quality block" if off else ""
        raise cursor.fail(reason or "representation length", start)
    pixels = cursor.take(size, "image length")
    return _checked(cursor, IrisImage(**fields, head=head, data=pixels))


def _checked(cursor: Cursor, image: IrisImage) -> IrisImage:
    size = raw_size(image.coding, image.width, image.height, image.depth)
    cursor.require(size is None or size == len(image.data), "size of the raw image")
    return image


def _encode_2005(record: IrisRecord) -> bytes:
    if not record.images:
        raise Cursor(b"", NAME).fail("images")
    first = record.images[0]
    eyes = list(dict.fromkeys(image.eye for image in record.images))
    header: dict[str, Any] = {name: getattr(first, name) for name in (*_ALIKE_2005, "device_id")}
    header |= {
        "device": first.head.device_type,
        "eyes": len(eyes),
        "header_length": _HEADER_BYTES,
        "coding": code(6, 2005, first.coding, NAME),
    }
    body = _HEADER_2005.write(header, NAME)
    for eye in eyes:
        mine = [image for image in record.images if image.eye == eye]
        body += _EYE_2005.write({"eye": eye, "images": len(mine)}, NAME)
        for image in mine:
            fields = {one.name: getattr(image, one.name, 0) for one in _IMAGE_2005.fields}
            body += _IMAGE_2005.write(fields | {"score": image.head.score}, NAME)
            body += number(len(image.data), 4, NAME, "image length") + image.data
    return MAGIC[2005] + number(12 + len(body), 4, NAME, "total length") + body


def _encode_2011(record: IrisRecord) -> bytes:
    body = number(len(record.images), 2, NAME, "representations") + b"\x00"
    body += number(record.eyes, 1, NAME, "eyes")
    for image in record.images:
        fields = {one.name: getattr(image, one.name) for one in _IMAGE_2011.fields}
        fields["coding"] = code(6, 2011, image.coding, NAME)
        inner = write_head(image.head, NAME, certified=False) + _IMAGE_2011.write(fields, NAME)
        inner += number(len(image.data), 4, NAME, "image length") + image.data
        body += number(4 + len(inner), 4, NAME, "representation length") + inner
    return MAGIC[2011] + number(12 + len(body), 4, NAME, "total length") + body
