"""Answers that come late: another page, another person or a locked desk is on the stage by then."""

import datetime as dt
import hashlib
import threading
from types import SimpleNamespace

import pytest

from station.capture.slots import Slot
from station.clock import Deadline
from station.errors import DiskFull
from station.person.person import to_json
from station.person.roster import load_demo_roster
from station.settings import Settings
from tests.station.capture.bench import (
    DEVICE,
    MemoryDraft,
    a_session,
    finger,
    started,
    to_fingers,
)
from tests.ui.device_puppets import ScriptedSupervision
from ui.desk import Devices, NobodyAsked
from ui.pages.page import Page
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.finger_step import FingerStep
from ui.presenters.photo_step import PhotoStep
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.signature_step import SignatureStep
from ui.tasks import Tasks
from ui.window import DeskWindow


class LateScanner:
    """A scanner whose picture is through when the cancel comes: each capture waits to be let go."""

    info = DEVICE

    def __init__(self):
        self.armed = []
        self.gates = []

    def open(self, deadline):
        pass

    def close(self):
        pass

    def capture(self, sink, cancel, deadline):
        gate = threading.Event()
        self.gates.append(gate)
        number = len(self.gates)
        assert gate.wait(5)
        return finger(80, number, nonce=number)


@pytest.fixture
def shell(theme, qtbot):
    window = DeskWindow(theme, "07")
    qtbot.addWidget(window)
    tasks = Tasks(window)
    desk = SimpleNamespace(
        rehearsal=True,
        settings=Settings(auto_advance=False),
        devices=Devices(),
        asked=NobodyAsked(),
        operator="rina",
        supervision=ScriptedSupervision(),
    )
    made = Shell(window, desk, tasks)
    yield made
    assert tasks.shutdown(Deadline.after(3)) == ()


def place(shell, key):
    made = Presenter(shell, Page(shell.window.theme))
    shell.add(key, made)
    return made


def test_an_answer_does_nothing_once_another_page_is_on_the_stage(shell, qtbot):
    first, _sign_in = place(shell, "step:x"), place(shell, "sign_in")
    go, advanced = threading.Event(), []
    shell.show("step:x")

    def then(_result):
        advanced.append(1)
        shell.show("step:x")  # as a step that goes on: it would open a locked desk

    first.busy_run("enrolment", lambda: go.wait(5), then)
    shell.show("sign_in")
    go.set()
    qtbot.waitUntil(lambda: shell.window.action_bar.isEnabled() and not shell.window._busy)
    assert not advanced
    assert shell.current_key == "sign_in"


def test_a_failure_of_a_page_that_is_gone_is_still_told_but_not_acted_on(shell, qtbot):
    first, _other = place(shell, "step:x"), place(shell, "search")
    go, acted = threading.Event(), []
    first.failed = acted.append
    shell.show("step:x")

    def job():
        go.wait(5)
        raise DiskFull(what="sample")

    first.busy_run("enrolment", job, lambda _nothing: None)
    shell.show("search")
    go.set()
    qtbot.waitUntil(lambda: shell.window.message_bar.view is not None)
    assert not acted


def seated(shell, person_number, draft_id):
    person = load_demo_roster(dt.date(2026, 11, 22))[person_number].person
    draft = MemoryDraft(draft_id)
    draft.append(started(enrolment_id=draft_id, person_json=to_json(person).decode()))
    return a_session(draft=draft)


def test_a_print_of_the_finger_before_is_never_kept_as_the_finger_asked_now(shell, qtbot):
    enrolment = EnrolmentPresenter(shell)
    shell.add("enrolment", enrolment)
    step = FingerStep(shell, enrolment)
    for key in ("data", "photo", "signature", "iris"):
        place(shell, f"step:{key}")
    shell.add("step:fingers", step)
    scanner = LateScanner()
    shell.desk.devices.finger = scanner
    session = to_fingers(seated(shell, 0, "e1"))
    enrolment.open(session)
    qtbot.waitUntil(lambda: len(scanner.gates) == 1)
    step.view.finger_pressed.emit("LEFT_LITTLE")  # the operator asks for another finger
    scanner.gates[0].set()  # ... while the first one's picture has just come through
    qtbot.waitUntil(lambda: len(scanner.gates) == 2)
    scanner.gates[1].set()
    qtbot.waitUntil(lambda: bool(session.state.attempts.get(step.asked)))
    tries = session.state.tries(step.asked)
    assert [s.sha256 for s in tries] == [
        hashlib.sha256(finger(80, 2, nonce=2).pixels.tobytes()).hexdigest()
    ]
    enrolment._session = None
    step._disarm()
    for gate in scanner.gates:
        gate.set()


def test_thumbnails_of_one_person_are_not_shown_to_the_next(shell, monkeypatch):
    enrolment = EnrolmentPresenter(shell)
    fingers, photo = FingerStep(shell, enrolment), PhotoStep(shell, enrolment)
    enrolment._session = to_fingers(seated(shell, 0, "e1"))
    for step in (fingers, photo):
        monkeypatch.setattr(step, "busy_run", lambda *_call: None)
        step.enter()
    fingers._thumbs[Slot.RIGHT_THUMB] = ["a print of e1"]
    photo._thumbs.append("a portrait of e1")
    resumed = to_fingers(seated(shell, 1, "e2"))  # with prints of its own, from before a power cut
    resumed.record_finger(Slot.RIGHT_THUMB, finger(80, 1))
    enrolment._session = resumed
    for step in (fingers, photo):
        step.enter()
        assert not step._thumbs


def test_a_signature_being_taken_again_is_not_left_by_the_clock_of_the_first(shell):
    enrolment = EnrolmentPresenter(shell)
    enrolment._session = to_fingers(seated(shell, 0, "e1"))
    shell.desk.settings = Settings(auto_advance=True)
    step = SignatureStep(shell, enrolment)
    step.go_on_soon()
    assert step._soon.isActive()
    step.act("retake")  # within the breath after the first one
    assert not step._soon.isActive()
    enrolment._session = None
    step._disarm()
