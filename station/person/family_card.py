"""The number of the family card (KK): area of issue, date of recording, serial.

It changes on a move, a new head of family, a divorce or a split, so it is never a key of anything.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final, NewType

KkNumber = NewType("KkNumber", str)

_SHAPE: Final = re.compile(r"[0-9]{16}")


@dataclass(frozen=True, slots=True)
class KkReading:
    """What a text says when read as a KK number; ``problems`` is empty for a good one."""

    number: KkNumber | None
    district: str  # dotted kecamatan code of issue
    recorded: tuple[dt.date, ...]  # possible dates of recording: no +40 here
    serial: int
    problems: tuple[str, ...]  # FORMAT, DATE, SEQ


def parse_kk(text: str, today: dt.date) -> KkReading:
    """Read a text as a KK number; never raises."""
    if not _SHAPE.fullmatch(text):
        return KkReading(None, "", (), 0, ("FORMAT",))
    dates = []
    for century in (1900, 2000):
        try:
            date = dt.date(century + int(text[10:12]), int(text[8:10]), int(text[6:8]))
        except ValueError:
            continue
        if date <= today:
            dates.append(date)
    serial = int(text[12:])
    problems = ("DATE",) * (not dates) + ("SEQ",) * (serial == 0)
    district = f"{text[:2]}.{text[2:4]}.{text[4:6]}"
    number = None if problems else KkNumber(text)
    return KkReading(number, district, tuple(dates), serial, problems)
