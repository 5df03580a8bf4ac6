"""The steps as an operator meets them: real pages and presenters, keys, and devices that obey the test."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from station.capture import flow
from station.capture.checks import StaffPrint
from station.capture.enrolment import SlotState
from station.capture.slots import FINGER_ORDER, Slot
from station.errors import DeviceRemoved, DiskFull
from station.guidance import Guidance
from tests.station.capture.bench import finger
from tests.ui.desk_bench import Bench, live
from ui.icons import State

Key = Qt.Key
FIRST = FINGER_ORDER[0]


@pytest.fixture
def bench(qtbot, theme):
    made = Bench(qtbot, theme)
    yield made
    made.close()


def identity(slot):
    """A finger's own number, so that no two fingers match."""
    return 10 + FINGER_ORDER.index(slot)


def give_fingers(bench, slots=FINGER_ORDER):
    for slot in slots:
        bench.wait(lambda slot=slot: bench.fingers.asked is slot)
        bench.finger.gives.put(finger(80, identity(slot)))


def to_recheck(bench):
    """All ten are recorded; the first chip finger is asked again."""
    session = bench.sit_down(at_fingers=True)
    for slot in FINGER_ORDER:
        session.record_finger(slot, finger(80, identity(slot)))
    bench.enrolment.go(flow.Step.FINGERS)
    bench.wait(lambda: bench.finger.armed > 0)
    return session


def mismatch_three_times(bench, session, slot):
    for number in range(session.plan.recheck_tries):
        bench.wait(lambda number=number: bench.finger.armed > number)
        bench.finger.gives.put(finger(80, 99, number))
        bench.wait(lambda number=number: session.state.recheck_failures(slot) == number + 1)
    bench.wait(lambda: bool(bench.message))


# -- keys ------------------------------------------------------------------------------------------


def test_a_double_press_on_enter_does_not_skip_a_step(bench):
    bench.sit_down()
    bench.press(Key.Key_Return)
    bench.press(Key.Key_Return)
    bench.wait(lambda: bench.enrolment.step is flow.Step.PHOTO)
    assert bench.enrolment.session.state.attempts == {}
    assert bench.window.action_bar.isVisible()


def test_space_takes_the_photo_now(bench):
    session = bench.sit_down()
    bench.act("confirm")
    bench.wait(lambda: bench.camera.armed == 1)
    bench.camera.gives.put(live(90))
    bench.press(Key.Key_Space)
    bench.camera.gives.put(live(90, frame_id=1))
    bench.wait(lambda: session.state.best(Slot.FACE) is not None)
    bench.wait(lambda: bench.primary == "approve")


def test_escape_goes_back_one_step_and_nothing_is_lost(bench):
    session = bench.sit_down(at_fingers=True)
    bench.wait(lambda: bench.finger.armed == 1)
    bench.finger.gives.put(finger(80, identity(FIRST)))
    bench.wait(lambda: session.state.state(FIRST, session.plan) is SlotState.CAPTURED)
    bench.wait(lambda: not bench.busy)
    bench.press(Key.Key_Escape)
    bench.wait(lambda: bench.enrolment.step is flow.Step.SIGNATURE)
    assert session.state.best(FIRST) is not None


def test_f2_opens_the_exemption_and_escape_closes_it_without_leaving_the_step(bench):
    bench.sit_down(at_fingers=True)
    bench.wait(lambda: bench.finger.armed == 1)
    bench.press(Key.Key_F2)
    assert bench.panel is not None
    assert bench.primary == ""  # one Enter on the screen
    bench.press(Key.Key_Escape)
    bench.wait(lambda: bench.panel is None)
    assert not bench.window.header.isAncestorOf(QApplication.focusWidget())  # never on the lock
    assert bench.enrolment.step is flow.Step.FINGERS
    bench.wait(lambda: bench.finger.armed == 2)  # the finger is asked again


def test_the_locked_desk_keeps_its_place_and_asks_for_the_same_operator(bench):
    session = bench.sit_down(at_fingers=True)
    bench.press(Key.Key_F9)
    bench.wait(lambda: bench.shell.current_key == "sign_in")
    assert bench.desk.operator == ""
    bench.enrolment._tick.timeout.emit()  # a second passes: the rail stays empty
    assert not bench.window.rail.isVisible()
    bench.type("246810")
    bench.press(Key.Key_Return)
    bench.wait(lambda: bench.shell.current_key == "step:fingers")
    assert bench.enrolment.session is session


# -- photo -----------------------------------------------------------------------------------------


def test_nothing_is_wrong_while_nobody_sits_before_the_camera(bench):
    bench.sit_down()
    bench.act("confirm")
    bench.wait(lambda: bench.camera.armed == 1)
    bench.camera.gives.put(live(0, faces=0))
    bench.wait(lambda: bool(bench.window.coach._view.checks))
    assert {check.state for check in bench.window.coach._view.checks} == {State.TO_COME}


