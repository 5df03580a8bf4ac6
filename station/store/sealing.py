"""From a complete draft to a sealed, queued packet, in an order in which no kill can lose or double it."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from station.biometrics.finger.search import Prints
from station.capture import events as ev
from station.capture.enrolment import Enrolment, replay
from station.capture.plan import CapturePlan
from station.errors import StoreError
from station.lifecycle.record import Delivery, Hold, Record
from station.lifecycle.status import Status
from station.lifecycle.transitions import Actor
from station.packet.context import SealContext
from station.packet.lint import person_of
from station.packet.seal import SealedPacket, refuse_findings, seal
from station.store import disk
from station.store.drafts import Draft
from station.store.failpoints import failpoint
from station.store.packets import PacketRow
from station.store.store import Store

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """What became of an enrolment."""

    record: Record
    packet: PacketRow
    event: ev.Sealed


def seal_and_store(
    store: Store,
    draft: Draft,
    plan: CapturePlan,
    context: SealContext,
    prints: Prints | None = None,
) -> SealedRecord:
    """Seal a draft, queue the packet and shred the draft; "saved" may be shown when this returns.

    lint -> seal -> file beside, synced, read back, opened once more -> rename -> one transaction
    {packet row, record BIO_CAPTURED and PROCESSING, outbox row, fingers for the search of the same
    person, Sealed event} -> shred. Until that
    transaction the draft is the truth, from then on the packet. Number and previous hash come from
    the last committed packet, so one sealing runs at a time.

    Raises PacketRefused, KeyRefused, TransitionRefused, StoreError kinds; the draft is then untouched.
    """
    with store.sealing:
        events = draft.events()
        state = replay(events)
        refuse_findings(state, plan, context)
        record = _captured(store, state, context)  # refused before anything is written
        failpoint("seal.linted")
        seq, previous = store.packets.last()
        numbered = replace(context, seq=seq + 1, prev_packet_sha256=previous)
        with _written(store, draft, events, plan, numbered) as sealed:
            kept = _commit(store, draft, record, sealed, context, prints or {})
        _shred(draft)
        return kept


@contextlib.contextmanager
def _written(
    store: Store,
    draft: Draft,
    events: Sequence[ev.CaptureEvent],
    plan: CapturePlan,
    context: SealContext,
) -> Iterator[SealedPacket]:
    sealing = seal(events, draft.read, plan, context)
    path = store.packets.path(sealing.packet_id)
    tmp = disk.write_beside(path, sealing.data, "seal")
    try:
        sealed = sealing.check(disk.read_from_disk(tmp))
        failpoint("seal.read_back")
        disk.publish(tmp, path, "seal")
        yield sealed
    except BaseException:
        # Without its row the file is nothing; a kill here leaves that to the sweep.
        if not store.packets.known(sealing.packet_id):
            with contextlib.suppress(OSError):
                tmp.unlink(missing_ok=True)
                path.unlink(missing_ok=True)
        raise


def _captured(store: Store, state: Enrolment, context: SealContext) -> Record:
    started, now = state.started, context.clock.now()
    person = person_of(state)
    record = store.records.find(context.record_id) or Record(
        record_id=context.record_id,
        nik=str(person["nik"]),
        person_name=str(person.get("full_name", "")),
        start=Status.UNREGISTERED,
    )
    if started.hold:
        record = record.with_hold(Hold(started.hold), started.print_from)
    return (
        record.step(
            Status.BIO_CAPTURED,
            Actor.RECORDING_DESK,
            now,
            packet_id=state.id,
            order_id=context.central_order,
        )
        .step(Status.PROCESSING, Actor.RECORDING_DESK, now)
        .with_delivery(Delivery.QUEUED)
    )


def _commit(
    store: Store,
    draft: Draft,
    record: Record,
    sealed: SealedPacket,
    context: SealContext,
    prints: Prints,
) -> SealedRecord:
    now = context.clock.now()
    event = ev.Sealed(sealed.packet_id, sealed.sha256, now)
    row = PacketRow(
        id=sealed.packet_id,
        record_id=sealed.record_id,
        seq=sealed.seq,
        size=sealed.size,
        sha256=sealed.sha256,
        prev_sha256=sealed.prev_packet_sha256,
        sealed_at=now,
        received_at=None,
        legal_hold=False,
        destroyed_at=None,
        recipients=sealed.recipients,
    )
    with store.transaction():
        store.packets.add(row)
        record = store.records.save(record)
        store.outbox.add(sealed.packet_id, sealed.routing.data, sealed.routing.signature)
        store.people.keep(sealed.packet_id, prints)
        failpoint("seal.in_transaction")
        draft.append(event)
    failpoint("seal.committed")
    return SealedRecord(record, row, event)


def _shred(draft: Draft) -> None:
    try:
        draft.shred()
    except StoreError as error:
        # The packet is safe; the sweep at the next start finishes this.
        _LOG.warning("draft not shredded yet: %s", error.code)
