"""The desk's memory of fingers: kept with the packet, found again by another press, gone with the packet."""

import dataclasses
import random

import pytest

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.minutiae import extract
from station.capture import events as ev
from station.clock import FixedClock
from station.devices import FingerPosition
from station.errors import DiskFull, StoreCorrupt
from station.lifecycle.record import Delivery, StatusEvent
from station.lifecycle.status import Status
from station.lifecycle.transitions import Actor
from station.store import failpoints, retention, sealing
from station.store.duplicates import duplicates
from station.store.people_prints import SHELF
from station.store.sealing import seal_and_store
from station.store.store import open_store
from tests.station.packet.builders import NOW, PERSON, PLAN, attempts, context, started

KEY = b"k" * 32
OWN_NIK = PERSON["nik"]
OTHER_NIK = "6101016506010003"
HAND = (FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_MIDDLE, FingerPosition.LEFT_INDEX)


def hand(body, press):
    return {where: extract(impression(FingerIdentity(body, where), press), 500) for where in HAND}


@pytest.fixture(scope="module")
def first():
    return hand(41, 1)


@pytest.fixture(scope="module")
def again():
    return hand(41, 2)


@pytest.fixture(scope="module")
def stranger():
    return hand(42, 1)


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def store(tmp_path, clock):
    opened = open_store(tmp_path / "store", KEY, clock)
    yield opened
    opened.close()


def a_draft(store, clock):
    draft = store.new_draft(started(clock))
    draft.append(ev.DataConfirmed("rina", NOW))
    for event in attempts(draft.keep, random.Random(1)):
        draft.append(event)
    draft.append(ev.Confirmed("rina", NOW))
    return draft


def seal(store, clock, keys, prints, record_id="record-1"):
    sealing_context = context(keys, clock, record_id=record_id)
    return seal_and_store(store, a_draft(store, clock), PLAN, sealing_context, prints).packet.id


def names(found):
    return [each.record.record_id for each in found]


def test_another_niks_sealed_record_with_these_fingers_is_named(store, clock, keys, first, again):
    seal(store, clock, keys, first)
    (found,) = duplicates(store, OTHER_NIK, again)
    assert found.record.record_id == "record-1"
    assert set(found.fingers) <= set(HAND)
    assert len(found.fingers) >= 2


def test_a_stranger_and_the_same_niks_own_record_are_not_named(
    store, clock, keys, first, again, stranger
):
    seal(store, clock, keys, first)
    assert duplicates(store, OTHER_NIK, stranger) == ()
    assert duplicates(store, OWN_NIK, again) == ()
    assert duplicates(store, OTHER_NIK, {}) == ()


def test_a_record_sealed_twice_is_named_once(store, clock, keys, first, again):
    seal(store, clock, keys, first)
    store.people.keep(store.records.get("record-1").packet_id, again)  # in place of the earlier
    assert names(duplicates(store, OTHER_NIK, first)) == ["record-1"]
    assert len(store.shelf(SHELF).keys()) == 1


def test_a_restart_of_the_desk_keeps_the_memory(tmp_path, store, clock, keys, first, again):
    seal(store, clock, keys, first)
    store.close()
    opened = open_store(tmp_path / "store", KEY, clock)
    try:
        assert names(duplicates(opened, OTHER_NIK, again)) == ["record-1"]
    finally:
        opened.close()


def test_the_database_file_shows_neither_the_row_nor_its_form(tmp_path, store, clock, keys, first):
    packet_id = seal(store, clock, keys, first)
    body = store.shelf(SHELF).get(packet_id)
    assert body.startswith(b"RKFI")
    assert OWN_NIK.encode() not in body
    store.close()
    for path in (tmp_path / "store").glob("station.db*"):
        data = path.read_bytes()
        assert b"RKFI" not in data
        assert body[64:96] not in data


def test_a_damaged_row_is_a_typed_error_and_hides_nobody_else(
    tmp_path, store, clock, keys, first, again
):
    packet_id = seal(store, clock, keys, first)
    good = store.shelf(SHELF).get(packet_id)
    store.shelf(SHELF).put("broken", good[:-9] + bytes(9))
    store.shelf(SHELF).put("swapped", good)  # whole, but another packet's
    store.close()
    opened = open_store(tmp_path / "store", KEY, clock)
    try:
        with pytest.raises(StoreCorrupt) as told:
            opened.people.load()
        assert dict(told.value.facts) == {"what": "people prints", "damaged": 2}
        assert names(duplicates(opened, OTHER_NIK, again)) == ["record-1"]
    finally:
        opened.close()


def test_fingers_go_with_their_packet(store, clock, keys, first, again):
    packet_id = seal(store, clock, keys, first)
    record = store.records.get("record-1")
    store.records.save(record.step(Status.SENT_FOR_ENROLLMENT, Actor.RECORDING_DESK, NOW))
    row = store.outbox.get(packet_id)
    store.outbox.save(dataclasses.replace(row, state=Delivery.ACKED, receipt=b"signed"))
    passed = [
        StatusEvent("record-1", packet_id, 1, name, "", "centre", NOW, n)
        for n, name in enumerate(("RECEIVED_AT_CENTRAL", "SENT_FOR_DEDUP"), start=1)
    ]
    store.apply_feed(passed, 2)
    assert retention.destroy_due(store) == ()
    assert names(duplicates(store, OTHER_NIK, again)) == ["record-1"]
    clock.advance(20 * 86_400)
    assert len(retention.destroy_due(store)) == 1
    assert store.shelf(SHELF).keys() == ()
    assert duplicates(store, OTHER_NIK, again) == ()


def test_a_sealing_that_fails_is_not_remembered_and_may_be_repeated(
    store, clock, keys, first, again, monkeypatch
):
    draft = a_draft(store, clock)

    def full(name):
        if name == "seal.in_transaction":
            raise DiskFull(what="database")

    monkeypatch.setattr(sealing, "failpoint", full)
    with pytest.raises(DiskFull):
        seal_and_store(store, draft, PLAN, context(keys, clock), first)
    assert store.shelf(SHELF).keys() == ()
    assert duplicates(store, OTHER_NIK, again) == ()
    monkeypatch.setattr(sealing, "failpoint", failpoints.failpoint)
    seal_and_store(store, draft, PLAN, context(keys, clock), first)
    assert names(duplicates(store, OTHER_NIK, again)) == ["record-1"]
