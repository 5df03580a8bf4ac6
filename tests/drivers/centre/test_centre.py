import asyncio
import hashlib
import sqlite3
from dataclasses import replace

import pytest

from drivers.emulation.centre.faults import Fault
from drivers.emulation.centre.gallery import known_body
from drivers.emulation.centre.ledger import Ledger, Print
from drivers.emulation.centre.printing import fit_photo, fit_signature
from drivers.emulation.centre.reception import ARRIVED
from drivers.emulation.centre.uploads import Upload
from station.capture.slots import FINGER_OF
from station.card.contents import parse_biodata, parse_fingers, parse_photo
from station.card.profile import Fid
from station.card.report import ActivationReport, ReportFacts
from station.delivery.card_data import fetch_card
from station.delivery.courier import Acked, LineDown, NeedsAttention
from station.delivery.desk_courier import report_outbox
from station.delivery.feed import first_area
from station.delivery.sender import Acknowledged, Sender
from station.delivery.uploader import TusUploader
from station.keys.roles import Role
from station.lifecycle.record import Delivery
from station.lifecycle.status import Status
from tests.drivers.centre.people import GIVEN, in_days, portrait, seal_person, signature


def test_two_different_people_become_print_ready_and_printed(centre, desk, store, keys, clock):
    first = seal_person(store, keys, clock, "nur_aini")
    second = seal_person(store, keys, clock, "leap_day")
    with centre() as server:
        here = desk(server.url)
        for sealed in (first, second):
            assert here.until_status(sealed.record.record_id, Status.CARD_PRINTED)
        assert len(server.centre.ledger.prints()) == 4
    record = store.records.get(first.record.record_id)
    assert [str(line.status) for line in record.history] == [
        "BIO_CAPTURED", "PROCESSING", "SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL",
        "SENT_FOR_DEDUP", "PRINT_READY_RECORD", "SENT_FOR_CARD_PRINTING", "CARD_PRINTED",
    ]  # fmt: skip
    assert not record.flagged
    assert record.delivery is Delivery.ACKED
    assert store.packets.get(first.packet.id).received_at is not None


def test_the_same_fingers_under_another_nik_are_a_duplicate_that_names_the_first_area(
    centre, desk, store, keys, clock
):
    sealed = seal_person(store, keys, clock, "yani_2", seed=5)
    yani = known_body("6101075506920004", "61.01", 777, [FINGER_OF[slot] for slot in GIVEN])
    with centre(gallery=(yani,)) as server:
        here = desk(server.url)
        assert here.until_status(sealed.record.record_id) is Status.DUPLICATE_RECORD
    assert first_area(store.records.get(sealed.record.record_id).reason) == "61.01"


def test_an_upload_finished_by_several_requests_at_once_is_taken_in_once(centre, tmp_path):
    whole = bytes(8_000_000)
    (tmp_path / "upload").write_bytes(whole)
    sha256 = hashlib.sha256(whole).hexdigest()
    upload = Upload("u", "one-packet", sha256, len(whole), tmp_path / "upload")

    async def finish(reception):
        return await asyncio.gather(*(reception.finish(upload) for _ in range(8)))

    with centre() as server:
        assert asyncio.run(finish(server.centre.reception)) == [""] * 8
        assert len(server.centre.ledger.packets()) == 1


