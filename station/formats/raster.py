"""What every image codec here shares: size caps before decoding, and one typed error after it."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from station.devices import Pixels
from station.errors import FormatError

MAX_SIDE: Final = 8192
MAX_PIXELS: Final = 40_000_000  # a 4-4-2 slap at 1000 ppi has 19 million
MAX_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture: grey (h, w) or BGR (h, w, 3), and its pixels per inch, 0 when not given.

    ``whole`` is False where the file says more than eight-bit grey or colour can: deeper samples, transparency,
    other inks, further pages.
    """

    pixels: Pixels = field(repr=False)
    ppi: int = 0
    whole: bool = True


def check_bytes(data: bytes, format_name: str, magic: bytes) -> None:
    """Raise FormatError unless the data begin with the magic and are of a sane length."""
    if len(data) > MAX_BYTES:
        raise FormatError(format=format_name, reason="too long", offset=MAX_BYTES)
    if not data.startswith(magic):
        raise FormatError(format=format_name, reason="magic", offset=0)


def check_size(width: int, height: int, format_name: str, offset: int) -> None:
    """Raise FormatError for an empty picture or one that would exhaust the memory."""
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise FormatError(
            format=format_name, reason="size", offset=offset, width=width, height=height
        )


def checked_pixels(pixels: Pixels, format_name: str, *, colour: bool) -> Pixels:
    """Return a contiguous grey (h, w) or, where the format allows it, BGR (h, w, 3) array."""
    fits = pixels.ndim == 2 or (colour and pixels.ndim == 3 and pixels.shape[2] == 3)
    if pixels.dtype != np.uint8 or not fits:
        raise FormatError(format=format_name, reason="pixel type", offset=0)
    check_size(int(pixels.shape[1]), int(pixels.shape[0]), format_name, 0)
    return np.ascontiguousarray(pixels)
