"""Minutiae as text files: Rekam's own JSON form, and the ``x y theta quality`` lines of mindtct."""

import json
import math
from typing import Final

import numpy as np

from station.errors import FormatError
from station.formats import compact_card
from station.minutiae import ENDING, FORK, OTHER, Template

FORM: Final = "rekam-minutiae-1"
TYPES: Final = {OTHER: "other", ENDING: "ending", FORK: "bifurcation"}
_CODES: Final = {name: code for code, name in TYPES.items()}
_MOST = 2000  # lines of a text file: more is no fingerprint
_FARTHEST = 16383.0  # pixels; what the binary records can hold


def minutiae_rows(template: Template) -> list[dict[str, object]]:
    """Return one object per minutia: pixels at 500 ppi from the top left, degrees counter-clockwise."""
    rows = zip(template.x, template.y, template.angle, template.type, template.quality, strict=True)
    return [
        {
            "x": round(float(x), 1),
            "y": round(float(y), 1),
            "angle": round(math.degrees(float(angle)), 1),
            "type": TYPES[int(kind)],
            "quality": int(quality),
        }
        for x, y, angle, kind, quality in rows
    ]


def to_json(template: Template) -> bytes:
    """Return the template in Rekam's JSON form."""
    content = {
        "form": FORM,
        "ppi": 500,
        "width": template.width,
        "height": template.height,
        "minutiae": minutiae_rows(template),
    }
    return json.dumps(content).encode("ascii")


def from_json(data: bytes) -> Template:
    """Read what ``to_json`` wrote; FormatError for anything else."""
    try:
        content = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as cause:
        raise FormatError(format="minutiae JSON", reason="json") from cause
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise FormatError(format="minutiae JSON", reason="form")
    try:
        rows = [
            (
                float(row["x"]),
                float(row["y"]),
                float(row["angle"]),
                _CODES[row["type"]],
                _quality([float(row["quality"])]),
            )
            for row in content["minutiae"]
        ]
        size = (int(content["width"]), int(content["height"]))
    except (KeyError, TypeError, ValueError, OverflowError) as cause:
        raise FormatError(format="minutiae JSON", reason="minutia") from cause
    return _template(rows, size, "minutiae JSON")


def to_xyt(template: Template) -> bytes:
    """Return mindtct's lines: y up from the lower edge, the angle the other way along the ridge."""
    lines = [
        f"{round(float(x))} {round(template.height - float(y))}"
        f" {round(math.degrees(float(angle)) + 180) % 360} {int(quality)}\n"
        for x, y, angle, quality in zip(
            template.x, template.y, template.angle, template.quality, strict=True
        )
    ]
    return "".join(lines).encode("ascii")


def from_xyt(data: bytes) -> Template:
    """Read ``x y theta [quality]`` lines; the picture's height is taken from the highest minutia.

    The size is not in the format: places are right among each other, which is all a comparison needs.
    """
    lines = data.split(b"\n")[: _MOST + 1]
    rows = []
    for number, line in enumerate(lines):
        words = line.split()
        if not words:
            continue
        try:
            x, y, theta, *rest = (float(word) for word in words)
        except ValueError as cause:
            raise FormatError(format="xyt", reason="line", line=number + 1) from cause
        rows.append((x, y, theta - 180, OTHER, _quality(rest)))
    height = max((row[1] for row in rows), default=0.0)
    width = max((row[0] for row in rows), default=0.0)
    if not (abs(height) <= _FARTHEST and abs(width) <= _FARTHEST):
        raise FormatError(format="xyt", reason="place")
    flipped = [(x, height - y, angle, kind, quality) for x, y, angle, kind, quality in rows]
    return _template(flipped, (int(width) + 1, int(height) + 1), "xyt")


def _quality(rest: list[float]) -> int:
    """Return the first number as 0..100; 50 where none is told or it is no number."""
    return int(min(100.0, max(0.0, rest[0]))) if rest and rest[0] == rest[0] else 50


def _template(
    rows: list[tuple[float, float, float, int, int]], size: tuple[int, int], name: str
) -> Template:
    if len(rows) > _MOST or not all(0 < side <= _FARTHEST for side in size):
        raise FormatError(format=name, reason="size")
    table = np.array(rows, np.float64).reshape(-1, 5)
    if not np.isfinite(table).all() or (table[:, :2] < 0).any() or (table > _FARTHEST).any():
        raise FormatError(format=name, reason="place")
    return Template(
        table[:, 0].astype(np.float32),
        table[:, 1].astype(np.float32),
        np.mod(np.radians(table[:, 2]), 2 * np.pi).astype(np.float32),
        table[:, 3].astype(np.uint8),
        np.clip(table[:, 4], 0, 100).astype(np.uint8),
        size[0],
        size[1],
    )


def to_compact(template: Template) -> bytes:
    """Return the compact-card minutiae, the best 60."""
    return compact_card.encode(template)
