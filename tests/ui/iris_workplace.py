"""The iris step on a desk of its own, with a person of whom only the irises are missing."""

import datetime as dt
from types import SimpleNamespace

import numpy as np

from station.capture.slots import Slot
from station.clock import Deadline
from station.person.person import to_json
from station.person.roster import load_demo_roster
from station.settings import Settings
from tests.station.capture.bench import MemoryDraft, a_session, fill, started
from tests.ui.device_puppets import ScriptedSupervision
from ui.desk import Devices, NobodyAsked
from ui.pages.page import Page
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.iris_step import IrisStep
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.tasks import Tasks
from ui.window import DeskWindow


class IrisWorkplace:
    """Window, tasks, step and session; ``close`` proves that no lane is left hanging."""

    def __init__(self, theme, qtbot, devices=None, supervision=None):
        self.window = DeskWindow(theme, "07")
        qtbot.addWidget(self.window)
        self.tasks = Tasks(self.window)
        desk = SimpleNamespace(
            rehearsal=True,
            settings=Settings(auto_advance=True),
            devices=devices or Devices(),
            asked=NobodyAsked(),
            operator="rina",
            engine=SimpleNamespace(decode_iris=lambda _data: np.zeros((48, 64), np.uint8)),
            supervision=supervision or ScriptedSupervision(),
        )
        shell = Shell(self.window, desk, self.tasks)
        self._enrolment = EnrolmentPresenter(shell)
        shell.add("enrolment", self._enrolment)
        self.step = IrisStep(shell, self._enrolment)
        for key in ("data", "photo", "signature", "fingers", "review"):
            shell.add(f"step:{key}", Presenter(shell, Page(self.window.theme)))
        shell.add("step:iris", self.step)
        person = load_demo_roster(dt.date(2026, 11, 22))[0].person
        draft = MemoryDraft("e1")
        draft.append(started(enrolment_id="e1", person_json=to_json(person).decode()))
        self.session = fill(a_session(draft=draft), skip=(Slot.IRIS_LEFT, Slot.IRIS_RIGHT))
        self._enrolment._session = self.session

    def close(self):
        self.step._soon.stop()
        assert self.tasks.shutdown(Deadline.after(3)) == ()
        self._enrolment._session = None
