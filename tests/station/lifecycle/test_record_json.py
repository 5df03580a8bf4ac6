"""A record on the shelf: what happened comes back, and the state is folded anew."""

import datetime as dt
import json

import pytest

from station.errors import FormatError
from station.lifecycle.record import Delivery, Hold, Record, StatusEvent
from station.lifecycle.record_json import record_from_json, record_to_json
from station.lifecycle.status import RawStatus, Status
from station.lifecycle.transitions import Actor

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


def a_record():
    record = Record("R-1", "6101015203090003", "NUR AINI SAFITRI", Status.UNREGISTERED)
    record = record.step(Status.BIO_CAPTURED, Actor.RECORDING_DESK, NOW, packet_id="P-1")
    record = record.with_hold(Hold.AGE_17, dt.date(2027, 3, 12)).with_hold(Hold.NIK_EXISTS)
    event = StatusEvent("R-1", "P-1", 1, "ENTAH APA", "", "centre", NOW, 7)
    return record.with_delivery(Delivery.QUEUED).apply(event)


def test_a_record_comes_back_with_its_state():
    record = a_record()
    again = record_from_json(record_to_json(record))
    assert again == record
    assert again.official_status == RawStatus("ENTAH APA")
    assert again.history == record.history
    assert again.last_seq == 7


def test_the_state_itself_is_not_written():
    assert set(json.loads(record_to_json(a_record()))) == {
        "record_id", "nik", "person_name", "start", "delivery", "holds", "events", "steps",
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"start": "RAHASIA"},
        {"delivery": "RAHASIA"},
        {"official_status": "RAHASIA"},
        {"events": [{"record_id": "RAHASIA"}]},
        {"nik": 6101015203090003},
    ],
)
def test_a_broken_record_is_refused_without_quoting_it(change):
    data = json.dumps(json.loads(record_to_json(a_record())) | change).encode()
    with pytest.raises(FormatError) as caught:
        record_from_json(data)
    assert "RAHASIA" not in str(caught.value)
    assert "6101015203090003" not in str(caught.value)


def test_a_time_without_utc_is_refused():
    data = record_to_json(a_record()).replace(b"2026-11-22T02:00:00Z", b"2026-11-22T02:00:00+07:00")
    with pytest.raises(FormatError):
        record_from_json(data)
