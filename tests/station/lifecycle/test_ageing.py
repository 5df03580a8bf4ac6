"""Records that wait too long raise an alarm; those that must wait do not."""

import datetime as dt

import pytest

from station.lifecycle.ageing import Alarm, all_overdue, overdue
from station.lifecycle.record import Hold, Record, StatusEvent
from station.lifecycle.status import Status
from station.lifecycle.transitions import NEXT

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SECOND = dt.timedelta(seconds=1)


def waiting(status, age, record_id="R-1"):
    before = next(held for held, after in NEXT.items() if status in after)
    at = NOW - age
    event = StatusEvent(record_id, "P-1", 1, status, "", "centre", at, 1)
    return Record(record_id, "6101015203090003", "X", before).apply(event)


@pytest.mark.parametrize(
    ("status", "limit", "alarm"),
    [
        (Status.BIO_CAPTURED, HOUR, Alarm.AMBER),
        (Status.PROCESSING, 24 * HOUR, Alarm.AMBER),
        (Status.SENT_FOR_ENROLLMENT, 3 * DAY, Alarm.AMBER),
        (Status.PRINT_READY_RECORD, 3 * DAY, Alarm.AMBER),
        (Status.CARD_PRINTED, 30 * DAY, Alarm.AMBER),
    ],
)
def test_an_alarm_begins_right_after_its_limit(status, limit, alarm):
    assert overdue(waiting(status, limit), NOW) is None
    late = overdue(waiting(status, limit + SECOND), NOW)
    assert (late.status, late.alarm, late.age) == (status, alarm, limit + SECOND)


def test_sent_for_enrollment_turns_red_after_20_days():
    assert overdue(waiting(Status.SENT_FOR_ENROLLMENT, 20 * DAY), NOW).alarm is Alarm.AMBER
    late = overdue(waiting(Status.SENT_FOR_ENROLLMENT, 20 * DAY + SECOND), NOW)
    assert late.alarm is Alarm.RED


def test_a_desk_without_a_line_is_not_late_in_sending():
    assert overdue(waiting(Status.BIO_CAPTURED, 5 * DAY), NOW, online=False) is None


def test_a_card_that_waits_for_a_birthday_is_not_late():
    record = waiting(Status.PRINT_READY_RECORD, 90 * DAY)
    assert overdue(record.with_hold(Hold.AGE_17, dt.date(2026, 12, 1)), NOW) is None
    assert overdue(record.with_hold(Hold.AGE_17, dt.date(2026, 11, 20)), NOW) is not None


def test_other_statuses_never_ring():
    for status in (Status.RECEIVED_AT_CENTRAL, Status.DUPLICATE_RECORD, Status.CARD_ISSUED):
        assert overdue(waiting(status, 400 * DAY), NOW) is None
    assert overdue(Record("R-1", "6101015203090003", "X", Status.PROCESSING), NOW) is None


def test_the_most_urgent_stands_first():
    records = [
        waiting(Status.PROCESSING, 2 * DAY, "R-1"),
        waiting(Status.SENT_FOR_ENROLLMENT, 21 * DAY, "R-2"),
        waiting(Status.CARD_PRINTED, 60 * DAY, "R-3"),
        waiting(Status.PROCESSING, HOUR, "R-4"),
    ]
    assert [late.record_id for late in all_overdue(records, NOW)] == ["R-2", "R-3", "R-1"]
