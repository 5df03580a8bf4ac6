"""Shelves of dataclasses for rooms above the store: rows under a key, and journals that only grow."""

from collections.abc import Callable
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from station.errors import StoreCorrupt
from station.store.database import Database
from station.store.shelves import Roll, Shelf

T = TypeVar("T")


class RowShelf(Generic[T]):
    """Keeps one row per key; fits the card register's shelf."""

    def __init__(
        self,
        shelf: Shelf,
        kind: type[T],
        key_of: Callable[[T], str],
        record_of: Callable[[T], str],
    ) -> None:
        self._shelf = shelf
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._key_of = key_of
        self._record_of = record_of

    def load(self, serial: str) -> T | None:
        """Return one row or None; StoreCorrupt when it cannot be read."""
        body = self._shelf.get(serial)
        return None if body is None else _read(self._adapter, body)

    def save(self, entry: T) -> None:
        """Insert or replace one row; durable when this returns."""
        self._shelf.put(self._key_of(entry), self._adapter.dump_json(entry))

    def of_record(self, record_id: str) -> tuple[T, ...]:
        """Return all rows of one record, by key."""
        rows = (_read(self._adapter, body) for _, body in self._shelf.items())
        return tuple(row for row in rows if self._record_of(row) == record_id)


class RowJournal(Generic[T]):
    """Keeps entries per key, oldest first; fits the card journal's shelf."""

    def __init__(
        self, name: str, database: Database, kind: type[T], key_of: Callable[[T], str]
    ) -> None:
        self._name = name
        self._database = database
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)
        self._key_of = key_of

    def append(self, entry: T) -> None:
        """Add one entry; durable when this returns."""
        self._roll(self._key_of(entry)).append(self._adapter.dump_json(entry))

    def entries(self, serial: str) -> tuple[T, ...]:
        """Return the entries under one key, oldest first."""
        return tuple(_read(self._adapter, body) for body in self._roll(serial).entries())

    def _roll(self, key: str) -> Roll:
        return Roll(f"{self._name}/{key}", self._database)


def _read(adapter: TypeAdapter[T], body: bytes) -> T:
    try:
        return adapter.validate_json(body)
    except ValidationError as cause:
        raise StoreCorrupt(what="shelf") from cause
