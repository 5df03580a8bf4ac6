import dataclasses
import datetime as dt

import pytest

from station.clock import FixedClock
from station.errors import StoreError
from station.lifecycle.record import Delivery
from station.packet.context import NO_PACKET
from station.store.packets import PacketRow
from station.store.store import open_store

NOW = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store", b"k" * 32, FixedClock(NOW))
    yield opened
    opened.close()


def queued(store, name, size=1_000, sealed_at=NOW):
    seq, previous = store.packets.last()
    sha256 = name[0].encode().hex()[0] * 64
    store.packets.add(
        PacketRow(
            name, f"record-{name}", seq + 1, size, sha256, previous, sealed_at, None,
            legal_hold=False, destroyed_at=None, recipients=("aa",),
        )
    )  # fmt: skip
    store.outbox.add(name, b"{}", b"sig")
    return store.outbox.get(name)


def test_a_claimed_row_is_not_given_to_a_second_sender_until_its_lease_ends(store):
    queued(store, "one")
    assert store.outbox.claim(NOW, 30).packet_id == "one"
    assert store.outbox.claim(NOW + dt.timedelta(seconds=29), 30) is None
    assert store.outbox.claim(NOW + dt.timedelta(seconds=31), 30).packet_id == "one"


def test_a_released_row_can_be_claimed_at_once(store):
    queued(store, "one")
    store.outbox.claim(NOW, 30)
    store.outbox.release("one")
    assert store.outbox.claim(NOW, 30).packet_id == "one"


def test_re_sends_go_first_then_small_and_old(store):
    queued(store, "big-old", size=8_000_000, sealed_at=NOW - MINUTE)
    queued(store, "small", size=100_000, sealed_at=NOW)
    queued(store, "small-old", size=100_000, sealed_at=NOW - MINUTE)
    again = queued(store, "again", size=8_000_000, sealed_at=NOW)
    store.outbox.save(dataclasses.replace(again, attempt=2))
    order = [store.outbox.claim(NOW, 30).packet_id for _ in range(4)]
    assert order == ["again", "small-old", "small", "big-old"]


def test_a_large_packet_waits_for_small_ones_but_never_for_ever(store):
    queued(store, "big", size=3_000_000, sealed_at=NOW - 10 * MINUTE)
    queued(store, "small", size=10_000, sealed_at=NOW)
    assert store.outbox.claim(NOW, 30).packet_id == "big"


def test_a_row_waits_for_its_next_time_and_for_the_centres_word(store):
    row = queued(store, "one")
    store.outbox.save(dataclasses.replace(row, next_try_at=NOW + MINUTE))
    assert store.outbox.claim(NOW, 30) is None
    assert store.outbox.claim(NOW + MINUTE, 30) is not None
    store.outbox.release("one")
    for state in (Delivery.ACKED, Delivery.RESEND_WANTED):
        store.outbox.save(dataclasses.replace(row, state=state))
        assert store.outbox.claim(NOW + 2 * MINUTE, 30) is None


def test_what_was_saved_is_read_again_after_a_restart(tmp_path):
    clock = FixedClock(NOW)
    store = open_store(tmp_path / "store", b"k" * 32, clock)
    row = dataclasses.replace(
        queued(store, "one"),
        state=Delivery.SENDING, upload_path="/files/7", offset=262_144, failures=3,
        next_try_at=NOW + MINUTE, last_error="LINE_DOWN", receipt=b"receipt", attempt=2,
        routing=b"new", routing_signature=b"newsig",
    )  # fmt: skip
    store.outbox.save(row)
    store.outbox.paused = True
    store.close()
    store = open_store(tmp_path / "store", b"k" * 32, clock)
    assert store.outbox.get("one") == row
    assert store.outbox.rows([Delivery.SENDING]) == (row,)
    assert store.outbox.rows([Delivery.QUEUED]) == ()
    assert store.outbox.paused
    store.close()


def test_a_row_nobody_queued_is_a_typed_error(store):
    with pytest.raises(StoreError):
        store.outbox.get("unknown")
    row = queued(store, "one")
    with pytest.raises(StoreError):
        store.outbox.save(dataclasses.replace(row, packet_id="unknown"))


def test_packet_numbers_have_no_gap_and_name_the_hash_before(store):
    assert store.packets.last() == (0, NO_PACKET)
    queued(store, "one")
    row = store.packets.get("one")
    with pytest.raises(StoreError):
        store.packets.add(dataclasses.replace(row, id="three", seq=3, prev_sha256=row.sha256))
    with pytest.raises(StoreError):
        store.packets.add(dataclasses.replace(row, id="two", seq=2))
    store.packets.add(dataclasses.replace(row, id="two", seq=2, prev_sha256=row.sha256))


def test_a_clock_that_was_years_ahead_holds_no_packet_back(store):
    row = queued(store, "one")
    ahead = NOW + dt.timedelta(days=3650)
    store.outbox.claim(ahead, 1800)
    store.outbox.save(dataclasses.replace(row, next_try_at=ahead + MINUTE))
    assert store.outbox.claim(NOW, 30).packet_id == "one"
