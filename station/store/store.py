"""The store as a whole: one folder, one key, opened once and swept before anything is shown."""

import contextlib
import hmac
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from station.capture import events as ev
from station.clock import Clock
from station.errors import StoreCorrupt, WrongStoreKey
from station.lifecycle.record import Record, StatusEvent
from station.store import disk, space
from station.store.database import Database
from station.store.drafts import Draft, Drafts
from station.store.occupancy import Occupancy
from station.store.outbox import OutboxTable
from station.store.packets import Packets
from station.store.people_prints import SHELF, PeoplePrints
from station.store.records import Records
from station.store.shelves import Roll, Shelf
from station.store.sweep import ASIDE, SweepReport, sweep
from station.store.vault import Vault

_DATABASE: Final = "station.db"
_CHECK: Final = "key.check"


class Store:
    """Everything the desk keeps. Calls may come from any thread."""

    def __init__(
        self,
        folder: Path,
        vault: Vault,
        database: Database,
        occupancy: Occupancy | None,
        clock: Clock,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.database = database
        self._occupancy = occupancy
        self.drafts = Drafts(folder / "drafts", vault, database, clock)
        self.packets = Packets(folder / "packets", database)
        self.outbox = OutboxTable(folder / "packets", database, clock)
        self.records = Records(database, clock)
        self.people = PeoplePrints(Shelf(SHELF, database))
        self.sealing = threading.Lock()  # one sealing at a time: numbers have no gap
        self.swept = (
            SweepReport() if self.read_only else sweep(folder, database, self.drafts, self.packets)
        )

    @property
    def read_only(self) -> bool:
        """Whether the disk refuses writing; queue and records stay viewable."""
        return self.database.read_only

    def new_draft(self, started: ev.Started) -> Draft:
        """Begin an enrolment; DiskFull below 200 MB free, before the person sits down."""
        space.refuse_when_short(self.folder)
        return self.drafts.create(started)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make several changes one durable step."""
        with self.database.transaction():
            yield

    def shelf(self, name: str) -> Shelf:
        """Return a durable shelf of values under keys."""
        return Shelf(name, self.database)

    def roll(self, name: str) -> Roll:
        """Return a durable list that only grows."""
        return Roll(name, self.database)

    def feed_cursor(self) -> int:
        """Return the centre's event number up to which everything is applied."""
        return self.records.cursor()

    def apply_feed(self, events: Iterable[StatusEvent], cursor: int) -> tuple[Record, ...]:
        """Apply the centre's events and move the cursor in one transaction; return changed records."""
        return self.records.apply_feed(events, cursor)

    def close(self) -> None:
        """Close the database and leave the folder; idempotent."""
        self.database.close()
        if self._occupancy is not None:
            self._occupancy.leave()


def open_store(folder: Path, key: bytes, clock: Clock) -> Store:
    """Open or create the store in a folder with the 32-byte store key.

    Raises WrongStoreKey, StoreCorrupt, DiskFull, StoreError (reason IN_USE, SQLITE_TOO_OLD,
    NO_CIPHER_LAYER). On a read-only disk the store opens for viewing only.
    """
    vault = Vault.of(key)
    read_only = (folder / _DATABASE).exists() and not disk.writable(folder)
    if read_only:
        occupancy = None
    else:
        for name in ("", "drafts", "packets", ASIDE):
            disk.make_folder(folder / name)
        occupancy = Occupancy(folder)
    try:
        proven = _check_key(folder / _CHECK, vault.check, write=not read_only)
        database = _open_database(folder / _DATABASE, vault, proven=proven)
    except BaseException:
        if occupancy is not None:
            occupancy.leave()
        raise
    try:
        return Store(folder, vault, database, occupancy, clock)
    except BaseException:
        database.close()
        if occupancy is not None:
            occupancy.leave()
        raise


def _check_key(path: Path, check: str, *, write: bool) -> bool:
    # Without this, a damaged first page of the database could not be told from a wrong key.
    if path.exists():
        if not hmac.compare_digest(disk.read_from_disk(path), check.encode()):
            raise WrongStoreKey(reason="CHECK")
        return True
    if write:
        disk.write_durable(path, check.encode())
    return False


def _open_database(path: Path, vault: Vault, *, proven: bool) -> Database:
    try:
        return Database(path, vault.database_key)
    except WrongStoreKey as cause:
        if proven:
            raise StoreCorrupt(what="database", reason="HEADER") from cause
        raise
