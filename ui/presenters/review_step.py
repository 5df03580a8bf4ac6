"""Step Tinjau: everything as it will be sent, the centre's questions, confirmation, then the seal."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from station.audit.chain import Action as AuditAction
from station.capture.enrolment import SlotState
from station.capture.flow import Step
from station.capture.slots import FINGER_OF, FINGER_ORDER, Slot
from station.devices import Pixels
from station.errors import FormatError, StationError
from station.formats import preview
from station.packet.lint import Finding, LintCode
from station.store.duplicates import Duplicate
from station.store.sealing import SealedRecord
from ui.icons import State
from ui.pages.review import (
    ReviewEye,
    ReviewFinger,
    ReviewPage,
    ReviewView,
    VerdictRow,
    VerdictView,
)
from ui.presenters.data_step import backdrop_words, data_view
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.shell import Shell
from ui.presenters.step import StepPresenter, glyph_of
from ui.presenters.words import clock_time, receipt_code, short_code_of, slot_word, translate
from ui.widgets.action_bar import Action, Actions
from ui.widgets.message_bar import MessageView
from ui.widgets.qr import matrix_of

_LOG = logging.getLogger(__name__)
_SEAL_ANYWAY: Final = "seal_anyway"  # key of the message's button

# As on the picture: the left hand from little finger to thumb, then the right from thumb outwards.
_ANATOMICAL = (
    Slot.LEFT_LITTLE, Slot.LEFT_RING, Slot.LEFT_MIDDLE, Slot.LEFT_INDEX, Slot.LEFT_THUMB,
    Slot.RIGHT_THUMB, Slot.RIGHT_INDEX, Slot.RIGHT_MIDDLE, Slot.RIGHT_RING, Slot.RIGHT_LITTLE,
)  # fmt: skip
_STEP_OF: Mapping[LintCode, Step] = {
    LintCode.DATA_UNCONFIRMED: Step.DATA,
    LintCode.PHOTO_UNAPPROVED: Step.PHOTO,
    LintCode.RECHECK_OPEN: Step.FINGERS,
    LintCode.WAIVER_APPROVAL: Step.FINGERS,
}


@dataclass(frozen=True, slots=True)
class _Loaded:
    pictures: Mapping[Slot, Pixels]
    findings: tuple[Finding, ...]
    duplicates: tuple[Duplicate, ...] | None  # None: could not be looked for


class ReviewStep(StepPresenter):
    """Shows the whole record and asks twice: the applicant's word, then the seal."""

    def __init__(self, shell: Shell, enrolment: EnrolmentPresenter) -> None:
        self.view = ReviewPage(shell.window.theme)
        super().__init__(shell, enrolment, self.view)
        self.view.jump_requested.connect(self._jump)
        self._sealed: SealedRecord | None = None
        self._duplicates: tuple[Duplicate, ...] = ()

    @property
    def sealed(self) -> SealedRecord | None:
        """What became of the last enrolment."""
        return self._sealed

    def enter(self) -> None:
        """Load pictures and findings in the background, then show them."""
        self.shell.window.set_actions(Actions(None, (self.back_action(), self.help_action())))
        self._duplicates = ()
        self.busy_run("enrolment", self._load, self._show)

    def act(self, action: str) -> None:
        """Obey the bar."""
        actions: dict[str, Callable[[], object]] = {
            "confirm": lambda: self.busy_run("enrolment", self._confirm, self._show),
            "seal": self._seal_asked,
            "back": self.enrolment.back,
        }
        if action in actions:
            actions[action]()

    def message_pressed(self, key: str) -> None:
        """Seal in spite of another's record with these fingers, or show again what is missing."""
        if key == _SEAL_ANYWAY:
            for each in self._duplicates:
                self.shell.note(
                    AuditAction.OVERRIDE,
                    nik=self.enrolment.person.nik,
                    reason="DUPLICATE_FINGERS",
                    other=each.record.record_id,
                )
            self.busy_run("enrolment", self._seal, self._done)
        else:
            self.enter()

    def _jump(self, step: str) -> None:
        self.enrolment.act(step if step.startswith("step:") else f"step:{step}")

    def _load(self) -> _Loaded:
        session, desk = self.session, self.shell.desk
        pictures: dict[Slot, Pixels] = {}
        for slot in Slot:
            best = session.state.best(slot)
            if best is None or slot in session.state.exemptions:
                continue
            data = session.sample_bytes(best)
            box = (380, 500) if slot is Slot.FACE else (320, 260)
            try:
                if slot in FINGER_OF:
                    pictures[slot] = preview.shrink(desk.engine.decode_finger(data), 136, 176)
                elif slot in {Slot.IRIS_LEFT, Slot.IRIS_RIGHT}:
                    pictures[slot] = preview.shrink(desk.engine.decode_iris(data), *box)
                else:
                    pictures[slot] = preview.decode(data, *box)
            except ValueError as cause:
                raise FormatError(slot=slot.value) from cause
        findings = desk.sealer.findings(session, desk.operator)
        return _Loaded(pictures, findings, self._look_for_duplicates())

    def _look_for_duplicates(self) -> tuple[Duplicate, ...] | None:
        try:
            return self.shell.desk.sealer.duplicates(self.session)
        except StationError as error:  # advice only: it must not keep the record from being sealed
            _LOG.error("fingers not looked for among the records here: %s", error.code)
            return None

    def _confirm(self) -> _Loaded:
        self.session.confirm()
        return self._load()

    def _seal_asked(self) -> None:
        """Seal; where another's record has these fingers, say so and let another button do it."""
        if not self._duplicates:
            self.busy_run("enrolment", self._seal, self._done)
            return
        names = ", ".join(each.record.person_name for each in self._duplicates)
        self.shell.say(
            MessageView(
                "attention",
                self.tr("Jari ini sudah terekam di meja ini atas nama {names}.").format(
                    names=names
                ),
                self.tr("Panggil pengawas (F3) sebelum menyegel."),
                self.tr("Segel juga"),
                _SEAL_ANYWAY,
            )
        )

    def _seal(self) -> SealedRecord:
        sealed = self.shell.desk.sealer.seal(self.session, self.shell.desk.operator)
        self.session.note_sealed(sealed.event)
        self._sealed = sealed  # also when another page is shown by now: the last page needs it
        matrix_of(receipt_code(sealed.packet.id))  # the receipt's code is ready when its page opens
        return sealed

    def _done(self, _sealed: SealedRecord) -> None:
        self.shell.desk.courier.nudge()
        self.enrolment.go(Step.DONE)

    def _show(self, loaded: _Loaded) -> None:
        state, plan = self.session.state, self.session.plan
        title, note = backdrop_words(state.started.backdrop)
        zone = self.shell.desk.settings.zone_info
        approved = (
            self.tr("Disetujui pukul {time}").format(
                time=clock_time(state.approved_at.astimezone(zone))
            )
            if state.approved_at
            else ""
        )
        self.view.show_review(
            ReviewView(
                photo=loaded.pictures.get(Slot.FACE),
                photo_state=glyph_of(state.state(Slot.FACE, plan)),
                photo_note=approved,
                backdrop=state.started.backdrop,
                backdrop_note=self.tr("{colour}, {why}").format(colour=title, why=note),
                data=data_view(self.enrolment.person, state, self.shell.desk.population.master),
                data_state=State.DONE,
                right_eye=self._eye(Slot.IRIS_RIGHT, loaded),
                left_eye=self._eye(Slot.IRIS_LEFT, loaded),
                signature=loaded.pictures.get(Slot.SIGNATURE),
                signature_state=glyph_of(state.state(Slot.SIGNATURE, plan)),
                signature_note=self._reason(Slot.SIGNATURE),
                fingers=tuple(self._finger(slot, loaded) for slot in _ANATOMICAL),
            )
        )
        self._duplicates = loaded.duplicates or ()
        self._show_verdict(loaded)
        self.enrolment.show_rail()

    def _show_verdict(self, loaded: _Loaded) -> None:
        state, plan = self.session.state, self.session.plan
        blocking = [
            found
            for found in loaded.findings
            if found.blocks and found.code is not LintCode.UNCONFIRMED
        ]
        confirmed = state.confirmed is not None
        rows = [
            *self._duplicate_rows(
                loaded.duplicates
            ),  # first: at large text the last rows need scrolling
            *self._rows(),
            *(self._finding_row(found) for found in blocking),
        ]
        rows.append(
            VerdictRow(
                self.tr("Pemohon membenarkan"),
                State.DONE if confirmed else State.NOW,
                clock_time(state.confirmed.at.astimezone(self.shell.desk.settings.zone_info))
                if state.confirmed
                else self.tr("tunjukkan layar ini"),
            )
        )
        exempt = len(state.exemptions)
        wanted = sum(state.settled(slot, plan) for slot in plan.required)
        self.view.show_verdict(
            VerdictView(
                ok=not blocking and not loaded.duplicates,
                headline=self._headline(blocked=bool(blocking), again=bool(loaded.duplicates)),
                note=self.tr("{n} bagian, {e} pengecualian").format(n=wanted - exempt, e=exempt)
                if not blocking
                else self.tr("{n} hal perlu dilengkapi").format(n=len(blocking)),
                rows=tuple(rows),
                foot=self.tr("Panggil pengawas (F3) sebelum menyegel.")
                if loaded.duplicates
                else self.tr("Setelah disegel, isi tidak bisa diubah lagi di meja ini."),
            )
        )
        primary = None
        if not blocking:
            primary = (
                Action("seal", self.tr("Segel dan simpan"), "Enter")
                if confirmed
                else Action("confirm", self.tr("Pemohon membenarkan"), "Enter")
            )
        self.shell.window.set_actions(
            Actions(
                primary,
                (
                    self.back_action(),
                    Action("supervisor", self.tr("Panggil pengawas"), "F3", "speech"),
                    self.help_action(),
                ),
            )
        )

    def _headline(self, *, blocked: bool, again: bool) -> str:
        if blocked:
            return self.tr("Belum")
        return self.tr("Periksa dulu") if again else self.tr("Ya, lengkap")

    def _rows(self) -> list[VerdictRow]:
        state, plan = self.session.state, self.session.plan
        good = sum(state.state(slot, plan) is SlotState.CAPTURED for slot in FINGER_ORDER)
        rows = [
            VerdictRow(self.tr("Data cocok dengan SIAK"), State.DONE),
            self._slot_row(Slot.FACE, self.tr("Foto disetujui pemohon"), Step.PHOTO),
            self._slot_row(Slot.SIGNATURE, self.tr("Tanda tangan jelas"), Step.SIGNATURE),
        ]
        if good:
            rows.append(VerdictRow(self.tr("{n} sidik jari cukup baik").format(n=good), State.DONE))
        exempt = [slot for slot in FINGER_ORDER if slot in state.exemptions]
        if len(exempt) > 2:
            rows.append(
                VerdictRow(
                    self.tr("{n} jari dikecualikan").format(n=len(exempt)),
                    State.EXEMPT,
                    state.exemptions[exempt[0]].reason,
                    "step:fingers",
                )
            )
        else:
            rows += [
                VerdictRow(
                    slot_word(slot), State.EXEMPT, state.exemptions[slot].reason, "step:fingers"
                )
                for slot in exempt
            ]
        rows.append(self._iris_row())
        chip = state.chip_fingers(plan)
        if chip and all(state.recheck_settled(slot) for slot in chip):
            rows.append(VerdictRow(self.tr("Jari chip dicek ulang: cocok"), State.DONE))
        return rows

    def _slot_row(self, slot: Slot, good: str, step: Step) -> VerdictRow:
        if slot in self.session.state.exemptions:
            return VerdictRow(
                slot_word(slot), State.EXEMPT, self._reason(slot), f"step:{step.value}"
            )
        return VerdictRow(good, State.DONE)

    def _iris_row(self) -> VerdictRow:
        state = self.session.state
        exempt = [s for s in (Slot.IRIS_RIGHT, Slot.IRIS_LEFT) if s in state.exemptions]
        if not exempt:
            return VerdictRow(self.tr("Dua iris terbaca"), State.DONE)
        text = slot_word(exempt[0]) if len(exempt) == 1 else self.tr("Kedua iris dikecualikan")
        return VerdictRow(text, State.EXEMPT, self._reason(exempt[0]), "step:iris")

    def _duplicate_rows(self, found: tuple[Duplicate, ...] | None) -> list[VerdictRow]:
        if found is None:
            text = self.tr("Jari belum dicari di sini")
            return [VerdictRow(text, State.LOOK, self.tr("panggil teknisi"))]
        return [
            VerdictRow(
                self.tr("Jari ini sudah terekam"),
                State.LOOK,
                f"{short_code_of(each.record.packet_id)}, {each.record.person_name}",
            )
            for each in found
        ]

    def _finding_row(self, found: Finding) -> VerdictRow:
        step = _STEP_OF.get(found.code)
        if step is None and found.slot is not None:
            step = Step.FINGERS if found.slot in FINGER_OF else None
        return VerdictRow(
            _finding_word(found), State.LOOK, "", f"step:{step.value}" if step else ""
        )

    def _eye(self, slot: Slot, loaded: _Loaded) -> ReviewEye:
        best = self.session.state.best(slot)
        state = glyph_of(self.session.state.state(slot, self.session.plan))
        score = best.score if best and slot not in self.session.state.exemptions else None
        return ReviewEye(loaded.pictures.get(slot), state, score, self._reason(slot))

    def _finger(self, slot: Slot, loaded: _Loaded) -> ReviewFinger:
        best = self.session.state.best(slot)
        state = glyph_of(self.session.state.state(slot, self.session.plan))
        exempt = slot in self.session.state.exemptions
        return ReviewFinger(
            FINGER_OF[slot].name,
            loaded.pictures.get(slot),
            state,
            best.score if best and not exempt else None,
            self._reason(slot),
        )

    def _reason(self, slot: Slot) -> str:
        exemption = self.session.state.exemptions.get(slot)
        return exemption.reason if exemption else ""


