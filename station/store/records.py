"""The records of this site: one row per recording, searchable, with the centre's events folded in."""

import uuid
from collections.abc import Iterable
from typing import Final

from pydantic import TypeAdapter, ValidationError

from station.clock import Clock
from station.errors import FormatError, StoreCorrupt, StoreError
from station.ids import short_code
from station.lifecycle.record import Delivery, Record, StatusEvent
from station.lifecycle.record_json import record_from_json, record_to_json
from station.lifecycle.status import Status
from station.store.database import Database, Row
from station.store.instants import to_us

FEED_CURSOR: Final = "feed.cursor"

_EVENT: Final = TypeAdapter(StatusEvent)


class Records:
    """All records of the desk."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def find(self, record_id: str) -> Record | None:
        """Return a record, or None."""
        row = self._database.row("SELECT body FROM record WHERE id=?", (record_id,))
        return None if row is None else _record(row)

    def get(self, record_id: str) -> Record:
        """Return a record; StoreError(reason=UNKNOWN) when there is none."""
        found = self.find(record_id)
        if found is None:
            raise StoreError(what="record", reason="UNKNOWN")
        return found

    def of_packet(self, packet_id: str) -> Record | None:
        """Return the record a packet belongs to, also one that was replaced since."""
        row = self._database.row(
            "SELECT r.body FROM packet p JOIN record r ON r.id = p.record_id WHERE p.id=?",
            (packet_id,),
        )
        return None if row is None else _record(row)

    def of_nik(self, nik: str) -> tuple[Record, ...]:
        """Return the recordings of one person here, for the same-NIK check."""
        rows = self._database.rows("SELECT body FROM record WHERE nik=? ORDER BY id", (nik,))
        return tuple(_record(row) for row in rows)

    def search(
        self,
        *,
        text: str = "",
        statuses: Iterable[str] = (),
        deliveries: Iterable[Delivery] = (),
        limit: int = 500,
    ) -> tuple[Record, ...]:
        """Return records, latest change first.

        ``text`` finds a part of the name (any case), the beginning of a NIK, or the receipt's code.
        Empty ``statuses`` or ``deliveries`` mean all.
        """
        sql, values = "SELECT body FROM record WHERE 1", list[str | int]()
        if text.strip():
            sql += " AND (name LIKE ? ESCAPE '\\' OR nik LIKE ? ESCAPE '\\' OR code = ?)"
            part = _escaped(text.strip())
            values += [f"%{part}%", f"{part}%", _code(text)]
        for column, wanted in (("status", tuple(statuses)), ("delivery", tuple(deliveries))):
            if wanted:
                sql += f" AND {column} IN ({','.join('?' * len(wanted))})"
                values += [str(item) for item in wanted]
        rows = self._database.rows(f"{sql} ORDER BY updated_at DESC, id LIMIT ?", (*values, limit))
        return tuple(_record(row) for row in rows)

    def save(self, record: Record) -> Record:
        """Write a record; a new one first takes the events that came for it before. Returns what is kept."""
        with self._database.transaction():
            if self.find(record.record_id) is None:
                record = self._with_strays(record)
            self._database.execute(
                "INSERT OR REPLACE INTO record VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    record.record_id,
                    record.nik,
                    record.person_name,
                    _short(record.packet_id),
                    getattr(record.official_status, "text", str(record.official_status)),
                    record.delivery.value,
                    record.packet_id,
                    to_us(self._clock.now()),
                    record_to_json(record),
                ),
            )
        return record

    def cursor(self) -> int:
        """Return the feed's event number up to which everything is applied."""
        return int(self._database.meta(FEED_CURSOR, 0))

    def apply_feed(self, events: Iterable[StatusEvent], cursor: int) -> tuple[Record, ...]:
        """Apply events and move the cursor in one transaction; return the records that changed.

        Events of records not known here are kept for the day the record is. RECEIVED_AT_CENTRAL
        starts the packet's retention clock. StoreError when the cursor would go back or one number
        carries two different events.
        """
        changed = []
        with self._database.transaction():
            if cursor < self.cursor():
                raise StoreError(what="feed", reason="CURSOR_BACK", cursor=cursor)
            for record_id, own in _grouped(events).items():
                record = self.find(record_id)
                if record is None:
                    self._keep_strays(own)
                    continue
                after = _applied(record, own)
                self._note_received(own)
                if after != record:
                    changed.append(self.save(after))
            self._database.set_meta(FEED_CURSOR, cursor)
        return tuple(changed)

    def _note_received(self, events: Iterable[StatusEvent]) -> None:
        for event in events:
            if event.status == Status.RECEIVED_AT_CENTRAL.value:
                self._database.execute(
                    "UPDATE packet SET received_at=coalesce(received_at, ?) WHERE id=?",
                    (to_us(event.event_time), event.packet_id),
                )

    def _keep_strays(self, events: Iterable[StatusEvent]) -> None:
        for event in events:
            self._database.execute(
                "INSERT OR IGNORE INTO stray_event VALUES (?,?)",
                (event.server_seq, _EVENT.dump_json(event)),
            )

    def _with_strays(self, record: Record) -> Record:
        rows = self._database.rows("SELECT body FROM stray_event ORDER BY server_seq")
        own = [event for event in map(_stray, rows) if event.record_id == record.record_id]
        for event in own:
            self._database.execute(
                "DELETE FROM stray_event WHERE server_seq=?", (event.server_seq,)
            )
        return _applied(record, own)


def _record(row: Row) -> Record:
    try:
        return record_from_json(row[0])
    except FormatError as cause:
        raise StoreCorrupt(what="record") from cause


def _stray(row: Row) -> StatusEvent:
    try:
        return _EVENT.validate_json(row[0])
    except ValidationError:  # quotes its input: it must not travel on
        raise StoreCorrupt(what="stray event") from None


def _applied(record: Record, events: Iterable[StatusEvent]) -> Record:
    try:
        return record.apply_all(events)
    except ValueError as cause:
        raise StoreError(what="feed", reason="CONFLICT") from cause


def _grouped(events: Iterable[StatusEvent]) -> dict[str, list[StatusEvent]]:
    found: dict[str, list[StatusEvent]] = {}
    for event in events:
        found.setdefault(event.record_id, []).append(event)
    return found


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _code(text: str) -> str:
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return f"{letters[:3]}-{letters[3:]}"


def _short(packet_id: str) -> str:
    try:
        return short_code(uuid.UUID(packet_id))
    except ValueError:
        return ""
