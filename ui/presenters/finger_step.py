"""Step Jari: ten fingers one after the other, then the two chip fingers once more, all by themselves."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QPixmap

from station.capture import events as ev
from station.capture import flow
from station.capture.enrolment import SlotState
from station.capture.session import Taken
from station.capture.slots import FINGER_OF, FINGER_ORDER, SLOT_OF_FINGER, Slot
from station.clock import Deadline
from station.devices import FingerPosition, ImageCapture, Modality, Pixels, Progress, SubjectPresent
from station.formats import preview
from station.guidance import Guidance
from ui.icons import State
from ui.messages import coach_sentence
from ui.pages.fingers import FingerMark, FingersPage, FingersView
from ui.presenters.armed_step import ArmedStep
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.findings import slip_words
from ui.presenters.pictures import pixmap
from ui.presenters.shell import Shell
from ui.presenters.step import glyph_of
from ui.presenters.words import slot_word
from ui.widgets.action_bar import Action, Actions
from ui.widgets.attempts import AttemptView
from ui.widgets.coach import CheckView, CoachView
from ui.widgets.exemption import ExemptionAnswer, ExemptionChoice, ExemptionView
from ui.widgets.message_bar import MessageView
from ui.widgets.meter import MeterView

_WAIT_S = 120.0
_THUMB = (160, 208)


@dataclass(frozen=True, slots=True)
class _Thumb:
    picture: QPixmap
    score: int
    attempt: int


class FingerStep(ArmedStep):
    """Arms the scanner for one finger at a time."""

    modality = Modality.FINGER

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = FingersPage(shell.window.theme)
        super().__init__(shell, enrolment, self.view)
        self.connect_exemption(self.view)
        self.view.finger_pressed.connect(self._finger_pressed)
        self._bridge.progress.connect(self._show_transfer)
        self._bridge.guidance.connect(self._show_guidance)
        self._bridge.subject.connect(self._show_subject)
        self._asked: Slot | None = None
        self._rechecking = False
        self._chosen: Slot | None = None  # a finger the operator asked for, before the order
        self._last: Taken | None = None
        self._thumbs: dict[Slot, list[_Thumb]] = {}
        self._thumbs_of = ""  # enrolment id

    @property
    def asked(self) -> Slot | None:
        """The finger the screen asks for now."""
        return self._asked

    # -- on and off the stage --------------------------------------------------------------------

    def enter(self) -> None:
        """Ask for the next open finger, or show that all are there."""
        if self._thumbs_of != self.session.state.id:  # another person sat down
            self._thumbs, self._thumbs_of = {}, self.session.state.id
        self._chosen, self._last = None, None
        self._next()

    def ask_again(self) -> None:
        """Ask for the finger whose turn it is."""
        self._next()

    def nobody_came(self) -> tuple[str, str]:
        """The glass stayed empty."""
        return (
            self.tr("Belum ada jari di kaca."),
            self.tr("Minta jari ditempelkan, atau kecualikan (F2)."),
        )

    def go_on(self) -> None:
        """Ask for the next finger; after the last one go to the irises."""
        self._chosen, self._last = None, None
        self._next(advance=True)

    # -- actions ---------------------------------------------------------------------------------

    def act(self, action: str) -> None:
        """Obey the bar."""
        actions: dict[str, Callable[[], object]] = {
            "take": self.look_again,
            "keep": self._keep_weak,
            "waive": self._waive,
            "next": self.enrolment.advance,
            "back": self.enrolment.back,
            "exempt": self._exempt_asked,
            "lift": self._lift,
        }
        if action in actions:
            actions[action]()

    def _exempt_asked(self) -> None:
        if self._asked is not None:
            self.open_exemption(self._asked)

    def _lift(self) -> None:
        slot = self._chosen
        if slot is not None:
            self.busy_run(
                "enrolment",
                lambda: self.session.lift_exemption(slot),
                lambda _state: self.look_again(),
            )

    def _finger_pressed(self, finger: str) -> None:
        """The operator asks for a certain finger: to take it again or to exempt it."""
        self._disarm()
        self._chosen, self._last = SLOT_OF_FINGER[FingerPosition[finger]], None
        self._next()

    def _keep_weak(self) -> None:
        slot = self._asked
        if slot is None:
            return
        reason = self.tr("mutu terbaik setelah beberapa percobaan")
        self._disarm()
        self.busy_run(
            "enrolment",
            lambda: self.session.accept_weak(slot, reason),
            lambda _state: self.go_on(),
        )

    def _waive(self) -> None:
        """Let a second person answer for a finger that does not match again."""
        slot = self._asked
        if slot is None:
            return
        self._chosen = None
        # Cancelled or refused, the finger is asked for its re-check again, never recorded by surprise.
        view = ExemptionView(
            title=self.tr("Tanpa cek ulang: {finger}").format(finger=slot_word(slot).lower()),
            choices=(
                ExemptionChoice(
                    "RECHECK", self.tr("Pengawas memastikan orangnya"), needs_second=True
                ),
            ),
            reasons=(
                self.tr("alur jari aus"),
                self.tr("kulit kering atau luka"),
                self.tr("kondisi kesehatan"),
            ),
            return_on="",
            verb=self.tr("Setujui"),
        )

        def decide(answer: ExemptionAnswer) -> None:
            self.session.waive_recheck(slot, answer.reason, self.approved_by(answer))

        self.open_question(view, decide)

    # -- arming ----------------------------------------------------------------------------------

    def _next(self, *, advance: bool = False) -> None:
        state, plan = self.session.state, self.session.plan
        open_fingers = flow.open_slots(state, plan, flow.Step.FINGERS)
        rechecks = flow.open_rechecks(state, plan)
        self._rechecking = False
        if self._chosen is not None:
            self._asked = self._chosen
        elif open_fingers:
            self._asked = open_fingers[0]
        elif rechecks:
            self._asked, self._rechecking = rechecks[0], True
        else:
            self._asked = None
        self.enrolment.show_rail()
        self._show_hands()
        if self._asked is None:
            self._show_complete()
            if advance:
                self.enrolment.advance()
        elif self._asked in state.exemptions:
            self._show_exempted(self._asked)
        else:
            self._arm(self._asked)

    def _arm(self, slot: Slot) -> None:
        self._show_coach(self._instruction(slot), Guidance.NO_SUBJECT)
        self._show_actions(slot)
        self._wait_for(
            "finger",
            self.shell.desk.devices.finger,
            slot,
            lambda scanner, cancel: scanner.capture(self._bridge, cancel, Deadline.after(_WAIT_S)),
            lambda capture: self._captured(slot, capture),
            recheck=self._rechecking,
        )

    def _captured(self, slot: Slot, capture: ImageCapture) -> None:
        self.view.show_print(capture.pixels)
        if self._rechecking:
            self.busy_run("enrolment", lambda: self.session.recheck(slot, capture), self._rechecked)
            return
        session = self.session

        def job() -> tuple[Taken, Pixels]:
            taken = session.record_finger(slot, capture)
            return taken, preview.shrink(capture.pixels, *_THUMB)

        self.busy_run("enrolment", job, self._taken)

    # -- outcome ---------------------------------------------------------------------------------

    def _taken(self, outcome: tuple[Taken, Pixels]) -> None:
        taken, small = outcome
        slot = taken.sample.slot
        thumbs = self._thumbs.setdefault(slot, [])
        thumbs.append(_Thumb(pixmap(small), taken.sample.score, taken.sample.attempt))
        self._last = taken
        self.note_quality(self.modality, taken.sample.score)
        self.shell.clear_message()
        self._show_hands()
        self.enrolment.show_rail()
        slip = taken.finding
        if slip is not None and slip.other is not None:
            self.shell.say(slip_words(slip.other))
        if taken.state is SlotState.CAPTURED:
            self._show_coach(self.tr("Bagus, tersimpan"), Guidance.READY)
            self.go_on_soon()
            return
        guidance = taken.verdict.guidance[0] if taken.verdict.guidance else Guidance.LIFT_AND_REPEAT
        if taken.state is SlotState.WEAK:
            self._show_coach(coach_sentence(guidance), guidance)
            self._show_actions(slot)
            self.shell.say(
                MessageView(
                    "attention",
                    self.tr("Mutu masih kurang setelah {n} percobaan.").format(
                        n=len(self.session.state.tries(slot))
                    ),
                    self.tr("Pakai yang terbaik (F8), kecualikan (F2), atau coba lagi."),
                    self.tr("Coba lagi"),
                    "again",
                )
            )
            return
        self._arm(slot)
        self._show_coach(coach_sentence(guidance), guidance)

    def _rechecked(self, event: ev.Rechecked) -> None:
        self._show_hands()
        self.enrolment.show_rail()
        if event.matched:
            self.shell.clear_message()
            self._show_coach(self.tr("Cocok dengan rekaman tadi"), Guidance.READY)
            self.go_on_soon()
            return
        failures = self.session.state.recheck_failures(event.slot)
        left = self.session.plan.recheck_tries - failures
        if left > 0:
            self._arm(event.slot)
            self._show_coach(coach_sentence(Guidance.WRONG_FINGER), Guidance.WRONG_FINGER)
            return
        self._show_coach(coach_sentence(Guidance.WRONG_FINGER), Guidance.WRONG_FINGER)
        self._show_actions(event.slot)
        self.shell.say(
            MessageView(
                "attention",
                self.tr("{finger} tidak cocok dengan rekamannya.").format(
                    finger=slot_word(event.slot)
                ),
                self.tr("Rekam ulang jari itu, atau minta pengawas menyetujui (F8)."),
                self.tr("Rekam ulang"),
                "again",
            )
        )
        self._chosen = event.slot  # Enter and the message's button take it again

    def failed(self, error: Exception) -> None:
        """A refused finger is asked again at once; anything else goes to the message bar."""
        told = self.told_of(error)
        if told is None:
            self.shell.fail(error, Modality.FINGER)
            return
        if self._asked is not None:
            self._arm(self._asked)
        self.say_finding(told)

    def withdrawn(self, slots: tuple[Slot, ...]) -> None:
        """Ask for what was withdrawn: the one finger first, or a hand in the usual order."""
        self._chosen, self._last = slots[0] if len(slots) == 1 else None, None
        for slot in slots:
            self._thumbs.pop(slot, None)
        self._next()

    # -- what is shown ---------------------------------------------------------------------------

    def _instruction(self, slot: Slot) -> str:
        if self._rechecking:
            return self.tr("Cek ulang: {finger}").format(finger=slot_word(slot).lower())
        return self.tr("Tempelkan {finger}").format(finger=slot_word(slot).lower())

    def _show_hands(self) -> None:
        state, plan = self.session.state, self.session.plan
        marks = tuple(self._mark(slot) for slot in FINGER_ORDER)
        settled = [slot for slot in FINGER_ORDER if state.settled(slot, plan)]
        good = [slot for slot in settled if slot not in state.exemptions]
        wanted = len(FINGER_ORDER) - sum(slot in state.exemptions for slot in FINGER_ORDER)
        tries = len(state.tries(self._asked)) if self._asked else 0
        left = max(0, plan.tries_before_exemption - tries)
        weak = bool(tries and self._asked and not state.settled(self._asked, plan))
        self.view.show_hands(
            FingersView(
                marks=marks,
                asked=FINGER_OF[self._asked].name if self._asked else None,
                caption=slot_word(self._asked) if self._asked else self.tr("Semua jari selesai"),
                left_note=self._hand_note("LEFT"),
                right_note=self._hand_note("RIGHT"),
                progress_text=self.tr("{done} dari {all} jari baik").format(
                    done=len(good), all=wanted
                )
                if wanted
                else self.tr("Semua jari dikecualikan"),
                tries_text=self.tr("sisa {n} kali").format(n=left) if weak and left else "",
                rechecking=self._rechecking,
            )
        )

    def _hand_note(self, hand: str) -> str:
        state, plan = self.session.state, self.session.plan
        slots = [slot for slot in FINGER_ORDER if FINGER_OF[slot].name.startswith(hand)]
        good = sum(state.state(slot, plan) is SlotState.CAPTURED for slot in slots)
        exempt = sum(slot in state.exemptions for slot in slots)
        if exempt == len(slots):
            return self.tr("dikecualikan")
        return self.tr("{done} dari {all} baik").format(done=good, all=len(slots) - exempt)

    def _mark(self, slot: Slot) -> FingerMark:
        state, plan = self.session.state, self.session.plan
        best, where = state.best(slot), state.state(slot, plan)
        glyph = State.NOW if slot is self._asked else glyph_of(where)
        if where is SlotState.EXEMPT:
            # The reason stands on the review page: ten of them around two hands are only noise.
            return FingerMark(FINGER_OF[slot].name, State.EXEMPT, None, "")
        score = best.score if best else None
        return FingerMark(FINGER_OF[slot].name, glyph, score)

    def _show_coach(self, instruction: str, guidance: Guidance) -> None:
        plan, taken = self.session.plan, self._last
        meter = None
        checks: tuple[CheckView, ...] = ()
        if taken is not None and not self._rechecking:
            score = taken.sample.score
            meter = MeterView(
                self.tr("Mutu sidik jari"),
                str(score),
                score / 100,
                plan.finger_score / 100,
                str(plan.finger_score),
                good=score >= plan.finger_score and taken.sample.usable,
            )
            checks = self._checks(taken)
        self.shell.window.set_coach(
            CoachView(
                instruction=instruction,
                pictogram=guidance,
                meter=meter,
                checks=checks,
                attempts=self._attempts(),
                attempts_caption=self.tr("Percobaan, yang terbaik disimpan"),
            )
        )

    def _checks(self, taken: Taken) -> tuple[CheckView, ...]:
        codes = set(taken.verdict.guidance)
        table = (
            ({Guidance.CENTRE_FINGER}, self.tr("Di tengah kaca")),
            ({Guidance.WHOLE_FINGER}, self.tr("Seluruh jari")),
            ({Guidance.PRESS_HARDER, Guidance.PRESS_LIGHTER}, self.tr("Tekanan pas")),
            ({Guidance.FINGER_TOO_DRY, Guidance.FINGER_TOO_WET}, self.tr("Kulit cukup lembap")),
            ({Guidance.WIPE_GLASS, Guidance.LIFT_AND_REPEAT}, self.tr("Alur jelas")),
        )
        return tuple(
            CheckView(text, State.LOOK if codes & bad else State.DONE) for bad, text in table
        )

    def _attempts(self) -> tuple[AttemptView, ...]:
        slot = self._last.sample.slot if self._last else self._asked
        if slot is None or self._rechecking:
            return ()
        best = self.session.state.best(slot)
        views = tuple(
            AttemptView(
                self.tr("{score} terbaik").format(score=thumb.score)
                if best is not None and thumb.attempt == best.attempt
                else str(thumb.score),
                thumb.picture,
                best=best is not None and thumb.attempt == best.attempt,
            )
            for thumb in self._thumbs.get(slot, [])[-3:]
        )
        empty = (AttemptView(self.tr("kosong")),) * (3 - len(views))
        return views + empty if views else ()

    def _show_actions(self, slot: Slot) -> None:
        left = [self.back_action(), self.exempt_action(self.tr("Kecualikan jari"))]
        stuck = self._may_waive(slot)
        if stuck:
            left.append(Action("waive", self.tr("Pengawas"), "F8", "people"))
        elif self.session.state.state(slot, self.session.plan) is SlotState.WEAK:
            left.append(Action("keep", self.tr("Pakai terbaik"), "F8", "check"))
        left.append(self.help_action())
        self.shell.window.set_actions(
            Actions(
                Action(
                    "take",
                    self.tr("Rekam ulang")
                    if stuck and not self.armed
                    else self.tr("Ambil sekarang"),
                    "Enter",
                ),
                tuple(left),
            )
        )

    def _may_waive(self, slot: Slot) -> bool:
        failures = self.session.state.recheck_failures(slot)
        return self._rechecking and failures >= self.session.plan.recheck_tries

    def _show_exempted(self, slot: Slot) -> None:
        self._show_coach(self.tr("Jari ini dikecualikan"), Guidance.NO_SUBJECT)
        self.shell.window.set_actions(
            Actions(
                Action("take", self.tr("Lanjut"), "Enter"),
                (
                    self.back_action(),
                    Action("lift", self.tr("Batalkan pengecualian"), "F2", "refresh"),
                    self.help_action(),
                ),
            )
        )
        self._chosen = slot

    def _show_complete(self) -> None:
        self._last = None
        self._show_coach(self.tr("Semua jari selesai"), Guidance.READY)
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Lanjut ke iris"), "Enter"),
                (self.back_action(), self.help_action()),
            )
        )

    def _show_transfer(self, progress: Progress) -> None:
        self.view.show_transfer(progress.done, progress.total)

    def _show_guidance(self, guidance: Guidance) -> None:
        self._show_coach(coach_sentence(guidance), guidance)

    def _show_subject(self, subject: SubjectPresent) -> None:
        if subject.present and self.armed:
            self._show_coach(coach_sentence(Guidance.HOLD_STILL), Guidance.HOLD_STILL)
