"""Advice about an eye picture: said when everything was taken, and nothing goes on by itself then."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from station.capture.slots import Slot
from station.clock import Deadline
from station.devices import Eye
from station.guidance import Guidance
from station.person.person import to_json
from station.person.roster import load_demo_roster
from station.settings import Settings
from tests.station.capture.bench import MemoryDraft, a_session, eye, fill, started
from tests.ui.device_puppets import ScriptedSupervision
from ui.desk import Devices, NobodyAsked
from ui.messages import coach_sentence
from ui.pages.page import Page
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.iris_step import IrisStep
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.tasks import Tasks
from ui.window import DeskWindow


@pytest.fixture
def step(theme, qtbot):
    window = DeskWindow(theme, "07")
    qtbot.addWidget(window)
    tasks = Tasks(window)
    desk = SimpleNamespace(
        rehearsal=True,
        settings=Settings(auto_advance=True),
        devices=Devices(),
        asked=NobodyAsked(),
        operator="rina",
        engine=SimpleNamespace(decode_iris=lambda _data: np.zeros((48, 64), np.uint8)),
        supervision=ScriptedSupervision(),
    )
    shell = Shell(window, desk, tasks)
    enrolment = EnrolmentPresenter(shell)
    shell.add("enrolment", enrolment)
    made = IrisStep(shell, enrolment)
    for key in ("data", "photo", "signature", "fingers", "review"):
        shell.add(f"step:{key}", Presenter(shell, Page(window.theme)))
    shell.add("step:iris", made)
    person = load_demo_roster(dt.date(2026, 11, 22))[0].person
    draft = MemoryDraft("e1")
    draft.append(started(enrolment_id="e1", person_json=to_json(person).decode()))
    session = fill(a_session(draft=draft), skip=(Slot.IRIS_LEFT, Slot.IRIS_RIGHT))
    taken = [session.record_iris(eye(which)) for which in (Eye.RIGHT, Eye.LEFT)]
    enrolment._session = session
    yield made, taken
    enrolment._session = None
    made._soon.stop()
    assert tasks.shutdown(Deadline.after(3)) == ()


SMALL = np.zeros((48, 64), np.uint8)


def test_a_suspected_lens_is_said_and_the_step_waits(step):
    made, taken = step
    advised = replace(taken[0].verdict, advice=(Guidance.REMOVE_LENSES,))
    made._taken([(replace(taken[0], verdict=advised), SMALL), (taken[1], SMALL)])
    said = made.shell.window.message_bar.view
    assert said is not None
    assert said.happened == coach_sentence(Guidance.REMOVE_LENSES)
    assert not made._soon.isActive()


def test_without_advice_the_step_goes_on_by_itself(step):
    made, taken = step
    made._taken([(one, SMALL) for one in taken])
    assert made.shell.window.message_bar.view is None
    assert made._soon.isActive()
