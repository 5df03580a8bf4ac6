"""Canonical JSON: one byte string for one value, and nothing else is accepted back."""

import json
from typing import Any, NoReturn

from station.errors import PacketRefused


def write(value: object) -> bytes:
    """Return UTF-8 JSON with sorted keys, no spaces and integers only; TypeError for anything else."""
    _refuse_floats(value)
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def read(data: bytes, what: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value of canonical JSON; PacketRefused for any other spelling of it."""
    try:
        value = json.loads(
            data.decode(), object_pairs_hook=_unique, parse_float=_refuse, parse_constant=_refuse
        )
        same = write(value) == data
    except (ValueError, TypeError, RecursionError) as cause:
        raise PacketRefused(reason="JSON", what=what) from cause
    if not same:
        raise PacketRefused(reason="NOT_CANONICAL", what=what)
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _refuse(_text: str) -> NoReturn:
    raise ValueError("not an integer")


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("float")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
