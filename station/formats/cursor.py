"""Reading and writing of fixed binary layouts: every length checked first, every refusal with its offset.

A ``Cursor`` walks bytes and never hands out more than there are, so nothing is allocated that was not
received. A ``Layout`` is a table of big-endian fields; the same table reads, writes and checks ranges.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from station.errors import FormatError

_Record = TypeVar("_Record")
MOST_BYTES: Final = 256 << 20  # no record of one person is larger


class Cursor:
    """A position in bytes up to ``end``; anything that does not fit raises FormatError."""

    __slots__ = ("at", "data", "end", "name")

    def __init__(self, data: bytes, name: str, at: int = 0, end: int | None = None) -> None:
        self.data, self.name, self.at = data, name, at
        self.end = len(data) if end is None else end

    @property
    def left(self) -> int:
        """Bytes that are left."""
        return self.end - self.at

    def fail(self, reason: str, offset: int | None = None) -> FormatError:
        """Return the error for this place."""
        return FormatError(
            format=self.name, reason=reason, offset=self.at if offset is None else offset
        )

    def require(self, holds: bool, reason: str, offset: int | None = None) -> None:  # noqa: FBT001 - reads as an assertion
        """Raise FormatError unless it holds."""
        if not holds:
            raise self.fail(reason, offset)

    def take(self, count: int, what: str = "cut") -> bytes:
        """Return the next bytes."""
        if not 0 <= count <= self.left:
            raise self.fail(what, min(self.end, len(self.data)) if what == "cut" else None)
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self, width: int) -> int:
        """Return the next big-endian unsigned number."""
        return int.from_bytes(self.take(width))

    def part(self, length: int, what: str, offset: int | None = None) -> "Cursor":
        """Return a cursor over the next ``length`` bytes and step over them."""
        self.require(0 <= length <= self.left, what, offset)
        inner = Cursor(self.data, self.name, self.at, self.at + length)
        self.at += length
        return inner

    def finish(self, what: str = "trailing bytes") -> None:
        """Raise FormatError when bytes are left."""
        self.require(self.left == 0, what)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in the record's dataclass, bytes, and what it may hold."""

    name: str
    width: int
    allowed: Container[int] | None = None  # None: every value of that width


class Layout:
    """Fields one after another."""

    __slots__ = ("fields", "size")

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        self.size = sum(field.width for field in fields)

    def read(self, cursor: Cursor) -> dict[str, Any]:
        """Return the fields by name; FormatError naming the field and its offset."""
        cursor.require(cursor.left >= self.size, "cut", cursor.end)
        found: dict[str, Any] = {}
        for field in self.fields:
            value = cursor.number(field.width)
            if field.allowed is not None and value not in field.allowed:
                raise cursor.fail(field.name.replace("_", " "), cursor.at - field.width)
            found[field.name] = value
        return found

    def write(self, holder: object, name: str) -> bytes:
        """Return the bytes of the holder's attributes (or a mapping's values); FormatError."""
        values = holder if isinstance(holder, Mapping) else None
        return b"".join(
            number(
                values[field.name] if values is not None else getattr(holder, field.name),
                field.width,
                name,
                field.name,
            )
            for field in self.fields
        )


def number(value: int, width: int, name: str, what: str) -> bytes:
    """Return a big-endian unsigned number; FormatError when it does not fit its width."""
    try:
        return value.to_bytes(width)
    except (OverflowError, AttributeError) as cause:
        raise FormatError(format=name, reason=what.replace("_", " "), offset=0) from cause


def opened(data: bytes, name: str, magic: bytes) -> Cursor:
    """Return a cursor behind magic and version; FormatError."""
    cursor = Cursor(data, name)
    cursor.require(len(data) <= MOST_BYTES, "too long", MOST_BYTES)
    cursor.require(cursor.take(min(len(magic), len(data))) == magic, "magic", 0)
    return cursor


def proven(record: _Record, data: bytes, decode: Callable[[bytes], _Record]) -> bytes:
    """Return what was written once the reader has read the same record from it; FormatError.

    So the writer is exactly as strict as the reader, and a record that the edition cannot hold is
    refused instead of being shortened.
    """
    if decode(data) != record:
        raise FormatError(reason="the edition does not hold all of this record", offset=0)
    return data
