"""What the capture steps share: the session, exemptions beside the work, advancing by itself."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from PySide6.QtCore import QTimer, SignalInstance

from station.capture.enrolment import SlotState
from station.capture.exemption import NEEDS_RETURN_DATE, NEEDS_SECOND_PERSON, ExemptionKind
from station.capture.session import EnrolmentSession
from station.capture.slots import Slot
from station.devices import Modality
from station.errors import ApprovalRefused, CaptureRefused, SignInRefused, StationError
from station.operators.account import OperatorId
from station.operators.approval import approve
from ui.icons import State
from ui.messages import message_for
from ui.pages.page import Page
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.words import EXEMPTION_ORDER, exemption_reasons, exemption_words, slot_word
from ui.widgets.action_bar import Action, Actions
from ui.widgets.exemption import ExemptionAnswer, ExemptionChoice, ExemptionView

AUTO_ADVANCE_MS: Final = 600
_RETURN_AFTER_DAYS: Final = 14


class ExemptingPage(Protocol):
    """A page that can open the exemption panel beside its work."""

    exemption_given: SignalInstance
    exemption_cancelled: SignalInstance

    def show_exemption(self, view: ExemptionView | None) -> None:
        """Open the panel, or close it."""
        ...


@dataclass(frozen=True, slots=True)
class _Question:
    """What the panel beside the work asks; ``decide`` runs away from the window with the answer."""

    view: ExemptionView
    decide: Callable[[ExemptionAnswer], object]


class StepPresenter(Presenter):
    """One capture step of the enrolment."""

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter, page: Page) -> None:
        super().__init__(shell, page)
        self.enrolment = enrolment
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(AUTO_ADVANCE_MS)
        self._soon.timeout.connect(self.go_on)
        self._question: _Question | None = None

    @property
    def session(self) -> EnrolmentSession:
        """The enrolment at work."""
        return self.enrolment.session

    def leave(self) -> None:
        """Stop the clock that would advance."""
        self._soon.stop()
        self._close_exemption()

    def note_quality(self, modality: Modality, score: int) -> None:
        """Tell the watch over the devices how good the last sample was."""
        self.shell.desk.supervision.note_quality(modality, score)

    def go_on_soon(self) -> None:
        """Advance after a breath, so that the operator sees what was taken."""
        if self.shell.desk.settings.auto_advance:
            self._soon.start()

    def go_on(self) -> None:
        """Do what comes next in this step; the default is the next step."""
        self.enrolment.advance()

    def exempt_action(self, text: str = "") -> Action:
        """The action that opens the exemption."""
        return Action("exempt", text or self.tr("Kecualikan"), "F2", "minus")

    # -- exemption -------------------------------------------------------------------------------

    def connect_exemption(self, page: ExemptingPage) -> None:
        """Listen to the page's exemption panel."""
        page.exemption_given.connect(self._give_exemption)
        page.exemption_cancelled.connect(self._cancel_exemption)

    def open_exemption(self, slot: Slot) -> None:
        """Open the panel for a slot beside the work."""
        words = exemption_words()
        choices = tuple(
            ExemptionChoice(
                kind.value, words[kind], kind in NEEDS_SECOND_PERSON, kind in NEEDS_RETURN_DATE
            )
            for kind in EXEMPTION_ORDER
        )
        today = self.shell.desk.clock.now().astimezone(self.shell.desk.settings.zone_info).date()
        view = ExemptionView(
            title=self.tr("Kecualikan: {part}").format(part=slot_word(slot)),
            choices=choices,
            reasons=exemption_reasons(),
            return_on=(today + dt.timedelta(days=_RETURN_AFTER_DAYS)).isoformat(),
        )
        self.open_question(view, lambda answer: self._exempt(slot, answer))

    def open_question(
        self, view: ExemptionView, decide: Callable[[ExemptionAnswer], object]
    ) -> None:
        """Open the panel; ``decide`` is called on the enrolment's lane and may refuse by StationError."""
        self._question = _Question(view, decide)
        # One Enter on the screen: while the panel asks, the bar offers nothing to press it on.
        self.shell.window.set_actions(Actions(None, (self.help_action(),)))
        self._page_exemption(view)
        self.hold_capture()

    def approved_by(self, answer: ExemptionAnswer) -> str:
        """Check the second person's PIN and return who approved; ApprovalRefused, SignInRefused."""
        desk = self.shell.desk
        approval = approve(
            desk.accounts,
            OperatorId(desk.operator),
            OperatorId(answer.second_id.strip()),
            answer.pin,
            answer.reason,
        )
        return str(approval.second)

    def hold_capture(self) -> None:
        """Stop asking the applicant while the operator decides; the default has nothing to stop."""

    def resume_capture(self) -> None:
        """Ask again after the panel closed."""
        self.enter()

    def _page_exemption(self, view: ExemptionView | None) -> None:
        show = getattr(self.page, "show_exemption", None)
        if show is not None:
            show(view)

    def _close_exemption(self) -> None:
        if self._question is not None:
            self._question = None
            self._page_exemption(None)

    def _cancel_exemption(self) -> None:
        self._close_exemption()
        self.resume_capture()

    def _give_exemption(self, answer: object) -> None:
        question = self._question
        if not isinstance(answer, ExemptionAnswer) or question is None:
            return
        self.shell.tasks.run(
            "enrolment",
            lambda: question.decide(answer),
            self.while_here(self._decided),
            self.while_here(self._decision_refused, self.shell.fail),
        )

    def _exempt(self, slot: Slot, answer: ExemptionAnswer) -> None:
        kind = ExemptionKind(answer.kind)
        approved_by = self.approved_by(answer) if kind in NEEDS_SECOND_PERSON else ""
        return_on = None
        if kind in NEEDS_RETURN_DATE:
            try:
                return_on = dt.date.fromisoformat(answer.return_on.strip())
            except ValueError as cause:
                raise CaptureRefused(reason="RETURN_DATE_MISSING", slot=slot.value) from cause
        self.session.exempt(slot, kind, answer.reason, approved_by=approved_by, return_on=return_on)

    def _decided(self, _nothing: object) -> None:
        self._close_exemption()
        self.enrolment.show_rail()
        self.resume_capture()

    def _decision_refused(self, error: Exception) -> None:
        question = self._question
        if question is not None and isinstance(
            error, (ApprovalRefused, SignInRefused, CaptureRefused)
        ):
            words = message_for(error)
            said = f"{words.happened} {words.next_step}".strip()
            self.open_question(replace(question.view, error=said), question.decide)
        elif isinstance(error, StationError):
            self.failed(error)
        else:
            self.shell.fail(error)


def glyph_of(state: SlotState) -> State:
    """Return the glyph of a slot's state."""
    return {
        SlotState.OPEN: State.TO_COME,
        SlotState.WEAK: State.LOOK,
        SlotState.CAPTURED: State.DONE,
        SlotState.EXEMPT: State.EXEMPT,
    }[state]
