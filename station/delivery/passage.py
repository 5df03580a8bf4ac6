"""One packet's way to its receipt, with every step made durable before the next one begins."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from station.clock import CancelToken, Clock
from station.delivery.announce import announce, fetch_receipt
from station.delivery.line import Line
from station.delivery.uploader import Uploader, UploadJob, UploadPlace
from station.errors import LineError
from station.lifecycle.record import Delivery, Record
from station.lifecycle.status import RawStatus, Status
from station.lifecycle.transitions import NEXT, Actor
from station.store.outbox import OutboxRow
from station.store.store import Store

OnProgress = Callable[[str, int, int], None]  # packet id, bytes done, bytes in all


class Passage:
    """The claimed row and how far it came; ``row`` is always what the store holds."""

    def __init__(
        self, store: Store, line: Line, uploader: Uploader, row: OutboxRow, clock: Clock
    ) -> None:
        self.row = row
        self._store = store
        self._line = line
        self._uploader = uploader
        self._clock = clock

    def bring(self, on_progress: OnProgress, cancel: CancelToken) -> bytes:
        """Return the centre's receipt, not yet verified.

        Raises LineError, CentreRefused, StoreError, OperatorCancelled.
        """
        if self.row.state is Delivery.QUEUED:
            self._advance(Delivery.SENDING)
        receipt = announce(self._line, self.row)
        if not receipt:
            self._upload(on_progress, cancel)
        if self.row.state is not Delivery.SENT_UNCONFIRMED:
            self._advance(Delivery.SENT_UNCONFIRMED)
        receipt = receipt or fetch_receipt(self._line, self.row.packet_id)
        if not receipt:
            raise LineError(cause="NO_RECEIPT_YET")
        return receipt

    def _upload(self, on_progress: OnProgress, cancel: CancelToken) -> None:
        row = self.row
        on_progress(row.packet_id, row.offset, row.size)

        def moved(place: UploadPlace) -> None:
            self.row = replace(self.row, upload_path=place.path, offset=place.offset)
            self._store.outbox.save(self.row)
            on_progress(row.packet_id, place.offset, row.size)

        job = UploadJob(row.packet_id, row.sha256, row.size, row.path, row.upload_path)
        self._uploader.upload(job, moved, cancel)

    def _advance(self, delivery: Delivery) -> None:
        """Move row and record in one transaction."""
        self.row = replace(self.row, state=delivery)
        with self._store.transaction():
            self._store.outbox.save(self.row)
            record = self._store.records.find(self.row.record_id)
            if record is None:
                return
            if delivery is Delivery.SENT_UNCONFIRMED:
                record = noted_as_sent(record, self.row.packet_id, self._clock.now())
            self._store.records.save(delivered(record, self.row))


def delivered(record: Record, row: OutboxRow) -> Record:
    """Return the record as far as its packet is; a packet that a new recording replaced says nothing."""
    return record.with_delivery(row.state) if record.packet_id == row.packet_id else record


def noted_as_sent(record: Record, packet_id: str, at: dt.datetime) -> Record:
    """Return the record as SENT_FOR_ENROLLMENT where this desk may say so, else as it is."""
    may = Status.SENT_FOR_ENROLLMENT in NEXT[record.known_status]
    if not may or record.packet_id != packet_id or isinstance(record.official_status, RawStatus):
        return record
    return record.step(Status.SENT_FOR_ENROLLMENT, Actor.RECORDING_DESK, at)
