"""What can go wrong on a morning: each fault says what happened and the next step, and loses nothing."""

import datetime as dt
import os
import shutil
import subprocess

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from station.capture.flow import Step
from station.capture.slots import EYE_OF, FINGER_OF, Slot
from station.clock import SystemClock
from station.device_report import Condition
from station.operators.demo import demo_accounts
from tests.journeys.workplace import SHORT, Workplace
from ui.widgets.exemption import ExemptionPanel
from ui.widgets.health import HealthStrip

pytestmark = pytest.mark.timeout(300)

CASE = "bugis"  # one person; every test takes up where the one before left off
NAME, PIN = "rina", "246810"


class PushedClock(SystemClock):
    """The machine's clock, pushed forward by hand."""

    def __init__(self):
        self.push = dt.timedelta()

    def now(self):
        """Return the pushed time."""
        return super().now() + self.push


@pytest.fixture(scope="module")
def clock():
    return PushedClock()


@pytest.fixture(scope="module")
def place(opened, clock):
    made = opened("gangguan", plan=SHORT, accounts=lambda _shelf: demo_accounts(clock))
    yield made
    made.close()


def signed_in(place):
    """Sign in unless somebody is."""
    if not place.app.desk.operator:
        place.sign_in()


def at(place, step):
    """Stand at a step of the one person, resuming what is there."""
    signed_in(place)
    if not place.enrolment.busy or place.enrolment.step is not step:
        place.leave()
        place.begin(CASE, until=step)
    return place.story(CASE)


def attempts(place, slots):
    """Return the attempts at some slots."""
    return {slot: place.state.tries(slot) for slot in slots if place.state.tries(slot)}


# -- the operator ----------------------------------------------------------------------------------


def test_five_wrong_pins_begin_a_wait_that_doubles_and_ends(place, clock):
    def try_pin(pin, words):
        place.operator.type(pin)
        place.operator.enter("sign-in")
        place.wait(lambda: place.says(words), words)

    place.operator.type(NAME)
    place.operator.press(Qt.Key.Key_Tab)
    for left in (4, 3, 2, 1):
        try_pin("000000", f"Sisa percobaan: {left}.")
    try_pin("000000", "Tunggu 30 detik")
    clock.push += dt.timedelta(seconds=10)
    try_pin(PIN, "Tunggu 20 detik")  # even the right one is not looked at
    clock.push += dt.timedelta(seconds=21)
    try_pin("000000", "Tunggu 60 detik")
    clock.push += dt.timedelta(seconds=61)
    assert place.app.desk.operator == ""
    place.operator.type(PIN)
    place.operator.enter("sign-in")
    place.wait(lambda: place.app.shell.current_key == "search", "masuk")


def dot(place, key):
    """What the strip in the header shows of a device, whatever page is on the stage."""
    return place.app.window.header.findChild(HealthStrip).button(key).item.condition


# -- devices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["STALL", "DISCONNECT"])
def test_a_camera_that_goes_silent_is_named_and_the_photo_is_taken_when_it_is_back(place, fault):
    at(place, Step.PHOTO)
    before = attempts(place, [Slot.FACE])
    place.stage.ask(do="fail", device="camera", fault=fault)
    place.operator.press(Qt.Key.Key_F5)
    place.wait(lambda: "Kamera" in place.message, "pesan kamera")
    assert place.app.window.message_bar.view.next_step
    assert attempts(place, [Slot.FACE]) == before
    place.stage.ask(do="heal", device="camera")
    place.operator.enter("take")
    place.wait(lambda: place.operator.primary() == "approve", "foto", 60)
    assert len(place.state.tries(Slot.FACE)) == sum(map(len, before.values())) + 1
    place.operator.press(Qt.Key.Key_F10)  # once more, for who comes next
    place.wait(lambda: place.operator.primary() in {"take", "approve"}, "ulangi")