def _finding_word(found: Finding) -> str:
    """Return one finding as the operator reads it; rare technical ones share a word and show their code."""
    part = slot_word(found.slot) if found.slot else ""
    words = {
        LintCode.NIK: translate("words", "NIK tidak sah"),
        LintCode.STATION_AREA: translate("words", "Kode wilayah meja ini salah"),
        LintCode.DOMICILE_AREA: translate("words", "Kode wilayah domisili tidak dikenal"),
        LintCode.DATA_UNCONFIRMED: translate("words", "Data belum dibenarkan"),
        LintCode.SLOT_OPEN: translate("words", "{part} belum ada").format(part=part),
        LintCode.PHOTO_UNAPPROVED: translate("words", "Foto belum disetujui"),
        LintCode.RECHECK_OPEN: translate("words", "{part} belum dicek ulang").format(part=part),
        LintCode.EXEMPTION_REASON: translate("words", "{part}: alasan belum ada").format(part=part),
        LintCode.EXEMPTION_APPROVAL: translate("words", "{part}: pengawas belum setuju").format(
            part=part
        ),
        LintCode.WAIVER_APPROVAL: translate("words", "{part}: pengawas belum setuju").format(
            part=part
        ),
        LintCode.DOCUMENT_SIZE: translate("words", "{part}: berkas terlalu besar").format(
            part=part
        ),
        LintCode.PACKET_SIZE: translate("words", "Paket terlalu besar"),
        LintCode.GRADE: translate("words", "{part}: alat bukan alat perekaman").format(part=part),
    }
    return words.get(
        found.code, translate("words", "Kunci atau alat: {code}").format(code=found.code.value)
    )
