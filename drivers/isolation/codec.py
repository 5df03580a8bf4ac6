"""Values between desk and helper as plain JSON: a closed list of types, every one checked on arrival.

Nothing foreign is ever evaluated: no pickle, no class looked up by a name from the other side outside the
types the receiver asked for. Pictures and long bytes stand in shared memory; here only where they are.
"""

import dataclasses
import datetime as dt
import math
import types
import typing
from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Final, Protocol, get_args, get_origin

import numpy as np

from station.devices import Pixels

_TEXT: Final = 1_000  # characters of one string
_ITEMS: Final = 50_000  # of one list: pen points
_INT: Final = 1 << 63
_DEPTH: Final = 12


class Malformed(Exception):
    """The other side sent, or a driver returned, something outside the agreed types."""


class Blobs(Protocol):
    """Where pictures and long bytes are kept outside the message."""

    def keep(self, data: Pixels | bytes) -> int:
        """Store and return the place; Malformed when it does not fit."""
        ...

    def fetch(self, at: int, into: Pixels) -> None:
        """Fill an array from a place; Malformed when it is not inside."""
        ...

    def room(self, at: int, size: int) -> None:
        """Malformed unless ``size`` bytes at ``at`` lie inside; before memory is taken."""
        ...


def encode(value: object, blobs: Blobs | None = None) -> Any:  # noqa: ANN401 - JSON
    """Return a value as JSON; Malformed for a type that may not cross."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return {"is": type(value).__name__, "value": value.value}
    if isinstance(value, int | str):
        return _plain(value)
    if isinstance(value, float | np.floating):
        return _finite(float(value))
    if isinstance(value, np.integer):
        return _plain(int(value))
    if isinstance(value, Fraction):
        return {"is": "Fraction", "value": [_plain(value.numerator), _plain(value.denominator)]}
    if isinstance(value, dt.datetime):
        return {"is": "datetime", "value": _utc(value).isoformat()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: encode(getattr(value, f.name), blobs) for f in dataclasses.fields(value)}
        return {"is": type(value).__name__, **fields}
    if isinstance(value, tuple | list):
        return [encode(item, blobs) for item in value]
    if isinstance(value, Mapping):
        return {str(_plain(name)): encode(item, blobs) for name, item in value.items()}
    return _encode_blob(value, blobs)


def decode(hint: Any, data: Any, blobs: Blobs | None = None, depth: int = 0) -> Any:  # noqa: ANN401
    """Return the value of type ``hint`` that JSON stands for; Malformed for anything else."""
    if depth > _DEPTH:
        raise Malformed("depth")
    origin = get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(get_args(hint), data, blobs, depth)
    if hint is None or hint is type(None):
        return _decode_none(data)
    if hint in (bool, int, float, str):
        return _decode_plain(hint, data)
    if origin is np.ndarray or hint is bytes:
        return _decode_blob(hint, data, blobs)
    if origin is tuple:
        return _decode_tuple(get_args(hint), data, blobs, depth)
    if origin in (Mapping, dict):
        return _decode_mapping(get_args(hint)[1], data, blobs, depth)
    if hint is Fraction:
        return _decode_fraction(data)
    if hint is dt.datetime:
        return _decode_time(data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _decode_enum(hint, data)
    if dataclasses.is_dataclass(hint):
        return _decode_record(hint, data, blobs, depth)
    raise Malformed(f"no rule for {hint}")


def pixels_of(value: object) -> Pixels:
    """Return a driver's picture as it may cross: uint8, (h, w) or (h, w, 3), in one piece; Malformed."""
    if not isinstance(value, np.ndarray) or value.dtype != np.uint8:
        raise Malformed("not uint8 pixels")
    _check_shape(value.shape)
    return np.ascontiguousarray(value)


def shape_of(data: object) -> tuple[int, ...]:
    """Return a picture's shape from a message; Malformed."""
    if not isinstance(data, list) or not all(type(side) is int for side in data):
        raise Malformed("shape")
    shape = tuple(data)
    _check_shape(shape)
    return shape


def _check_shape(shape: tuple[int, ...]) -> None:
    good = len(shape) == 2 or (len(shape) == 3 and shape[2] == 3)
    if not good or not all(1 <= side <= 16_384 for side in shape):
        raise Malformed("shape")


def _plain(value: int | str) -> int | str:
    if isinstance(value, str):
        if len(value) > _TEXT:
            raise Malformed("long text")
        return str(value)
    if not -_INT <= value < _INT:
        raise Malformed("large number")
    return int(value)


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise Malformed("not a finite number")
    return value


