"""The picture in a sample's ISO record: exactly one, of the labelled position, its size known before decoding."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from station.devices import Eye, FingerPosition, Modality, Pixels
from station.errors import FormatError, ProtocolError
from station.formats import images, jpeg, jpeg2000, png, records, wsq_stream
from station.formats.codes import Coding
from station.formats.images import ImageKind

NAMES: Final[Mapping[FingerPosition, str]] = {
    FingerPosition.RIGHT_THUMB: "Right Thumb",
    FingerPosition.RIGHT_INDEX: "Right IndexFinger",
    FingerPosition.RIGHT_MIDDLE: "Right MiddleFinger",
    FingerPosition.RIGHT_RING: "Right RingFinger",
    FingerPosition.RIGHT_LITTLE: "Right LittleFinger",
    FingerPosition.LEFT_THUMB: "Left Thumb",
    FingerPosition.LEFT_INDEX: "Left IndexFinger",
    FingerPosition.LEFT_MIDDLE: "Left MiddleFinger",
    FingerPosition.LEFT_RING: "Left RingFinger",
    FingerPosition.LEFT_LITTLE: "Left LittleFinger",
}
POSITIONS: Final = {name: position for position, name in NAMES.items()}
EYE_NAMES: Final[Mapping[Eye, str]] = {Eye.LEFT: "Left", Eye.RIGHT: "Right"}
EYES: Final = {name: eye for eye, name in EYE_NAMES.items()}

# Pixels along the longer side. A finger of 1000 ppi has 2 x 3 cm at most; a face camera 24 megapixels.
_LONGEST: Final[Mapping[Modality, int]] = {
    Modality.FINGER: 1600,
    Modality.IRIS: 2000,
    Modality.FACE: 6000,
}
_FINEST_PPI, _COARSEST_PPI = 1000, 490  # 500 is what the device specification asks for


@dataclass(frozen=True, slots=True)
class Taken:
    """A decoded picture, read-only, and the code its record gives the position."""

    pixels: Pixels
    ppi: int
    code: int


def picture(record: bytes, modality: Modality) -> Taken:
    """Return the one picture of a record: grey, or BGR of a face; ProtocolError."""
    try:
        held = list(records.pictures(records.read(record)))
        if len(held) != 1 or held[0].modality is not modality:
            raise ProtocolError(what="image record")
        return _decoded(held[0], modality)
    except FormatError as cause:
        reason = cause.facts.get("reason", "")
        raise ProtocolError(what="image record", reason=str(reason)) from None


def _decoded(held: records.HeldPicture, modality: Modality) -> Taken:
    if max(held.width, held.height) > _LONGEST[modality] or held.depth != 8:
        raise ProtocolError(what="image size")
    if modality is Modality.FINGER and not _COARSEST_PPI <= held.ppi <= _FINEST_PPI:
        raise ProtocolError(what="resolution")
    _check_size(held)
    pixels = records.pixels(held, images.decode).pixels
    if modality is Modality.FACE:
        pixels = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    elif pixels.ndim != 2:
        raise ProtocolError(what="colours")
    pixels.flags.writeable = False
    return Taken(pixels, held.ppi, held.code)


def _check_size(held: records.HeldPicture) -> None:
    """Compare the size in the picture's own head with the record's, before anything is unpacked."""
    if held.coding in {Coding.RAW, Coding.PACKED}:
        return
    kind = images.identify(held.data)
    measure = _SIZES.get(kind)
    if measure is None or measure(held.data) != (held.width, held.height):
        raise ProtocolError(what="image size")


def _wsq_size(data: bytes) -> tuple[int, int]:
    stream = wsq_stream.read(data)
    return stream.width, stream.height


_SIZES: Final[Mapping[ImageKind, Callable[[bytes], tuple[int, int]]]] = {
    ImageKind.JPEG: jpeg.size,
    ImageKind.JPEG2000: jpeg2000.size,
    ImageKind.CODESTREAM: jpeg2000.size,
    ImageKind.PNG: png.size,
    ImageKind.WSQ: _wsq_size,
}
