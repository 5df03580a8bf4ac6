"""Append-only file of JSON lines, on the disk before ``append`` returns; a torn last line is dropped."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from station.errors import StoreCorrupt, StoreError

JsonLine = Mapping[str, str | int]
Row = TypeVar("Row")


class DurableLines:
    """One file; a line is either wholly there or, after a power cut, not there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, line: JsonLine) -> None:
        """Write one line and wait for the disk; StoreError."""
        raw = json.dumps(line, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            created = not self._path.exists()
            with self._path.open("ab+") as file:
                self._drop_torn_tail(file)
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            if created and os.name == "posix":  # the name itself must survive too
                folder = os.open(self._path.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except OSError as cause:
            raise StoreError(reason="card_journal", errno=cause.errno or 0) from cause

    def read(self, row: Callable[[dict[str, Any]], Row]) -> Iterator[Row]:
        """Yield what ``row`` makes of each whole line; StoreCorrupt when one is no row, StoreError."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as cause:
            raise StoreError(reason="card_journal", errno=cause.errno or 0) from cause
        for number, line in enumerate(raw[: raw.rfind(b"\n") + 1].splitlines(), start=1):
            try:
                yield row(json.loads(line))
            except (ValueError, KeyError, TypeError) as cause:
                raise StoreCorrupt(what="card_journal", line=number) from cause

    def _drop_torn_tail(self, file: BinaryIO) -> None:
        if not file.seek(0, os.SEEK_END):
            return
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":  # only then is the whole file read: it grows with every card
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
