"""When a sealed packet and its fingers may go: never before the centre signed for it, has it, and the days have passed."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from station.errors import StoreError
from station.lifecycle.record import Delivery
from station.lifecycle.status import Status
from station.store import disk
from station.store.instants import from_us, to_us
from station.store.packets import PacketRow
from station.store.store import Store

DEFAULT_DAYS: Final = 14  # proposal; the data owner decides

# In these the centre may still ask for the same bytes.
_MAY_ASK_AGAIN: Final = frozenset(
    {
        Status.SENT_FOR_ENROLLMENT,
        Status.ENROLL_FAILURE_AT_CENTRAL,
        Status.ENROLL_FAILURE_AT_REGIONAL,
        Status.SEARCH_FAILURE_AT_CENTRAL,
        Status.PACKET_ENTRY,
    }
)


@dataclass(frozen=True, slots=True)
class Destruction:
    """The record that a packet was destroyed here."""

    packet_id: str
    sha256: str
    reason: str
    at: dt.datetime


def due(store: Store, days: int = DEFAULT_DAYS) -> tuple[PacketRow, ...]:
    """Return the packets whose retention is over."""
    latest = store.clock.now() - dt.timedelta(days=days)
    return tuple(row for row in store.packets.all() if _over(store, row, latest))


def destroy_due(store: Store, days: int = DEFAULT_DAYS) -> tuple[Destruction, ...]:
    """Destroy what is due and return the records of it; a kill in between is finished by the sweep."""
    return tuple(_destroy(store, row) for row in due(store, days))


def destructions(store: Store) -> tuple[Destruction, ...]:
    """Return all records of destruction, oldest first."""
    rows = store.database.rows("SELECT packet_id, sha256, reason, at FROM destruction ORDER BY at")
    return tuple(Destruction(row[0], row[1], row[2], from_us(row[3])) for row in rows)


def _over(store: Store, row: PacketRow, latest: dt.datetime) -> bool:
    if row.destroyed_at is not None or row.legal_hold:
        return False
    if row.received_at is None or row.received_at > latest:
        return False
    delivery = store.outbox.get(row.id)
    if delivery.state is not Delivery.ACKED or not delivery.receipt:
        return False
    record = store.records.find(row.record_id)
    current = record is not None and record.packet_id == row.id
    return not (current and record is not None and record.known_status in _MAY_ASK_AGAIN)


def _destroy(store: Store, row: PacketRow) -> Destruction:
    done = Destruction(row.id, row.sha256, "RETENTION_OVER", store.clock.now())
    at = to_us(done.at)
    with store.transaction():
        if store.database.execute(
            "UPDATE packet SET destroyed_at=? WHERE id=? AND destroyed_at IS NULL", (at, row.id)
        ) != 1:  # fmt: skip
            raise StoreError(what="packet", reason="UNKNOWN")
        store.database.execute(
            "INSERT INTO destruction VALUES (?,?,?,?)", (row.id, row.sha256, done.reason, at)
        )
        store.people.forget(row.id)
    disk.remove_durable(store.packets.path(row.id))
    return done
