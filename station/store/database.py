"""The encrypted SQLite database: one connection, one lock, every error typed."""

import contextlib
import logging
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apsw

from station.errors import DiskFull, DiskReadOnly, StoreCorrupt, StoreError, WrongStoreKey
from station.store import disk, schema

_LOG = logging.getLogger(__name__)

Value = str | int | float | bytes | None
Row = tuple[Any, ...]

# Below this, two connections that write or checkpoint at once can corrupt a WAL database
# (sqlite.org/wal.html#walresetbug).
OLDEST_SQLITE: Final = (3, 51, 3)
KEY_BYTES: Final = 32

_ERRORS: Final[tuple[tuple[type[Exception], type[StoreError], str], ...]] = (
    (apsw.FullError, DiskFull, "FULL"),
    (apsw.ReadOnlyError, DiskReadOnly, "READ_ONLY"),
    (apsw.CorruptError, StoreCorrupt, "CORRUPT"),
    (apsw.NotADBError, StoreCorrupt, "CORRUPT"),
    (apsw.BusyError, StoreError, "BUSY"),
    (apsw.IOError, StoreError, "IO"),
    (apsw.CantOpenError, StoreError, "CANNOT_OPEN"),
    (apsw.ConnectionClosedError, StoreError, "CLOSED"),
    (apsw.Error, StoreError, "DATABASE"),
)


def refuse_unfit_library(version: str, ciphers: str) -> None:
    """Raise StoreError when SQLite is older than OLDEST_SQLITE or has no cipher layer."""
    numbers = tuple(int(part) for part in version.split(".")[:3])
    if numbers < OLDEST_SQLITE:
        raise StoreError(reason="SQLITE_TOO_OLD", version=version)
    if not ciphers:
        raise StoreError(reason="NO_CIPHER_LAYER", version=version)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except apsw.Error as cause:
        for theirs, ours, reason in _ERRORS:
            if isinstance(cause, theirs):
                raise ours(what="database", reason=reason) from cause
        raise


class Database:
    """One open database file. Calls may come from any thread; each transaction holds the lock."""

    def __init__(self, path: Path, key: bytes, *, vfs: str | None = None) -> None:
        """Open or create the file with a raw 32-byte key; WrongStoreKey, StoreCorrupt, StoreError."""
        if len(key) != KEY_BYTES:
            raise WrongStoreKey(reason="LENGTH")
        refuse_unfit_library(apsw.sqlite_lib_version(), getattr(apsw, "mc_version", ""))
        self._lock = threading.RLock()
        self._depth = 0
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self.read_only = path.exists() and not disk.writable(path.parent)
        with _translated():
            self._connection = self._connect(path, vfs)
            self._unlock(key, new=not path.exists() or path.stat().st_size == 0)
            if not self.read_only:
                self._migrate()

    def _connect(self, path: Path, vfs: str | None) -> Any:  # noqa: ANN401 - apsw has no types here
        if self.read_only:
            # On a read-only disk the shared-memory file of the WAL cannot be made; what a kill left in
            # the log would be invisible. So it is read from an (encrypted) copy elsewhere.
            wal = path.with_name(f"{path.name}-wal")
            if wal.exists() and wal.stat().st_size:
                copied = self._copied(path, wal)
                return apsw.Connection(str(copied), apsw.SQLITE_OPEN_READWRITE, vfs)
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            return apsw.Connection(f"file:{path}?immutable=1", flags, vfs)
        return apsw.Connection(str(path), apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE, vfs)

    def _copied(self, path: Path, wal: Path) -> Path:
        self._copy = tempfile.TemporaryDirectory(prefix="rekam-view-")
        with disk.translated("copy"):
            for file in (path, wal):
                shutil.copyfile(file, Path(self._copy.name) / file.name)
        return Path(self._copy.name) / path.name

    def _unlock(self, key: bytes, *, new: bool) -> None:
        connection = self._connection
        connection.pragma("cipher", "chacha20")
        connection.pragma("key", "raw:" + key.hex())
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            version = connection.pragma("user_version")
        except apsw.NotADBError as cause:
            connection.close()
            raise WrongStoreKey(reason="NOT_OPENED") from cause
        except apsw.Error:
            connection.close()
            raise
        if version > schema.VERSION:
            connection.close()
            raise StoreError(reason="NEWER_SCHEMA", version=version)
        connection.set_busy_timeout(5_000)
        connection.pragma("foreign_keys", 1)
        connection.pragma("secure_delete", 1)
        if self.read_only:
            connection.pragma("query_only", 1)
        else:
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "FULL")
        _LOG.info("database open, new=%s read_only=%s", new, self.read_only)

    def _migrate(self) -> None:
        have = self._connection.pragma("user_version")
        for number, step in enumerate(schema.STEPS[have:], start=have + 1):
            with self.transaction():
                self._connection.execute(step)
                self._connection.pragma("user_version", number)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block as one durable transaction; a block inside joins the one around it."""
        with self._lock, _translated():
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._depth -= 1
            try:
                self._connection.execute("COMMIT")
            except apsw.Error:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        # SQLite may have rolled back by itself (disk full, I/O error).
        if self._connection.in_transaction:
            with contextlib.suppress(apsw.Error):
                self._connection.execute("ROLLBACK")

    def execute(self, sql: str, values: tuple[Value, ...] = ()) -> int:
        """Run one statement in a transaction; return the number of rows it changed."""
        with self.transaction():
            self._connection.execute(sql, values)
            return int(self._connection.changes())

    def rows(self, sql: str, values: tuple[Value, ...] = ()) -> list[Row]:
        """Return all rows of a query."""
        with self._lock, _translated():
            return list(self._connection.execute(sql, values))

    def row(self, sql: str, values: tuple[Value, ...] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def meta(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - any SQLite value
        """Return one single value kept under a name."""
        found = self.row("SELECT value FROM meta WHERE key=?", (key,))
        return found[0] if found else default

    def set_meta(self, key: str, value: Value) -> None:
        """Keep one single value under a name."""
        self.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", (key, value))

    def forget_deleted(self) -> None:
        """Empty the write-ahead log, so that deleted rows leave no copy there."""
        with self._lock, _translated():
            if not self.read_only:
                self._connection.pragma("wal_checkpoint", "TRUNCATE")

    def check(self) -> None:
        """Read every page and index; StoreCorrupt when anything does not fit."""
        with self._lock, _translated():
            answer = [row[0] for row in self._connection.execute("PRAGMA integrity_check(1)")]
        if answer != ["ok"]:
            raise StoreCorrupt(what="database", reason="INTEGRITY")

    def image(self) -> bytes:
        """Return the decrypted pages of the database file, free ones too: for the shredding test."""
        with self._lock, _translated():
            return bytes(self._connection.serialize("main"))

    def close(self) -> None:
        """Close the connection; idempotent."""
        with self._lock:
            self._connection.close()
            if self._copy is not None:
                self._copy.cleanup()
