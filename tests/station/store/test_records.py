import dataclasses
import datetime as dt
import random
import traceback
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.capture import events as ev
from station.clock import FixedClock
from station.errors import StoreCorrupt, StoreError
from station.ids import short_code
from station.lifecycle.record import Delivery, Flag, Hold, Record, StatusEvent
from station.lifecycle.status import Status
from station.lifecycle.transitions import Actor
from station.store import retention
from station.store.sealing import seal_and_store
from station.store.store import open_store
from tests.station.packet.builders import NOW, PLAN, attempts, context, started

DAY = dt.timedelta(days=1)
PACKET = "01900000-0000-7000-8000-000000000001"


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def store(tmp_path, clock):
    opened = open_store(tmp_path / "store", b"k" * 32, clock)
    yield opened
    opened.close()


def sent(name="r1", nik="6101015203050001", person="SITI AMINAH", packet=PACKET):
    record = Record(name, nik, person, Status.UNREGISTERED)
    for status in (Status.BIO_CAPTURED, Status.PROCESSING, Status.SENT_FOR_ENROLLMENT):
        record = record.step(status, Actor.RECORDING_DESK, NOW, packet_id=packet)
    return record.with_delivery(Delivery.SENT_UNCONFIRMED)


def event(seq, status, name="r1", packet=PACKET, at=NOW):
    return StatusEvent(name, packet, 1, status, "", "centre", at, seq)


def test_a_record_is_read_as_it_was_written(store):
    record = sent().with_hold(Hold.AGE_17, dt.date(2027, 1, 1))
    record = record.apply(event(1, "RECEIVED_AT_CENTRAL")).apply(event(2, "SOMETHING_NEW"))
    store.records.save(record)
    again = store.records.get("r1")
    assert again == record
    assert again.history == record.history
    assert again.flagged[0].flag is Flag.UNKNOWN_STATUS


def test_a_damaged_record_is_told_without_what_stood_in_it(store):
    store.records.save(sent())
    body = store.database.row("SELECT body FROM record")[0]
    damaged = body.replace(b'"6101015203050001"', b"6101015203050001")
    store.database.execute("UPDATE record SET body=?", (damaged,))
    with pytest.raises(StoreCorrupt) as corrupt:
        store.records.get("r1")
    told = "".join(traceback.format_exception(corrupt.value))
    assert "6101015203050001" not in told
    assert "SITI AMINAH" not in told


def test_a_damaged_event_of_a_record_still_to_come_is_a_store_error(store):
    store.apply_feed([event(1, "RECEIVED_AT_CENTRAL")], 1)
    store.database.execute("UPDATE stray_event SET body=x'7b'")
    with pytest.raises(StoreCorrupt):
        store.records.save(sent())


def test_records_are_found_by_name_nik_and_receipt_code(store):
    other = "01900000-0000-7000-8000-0000000000ff"
    store.records.save(sent())
    store.records.save(sent("r2", "3273010101900002", "BUDI 100%_SANTOSO", other))

    def found(text):
        return [record.record_id for record in store.records.search(text=text)]

    assert found("aminah") == ["r1"]
    assert found("6101") == ["r1"]
    assert found("5203") == []  # a NIK is found from its beginning only
    assert found("%_") == ["r2"]
    assert found(short_code(uuid.UUID(other)).lower().replace("-", "")) == ["r2"]
    assert sorted(found("")) == ["r1", "r2"]
    assert store.records.of_nik("3273010101900002")[0].record_id == "r2"


def test_records_are_filtered_by_status_and_delivery(store):
    store.records.save(sent())
    store.records.save(sent("r2").apply(event(9, "RECEIVED_AT_CENTRAL", "r2")))
    received = store.records.search(statuses=[Status.RECEIVED_AT_CENTRAL])
    assert [record.record_id for record in received] == ["r2"]
    assert len(store.records.search(deliveries=[Delivery.SENT_UNCONFIRMED])) == 2
    assert store.records.search(deliveries=[Delivery.ACKED]) == ()


def test_events_and_cursor_move_together_or_not_at_all(store):
    store.records.save(sent())
    changed = store.apply_feed([event(1, "RECEIVED_AT_CENTRAL")], 1)
    assert [record.official_status for record in changed] == [Status.RECEIVED_AT_CENTRAL]
    assert store.feed_cursor() == 1
    with pytest.raises(StoreError):
        store.apply_feed([event(2, "SENT_FOR_DEDUP"), event(1, "PACKET_ENTRY")], 2)
    assert store.feed_cursor() == 1
    assert store.records.get("r1").official_status is Status.RECEIVED_AT_CENTRAL
    with pytest.raises(StoreError):
        store.apply_feed([], 0)