def test_a_packet_the_centres_disk_lost_does_not_stop_the_others(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre() as server:
        server.centre.ledger.admit("lost", "0" * 64, clock.now(), ARRIVED)
        assert desk(server.url).until_status(sealed.record.record_id, Status.CARD_PRINTED)
        assert server.centre.ledger.packet("lost").stage == ARRIVED


def test_a_persons_fingers_are_enrolled_all_or_none(tmp_path):
    ledger = Ledger(tmp_path / "centre.db")
    thumb = Print("6101075506920004", "61.01", 1, b"minutiae")
    with pytest.raises(sqlite3.IntegrityError):
        ledger.add_prints([thumb, replace(thumb, position=2, template=None)])
    assert ledger.prints() == ()
    ledger.add_prints([thumb])
    ledger.close()
    again = Ledger(tmp_path / "centre.db")
    assert again.prints() == (thumb,)
    again.close()


def test_a_nik_the_centre_knows_is_never_heard_of_again(centre, desk, store, keys, clock):
    seal_person(store, keys, clock, "nur_aini", record_id="one")
    seal_person(store, keys, clock, "nur_aini", record_id="two", seed=2)
    with centre() as server:
        here = desk(server.url)
        here.until_status("one", Status.CARD_PRINTED)
        here.until(lambda: server.centre.counts().get("NIK_KNOWN") == 1)
        here.round()
    assert here.status("two") is Status.SENT_FOR_ENROLLMENT


def test_a_damaged_packet_is_refused_as_unreadable(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    _tamper(store, keys, clock, sealed.packet.id)
    with centre() as server:
        here = desk(server.url)
        assert here.until_status(sealed.record.record_id) is Status.ENROLL_FAILURE_AT_CENTRAL
        here.round()
    record = store.records.get(sealed.record.record_id)
    assert record.reason == "UNREADABLE"
    assert record.delivery is Delivery.RESEND_WANTED


def test_a_wrong_area_code_is_cured_by_a_new_routing_index_over_the_same_bytes(
    centre, desk, store, keys, clock
):
    sealed = seal_person(store, keys, clock, "nur_aini", area="61.02")
    with centre(station_areas={"desk-latihan-1": "61.01"}) as server:
        here = desk(server.url)
        assert here.until_status(sealed.record.record_id, Status.CARD_PRINTED)
        assert len(server.centre.ledger.packets()) == 1
    names = [str(line.status) for line in store.records.get(sealed.record.record_id).history]
    assert "ENROLL_FAILURE_AT_REGIONAL" in names
    assert store.outbox.get(sealed.packet.id).attempt == 2
    assert not store.records.get(sealed.record.record_id).flagged


def test_a_sixteen_year_old_is_not_printed_before_the_day(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "age_16", hold="AGE_17", until=in_days(90))
    with centre() as server:
        here = desk(server.url)
        here.until_status(sealed.record.record_id, Status.PRINT_READY_RECORD)
        for _ in range(5):
            here.round()
        assert here.status(sealed.record.record_id) is Status.PRINT_READY_RECORD
    clock.advance(91 * 86_400)
    with centre() as server:
        assert desk(server.url).until_status(sealed.record.record_id, Status.CARD_PRINTED)


def test_a_hundred_sends_have_one_effect(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre() as server:
        here = desk(server.url)
        here.until(lambda: store.outbox.get(sealed.packet.id).state is Delivery.ACKED)
        receipt = store.outbox.get(sealed.packet.id).receipt
        with here.line.open() as line:
            sender = Sender(store, line, TusUploader(line), here.line.trust(), clock)
            for _ in range(100):
                _queue_again(store, sealed.packet.id)
                assert isinstance(sender.step(clock.now()), Acknowledged)
        assert store.outbox.get(sealed.packet.id).receipt == receipt
        assert len(server.centre.ledger.packets()) == 1


def test_a_lost_receipt_is_asked_for_again_without_sending_the_bytes_again(
    centre, desk, store, keys, clock
):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre(faults=(Fault.LOST_RECEIPT,)) as server:
        here = desk(server.url)
        here.until(lambda: store.outbox.get(sealed.packet.id).state is Delivery.ACKED)
        uploads = list((server.centre.folder / "uploads").glob("*.json"))
    assert len(uploads) == 1


def test_a_receipt_of_a_foreign_key_is_an_alarm_and_the_packet_stays_ours(
    centre, desk, store, keys, clock
):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre(faults=(Fault.FOREIGN_SIGNATURE,)) as server:
        here = desk(server.url)
        here.round()
        alarm = [told for told in here.told if isinstance(told, NeedsAttention)]
        assert [told.code for told in alarm] == ["RECEIPT_REFUSED"]
        assert store.outbox.get(sealed.packet.id).state is Delivery.SENT_UNCONFIRMED
        clock.advance(1000)
        here.until(lambda: store.outbox.get(sealed.packet.id).state is Delivery.ACKED)
    assert sum(isinstance(told, Acked) for told in here.told) == 1


def test_other_bytes_under_a_known_packet_id_raise_an_alarm(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre() as server:
        here = desk(server.url)
        here.until(lambda: store.outbox.get(sealed.packet.id).state is Delivery.ACKED)
        _tamper(store, keys, clock, sealed.packet.id)
        _queue_again(store, sealed.packet.id)
        here.told.clear()
        here.round()
    assert [t.reason for t in here.told if isinstance(t, NeedsAttention)] == ["HASH_CONFLICT"]


def test_a_gap_in_the_feed_is_asked_for_again(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre() as server:
        here = desk(server.url)
        here.until(lambda: server.centre.counts().get("CARD_PRINTED") == 1)
        server.centre.faults.arm(Fault.GAP, 2)
        here.until_status(sealed.record.record_id, Status.CARD_PRINTED)
    assert not store.records.get(sealed.record.record_id).flagged


def test_a_busy_centre_is_a_line_that_is_down(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre(faults=(Fault.REFUSE,)) as server:
        here = desk(server.url)
        here.round()
        assert [type(told) for told in here.told] == [LineDown]
        here.until(lambda: store.outbox.get(sealed.packet.id).state is Delivery.ACKED)


def test_the_card_is_signed_sealed_to_the_desk_and_made_of_the_packet(
    centre, desk, store, keys, clock
):
    sealed = seal_person(store, keys, clock, "nur_aini")
    with centre() as server:
        here = desk(server.url)
        here.until_status(sealed.record.record_id, Status.CARD_PRINTED)
        with here.line.open() as line:
            card = fetch_card(
                line, sealed.record.record_id, keys.desk.opener(Role.DESK), here.line.trust()
            )
            assert (
                fetch_card(line, "nobody", keys.desk.opener(Role.DESK), here.line.trust()) is None
            )
    assert parse_biodata(card.files[Fid.DG1]).name == "NUR AINI SAFITRI"
    assert {finger.position for finger in parse_fingers(card.files[Fid.DG3])} == {
        FINGER_OF[slot] for slot in GIVEN
    }
    assert parse_photo(card.files[Fid.DG2]).startswith(b"\xff\xd8")


def test_an_activation_report_makes_the_card_issued_once(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    record_id = sealed.record.record_id
    machine = keys.desk.signer(Role.MACHINE)
    with centre() as server:
        here = desk(server.url)
        here.until_status(record_id, Status.CARD_PRINTED)
        reports = report_outbox(store, machine.certificate)
        for _ in range(2):
            reports.add("52454B41", 3, _report(record_id, machine).encode())
            assert reports.waiting() == 1
            here.round()
            assert reports.waiting() == reports.refused() == 0
        here.until_status(record_id, Status.CARD_ISSUED)
    names = [str(line.status) for line in store.records.get(record_id).history]
    assert names.count("CARD_ISSUED") == 1


def test_a_forged_activation_report_is_set_aside(centre, desk, store, keys, clock):
    sealed = seal_person(store, keys, clock, "nur_aini")
    machine = keys.desk.signer(Role.MACHINE)
    with centre() as server:
        here = desk(server.url)
        here.until_status(sealed.record.record_id, Status.CARD_PRINTED)
        other = _report("somebody-else", machine)
        true = _report(sealed.record.record_id, machine)
        forged = ActivationReport(true.facts, other.signature)
        reports = report_outbox(store, machine.certificate)
        reports.add("52454B41", 3, forged.encode())
        here.round()
        assert reports.refused() == 1
        assert here.status(sealed.record.record_id) is Status.CARD_PRINTED


def test_a_photo_fits_the_chip_at_the_best_quality_that_fits():
    jpeg = fit_photo(portrait())
    assert 1500 < len(jpeg) <= 2580
    assert 0 < len(fit_signature(signature())) <= 880
    assert fit_photo(b"") == b""


def _report(record_id, machine):
    facts = ReportFacts(
        "52454B41", 3, record_id, "open-id-8k", "desk-latihan-1", "rina", "", "", 2, 3, 1,
        "2026-03-02T02:00:00Z", "soft",
    )  # fmt: skip
    digest = hashlib.sha256(facts.canonical()).digest()
    return ActivationReport(facts, machine.sign(digest))


def _queue_again(store, packet_id):
    row = store.outbox.get(packet_id)
    store.outbox.save(replace(row, state=Delivery.QUEUED, receipt=b"", offset=0, upload_path=""))


def _tamper(store, keys, clock, packet_id):
    """Flip a bit deep in the sealed bytes and announce those, as a centre's sick disk would show it."""
    from station.packet.routing import read_routing, sign_routing

    row = store.outbox.get(packet_id)
    data = bytearray(row.path.read_bytes())
    data[len(data) // 2] ^= 1
    row.path.chmod(0o600)
    row.path.write_bytes(bytes(data))
    sha256 = hashlib.sha256(data).hexdigest()
    routing = replace(read_routing(row.routing), sha256=sha256)
    signed = sign_routing(routing, keys.desk.signer(Role.MACHINE), clock.now())
    store.database.execute("UPDATE packet SET sha256=? WHERE id=?", (sha256, packet_id))
    store.outbox.save(replace(row, routing=signed.data, routing_signature=signed.signature))
