"""One step of the sender against a centre that answers at once."""

import dataclasses
import datetime as dt

import pytest

from station.clock import FixedClock
from station.delivery.line import Answer
from station.delivery.receipts import Receipt, issue_receipt
from station.delivery.sender import Acknowledged, Idle, Sender
from station.delivery.signed import Trust
from station.keys.roles import Role
from station.lifecycle.record import Delivery, Record
from station.lifecycle.status import Status
from station.lifecycle.transitions import Actor
from station.packet.context import NO_PACKET
from station.store.packets import PacketRow
from station.store.store import open_store
from tests.station.packet.builders import NOW

SHA256 = "a" * 64


class Holder:
    """A centre that holds every packet already."""

    def __init__(self, signer):
        self.signer = signer

    def call(self, *_call, **_more):
        return Answer(200, {}, issue_receipt(Receipt("p1", SHA256, NOW, 1), self.signer))


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store", b"k" * 32, FixedClock(NOW))
    opened.packets.add(
        PacketRow(
            "p1", "r1", 1, 1_000, SHA256, NO_PACKET, NOW, None,
            legal_hold=False, destroyed_at=None, recipients=("aa",),
        )
    )  # fmt: skip
    opened.outbox.add("p1", b"{}", b"sig")
    yield opened
    opened.close()


@pytest.fixture
def sender(store, keys):
    signer = keys.centre.signer(Role.RECEIPT_SIGNER)
    return Sender(store, Holder(signer), None, Trust.of([signer.certificate]), FixedClock(NOW))


def recorded(packet_id):
    record = Record("r1", "6101015203050001", "SITI", Status.UNREGISTERED)
    for status in (Status.BIO_CAPTURED, Status.PROCESSING):
        record = record.step(status, Actor.RECORDING_DESK, NOW, packet_id=packet_id)
    return record.with_delivery(Delivery.QUEUED)


def test_a_receipt_makes_row_and_record_acked(store, sender):
    store.records.save(recorded("p1"))
    assert isinstance(sender.step(NOW), Acknowledged)
    assert store.outbox.get("p1").state is Delivery.ACKED
    assert store.records.get("r1").delivery is Delivery.ACKED


def test_the_receipt_of_a_replaced_packet_says_nothing_of_the_new_one(store, sender):
    store.records.save(recorded("p2"))
    assert isinstance(sender.step(NOW), Acknowledged)
    assert store.outbox.get("p1").state is Delivery.ACKED
    assert store.records.get("r1").delivery is Delivery.QUEUED


def test_a_row_that_is_due_and_leased_does_not_hurry_the_courier(store, sender):
    row = store.outbox.get("p1")
    store.outbox.save(dataclasses.replace(row, next_try_at=NOW - dt.timedelta(minutes=1)))
    store.outbox.claim(NOW, 1800)  # a sender that could not give its lease back
    assert sender.step(NOW) == Idle(None)


def test_a_row_that_waits_says_when_it_will_be_due(store, sender):
    due = NOW + dt.timedelta(minutes=5)
    store.outbox.save(dataclasses.replace(store.outbox.get("p1"), next_try_at=due))
    assert sender.step(NOW) == Idle(due)
