"""Answers the centre's request to send a packet again: the same bytes under a new routing index."""

import logging
from dataclasses import dataclass, field, replace
from typing import Final

from station.clock import Clock
from station.keys.port import Signer
from station.lifecycle.record import Delivery, Record
from station.lifecycle.status import Status
from station.packet.routing import reissue
from station.store.outbox import OutboxRow
from station.store.store import Store

log = logging.getLogger(__name__)

_FAILED: Final = (Status.ENROLL_FAILURE_AT_CENTRAL, Status.ENROLL_FAILURE_AT_REGIONAL)
_AT_REST: Final = (Delivery.ACKED, Delivery.RESEND_WANTED)  # what is on its way is not queued again


@dataclass(frozen=True, slots=True)
class Resend:
    """``station_area`` is the configured code: correcting it cures a refusal for a wrong one."""

    store: Store
    machine: Signer = field(repr=False)
    station_area: str
    clock: Clock

    def look(self) -> int:
        """Queue every packet the centre asks for; return how many. Safe to repeat."""
        for record in self.store.records.search(statuses=_FAILED, deliveries=[Delivery.ACKED]):
            self._want(record)
        asked = self.store.records.search(statuses=[Status.PACKET_ENTRY], deliveries=_AT_REST)
        return sum(self._queue(record) for record in asked)

    def _want(self, record: Record) -> None:
        """Wait for the centre's word: the desk never sends again by itself."""
        row = self._row(record)
        if row is None:
            return
        with self.store.transaction():
            self.store.outbox.save(replace(row, state=Delivery.RESEND_WANTED))
            self.store.records.save(record.with_delivery(Delivery.RESEND_WANTED))

    def _row(self, record: Record) -> OutboxRow | None:
        """Return the packet's row; None when another desk made the record's present packet."""
        if not self.store.packets.known(record.packet_id):
            return None
        return self.store.outbox.get(record.packet_id)

    def _queue(self, record: Record) -> bool:
        row = self._row(record)
        if row is None or row.state not in _AT_REST:
            return False  # not ours to send, or on its way already
        issued = reissue(
            row.routing, self.machine, self.clock.now(), station_area=self.station_area
        )
        again = replace(
            row,
            routing=issued.data,
            routing_signature=issued.signature,
            attempt=row.attempt + 1,
            state=Delivery.QUEUED,
            upload_path="",
            offset=0,
            failures=0,
            next_try_at=None,
            receipt=b"",
        )
        with self.store.transaction():
            self.store.outbox.save(again)
            self.store.records.save(record.with_delivery(Delivery.QUEUED))
        log.info("centre asks again: attempt %d queued", again.attempt)
        return True
