"""The structure of a WSQ stream: segments walked and measured without decoding anything.

The decoder is a C library that trusts what it reads and complains on standard error. So the stream is
checked here first: order and lengths of the segments, table counts, size, and the end marker.
"""

import re
from dataclasses import dataclass
from typing import Final

from station.formats.cursor import Cursor
from station.formats.raster import check_bytes, check_size

NAME: Final = "WSQ"
MAGIC: Final = b"\xff\xa0"
_SOI, _EOI, _SOF, _SOB, _DTT, _DQT, _DHT, _DRT, _COM = 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8  # fmt: skip
_FRAME_BYTES: Final = 17
_QUANTISATION_BYTES: Final = 389  # 2 + 1 + 2 + 64 x (1 + 2 + 1 + 2)
_BLOCK_BYTES: Final = 3
_MOST_BLOCKS: Final = 3
_PPI: Final = re.compile(rb"(?:^|\n)PPI (\d{1,5})\s")


@dataclass(frozen=True, slots=True)
class Stream:
    """What the segments say: pixels, resolution (0 when no comment gives it), how many blocks of data."""

    width: int
    height: int
    ppi: int
    blocks: int


def read(data: bytes) -> Stream:
    """Return what the stream says of itself; FormatError with the offset of the first fault."""
    check_bytes(data, NAME, MAGIC)
    cursor = Cursor(data, NAME, 2)
    width = height = ppi = blocks = 0
    seen: set[int] = set()
    while True:
        start = cursor.at
        marker = cursor.number(2)
        if marker == 0xFF00 | _EOI:
            break
        segment = _segment(cursor, marker, start)
        if marker & 0xFF == _COM:
            found = _PPI.search(segment.data[segment.at : segment.end])
            ppi = int(found[1]) if found else ppi
        elif marker & 0xFF == _SOF:
            cursor.require(_SOF not in seen and segment.left == _FRAME_BYTES - 2, "frame", start)
            segment.take(2)
            height, width = segment.number(2), segment.number(2)
            check_size(width, height, NAME, start + 6)
        elif marker & 0xFF == _SOB:
            cursor.require({_SOF, _DTT, _DQT, _DHT} <= seen, "block before its tables", start)
            cursor.require(segment.left == _BLOCK_BYTES - 2, "block header", start)
            blocks += 1
            cursor.require(blocks <= _MOST_BLOCKS, "blocks", start)
            _skip_entropy(cursor)
        seen.add(marker & 0xFF)
    cursor.finish()
    cursor.require(blocks > 0, "no data", start)
    return Stream(width, height, ppi, blocks)


def _segment(cursor: Cursor, marker: int, start: int) -> Cursor:
    cursor.require(marker >> 8 == 0xFF and _SOF <= marker & 0xFF <= _COM, "marker", start)
    length = cursor.number(2)
    segment = cursor.part(length - 2, "segment length", start + 2)
    inner = Cursor(segment.data, NAME, segment.at, segment.end)
    if marker & 0xFF == _DTT:
        high, low = inner.number(1), inner.number(1)
        cursor.require(0 < high <= 32 and 0 < low <= 32, "filter length", start + 4)
        cursor.require(length == 4 + 6 * ((high + 1) // 2 + (low + 1) // 2), "filters", start + 2)
    elif marker & 0xFF == _DQT:
        cursor.require(length == _QUANTISATION_BYTES, "quantisation table", start + 2)
    elif marker & 0xFF == _DHT:
        while inner.left:
            cursor.require(inner.number(1) < 8, "Huffman table number", inner.at - 1)
            _huffman(inner)
    elif marker & 0xFF == _DRT:
        cursor.require(length == 4, "restart", start + 2)
    return segment


def _huffman(inner: Cursor) -> None:
    """Check one table: at most 256 codes, and no more of a length than that length can hold."""
    start = inner.at
    counts = inner.take(16, "Huffman table")
    room = 1
    for count in counts:
        room = 2 * room - count
        inner.require(room >= 0, "Huffman table", start)
    inner.require(sum(counts) <= 256, "Huffman table", start)  # none: an empty block
    inner.take(sum(counts), "Huffman table")


def _skip_entropy(cursor: Cursor) -> None:
    """Step over entropy-coded bytes: FF there is always followed by 00."""
    at = cursor.at
    while True:
        at = cursor.data.find(b"\xff", at)
        if at < 0 or at + 1 >= cursor.end:
            raise cursor.fail("cut", cursor.end)
        if cursor.data[at + 1]:
            cursor.at = at
            return
        at += 2