def test_a_weak_photo_is_kept_with_a_reason_only_after_three_tries(bench):
    session = bench.sit_down()
    bench.act("confirm")
    for number in range(session.plan.tries_before_exemption):
        bench.wait(lambda number=number: bench.camera.armed == number + 1)
        assert "F8" not in bench.caps
        bench.photo.take()
        bench.camera.gives.put(live(20, frame_id=number))
        bench.wait(lambda number=number: len(session.state.tries(Slot.FACE)) == number + 1)
        bench.wait(lambda: bench.primary == "retake" and bool(bench.message))
        if "F8" not in bench.caps:
            bench.photo.act("retake")  # faster than a hand: the window would take it for a bounce
    assert bench.caps["F8"] == "keep"
    bench.act("keep")
    bench.wait(lambda: bench.enrolment.step is flow.Step.SIGNATURE)
    assert session.state.accepted[Slot.FACE]


def test_a_camera_that_falls_off_says_so_and_the_button_looks_again(bench):
    session = bench.sit_down()
    bench.act("confirm")
    bench.wait(lambda: bench.camera.armed == 1)
    bench.camera.gives.put(DeviceRemoved(device="camera"))
    bench.wait(lambda: bench.message == "Kamera terlepas.")
    bench.window.message_bar.pressed.emit(bench.window.message_bar.view.key)
    bench.wait(lambda: bench.camera.armed == 2)
    assert bench.message == ""
    bench.photo.take()
    bench.camera.gives.put(live(90))
    bench.wait(lambda: session.state.best(Slot.FACE) is not None)


# -- fingers ---------------------------------------------------------------------------------------


def test_ten_good_fingers_and_two_re_checks_need_no_key(bench, qtbot):
    session = bench.sit_down(at_fingers=True)
    bench.desk.settings = bench.desk.settings.model_copy(update={"auto_advance": True})
    bench.fingers._soon.setInterval(1)
    give_fingers(bench)
    for number, slot in enumerate(session.state.chip_fingers(session.plan)):
        bench.wait(lambda number=number: bench.finger.armed == len(FINGER_ORDER) + number + 1)
        bench.finger.gives.put(finger(70, identity(slot)))
    bench.wait(lambda: bench.enrolment.step is flow.Step.IRIS)


def test_a_weak_finger_is_used_only_after_three_tries_and_by_a_decision(bench):
    session = bench.sit_down(at_fingers=True)
    for number in range(3):
        bench.wait(lambda number=number: bench.finger.armed == number + 1)
        assert "F8" not in bench.caps
        bench.finger.gives.put(finger(20, identity(FIRST), number))
    bench.wait(lambda: bench.caps.get("F8") == "keep")
    assert "3 percobaan" in bench.message
    assert bench.finger.armed == 3  # nothing goes on by itself
    bench.fingers.view.setFocus()
    bench.press(Key.Key_F8)
    bench.wait(lambda: FIRST in session.state.accepted)
    bench.wait(lambda: bench.fingers.asked is FINGER_ORDER[1])


def press_message(bench):
    bench.window.message_bar.pressed.emit(bench.window.message_bar.view.key)


def test_swapped_hands_are_said_and_one_button_asks_for_the_whole_hand_again(bench):
    session = bench.sit_down(at_fingers=True)
    right, left = FINGER_ORDER[:4], FINGER_ORDER[4]
    for slot in right:
        session.record_finger(slot, finger(80, identity(slot)))
    bench.enrolment.go(flow.Step.FINGERS)
    bench.wait(lambda: bench.fingers.asked is left and bench.finger.armed > 0)
    bench.finger.gives.put(finger(80, identity(right[0])))
    bench.wait(lambda: bool(bench.message))
    assert bench.message == ("Jari ini sudah direkam sebagai telunjuk kanan.")
    assert bench.window.message_bar.view.button == "Ulangi tangan kanan"
    press_message(bench)
    bench.wait(lambda: bench.fingers.asked is right[0])
    assert all(not session.state.tries(slot) for slot in right)
    assert all(len(session.state.taken(slot)) == 1 for slot in right)


def test_the_operators_finger_is_said_by_name_and_the_applicants_asked_again(bench):
    session = bench.sit_down(at_fingers=True)
    session._staff = lambda: (StaffPrint("rina", finger(80, 42).pixels),)
    bench.wait(lambda: bench.finger.armed == 1)
    bench.finger.gives.put(finger(80, 42))
    bench.wait(lambda: bool(bench.message))
    assert bench.message == "Ini jari petugas Rina W., bukan jari pemohon."
    assert not session.state.taken(FIRST)
    bench.wait(lambda: bench.finger.armed == 2)


def test_an_earlier_slip_is_told_without_stopping_the_work(bench):
    session = bench.sit_down(at_fingers=True)
    slip = FINGER_ORDER[1]
    session.record_finger(FIRST, finger(20, identity(slip)))
    session.record_finger(FIRST, finger(80, identity(FIRST)))
    bench.enrolment.go(flow.Step.FINGERS)
    bench.wait(lambda: bench.fingers.asked is slip and bench.finger.armed > 0)
    bench.finger.gives.put(finger(80, identity(slip)))
    bench.wait(lambda: "ternyata jari ini" in bench.message)
    assert session.state.state(slip, session.plan) is SlotState.CAPTURED


