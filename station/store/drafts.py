"""Unsealed enrolments: events in the database, samples as encrypted files under each draft's own key."""

import hashlib
import threading
from pathlib import Path
from typing import Final

from station.capture import events as ev
from station.clock import Clock
from station.errors import StoreCorrupt, StoreError
from station.store import disk
from station.store.database import Database
from station.store.failpoints import failpoint
from station.store.instants import to_us
from station.store.vault import DraftKey, Vault

SUFFIX: Final = ".sample"
_SHA256_HEX: Final = 64


class Draft:
    """One enrolment on its way. Nothing that was acknowledged here is lost by a kill or a power cut."""

    def __init__(self, draft_id: str, folder: Path, key: DraftKey, database: Database) -> None:
        self.id = draft_id
        self._folder = folder
        self._key = key
        self._database = database
        self._lock = threading.Lock()

    def events(self) -> tuple[ev.CaptureEvent, ...]:
        """Return what happened so far, in order; StoreCorrupt when the row numbers have a gap."""
        rows = self._database.rows(
            "SELECT n, body FROM draft_event WHERE draft_id=? ORDER BY n", (self.id,)
        )
        if [row[0] for row in rows] != list(range(1, len(rows) + 1)):
            raise StoreCorrupt(what="draft", reason="GAP")
        return tuple(ev.from_json(self._key.unlock(body, self._context(n))) for n, body in rows)

    def append(self, event: ev.CaptureEvent) -> None:
        """Add one event; durable when this returns. StoreError when the draft is gone."""
        with self._database.transaction():
            found = self._database.row(
                "SELECT d.id, (SELECT max(n) FROM draft_event WHERE draft_id=d.id)"
                " FROM draft d WHERE d.id=?",
                (self.id,),
            )
            if found is None:
                raise StoreError(what="draft", reason="SHREDDED")
            n = (found[1] or 0) + 1
            body = self._key.lock(ev.to_json(event), self._context(n))
            self._database.execute("INSERT INTO draft_event VALUES (?,?,?)", (self.id, n, body))
            failpoint("draft.event")

    def keep(self, data: bytes) -> str:
        """Store a sample encrypted and return its SHA-256 (hex) once it was read back from disk.

        Raises DiskFull or DiskReadOnly with nothing half-written, StoreCorrupt when the disk gave
        back other bytes.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(sha256)
        with self._lock:
            if not path.exists():
                disk.write_durable(path, self._key.lock(data, self._context(sha256)), "keep")
            try:
                self.read(sha256)
            except StoreCorrupt:
                disk.remove_durable(path)  # never acknowledged: a second try may write it again
                raise
        return sha256

    def read(self, sha256: str) -> bytes:
        """Return the stored bytes; StoreCorrupt when they are missing or damaged."""
        data = self._key.unlock(disk.read_from_disk(self._path(sha256)), self._context(sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreCorrupt(what="sample", reason="HASH")
        return data

    def shred(self) -> None:
        """Destroy the draft: first its key, then its rows' remains, then its files. Idempotent."""
        shred(self.id, self._folder, self._database)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != _SHA256_HEX or not sha256.isalnum():
            raise StoreError(what="sample", reason="NAME")
        return self._folder / f"{sha256}{SUFFIX}"

    def _context(self, place: str | int) -> bytes:
        return f"{self.id}/{place}".encode()


class Drafts:
    """All drafts of the desk."""

    def __init__(self, folder: Path, vault: Vault, database: Database, clock: Clock) -> None:
        self.folder = folder
        self._vault = vault
        self._database = database
        self._clock = clock

    def create(self, started: ev.Started) -> Draft:
        """Begin a draft with its first event; its id is the enrolment's. Durable when this returns."""
        key, wrapped = self._vault.new_key()
        folder = self.folder / started.enrolment_id
        disk.make_folder(folder)
        draft = Draft(started.enrolment_id, folder, key, self._database)
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO draft VALUES (?,?,?)", (draft.id, wrapped, to_us(self._clock.now()))
            )
            failpoint("draft.row")
            draft.append(started)
        return draft

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all drafts, oldest first."""
        rows = self._database.rows("SELECT id FROM draft ORDER BY created_at, id")
        return tuple(row[0] for row in rows)

    def get(self, draft_id: str) -> Draft:
        """Return a draft to resume; StoreError when there is none, StoreCorrupt when its key is damaged."""
        row = self._database.row("SELECT wrapped_key FROM draft WHERE id=?", (draft_id,))
        if row is None:
            raise StoreError(what="draft", reason="UNKNOWN")
        folder = self.folder / draft_id
        disk.make_folder(folder)
        return Draft(draft_id, folder, self._vault.unwrap(row[0]), self._database)

    def all(self) -> tuple[Draft, ...]:
        """Return all drafts, oldest first."""
        return tuple(self.get(draft_id) for draft_id in self.ids())

    def shred(self, draft_id: str) -> None:
        """Destroy a draft by its id, also one whose key is damaged. Idempotent."""
        shred(draft_id, self.folder / draft_id, self._database)


def shred(draft_id: str, folder: Path, database: Database) -> None:
    """Remove the wrapped key and the events, empty the log, then unlink the files.

    Overwriting a solid-state disk is not reliable; without the key the files are noise wherever
    copies of them remain.
    """
    database.execute("DELETE FROM draft WHERE id=?", (draft_id,))
    database.forget_deleted()
    failpoint("shred.key_gone")
    with disk.translated("draft"):
        if folder.is_dir():
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
            disk.sync_folder(folder.parent)
    failpoint("shred.files_gone")
