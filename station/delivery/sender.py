"""Empties the outbox, one packet at a time: announce, upload, confirm. Every step survives a kill.

Exactly one effect comes from sending at least once to a receiver that knows packet id and hash. A row
becomes ACKED only with the centre's verified receipt; until then the packet is ours to keep.
"""

import datetime as dt
import logging
from dataclasses import dataclass, replace
from typing import Final

from station.clock import CancelToken, Clock
from station.delivery.backoff import Backoff
from station.delivery.line import Line
from station.delivery.passage import OnProgress, Passage, delivered
from station.delivery.receipts import Receipt, read_receipt
from station.delivery.signed import Trust
from station.delivery.uploader import Uploader
from station.errors import CentreRefused, LineError, ReceiptRefused, StationError, StoreError
from station.lifecycle.record import Delivery
from station.store.outbox import CLAIMABLE, OutboxRow
from station.store.store import Store

log = logging.getLogger(__name__)

# Longer than the slowest packet on the thinnest line; only a dead sender ever lets it run out.
LEASE_S: Final = 1800.0


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is due. ``next_try_at`` is when something will be, None for an empty queue."""

    next_try_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The centre's receipt is verified and stored."""

    packet_id: str
    record_id: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Postponed:
    """The line failed; the packet waits."""

    packet_id: str
    next_try_at: dt.datetime
    cause: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Someone must look: the centre refused, a receipt is false, or the packet's file is not as sealed."""

    packet_id: str
    code: str  # of station.errors
    reason: str
    next_try_at: dt.datetime


Outcome = Idle | Acknowledged | Postponed | Alarm


def _no_progress(_packet_id: str, _done: int, _total: int) -> None:
    """Report to nobody."""


class Sender:
    """The synchronous core; a courier runs it in a thread."""

    def __init__(
        self,
        store: Store,
        line: Line,
        uploader: Uploader,
        trust: Trust,
        clock: Clock,
        backoff: Backoff | None = None,
        *,
        alarm_wait_s: float = 900.0,
    ) -> None:
        self._store = store
        self._line = line
        self._uploader = uploader
        self._trust = trust
        self._clock = clock
        self._backoff = backoff or Backoff()
        self._alarm_wait_s = alarm_wait_s

    def step(
        self,
        now: dt.datetime,
        on_progress: OnProgress = _no_progress,
        cancel: CancelToken | None = None,
    ) -> Outcome:
        """Bring at most one packet to the centre and say what happened.

        Raises OperatorCancelled; the row is then as far as it came and free to be claimed again.
        """
        if self._store.outbox.paused:
            return Idle()
        row = self._store.outbox.claim(now, LEASE_S)
        if row is None:
            return Idle(self._next_due(now))
        passage = Passage(self._store, self._line, self._uploader, row, self._clock)
        try:
            receipt = passage.bring(on_progress, cancel or CancelToken())
            return self._acknowledge(passage.row, receipt)
        except LineError as error:
            return self._postpone(passage.row, error)
        except (CentreRefused, ReceiptRefused, StoreError) as error:
            return self._alarm(passage.row, error)
        finally:
            self._store.outbox.release(row.packet_id)

    def _next_due(self, now: dt.datetime) -> dt.datetime | None:
        # A row that is due and was not given is leased: its time is past and would let nobody rest.
        waiting = [
            row.next_try_at
            for row in self._store.outbox.rows(CLAIMABLE)
            if row.next_try_at is not None and row.next_try_at > now
        ]
        return min(waiting, default=None)

    def _acknowledge(self, row: OutboxRow, data: bytes) -> Acknowledged:
        receipt = read_receipt(data, self._trust, packet_id=row.packet_id, sha256=row.sha256)
        done = replace(
            row,
            state=Delivery.ACKED,
            receipt=data,
            offset=row.size,
            failures=0,
            next_try_at=None,
            last_error="",
        )
        with self._store.transaction():
            self._store.outbox.save(done)
            self._store.packets.mark_received(row.packet_id, receipt.received_at)
            if record := self._store.records.find(row.record_id):
                self._store.records.save(delivered(record, done))
        return Acknowledged(row.packet_id, row.record_id, receipt)

    def _postpone(self, row: OutboxRow, error: LineError) -> Postponed:
        failures = row.failures + 1
        due = self._clock.now() + dt.timedelta(seconds=self._backoff.wait(failures))
        self._store.outbox.save(
            replace(row, failures=failures, next_try_at=due, last_error=error.code)
        )
        cause = str(error.facts.get("cause", ""))
        log.info("packet postponed after %d failures: %s", failures, cause)
        return Postponed(row.packet_id, due, cause)

    def _alarm(self, row: OutboxRow, error: StationError) -> Alarm:
        due = self._clock.now() + dt.timedelta(seconds=self._alarm_wait_s)
        reason = str(error.facts.get("reason", ""))
        self._store.outbox.save(
            replace(row, failures=row.failures + 1, next_try_at=due, last_error=error.code)
        )
        log.warning("packet needs a person: %s %s", error.code, reason)
        return Alarm(row.packet_id, error.code, reason, due)
