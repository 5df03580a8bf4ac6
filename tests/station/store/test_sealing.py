import random

import pytest

from station.capture import events as ev
from station.capture.enrolment import replay
from station.clock import FixedClock
from station.errors import DiskFull, PacketRefused, StoreCorrupt, StoreError
from station.keys.roles import Role
from station.lifecycle.record import Delivery, Hold
from station.lifecycle.status import Status
from station.packet.opened import open_packet
from station.store import disk
from station.store.sealing import seal_and_store
from station.store.store import open_store
from tests.station.packet.builders import NOW, PLAN, attempts, context, started

KEY = b"k" * 32


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def store(tmp_path, clock):
    opened = open_store(tmp_path / "store", KEY, clock)
    yield opened
    opened.close()


def a_complete_draft(store, clock, seed=1, size=2_000, hold=""):
    draft = store.new_draft(started(clock, hold=hold))
    draft.append(ev.DataConfirmed("rina", NOW))
    for event in attempts(draft.keep, random.Random(seed), size=size):
        draft.append(event)
    draft.append(ev.Confirmed("rina", NOW))
    return draft


def test_a_sealed_draft_is_a_queued_packet_that_only_the_centre_opens(store, clock, keys):
    draft = a_complete_draft(store, clock)
    before = replay(draft.events())
    done = seal_and_store(store, draft, PLAN, context(keys, clock))
    row = store.outbox.get(draft.id)
    data = row.path.read_bytes()
    opened = open_packet(data, keys.centre.opener(Role.RECIPIENT), keys.authority, NOW)
    assert row.state is Delivery.QUEUED
    assert row.record_id == "record-1"
    assert done.packet == store.packets.get(draft.id)
    assert opened.manifest.seq == 1
    assert replay(opened.events()) == before
    assert store.drafts.ids() == ()
    assert not (store.folder / "drafts" / draft.id).exists()


def test_the_record_stands_at_processing_with_its_packet_and_hold(store, clock, keys):
    draft = a_complete_draft(store, clock, hold="AGE_17")
    done = seal_and_store(store, draft, PLAN, context(keys, clock))
    record = store.records.get("record-1")
    assert record == done.record
    assert record.official_status is Status.PROCESSING
    assert [line.status for line in record.history] == [Status.BIO_CAPTURED, Status.PROCESSING]
    assert record.packet_id == draft.id
    assert record.delivery is Delivery.QUEUED
    assert record.held(Hold.AGE_17)
    assert store.records.of_packet(draft.id) == record


def test_packets_are_numbered_without_a_gap_and_chained(store, clock, keys):
    rows = []
    for number in range(3):
        draft = a_complete_draft(store, clock, seed=number)
        sealing = context(keys, clock, record_id=f"record-{number}")
        rows.append(seal_and_store(store, draft, PLAN, sealing).packet)
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.prev_sha256 for row in rows[1:]] == [row.sha256 for row in rows[:2]]


def test_an_incomplete_draft_is_refused_and_stays_whole(store, clock, keys):
    draft = store.new_draft(started(clock))
    with pytest.raises(PacketRefused) as refused:
        seal_and_store(store, draft, PLAN, context(keys, clock))
    assert refused.value.facts["reason"] == "LINT"
    assert store.drafts.ids() == (draft.id,)
    assert list((store.folder / "packets").iterdir()) == []


def test_a_disk_that_gives_back_other_bytes_never_acknowledges_a_packet(
    store, clock, keys, monkeypatch
):
    draft = a_complete_draft(store, clock)
    honest = disk.read_from_disk

    def lying(path):
        data = bytearray(honest(path))
        if path.name.endswith(".ktp.tmp"):
            data[len(data) // 2] ^= 1
        return bytes(data)

    monkeypatch.setattr(disk, "read_from_disk", lying)
    with pytest.raises(StoreCorrupt):
        seal_and_store(store, draft, PLAN, context(keys, clock))
    assert store.outbox.rows() == ()
    assert list((store.folder / "packets").iterdir()) == []
    monkeypatch.setattr(disk, "read_from_disk", honest)
    assert seal_and_store(store, draft, PLAN, context(keys, clock)).packet.seq == 1


def test_a_transaction_that_fails_leaves_the_draft_and_no_file(store, clock, keys, monkeypatch):
    draft = a_complete_draft(store, clock)

    def full(*_args):
        raise DiskFull(what="database")

    with monkeypatch.context() as patch:
        patch.setattr(store.outbox, "add", full)
        with pytest.raises(DiskFull):
            seal_and_store(store, draft, PLAN, context(keys, clock))
    assert store.packets.last()[0] == 0
    assert store.records.find("record-1") is None
    assert list((store.folder / "packets").iterdir()) == []
    assert replay(draft.events()).sealed is None


def test_a_second_sealing_of_the_same_draft_is_refused(store, clock, keys):
    draft = a_complete_draft(store, clock)
    seal_and_store(store, draft, PLAN, context(keys, clock))
    with pytest.raises(StoreError):
        seal_and_store(store, draft, PLAN, context(keys, clock))
    assert len(store.outbox.rows()) == 1


def test_a_bit_flip_in_a_stored_packet_is_found_when_it_is_read(store, clock, keys):
    draft = a_complete_draft(store, clock)
    done = seal_and_store(store, draft, PLAN, context(keys, clock))
    path = store.packets.path(done.packet.id)
    good = path.read_bytes()
    rng = random.Random(5)
    for _ in range(50):
        bad = bytearray(good)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(bad))
        with pytest.raises(StoreCorrupt):
            store.packets.read(done.packet.id)
    path.write_bytes(good)
    assert store.packets.read(done.packet.id) == good


def test_the_draft_of_a_packet_whose_file_is_gone_is_not_shredded(store, clock, keys, monkeypatch):
    draft = a_complete_draft(store, clock)
    monkeypatch.setattr("station.store.sealing._shred", lambda _draft: None)  # killed right before
    done = seal_and_store(store, draft, PLAN, context(keys, clock))
    store.packets.path(done.packet.id).unlink()  # a disk that lied about its sync
    folder = store.folder
    store.close()
    again = open_store(folder, KEY, clock)
    try:
        assert again.swept.missing == [draft.id]
        assert replay(again.drafts.get(draft.id).events()).sealed
    finally:
        again.close()


def test_a_draft_whose_abandoning_was_cut_is_shredded_at_the_next_start(store, clock):
    draft = a_complete_draft(store, clock)
    draft.append(ev.Abandoned("DATA_FIX", "rina", NOW))
    folder = store.folder
    store.close()
    again = open_store(folder, KEY, clock)
    try:
        assert again.drafts.ids() == ()
    finally:
        again.close()
