"""Step Foto: live guidance, a photo that takes itself, then the applicant's approval."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from station.biometrics.verdict import Verdict
from station.capture.coach import PhotoCoach
from station.capture.enrolment import SlotState
from station.capture.session import Taken
from station.capture.slots import Slot
from station.clock import CancelToken
from station.devices import Camera, Frame, Modality, Pixels
from station.errors import DeviceNotFound
from station.formats import preview
from station.guidance import Guidance
from ui.icons import State
from ui.messages import coach_sentence
from ui.pages.photo import PhotoPage
from ui.presenters.data_step import backdrop_words
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.photo_loop import LivePhoto, watch
from ui.presenters.pictures import pixmap
from ui.presenters.shell import Shell
from ui.presenters.step import StepPresenter
from ui.widgets.action_bar import Action, Actions
from ui.widgets.attempts import AttemptView
from ui.widgets.coach import CheckView, CoachView
from ui.widgets.message_bar import MessageView
from ui.widgets.meter import MeterView

PREVIEW = (1138, 640)
_LIGHT = (
    "luminance",
    "dark_share",
    "bright_share",
    "evenness",
    "glare_skin",
    "glare_eyes",
    "backdrop_deviation",
)


@dataclass(frozen=True, slots=True)
class _Kept:
    taken: Taken
    portrait: Pixels


class PhotoStep(StepPresenter):
    """Watches the camera in its lane; the page only paints."""

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = PhotoPage(shell.window.theme)
        super().__init__(shell, enrolment, self.view)
        self.connect_exemption(self.view)
        self._stream: CancelToken | None = None
        self._take_now = threading.Event()
        self._watch_number = 0
        self._thumbs: list[AttemptView] = []
        self._thumbs_of = ""  # enrolment id
        self._shown_guidance: Guidance | None = None
        self._shown_pixels: Pixels | None = None
        self._shown_verdict: Verdict | None = None
        self._room = PREVIEW  # read by the worker: how large the stage paints

    # -- on and off the stage --------------------------------------------------------------------

    def enter(self) -> None:
        """Show the approved photo, or watch for a new one."""
        state = self.session.state
        if self._thumbs_of != state.id:  # another person sat down
            self._thumbs, self._thumbs_of = [], state.id
        title, note = backdrop_words(state.started.backdrop)
        self.view.show_backdrop(state.started.backdrop, title, note)
        best = state.best(Slot.FACE)
        if best is not None:
            self.busy_run("enrolment", self._load_best, self._show_kept)
        elif Slot.FACE in state.exemptions:
            self._show_exempt()
        else:
            self._watch()

    def leave(self) -> None:
        """Stop the camera."""
        super().leave()
        self._stop()

    def hold_capture(self) -> None:
        """Stop the camera while the exemption is decided."""
        self._stop()

    def look_again(self) -> None:
        """Open the camera again."""
        self._stop()
        self._watch()

    # -- actions ---------------------------------------------------------------------------------

    def act(self, action: str) -> None:
        """Obey the bar."""
        actions: dict[str, Callable[[], object]] = {
            "take": self.take,
            "retake": self.take,
            "approve": self._approve,
            "keep": self._keep_weak,
            "next": self.enrolment.advance,
            "lift": self._lift,
            "back": self.enrolment.back,
            "exempt": lambda: self.open_exemption(Slot.FACE),
        }
        if action in actions:
            actions[action]()

    def take(self) -> None:
        """Take the picture now, or begin a new one."""
        if self._stream is not None:
            self._take_now.set()
        else:
            self._watch()

    def message_pressed(self, key: str) -> None:
        """Try the camera again."""
        self.look_again()

    # -- watching --------------------------------------------------------------------------------

    def _watch(self) -> None:
        camera = self.shell.desk.devices.camera
        self.view.show_live()
        self._show_live_actions()
        if camera is None:
            self.failed(DeviceNotFound(device="camera"))
            return
        self._take_now.clear()
        self._shown_guidance = self._shown_pixels = self._shown_verdict = None
        self._room = self.view.stage_size()
        self._coach(Guidance.NO_FACE, None)
        self.enrolment.ask(Slot.FACE)
        self._watch_number += 1
        number = self._watch_number
        self._stream = self.shell.tasks.stream(
            "camera",
            self._loop(camera),
            lambda live: self._show_live(live, number),
            lambda error: self._camera_failed(error, number),
        )

    def _loop(
        self, camera: Camera
    ) -> Callable[[CancelToken, Callable[[LivePhoto], object]], object]:
        engine, plan = self.shell.desk.engine, self.session.plan
        return watch(
            camera,
            engine.live_photo(self.session.state.started.backdrop),
            lambda: self._room,
            PhotoCoach(plan.hold_still_s),
            self._take_now,
        )

    def _stop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.cancel()

    def _show_live(self, live: LivePhoto, number: int) -> None:
        if self._stream is None or number != self._watch_number:
            return  # of an earlier look, perhaps at another person
        if live.pixels is not self._shown_pixels:  # a frame comes again with its verdict
            self._shown_pixels = live.pixels
            self.view.show_frame(live.pixels)
        if live.verdict is not self._shown_verdict:
            self._shown_verdict = live.verdict
            self.view.show_hold(live.coaching.held)
            self._coach(live.coaching.guidance, live.verdict)
        self._room = self.view.stage_size()
        if live.still is not None:
            self._stop()
            self._keep(live.still)

    def _camera_failed(self, error: Exception, number: int) -> None:
        if number != self._watch_number:
            return
        self._stop()
        self.shell.fail(error, Modality.FACE)

    # -- keeping ---------------------------------------------------------------------------------

    def _keep(self, frame: Frame) -> None:
        camera = self.shell.desk.devices.camera
        if camera is None:
            return
        self.view.flash()
        session, info = self.session, camera.info

        def job() -> _Kept:
            taken = session.record_photo(frame, info)
            data = session.sample_bytes(taken.sample)
            return _Kept(taken, preview.decode(data, 600, 800))

        self.busy_run("enrolment", job, self._kept)

    def _load_best(self) -> _Kept | None:
        session = self.session
        best = session.state.best(Slot.FACE)
        if best is None:
            return None
        verdict = Verdict(best.algorithm, best.algorithm_version, best.score, (), ())
        taken = Taken(best, verdict, best, session.state.state(Slot.FACE, session.plan))
        return _Kept(taken, preview.decode(session.sample_bytes(best), 600, 800))

    def _kept(self, kept: _Kept) -> None:
        self.note_quality(Modality.FACE, kept.taken.sample.score)
        good = kept.taken.state is SlotState.CAPTURED
        word = self.tr("terbaik") if good else self.tr("kurang")
        self._thumbs = [AttemptView(t.text, t.picture) for t in self._thumbs[-2:]]
        self._thumbs.append(AttemptView(word, pixmap(kept.portrait), best=True))
        self._show_kept(kept)

    def _show_kept(self, kept: _Kept | None) -> None:
        if kept is None:
            self._watch()
            return
        self.view.show_still(kept.portrait)
        self.enrolment.show_rail()
        state = self.session.state
        if state.photo_approved:
            self._show_approved()
        elif kept.taken.state is SlotState.CAPTURED:
            self._show_for_approval(kept.taken)
        else:
            self._show_weak(kept.taken)

    def _approve(self) -> None:
        self.busy_run("enrolment", self.session.approve_photo, self._approved)

    def _approved(self, _state: object) -> None:
        self.enrolment.advance()

    def _keep_weak(self) -> None:
        reason = self.tr("foto terbaik setelah beberapa percobaan")
        self.busy_run(
            "enrolment",
            lambda: self.session.accept_weak(Slot.FACE, reason),
            lambda _state: self._approve(),
        )

    def _lift(self) -> None:
        self.busy_run(
            "enrolment", lambda: self.session.lift_exemption(Slot.FACE), lambda _state: self.enter()
        )

    # -- words -----------------------------------------------------------------------------------

    def _coach(self, guidance: Guidance, verdict: Verdict | None) -> None:
        meter = None
        checks: tuple[CheckView, ...] = ()
        if verdict is not None:
            meter = _size_meter(verdict, self.tr("Besar wajah di bingkai"))
            checks = self._checks(verdict)
        self._shown_guidance = guidance
        self.shell.window.set_coach(
            CoachView(
                instruction=coach_sentence(guidance),
                pictogram=guidance,
                meter=meter,
                checks=checks,
                attempts=tuple(self._thumbs[-3:]),
                attempts_caption=self.tr("Percobaan"),
            )
        )

    def _checks(self, verdict: Verdict) -> tuple[CheckView, ...]:
        groups = (
            (("faces", "single_face"), self.tr("Satu wajah")),
            (("head_share", "inter_eye_px", "centre_x", "centre_y"), self.tr("Jarak dan letak")),
            (("roll_deg", "yaw_deg", "pitch_deg"), self.tr("Wajah lurus")),
            (_LIGHT, self.tr("Cahaya dan latar")),
            (("eyes_open", "sharpness"), self.tr("Mata terbuka, tajam")),
        )
        measures = {measure.name: measure for measure in verdict.measures}
        if (
            "faces" in measures and not measures["faces"].value
        ):  # nobody there: nothing is wrong yet
            return tuple(CheckView(text, State.TO_COME) for _names, text in groups)
        views = []
        for names, text in groups:
            taken = [measures[name] for name in names if name in measures]
            good = bool(taken) and all(measure.ok for measure in taken)
            views.append(CheckView(text, State.DONE if good else State.LOOK))
        return tuple(views)

    def _show_live_actions(self) -> None:
        self.shell.window.set_actions(
            Actions(
                Action("take", self.tr("Ambil foto"), "Enter"),
                (self.back_action(), self.exempt_action(), self.help_action()),
            )
        )

    def _show_for_approval(self, taken: Taken) -> None:
        self._still_coach(self.tr("Pemohon setuju?"), Guidance.READY, taken)
        self.shell.window.set_actions(
            Actions(
                Action("approve", self.tr("Pemohon setuju"), "Enter"),
                (self.back_action(), self._retake_action(), self.help_action()),
            )
        )
        self.shell.clear_message()  # what was said about an earlier try is over
        if taken.verdict.advice:
            self.shell.say(
                MessageView(
                    "info",
                    coach_sentence(taken.verdict.advice[0]),
                    self.tr("Hanya saran: ulangi bila perlu, atau lanjutkan."),
                )
            )

    def _show_approved(self) -> None:
        self.shell.window.set_coach(CoachView(self.tr("Foto sudah disetujui"), Guidance.READY))
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Lanjut"), "Enter"),
                (self.back_action(), self._retake_action(), self.help_action()),
            )
        )

    def _show_weak(self, taken: Taken) -> None:
        guidance = taken.verdict.guidance[0] if taken.verdict.guidance else Guidance.HOLD_STILL
        self._still_coach(coach_sentence(guidance), guidance, taken)
        left: tuple[Action, ...] = (self.back_action(), self.exempt_action(), self.help_action())
        if taken.state is SlotState.WEAK:
            keep = Action("keep", self.tr("Pakai foto ini"), "F8", "check")
            left = (self.back_action(), keep, self.exempt_action(), self.help_action())
        self.shell.window.set_actions(
            Actions(Action("retake", self.tr("Ulangi foto"), "Enter"), left)
        )
        self.shell.say(
            MessageView(
                "attention",
                self.tr("Foto belum cukup baik."),
                self.tr("Ulangi; foto ini tetap tersimpan sebagai percobaan."),
                self.tr("Ulangi"),
                "again",
            )
        )

    def _show_exempt(self) -> None:
        self.shell.window.set_coach(CoachView(self.tr("Foto dikecualikan"), Guidance.NO_SUBJECT))
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Lanjut"), "Enter"),
                (
                    self.back_action(),
                    Action("lift", self.tr("Batalkan pengecualian"), "F2", "refresh"),
                    self.help_action(),
                ),
            )
        )

    def _retake_action(self) -> Action:
        return Action("retake", self.tr("Ulangi"), "F10", "refresh")

    def _still_coach(self, text: str, guidance: Guidance, taken: Taken) -> None:
        self.shell.window.set_coach(
            CoachView(
                instruction=text,
                pictogram=guidance,
                meter=MeterView(
                    self.tr("Mutu foto"),
                    str(taken.sample.score),
                    taken.sample.score / 100,
                    self.session.plan.face_score / 100,
                    str(self.session.plan.face_score),
                    good=taken.state is SlotState.CAPTURED,
                ),
                checks=self._checks(taken.verdict) if taken.verdict.measures else (),
                attempts=tuple(self._thumbs[-3:]),
                attempts_caption=self.tr("Percobaan"),
            )
        )


def _size_meter(verdict: Verdict, caption: str) -> MeterView | None:
    try:
        size = verdict.measure("head_share")
    except KeyError:
        return None
    low, high = size.low or 70.0, size.high or 80.0
    return MeterView(
        caption,
        f"{round(size.value)} %",
        min(1.0, size.value / 100),
        threshold=low / 100,
        threshold_text=f"{round(low)}–{round(high)} %",
        band=(low / 100, high / 100),
        good=size.ok,
    )
