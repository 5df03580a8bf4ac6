"""JPEG pictures: the portrait of the packet and the small one of the chip."""

import struct

from station.devices import Pixels
from station.errors import FormatError
from station.formats import pillow
from station.formats.raster import check_bytes, check_size, checked_pixels

_END = b"\xff\xd9"
_MAGIC = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # SOF0..15 without DHT, JPG, DAC
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers with no length


def encode(pixels: Pixels, *, quality: int = 92, ppi: int = 0) -> bytes:
    """Return a baseline JPEG of a grey (h, w) or BGR (h, w, 3) array, colour not subsampled."""
    options: dict[str, object] = {"quality": quality, "subsampling": 0, "optimize": True}
    if ppi:
        options["dpi"] = (ppi, ppi)
    return pillow.encode(checked_pixels(pixels, "JPEG", colour=True), "JPEG", **options)


def encode_within(pixels: Pixels, limit: int, *, floor: int = 20) -> bytes:
    """Return the best JPEG of at most ``limit`` bytes; FormatError below the quality ``floor``.

    The quality is found by bisection. A face nobody can recognise is never the answer: the caller
    makes the picture smaller instead.
    """
    best, low, high = b"", floor, 95
    while low <= high:
        middle = (low + high) // 2
        data = encode(pixels, quality=middle)
        if len(data) <= limit:
            best, low = data, middle + 1
        else:
            high = middle - 1
    if not best:
        raise FormatError(format="JPEG", reason="does not fit", offset=0, limit=limit)
    return best


def size(data: bytes) -> tuple[int, int]:
    """Return (width, height) without decoding; FormatError without a frame header or oversized."""
    check_bytes(data, "JPEG", _MAGIC)
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise FormatError(format="JPEG", reason="marker", offset=at)
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES and at + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, at + 5)
            check_size(width, height, "JPEG", at + 5)
            return width, height
        at += 2 + max(2, struct.unpack_from(">H", data, at + 2)[0])
    raise FormatError(format="JPEG", reason="no frame", offset=min(at, len(data)))


def decode(data: bytes) -> Pixels:
    """Return grey (h, w) or BGR (h, w, 3); FormatError on damage or an oversized picture."""
    size(data)
    if data.rfind(_END) < 0:  # Pillow fills up what was cut off when little is missing
        raise FormatError(format="JPEG", reason="no end", offset=len(data))
    return pillow.decode(data, "JPEG")
