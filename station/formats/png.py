"""PNG pictures, lossless: screens, exports, signature renderings."""

import struct

from station.devices import Pixels
from station.errors import FormatError
from station.formats import pillow
from station.formats.raster import check_bytes, check_size, checked_pixels

_MAGIC = b"\x89PNG\r\n\x1a\n"
_END = b"IEND\xaeB`\x82"


def encode(pixels: Pixels, *, ppi: int = 0) -> bytes:
    """Return a PNG of a grey (h, w) or BGR (h, w, 3) uint8 array; ``ppi`` 0 leaves it out."""
    options = {"dpi": (ppi, ppi)} if ppi else {}
    return pillow.encode(checked_pixels(pixels, "PNG", colour=True), "PNG", **options)


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) without decoding; FormatError for a cut file or an oversized picture."""
    check_bytes(data, "PNG", _MAGIC)
    if len(data) < 33 or data[12:16] != b"IHDR":
        raise FormatError(format="PNG", reason="header", offset=8)
    if not data.endswith(_END):  # decoders forgive a cut tail; an evidence file may not be cut
        raise FormatError(format="PNG", reason="cut", offset=len(data))
    width, height = struct.unpack_from(">II", data, 16)
    check_size(width, height, "PNG", 16)
    return width, height


def decode(data: bytes) -> Pixels:
    """Return grey (h, w) or BGR (h, w, 3); FormatError on damage or an oversized picture."""
    size(data)
    return pillow.decode(data, "PNG")