def test_events_for_a_record_not_known_yet_wait_for_it(store):
    assert store.apply_feed([event(1, "RECEIVED_AT_CENTRAL")], 1) == ()
    assert store.records.save(sent()).official_status is Status.RECEIVED_AT_CENTRAL
    assert store.records.get("r1").official_status is Status.RECEIVED_AT_CENTRAL


FEED = ("RECEIVED_AT_CENTRAL", "SENT_FOR_DEDUP", "PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING")


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(4)), again=st.lists(st.integers(0, 3), max_size=4))
def test_repeats_and_late_events_end_in_the_same_record(tmp_path_factory, order, again):
    store = open_store(tmp_path_factory.mktemp("feed"), b"k" * 32, FixedClock(NOW))
    store.records.save(sent())
    for number in (*order, *again):
        store.apply_feed([event(number + 1, FEED[number])], 4)
    record = store.records.get("r1")
    store.close()
    assert record == sent().apply_all(event(n + 1, name) for n, name in enumerate(FEED))
    assert record.official_status is Status.SENT_FOR_CARD_PRINTING


@pytest.fixture
def delivered(store, clock, keys):
    draft = store.new_draft(started(clock))
    draft.append(ev.DataConfirmed("rina", NOW))
    for taken in attempts(draft.keep, random.Random(1)):
        draft.append(taken)
    draft.append(ev.Confirmed("rina", NOW))
    seal_and_store(store, draft, PLAN, context(keys, clock))
    record = store.records.get("record-1")
    store.records.save(record.step(Status.SENT_FOR_ENROLLMENT, Actor.RECORDING_DESK, NOW))
    row = dataclasses.replace(
        store.outbox.get(draft.id), state=Delivery.ACKED, receipt=b"signed by the centre"
    )
    store.outbox.save(row)
    return row


def received(store, row):
    arrived = event(1, "RECEIVED_AT_CENTRAL", "record-1", row.packet_id)
    passed = event(2, "SENT_FOR_DEDUP", "record-1", row.packet_id)
    store.apply_feed([arrived, passed], 2)


def test_a_packet_goes_only_after_receipt_arrival_and_the_days(store, clock, delivered):
    clock.advance(100 * 86_400)
    assert retention.due(store) == ()  # the centre has not said that it arrived
    received(store, delivered)
    assert len(retention.due(store)) == 1
    store.outbox.save(dataclasses.replace(delivered, receipt=b""))
    assert retention.due(store) == ()
    store.outbox.save(dataclasses.replace(delivered, state=Delivery.RESEND_WANTED))
    assert retention.due(store) == ()


def test_the_days_are_counted_from_the_arrival(store, clock, delivered):
    received(store, delivered)
    clock.advance(14 * 86_400 - 1)
    assert retention.due(store) == ()
    clock.advance(1)
    assert len(retention.due(store)) == 1
    store.packets.set_legal_hold(delivered.packet_id, held=True)
    assert retention.due(store) == ()


def test_a_packet_the_centre_may_still_ask_for_is_kept(store, clock, delivered):
    arrived = event(1, "RECEIVED_AT_CENTRAL", "record-1", delivered.packet_id)
    store.apply_feed([arrived, event(2, "PACKET_ENTRY", "record-1", delivered.packet_id)], 2)
    clock.advance(100 * 86_400)
    assert retention.due(store) == ()


def test_destruction_leaves_a_record_and_no_file(store, clock, delivered):
    received(store, delivered)
    clock.advance(20 * 86_400)
    done = retention.destroy_due(store)
    assert [item.packet_id for item in done] == [delivered.packet_id]
    assert retention.destructions(store) == done
    assert not delivered.path.exists()
    assert retention.destroy_due(store) == ()
    assert store.packets.get(delivered.packet_id).destroyed_at == clock.now()


def test_shelves_keep_values_and_rolls_only_grow(store):
    shelf, roll = store.shelf("accounts"), store.roll("audit")
    shelf.put("rina", b"1")
    shelf.put("rina", b"2")
    shelf.put("sari", b"3")
    shelf.remove("sari")
    assert shelf.items() == (("rina", b"2"),)
    assert shelf.get("sari") is None
    assert store.shelf("other").keys() == ()
    assert [roll.append(body) for body in (b"a", b"b", b"c")] == [1, 2, 3]
    assert roll.entries(after=1) == (b"b", b"c")
    assert (len(roll), roll.last()) == (3, (3, b"c"))
