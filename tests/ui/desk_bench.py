"""A desk of real pages and presenters over an enrolment in memory; the devices are puppets of the test."""

import datetime as dt
import io
import queue
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station.biometrics.verdict import Measure, Verdict
from station.capture.engine import Encoded, JudgedPhoto
from station.capture.plan import CapturePlan
from station.capture.session import EnrolmentSession
from station.clock import Deadline, FixedClock
from station.devices import Frame
from station.errors import OperatorCancelled
from station.operators.demo import demo_accounts
from station.person.bundle import load_demo_bundle
from station.person.person import to_json
from station.person.roster import load_demo_roster
from station.settings import Settings
from tests.station.capture.bench import (
    DEVICE,
    NOW,
    PLAIN_ENGINE,
    MemoryDraft,
    started,
    to_fingers,
)
from tests.ui.device_puppets import ScriptedSupervision
from ui.desk import Desk, Devices
from ui.pages.page import Page
from ui.presenters.data_step import DataStep
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.finger_step import FingerStep
from ui.presenters.photo_step import PhotoStep
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.sign_in import SignInPresenter
from ui.tasks import Tasks
from ui.widgets.exemption import ExemptionPanel
from ui.window import DeskWindow

WAIT_MS = 4000


class Puppet:
    """A device that gives what the test hands it: a capture, or an error to raise."""

    info = DEVICE

    def __init__(self) -> None:
        self.gives = queue.Queue()
        self.armed = 0

    def open(self, _deadline):
        """Nothing to open."""

    def close(self):
        """Nothing to close."""

    def capture(self, _sink, cancel, _deadline):
        self.armed += 1
        return self._next(cancel)

    def frames(self, cancel):
        self.armed += 1
        while True:
            yield self._next(cancel)

    def _next(self, cancel):
        while True:
            if cancel.cancelled:
                raise OperatorCancelled()
            try:
                given = self.gives.get(timeout=0.02)
            except queue.Empty:
                continue
            if cancel.cancelled:  # meant for whoever is armed next
                self.gives.put(given)
                raise OperatorCancelled()
            if isinstance(given, Exception):
                raise given
            return given


class LiveJudge:
    """Reads score and number of faces from the picture itself."""

    def judge(self, pixels):
        flat = np.asarray(pixels).reshape(-1)
        faces = Measure("faces", int(flat[1]), "", 1, 1)
        return Verdict("test", "1", int(flat[0]), (faces,), ())


def _png(pixels) -> Encoded:
    out = io.BytesIO()
    Image.fromarray(np.asarray(pixels)).save(out, "png")
    return Encoded(out.getvalue(), "image/png", 4, 4, 0)


def _photo(pixels, _backdrop) -> JudgedPhoto:
    score = int(np.asarray(pixels).reshape(-1)[0])
    measures = (Measure("gate", score, "", low=10),)
    return JudgedPhoto(Verdict("test", "1", score, measures, ()), _png(pixels))


ENGINE = replace(PLAIN_ENGINE, live_photo=lambda _backdrop: LiveJudge(), photo=_photo)


class Bench:
    """Window, shell and steps; ``hand``s speak keys, ``wait`` looks until something holds."""

    def __init__(self, qtbot, theme) -> None:
        self._qtbot = qtbot
        self.window = DeskWindow(theme, "07")
        qtbot.addWidget(self.window)
        self.camera, self.finger = Puppet(), Puppet()
        clock = FixedClock(NOW)
        audit = SimpleNamespace(append=lambda *_a, **_k: None)
        self.desk = Desk(
            settings=Settings(), clock=clock, store=None, accounts=demo_accounts(clock),
            audit=audit, population=SimpleNamespace(master=load_demo_bundle()), engine=ENGINE, plan=None,
            devices=Devices(camera=self.camera, finger=self.finger),
            supervision=ScriptedSupervision(), sealer=None, courier=None, handover=None, operator="rina",
        )  # fmt: skip
        self.tasks = Tasks()
        self.shell = Shell(self.window, self.desk, self.tasks)
        self.enrolment = EnrolmentPresenter(self.shell)
        self.fingers = FingerStep(self.shell, self.enrolment)
        self.photo = PhotoStep(self.shell, self.enrolment)
        for key, presenter in (
            (
                "sign_in",
                SignInPresenter(self.shell, SimpleNamespace(offer_unfinished=lambda: None)),
            ),
            ("enrolment", self.enrolment),
            ("step:data", DataStep(self.shell, self.enrolment)),
            ("step:photo", self.photo),
            ("step:fingers", self.fingers),
        ):
            self.shell.add(key, presenter)
        for key in ("search", "outbox", "records", "devices", "step:signature", "step:iris"):
            self.shell.add(key, Presenter(self.shell, Page(theme)))
        self.window.show()
        qtbot.waitExposed(self.window)
        self.window.activateWindow()

    def sit_down(self, *, at_fingers: bool = False) -> EnrolmentSession:
        """Begin an enrolment, at the data or with everything before the fingers done."""
        person = load_demo_roster(dt.date(2026, 11, 22))[0].person
        draft = MemoryDraft()
        draft.append(started(person_json=to_json(person).decode()))
        clock = FixedClock(NOW)
        plan_session = EnrolmentSession(draft, CapturePlan(), ENGINE, clock, "rina")
        if at_fingers:
            to_fingers(plan_session)
        self.enrolment.open(plan_session)
        return plan_session

    def wait(self, holds) -> None:
        """Let the desk work until something holds; fails after a few seconds."""
        self._qtbot.waitUntil(holds, timeout=WAIT_MS)

    def press(self, key) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def act(self, action: str) -> None:
        """Press the button of an action on the bar."""
        self.window.action_bar.button(action).click()

    @property
    def primary(self) -> str:
        """The id of the primary action, '' when there is none."""
        action = self.window.action_bar.actions_shown.primary
        return action.id if action is not None else ""

    @property
    def busy(self) -> bool:
        """Whether actions are held while something is stored."""
        return not any(
            self.window.action_bar.button(action.id).isEnabled()
            for action in self.window.action_bar.actions_shown.left
        )

    @property
    def caps(self) -> dict[str, str]:
        """The keys written on the bar and what they do."""
        shown = self.window.action_bar.actions_shown
        return {action.key: action.id for action in shown.left}

    @property
    def message(self) -> str:
        """What the message bar says."""
        view = self.window.message_bar.view
        return view.happened if view else ""

    @property
    def panel(self) -> ExemptionPanel | None:
        """The panel beside the work, if it is open."""
        page = self.window.page
        panels = page.findChildren(ExemptionPanel) if page else []
        return next((panel for panel in panels if panel.isVisible()), None)

    def close(self) -> None:
        """Stop the lanes."""
        if self.shell.current is not None:
            self.shell.current.leave()
        self.tasks.shutdown(Deadline.after(3.0))


def live(score: int, faces: int = 1, frame_id: int = 0) -> Frame:
    """A frame that says how good it is and how many faces it holds."""
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels.reshape(-1)[:2] = score, faces
    return Frame(frame_id, pixels, frame_id / 4)
