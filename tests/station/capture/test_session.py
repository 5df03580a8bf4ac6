"""The verbs of an enrolment and what they refuse."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.capture import flow
from station.capture.enrolment import SlotState
from station.capture.exemption import NEEDS_SECOND_PERSON, ExemptionKind
from station.capture.flow import STEPS, Step
from station.capture.plan import CapturePlan
from station.capture.slots import CAPTURE_ORDER, FINGER_ORDER, Slot
from station.devices import DeviceInfo, Eye, Grade, ImageCapture
from station.errors import CaptureRefused, GradeRefused
from tests.station.capture.bench import (
    DEVICE,
    NOW,
    MemoryDraft,
    a_session,
    eye,
    fill,
    finger,
    frame,
    picture,
    signature,
    to_fingers,
)


def refused(call, *args, **kwargs) -> str:
    with pytest.raises(CaptureRefused) as caught:
        call(*args, **kwargs)
    return str(caught.value.facts["reason"])


def test_a_whole_enrolment_reaches_review_and_confirmation():
    session = fill(a_session())
    assert flow.resume_step(session.state, session.plan) is Step.REVIEW
    assert session.confirm().confirmed is not None


def test_a_score_equal_to_its_threshold_passes():
    session = to_fingers(a_session())
    taken = session.record_finger(Slot.RIGHT_INDEX, finger(session.plan.finger_score, 1))
    assert taken.state is SlotState.CAPTURED


@given(st.lists(st.integers(0, 39), min_size=1, max_size=6))
def test_the_best_of_all_attempts_counts_not_the_last(scores):
    session = to_fingers(a_session())
    for nonce, score in enumerate(scores):
        session.record_finger(Slot.RIGHT_INDEX, finger(score, 1, nonce))
    best = session.state.best(Slot.RIGHT_INDEX)
    usable = [score for score in scores if score >= 10]
    assert best.score == max(usable or scores)
    assert len(session.state.tries(Slot.RIGHT_INDEX)) == len(scores)


def test_after_three_weak_tries_the_exemption_or_a_reasoned_acceptance_is_offered():
    session = to_fingers(a_session())
    for nonce in range(3):
        assert refused(session.accept_weak, Slot.RIGHT_INDEX, "aus") == "TRIES_LEFT"
        session.record_finger(Slot.RIGHT_INDEX, finger(20 + nonce, 1, nonce))
    assert session.state.state(Slot.RIGHT_INDEX, session.plan) is SlotState.WEAK
    assert refused(session.accept_weak, Slot.RIGHT_INDEX, "  ") == "REASON_MISSING"
    state = session.accept_weak(Slot.RIGHT_INDEX, "kapalan")
    assert state.state(Slot.RIGHT_INDEX, session.plan) is SlotState.CAPTURED


def test_fingers_do_not_open_before_the_applicant_approved_the_photo():
    session = a_session()
    session.confirm_data()
    session.record_photo(frame(), DEVICE)
    assert refused(session.record_finger, Slot.RIGHT_INDEX, finger(90, 1)) == "PHOTO_NOT_APPROVED"
    assert not flow.reachable(session.state, session.plan, Step.SIGNATURE)


def test_a_new_photo_takes_the_approval_back():
    session = to_fingers(a_session())
    session.record_photo(frame(nonce=2), DEVICE)
    assert session.state.photo_approved == ""
    assert not flow.complete(session.state, session.plan, Step.PHOTO)


def test_the_same_finger_is_refused_under_a_second_name_and_nothing_is_stored():
    session = to_fingers(a_session())
    session.record_finger(Slot.RIGHT_INDEX, finger(80, 1))
    rows = len(session.draft.rows)
    assert refused(session.record_finger, Slot.RIGHT_MIDDLE, finger(80, 1)) == "SAME_FINGER"
    assert len(session.draft.rows) == rows


def test_one_eye_cannot_fill_both_slots():
    session = fill(a_session(), skip=(Slot.IRIS_LEFT, Slot.IRIS_RIGHT))
    session.record_iris(eye(Eye.RIGHT, identity=7))
    assert refused(session.record_iris, eye(Eye.LEFT, identity=7)) == "SAME_EYE"


def test_a_verification_sensor_cannot_enrol():
    session = to_fingers(a_session())
    toy = DeviceInfo("finger.zfm", "x", "R305", "1", "1", "tty", Grade.VERIFICATION)
    with pytest.raises(GradeRefused):
        session.record_finger(Slot.RIGHT_INDEX, ImageCapture(picture(90, 1), 500, 4, 1, NOW, toy))


def test_a_camera_below_enrolment_grade_takes_no_portrait():
    session = a_session()
    session.confirm_data()
    webcam = DeviceInfo("camera.cv", "x", "C920", "1", "1", "0", Grade.VERIFICATION)
    with pytest.raises(GradeRefused):
        session.record_photo(frame(90), webcam)


def test_a_verification_sensor_serves_to_train_in_a_rehearsal():
    session = to_fingers(a_session(CapturePlan(training=True)))
    toy = DeviceInfo("finger.zfm", "x", "R305", "1", "1", "tty", Grade.VERIFICATION)
    capture = ImageCapture(picture(90, 1), 500, 4, 1, NOW, toy)
    assert session.record_finger(Slot.RIGHT_INDEX, capture).sample.device == toy


@pytest.mark.parametrize("kind", list(ExemptionKind))
def test_an_exemption_needs_a_reason_and_where_it_is_final_a_second_person(kind):
    session = to_fingers(a_session())
    give = {"return_on": dt.date(2026, 12, 10)}
    assert refused(session.exempt, Slot.LEFT_RING, kind, " ", **give) == "REASON_MISSING"
    if kind in NEEDS_SECOND_PERSON:
        assert refused(session.exempt, Slot.LEFT_RING, kind, "x", **give) == "SECOND_PERSON_MISSING"
        same = refused(session.exempt, Slot.LEFT_RING, kind, "x", approved_by="rina", **give)
        assert same == "SECOND_PERSON_MISSING"
        give["approved_by"] = "budi"
    state = session.exempt(Slot.LEFT_RING, kind, "x", **give)
    assert state.state(Slot.LEFT_RING, session.plan) is SlotState.EXEMPT


def test_a_temporary_exemption_schedules_the_return_visit():
    session = to_fingers(a_session())
    reason = refused(session.exempt, Slot.LEFT_RING, ExemptionKind.TEMPORARY, "perban")
    assert reason == "RETURN_DATE_MISSING"


def test_a_person_without_any_finger_or_eye_still_reaches_confirmation():
    session = to_fingers(a_session())
    for slot in CAPTURE_ORDER[2:]:
        session.exempt(slot, ExemptionKind.MISSING_PERMANENT, "tidak ada", approved_by="budi")
    assert session.confirm().confirmed is not None
    assert session.state.chip_fingers(session.plan) == ()


def test_the_chip_takes_the_best_finger_of_the_hand_when_the_index_is_missing():
    session = to_fingers(a_session())
    session.exempt(Slot.RIGHT_INDEX, ExemptionKind.UNREADABLE, "luka")
    session.record_finger(Slot.RIGHT_MIDDLE, finger(50, 2))
    session.record_finger(Slot.RIGHT_RING, finger(90, 3))
    session.record_finger(Slot.LEFT_INDEX, finger(60, 4))
    assert session.state.chip_fingers(session.plan) == (Slot.RIGHT_RING, Slot.LEFT_INDEX)


def test_without_a_right_hand_the_chip_takes_two_fingers_of_the_left():
    session = to_fingers(a_session())
    session.record_finger(Slot.LEFT_INDEX, finger(60, 4))
    session.record_finger(Slot.LEFT_THUMB, finger(80, 5))
    session.record_finger(Slot.LEFT_RING, finger(70, 6))
    assert session.state.chip_fingers(session.plan) == (Slot.LEFT_INDEX, Slot.LEFT_THUMB)


def test_a_recheck_with_the_wrong_finger_does_not_settle_and_three_failures_allow_a_waiver():
    session = fill(a_session(), skip=(Slot.LEFT_INDEX,))
    session.record_finger(Slot.LEFT_INDEX, finger(80, 99))
    for _ in range(session.plan.recheck_tries):
        reason = refused(session.waive_recheck, Slot.LEFT_INDEX, "x", "budi")
        assert reason == "RECHECK_TRIES_LEFT"
        assert not session.recheck(Slot.LEFT_INDEX, finger(80, 3)).matched
    assert Slot.LEFT_INDEX in flow.open_rechecks(session.state, session.plan)
    assert refused(session.waive_recheck, Slot.LEFT_INDEX, "x", "rina") == "SECOND_PERSON_MISSING"
    session.waive_recheck(Slot.LEFT_INDEX, "alat", "budi")
    assert Slot.LEFT_INDEX not in flow.open_rechecks(session.state, session.plan)


def test_a_better_attempt_after_the_recheck_asks_for_the_recheck_again():
    session = fill(a_session(CapturePlan(finger_score=40)))
    session.record_finger(Slot.RIGHT_INDEX, finger(95, 10, nonce=5))
    assert Slot.RIGHT_INDEX in flow.open_rechecks(session.state, session.plan)


def test_any_later_capture_takes_the_confirmation_back():
    session = fill(a_session())
    session.confirm()
    session.record_signature(signature())
    assert session.state.confirmed is None


def test_confirming_names_the_step_that_is_still_open():
    session = to_fingers(a_session())
    with pytest.raises(CaptureRefused) as caught:
        session.confirm()
    assert caught.value.facts["step"] == "fingers"


def test_abandoning_shreds_and_closes():
    session = to_fingers(a_session())
    session.abandon("pemohon pergi")
    assert session.draft.blobs == {}
    assert refused(session.confirm_data) == "CLOSED"


def test_no_step_opens_before_the_one_before_it_is_complete():
    session = a_session()
    for step in STEPS[1:]:
        assert not flow.reachable(session.state, session.plan, step)
    with pytest.raises(CaptureRefused):
        flow.next_step(session.state, session.plan, Step.DATA)


VERBS = (
    lambda s, n: s.confirm_data(),
    lambda s, n: s.record_photo(frame(score=n % 100, nonce=n), DEVICE),
    lambda s, n: s.approve_photo(),
    lambda s, n: s.record_signature(signature()),
    lambda s, n: s.record_finger(FINGER_ORDER[n % 10], finger(n % 100, n % 10 + 1, n)),
    lambda s, n: s.record_iris(eye(Eye.RIGHT if n % 2 else Eye.LEFT, score=n % 100)),
    lambda s, n: s.exempt(
        CAPTURE_ORDER[n % 14], ExemptionKind.NOT_POSSIBLE, "x", approved_by="budi"
    ),
    lambda s, n: s.lift_exemption(CAPTURE_ORDER[n % 14]),
    lambda s, n: s.accept_weak(FINGER_ORDER[n % 10], "x"),
    lambda s, n: s.recheck(FINGER_ORDER[n % 10], finger(80, n % 10 + 1, n)),
    lambda s, n: s.confirm(),
)


@given(st.lists(st.tuples(st.integers(0, len(VERBS) - 1), st.integers(0, 255)), max_size=40))
def test_reopening_after_any_sequence_of_actions_gives_the_same_state_and_step(actions):
    draft = MemoryDraft()
    session = a_session(draft=draft)
    for verb, number in actions:
        with contextlib.suppress(CaptureRefused):
            VERBS[verb](session, number)
    reopened = a_session(draft=draft)
    assert reopened.state == session.state
    step = flow.resume_step(session.state, session.plan)
    assert flow.resume_step(reopened.state, reopened.plan) is step
    assert flow.reachable(reopened.state, reopened.plan, step)


def test_accepting_a_weak_photo_does_not_accept_the_next_one():
    session = a_session()
    session.confirm_data()
    for nonce in range(session.plan.tries_before_exemption):
        session.record_photo(frame(20, nonce), DEVICE)
    session.accept_weak(Slot.FACE, "terbaik dari tiga")
    session.approve_photo()
    session.record_photo(frame(11, 99), DEVICE)
    assert session.state.state(Slot.FACE, session.plan) is SlotState.WEAK
    assert refused(session.approve_photo) == "PHOTO_WEAK"
