"""The in-session checks: each finding, what it keeps out, and that nothing is lost by it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.capture.checks import Found, Recorded, StaffPrint, check_eye, check_finger, mirrored
from station.capture.engine import FingerMatch
from station.capture.enrolment import SlotState, replay
from station.capture.exemption import ExemptionKind
from station.capture.plan import CapturePlan
from station.capture.session import EnrolmentSession
from station.capture.slots import FINGER_OF, FINGER_ORDER, Slot
from station.clock import FixedClock
from station.devices import Eye, FingerPosition, ImageCapture
from station.errors import CaptureRefused, StoreCorrupt
from station.minutiae import Template
from station.operators.demo import RINA, TONO, demo_accounts
from station.operators.prints import OperatorPrints
from tests.station.capture.bench import (
    DEVICE,
    NOW,
    PLAIN_ENGINE,
    MemoryDraft,
    a_session,
    fill,
    finger,
    picture,
    to_fingers,
)

R, L = Slot.RIGHT_INDEX, Slot.LEFT_INDEX


def alike(a, b):
    """Templates are numbers here: equal ones are one finger, the nearer the likelier."""
    return FingerMatch(100.0 - abs(a - b), abs(a - b) < 0.5)


def kept(slot, template, *, best=True, good=True, attempt=1):
    return Recorded(slot, attempt, best, good, template)


def refusal(call, *args):
    with pytest.raises(CaptureRefused) as caught:
        call(*args)
    return caught.value.facts


# -- the rules ---------------------------------------------------------------------------------------


@given(st.sampled_from(FINGER_ORDER), st.sampled_from(FINGER_ORDER))
def test_a_finger_under_another_name_is_found_and_the_mirror_name_means_swapped_hands(asked, stood):
    found = check_finger(asked, 1.0, [kept(stood, 1.0)], alike, good=True)
    if asked is stood:
        assert found is None
    else:
        assert found.other is stood
        swapped = FINGER_OF[asked].name[5:].lstrip("_") == FINGER_OF[stood].name[5:].lstrip("_")
        assert (found.kind is Found.WRONG_HAND) is swapped


@given(st.sampled_from(FINGER_ORDER))
def test_mirroring_twice_is_the_same_finger(slot):
    assert mirrored(slot) is not slot
    assert mirrored(mirrored(slot)) is slot


def test_the_likest_print_decides_not_the_first():
    recorded = [kept(Slot.RIGHT_MIDDLE, 1.4), kept(Slot.RIGHT_RING, 1.0)]
    assert check_finger(R, 1.0, recorded, alike, good=True).other is Slot.RIGHT_RING


def test_an_earlier_slip_does_not_keep_the_right_finger_out():
    recorded = [kept(R, 5.0), kept(R, 1.0, best=False, attempt=2)]
    found = check_finger(L, 1.0, recorded, alike, good=True)
    assert (found.kind, found.other, found.attempt, found.counts) == (Found.WRONG_HAND, R, 2, False)


def test_another_finger_than_before_is_found_only_where_both_pictures_are_good():
    assert check_finger(R, 1.0, [kept(R, 5.0)], alike, good=True).kind is Found.OTHER_FINGER
    assert check_finger(R, 1.0, [kept(R, 5.0)], alike, good=False) is None
    assert check_finger(R, 1.0, [kept(R, 5.0, good=False)], alike, good=True) is None


def test_the_operators_finger_is_found_by_name():
    found = check_finger(R, 1.0, [], alike, good=True, staff=[StaffPrint("rina", 1.2)])
    assert (found.kind, found.who, found.other) == (Found.OPERATOR_FINGER, "rina", None)


@pytest.mark.parametrize(
    ("slot", "template", "kind"),
    [
        (Slot.IRIS_LEFT, 7, Found.SAME_EYE),
        (Slot.IRIS_RIGHT, 7, None),
        (Slot.IRIS_LEFT, None, None),
        (Slot.IRIS_LEFT, 8, None),
    ],
)
def test_an_eye_is_found_only_in_the_other_slot(slot, template, kind):
    found = check_eye(
        slot, template, [(Slot.IRIS_RIGHT, 1, 7)], lambda a, b: a == b, lambda _template: None
    )
    assert (found.kind if found else None) is kind


@pytest.mark.parametrize("new", [*Eye, None])
@pytest.mark.parametrize("stored", [*Eye, None])
def test_swapped_eyes_are_found_only_when_both_pictures_surely_say_so(new, stored):
    found = check_eye(
        Slot.IRIS_LEFT,
        "new",
        [(Slot.IRIS_RIGHT, 1, "stored")],
        lambda _a, _b: False,
        {"new": new, "stored": stored}.get,
    )
    assert (found is not None) is ((new, stored) == (Eye.RIGHT, Eye.LEFT))


# -- in the session ----------------------------------------------------------------------------------


def test_swapped_hands_are_named_and_the_whole_hand_can_be_asked_again():
    session = to_fingers(a_session())
    session.record_finger(R, finger(80, 1))
    session.record_finger(Slot.RIGHT_MIDDLE, finger(80, 2))
    facts = refusal(session.record_finger, L, finger(80, 1))
    assert (facts["reason"], facts["other"]) == ("WRONG_HAND", R.value)
    blobs = dict(session.draft.blobs)
    session.withdraw((R, Slot.RIGHT_MIDDLE), str(facts["reason"]))
    assert session.state.state(R, session.plan) is SlotState.OPEN
    assert session.record_finger(L, finger(80, 1)).state is SlotState.CAPTURED
    taken = session.record_finger(R, finger(60, 9))
    assert (taken.sample.attempt, taken.best) == (2, taken.sample)  # the better wrong one is out
    assert blobs.items() <= session.draft.blobs.items()


def test_a_slip_among_the_weak_tries_is_withdrawn_by_itself_and_told():
    session = to_fingers(a_session())
    session.record_finger(R, finger(20, 1))
    session.record_finger(R, finger(80, 5))
    taken = session.record_finger(L, finger(80, 1))
    assert taken.finding.other is R
    assert [sample.attempt for sample in session.state.tries(R)] == [2]
    assert len(session.state.taken(R)) == 2


def test_what_an_exempted_slot_holds_keeps_no_finger_out_and_does_not_come_back():
    session = to_fingers(a_session())
    session.record_finger(R, finger(80, 1))
    session.exempt(R, ExemptionKind.UNREADABLE, "salah jari")
    assert session.record_finger(Slot.RIGHT_MIDDLE, finger(80, 1)).finding.other is R
    session.lift_exemption(R)
    assert session.state.state(R, session.plan) is SlotState.OPEN


def test_a_good_retake_by_another_finger_is_refused_until_the_first_is_let_go():
    session = to_fingers(a_session())
    session.record_finger(R, finger(60, 1))
    assert refusal(session.record_finger, R, finger(90, 2))["reason"] == "OTHER_FINGER"
    session.withdraw((R,), "OTHER_FINGER")
    assert session.record_finger(R, finger(90, 2)).state is SlotState.CAPTURED


def test_an_acceptance_goes_with_the_try_it_was_for_and_everything_survives_a_restart():
    session = to_fingers(a_session())
    for nonce in range(3):
        session.record_finger(R, finger(20, 1, nonce))
    session.accept_weak(R, "aus")
    session.withdraw((R,), "SAME_FINGER")
    again = replay(session.draft.events())
    assert again == session.state
    assert again.state(R, session.plan) is SlotState.OPEN
    assert len(again.taken(R)) == 3


def test_a_re_check_of_a_withdrawn_finger_does_not_count_for_the_next():
    session = fill(a_session())
    session.withdraw((R,), "WRONG_HAND")
    session.record_finger(R, finger(85, 77))
    assert not session.state.recheck_settled(R)


def test_a_photo_cannot_be_withdrawn():
    session = to_fingers(a_session())
    assert refusal(session.withdraw, (Slot.FACE,), "x")["reason"] == "NOT_WITHDRAWABLE"


def test_the_operators_finger_never_enters_the_record():
    draft = MemoryDraft()
    base = a_session(draft=draft)
    staff = (StaffPrint("rina", picture(80, 42)),)
    session = EnrolmentSession(
        draft, CapturePlan(), PLAIN_ENGINE, FixedClock(NOW), "rina", lambda: staff
    )
    to_fingers(session)
    rows = len(draft.rows)
    facts = refusal(session.record_finger, R, finger(90, 42))
    assert (facts["reason"], facts["who"]) == ("OPERATOR_FINGER", "rina")
    assert len(draft.rows) == rows
    assert session.record_finger(R, finger(90, 1)).finding is None
    assert base.state.started.operator == "rina"


def looks_like(side, labelled):
    pixels = picture(80, side.value)
    pixels[0, 3] = side.value
    return ImageCapture(pixels, 0, 8, 1, NOW, DEVICE, eye=labelled)


def test_swapped_eyes_are_said_once_and_then_the_operators_word_counts():
    session = fill(a_session(), skip=(Slot.IRIS_LEFT, Slot.IRIS_RIGHT))
    session.record_iris(looks_like(Eye.LEFT, labelled=Eye.RIGHT))
    left = looks_like(Eye.RIGHT, labelled=Eye.LEFT)
    assert refusal(session.record_iris, left)["reason"] == "EYES_SWAPPED"
    assert session.record_iris(left).state is SlotState.CAPTURED


def test_swapped_eyes_can_both_be_taken_anew():
    session = fill(a_session(), skip=(Slot.IRIS_LEFT, Slot.IRIS_RIGHT))
    session.record_iris(looks_like(Eye.LEFT, labelled=Eye.RIGHT))
    refusal(session.record_iris, looks_like(Eye.RIGHT, labelled=Eye.LEFT))
    session.withdraw((Slot.IRIS_RIGHT,), "EYES_SWAPPED")
    for side in Eye:
        assert session.record_iris(looks_like(side, labelled=side)).state is SlotState.CAPTURED


# -- the operators' fingers --------------------------------------------------------------------------


class MemoryShelf(dict):
    put = dict.__setitem__


def a_template(seed):
    rng = np.random.default_rng(seed)
    place = [np.rint(rng.uniform(10, 290, 30)).astype(np.float32) for _ in range(2)]
    turns = (rng.integers(0, 256, 30) * (2 * np.pi / 256)).astype(np.float32)
    kind, quality = np.ones(30, np.uint8), np.full(30, 60, np.uint8)
    return Template(*place, turns, kind, quality, 300, 400)


def test_enrolled_fingers_come_back_from_the_shelf_and_only_for_active_accounts():
    shelf, accounts = MemoryShelf(), demo_accounts(FixedClock(NOW))
    first = OperatorPrints(shelf)
    first.enrol(RINA, {FingerPosition.RIGHT_INDEX: a_template(1)})
    first.enrol(TONO, {FingerPosition.LEFT_INDEX: a_template(2)})
    prints = OperatorPrints(shelf)
    assert {each.who for each in prints.staff(accounts)} == {RINA, TONO}
    stored = prints.of(RINA)[FingerPosition.RIGHT_INDEX]
    assert (stored.x == a_template(1).x).all()
    accounts.deactivate("budi", TONO)
    assert [each.who for each in prints.staff(accounts)] == [RINA]
    prints.enrol(RINA, {})
    assert prints.staff(accounts) == ()


@pytest.mark.parametrize("body", [b"", b"[1]", b'["!"]', b'["AAAA"]'])
def test_damaged_fingers_of_an_operator_are_a_typed_error(body):
    with pytest.raises(StoreCorrupt):
        OperatorPrints(MemoryShelf({RINA: body})).of(RINA)
