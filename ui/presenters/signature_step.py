"""Step Tanda tangan: ink as it is drawn; finished when the pen stays away."""

from station.capture.enrolment import SlotState
from station.capture.session import Taken
from station.capture.slots import Slot
from station.clock import Deadline
from station.devices import Modality, PenPoint, Pixels, SignatureCapture
from station.formats import preview
from station.guidance import Guidance
from ui.devices.pen_pad import PenPad
from ui.devices.tablet_pad import TabletPad
from ui.messages import coach_sentence
from ui.pages.signature import SignaturePage
from ui.presenters.armed_step import ArmedStep
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.shell import Shell
from ui.widgets.action_bar import Action, Actions
from ui.widgets.coach import CoachView
from ui.widgets.meter import MeterView

PAD_UM = (124_000, 46_000)  # writing area of a pad that does not tell its own, in micrometres
_UM_PER_INCH = 25_400
_WAIT_S = 600.0


class SignatureStep(ArmedStep):
    """Arms the pad and shows the ink."""

    modality = Modality.SIGNATURE

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = SignaturePage(shell.window.theme)
        super().__init__(shell, enrolment, self.view)
        self.connect_exemption(self.view)
        self._bridge.pen_points.connect(self._show_points)
        self._bridge.guidance.connect(self._show_guidance)
        pad = shell.desk.devices.pad
        if isinstance(pad, PenPad):
            self.view.pen_moved.connect(pad.feed)
        if isinstance(pad, TabletPad):
            pad.pens.start()

    def enter(self) -> None:
        """Ask for the signature, or show that it is there."""
        state = self.session.state
        if Slot.SIGNATURE in state.exemptions:
            self._show_exempt()
        elif state.settled(Slot.SIGNATURE, self.session.plan):
            self._show_settled()
        else:
            self._arm()

    def ask_again(self) -> None:
        """Ask for the signature, on a clean sheet."""
        self._arm()

    def nobody_came(self) -> tuple[str, str]:
        """The sheet stayed empty."""
        return (
            self.tr("Belum ada tanda tangan."),
            self.tr("Minta pemohon menulis di papan, atau kecualikan (F2)."),
        )

    def act(self, action: str) -> None:
        """Obey the bar."""
        if action in {"again", "retake"}:
            self.look_again()
        elif action == "next":
            self.enrolment.advance()
        elif action == "back":
            self.enrolment.back()
        elif action == "exempt":
            self.open_exemption(Slot.SIGNATURE)
        elif action == "lift":
            self.busy_run(
                "enrolment",
                lambda: self.session.lift_exemption(Slot.SIGNATURE),
                lambda _state: self.enter(),
            )

    def _arm(self) -> None:
        pad = self.shell.desk.devices.pad
        self.view.begin(*self._area_um())
        self.view.set_screen_pen(isinstance(pad, PenPad))
        self.shell.window.set_coach(CoachView(self.tr("Minta tanda tangan"), Guidance.SIGN_LONGER))
        self.shell.window.set_actions(
            Actions(
                Action("again", self.tr("Mulai dari awal"), "Enter"),
                (self.back_action(), self.exempt_action(), self.help_action()),
            )
        )
        self._wait_for(
            "pad",
            pad,
            Slot.SIGNATURE,
            lambda pad, cancel: pad.capture(self._bridge, cancel, Deadline.after(_WAIT_S)),
            self._captured,
        )

    def _area_um(self) -> tuple[int, int]:
        """Return the writing area of the pad in the place; a usual one where it is not known."""
        reports = self.shell.desk.supervision.reports() if self.shell.desk.supervision else ()
        for report in reports:
            can = report.capabilities
            if report.modality is self.modality and can is not None and can.ppi and can.width:
                return (
                    round(can.width * _UM_PER_INCH / can.ppi),
                    round(can.height * _UM_PER_INCH / can.ppi),
                )
        return PAD_UM

    def _show_points(self, points: tuple[PenPoint, ...]) -> None:
        for point in points:
            self.view.add_point(point)

    def _show_guidance(self, guidance: Guidance) -> None:
        self.shell.window.set_coach(CoachView(coach_sentence(guidance), guidance))

    def _captured(self, capture: SignatureCapture) -> None:
        session = self.session
        self.busy_run("enrolment", lambda: session.record_signature(capture), self._taken)

    def _taken(self, taken: Taken) -> None:
        self.enrolment.show_rail()
        self.note_quality(self.modality, taken.sample.score)
        if taken.state is SlotState.CAPTURED:
            self._show_settled()
            self.go_on_soon()
            return
        guidance = taken.verdict.guidance[0] if taken.verdict.guidance else Guidance.SIGN_LONGER
        self._arm()
        self.shell.window.set_coach(
            CoachView(coach_sentence(guidance), guidance, meter=self._meter(taken))
        )

    def _meter(self, taken: Taken) -> MeterView:
        return MeterView(
            self.tr("Kelengkapan"), str(taken.sample.score), taken.sample.score / 100, good=False
        )

    def _load_drawn(self) -> Pixels | None:
        best = self.session.state.best(Slot.SIGNATURE)
        return preview.decode(self.session.sample_bytes(best), 800, 400) if best else None

    def _show_drawn(self, pixels: Pixels | None) -> None:
        if pixels is not None and not self.armed:
            self.view.show_drawn(pixels)

    def _show_settled(self) -> None:
        self.view.begin(*self._area_um())
        self.shell.tasks.run("enrolment", self._load_drawn, self._show_drawn, self.failed)
        self.shell.window.set_coach(CoachView(self.tr("Tanda tangan tersimpan"), Guidance.READY))
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Lanjut ke jari"), "Enter"),
                (
                    self.back_action(),
                    Action("retake", self.tr("Ulangi"), "F10", "refresh"),
                    self.help_action(),
                ),
            )
        )

    def _show_exempt(self) -> None:
        self.shell.window.set_coach(
            CoachView(self.tr("Tanda tangan dikecualikan"), Guidance.NO_SUBJECT)
        )
        self.shell.window.set_actions(
            Actions(
                Action("next", self.tr("Lanjut ke jari"), "Enter"),
                (
                    self.back_action(),
                    Action("lift", self.tr("Batalkan pengecualian"), "F2", "refresh"),
                    self.help_action(),
                ),
            )
        )
