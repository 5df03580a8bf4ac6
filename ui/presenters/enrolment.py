"""The enrolment on the stage: which step, the rail, the person's time; the steps themselves are pages."""

from typing import Final

from PySide6.QtCore import QElapsedTimer, QTimer, Signal

from station.capture import flow
from station.capture.flow import STEPS, Step
from station.capture.session import EnrolmentSession
from station.capture.slots import Slot
from station.errors import CaptureRefused
from station.person import person as person_record
from station.person.person import Person
from ui.icons import State
from ui.pages.page import Page
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.words import step_word
from ui.widgets.header import PersonView
from ui.widgets.rail import RailFoot, RailItem, RailView

_LINE_S: Final = 180  # three minutes a person: the line the foot of the rail counts against


class EnrolmentPresenter(Presenter):
    """Holds the session of the person at the desk and moves between the seven steps."""

    moved = Signal(str)  # Step value

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, Page(shell.window.theme))
        self._session: EnrolmentSession | None = None
        self._person: Person | None = None
        self._step = Step.DATA
        self._since = QElapsedTimer()
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._show_time)

    @property
    def session(self) -> EnrolmentSession:
        """The enrolment at work; CaptureRefused when nobody sits at the desk."""
        if self._session is None:
            raise CaptureRefused(reason="NOBODY")
        return self._session

    @property
    def person(self) -> Person:
        """The person at the desk."""
        if self._person is None:
            raise CaptureRefused(reason="NOBODY")
        return self._person

    @property
    def step(self) -> Step:
        """The step on the stage."""
        return self._step

    @property
    def busy(self) -> bool:
        """Whether a person sits at the desk."""
        return self._session is not None

    def open(self, session: EnrolmentSession) -> None:
        """Begin or resume: go to the first step that still asks for something."""
        self._session = session
        self._person = person_record.from_json(session.state.started.person_json.encode())
        self._since.start()
        self._tick.start()
        self.shell.desk.asked.person(self._person.nik)
        self.go(flow.resume_step(session.state, session.plan))

    def close(self) -> None:
        """The person leaves; back to the search."""
        self._session, self._person = None, None
        self._tick.stop()
        self.shell.desk.asked.person(None)
        self.shell.show("search")

    def go(self, step: Step) -> None:
        """Bring a step on the stage if the flow allows it."""
        if not flow.reachable(self.session.state, self.session.plan, step):
            self.shell.fail(CaptureRefused(reason="STEP_OPEN", step=step.value))
            return
        self._step = step
        person = self.person
        self.shell.window.set_person(PersonView(person.printed_name, person.nik))
        self.show_rail()
        self.shell.show(f"step:{step.value}")
        self.moved.emit(step.value)

    def resume(self) -> None:
        """Bring the person back on the stage: where the operator was, or what a finished job made next."""
        state, plan = self.session.state, self.session.plan
        here = flow.reachable(state, plan, self._step)
        self.go(self._step if here else flow.resume_step(state, plan))

    def advance(self) -> None:
        """Go to the next step; stay with a message when this one still asks for something."""
        try:
            following = flow.next_step(self.session.state, self.session.plan, self._step)
        except CaptureRefused as refused:
            self.shell.fail(refused)
            return
        self.go(following)

    def back(self) -> None:
        """Go one step back; from the first step back to the search, the draft stays."""
        if self._step is Step.DATA:
            self.close()
        else:
            self.go(flow.previous_step(self.session.state, self._step))

    def ask(self, slot: Slot | None, *, recheck: bool = False) -> None:
        """Tell the applicant's side what is asked for; who gives finger after finger works."""
        if slot is not None:
            self.shell.touch()
        self.shell.desk.asked.slot(slot, recheck=recheck)

    def act(self, action: str) -> None:
        """Obey the rail and Alt+number; "pause" leaves the person's draft for later."""
        if action == "pause":
            self.close()
        elif action == "resume":
            self.resume()
        elif action.startswith("step:"):
            self.go(Step(action.partition(":")[2]))
        elif action.startswith("step-number:"):
            number = int(action.partition(":")[2])
            if number < len(STEPS):
                self.go(STEPS[number])

    def show_rail(self) -> None:
        """Show the seven steps with their states, and the time on this person."""
        if self._session is None:
            return
        items = tuple(
            RailItem(
                f"step:{step.value}",
                step_word(step),
                state=self._state_of(step),
                current=step is self._step,
                enabled=flow.reachable(self._session.state, self._session.plan, step),
            )
            for step in STEPS
        )
        seconds = self._since.elapsed() // 1000
        foot = RailFoot(
            caption=self.tr("Waktu pemohon ini"),
            figure=f"{seconds // 60}:{seconds % 60:02d}",
            note=self.tr("dari 3:00"),
            fraction=min(1.0, seconds / _LINE_S),
        )
        self.shell.window.set_rail(RailView(items, foot))

    def _show_time(self) -> None:
        """Count on while the person's page is on the stage; a locked desk shows nothing of them."""
        if self.shell.current_key.startswith("step:"):
            self.show_rail()

    def _state_of(self, step: Step) -> State:
        state, plan = self.session.state, self.session.plan
        if step is self._step:
            return State.NOW
        if not flow.complete(state, plan, step):
            return State.TO_COME
        exempt = any(slot in state.exemptions for slot in flow.SLOTS_OF[step])
        return State.EXEMPT if exempt else State.DONE
