"""The region table of the home ministry: current and retired codes, and what the table claims to cover.

These are not the codes of the statistics office: 61.02 is Mempawah here and Bengkayang there.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

CODE: Final = re.compile(r"[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?")


class Level(IntEnum):
    """How deep a code goes."""

    PROVINCE = 1
    REGENCY = 2  # kabupaten, kota
    DISTRICT = 3  # kecamatan
    VILLAGE = 4  # kelurahan, desa


class Known(StrEnum):
    """What the table can say of a code."""

    CURRENT = "current"
    RETIRED = "retired"
    NO = "no"  # covered, and not there
    NOT_COVERED = "not_covered"  # the table does not claim to have it


@dataclass(frozen=True, slots=True)
class Region:
    """One row. ``retired`` rows stay for ever: NIKs keep the code they were issued with."""

    code: str
    name: str
    retired: bool = False


def level_of(code: str) -> Level:
    """Return the level of a dotted code."""
    return Level(code.count(".") + 1)


def parent_of(code: str) -> str:
    """Return the code one level up, '' above a province."""
    return code.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Look-ups over one edition of the table. ``coverage`` maps a prefix to its complete level."""

    version: str
    decree: str
    valid_from: dt.date
    coverage: Mapping[str, Level]
    rows: Mapping[str, Region] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Region]:
        return iter(self.rows.values())

    def get(self, code: str) -> Region | None:
        """Return the row of a code, current or retired."""
        return self.rows.get(code)

    def knows(self, code: str) -> Known:
        """Say whether a code is current, retired, unknown, or outside what the table covers."""
        row = self.rows.get(code)
        if row is not None:
            return Known.RETIRED if row.retired else Known.CURRENT
        return Known.NO if self.covers(code) else Known.NOT_COVERED

    def covers(self, code: str) -> bool:
        """Whether the table claims to be complete where this code would stand."""
        level, prefix = level_of(code), code
        while True:
            if self.coverage.get(prefix, 0) >= level:
                return True
            if not prefix:
                return False
            prefix = parent_of(prefix)

    def name(self, code: str) -> str:
        """Return the name of a code, '' when the table does not have it."""
        row = self.rows.get(code)
        return row.name if row else ""

    def full_name(self, code: str) -> str:
        """Return ``Sambas, Kabupaten Sambas, Kalimantan Barat``; unknown parts are left out."""
        names = []
        while code:
            names.append(self.name(code))
            code = parent_of(code)
        return ", ".join(name for name in names if name)

    def children(self, code: str, *, retired: bool = False) -> tuple[Region, ...]:
        """Return the rows right below a code ('' gives the provinces), by code."""
        below = (
            row
            for row in self.rows.values()
            if parent_of(row.code) == code and (retired or not row.retired)
        )
        return tuple(sorted(below, key=lambda row: row.code))
