"""A scanner that sees one eye is asked for one eye at a time: it could not tell the two apart."""

import datetime as dt
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from station.capabilities import Capabilities
from station.capture.slots import Slot
from station.clock import Deadline
from station.devices import Eye, Modality
from station.errors import OperatorCancelled
from station.guidance import Guidance
from station.person.person import to_json
from station.person.roster import load_demo_roster
from station.settings import Settings
from tests.station.capture.bench import MemoryDraft, a_session, fill, started
from tests.ui.device_puppets import ScriptedSupervision
from ui.desk import Devices, NobodyAsked
from ui.icons import State
from ui.messages import coach_sentence
from ui.pages.page import Page
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.iris_step import IrisStep
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.tasks import Tasks
from ui.window import DeskWindow


class Scanner:
    """Remembers what it was asked for and waits."""

    def __init__(self):
        self.asked = []
        self.armed = threading.Event()

    def open(self, _deadline):
        """Nothing to open."""

    def capture(self, eyes, sink, cancel, _deadline):
        self.asked.append(tuple(eyes))
        sink(Guidance.LAMP_RESTS)
        self.armed.set()
        cancel.wait(10)
        raise OperatorCancelled


@pytest.mark.parametrize(
    ("at_once", "asked"),
    [(1, (Eye.RIGHT,)), (2, (Eye.RIGHT, Eye.LEFT)), (0, (Eye.RIGHT, Eye.LEFT))],
)
def test_as_many_eyes_are_asked_for_as_the_scanner_sees(theme, qtbot, at_once, asked):
    window = DeskWindow(theme, "07")
    qtbot.addWidget(window)
    tasks, scanner, supervision = Tasks(window), Scanner(), ScriptedSupervision()
    seen = Capabilities(Modality.IRIS, at_once=at_once)
    supervision.becomes(Modality.IRIS, capabilities=seen)
    desk = SimpleNamespace(
        rehearsal=True,
        settings=Settings(auto_advance=True),
        devices=Devices(iris=scanner),
        asked=NobodyAsked(),
        operator="rina",
        engine=SimpleNamespace(decode_iris=lambda _data: np.zeros((48, 64), np.uint8)),
        supervision=supervision,
    )
    shell = Shell(window, desk, tasks)
    enrolment = EnrolmentPresenter(shell)
    shell.add("enrolment", enrolment)
    step = IrisStep(shell, enrolment)
    for key in ("data", "photo", "signature", "fingers", "review"):
        shell.add(f"step:{key}", Presenter(shell, Page(window.theme)))
    shell.add("step:iris", step)
    person = load_demo_roster(dt.date(2026, 11, 22))[0].person
    draft = MemoryDraft("e1")
    draft.append(started(enrolment_id="e1", person_json=to_json(person).decode()))
    enrolment._session = fill(a_session(draft=draft), skip=(Slot.IRIS_LEFT, Slot.IRIS_RIGHT))
    try:
        step.enter()
        qtbot.waitUntil(scanner.armed.is_set, timeout=3000)
        assert scanner.asked == [asked]
        later = State.NOW if len(asked) == 2 else State.TO_COME
        assert (step.view._view.right.state, step.view._view.left.state) == (State.NOW, later)
        rests = coach_sentence(Guidance.LAMP_RESTS)
        qtbot.waitUntil(lambda: window.coach._view.instruction == rests, timeout=3000)
    finally:
        step.leave()
        step._soon.stop()
        assert tasks.shutdown(Deadline.after(3)) == ()
        enrolment._session = None