def _utc(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        raise Malformed("time without a zone")
    return value.astimezone(dt.UTC)


def _encode_blob(value: object, blobs: Blobs | None) -> Mapping[str, object]:
    if blobs is None:
        raise Malformed(f"no rule for {type(value).__name__}")
    if isinstance(value, bytes | bytearray):
        return {"is": "bytes", "at": blobs.keep(bytes(value)), "size": len(value)}
    pixels = pixels_of(value)
    return {"is": "pixels", "at": blobs.keep(pixels), "shape": list(pixels.shape)}


def _decode_none(data: object) -> None:
    if data is not None:
        raise Malformed("not nothing")


def _decode_plain(hint: type, data: object) -> bool | int | float | str:
    if hint is float and type(data) is int:
        return float(_plain(data))
    if type(data) is hint:
        if isinstance(data, bool):
            return data
        if isinstance(data, float):
            return _finite(data)
        if isinstance(data, int | str):
            return _plain(data)
    raise Malformed(f"not {hint.__name__}")


def _decode_whole(data: object) -> int:
    return int(_decode_plain(int, data))


def _decode_union(hints: tuple[Any, ...], data: object, blobs: Blobs | None, depth: int) -> object:
    if data is None and type(None) in hints:
        return None
    name = data.get("is") if isinstance(data, dict) else type(data).__name__
    for hint in hints:
        plain = get_origin(hint) or hint
        if getattr(plain, "__name__", "") == name or (plain is np.ndarray and name == "pixels"):
            return decode(hint, data, blobs, depth + 1)
    raise Malformed("none of the types asked for")


def _decode_tuple(
    args: tuple[Any, ...], data: object, blobs: Blobs | None, depth: int
) -> tuple[Any, ...]:
    if len(args) != 2 or args[1] is not Ellipsis:
        raise Malformed("only tuples of one type")
    if not isinstance(data, list) or len(data) > _ITEMS:
        raise Malformed("not a list")
    return tuple(decode(args[0], item, blobs, depth + 1) for item in data)


def _decode_mapping(
    hint: Any,  # noqa: ANN401
    data: object,
    blobs: Blobs | None,
    depth: int,
) -> Mapping[str, Any]:
    if not isinstance(data, dict) or len(data) > 100:
        raise Malformed("not a mapping")
    return {str(_plain(n)): decode(hint, item, blobs, depth + 1) for n, item in data.items()}


def _tagged(name: str, data: object, *fields: str) -> dict[str, Any]:
    if not isinstance(data, dict) or data.get("is") != name or set(data) != {"is", *fields}:
        raise Malformed(f"not a {name}")
    return data


def _decode_fraction(data: object) -> Fraction:
    pair = decode(tuple[int, ...], _tagged("Fraction", data, "value")["value"])
    if len(pair) != 2 or pair[1] <= 0:
        raise Malformed("fraction")
    return Fraction(pair[0], pair[1])


def _decode_time(data: object) -> dt.datetime:
    try:
        return _utc(dt.datetime.fromisoformat(_tagged("datetime", data, "value")["value"]))
    except (TypeError, ValueError, OverflowError) as cause:
        raise Malformed("time") from cause


def _decode_enum(hint: type[Enum], data: object) -> Enum:
    value = _tagged(hint.__name__, data, "value")["value"]
    for member in hint:
        if type(member.value) is type(value) and member.value == value:
            return member
    raise Malformed(f"not a {hint.__name__}")


def _decode_record(hint: Any, data: object, blobs: Blobs | None, depth: int) -> Any:  # noqa: ANN401
    hints = _fields(hint)
    given = _tagged(hint.__name__, data, *hints)
    return hint(**{n: decode(kind, given[n], blobs, depth + 1) for n, kind in hints.items()})


def _decode_blob(hint: Any, data: object, blobs: Blobs | None) -> Pixels | bytes:  # noqa: ANN401
    if blobs is None:
        raise Malformed("no room for pictures")
    if hint is bytes:
        given = _tagged("bytes", data, "at", "size")
        shape: tuple[int, ...] = (_decode_whole(given["size"]),)
        if shape[0] < 0:
            raise Malformed("size")
    else:
        given = _tagged("pixels", data, "at", "shape")
        shape = shape_of(given["shape"])
    at = _decode_whole(given["at"])
    blobs.room(at, math.prod(shape))
    array = np.empty(shape, np.uint8)
    blobs.fetch(at, array)
    if hint is bytes:
        return array.tobytes()
    array.flags.writeable = False
    return array


@cache
def _fields(record: Any) -> Mapping[str, Any]:  # noqa: ANN401
    hints = typing.get_type_hints(record)
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}
