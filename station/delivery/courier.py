"""The worker of the line: reports, then status, then bytes, round and round in one thread."""

import datetime as dt
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from station.clock import CancelToken, Clock
from station.delivery.backoff import Backoff
from station.delivery.feed import StatusFeed
from station.delivery.line import Line
from station.delivery.reports import ReportOutbox
from station.delivery.resend import Resend
from station.delivery.sender import Acknowledged, Alarm, Idle, Postponed, Sender
from station.errors import (
    CentreRefused,
    LineError,
    OperatorCancelled,
    ReceiptRefused,
    StationError,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LineUp:
    """The centre answered."""


@dataclass(frozen=True, slots=True)
class LineDown:
    """The line failed; the next try comes by itself."""

    next_try_s: float
    cause: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes of one packet at the centre."""

    packet_id: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Acked:
    """The centre's receipt of a packet is verified."""

    packet_id: str
    record_id: str


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """The centre's word about a record arrived and is stored."""

    record_id: str


@dataclass(frozen=True, slots=True)
class ReportsAccepted:
    """The centre accepted activation reports."""

    count: int


@dataclass(frozen=True, slots=True)
class NeedsAttention:
    """The centre refused, or its word does not verify; ``code`` is of station.errors."""

    code: str
    reason: str
    packet_id: str = ""


CourierEvent = (
    LineUp | LineDown | Progress | Acked | StatusChanged | ReportsAccepted | NeedsAttention
)
Tell = Callable[[CourierEvent], None]


class Courier:
    """Runs until cancelled. ``nudge`` from any thread makes it look at once (a packet was sealed)."""

    def __init__(
        self,
        line: Line,
        sender: Sender,
        feed: StatusFeed,
        reports: ReportOutbox,
        resend: Resend,
        tell: Tell,
        clock: Clock,
        *,
        idle_s: float = 20.0,
        backoff: Backoff | None = None,
    ) -> None:
        self._line = line
        self._sender = sender
        self._feed = feed
        self._reports = reports
        self._resend = resend
        self._tell = tell
        self._clock = clock
        self._idle_s = idle_s
        self._backoff = backoff or Backoff()
        self._up: bool | None = None
        self._failures = 0
        self._pause = _Pause()

    def nudge(self) -> None:
        """End the present pause."""
        self._pause.end()

    def run(self, cancel: CancelToken) -> None:
        """Work until cancelled; returns then, and closes the line. No failure ends this loop.

        A full disk, a damaged row or an answer nobody thought of is told as NeedsAttention, and the
        next round comes: a courier that died would leave every packet of the day in the outbox.
        """
        cancel.on_cancel(self._pause.end)
        try:
            while not cancel.cancelled:
                wait = self._guarded(cancel)
                self._pause.take(0.0 if cancel.cancelled else wait)
        except OperatorCancelled:
            return
        finally:
            self.close()

    def close(self) -> None:
        """Drop the line; ``run`` does it at its end."""
        self._line.close()

    def _guarded(self, cancel: CancelToken) -> float:
        try:
            return self.round(cancel)
        except StationError as error:
            code, reason = error.code, str(error.facts.get("reason", ""))
        except OperatorCancelled:
            raise
        except Exception as error:  # noqa: BLE001 - the courier must outlive every bad round
            # The text of a foreign exception may quote data: only its type is told.
            code, reason = "UNEXPECTED", type(error).__name__
        log.error("a round of the courier failed: %s %s", code, reason)
        self._failures += 1
        self._tell(NeedsAttention(code, reason))
        return self._backoff.wait(self._failures)

    def round(self, cancel: CancelToken) -> float:
        """Do one round and return the seconds to pause after it; raises OperatorCancelled."""
        try:
            accepted = self._reports.send(self._line, cancel)
            if accepted:
                self._reached()
                self._tell(ReportsAccepted(accepted))
            self._pull(cancel)
            self._resend.look()
            wait = self._send(cancel)
        except LineError as error:
            return self._lost(str(error.facts.get("cause", "")))
        return wait

    def _pull(self, cancel: CancelToken) -> None:
        try:
            for record_id in self._feed.pull(cancel):
                self._tell(StatusChanged(record_id))
        except (ReceiptRefused, CentreRefused) as error:
            # A false feed must not keep the packets from leaving: their receipts are verified one by one.
            self._tell(NeedsAttention(error.code, str(error.facts.get("reason", ""))))
            return
        self._reached()

    def _send(self, cancel: CancelToken) -> float:
        """Bring one packet; return how long to pause."""
        outcome = self._sender.step(self._clock.now(), self._progress, cancel)
        match outcome:
            case Acknowledged():
                self._reached()
                self._tell(Acked(outcome.packet_id, outcome.record_id))
                return 0.0
            case Alarm():
                self._tell(NeedsAttention(outcome.code, outcome.reason, outcome.packet_id))
                return 0.0
            case Postponed():
                return self._lost(outcome.cause, self._until(outcome.next_try_at))
            case Idle():
                return min(self._idle_s, self._until(outcome.next_try_at))

    def _until(self, moment: dt.datetime | None) -> float:
        if moment is None:
            return self._idle_s
        return max(0.0, (moment - self._clock.now()).total_seconds())

    def _progress(self, packet_id: str, done: int, total: int) -> None:
        self._reached()
        self._tell(Progress(packet_id, done, total))

    def _reached(self) -> None:
        self._failures = 0
        if self._up is not True:
            self._up = True
            self._tell(LineUp())

    def _lost(self, cause: str, wait: float | None = None) -> float:
        self._failures += 1
        pause = self._backoff.wait(self._failures) if wait is None else wait
        self._up = False
        self._tell(LineDown(pause, cause))
        return pause


class _Pause:
    """A wait that another thread may end; a nudge before the wait counts for it."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def end(self) -> None:
        self._event.set()

    def take(self, seconds: float) -> None:
        self._event.wait(seconds)
        self._event.clear()
