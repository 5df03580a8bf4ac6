"""Face image record, ISO/IEC 19794-5:2005 and :2011: strict reader and writer."""

from dataclasses import dataclass, field
from typing import Any, Final

from station.formats import codes
from station.formats.capture_head import CaptureHead, Quality, read_head, write_head
from station.formats.codes import Coding
from station.formats.cursor import Cursor, Field, Layout, number, opened, proven

NAME: Final = "19794-5 face image"
MAGIC: Final = {2005: b"FAC\x00010\x00", 2011: b"FAC\x00030\x00"}
BASIC, FULL_FRONTAL, TOKEN = 0, 1, 2
RGB24, YUV422, GREY8 = 1, 2, 3
STILL_CAMERA, VIDEO_FRAME = 2, 6
_POSE = range(182)  # 0 not given, else 1..181 in steps of two degrees
_SIDES: Final = range(1, 0x10000)
_LANDMARK_BYTES: Final = 8

_PERSON = (Field("eye_colour", 1), Field("hair_colour", 1))
_ATTITUDE = (
    Field("mask", 3),
    Field("expression", 2),
    *(Field(name, 1, _POSE) for name in ("yaw", "pitch", "roll")),
    *(Field(f"{name}_uncertainty", 1) for name in ("yaw", "pitch", "roll")),
)
_BLOCK = {
    2005: Layout(Field("landmarks", 2), Field("gender", 1, {0, 1, 2, 3}), *_PERSON, *_ATTITUDE),
    2011: Layout(
        Field("landmarks", 2),
        Field("gender", 1, {0, 1, 2, 0xFF}),
        *_PERSON,
        Field("body_height", 1),
        *_ATTITUDE,
    ),
}
_PICTURE = (
    Field("image_type", 1, {BASIC, FULL_FRONTAL, TOKEN}),
    Field("coding", 1),
    Field("width", 2, _SIDES),
    Field("height", 2, _SIDES),
)
_IMAGE = {
    2005: Layout(
        *_PICTURE,
        Field("colour", 1, range(4)),
        Field("source", 1),
        Field("device", 2),
        Field("score", 2),
    ),
    2011: Layout(
        *_PICTURE,
        Field("sampling", 1),
        Field("post_processing", 2),
        Field("cross_reference", 1),
        Field("colour", 1, range(4)),
    ),
}


@dataclass(frozen=True, slots=True)
class FaceImage:
    """One picture of a face. Codes are the standard's; 0 is "not given" in most."""

    coding: Coding
    width: int
    height: int
    data: bytes = field(repr=False)
    head: CaptureHead = field(  # its device technology is what 2005 calls the source
        default_factory=lambda: CaptureHead(device_technology=STILL_CAMERA)
    )
    image_type: int = FULL_FRONTAL
    colour: int = RGB24
    gender: int = 0  # 1 male, 2 female, 3 (2005) or 255 (2011) unknown
    eye_colour: int = 0
    hair_colour: int = 0
    body_height: int = 0  # 2011: centimetres
    mask: int = 0  # features; bit 0: the others are given
    expression: int = 0
    yaw: int = 0
    pitch: int = 0
    roll: int = 0
    yaw_uncertainty: int = 0
    pitch_uncertainty: int = 0
    roll_uncertainty: int = 0
    landmarks: tuple[bytes, ...] = field(default=(), repr=False)  # eight bytes each
    sampling: int = 0  # 2011, like the next two
    post_processing: int = 0
    cross_reference: int = 0


@dataclass(frozen=True, slots=True)
class FaceImageRecord:
    """A record of one or more pictures."""

    edition: int  # 2005 or 2011
    images: tuple[FaceImage, ...]
    temporal: int = 0  # 2011: temporal semantics


def decode(data: bytes) -> FaceImageRecord:
    """Read either edition; FormatError with the offset of the first byte that is not as it must be."""
    edition = 2011 if data.startswith(MAGIC[2011]) else 2005
    cursor = opened(data, NAME, MAGIC[edition])
    cursor.require(cursor.number(4) == len(data), "total length", 8)
    count, temporal = cursor.number(2), 0
    cursor.require(count > 0, "representations", 12)
    if edition == 2011:
        cursor.require(cursor.number(1) == 0, "certification flag", 14)
        temporal = cursor.number(2)
    images = []
    for _ in range(count):
        start = cursor.at
        inner = cursor.part(cursor.number(4) - 4, "representation length", start)
        images.append(_read_image(inner, edition))
    cursor.finish()
    return FaceImageRecord(edition, tuple(images), temporal)


def encode(record: FaceImageRecord) -> bytes:
    """Write the record's edition; FormatError for what that edition cannot hold."""
    edition = 2011 if record.edition == 2011 else 2005
    body = number(len(record.images), 2, NAME, "representations")
    if edition == 2011:
        body += b"\x00" + number(record.temporal, 2, NAME, "temporal semantics")
    for image in record.images:
        inner = _image(image, edition)
        body += number(4 + len(inner), 4, NAME, "representation length") + inner
    data = MAGIC[edition] + number(12 + len(body), 4, NAME, "total length") + body
    return proven(record, data, decode)


def _read_image(cursor: Cursor, edition: int) -> FaceImage:
    head = read_head(cursor, certified=False) if edition == 2011 else CaptureHead()
    fields = _BLOCK[edition].read(cursor)
    count = fields.pop("landmarks")
    cursor.require(cursor.left >= count * _LANDMARK_BYTES, "landmark count")
    fields["landmarks"] = tuple(cursor.take(_LANDMARK_BYTES) for _ in range(count))
    start = cursor.at
    picture = _IMAGE[edition].read(cursor)
    known = codes.CODINGS[5, edition]
    cursor.require(picture["coding"] in known, "coding", start + 1)
    picture["coding"] = known[picture["coding"]]
    if edition == 2005:
        score = picture.pop("score")  # reserved, 0, in the edition; some fill it
        head = CaptureHead(
            device_technology=picture.pop("source"),
            device_type=picture.pop("device"),
            qualities=(Quality(score, 0, 0),) if score else (),
        )
        pixels = cursor.take(cursor.left)
    else:
        pixels = cursor.take(cursor.number(4), "image length")
    cursor.finish("representation length")
    return FaceImage(**fields, **picture, head=head, data=pixels)


def _image(image: FaceImage, edition: int) -> bytes:
    if any(len(landmark) != _LANDMARK_BYTES for landmark in image.landmarks):
        raise Cursor(b"", NAME).fail("landmark")
    values: dict[str, Any] = {
        one.name: getattr(image, one.name, 0)
        for one in (*_BLOCK[edition].fields, *_IMAGE[edition].fields)
    }
    coding = codes.code_of(5, edition, image.coding)
    if coding is None:
        raise Cursor(b"", NAME).fail(f"{image.coding} is not a coding of this edition")
    values |= {
        "landmarks": len(image.landmarks),
        "coding": coding,
        "score": image.head.score if image.head.qualities else 0,
        "device": image.head.device_type,
        "source": image.head.device_technology,
    }
    out = write_head(image.head, NAME, certified=False) if edition == 2011 else b""
    out += _BLOCK[edition].write(values, NAME) + b"".join(image.landmarks)
    out += _IMAGE[edition].write(values, NAME)
    if edition == 2011:
        out += number(len(image.data), 4, NAME, "image length")
    return out + image.data
