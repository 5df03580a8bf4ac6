"""The durable queue of sealed packets: one row per packet, leased to one sender at a time."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from station.clock import Clock
from station.errors import StoreError
from station.lifecycle.record import Delivery
from station.store.database import Database, Row
from station.store.instants import from_us, from_us_or_none, to_us, to_us_or_none
from station.store.packets import SUFFIX

# Rows a sender may take: waiting ones, one whose sender died, and one whose receipt is missing.
# RESEND_WANTED waits for the centre's word and is put back to QUEUED by whoever receives it.
CLAIMABLE: Final = (Delivery.QUEUED, Delivery.SENDING, Delivery.SENT_UNCONFIRMED)

# A packet gives way to smaller ones as if it were sealed this much later per byte: a minute per
# megabyte. Large ones are delayed, never starved.
_US_PER_BYTE: Final = 60

# Twice the longest wait there is (15 minutes after an alarm, a lease of 30 minutes).
_LONGEST_WAIT_US: Final = 3_600_000_000

_COLUMNS: Final = (
    "o.packet_id, p.record_id, p.size, p.sha256, o.routing, o.routing_signature, o.attempt, o.state,"
    " o.upload_path, o.offset, o.failures, o.next_try_at, p.sealed_at, o.last_error, o.receipt"
)
_FROM: Final = "FROM outbox o JOIN packet p ON p.id = o.packet_id"


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One packet's delivery. ``path`` is the sealed file; ``routing`` its signed index in clear."""

    packet_id: str
    record_id: str
    path: Path
    size: int
    sha256: str
    routing: bytes = field(repr=False)
    routing_signature: bytes = field(repr=False)
    attempt: int
    state: Delivery
    upload_path: str  # path part of the resumable upload's address, '' before it exists
    offset: int  # bytes the receiver acknowledged
    failures: int
    next_try_at: dt.datetime | None
    sealed_at: dt.datetime
    last_error: str
    receipt: bytes = field(repr=False)


class OutboxTable:
    """The rows. Every change is one durable transaction, or joins the caller's."""

    def __init__(self, packets_folder: Path, database: Database, clock: Clock) -> None:
        self._folder = packets_folder
        self._database = database
        self._clock = clock

    def get(self, packet_id: str) -> OutboxRow:
        """Return one row; StoreError(reason=UNKNOWN) when there is none."""
        row = self._database.row(f"SELECT {_COLUMNS} {_FROM} WHERE p.id=?", (packet_id,))
        if row is None:
            raise StoreError(what="outbox", reason="UNKNOWN")
        return self._row(row)

    def rows(self, states: Collection[Delivery] | None = None) -> tuple[OutboxRow, ...]:
        """Return the rows in these states (None = all) in sealing order."""
        found = self._database.rows(f"SELECT {_COLUMNS} {_FROM} ORDER BY p.seq")
        rows = tuple(self._row(row) for row in found)
        return rows if states is None else tuple(row for row in rows if row.state in states)

    def add(self, packet_id: str, routing: bytes, routing_signature: bytes) -> None:
        """Queue a packet whose row exists; attempt 1."""
        self._database.execute(
            "INSERT INTO outbox (packet_id, routing, routing_signature, attempt, state)"
            " VALUES (?,?,?,1,?)",
            (packet_id, routing, routing_signature, Delivery.QUEUED.value),
        )

    def claim(self, now: dt.datetime, lease_s: float) -> OutboxRow | None:
        """Take the next packet to send for ``lease_s`` seconds, or None.

        Re-sends first, then small and old ones. Two senders never hold the same row; a sender that
        died loses its lease when it runs out. The state is not changed. A time or lease further ahead
        than any wait comes from a clock that was wrong and set right since: it holds nothing back.
        """
        at = to_us(now)
        wrong = at + _LONGEST_WAIT_US
        marks = ",".join("?" * len(CLAIMABLE))
        with self._database.transaction():
            row = self._database.row(
                f"SELECT {_COLUMNS} {_FROM} WHERE o.state IN ({marks})"
                " AND coalesce(o.next_try_at, 0) NOT BETWEEN ? AND ?"
                " AND coalesce(o.lease_until, 0) NOT BETWEEN ? AND ?"
                f" ORDER BY o.attempt > 1 DESC, p.sealed_at + p.size * {_US_PER_BYTE}, p.seq LIMIT 1",
                (*(state.value for state in CLAIMABLE), at + 1, wrong, at + 1, wrong),
            )
            if row is None:
                return None
            until = to_us(now + dt.timedelta(seconds=lease_s))
            self._database.execute(
                "UPDATE outbox SET lease_until=? WHERE packet_id=?", (until, row[0])
            )
        return self._row(row)

    def save(self, row: OutboxRow) -> None:
        """Write what changes on the way: all but the packet's own facts. The lease stays."""
        changed = self._database.execute(
            "UPDATE outbox SET routing=?, routing_signature=?, attempt=?, state=?, upload_path=?,"
            " offset=?, failures=?, next_try_at=?, last_error=?, receipt=? WHERE packet_id=?",
            (
                row.routing,
                row.routing_signature,
                row.attempt,
                row.state.value,
                row.upload_path,
                row.offset,
                row.failures,
                to_us_or_none(row.next_try_at),
                row.last_error,
                row.receipt,
                row.packet_id,
            ),
        )
        if changed != 1:
            raise StoreError(what="outbox", reason="UNKNOWN")

    def release(self, packet_id: str) -> None:
        """Give the lease back, so that the row can be claimed again at its next time."""
        self._database.execute("UPDATE outbox SET lease_until=NULL WHERE packet_id=?", (packet_id,))

    @property
    def paused(self) -> bool:
        """Whether the operator holds the queue; survives a restart."""
        return bool(self._database.meta("outbox.paused", 0))

    @paused.setter
    def paused(self, value: bool) -> None:
        self._database.set_meta("outbox.paused", int(value))

    def _row(self, row: Row) -> OutboxRow:
        return OutboxRow(
            packet_id=row[0],
            record_id=row[1],
            path=self._folder / f"{row[0]}{SUFFIX}",
            size=row[2],
            sha256=row[3],
            routing=row[4],
            routing_signature=row[5],
            attempt=row[6],
            state=Delivery(row[7]),
            upload_path=row[8],
            offset=row[9],
            failures=row[10],
            next_try_at=from_us_or_none(row[11]),
            sealed_at=from_us(row[12]),
            last_error=row[13],
            receipt=row[14],
        )
