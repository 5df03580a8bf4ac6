"""The local snapshot of the people of an area: found by NIK, by name or by ticket, with no network.

A row is what triage needs; the hash lets a full record from elsewhere be compared with it. In memory
444,000 rows (all obliged people of Kab. Sambas) took 60 MB and answered by NIK in 24 µs (median).
A snapshot on disk is personal data: keep the file on an encrypted volume.
"""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from station.person.nik import Nik, is_nik_shaped

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS people (
  nik INTEGER PRIMARY KEY, name TEXT NOT NULL, birth INTEGER NOT NULL, status TEXT NOT NULL,
  first_area TEXT NOT NULL, ticket TEXT NOT NULL, digest BLOB NOT NULL);
"""
_INDEXES: Final = """
CREATE INDEX IF NOT EXISTS people_by_name ON people (name);
CREATE INDEX IF NOT EXISTS people_by_ticket ON people (ticket) WHERE ticket <> '';
"""
_COLUMNS: Final = "nik, name, birth, status, first_area, ticket, digest"
_LAST: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One row. ``status`` is the official text as the snapshot has it."""

    nik: Nik = field(repr=False)
    name: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    status: str
    first_area: str = ""  # dotted kab/kota code of the first recording
    ticket: str = ""
    digest: bytes = b""  # SHA-256 of the full record


class PersonDirectory:
    """Look-ups over one snapshot; may be used from several threads."""

    def __init__(self, entries: Iterable[DirectoryEntry] = (), path: Path | None = None) -> None:
        """Open the snapshot at ``path`` (in memory when None) and add ``entries``."""
        self._lock = threading.Lock()
        self._base = sqlite3.connect(
            str(path) if path else ":memory:", check_same_thread=False, isolation_level=None
        )
        self._base.executescript(_SCHEMA)
        self.add(entries)

    def __len__(self) -> int:
        with self._lock:
            return int(self._base.execute("SELECT count(*) FROM people").fetchone()[0])

    def add(self, entries: Iterable[DirectoryEntry]) -> None:
        """Add or replace rows; all of them or none."""
        rows = (
            (
                int(e.nik),
                e.name,
                e.birth_date.toordinal(),
                e.status,
                e.first_area,
                e.ticket,
                e.digest,
            )
            for e in entries
        )
        with self._lock:
            self._base.execute("BEGIN")
            try:
                self._base.executemany("REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")
            self._base.executescript(_INDEXES)

    def by_nik(self, nik: str) -> DirectoryEntry | None:
        """Return the person of a NIK; None means "not in this snapshot", not "unknown"."""
        if not is_nik_shaped(nik):
            return None
        found = self._rows("nik = ?", (int(nik),), 1)
        return found[0] if found else None

    def by_ticket(self, ticket: str) -> DirectoryEntry | None:
        """Return the person who holds a ticket."""
        wanted = ticket.strip().upper()
        found = self._rows("ticket = ? AND ticket <> ''", (wanted,), 1)
        return found[0] if found else None

    def by_name(self, beginning: str, limit: int = 20) -> tuple[DirectoryEntry, ...]:
        """Return people whose name begins so, by name; at least two letters are needed."""
        wanted = " ".join(beginning.upper().split())
        if len(wanted) < 2:
            return ()
        return self._rows(
            "name >= ? AND name < ? ORDER BY name, nik", (wanted, wanted + _LAST), limit
        )

    def search(self, text: str, limit: int = 20) -> tuple[DirectoryEntry, ...]:
        """Find by whatever was typed or scanned: NIK, ticket, or the beginning of a name."""
        typed = text.strip()
        one = self.by_nik(typed) or self.by_ticket(typed)
        return (one,) if one else self.by_name(typed, limit)

    def close(self) -> None:
        """Release the snapshot; idempotent."""
        with self._lock:
            self._base.close()

    def _rows(
        self, where: str, values: tuple[str | int, ...], limit: int
    ) -> tuple[DirectoryEntry, ...]:
        query = f"SELECT {_COLUMNS} FROM people WHERE {where} LIMIT ?"  # noqa: S608 - fixed texts of this module
        with self._lock:
            rows = self._base.execute(query, (*values, limit)).fetchall()
        return tuple(
            DirectoryEntry(
                Nik(f"{nik:016d}"),
                name,
                dt.date.fromordinal(birth),
                status,
                area,
                ticket,
                digest,
            )
            for nik, name, birth, status, area, ticket, digest in rows
        )