def test_a_scanner_unplugged_in_mid_capture_loses_no_finger_and_goes_on_when_it_is_back(place):
    story = at(place, Step.FINGERS)
    place.wait(lambda: attempts(place, FINGER_OF) != {}, "jari pertama")
    place.stage.ask(do="fail", device="finger", fault="UNPLUG")
    place.wait(lambda: dot(place, "finger") is Condition.ABSENT, "tanda scanner", 2)
    place.wait(lambda: "Scanner jari" in place.message, "pesan scanner")
    assert place.app.window.message_bar.view.next_step
    kept = attempts(place, FINGER_OF)
    assert kept
    place.stage.ask(do="heal", device="finger")
    place.wait(lambda: dot(place, "finger") is Condition.READY, "tanda scanner", 2)
    place.operator.enter("take")
    story.go_on(until=Step.IRIS)
    after = attempts(place, FINGER_OF)
    assert {slot: after[slot][: len(tries)] for slot, tries in kept.items()} == kept


@pytest.mark.parametrize("lie", ["hash", "signature", "label", "transaction"])
def test_an_iris_answer_that_lies_is_refused_and_nothing_of_it_is_kept(place, lie):
    signed_in(place)
    if place.enrolment.busy:
        place.leave()
    place.stage.ask(do="fail", device="iris", fault=lie)
    try:
        place.begin(CASE, until=Step.IRIS)
        place.wait(lambda: place.message != "", "pesan iris")
        assert "iris" in place.message.lower()
        assert attempts(place, EYE_OF) == {}
    finally:
        place.stage.ask(do="heal", device="iris")


def test_the_desk_locks_in_the_middle_and_opens_at_the_same_step(place):
    signed_in(place)
    place.leave()
    at(place, Step.IRIS)
    kept, step = place.state.attempts, place.enrolment.step
    place.operator.press(Qt.Key.Key_F9)
    assert place.app.shell.current_key == "sign_in"
    assert place.app.desk.operator == ""
    assert not place.says(place.entry(CASE).person.full_name), "nobody reads the person's name"
    header = [label.text() for label in place.app.window.header.findChildren(QLabel)]
    assert not [text for text in header if place.entry(CASE).person.full_name in text]
    place.operator.type(PIN)
    place.operator.enter("sign-in")
    place.wait(lambda: place.app.shell.current_key == f"step:{step.value}", "langkah yang sama")
    assert {slot: place.state.attempts[slot] for slot in kept} == dict(kept)


def test_a_supervisors_wrong_pin_exempts_nothing_and_the_right_one_does(place):
    signed_in(place)
    place.leave()
    story = at(place, Step.IRIS)
    place.operator.press(Qt.Key.Key_F2)
    place.wait(lambda: panel(place) is not None, "panel")
    story.fill_exemption("NOT_POSSIBLE", "tunanetra", supervisor=("budi", "000000"))
    place.wait(lambda: any("PIN tidak cocok" in w for w in words_of(panel(place))), "ditolak")
    assert place.state.exemptions == {}
    place.operator.type("135790")
    place.operator.press(Qt.Key.Key_Return)
    place.wait(lambda: len(place.state.exemptions) == 1, "dikecualikan")


def panel(place):
    """Return the open exemption panel, None when there is none."""
    panels = place.app.window.page.findChildren(ExemptionPanel)
    return next((panel for panel in panels if panel.isVisible()), None)


def words_of(widget):
    """Return what a part of the page says."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


# -- line and disk ---------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path, with_keys):
    """Return a folder on a disk of its own that is smaller than a morning needs."""
    folder = tmp_path / "kecil"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=120m", "tmpfs", str(folder)],
        check=False, capture_output=True,
    )  # fmt: skip
    if made.returncode != 0:
        pytest.skip("this machine mounts nothing")
    yield with_keys(folder)
    subprocess.run([shutil.which("umount"), "-l", str(folder)], check=False)


def test_a_full_disk_refuses_a_new_person_before_anything_begins(small_disk, qapp):
    place = Workplace(small_disk, qapp, plan=SHORT)
    try:
        place.sign_in()
        place.story(CASE).find()
        place.operator.enter("start")
        place.wait(lambda: "Ruang simpan penuh" in place.message, "pesan ruang simpan")
        assert "jangan mulai orang baru" in place.message
        assert place.app.shell.current_key == "search"
        assert place.app.desk.store.drafts.ids() == ()
    finally:
        place.close()
