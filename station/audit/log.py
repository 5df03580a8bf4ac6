"""The audit log in use: append a row, read it, check it. Where it is kept is a shelf's matter."""

import re
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Protocol

from station.audit.chain import (
    ZERO,
    Action,
    AuditRow,
    ChainBreak,
    Detail,
    chained,
    subject_of,
    verify,
)
from station.audit.checkpoint import Checkpoint, checkpoint_of, verify_against
from station.clock import Clock
from station.errors import StoreCorrupt

# Sixteen digits that stand alone; within a hexadecimal hash they never do.
_NIK_LIKE: Final = re.compile(r"(?<!\w)[0-9]{16}(?!\w)")


class AuditShelf(Protocol):
    """Keeps rows for ever, in order."""

    def append(self, row: AuditRow) -> None:
        """Keep one row durably before returning; StoreError when that fails."""
        ...

    def rows(self) -> Sequence[AuditRow]:
        """Return all rows in stored order."""
        ...


class AuditLog:
    """Appends to one shelf; safe from several threads.

    Raises:
        StoreCorrupt: the shelf's rows do not verify when the log is opened. The row is named.
    """

    def __init__(
        self,
        shelf: AuditShelf,
        clock: Clock,
        subject_key: bytes,
        *,
        boot: str,
        time_source: str = "manual",
    ) -> None:
        """Open the log; ``subject_key`` (32 bytes) turns a NIK into its keyed hash."""
        self._shelf, self._clock, self._key = shelf, clock, subject_key
        self._boot, self._source = boot, time_source
        self._lock = threading.Lock()
        rows = shelf.rows()
        broken = verify(rows)
        if broken:
            raise StoreCorrupt(what="audit", row=broken.row, reason=broken.reason)
        self._seq, self._last = len(rows), (rows[-1].hash if rows else ZERO)

    def append(
        self, action: Action, operator: str, *, nik: str = "", **details: Detail
    ) -> AuditRow:
        """Write one row down, durably; ``details`` hold no name, no NIK and no biometric data.

        Raises:
            ValueError: a detail looks like a NIK.
            StoreError: the shelf could not keep the row; the log is as before.
        """
        subject = subject_of(nik, self._key) if nik else ""
        if any(isinstance(d, str) and _NIK_LIKE.search(d) for d in details.values()):
            raise ValueError("a NIK must not stand in the details")
        with self._lock:
            plain = AuditRow(
                self._seq + 1,
                self._clock.now(),
                self._clock.monotonic(),
                self._boot,
                self._source,
                operator,
                action,
                subject,
                dict(details),
                b"",
            )
            row = replace(plain, hash=chained(self._last, plain))
            self._shelf.append(row)
            self._seq, self._last = row.seq, row.hash
        return row

    def rows(self) -> Sequence[AuditRow]:
        """Return all rows in stored order."""
        return self._shelf.rows()

    def about(self, nik: str) -> tuple[AuditRow, ...]:
        """Return every row about a person: the answer to his or her right to know."""
        subject = subject_of(nik, self._key)
        return tuple(row for row in self._shelf.rows() if row.subject == subject)

    def checkpoint(self, origin: str) -> Checkpoint:
        """Return the checkpoint of the log as it stands."""
        with self._lock:
            return checkpoint_of(self._shelf.rows(), origin)

    def verify(self, checkpoint: Checkpoint | None = None) -> ChainBreak | None:
        """Check the stored rows, and against a checkpoint when one is given."""
        with self._lock:
            rows = self._shelf.rows()
        return verify_against(rows, checkpoint) if checkpoint else verify(rows)
