"""Pulls the centre's signed status feed: what it said after our cursor, in its order, nothing twice.

A page answers exactly one question (station, cursor), so an old page cannot be played again. Events are
applied and the cursor moved in one transaction; at a gap the rest is asked for again.
"""

import datetime as dt
import logging
from dataclasses import asdict, replace
from typing import Final

from pydantic import TypeAdapter, ValidationError

from station.clock import CancelToken
from station.delivery.line import Line
from station.delivery.passage import noted_as_sent
from station.delivery.signed import Trust
from station.errors import ReceiptRefused, StoreError
from station.lifecycle.feed import FeedPage, take_page
from station.lifecycle.record import StatusEvent
from station.lifecycle.status import Status
from station.store.store import Store

log = logging.getLogger(__name__)

PURPOSE: Final = "status"
PATH: Final = "/v1/status"
PAGE: Final = 500
_GAP_TRIES: Final = 3
_FIRST_AREA: Final = "FIRST_AREA="

_EVENTS: Final = TypeAdapter(list[StatusEvent])


def event_payload(event: StatusEvent) -> dict[str, str | int]:
    """Return the event as it stands in a feed page."""
    return asdict(event) | {"event_time": event.event_time.isoformat()}


def first_area_reason(area: str) -> str:
    """Return the reason that names the area code of the first recording."""
    return _FIRST_AREA + area


def first_area(reason: str) -> str:
    """Return the area code of the first recording from a DUPLICATE_RECORD's reason, '' when unknown."""
    return reason.removeprefix(_FIRST_AREA) if reason.startswith(_FIRST_AREA) else ""


class StatusFeed:
    """The desk's place in the feed lives in the store."""

    def __init__(self, line: Line, trust: Trust, store: Store, station_id: str) -> None:
        self._line = line
        self._trust = trust
        self._store = store
        self._station_id = station_id

    def pull(self, cancel: CancelToken) -> tuple[str, ...]:
        """Apply everything the centre has; return the records that changed, each once.

        Raises LineError, CentreRefused, OperatorCancelled, and ReceiptRefused when a page does not verify
        or keeps a gap although it was asked for again; what was applied stays applied.
        """
        changed: dict[str, None] = {}
        gaps = 0
        while True:
            cancel.check()
            cursor = self._store.feed_cursor()
            delivered, head = self._page(cursor)
            page = take_page(cursor, delivered)
            if page.events:
                changed.update((record_id, None) for record_id in self._apply(page))
                gaps = 0
            if page.missing is not None or (head > page.cursor and not page.events):
                gaps += 1
                log.warning("gap in the status feed after %d", page.cursor)
                if gaps >= _GAP_TRIES:
                    raise ReceiptRefused(reason="GAP", purpose=PURPOSE, after=page.cursor)
            elif page.cursor >= head:
                return tuple(changed)

    def _apply(self, page: FeedPage) -> tuple[str, ...]:
        with self._store.transaction():
            events = [self._addressed(event) for event in page.events]
            for event in events:
                self._note_sent(event)
            try:
                records = self._store.apply_feed(events, page.cursor)
            except StoreError as error:
                if error.facts.get("reason") != "CONFLICT":
                    raise
                # Two different events under one number: the centre contradicts itself.
                raise ReceiptRefused(
                    reason="CONTRADICTION", purpose=PURPOSE, after=page.cursor
                ) from None
        return tuple(record.record_id for record in records)

    def _addressed(self, event: StatusEvent) -> StatusEvent:
        """Find the record of an event without one: a packet that does not open cannot name its record."""
        record = None if event.record_id else self._store.records.of_packet(event.packet_id)
        return event if record is None else replace(event, record_id=record.record_id)

    def _note_sent(self, event: StatusEvent) -> None:
        """Say SENT_FOR_ENROLLMENT first when the centre has what we had not yet noted as sent.

        A desk that is killed right after the last byte learns of the arrival before it can say so itself.
        """
        if event.status != Status.RECEIVED_AT_CENTRAL.value:
            return
        record = self._store.records.find(event.record_id)
        if record is not None:
            noted = noted_as_sent(record, event.packet_id, event.event_time)
            if noted is not record:
                self._store.records.save(noted)

    def _page(self, cursor: int) -> tuple[list[StatusEvent], int]:
        path = f"{PATH}?station={self._station_id}&after={cursor}&limit={PAGE}"
        payload = self._trust.read(PURPOSE, self._line.call("GET", path).body).payload
        if payload.get("station") != self._station_id or payload.get("after") != cursor:
            raise ReceiptRefused(reason="OTHER_QUESTION", purpose=PURPOSE)
        try:
            events = [_in_utc(event) for event in _EVENTS.validate_python(payload.get("events"))]
            head = int(payload["head"])
        except (ValidationError, KeyError, TypeError, ValueError, OverflowError):
            # The library's error quotes its input: it must not travel on.
            raise ReceiptRefused(reason="MALFORMED", purpose=PURPOSE) from None
        return events, head


def _in_utc(event: StatusEvent) -> StatusEvent:
    """Return the event as records keep it; ValueError for a time without a zone: nobody can order it."""
    if event.event_time.tzinfo is None:
        raise ValueError("event_time")
    return replace(event, event_time=event.event_time.astimezone(dt.UTC))
