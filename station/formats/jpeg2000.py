"""JPEG 2000 pictures, boxed (JP2) or bare codestream: lossless for enrolment, rate-bound otherwise."""

import struct
from typing import Final

from station.devices import Pixels
from station.errors import FormatError
from station.formats import pillow
from station.formats.cursor import Cursor
from station.formats.raster import check_bytes, check_size, checked_pixels

NAME: Final = "JPEG 2000"
_MAGIC = bytes.fromhex("0000000C6A5020200D0A870A")
_SOC_SIZ = bytes.fromhex("FF4FFF51")
_EOC = b"\xff\xd9"
_COD = 0xFF52
_SOT = 0xFF90
_REVERSIBLE = 1  # the 5-3 wavelet
_MOST_COMPONENTS, _MOST_TILES = 4, 1024
_MOST_BITS = 16
_STEPS = 6  # of bisection: ratio within 5 % of the best


def encode(pixels: Pixels, *, ratio: float | None = None, boxed: bool = True) -> bytes:
    """Return JPEG 2000 of a grey (h, w) or BGR (h, w, 3) array; lossless without ``ratio``.

    With a ratio the 9-7 wavelet is used: its largest error is nearly half that of the reversible one
    at the same size. ``boxed`` False leaves the JP2 boxes out.
    """
    checked = checked_pixels(pixels, NAME, colour=True)
    options: dict[str, object] = {"no_jp2": not boxed}
    if ratio is None:
        return pillow.encode(checked, "JPEG2000", irreversible=False, **options)
    options |= {"quality_mode": "rates", "quality_layers": [ratio], "irreversible": True}
    return pillow.encode(checked, "JPEG2000", **options)


def encode_within(pixels: Pixels, limit: int, *, boxed: bool = True) -> bytes:
    """Return the best JPEG 2000 of at most ``limit`` bytes, lossless when that fits; FormatError.

    The encoder keeps a ratio only roughly, so the ratio is found by bisection on the real size.
    """
    data = encode(pixels, boxed=boxed)
    if len(data) <= limit:
        return data
    low = pixels.size / limit if limit > 0 else float("inf")
    high = 4 * low
    for ratio in (low, high):
        data = encode(pixels, ratio=ratio, boxed=boxed) if limit > 0 else data
        if len(data) <= limit:
            break
    else:
        raise FormatError(format=NAME, reason="does not fit", offset=0, limit=limit)
    if ratio == low:
        return data
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = encode(pixels, ratio=middle, boxed=boxed)
        if len(tried) <= limit:
            data, high = tried, middle
        else:
            low = middle
    return data


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) without decoding; FormatError for a cut, odd or oversized picture."""
    cursor = _codestream(data)
    width, height, _lossless = _head(cursor)
    return width, height


def lossless(data: bytes) -> bool:
    """Whether the reversible wavelet was used, without which nothing is lossless; FormatError."""
    return _head(_codestream(data))[2]


def decode(data: bytes) -> Pixels:
    """Return grey (h, w) or BGR (h, w, 3); FormatError on damage or an oversized picture."""
    size(data)
    return pillow.decode(data, "JPEG2000")


def _codestream(data: bytes) -> Cursor:
    """Return a cursor at the codestream: the file itself, or the one ``jp2c`` box of a boxed file."""
    if data.startswith(_SOC_SIZ):
        check_bytes(data, NAME, _SOC_SIZ)
        return Cursor(data, NAME)
    check_bytes(data, NAME, _MAGIC)
    cursor = Cursor(data, NAME, len(_MAGIC))
    while True:
        start = cursor.at
        length, kind = cursor.number(4), cursor.take(4)
        if length == 1:
            length = cursor.number(8)
        length = len(data) - start if length == 0 else length  # the last box may be open
        box = cursor.part(length - (cursor.at - start), "box length", start)
        if kind == b"jp2c":
            cursor.finish()
            return box


def _head(cursor: Cursor) -> tuple[int, int, bool]:
    """Return width, height and whether the wavelet is the reversible one."""
    start = cursor.at
    cursor.require(cursor.take(4) == _SOC_SIZ, "no codestream", start)
    siz = cursor.part(cursor.number(2) - 2, "segment length", start + 4)
    _capabilities, right, low, left, top = struct.unpack(">HIIII", siz.take(18))
    wide, high = struct.unpack(">II", siz.take(8))
    siz.take(8)
    components = siz.number(2)
    check_size(right - left, low - top, NAME, start + 8)
    cursor.require(1 <= components <= _MOST_COMPONENTS, "components", start + 38)
    cursor.require(siz.left == 3 * components, "components", start + 38)
    for _ in range(components):
        bits, *steps = siz.take(3)
        cursor.require((bits & 0x7F) < _MOST_BITS and steps == [1, 1], "component", siz.at - 3)
    cursor.require(wide > 0 and high > 0, "tiles", start + 24)
    tiles = -(-right // wide) * -(-low // high)
    cursor.require(tiles <= _MOST_TILES, "tiles", start + 24)
    # OpenJPEG forgives a cut file; an evidence file may not be cut.
    cursor.require(cursor.data[cursor.end - 2 : cursor.end] == _EOC, "cut", cursor.end)
    while True:
        marker = cursor.number(2)
        cursor.require(0xFF51 < marker < _SOT, "no coding style", cursor.at - 2)
        segment = cursor.part(cursor.number(2) - 2, "segment length")
        if marker == _COD:
            cursor.require(segment.left >= 10, "coding style", segment.at)
            return right - left, low - top, segment.take(10)[9] == _REVERSIBLE
