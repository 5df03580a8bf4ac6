"""Step Iris: both eyes in one go, or the one that is asked."""

from collections.abc import Callable

from station.capture import flow
from station.capture.enrolment import SlotState
from station.capture.session import Taken
from station.capture.slots import EYE_OF, IRIS_ORDER, Slot
from station.clock import Deadline
from station.devices import Eye, Frame, ImageCapture, Modality, Pixels
from station.errors import DeviceTimeout, NoSubject
from station.formats import preview
from station.guidance import Guidance
from ui.icons import State
from ui.messages import coach_sentence
from ui.pages.iris import EyeMark, IrisPage, IrisView
from ui.presenters.armed_step import ArmedStep
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.shell import Shell
from ui.presenters.step import glyph_of
from ui.presenters.words import slot_word
from ui.widgets.action_bar import Action, Actions
from ui.widgets.coach import CheckView, CoachView
from ui.widgets.message_bar import MessageView
from ui.widgets.meter import MeterView

_WAIT_S = 60.0
_STILL = (400, 300)


class IrisStep(ArmedStep):
    """Arms the iris scanner for the eyes that are still open."""

    modality = Modality.IRIS
    patience_ends = (NoSubject, DeviceTimeout)

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = IrisPage(shell.window.theme)
        super().__init__(shell, enrolment, self.view)
        self.connect_exemption(self.view)
        self._bridge.frame.connect(self._show_preview)
        self._bridge.guidance.connect(self._show_guidance)
        self._taken_now: dict[Slot, Taken] = {}
        self._now: tuple[Slot, ...] = ()  # what the scanner is asked for

    def enter(self) -> None:
        """Ask for the open eyes, or show that both are there."""
        self._taken_now = {}
        for eye in Eye:
            self.view.show_still(eye.name, None)
        self.shell.tasks.run("enrolment", self._load_kept, self._show_kept, self.failed)
        self._next()

    def _load_kept(self) -> list[tuple[Eye, Pixels]]:
        session, decode = self.session, self.shell.desk.engine.decode_iris
        kept = []
        for slot, eye in EYE_OF.items():
            best = session.state.best(slot)
            if best is not None and slot not in session.state.exemptions:
                pixels = decode(session.sample_bytes(best))
                kept.append((eye, preview.shrink(pixels, *_STILL)))
        return kept

    def _show_kept(self, kept: list[tuple[Eye, Pixels]]) -> None:
        for eye, pixels in kept:
            self.view.show_still(eye.name, pixels)

    def ask_again(self) -> None:
        """Ask for the eyes that are open."""
        self._next()

    def nobody_came(self) -> tuple[str, str]:
        """No eye was seen."""
        return (
            self.tr("Mata belum terlihat."),
            self.tr("Minta pemohon melihat ke lensa, atau kecualikan (F2)."),
        )

    def act(self, action: str) -> None:
        """Obey the bar."""
        actions: dict[str, Callable[[], object]] = {
            "take": self.look_again,
            "keep": self._keep_weak,
            "next": self.enrolment.advance,
            "back": self.enrolment.back,
            "exempt": self._exempt_next,
        }
        if action in actions:
            actions[action]()

    def _open(self) -> tuple[Slot, ...]:
        return flow.open_slots(self.session.state, self.session.plan, flow.Step.IRIS)

    def _exempt_next(self) -> None:
        slots = self._open()
        if slots:
            self.open_exemption(slots[0])

    def _keep_weak(self) -> None:
        state, plan = self.session.state, self.session.plan
        weak = [slot for slot in IRIS_ORDER if state.state(slot, plan) is SlotState.WEAK]
        reason = self.tr("mutu terbaik setelah beberapa percobaan")
        self._disarm()

        def job() -> None:
            for slot in weak:
                self.session.accept_weak(slot, reason)

        self.busy_run("enrolment", job, lambda _nothing: self._next())

    def _next(self, *, linger: bool = False) -> None:
        slots = self._open()
        self._now = slots[: self._at_once()]
        self.enrolment.show_rail()
        self._show_eyes()
        if slots:
            self._arm(self._now)
        else:
            self._show_complete()
            if self._taken_now and not linger:
                self.go_on_soon()

    def _advise(self, advice: Guidance) -> None:
        """Say what is worth asking although everything was taken; nothing goes on by itself then."""
        self.shell.say(
            MessageView(
                "info",
                coach_sentence(advice),
                self.tr("Hanya saran: ulangi bila perlu, atau lanjutkan."),
            )
        )

    def _at_once(self) -> int | None:
        """Return how many eyes the scanner takes in one go; None: all. One that sees one eye cannot tell which."""
        for report in self.shell.desk.supervision.reports():
            if report.modality is Modality.IRIS and report.capabilities is not None:
                return report.capabilities.at_once or None
        return None

    def _arm(self, slots: tuple[Slot, ...]) -> None:
        eyes = tuple(EYE_OF[slot] for slot in slots)
        self._show_coach(
            self.tr("Lihat ke tengah lensa")
            if len(eyes) == 2
            else self.tr("Lihat lensa: {eye}").format(eye=slot_word(slots[0]).lower()),
            Guidance.LOOK_AT_CAMERA,
        )
        self._show_actions(slots)
        self._wait_for(
            "iris",
            self.shell.desk.devices.iris,
            slots[0],
            lambda scanner, cancel: scanner.capture(
                eyes, self._bridge, cancel, Deadline.after(_WAIT_S)
            ),
            self._captured,
        )

    def _show_preview(self, frame: Frame) -> None:
        if self.armed:
            self.view.show_preview(frame.pixels)

    def _show_guidance(self, guidance: Guidance) -> None:
        if self.armed:
            self._show_coach(coach_sentence(guidance), guidance)

    def _captured(self, captures: tuple[ImageCapture, ...]) -> None:
        session = self.session

        def job() -> list[tuple[Taken, Pixels]]:
            return [
                (session.record_iris(capture), preview.shrink(capture.pixels, *_STILL))
                for capture in captures
            ]

        self.busy_run("enrolment", job, self._taken)

    def _taken(self, outcome: list[tuple[Taken, Pixels]]) -> None:
        self.shell.clear_message()
        weak: Taken | None = None
        for taken, small in outcome:
            slot = taken.sample.slot
            self.note_quality(self.modality, taken.sample.score)
            self._taken_now[slot] = taken
            self.view.show_still(EYE_OF[slot].name, small)
            if taken.state is not SlotState.CAPTURED:
                weak = taken
        if weak is None:
            advice = [a for taken, _small in outcome for a in taken.verdict.advice]
            self._next(linger=bool(advice))
            if advice:
                self._advise(advice[0])
            return
        if (
            weak.state is SlotState.WEAK
        ):  # the retries are used up: the operator decides, nothing goes on by itself
            self.enrolment.show_rail()
            self._show_eyes()
            self._show_actions(self._open())
        else:
            self._next()
        guidance = weak.verdict.guidance[0] if weak.verdict.guidance else Guidance.OPEN_LIDS
        self._show_coach(coach_sentence(guidance), guidance)
        if weak.state is SlotState.WEAK:
            self.shell.say(
                MessageView(
                    "attention",
                    self.tr("{eye} masih kurang jelas.").format(eye=slot_word(weak.sample.slot)),
                    self.tr(
                        "Bantu buka kelopaknya, pakai yang terbaik (F8), atau kecualikan (F2)."
                    ),
                )
            )

    def failed(self, error: Exception) -> None:
        """A refused eye is asked for again; anything else names the iris scanner in the message."""
        told = self.told_of(error)
        if told is None:
            self.shell.fail(error, Modality.IRIS)
            return
        for eye in Eye:
            self.view.show_still(eye.name, None)
        self.shell.tasks.run("enrolment", self._load_kept, self._show_kept, self.failed)
        # Not armed by itself: the eyes are still there, and the same picture would come again.
        self.enrolment.show_rail()
        self._show_eyes()
        self._show_actions(self._open())
        self.say_finding(told)

    def _show_eyes(self) -> None:
        right, left = (self._mark(slot) for slot in IRIS_ORDER)
        self.view.show_eyes(IrisView(right, left, self._distance()))

    def _mark(self, slot: Slot) -> EyeMark:
        state, plan = self.session.state, self.session.plan
        where, best = state.state(slot, plan), state.best(slot)
        if where is SlotState.EXEMPT:
            return EyeMark(State.EXEMPT, None, state.exemptions[slot].reason)
        if where is SlotState.OPEN:
            # Of a scanner that sees one eye the other one's turn comes later.
            turn = State.NOW if slot in self._now or not self._now else State.TO_COME
            return EyeMark(turn, best.score if best else None, "")
        return EyeMark(glyph_of(where), best.score if best else None, "")

    def _distance(self) -> float | None:
        """Return 0 too far .. 0.5 right .. 1 too near, from the last iris radius against its band."""
        for taken in self._taken_now.values():
            try:
                radius = taken.verdict.measure("iris_radius_px")
            except KeyError:
                return None
            low, high = radius.low or 100.0, radius.high or 160.0
            return min(1.0, max(0.0, (radius.value - low) / (high - low)))
        return None

    def _show_coach(self, instruction: str, guidance: Guidance) -> None:
        plan = self.session.plan
        worst = min(self._taken_now.values(), key=lambda taken: taken.sample.score, default=None)
        meter = None
        checks: tuple[CheckView, ...] = ()
        if worst is not None:
            score = worst.sample.score
            meter = MeterView(
                self.tr("Mutu iris"),
                str(score),
                score / 100,
                plan.iris_score / 100,
                str(plan.iris_score),
                good=score >= plan.iris_score and worst.sample.usable,
            )
            codes = set(worst.verdict.guidance)
            table = (
                ({Guidance.EYE_CLOSER, Guidance.EYE_BACK}, self.tr("Jarak pas")),
                ({Guidance.OPEN_LIDS}, self.tr("Mata terbuka lebar")),
                ({Guidance.LOOK_AT_CAMERA}, self.tr("Melihat ke lensa")),
                ({Guidance.BLURRED}, self.tr("Tajam")),
            )
            checks = tuple(
                CheckView(text, State.LOOK if codes & bad else State.DONE) for bad, text in table
            )
        self.shell.window.set_coach(CoachView(instruction, guidance, meter, checks))

    def _show_actions(self, slots: tuple[Slot, ...]) -> None:
        state, plan = self.session.state, self.session.plan
        left = [
            self.back_action(),
            self.exempt_action(self.tr("Kecualikan {eye}").format(eye=slot_word(slots[0]).lower())),
        ]
        if any(state.state(slot, plan) is SlotState.WEAK for slot in slots):
            left.append(Action("keep", self.tr("Pakai terbaik"), "F8", "check"))
        left.append(self.help_action())
        self.shell.window.set_actions(
            Actions(Action("take", self.tr("Ambil sekarang"), "Enter"), tuple(left))
        )

    def _show_complete(self) -> None:
        self._show_coach(self.tr("Kedua iris selesai"), Guidance.READY)
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Lanjut ke tinjau"), "Enter"),
                (self.back_action(), self.help_action()),
            )
        )
