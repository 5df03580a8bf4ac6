"""Shelves for the audit log: in memory, a file of JSON lines, or a roll of the encrypted store."""

import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from station.audit.chain import Action, AuditRow, canonical
from station.errors import StoreCorrupt


def row_to_json(row: AuditRow) -> bytes:
    """Return one line: the canonical JSON with the hash in hex; for any shelf."""
    return canonical(row)[:-1] + b',"hash":"' + row.hash.hex().encode() + b'"}'


def row_from_json(line: bytes) -> AuditRow:
    """Read one line; StoreCorrupt when it is not a row."""
    try:
        raw = json.loads(line)
        return AuditRow(
            seq=int(raw["seq"]),
            time=dt.datetime.fromisoformat(raw["time"]),
            monotonic=float(raw["monotonic"]),
            boot=str(raw["boot"]),
            time_source=str(raw["time_source"]),
            operator=str(raw["operator"]),
            action=Action(raw["action"]),
            subject=str(raw["subject"]),
            details=dict(raw["details"]),
            hash=bytes.fromhex(raw["hash"]),
        )
    except (ValueError, KeyError, TypeError) as cause:
        raise StoreCorrupt(what="audit", reason="ROW") from cause


class MemoryShelf:
    """Keeps rows as long as the program runs."""

    def __init__(self, rows: Sequence[AuditRow] = ()) -> None:
        self._rows = list(rows)

    def append(self, row: AuditRow) -> None:
        """Keep one row."""
        self._rows.append(row)

    def rows(self) -> Sequence[AuditRow]:
        """Return all rows in stored order."""
        return tuple(self._rows)


class Roll(Protocol):
    """A place where bytes are added durably and never changed, such as the store's rolls."""

    def append(self, body: bytes) -> int:
        """Add an entry durably and return its number."""
        ...

    def entries(self) -> tuple[bytes, ...]:
        """Return all entries in order."""
        ...


class RollShelf:
    """Keeps rows in a roll."""

    def __init__(self, roll: Roll) -> None:
        self._roll = roll

    def append(self, row: AuditRow) -> None:
        """Keep one row durably."""
        self._roll.append(row_to_json(row))

    def rows(self) -> Sequence[AuditRow]:
        """Return all rows in stored order."""
        return tuple(row_from_json(line) for line in self._roll.entries())


class FileShelf:
    """Keeps rows as lines of a file that only grows.

    A last line without its newline is a write that a power cut ended: the append never returned, so
    the line is dropped when the file is opened. Any other broken line is StoreCorrupt.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        if path.exists():
            self._drop_torn_end()
        else:
            path.touch(mode=0o600)
            _sync_folder(path.parent)

    def append(self, row: AuditRow) -> None:
        """Write one line and sync it before returning."""
        with self._path.open("ab") as file:
            file.write(row_to_json(row) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def rows(self) -> Sequence[AuditRow]:
        """Read all rows in stored order."""
        return tuple(row_from_json(line) for line in self._path.read_bytes().splitlines())

    def _drop_torn_end(self) -> None:
        data = self._path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            with self._path.open("r+b") as file:
                file.truncate(whole)
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot sync a folder
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
