import dataclasses
import datetime as dt
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.clock import CancelToken, FixedClock
from station.delivery.feed import PURPOSE, StatusFeed, event_payload, first_area, first_area_reason
from station.delivery.line import Answer
from station.delivery.signed import Trust, sign_statement
from station.errors import ReceiptRefused
from station.keys.roles import Role
from station.lifecycle.record import Record, StatusEvent
from station.lifecycle.status import Status
from station.store.store import open_store
from tests.station.packet.builders import NOW

STATION = "desk-1"
STORY = (
    Status.BIO_CAPTURED,
    Status.PROCESSING,
    Status.SENT_FOR_ENROLLMENT,
    Status.RECEIVED_AT_CENTRAL,
    Status.SENT_FOR_DEDUP,
    Status.PRINT_READY_RECORD,
    Status.SENT_FOR_CARD_PRINTING,
    Status.CARD_PRINTED,
)
EVENTS = [
    StatusEvent(f"r{person}", f"p{person}", 1, status.value, "", "centre", NOW, 2 * n + person + 1)
    for n, status in enumerate(STORY)
    for person in (0, 1)
]


class Centre:
    """Answers feed requests as a line mangled them: ``mangle(events, turn)`` for so many turns."""

    def __init__(self, signer, mangle=lambda events, _turn: events):
        self.signer = signer
        self.mangle = mangle
        self.turn = 0

    def call(self, _method, path, **_):
        query = parse_qs(urlsplit(path).query)
        after = int(query["after"][0])
        events = [event for event in EVENTS if event.server_seq > after][:5]
        events = self.mangle(events, self.turn)
        self.turn += 1
        page = {
            "station": query["station"][0],
            "after": after,
            "events": [event_payload(event) for event in events],
            "next": 0,
            "head": EVENTS[-1].server_seq,
        }
        return Answer(200, {}, sign_statement(PURPOSE, page, self.signer))


def a_store(folder):
    store = open_store(Path(folder), b"k" * 32, FixedClock(NOW))
    for person in (0, 1):
        store.records.save(Record(f"r{person}", "6101015203050001", "A", Status.UNREGISTERED))
    return store


def pull(store, centre, trust, tries=1):
    feed = StatusFeed(centre, trust, store, STATION)
    for left in range(tries, 0, -1):
        try:
            return feed.pull(CancelToken())
        except ReceiptRefused as refused:
            if left == 1 or refused.facts["reason"] != "GAP":
                raise
    return ()


@pytest.fixture
def signer(keys):
    return keys.centre.signer(Role.RECEIPT_SIGNER)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_loss_doubling_and_reordering_ends_in_the_same_state(signer, data):
    noise = data.draw(st.lists(st.permutations(range(10)), max_size=6))
    drops = data.draw(st.lists(st.sets(st.integers(0, 4)), min_size=6, max_size=6))

    def mangle(events, turn):
        if turn >= len(noise):
            return events
        kept = [event for n, event in enumerate(events) if n not in drops[turn]]
        doubled = kept + kept
        return [doubled[n % len(doubled)] for n in noise[turn]] if doubled else []

    with tempfile.TemporaryDirectory() as folder:
        store = a_store(folder)
        pull(store, Centre(signer, mangle), Trust.of([signer.certificate]), tries=20)
        cursor = store.feed_cursor()
        found = [store.records.get(f"r{person}") for person in (0, 1)]
        store.close()
    assert cursor == EVENTS[-1].server_seq
    for person, record in enumerate(found):
        assert record.events == tuple(e for e in EVENTS if e.record_id == f"r{person}")
        assert record.official_status is Status.CARD_PRINTED
        assert not record.flagged


def test_a_feed_signed_by_a_stranger_changes_nothing(signer, keys, tmp_path):
    store = a_store(tmp_path / "store")
    stranger = keys.desk.signer(Role.MACHINE)
    with pytest.raises(ReceiptRefused) as refused:
        pull(store, Centre(stranger), Trust.of([signer.certificate]))
    assert refused.value.facts["reason"] == "UNKNOWN_KEY"
    assert store.feed_cursor() == 0
    store.close()


def test_an_old_page_cannot_be_played_again(signer, tmp_path):
    store = a_store(tmp_path / "store")
    trust = Trust.of([signer.certificate])
    old = Centre(signer).call("GET", f"/v1/status?station={STATION}&after=0")
    pull(store, Centre(signer), trust)

    class Replay:
        def call(self, *_args, **_more):
            return old

    with pytest.raises(ReceiptRefused) as refused:
        pull(store, Replay(), trust)
    assert refused.value.facts["reason"] == "OTHER_QUESTION"
    store.close()


def test_a_gap_that_stays_is_reported_and_what_came_before_it_is_kept(signer, tmp_path):
    store = a_store(tmp_path / "store")
    holed = Centre(signer, lambda events, _turn: [e for e in events if e.server_seq != 3])
    with pytest.raises(ReceiptRefused) as refused:
        pull(store, holed, Trust.of([signer.certificate]))
    assert refused.value.facts["reason"] == "GAP"
    assert store.feed_cursor() == 2
    store.close()


def test_a_feed_that_contradicts_what_it_said_is_refused_and_changes_nothing(signer, tmp_path):
    store = a_store(tmp_path / "store")
    told = dataclasses.replace(EVENTS[0], status=Status.SENT_FOR_DEDUP.value)
    store.records.save(store.records.get("r0").apply(told))
    with pytest.raises(ReceiptRefused) as refused:
        pull(store, Centre(signer), Trust.of([signer.certificate]))
    assert refused.value.facts["reason"] == "CONTRADICTION"
    assert store.feed_cursor() == 0
    assert store.records.get("r0").events == (told,)
    assert store.records.get("r1").events == ()
    store.close()


def test_a_time_in_another_zone_is_kept_as_the_same_moment(signer, tmp_path):
    store = a_store(tmp_path / "store")
    west = dt.timezone(dt.timedelta(hours=7))
    there = Centre(
        signer,
        lambda events, _turn: [
            dataclasses.replace(event, event_time=NOW.astimezone(west)) for event in events
        ],
    )
    pull(store, there, Trust.of([signer.certificate]))
    assert {event.event_time for event in store.records.get("r0").events} == {NOW}
    store.close()


def test_the_first_area_travels_in_the_reason():
    assert first_area(first_area_reason("61.01")) == "61.01"
    assert first_area("something else") == ""


def test_an_event_time_survives_the_wire():
    event = EVENTS[0]
    assert dt.datetime.fromisoformat(event_payload(event)["event_time"]) == event.event_time
