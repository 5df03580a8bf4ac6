"""Picture files of every kind the station meets, told apart by their first bytes.

``decode`` runs in this process and is for bytes the station made itself. For foreign ones call
``station.formats.isolated.decode_foreign``.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from station.errors import FormatError
from station.formats import jpeg, jpeg2000, pillow, png, wsq, wsq_stream
from station.formats.raster import MAX_BYTES, Picture


class ImageKind(StrEnum):
    """A picture file's format."""

    PNG = "PNG"
    JPEG = "JPEG"
    JPEG2000 = "JPEG 2000"
    CODESTREAM = "JPEG 2000 codestream"
    WSQ = "WSQ"
    PNM = "PGM/PPM"
    BMP = "BMP"
    TIFF = "TIFF"


_MAGICS: Final[tuple[tuple[bytes, ImageKind], ...]] = (
    (b"\x89PNG\r\n\x1a\n", ImageKind.PNG),
    (b"\xff\xd8\xff", ImageKind.JPEG),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", ImageKind.JPEG2000),
    (b"\xff\x4f\xff\x51", ImageKind.CODESTREAM),
    (b"\xff\xa0\xff", ImageKind.WSQ),
    *((b"P" + digit, ImageKind.PNM) for digit in (b"2", b"3", b"5", b"6")),
    (b"BM", ImageKind.BMP),
    (b"II*\x00", ImageKind.TIFF),
    (b"MM\x00*", ImageKind.TIFF),
)


def identify(data: bytes) -> ImageKind:
    """Return the format by the first bytes; FormatError when it is none of them."""
    for magic, kind in _MAGICS:
        if data.startswith(magic):
            return kind
    raise FormatError(format="image", reason="no known picture format", offset=0)


def decode(data: bytes) -> Picture:
    """Return pixels and resolution of our own bytes; FormatError on damage or an oversized picture."""
    if len(data) > MAX_BYTES:
        raise FormatError(format="image", reason="too long", offset=MAX_BYTES)
    return _DECODERS[identify(data)](data)


def _checked(name: str, check: Callable[[bytes], object]) -> Callable[[bytes], Picture]:
    def read(data: bytes) -> Picture:
        check(data)
        return pillow.open_picture(data, name)

    return read


def _wsq(data: bytes) -> Picture:
    return Picture(wsq.decode(data), wsq_stream.read(data).ppi)


_DECODERS: Final[Mapping[ImageKind, Callable[[bytes], Picture]]] = {
    ImageKind.PNG: _checked("PNG", png.size),
    ImageKind.JPEG: _checked("JPEG", jpeg.size),
    ImageKind.JPEG2000: _checked("JPEG2000", jpeg2000.size),
    ImageKind.CODESTREAM: _checked("JPEG2000", jpeg2000.size),
    ImageKind.WSQ: _wsq,
    ImageKind.PNM: _checked("PPM", len),
    ImageKind.BMP: _checked("BMP", len),
    ImageKind.TIFF: _checked("TIFF", len),
}
