"""Alarms for records that stay too long in one status."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station.lifecycle.record import Record
from station.lifecycle.status import Status


class Alarm(StrEnum):
    """How urgent it is."""

    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """From which age on a status is amber, and from which red (None = never)."""

    amber: dt.timedelta
    red: dt.timedelta | None = None


# SENT_FOR_ENROLLMENT takes 1, 3 or 20 and more days; a stuck one may be a NIK the centre already has.
DEFAULT_LIMITS: Final[Mapping[Status, AgeLimit]] = {
    Status.BIO_CAPTURED: AgeLimit(dt.timedelta(hours=1)),
    Status.PROCESSING: AgeLimit(dt.timedelta(hours=24)),
    Status.SENT_FOR_ENROLLMENT: AgeLimit(dt.timedelta(days=3), dt.timedelta(days=20)),
    Status.PRINT_READY_RECORD: AgeLimit(dt.timedelta(days=3)),
    Status.CARD_PRINTED: AgeLimit(dt.timedelta(days=30)),
}


@dataclass(frozen=True, slots=True)
class Overdue:
    """One record that waits too long."""

    record_id: str
    status: Status
    alarm: Alarm
    age: dt.timedelta


def overdue(
    record: Record,
    now: dt.datetime,
    limits: Mapping[Status, AgeLimit] = DEFAULT_LIMITS,
    *,
    online: bool = True,
) -> Overdue | None:
    """Return the alarm of one record, or None.

    A desk without a line (``online`` False) is not late in sending; a print hold that still runs does
    not count either.
    """
    status, since = record.official_status, record.since
    if not isinstance(status, Status) or since is None or status not in limits:
        return None
    if status is Status.BIO_CAPTURED and not online:
        return None
    # Local time zones differ from UTC by hours, a hold by months: the UTC day is close enough here.
    if status is Status.PRINT_READY_RECORD and not record.may_print(now.date()):
        return None
    age, limit = now - since, limits[status]
    if age <= limit.amber:
        return None
    red = limit.red is not None and age > limit.red
    return Overdue(record.record_id, status, Alarm.RED if red else Alarm.AMBER, age)


def all_overdue(
    records: Iterable[Record],
    now: dt.datetime,
    limits: Mapping[Status, AgeLimit] = DEFAULT_LIMITS,
    *,
    online: bool = True,
) -> tuple[Overdue, ...]:
    """Return every alarm, red first, then by age."""
    found = [late for r in records if (late := overdue(r, now, limits, online=online))]
    return tuple(sorted(found, key=lambda late: (late.alarm is not Alarm.RED, -late.age)))
