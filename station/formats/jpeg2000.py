"""JPEG 2000 pictures, boxed (JP2): lossless for enrolment, 15:1 for authentication."""

import struct

from station.devices import Pixels
from station.errors import FormatError
from station.formats import pillow
from station.formats.raster import check_bytes, check_size, checked_pixels

_MAGIC = bytes.fromhex("0000000C6A5020200D0A870A")
_CODESTREAM = bytes.fromhex("FF4FFF51")  # SOC, SIZ


def encode(pixels: Pixels, *, ratio: float | None = None) -> bytes:
    """Return a JP2 file of a grey (h, w) or BGR (h, w, 3) array; lossless without ``ratio``.

    With a ratio the 9-7 wavelet is used: its largest error is nearly half that of the reversible one
    at the same size.
    """
    checked = checked_pixels(pixels, "JPEG2000", colour=True)
    if ratio is None:
        return pillow.encode(checked, "JPEG2000", irreversible=False)
    return pillow.encode(
        checked, "JPEG2000", quality_mode="rates", quality_layers=[ratio], irreversible=True
    )


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) of the codestream without decoding; FormatError when there is none."""
    check_bytes(data, "JPEG2000", _MAGIC)
    at = data.find(_CODESTREAM)
    if at < 0 or at + 24 > len(data):
        raise FormatError(format="JPEG2000", reason="no codestream", offset=len(_MAGIC))
    right, low, left, top = struct.unpack_from(">IIII", data, at + 8)
    return right - left, low - top


def decode(data: bytes) -> Pixels:
    """Return grey (h, w) or BGR (h, w, 3); FormatError on damage or an oversized picture."""
    width, height = size(data)
    check_size(width, height, "JPEG2000", 0)
    if not data.endswith(
        b"\xff\xd9"
    ):  # OpenJPEG forgives a cut file; an evidence file may not be cut
        raise FormatError(format="JPEG2000", reason="cut", offset=len(data))
    return pillow.decode(data, "JPEG2000")
