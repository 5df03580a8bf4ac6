"""One enrolment at work: every verb of the desk, guarded, durable before it returns.

All methods block (judging, encryption, disk) and belong in a worker thread; they may be called from
different threads one after the other. A refused action changes nothing.
"""

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from station.biometrics.verdict import Verdict
from station.capture import events as ev
from station.capture import flow
from station.capture.checks import (
    OLDER_TRIES,
    Finding,
    Found,
    Recorded,
    StaffPrint,
    check_eye,
    check_finger,
)
from station.capture.draft import Draft
from station.capture.engine import Encoded, Engine, EyeTemplate, FingerMatch, FingerTemplate
from station.capture.enrolment import Enrolment, SlotState, apply, replay
from station.capture.exemption import (
    NEEDS_RETURN_DATE,
    NEEDS_SECOND_PERSON,
    Exemption,
    ExemptionKind,
)
from station.capture.plan import CapturePlan
from station.capture.sample import Sample
from station.capture.slots import EYE_OF, FINGER_OF, SLOT_OF_EYE, Slot
from station.clock import Clock
from station.devices import (
    DeviceInfo,
    FingerPosition,
    Frame,
    Grade,
    ImageCapture,
    Pixels,
    SignatureCapture,
)
from station.errors import CaptureRefused, GradeRefused


@dataclass(frozen=True, slots=True)
class Taken:
    """A stored attempt with its full verdict, and the best of the slot after it."""

    sample: Sample
    verdict: Verdict
    best: Sample
    state: SlotState
    finding: Finding | None = None  # an earlier slip that this capture showed


@dataclass(frozen=True, slots=True)
class _Made:
    """What made a sample, common to all modalities."""

    device: DeviceInfo
    captured_at: dt.datetime
    frame_id: int
    depth: int


