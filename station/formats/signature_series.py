"""Signature time series, ISO/IEC 19794-7: strict reader and writer of channels and points.

A channel that is constant has its attributes in the head and no values in the body.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

import numpy as np

from station.errors import FormatError
from station.formats.cursor import Cursor, number, opened, proven

NAME: Final = "19794-7 signature"
MAGIC: Final = b"SDI\x00 10\x00"
MOST_POINTS: Final = 1_000_000  # an hour at 277 Hz
_SCALED, _CONSTANT, _LINEAR, _RESERVED = 0x80, 0x04, 0x02, 0x01
_VALUES: Final = ((0x40, "minimum"), (0x20, "maximum"), (0x10, "mean"), (0x08, "deviation"))


class ChannelKind(IntEnum):
    """What a channel measures; the value is its bit in the channel mask."""

    X = 15
    Y = 14
    Z = 13
    VX = 12
    VY = 11
    AX = 10
    AY = 9
    T = 8
    DT = 7
    F = 6  # pen force
    S = 5  # tip switch
    TX = 4
    TY = 3
    AZ = 2
    EL = 1
    R = 0


_SIGNED: Final = {ChannelKind[name] for name in ("X", "Y", "VX", "VY", "AX", "AY", "TX", "TY")}


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel: attributes as stored numbers (None: not given), and its values."""

    kind: ChannelKind
    values: tuple[int, ...] = field(default=(), repr=False)  # empty when constant
    scale: int | None = None  # sixteen bits, see ``scale_value``
    minimum: int | None = None
    maximum: int | None = None
    mean: int | None = None
    deviation: int | None = None
    constant: bool = False
    linear_removed: bool = False


@dataclass(frozen=True, slots=True)
class SignatureSeries:
    """A record: channels in mask order, each with one value per point."""

    channels: tuple[Channel, ...]
    count: int
    extension: bytes | None = field(default=None, repr=False)

    def channel(self, kind: ChannelKind) -> Channel | None:
        """Return a channel; None when the record does not have it."""
        return next((each for each in self.channels if each.kind is kind), None)


def scale_value(stored: int) -> float:
    """Return the units a stored scale stands for: (1 + fraction/2048) x 2^(exponent - 16)."""
    return float((1 + (stored & 0x7FF) / 2048) * 2.0 ** ((stored >> 11) - 16))


def stored_scale(value: float) -> int:
    """Return the nearest stored scale; FormatError when it is out of range."""
    fraction, exponent = np.frexp(value)
    stored = (int(exponent) - 1 + 16 << 11) + round((2 * float(fraction) - 1) * 2048)
    if not (value > 0 and np.isfinite(value) and 0 <= stored <= 0xFFFF):
        raise FormatError(format=NAME, reason="scale", offset=0)
    return stored


def decode(data: bytes) -> SignatureSeries:
    """Return the series; FormatError with the offset of the first byte that is not as it must be."""
    cursor = opened(data, NAME, MAGIC)
    mask = cursor.number(2)
    cursor.require(mask != 0, "channels", 8)
    heads = [_read_head(cursor, kind) for kind in ChannelKind if mask >> kind & 1]
    cursor.require(cursor.number(1) == 0, "reserved", cursor.at - 1)
    extended = cursor.number(1)
    cursor.require(extended in {0, 1}, "extension flag", cursor.at - 1)
    count = cursor.number(3)
    moving = [head for head in heads if not head["constant"]]
    cursor.require(0 < count <= MOST_POINTS, "point count", cursor.at - 3)
    cursor.require(2 * count * len(moving) <= cursor.left, "point count", cursor.at - 3)
    table = np.frombuffer(cursor.take(2 * count * len(moving)), ">u2").reshape(count, len(moving))
    columns = iter(table.T.astype(int).tolist())
    channels = tuple(_channel(head, columns) for head in heads)
    extension = cursor.take(cursor.number(2), "extension length") if extended else None
    cursor.finish()
    return SignatureSeries(channels, count, extension)


def encode(series: SignatureSeries) -> bytes:
    """Return the record; FormatError for values out of range or channels of unequal length."""
    kinds = [channel.kind for channel in series.channels]
    moving = [channel for channel in series.channels if not channel.constant]
    if kinds != sorted(set(kinds), reverse=True) or any(
        len(channel.values) != series.count for channel in moving
    ):
        raise Cursor(b"", NAME).fail("channels")
    data = MAGIC + number(sum(1 << kind for kind in kinds), 2, NAME, "channels")
    data += b"".join(_head(channel) for channel in series.channels) + b"\x00"
    data += bytes([series.extension is not None]) + number(series.count, 3, NAME, "point count")
    rows = np.array([channel.values for channel in moving], np.int64).reshape(
        len(moving), series.count
    )
    rows += np.array([[_low(channel.kind)] for channel in moving], np.int64).reshape(-1, 1)
    if rows.size and not 0 <= rows.min() <= rows.max() <= 0xFFFF:
        raise Cursor(b"", NAME).fail("value")
    data += rows.T.astype(">u2").tobytes()
    if series.extension is not None:
        data += number(len(series.extension), 2, NAME, "extension length") + series.extension
    return proven(series, data, decode)


def _low(kind: ChannelKind) -> int:
    """Return what is added before storing: the range of a signed channel begins at -32768."""
    return 0x8000 if kind in _SIGNED else 0


def _read_head(cursor: Cursor, kind: ChannelKind) -> dict[str, object]:
    mask = cursor.number(1)
    cursor.require(not mask & _RESERVED, "channel attributes", cursor.at - 1)
    head: dict[str, object] = {
        "kind": kind,
        "constant": bool(mask & _CONSTANT),
        "linear_removed": bool(mask & _LINEAR),
        "scale": cursor.number(2) if mask & _SCALED else None,
    }
    for bit, name in _VALUES:
        spread = 0 if name == "deviation" else _low(kind)
        head[name] = cursor.number(2) - spread if mask & bit else None
    return head


def _channel(head: dict[str, object], columns: Iterator[list[int]]) -> Channel:
    kind = head["kind"]
    assert isinstance(kind, ChannelKind)  # noqa: S101 - for the type checker
    low = _low(kind)
    values = () if head["constant"] else tuple(value - low for value in next(columns))
    return Channel(values=values, **head)  # type: ignore[arg-type]


def _head(channel: Channel) -> bytes:
    mask = _CONSTANT * channel.constant | _LINEAR * channel.linear_removed
    data = b""
    if channel.scale is not None:
        mask, data = mask | _SCALED, number(channel.scale, 2, NAME, "scale")
    for bit, name in _VALUES:
        value: int | None = getattr(channel, name)
        if value is not None:
            spread = 0 if name == "deviation" else _low(channel.kind)
            mask, data = mask | bit, data + number(value + spread, 2, NAME, name)
    return bytes([mask]) + data
