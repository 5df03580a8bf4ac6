"""The lines of RLP/1, the protocol of a near-infrared lamp: ASCII, numbered, with a check value."""

import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

LINE_MAX: Final = 96  # bytes, with the line feed
CAN: Final = 0x18  # this byte at any place puts the lamp out
_EVENT_SEQ: Final = 0
_SHAPE: Final = re.compile(
    rb"(?P<dir>[><!])(?P<seq>[0-9A-Fa-f]{2}) (?P<verb>[A-Z]+)(?P<fields>(?: [a-z_]+=[!-)+-~]+)*)"
)
_CHECKED: Final = re.compile(rb"(?P<body>[ -~]*)\*(?P<crc>[0-9A-F]{4})")


class Direction(Enum):
    """Who says the line."""

    COMMAND = ">"
    REPLY = "<"
    EVENT = "!"


class LineRefused(ValueError):
    """Bytes that are no line; ``damaged`` when the check value is missing or wrong, else bad syntax.

    ``seq`` is what stands where the number belongs, 0 when that is no number.
    """

    def __init__(self, *, damaged: bool, seq: int = 0) -> None:
        super().__init__("check value" if damaged else "syntax")
        self.damaged = damaged
        self.seq = seq


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the protocol."""

    direction: Direction
    seq: int
    verb: str
    fields: Mapping[str, str] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Return the bytes with check value and line feed; ValueError when they are too many."""
        words = "".join(f" {name}={value}" for name, value in self.fields.items())
        body = f"{self.direction.value}{self.seq:02X} {self.verb}{words}".encode("ascii")
        data = b"%s*%04X\n" % (body, crc16(body))
        if len(data) > LINE_MAX:
            raise ValueError(len(data))
        return data

    def number(self, name: str) -> int:
        """Return a field as a number; ValueError when it is missing or none."""
        text = self.fields.get(name, "")
        if not (text.isascii() and text.isdecimal() and len(text) <= 10):
            raise ValueError(name)
        return int(text)


def crc16(data: bytes) -> int:
    """Return CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected, nothing added at the end."""
    return binascii.crc_hqx(data, 0xFFFF)


def decode(data: bytes) -> Line:
    """Return the line of ``data``, which is without its line feed; LineRefused."""
    checked = _CHECKED.fullmatch(data)
    if checked is None or len(data) >= LINE_MAX:
        raise LineRefused(damaged=True, seq=_said_seq(data))
    body = checked["body"]
    if crc16(body) != int(checked["crc"], 16):
        raise LineRefused(damaged=True, seq=_said_seq(data))
    shape = _SHAPE.fullmatch(body)
    if shape is None:
        raise LineRefused(damaged=False, seq=_said_seq(data))
    pairs = [_pair(pair) for pair in shape["fields"].decode("ascii").split()]
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise LineRefused(damaged=False, seq=int(shape["seq"], 16))
    return Line(
        Direction(shape["dir"].decode("ascii")),
        int(shape["seq"], 16),
        shape["verb"].decode("ascii"),
        fields,
    )


class LineCutter:
    """Cuts a byte stream into lines; never holds more than one line's length."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield each finished line without CR and LF; one that was too long comes cut at the limit."""
        for byte in data:
            if byte == 0x0A:
                line = bytes(self._held)
                self.clear()
                if line:
                    yield line
            elif byte != 0x0D and len(self._held) < LINE_MAX:
                self._held.append(byte)

    def clear(self) -> None:
        """Forget the line that has begun."""
        self._held.clear()


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _said_seq(data: bytes) -> int:
    try:
        return int(data[1:3].decode("ascii"), 16)
    except ValueError:
        return _EVENT_SEQ