class EnrolmentSession:
    """The verbs of one enrolment over a durable draft."""

    def __init__(
        self,
        draft: Draft,
        plan: CapturePlan,
        engine: Engine,
        clock: Clock,
        operator: str,
        staff: Callable[[], Sequence[StaffPrint]] = tuple,
    ) -> None:
        """Open the enrolment on its draft; ``staff`` gives the fingers of those who work here, if any."""
        self._draft = draft
        self._plan = plan
        self._engine = engine
        self._clock = clock
        self._operator = operator
        self._lock = threading.RLock()
        self._state = replay(draft.events())
        self._staff = staff
        self._templates: dict[str, FingerTemplate] = {}  # by sample sha256
        self._swap_told = False  # said once: eyes may be unusual, and the operator has looked then
        self._eyes: dict[str, EyeTemplate | None] = {}  # by sample sha256

    @property
    def state(self) -> Enrolment:
        """The present state; immutable, safe to hand to any thread."""
        return self._state

    @property
    def plan(self) -> CapturePlan:
        """The limits this enrolment works under."""
        return self._plan

    @property
    def draft(self) -> Draft:
        """Where the enrolment lies until it is sealed."""
        return self._draft

    def sample_bytes(self, sample: Sample) -> bytes:
        """Return the stored bytes of a sample; StoreError kinds."""
        return self._draft.read(sample.sha256)

    def confirm_data(self) -> Enrolment:
        """Note that the applicant confirmed the register's data."""
        with self._lock:
            self._refuse_when_closed()
            if self._state.data_confirmed:
                return self._state
            return self._append(ev.DataConfirmed(self._operator, self._clock.now()))

    def record_photo(self, frame: Frame, device: DeviceInfo) -> Taken:
        """Judge the full-resolution still, cut the portrait, keep it; approval is asked afresh."""
        with self._lock:
            self._refuse_unless_open(Slot.FACE)
            self._refuse_grade(device)
            judged = self._engine.photo(frame.pixels, self._state.started.backdrop)
            made = _Made(device, self._clock.now(), frame.id, 8)
            return self._keep(Slot.FACE, judged.portrait, judged.verdict, made)

    def approve_photo(self) -> Enrolment:
        """Note that the applicant approved the photo on the screen."""
        with self._lock:
            self._refuse_when_closed()
            best = self._state.best(Slot.FACE)
            if best is None:
                raise CaptureRefused(reason="NO_PHOTO")
            if not self._state.settled(Slot.FACE, self._plan):
                raise CaptureRefused(reason="PHOTO_WEAK")
            return self._append(ev.PhotoApproved(best.sha256, self._clock.now()))

    def record_signature(self, capture: SignatureCapture) -> Taken:
        """Judge and draw the signature; the raw points are kept beside the picture as the evidence."""
        with self._lock:
            self._refuse_unless_open(Slot.SIGNATURE)
            self._refuse_grade(capture.device)
            verdict = self._engine.signature(capture.points, capture.dropped)
            drawn = self._engine.draw_signature(capture.points)
            points = self._engine.encode_points(capture.points)
            made = _Made(capture.device, capture.captured_at, 0, 8)
            return self._keep(Slot.SIGNATURE, drawn, verdict, made, companion=points)

    def record_finger(self, slot: Slot, capture: ImageCapture) -> Taken:
        """Judge and keep one finger; refuses one that stands under another name, or is the staff's.

        Where an earlier, weaker try of another slot was this finger, that try is withdrawn: ``finding`` of
        the result says so.
        """
        with self._lock:
            if slot not in FINGER_OF:
                raise CaptureRefused(reason="NOT_A_FINGER", slot=slot.value)
            self._refuse_unless_open(slot)
            self._refuse_grade(capture.device)
            verdict = self._engine.finger(capture.pixels, capture.ppi)
            template = self._engine.template(capture.pixels, capture.ppi)
            found = self._look_at_finger(slot, template, verdict)
            encoded = self._engine.encode_finger(capture.pixels, capture.ppi)
            made = _Made(capture.device, capture.captured_at, capture.frame_id, capture.depth)
            taken = self._keep(slot, encoded, verdict, made)
            self._templates[taken.sample.sha256] = template
            if found is not None and found.other is not None:
                self._withdraw(found.other, (found.attempt,), found.kind.value)
            return replace(taken, finding=found)

    def record_iris(self, capture: ImageCapture) -> Taken:
        """Judge and keep one eye, labelled by the device; refuses the other eye's picture."""
        with self._lock:
            if capture.eye is None:
                raise CaptureRefused(reason="EYE_UNKNOWN")
            slot = SLOT_OF_EYE[capture.eye]
            self._refuse_unless_open(slot)
            self._refuse_grade(capture.device)
            template = self._look_at_eye(slot, capture.pixels)
            verdict = self._engine.iris(capture.pixels, capture.eye)
            encoded = self._engine.encode_iris(capture.pixels)
            made = _Made(capture.device, capture.captured_at, capture.frame_id, capture.depth)
            taken = self._keep(slot, encoded, verdict, made)
            self._eyes[taken.sample.sha256] = template
            return taken

    def withdraw(self, slots: Sequence[Slot], because: str) -> Enrolment:
        """Let all tries of these fingers or eyes count no more: they were of another part or person.

        The tries stay in the draft with the reason; the slots are open again.
        """
        with self._lock:
            self._refuse_when_closed()
            self._refuse_without_reason(because)
            for slot in slots:
                if slot not in FINGER_OF and slot not in EYE_OF:
                    raise CaptureRefused(reason="NOT_WITHDRAWABLE", slot=slot.value)
            for slot in slots:
                numbers = tuple(sample.attempt for sample in self._state.tries(slot))
                if numbers:
                    self._withdraw(slot, numbers, because)
            return self._state

    def recheck(self, slot: Slot, capture: ImageCapture) -> ev.Rechecked:
        """Compare a newly placed chip finger 1:1 with its stored sample and note the outcome."""
        with self._lock:
            self._refuse_when_closed()
            best = self._state.best(slot)
            if best is None or slot not in self._state.chip_fingers(self._plan):
                raise CaptureRefused(reason="NOT_A_CHIP_FINGER", slot=slot.value)
            match = self.compare(slot, capture)
            event = ev.Rechecked(slot, best.sha256, match.score, match.same, self._clock.now())
            self._append(event)
            return event

    def compare(self, slot: Slot, capture: ImageCapture) -> FingerMatch:
        """Return how well an image matches the best sample of a finger."""
        best = self._state.best(slot)
        if best is None:
            raise CaptureRefused(reason="SLOT_EMPTY", slot=slot.value)
        probe = self._engine.template(capture.pixels, capture.ppi)
        return self._engine.compare(probe, self._template_of(best))

    def finger_templates(self) -> Mapping[FingerPosition, FingerTemplate]:
        """Return what the best try of each recorded finger is compared by; StoreError kinds."""
        with self._lock:
            return {
                position: self._template_of(best)
                for slot, position in FINGER_OF.items()
                if slot not in self._state.exemptions
                and (best := self._state.best(slot)) is not None
            }

    def waive_recheck(self, slot: Slot, reason: str, approved_by: str) -> Enrolment:
        """Let the record go on although the finger did not match again; a second person answers for it."""
        with self._lock:
            self._refuse_when_closed()
            best = self._state.best(slot)
            if best is None or self._state.recheck_failures(slot) < self._plan.recheck_tries:
                raise CaptureRefused(reason="RECHECK_TRIES_LEFT", slot=slot.value)
            self._refuse_without_reason(reason)
            self._refuse_same_person(approved_by)
            return self._append(
                ev.RecheckWaived(
                    slot, best.sha256, reason, self._operator, approved_by, self._clock.now()
                )
            )

    def accept_weak(self, slot: Slot, reason: str) -> Enrolment:
        """Keep the best attempt although it is below the threshold; only after the retries, with a reason."""
        with self._lock:
            self._refuse_when_closed()
            if self._state.state(slot, self._plan) is not SlotState.WEAK:
                raise CaptureRefused(reason="TRIES_LEFT", slot=slot.value)
            self._refuse_without_reason(reason)
            return self._append(ev.SlotAccepted(slot, reason, self._operator, self._clock.now()))

    def exempt(
        self,
        slot: Slot,
        kind: ExemptionKind,
        reason: str,
        *,
        approved_by: str = "",
        return_on: dt.date | None = None,
    ) -> Enrolment:
        """Leave a slot empty for a documented reason."""
        with self._lock:
            self._refuse_when_closed()
            self._refuse_without_reason(reason)
            if kind in NEEDS_SECOND_PERSON:
                self._refuse_same_person(approved_by)
            if kind in NEEDS_RETURN_DATE and return_on is None:
                raise CaptureRefused(reason="RETURN_DATE_MISSING", slot=slot.value)
            exemption = Exemption(
                slot,
                kind,
                reason.strip(),
                self._operator,
                self._clock.now(),
                approved_by,
                return_on,
            )
            return self._append(ev.ExemptionGiven(exemption))

    def lift_exemption(self, slot: Slot) -> Enrolment:
        """Ask for the slot again."""
        with self._lock:
            self._refuse_when_closed()
            if slot not in self._state.exemptions:
                raise CaptureRefused(reason="NOT_EXEMPT", slot=slot.value)
            return self._append(ev.ExemptionLifted(slot, self._operator, self._clock.now()))

    def confirm(self) -> Enrolment:
        """Note the applicant's confirmation of the whole record; every step before must be complete."""
        with self._lock:
            self._refuse_when_closed()
            if not flow.reachable(self._state, self._plan, flow.Step.REVIEW):
                step = flow.resume_step(self._state, self._plan)
                raise CaptureRefused(reason="STEP_OPEN", step=step.value)
            if self._state.confirmed is not None:
                return self._state
            return self._append(ev.Confirmed(self._operator, self._clock.now()))

    def abandon(self, reason: str) -> None:
        """End the enrolment before sealing and shred its samples."""
        with self._lock:
            self._refuse_when_closed()
            self._refuse_without_reason(reason)
            self._append(ev.Abandoned(reason, self._operator, self._clock.now()))
            self._draft.shred()

    def note_sealed(self, event: ev.Sealed) -> Enrolment:
        """Take over that the packet is sealed: the store wrote the event and shredded the draft."""
        with self._lock:
            self._state = apply(self._state, event)
            return self._state

    def _append(self, event: ev.CaptureEvent) -> Enrolment:
        changed = apply(self._state, event)
        self._draft.append(event)
        self._state = changed
        return changed

    def _keep(
        self, slot: Slot, encoded: Encoded, verdict: Verdict, made: _Made, companion: bytes = b""
    ) -> Taken:
        """Store the bytes first, then the event that names them: an event never points to nothing."""
        sha256 = self._draft.keep(encoded.data)
        companion_sha256 = self._draft.keep(companion) if companion else ""
        sample = Sample(
            slot=slot,
            attempt=len(self._state.taken(slot)) + 1,
            sha256=sha256,
            size=len(encoded.data),
            media_type=encoded.media_type,
            width=encoded.width,
            height=encoded.height,
            ppi=encoded.ppi,
            depth=made.depth,
            device=made.device,
            captured_at=made.captured_at,
            frame_id=made.frame_id,
            algorithm=verdict.algorithm,
            algorithm_version=verdict.version,
            score=verdict.score,
            usable=verdict.usable,
            measures=tuple((m.name, round(float(m.value), 4)) for m in verdict.measures),
            companion_sha256=companion_sha256,
            companion_size=len(companion),
        )
        state = self._append(ev.AttemptTaken(sample))
        best = state.best(slot)
        return Taken(sample, verdict, best if best else sample, state.state(slot, self._plan))

    def _template_of(self, sample: Sample) -> FingerTemplate:
        template = self._templates.get(sample.sha256)
        if (
            template is None
        ):  # resumed after a restart: the template is made again from the stored image
            pixels = self._engine.decode_finger(self._draft.read(sample.sha256))
            template = self._engine.template(pixels, sample.ppi)
            self._templates[sample.sha256] = template
        return template

    def _look_at_finger(
        self, slot: Slot, template: FingerTemplate, verdict: Verdict
    ) -> Finding | None:
        """Refuse what is not the asked finger of the applicant; return an earlier slip it shows."""
        recorded = [each for other in FINGER_OF for each in self._recorded(other)]
        good = verdict.usable and verdict.score >= self._plan.threshold(slot)
        found = check_finger(
            slot, template, recorded, self._engine.compare, good=good, staff=self._staff()
        )
        if found is not None and found.counts:
            raise found.refusal()
        return found

    def _recorded(self, slot: Slot) -> list[Recorded]:
        """Return the best try of a finger and its last few others; of an exempted one none counts."""
        best = self._state.best(slot)
        if best is None:
            return []
        older = [sample for sample in self._state.tries(slot) if sample is not best]
        threshold = self._plan.threshold(slot)
        return [
            Recorded(
                slot,
                sample.attempt,
                sample is best and slot not in self._state.exemptions,
                sample.usable and sample.score >= threshold,
                self._template_of(sample),
            )
            for sample in (best, *older[-OLDER_TRIES:])
        ]

    def _look_at_eye(self, slot: Slot, pixels: Pixels) -> EyeTemplate | None:
        """Refuse what is not the asked eye; return what eyes are compared by."""
        template = self._engine.eye_template(pixels)
        recorded = [
            (other, best.attempt, stored)
            for other in EYE_OF
            if (best := self._state.best(other)) is not None
            and (stored := self._eye_of(best)) is not None
        ]
        engine = self._engine
        found = check_eye(slot, template, recorded, engine.same_eye, engine.eye_side)
        if found is not None and not (found.kind is Found.EYES_SWAPPED and self._swap_told):
            self._swap_told |= found.kind is Found.EYES_SWAPPED
            raise found.refusal()
        return template

    def _eye_of(self, sample: Sample) -> EyeTemplate | None:
        if sample.sha256 not in self._eyes:
            pixels = self._engine.decode_iris(self._draft.read(sample.sha256))
            self._eyes[sample.sha256] = self._engine.eye_template(pixels)
        return self._eyes[sample.sha256]

    def _withdraw(self, slot: Slot, attempts: tuple[int, ...], because: str) -> None:
        self._append(
            ev.AttemptsWithdrawn(slot, attempts, because, self._operator, self._clock.now())
        )

    def _refuse_when_closed(self) -> None:
        if self._state.sealed is not None or self._state.abandoned is not None:
            raise CaptureRefused(reason="CLOSED")

    def _refuse_unless_open(self, slot: Slot) -> None:
        self._refuse_when_closed()
        if not self._state.data_confirmed:
            raise CaptureRefused(reason="DATA_NOT_CONFIRMED")
        if slot is not Slot.FACE and not (
            self._state.photo_approved or Slot.FACE in self._state.exemptions
        ):
            raise CaptureRefused(reason="PHOTO_NOT_APPROVED", slot=slot.value)
        if slot in self._state.exemptions:
            raise CaptureRefused(reason="SLOT_EXEMPT", slot=slot.value)
        if len(self._state.taken(slot)) >= self._plan.max_attempts:
            raise CaptureRefused(reason="TOO_MANY_ATTEMPTS", slot=slot.value)

    def _refuse_grade(self, device: DeviceInfo) -> None:
        if device.grade is Grade.VERIFICATION and not self._plan.training:
            raise GradeRefused(driver=device.driver)

    @staticmethod
    def _refuse_without_reason(reason: str) -> None:
        if not reason.strip():
            raise CaptureRefused(reason="REASON_MISSING")

    def _refuse_same_person(self, approved_by: str) -> None:
        if not approved_by or approved_by == self._operator:
            raise CaptureRefused(reason="SECOND_PERSON_MISSING")
