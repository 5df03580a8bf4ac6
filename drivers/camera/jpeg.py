"""Whether bytes are one whole JPEG picture: looked at before any memory is taken, then decoded."""

import re
import struct
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from station.devices import Pixels

SOI: Final = b"\xff\xd8"
_EOI: Final = b"\xff\xd9"
_PADDING: Final = (
    b"\x00\r\n"  # what cameras leave behind the end; as much as one sector is believed
)
_PADDING_MAX: Final = 512
_PIXELS_MAX: Final = 25_000_000
_SOF: Final = frozenset(
    {0xC0, 0xC1, 0xC2}
)  # baseline, extended, progressive: what the decoder takes
_SOS, _COM = 0xDA, 0xFE
_ONE_SCAN: Final = frozenset({0xC0, 0xC1})
_COMPONENTS: Final = frozenset({1, 3})
# Inside entropy-coded data FF is followed by 00 or by a restart marker; FF FF is fill before a marker.
_FOREIGN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]")


@dataclass(frozen=True, slots=True)
class JpegHead:
    """What a JPEG says of itself."""

    width: int
    height: int
    components: int
    comment: bytes  # of its first COM segment


def inspect(data: bytes) -> JpegHead | None:
    """Return the head of a whole JPEG; None when it is cut, spliced, too large or none at all.

    JPEG has no check value: damage inside the coded data that keeps its form cannot be seen here.
    """
    end = _end(data)
    if end is None or not data.startswith(SOI):
        return None
    head, at, comment, first_sof = None, 2, b"", 0
    while at + 4 <= end and data[at] == 0xFF:
        kind = data[at + 1]
        if kind == 0xFF:
            at += 1
            continue
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > end:
            return None
        body = data[at + 4 : at + 2 + length]
        at += 2 + length
        if kind in _SOF:
            if head is not None or (head := _frame(body)) is None:
                return None
            first_sof = kind
        elif kind == _COM:
            comment = comment or body
        elif kind == _SOS:
            whole = first_sof not in _ONE_SCAN or _FOREIGN.search(data, at, end) is None
            if head is None or not whole or at >= end:
                return None
            return JpegHead(head.width, head.height, head.components, comment)
    return None


def decode(data: bytes, *, grey: bool = False, half: bool = False) -> Pixels | None:
    """Return the pixels of a whole JPEG: BGR, or as they are stored with ``grey``; None when it is not one.

    ``half`` gives half the width and height, which costs less than decoding and shrinking.
    """
    try:
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), _FLAGS[grey, half])
    except cv2.error:
        return None
    return None if picture is None else np.asarray(picture, np.uint8)


_FLAGS: Final = {
    (False, False): cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION,
    (False, True): cv2.IMREAD_REDUCED_COLOR_2 | cv2.IMREAD_IGNORE_ORIENTATION,
    (True, False): cv2.IMREAD_UNCHANGED,
    (True, True): cv2.IMREAD_REDUCED_GRAYSCALE_2 | cv2.IMREAD_IGNORE_ORIENTATION,
}


def comment(data: bytes, text: bytes) -> bytes:
    """Return a JPEG with a COM segment behind its first marker."""
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + data[2:]


def _end(data: bytes) -> int | None:
    """Return where the EOI marker stands; padding behind it is passed over."""
    length = len(data)
    while length > 2 and len(data) - length < _PADDING_MAX and data[length - 1] in _PADDING:
        length -= 1
    return length - 2 if data[length - 2 : length] == _EOI else None


def _frame(body: bytes) -> JpegHead | None:
    if len(body) < 6:
        return None
    depth, height, width, components = struct.unpack(">BHHB", body[:6])
    sane = depth == 8 and components in _COMPONENTS and 0 < width * height <= _PIXELS_MAX
    return JpegHead(width, height, components, b"") if sane else None
