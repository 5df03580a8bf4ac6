"""The code tables of the population record: which number stands for which word, and since when."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from station.errors import MasterDataRefused


class Sex(IntEnum):
    """Jenis kelamin."""

    MALE = 1
    FEMALE = 2


class Citizenship(IntEnum):
    """Warga negara."""

    WNI = 1
    WNA = 2
    DUAL = 3


class MaritalStatus(IntEnum):
    """Status kawin."""

    SINGLE = 1
    MARRIED = 2
    DIVORCED = 3
    WIDOWED = 4


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One field's codes over time: old records keep the word they were made with."""

    name: str
    editions: tuple[tuple[dt.date, Mapping[int, str]], ...]  # by valid-from, oldest first

    def at(self, day: dt.date) -> Mapping[int, str]:
        """Return the codes valid on that day; empty before the first edition."""
        valid: Mapping[int, str] = {}
        for since, entries in self.editions:
            if since <= day:
                valid = entries
        return valid

    def label(self, code: int, day: dt.date) -> str:
        """Return the word of a code, or ``?`` and the code when the table does not have it."""
        return self.at(day).get(code, f"? ({code})")


@dataclass(frozen=True, slots=True)
class CodeTables:
    """All tables of one master-data bundle."""

    tables: Mapping[str, CodeTable]

    def label(self, table: str, code: int, day: dt.date) -> str:
        """Return the word of a code of a named table."""
        return self.tables[table].label(code, day)

    def has(self, table: str, code: int, day: dt.date) -> bool:
        """Whether the table has the code on that day."""
        return code in self.tables[table].at(day)


def code_tables(raw: Mapping[str, Any]) -> CodeTables:
    """Read ``{table: [{"valid_from": date, "codes": {"1": word}}]}``; MasterDataRefused if not so."""
    try:
        return CodeTables({name: _table(name, editions) for name, editions in raw.items()})
    except (TypeError, ValueError, KeyError, AttributeError) as cause:
        raise MasterDataRefused(reason="CODE_TABLES") from cause


def _table(name: str, editions: list[dict[str, Any]]) -> CodeTable:
    read = [
        (
            dt.date.fromisoformat(edition["valid_from"]),
            {int(code): str(word) for code, word in edition["codes"].items()},
        )
        for edition in editions
    ]
    return CodeTable(name, tuple(sorted(read, key=lambda edition: edition[0])))
