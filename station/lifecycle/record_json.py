"""A record as bytes, for whichever shelf keeps it: what happened is written, the state never is."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from station.errors import FormatError
from station.lifecycle.record import Delivery, HoldNote, LocalStep, Record, StatusEvent
from station.lifecycle.status import Status


@dataclass(frozen=True, slots=True)
class _Written:
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    record_id: str
    nik: str
    person_name: str
    start: Status
    delivery: Delivery
    holds: tuple[HoldNote, ...]
    events: tuple[StatusEvent, ...]
    steps: tuple[LocalStep, ...]


_WRITTEN = TypeAdapter(_Written)


def record_to_json(record: Record) -> bytes:
    """Return the record as UTF-8 JSON. It holds NIK and name: keep it only in the encrypted store."""
    written = _Written(
        record.record_id,
        record.nik,
        record.person_name,
        record.start,
        record.delivery,
        record.holds,
        record.events,
        record.steps,
    )
    return _WRITTEN.dump_json(written)


def record_from_json(data: bytes) -> Record:
    """Read what ``record_to_json`` wrote and fold it again; FormatError names a wrong field."""
    try:
        written = _WRITTEN.validate_json(data)
    except ValidationError as cause:
        first = cause.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        # The library's error quotes the input: it must not travel on.
        raise FormatError(format="record", field=place, reason=first["type"]) from None
    zoned = [e.event_time for e in written.events] + [s.at for s in written.steps]
    if any(time.utcoffset() != dt.timedelta(0) for time in zoned):
        raise FormatError(format="record", field="time", reason="not UTC")
    return Record(
        written.record_id,
        written.nik,
        written.person_name,
        written.start,
        written.delivery,
        written.holds,
        written.events,
        written.steps,
    )
