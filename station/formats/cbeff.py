"""CBEFF data objects of ISO/IEC 7816-11 as travel documents use them: a group of biometric templates.

``7F61 { 02 count, 7F60 { A1 header, 5F2E data }, ... }``, DER lengths. Data of ISO/IEC 39794 would stand
in 7F2E; such a group is refused.
"""

from dataclasses import dataclass, field
from typing import Final

from station.formats.cursor import MOST_BYTES, Cursor, number, proven

NAME: Final = "CBEFF"
MAGIC: Final = b"\x7f\x61"
OWNER: Final = 0x0101  # ISO/IEC JTC 1/SC 37
_VERSION: Final = 0x0101
FORMATS: Final = {"minutiae": 2, "compact card": 5, "finger": 7, "face": 8, "iris": 9}
RECORDS: Final = frozenset({2, 7, 8, 9})  # formats whose data are ISO/IEC 19794 records
FACE, FINGER, IRIS = 0x02, 0x08, 0x10  # biometric types
_GROUP, _TEMPLATE, _COUNT, _HEADER, _DATA = 0x7F61, 0x7F60, 0x02, 0xA1, 0x5F2E
_OPTIONAL: Final = {0x81: "kind", 0x82: "subtype", 0x83: "created", 0x85: "valid", 0x86: "creator"}


@dataclass(frozen=True, slots=True)
class Bit:
    """One biometric information template: what kind of data, and the data. None: not in the header."""

    format: int  # type of the data block, see FORMATS
    data: bytes = field(repr=False)
    kind: bytes | None = None  # FACE, FINGER, IRIS as one byte
    subtype: bytes | None = None
    created: bytes | None = None  # seven bytes, year .. second, packed decimal
    valid: bytes | None = None
    creator: bytes | None = None
    owner: int = OWNER


@dataclass(frozen=True, slots=True)
class Group:
    """A biometric information group template: one or more templates, in order."""

    bits: tuple[Bit, ...]


def subtype_of(position: int) -> bytes:
    """Return the subtype of a finger 1..10: hand (1 right, 2 left) + finger << 2 (thumb 1 .. little 5)."""
    hand, finger = divmod(position - 1, 5)
    return bytes([(hand + 1) | (finger + 1) << 2])


def decode(data: bytes) -> Group:
    """Return the group with its templates; FormatError with the offset of the first fault."""
    cursor = Cursor(data, NAME)
    cursor.require(len(data) <= MOST_BYTES, "too long", MOST_BYTES)
    group = _object(cursor, _GROUP)
    cursor.finish()
    counter = _object(group, _COUNT)
    cursor.require(counter.left == 1, "count", counter.at)
    count = counter.number(1)
    bits = tuple(_read_bit(_object(group, _TEMPLATE)) for _ in range(count))
    group.finish("count")
    return Group(bits)


def encode(group: Group) -> bytes:
    """Return the bytes; FormatError for more than 255 templates or a value that does not fit."""
    count = number(len(group.bits), 1, NAME, "count")
    body = _tlv(_COUNT, count) + b"".join(map(_bit, group.bits))
    return proven(group, _tlv(_GROUP, body), decode)


def _read_bit(cursor: Cursor) -> Bit:
    header = _object(cursor, _HEADER)
    version = _object(header, 0x80)
    cursor.require(version.left == 2 and version.number(2) == _VERSION, "version", version.at)
    found: dict[str, bytes] = {}
    while header.left and (tag := header.data[header.at]) in _OPTIONAL:
        inner = _object(header, tag)
        cursor.require(_OPTIONAL[tag] not in found, "field twice", inner.at)
        # Ascending tags: the only order that can be written back.
        cursor.require(all(name < tag for name in _tags(found)), "order", inner.at)
        found[_OPTIONAL[tag]] = inner.take(inner.left)
    owner, kind = (_object(header, tag) for tag in (0x87, 0x88))
    cursor.require(owner.left == 2 and kind.left == 2, "owner or format", owner.at)
    header.finish("unknown header field")
    cursor.require(cursor.data[cursor.at : cursor.at + 2] != b"\x7f\x2e", "ISO/IEC 39794 data")
    block = _object(cursor, _DATA)
    cursor.finish()
    return Bit(kind.number(2), block.take(block.left), owner=owner.number(2), **found)


def _tags(found: dict[str, bytes]) -> list[int]:
    return [tag for tag, name in _OPTIONAL.items() if name in found]


def _bit(bit: Bit) -> bytes:
    header = _tlv(0x80, _VERSION.to_bytes(2))
    for tag, name in _OPTIONAL.items():
        value: bytes | None = getattr(bit, name)
        if value is not None:
            header += _tlv(tag, value)
    header += _tlv(0x87, number(bit.owner, 2, NAME, "owner"))
    header += _tlv(0x88, number(bit.format, 2, NAME, "format"))
    return _tlv(_TEMPLATE, _tlv(_HEADER, header) + _tlv(_DATA, bit.data))


def _object(cursor: Cursor, tag: int) -> Cursor:
    """Return the contents of the object that must come next; DER lengths, shortest form only."""
    start = cursor.at
    cursor.require(cursor.number(2 if tag > 0xFF else 1) == tag, f"tag {tag:X} expected", start)
    at = cursor.at
    length = cursor.number(1)
    if length >= 0x80:
        width = length & 0x7F
        cursor.require(1 <= width <= 4, "length", at)
        length = cursor.number(width)
        cursor.require(length >= max(0x80, 1 << 8 * (width - 1)), "length not in shortest form", at)
    return cursor.part(length, "length", at)


def _tlv(tag: int, value: bytes) -> bytes:
    size = len(value)
    width = (size.bit_length() + 7) // 8
    length = bytes([size]) if size < 0x80 else bytes([0x80 | width]) + size.to_bytes(width)
    return tag.to_bytes(2 if tag > 0xFF else 1) + length + value
