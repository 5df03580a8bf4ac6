"""Between the minutiae of a record and the matcher's template: 500 ppi, radians, best quality first.

The one place where the record's units (its own pixels per centimetre, 1/256 turn) meet ours.
"""

import math
from typing import Final

import numpy as np

from station.devices import FingerPosition
from station.errors import FormatError
from station.formats.capture_head import STATION_QUALITY, CaptureHead, Quality, legacy_head
from station.formats.finger_minutiae import (
    MOST,
    NAME,
    FingerView,
    Minutia,
    MinutiaeRecord,
    decode,
    encode,
)
from station.minutiae import Template

_TURNS: Final = 256
_PER_CM_500: Final = 500 / 2.54
_500_PPI: Final = 197  # what a record says of 500 ppi, rounded
_UNKNOWN: Final = 50  # a minutia whose record gives no quality counts as middling


def write_one(
    template: Template, position: FingerPosition | None, quality: int, *, edition: int = 2005
) -> bytes:
    """Return the record of one finger's template; FormatError. Arguments as in ``from_template``."""
    view = from_template(template, position, quality, edition=edition)
    return encode(MinutiaeRecord(edition, (view,)))


def read_one(data: bytes) -> tuple[FingerPosition | None, Template]:
    """Return position (None: unknown) and template of a record of one view; FormatError."""
    views = decode(data).views
    if len(views) != 1:
        raise FormatError(format=NAME, reason="one view expected", offset=22, views=len(views))
    return position_of(views[0]), to_template(views[0])


def position_of(view: FingerView) -> FingerPosition | None:
    """Return the finger a view names; None when it is unknown."""
    return FingerPosition(view.position) if view.position else None


def from_template(
    template: Template,
    position: FingerPosition | None,
    quality: int,
    *,
    edition: int = 2005,
    impression: int = 0,
) -> FingerView:
    """Return the view of a template at 500 ppi; at most 255 minutiae, the best. FormatError.

    Places are rounded to whole pixels, angles to 1/256 turn, modulo 256.
    """
    best = template.best(MOST)
    angles = np.rint(best.angle.astype(np.float64) * (_TURNS / (2 * math.pi))).astype(int) % _TURNS
    columns, rows = (np.rint(values).astype(int) for values in (best.x, best.y))
    width, height = template.width, template.height
    if len(best) and (min(columns.min(), rows.min()) < 0 or best.quality.max() > 100):
        raise FormatError(format=NAME, reason="minutia outside the picture", offset=0)
    minutiae = tuple(
        Minutia(*(int(value) for value in values))
        for values in zip(
            np.minimum(columns, width - 1),  # half a pixel beyond the last one rounds out
            np.minimum(rows, height - 1),
            angles,
            best.type,
            best.quality,
            strict=True,
        )
    )
    head = legacy_head(quality)
    if edition == 2011:
        head = CaptureHead(qualities=(Quality(quality, *STATION_QUALITY),))
    place = position.value if position else 0
    return FingerView(place, width, height, minutiae, head, impression=impression)


def to_template(view: FingerView) -> Template:
    """Return the template of a view, rescaled to 500 ppi, best quality first.

    A minutia without a quality (0 in 2005, 254 and 255 in 2011) counts as 50.
    """
    x_scale, y_scale = (
        1.0 if per_cm == _500_PPI else _PER_CM_500 / per_cm
        for per_cm in (view.x_per_cm, view.y_per_cm)
    )
    rows = np.array(
        [(one.x, one.y, one.angle, one.type, one.quality) for one in view.minutiae], np.int64
    ).reshape(-1, 5)
    unknown = (rows[:, 4] == 0) | (rows[:, 4] > 100)
    quality = np.where(unknown, _UNKNOWN, rows[:, 4])
    order = np.argsort(-quality, kind="stable")
    rows, quality = rows[order], quality[order]
    return Template(
        (rows[:, 0] * x_scale).astype(np.float32),
        (rows[:, 1] * y_scale).astype(np.float32),
        (rows[:, 2] * (2 * math.pi / _TURNS)).astype(np.float32),
        rows[:, 3].astype(np.uint8),
        quality.astype(np.uint8),
        max(1, round(view.width * x_scale)),
        max(1, round(view.height * y_scale)),
    )
