"""WSQ, the FBI's wavelet compression for fingerprints: grey, about 12:1.

The plug-in ignores a wished bit rate (for a given ratio use JPEG 2000), takes only grey pictures, fails
below 64 pixels and does not give back a resolution: the record that carries the stream has it.
"""

import struct
from typing import Final

from station.devices import Pixels
from station.errors import FormatError
from station.formats import pillow
from station.formats.raster import check_bytes, check_size, checked_pixels

SMALLEST: Final = 64
_MAGIC = b"\xff\xa0"  # SOI
_FRAME, _END = 0xA2, b"\xff\xa1"


def encode(pixels: Pixels) -> bytes:
    """Return the WSQ stream of a grey (h, w) array of at least 64x64 pixels."""
    checked = checked_pixels(pixels, "WSQ", colour=False)
    if min(checked.shape) < SMALLEST:
        raise FormatError(format="WSQ", reason="too small", offset=0)
    import wsq  # noqa: F401 - registers itself with Pillow

    return pillow.encode(checked, "WSQ")


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) from the frame header without decoding; FormatError when there is none."""
    check_bytes(data, "WSQ", _MAGIC)
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == _FRAME and at + 10 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 6)
            return width, height
        at += 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    raise FormatError(format="WSQ", reason="no frame", offset=min(at, len(data)))


def decode(data: bytes) -> Pixels:
    """Return the grey picture (h, w); FormatError on damage or an oversized picture."""
    width, height = size(data)
    check_size(width, height, "WSQ", 0)
    if not data.endswith(_END):
        raise FormatError(format="WSQ", reason="cut", offset=len(data))
    import wsq  # noqa: F401 - registers itself with Pillow

    return pillow.decode(data, "WSQ")
