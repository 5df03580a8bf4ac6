"""BER-TLV as cards use it: a parser that cannot be made to run away, and an encoder."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from station.errors import FormatError

_MAX_DEPTH: Final = 8
_MAX_NODES: Final = 256


@dataclass(frozen=True, slots=True)
class Tlv:
    """One data object; ``size`` counts tag and length bytes too."""

    tag: int
    value: bytes = field(repr=False)
    size: int

    @property
    def constructed(self) -> bool:
        """Whether the value is itself a list of data objects."""
        first = self.tag >> (8 * ((self.tag.bit_length() - 1) // 8)) if self.tag else 0
        return bool(first & 0x20)


def encode_tlv(tag: int, value: bytes) -> bytes:
    """Return tag, shortest DER length, value; values up to 65535 bytes."""
    if len(value) > 0xFFFF:
        raise FormatError(what="tlv_length", bytes=len(value))
    head = tag.to_bytes(max(1, (tag.bit_length() + 7) // 8))
    if len(value) < 0x80:
        return head + bytes((len(value),)) + value
    width = 1 if len(value) < 0x100 else 2
    return head + bytes((0x80 | width,)) + len(value).to_bytes(width) + value


def read_tlv(data: bytes, offset: int = 0) -> Tlv:
    """Read the one data object at ``offset``; what follows it is left alone. Raises FormatError."""
    at = offset
    tag = _byte(data, at)
    at += 1
    if tag & 0x1F == 0x1F:
        for _ in range(2):
            more = _byte(data, at)
            at += 1
            tag = tag << 8 | more
            if not more & 0x80:
                break
        else:
            raise FormatError(offset=offset, what="tlv_tag")
    length = _byte(data, at)
    at += 1
    if length >= 0x80:
        width = length & 0x7F
        if (
            not 1 <= width <= 2
        ):  # indefinite length and anything above 64 KiB have no place on a card
            raise FormatError(offset=at - 1, what="tlv_length")
        raw = data[at : at + width]
        if len(raw) < width:
            raise FormatError(offset=at, what="tlv_end")
        length, at = int.from_bytes(raw), at + width
    if at + length > len(data):
        raise FormatError(offset=at, what="tlv_overrun")
    return Tlv(tag, data[at : at + length], at + length - offset)


def walk_tlv(data: bytes) -> Iterator[tuple[int, Tlv]]:
    """Yield (depth, object) of all nested objects in order; at most 8 deep and 256 in number."""
    count = 0
    stack: list[tuple[int, bytes, int]] = [(0, data, 0)]
    while stack:
        depth, block, at = stack.pop()
        if at >= len(block):
            continue
        count += 1
        if count > _MAX_NODES:
            raise FormatError(what="tlv_count")
        item = read_tlv(block, at)
        stack.append((depth, block, at + item.size))
        yield depth, item
        if item.constructed:
            if depth + 1 >= _MAX_DEPTH:
                raise FormatError(what="tlv_depth")
            stack.append((depth + 1, item.value, 0))


def read_children(data: bytes) -> tuple[Tlv, ...]:
    """Return the objects standing side by side in ``data``."""
    items: list[Tlv] = []
    at = 0
    while at < len(data):
        if len(items) >= _MAX_NODES:
            raise FormatError(what="tlv_count")
        item = read_tlv(data, at)
        items.append(item)
        at += item.size
    return tuple(items)


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise FormatError(offset=at, what="tlv_end")
    return data[at]
