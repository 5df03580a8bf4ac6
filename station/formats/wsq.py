"""WSQ, the FBI's wavelet compression for fingerprints: grey, about 12:1.

The library behind it ignores a wished bit rate (for a given ratio use JPEG 2000), takes only grey
pictures and fails below 64 pixels. Its decoder trusts its input: bytes that are not our own go through
``station.formats.isolated``.
"""

from typing import Final

import numpy as np

from station.devices import Pixels
from station.errors import FormatError
from station.formats import wsq_stream
from station.formats.raster import checked_pixels

SMALLEST: Final = 64
_RATIO: Final = 12.0  # what the library does, whatever is asked
_WRITTEN_PPI: Final = b"PPI 500\n"


def encode(pixels: Pixels, ppi: int = 500) -> bytes:
    """Return the WSQ stream of a grey (h, w) array of at least 64x64 pixels, its ppi in the comment."""
    checked = checked_pixels(pixels, "WSQ", colour=False)
    if min(checked.shape) < SMALLEST or not 0 < ppi < 100_000:
        raise FormatError(format="WSQ", reason="too small", offset=0)
    from _wsq import compress  # the Pillow plug-in copies pixel by pixel: three times slower

    try:
        data: bytes = compress(checked.tobytes(), *checked.shape, _RATIO)
    except Exception as cause:
        raise FormatError(format="WSQ", reason="cannot encode", offset=0) from cause
    return data if ppi == 500 else _with_ppi(data, ppi)


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) without decoding; FormatError when the stream is not whole."""
    stream = wsq_stream.read(data)
    return stream.width, stream.height


def decode(data: bytes) -> Pixels:
    """Return the grey picture (h, w); FormatError on damage or an oversized picture."""
    stream = wsq_stream.read(data)
    from _wsq import decompress

    try:
        flat, width, height, _ppi = decompress(data)
    except Exception as cause:
        raise FormatError(format="WSQ", reason="cannot decode", offset=0) from cause
    if (width, height) != (stream.width, stream.height) or len(flat) != width * height:
        raise FormatError(format="WSQ", reason="size", offset=0, width=width, height=height)
    return np.frombuffer(flat, np.uint8).reshape(height, width).copy()


def _with_ppi(data: bytes, ppi: int) -> bytes:
    """Return the stream with another resolution in the comment that the library wrote first."""
    length = 2 + int.from_bytes(data[4:6])
    comment = data[6 : 2 + length].replace(_WRITTEN_PPI, b"PPI %d\n" % ppi)
    return data[:4] + (2 + len(comment)).to_bytes(2) + comment + data[2 + length :]
