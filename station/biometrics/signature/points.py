"""The evidence of a signature as bytes: the raw pen points in one canonical JSON form."""

import json
from collections.abc import Sequence

from station.devices import PenPoint
from station.errors import FormatError

_FORM = "rekam-signature-1"


def encode_points(points: Sequence[PenPoint]) -> bytes:
    """Return the canonical bytes: ``[t_us, x_um, y_um, pressure, down]`` per point, nothing rounded."""
    rows = [[p.t_us, p.x_um, p.y_um, p.pressure, int(p.down)] for p in points]
    return json.dumps({"form": _FORM, "points": rows}, separators=(",", ":")).encode("ascii")


def decode_points(data: bytes) -> tuple[PenPoint, ...]:
    """Read what encode_points wrote; FormatError for anything that is not exactly its form."""
    try:
        content = json.loads(data.decode("ascii"))
    except (UnicodeDecodeError, ValueError, RecursionError) as cause:
        raise FormatError(reason="signature_json") from cause
    if (
        not isinstance(content, dict)
        or content.get("form") != _FORM
        or set(content) != {"form", "points"}
    ):
        raise FormatError(reason="signature_form")
    rows = content["points"]
    if not isinstance(rows, list):
        raise FormatError(reason="signature_points")
    return tuple(_point(row, number) for number, row in enumerate(rows))


def _point(row: object, number: int) -> PenPoint:
    if not isinstance(row, list) or len(row) != 5:
        raise FormatError(reason="signature_point", offset=number)
    t_us, x_um, y_um, pressure, down = row
    whole = all(type(value) is int for value in (t_us, x_um, y_um, down))
    if (
        not whole
        or type(pressure) not in (int, float)
        or not 0 <= pressure <= 1
        or down not in (0, 1)
    ):
        raise FormatError(reason="signature_point", offset=number)
    return PenPoint(t_us, x_um, y_um, float(pressure), bool(down))