def test_the_same_finger_again_is_refused_by_name_and_asked_again_at_once(bench):
    session = bench.sit_down(at_fingers=True)
    bench.fingers._soon.setInterval(1)
    give_fingers(bench, FINGER_ORDER[:1])
    bench.wait(lambda: bench.fingers.asked is FINGER_ORDER[1] and bench.finger.armed == 2)
    bench.finger.gives.put(finger(80, identity(FIRST)))
    bench.wait(lambda: bool(bench.message))
    assert bench.message.startswith("Jari ini sudah direkam sebagai")
    assert not session.state.tries(FINGER_ORDER[1])
    bench.wait(lambda: bench.finger.armed == 3)


def test_a_scanner_that_falls_off_keeps_what_was_taken(bench):
    session = bench.sit_down(at_fingers=True)
    bench.fingers._soon.setInterval(1)
    give_fingers(bench, FINGER_ORDER[:1])
    bench.wait(lambda: bench.finger.armed == 2)
    bench.finger.gives.put(DeviceRemoved(device="finger"))
    bench.wait(lambda: bench.message == "Scanner jari terlepas.")
    assert session.state.best(FIRST) is not None
    bench.press(Key.Key_F5)
    bench.wait(lambda: bench.finger.armed == 3)
    assert bench.fingers.asked is FINGER_ORDER[1]


def test_a_full_disk_leads_to_the_sending_queue_and_the_person_waits_in_the_draft(bench):
    session = bench.sit_down(at_fingers=True)
    bench.wait(lambda: bench.finger.armed == 1)
    bench.shell.fail(DiskFull())
    bench.window.message_bar.pressed.emit(bench.window.message_bar.view.key)
    bench.wait(lambda: bench.shell.current_key == "outbox")
    assert session.state.abandoned is None
    assert not bench.enrolment.busy


# -- re-check --------------------------------------------------------------------------------------


def test_a_finger_that_never_matches_again_is_taken_again_with_enter(bench):
    session = to_recheck(bench)
    slot = session.state.chip_fingers(session.plan)[0]
    mismatch_three_times(bench, session, slot)
    armed, tries = bench.finger.armed, len(session.state.tries(slot))
    bench.press(Key.Key_Return)
    bench.wait(lambda: bench.finger.armed == armed + 1)
    bench.finger.gives.put(finger(95, identity(slot), 7))
    bench.wait(lambda: len(session.state.tries(slot)) == tries + 1)
    assert session.state.recheck_failures(slot) == 0  # a better print: its re-checks begin anew


def test_a_finger_that_never_matches_again_goes_on_with_a_second_person(bench):
    session = to_recheck(bench)
    slot = session.state.chip_fingers(session.plan)[0]
    mismatch_three_times(bench, session, slot)
    assert bench.window.coach._view.pictogram is Guidance.WRONG_FINGER
    assert bench.caps["F8"] == "waive"
    bench.act("waive")
    assert bench.panel is not None
    bench.press(Key.Key_Tab)  # the reason stands already
    bench.press(Key.Key_Tab)
    bench.type("budi")
    bench.press(Key.Key_Tab)
    bench.type("135790")
    bench.press(Key.Key_Return)
    bench.wait(lambda: session.state.recheck_settled(slot))
    assert session.state.waivers[-1].approved_by == "budi"
    assert session.state.best(slot) is not None  # the print stays
    assert slot not in session.state.exemptions
    bench.wait(lambda: bench.panel is None and bench.fingers.asked is not slot)


def test_nobody_waives_a_re_check_alone(bench):
    session = to_recheck(bench)
    slot = session.state.chip_fingers(session.plan)[0]
    mismatch_three_times(bench, session, slot)
    bench.act("waive")
    bench.press(Key.Key_Tab)
    bench.press(Key.Key_Tab)
    bench.type("rina")
    bench.press(Key.Key_Tab)
    bench.type("246810")
    bench.press(Key.Key_Return)
    bench.wait(lambda: bench.panel is not None and bool(bench.panel._error.text()))
    assert not session.state.recheck_settled(slot)
    bench.press(Key.Key_Escape)
    bench.wait(lambda: bench.panel is None)
    bench.wait(lambda: bench.caps.get("F8") == "waive")  # still no dead end


@pytest.mark.parametrize(
    "work",
    [
        lambda bench: bench.window.take_requested.emit(),
        lambda bench: bench.window.look_again_requested.emit(),
        lambda bench: bench.window.message_pressed.emit("again"),
        lambda bench: bench.window.attempt_pressed.emit(0),
        lambda bench: bench.enrolment.ask(FIRST),
    ],
    ids=["space", "F5", "message", "attempt", "next finger"],
)
def test_the_idle_lock_counts_from_the_last_work_whatever_it_was(bench, work):
    bench.sit_down()
    bench.shell._idle.stop()
    work(bench)
    assert bench.shell._idle.isActive()
