"""Where accounts are kept: in memory, in a small JSON file, or on a shelf of the encrypted store."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from station.errors import StoreCorrupt
from station.operators.account import Account, OperatorId, Role


class AccountShelf(Protocol):
    """Keeps all accounts of one station."""

    def load(self) -> tuple[Account, ...]:
        """Return all accounts; StoreCorrupt when they cannot be read."""
        ...

    def save(self, accounts: tuple[Account, ...]) -> None:
        """Replace all accounts, all or nothing."""
        ...


class MemoryAccounts:
    """Keeps accounts as long as the program runs."""

    def __init__(self, accounts: tuple[Account, ...] = ()) -> None:
        self._accounts = accounts

    def load(self) -> tuple[Account, ...]:
        """Return all accounts."""
        return self._accounts

    def save(self, accounts: tuple[Account, ...]) -> None:
        """Replace all accounts."""
        self._accounts = accounts


class FileAccounts:
    """Keeps accounts in one JSON file that only this user may read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> tuple[Account, ...]:
        """Return all accounts; none when there is no file yet."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return ()
        return accounts_from_json(data)

    def save(self, accounts: tuple[Account, ...]) -> None:
        """Write beside, sync, then put in place: a power cut leaves the old or the new file."""
        data = accounts_to_json(accounts)
        beside = self._path.with_name(self._path.name + ".tmp")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


class ByteShelf(Protocol):
    """A place that keeps bytes under keys durably, such as the store's shelves."""

    def get(self, key: str) -> bytes | None:
        """Return the value, or None."""
        ...

    def put(self, key: str, body: bytes) -> None:
        """Write or replace a value durably."""
        ...


class ShelvedAccounts:
    """Keeps accounts as one value of a byte shelf."""

    _KEY = "accounts"

    def __init__(self, shelf: ByteShelf) -> None:
        self._shelf = shelf

    def load(self) -> tuple[Account, ...]:
        """Return all accounts; none when nothing was kept yet."""
        data = self._shelf.get(self._KEY)
        return () if data is None else accounts_from_json(data)

    def save(self, accounts: tuple[Account, ...]) -> None:
        """Replace all accounts."""
        self._shelf.put(self._KEY, accounts_to_json(accounts))


def accounts_to_json(accounts: tuple[Account, ...]) -> bytes:
    """Return all accounts as UTF-8 JSON."""
    return json.dumps({"accounts": [asdict(account) for account in accounts]}, indent=1).encode()


def accounts_from_json(data: bytes) -> tuple[Account, ...]:
    """Read what ``accounts_to_json`` wrote; StoreCorrupt when it is not that."""
    try:
        return tuple(_account(raw) for raw in json.loads(data)["accounts"])
    except (ValueError, KeyError, TypeError) as cause:
        raise StoreCorrupt(what="accounts") from cause


def _account(raw: Mapping[str, Any]) -> Account:
    return Account(
        id=OperatorId(str(raw["id"])),
        name=str(raw["name"]),
        role=Role(raw["role"]),
        pin_hash=str(raw["pin_hash"]),
        active=bool(raw["active"]),
        failures=int(raw["failures"]),
        wait_until=float(raw["wait_until"]),
    )
