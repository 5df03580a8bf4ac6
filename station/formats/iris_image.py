"""The iris record as a device service carries it: ISO/IEC 19794-6:2011 with exactly one image."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from station.devices import Eye
from station.errors import FormatError
from station.formats import iris_record
from station.formats.capture_head import CaptureHead, Quality, date_of
from station.formats.codes import Coding

_CODINGS: Final = {"image/raw": Coding.RAW, "image/jp2": Coding.JP2, "image/png": Coding.PNG}
_MEDIA: Final = {coding: name for name, coding in _CODINGS.items()}
_MAX_SIDE: Final = 2000
_ONCE_COMPRESSED: Final = 0x41  # horizontal orientation: base; history: lossless or none


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
    """Return the record (overhead 16 + 52 + 5 bytes); FormatError."""
    if image.media_type not in _CODINGS:
        raise FormatError(format=iris_record.NAME, reason="media type", offset=0)
    return iris_record.encode(
        iris_record.IrisRecord(
            2011,
            (
                iris_record.IrisImage(
                    eye=image.eye.value,
                    coding=_CODINGS[image.media_type],
                    width=image.width,
                    height=image.height,
                    data=image.data,
                    head=CaptureHead(
                        date_of(image.captured_at), qualities=(Quality(image.quality),)
                    ),
                    properties=_ONCE_COMPRESSED,
                ),
            ),
            eyes=1,
        )
    )


def decode(record: bytes) -> IrisImage:
    """Return the one image of a record; FormatError with the offset of what is wrong."""
    read = iris_record.decode(record)
    _require(read.edition == 2011, 4, "edition of 2011 expected")
    _require(len(read.images) == 1, 12, "one representation expected")
    image = read.images[0]
    captured_at = image.head.captured_at
    _require(image.eye in {1, 2}, 16, "eye")
    _require(max(image.width, image.height) <= _MAX_SIDE, 16, "size")
    _require(image.depth == 8, 16, "depth")
    if captured_at is None:
        raise FormatError(format=iris_record.NAME, offset=20, reason="date")
    return IrisImage(
        Eye(image.eye),
        image.data,
        _MEDIA[image.coding],
        image.width,
        image.height,
        image.head.score,
        captured_at,
    )


def _require(holds: bool, offset: int, reason: str) -> None:  # noqa: FBT001 - an assertion
    if not holds:
        raise FormatError(format=iris_record.NAME, offset=offset, reason=reason)
