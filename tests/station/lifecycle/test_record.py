"""A record is the fold of what happened: any order and any repeats end in the same state."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.errors import TransitionRefused
from station.lifecycle.feed import take_page
from station.lifecycle.record import Delivery, Flag, Hold, Record, StatusEvent
from station.lifecycle.status import RawStatus, Status
from station.lifecycle.transitions import NEXT, Actor

NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
DESK = Actor.RECORDING_DESK


def event(seq, status, *, packet="P-1", attempt=1, reason="", record="R-1"):
    at = NOW + dt.timedelta(hours=seq)
    return StatusEvent(record, packet, attempt, status, reason, "centre", at, seq)


def new_record(start=Status.UNREGISTERED):
    return Record("R-1", "6101015203090003", "NUR AINI SAFITRI", start)


def sent_record():
    record = new_record().step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-1")
    record = record.step(Status.PROCESSING, DESK, NOW)
    return record.step(Status.SENT_FOR_ENROLLMENT, DESK, NOW)


def centre_says(*statuses, record=None):
    record = record or sent_record()
    first = record.last_seq + 1
    return record.apply_all(event(n, s) for n, s in enumerate(statuses, first))


def test_a_recording_goes_its_way_to_the_card():
    record = centre_says(
        "RECEIVED_AT_CENTRAL",
        "SENT_FOR_DEDUP",
        "PRINT_READY_RECORD",
        "SENT_FOR_CARD_PRINTING",
    )
    record = record.step(Status.CARD_PRINTED, Actor.PRINT_ROOM, NOW)
    record = record.step(Status.CARD_ISSUED, Actor.COUNTER, NOW)
    assert record.official_status is Status.CARD_ISSUED
    assert [line.status.number for line in record.history] == [2, 3, 4, 5, 10, 14, 15, 17, 18]
    assert record.flagged == ()
    assert (record.packet_id, record.attempt, record.recording_no) == ("P-1", 1, 1)


def test_a_look_up_sets_the_start_and_is_no_transition():
    record = new_record(Status.PRINT_READY_RECORD)
    assert record.official_status is Status.PRINT_READY_RECORD
    assert record.history == ()
    with pytest.raises(TransitionRefused):
        record.step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-1")


def test_the_desk_cannot_say_what_the_centre_says():
    with pytest.raises(TransitionRefused):
        sent_record().step(Status.RECEIVED_AT_CENTRAL, DESK, NOW)


def test_an_event_outside_the_table_is_kept_and_flagged_and_moves_nothing():
    record = centre_says("PRINT_READY_RECORD")
    assert record.official_status is Status.SENT_FOR_ENROLLMENT
    assert [line.flag for line in record.flagged] == [Flag.OUTSIDE_TABLE]
    assert record.flagged[0].status is Status.PRINT_READY_RECORD


def test_a_late_event_takes_its_place_and_the_flag_goes():
    record = sent_record().apply_all(
        [event(1, "RECEIVED_AT_CENTRAL"), event(3, "PRINT_READY_RECORD")]
    )
    assert record.official_status is Status.RECEIVED_AT_CENTRAL
    assert record.flagged
    record = record.apply(event(2, "SENT_FOR_DEDUP"))
    assert record.official_status is Status.PRINT_READY_RECORD
    assert record.flagged == ()


def test_unknown_text_is_shown_raw_and_the_way_goes_on_from_the_last_known():
    record = centre_says("RECEIVED_AT_CENTRAL", "MENUNGGU PUSAT")
    assert record.official_status == RawStatus("MENUNGGU PUSAT")
    assert record.known_status is Status.RECEIVED_AT_CENTRAL
    with pytest.raises(TransitionRefused):
        record.step(Status.PROCESSING, DESK, NOW)
    record = record.apply(event(3, "SENT_FOR_DEDUP"))
    assert record.official_status is Status.SENT_FOR_DEDUP


def test_a_confirmation_of_the_present_status_is_no_flag():
    record = centre_says("SENT_FOR_ENROLLMENT", "RECEIVED_AT_CENTRAL", "RECEIVED_AT_CENTRAL")
    assert record.flagged == ()
    assert record.official_status is Status.RECEIVED_AT_CENTRAL


def test_a_repeat_is_the_very_same_record():
    record = centre_says("RECEIVED_AT_CENTRAL")
    assert record.apply(event(1, "RECEIVED_AT_CENTRAL")) is record


def test_two_different_events_with_one_number_are_refused():
    with pytest.raises(ValueError, match="one server_seq"):
        centre_says("RECEIVED_AT_CENTRAL").apply(event(1, "SENT_FOR_DEDUP"))
    with pytest.raises(ValueError, match="another record"):
        sent_record().apply(event(1, "RECEIVED_AT_CENTRAL", record="R-2"))


def test_a_re_send_keeps_the_packet_and_raises_the_attempt():
    record = centre_says("RECEIVED_AT_CENTRAL", "ENROLL_FAILURE_AT_CENTRAL", "PACKET_ENTRY")
    record = record.step(Status.SENT_FOR_ENROLLMENT, DESK, NOW)
    assert (record.packet_id, record.attempt, record.recording_no) == ("P-1", 2, 1)


def test_a_central_reset_keeps_packet_and_recording_number():
    record = centre_says("RECEIVED_AT_CENTRAL", "ENROLL_FAILURE_AT_REGIONAL", "BIO_CAPTURED")
    assert record.official_status is Status.BIO_CAPTURED
    assert (record.packet_id, record.recording_no) == ("P-1", 1)
    assert record.step(Status.PROCESSING, DESK, NOW).packet_id == "P-1"


def test_a_re_capture_needs_an_order_and_a_new_packet():
    record = centre_says("RECEIVED_AT_CENTRAL", "ENROLL_FAILURE_AT_CENTRAL")
    with pytest.raises(TransitionRefused) as refusal:
        record.step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-2")
    assert refusal.value.facts["reason"] == "NO_ORDER"
    with pytest.raises(TransitionRefused) as refusal:
        record.step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-1", order_id="O-9")
    assert refusal.value.facts["reason"] == "NEW_PACKET_NEEDED"
    again = record.step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-2", order_id="O-9")
    assert (again.packet_id, again.recording_no, again.attempt) == ("P-2", 2, 0)


def test_after_a_deletion_a_new_recording_begins_and_the_old_one_stays_as_history():
    record = centre_says(
        "RECEIVED_AT_CENTRAL", "SENT_FOR_DEDUP", "DUPLICATE_RECORD", "UNREGISTERED"
    )
    assert record.official_status is Status.UNREGISTERED
    assert (record.recording_no, record.packet_id) == (2, "")
    assert len(record.history) == 7
    record = record.step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-2")
    assert (record.recording_no, record.packet_id) == (2, "P-2")


def test_an_event_about_another_desks_packet_is_flagged_and_moves_nothing():
    record = sent_record().apply(event(1, "RECEIVED_AT_CENTRAL", packet="P-9"))
    assert record.official_status is Status.SENT_FOR_ENROLLMENT
    assert [line.flag for line in record.flagged] == [Flag.FOREIGN_PACKET]


def test_a_wrong_area_code_at_the_centre_is_the_regional_failure():
    record = centre_says("RECEIVED_AT_CENTRAL")
    record = record.apply(event(2, "ENROLL_FAILURE_AT_CENTRAL", reason="AREA_CODE"))
    assert record.official_status is Status.ENROLL_FAILURE_AT_REGIONAL
    assert record.reason == "AREA_CODE"


def test_a_step_that_a_late_event_overtook_is_flagged():
    record = new_record().apply(event(5, "RECEIVED_AT_CENTRAL"))
    record = record.step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-1")
    record = record.apply(event(2, "BIO_CAPTURED", packet="P-1"))
    assert Flag.STEP_OVERTAKEN in {line.flag for line in record.flagged}


def test_a_receipt_that_came_before_the_note_of_sending_is_applied_behind_it():
    record = new_record().step(Status.BIO_CAPTURED, DESK, NOW, packet_id="P-1")
    record = record.step(Status.PROCESSING, DESK, NOW)
    record = record.apply(event(1, "RECEIVED_AT_CENTRAL"))
    assert record.official_status is Status.PROCESSING
    assert [line.flag for line in record.flagged] == [Flag.OUTSIDE_TABLE]
    record = record.step(Status.SENT_FOR_ENROLLMENT, DESK, NOW)
    assert record.official_status is Status.RECEIVED_AT_CENTRAL
    assert record.flagged == ()
    assert [line.status.number for line in record.history] == [2, 3, 4, 5]


def test_an_impossible_event_is_not_revived_after_the_centre_spoke_again():
    record = centre_says("PRINT_READY_RECORD", "RECEIVED_AT_CENTRAL", "PACKET_ENTRY")
    record = record.step(Status.SENT_FOR_ENROLLMENT, DESK, NOW)
    assert record.official_status is Status.SENT_FOR_ENROLLMENT
    assert len(record.flagged) == 1


def test_holds_are_set_lifted_and_keep_the_card_off_the_list():
    record = centre_says("RECEIVED_AT_CENTRAL", "SENT_FOR_DEDUP", "PRINT_READY_RECORD")
    day = dt.date(2027, 3, 12)
    held = record.with_hold(Hold.AGE_17, day).with_hold(Hold.AGE_17, day)
    assert len(held.holds) == 1
    assert held.held(Hold.AGE_17)
    assert not held.may_print(day - dt.timedelta(days=1))
    assert held.may_print(day)
    assert not held.with_hold(Hold.NIK_EXISTS).may_print(day)
    assert held.without_hold(Hold.AGE_17).may_print(NOW.date())
    assert not sent_record().may_print(NOW.date())


def test_delivery_is_a_field_of_its_own():
    record = sent_record().with_delivery(Delivery.SENT_UNCONFIRMED)
    assert record.delivery is Delivery.SENT_UNCONFIRMED
    assert record.official_status is Status.SENT_FOR_ENROLLMENT


def test_a_log_line_of_a_record_shows_no_name_and_no_nik():
    assert "NUR" not in repr(new_record())
    assert "610101" not in repr(new_record())


@st.composite
def walks(draw):
    """A legal walk of the centre from RECEIVED_AT_CENTRAL on, with odd events strewn in."""
    status, walk = Status.RECEIVED_AT_CENTRAL, [Status.RECEIVED_AT_CENTRAL.value]
    for _ in range(draw(st.integers(0, 12))):
        if draw(st.integers(0, 5)) == 0:
            walk.append(draw(st.sampled_from(["ANEH", *(s.value for s in Status)])))
            continue
        status = draw(st.sampled_from(sorted(NEXT[status])))
        walk.append(status.value)
    return [event(n, s) for n, s in enumerate(walk, 1)]


@given(walks(), st.randoms(use_true_random=False))
def test_shuffled_and_repeated_events_give_the_same_state(walk, chance: random.Random):
    base = sent_record()
    straight = base.apply_all(walk)
    delivered = [*walk, *chance.choices(walk, k=len(walk))]
    chance.shuffle(delivered)
    record = base
    for one in delivered:
        record = record.apply(one)
    assert record == straight
    assert record.history == straight.history
    assert record.official_status == straight.official_status
    assert (record.recording_no, record.packet_id, record.attempt) == (
        straight.recording_no,
        straight.packet_id,
        straight.attempt,
    )
    assert len(record.history) == len(walk) + 3


@given(
    st.integers(0, 30),
    st.lists(st.integers(1, 60), max_size=60),
    st.randoms(use_true_random=False),
)
def test_a_feed_is_taken_without_holes_whatever_is_lost_doubled_or_mixed(cursor, seqs, chance):
    delivered = [event(seq, "RECEIVED_AT_CENTRAL") for seq in seqs]
    chance.shuffle(delivered)
    page = take_page(cursor, delivered)
    assert [e.server_seq for e in page.events] == list(range(cursor + 1, page.cursor + 1))
    beyond = {seq for seq in seqs if seq > page.cursor}
    if beyond:
        assert page.missing == (page.cursor + 1, min(beyond) - 1)
    else:
        assert page.missing is None


def test_a_gap_stops_the_feed_and_the_refetch_closes_it():
    page = take_page(0, [event(1, "A"), event(4, "D"), event(3, "C")])
    assert (page.cursor, page.missing) == (1, (2, 2))
    rest = take_page(page.cursor, [event(2, "B"), event(3, "C"), event(4, "D")])
    assert (rest.cursor, rest.missing) == (4, None)
