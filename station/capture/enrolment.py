"""One enrolment as the fold of its events: attempts, exemptions, approvals and what they amount to."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from station.capture import events as ev
from station.capture.exemption import Exemption
from station.capture.plan import CapturePlan
from station.capture.sample import Sample
from station.capture.slots import CHIP_FIRST_CHOICE, HANDS, Slot
from station.errors import StoreCorrupt


class SlotState(StrEnum):
    """Where one slot stands."""

    OPEN = "open"  # nothing yet, or only attempts below the threshold
    WEAK = "weak"  # tries used up below the threshold: accept with a reason, or exempt
    CAPTURED = "captured"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The state of one enrolment; immutable, rebuilt by ``apply``."""

    started: ev.Started
    attempts: Mapping[Slot, tuple[Sample, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    withdrawn: Mapping[Slot, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    exemptions: Mapping[Slot, Exemption] = field(default_factory=lambda: MappingProxyType({}))
    accepted: Mapping[Slot, ev.SlotAccepted] = field(default_factory=lambda: MappingProxyType({}))
    rechecks: tuple[ev.Rechecked, ...] = ()
    waivers: tuple[ev.RecheckWaived, ...] = ()
    data_confirmed: bool = False
    photo_approved: str = ""  # sha256 of the approved photo
    approved_at: dt.datetime | None = None
    confirmed: ev.Confirmed | None = None
    sealed: ev.Sealed | None = None
    abandoned: ev.Abandoned | None = None

    @property
    def id(self) -> str:
        """The enrolment's identifier; becomes the packet id."""
        return self.started.enrolment_id

    def taken(self, slot: Slot) -> tuple[Sample, ...]:
        """Return all attempts at a slot in order, also those that were withdrawn."""
        return self.attempts.get(slot, ())

    def tries(self, slot: Slot) -> tuple[Sample, ...]:
        """Return the attempts at a slot that count, in order."""
        out = self.withdrawn.get(slot, frozenset())
        return tuple(sample for sample in self.taken(slot) if sample.attempt not in out)

    def best(self, slot: Slot) -> Sample | None:
        """Return the best attempt: usable before unusable, then by score, then the earlier one.

        The photo is chosen by the applicant: the approved one counts, otherwise the latest.
        The signature is the latest, since a person signs again to replace it.
        """
        tries = self.tries(slot)
        if not tries:
            return None
        if slot is Slot.FACE:
            chosen = [sample for sample in tries if sample.sha256 == self.photo_approved]
            return chosen[-1] if chosen else tries[-1]
        if slot is Slot.SIGNATURE:
            return tries[-1]
        return max(tries, key=lambda sample: (sample.usable, sample.score, -sample.attempt))

    def state(self, slot: Slot, plan: CapturePlan) -> SlotState:
        """Return where the slot stands under this plan."""
        if slot in self.exemptions:
            return SlotState.EXEMPT
        best = self.best(slot)
        if best is None:
            return SlotState.OPEN
        if slot in self.accepted or (best.usable and best.score >= plan.threshold(slot)):
            return SlotState.CAPTURED
        if len(self.tries(slot)) >= plan.tries_before_exemption:
            return SlotState.WEAK
        return SlotState.OPEN

    def settled(self, slot: Slot, plan: CapturePlan) -> bool:
        """Return whether nothing more is asked of this slot."""
        return self.state(slot, plan) in {SlotState.CAPTURED, SlotState.EXEMPT}

    def chip_fingers(self, plan: CapturePlan) -> tuple[Slot, ...]:
        """Return the fingers meant for the chip: each index, else the best of its hand, then any other.

        Substitution order: best captured finger of the same hand, then of the other hand.
        """
        captured = [
            slot
            for hand in HANDS.values()
            for slot in hand
            if self.state(slot, plan) is SlotState.CAPTURED
        ]

        def score(slot: Slot) -> int:
            best = self.best(slot)
            return best.score if best else -1

        chosen: list[Slot] = []
        for index in CHIP_FIRST_CHOICE:
            same_hand = [slot for slot in HANDS[index] if slot in captured and slot not in chosen]
            if index in same_hand:
                chosen.append(index)
            elif same_hand:
                chosen.append(max(same_hand, key=score))
        for slot in sorted(captured, key=score, reverse=True):
            if len(chosen) < plan.chip_fingers and slot not in chosen:
                chosen.append(slot)
        return tuple(chosen[: plan.chip_fingers])

    def recheck_settled(self, slot: Slot) -> bool:
        """Return whether this chip finger matched its *present* best sample, or a second person waived it."""
        best = self.best(slot)
        sha256 = best.sha256 if best else ""
        matched = any(
            check.slot is slot and check.matched and check.sample_sha256 == sha256
            for check in self.rechecks
        )
        return matched or any(
            waiver.slot is slot and waiver.sample_sha256 == sha256 for waiver in self.waivers
        )

    def recheck_failures(self, slot: Slot) -> int:
        """Return how often the present best sample of this finger failed the re-check."""
        best = self.best(slot)
        sha256 = best.sha256 if best else ""
        return sum(
            check.slot is slot and not check.matched and check.sample_sha256 == sha256
            for check in self.rechecks
        )


def _taken(state: Enrolment, event: ev.AttemptTaken) -> Enrolment:
    slot = event.sample.slot
    attempts = {**state.attempts, slot: (*state.taken(slot), event.sample)}
    # Anything that changes what was reviewed takes the confirmation back.
    changed = replace(state, attempts=MappingProxyType(attempts), confirmed=None)
    if slot in {Slot.FACE, Slot.SIGNATURE}:  # the latest counts: what was accepted was another one
        kept = {other: event for other, event in state.accepted.items() if other is not slot}
        changed = replace(changed, accepted=MappingProxyType(kept))
    if slot is Slot.FACE:
        changed = replace(changed, photo_approved="", approved_at=None)
    return changed


def _withdrawn(state: Enrolment, event: ev.AttemptsWithdrawn) -> Enrolment:
    slot = event.slot
    out = {**state.withdrawn, slot: state.withdrawn.get(slot, frozenset()) | set(event.attempts)}
    changed = replace(state, withdrawn=MappingProxyType(out), confirmed=None)
    if state.best(slot) == changed.best(slot):
        return changed
    # What was accepted was another part of the body.
    kept = {other: item for other, item in state.accepted.items() if other is not slot}
    return replace(changed, accepted=MappingProxyType(kept))


def _exempted(state: Enrolment, event: ev.ExemptionGiven) -> Enrolment:
    exemptions = {**state.exemptions, event.exemption.slot: event.exemption}
    return replace(state, exemptions=MappingProxyType(exemptions), confirmed=None)


def _lifted(state: Enrolment, event: ev.ExemptionLifted) -> Enrolment:
    kept = {slot: item for slot, item in state.exemptions.items() if slot is not event.slot}
    return replace(state, exemptions=MappingProxyType(kept), confirmed=None)


def apply(state: Enrolment, event: ev.CaptureEvent) -> Enrolment:
    """Return the state after one more event."""
    match event:
        case ev.Started():
            raise StoreCorrupt(what="second start in one draft")
        case ev.DataConfirmed():
            return replace(state, data_confirmed=True)
        case ev.AttemptTaken():
            return _taken(state, event)
        case ev.AttemptsWithdrawn():
            return _withdrawn(state, event)
        case ev.PhotoApproved():
            return replace(state, photo_approved=event.sha256, approved_at=event.at)
        case ev.SlotAccepted():
            accepted = {**state.accepted, event.slot: event}
            return replace(state, accepted=MappingProxyType(accepted), confirmed=None)
        case ev.ExemptionGiven():
            return _exempted(state, event)
        case ev.ExemptionLifted():
            return _lifted(state, event)
        case ev.Rechecked():
            return replace(state, rechecks=(*state.rechecks, event))
        case ev.RecheckWaived():
            return replace(state, waivers=(*state.waivers, event))
        case ev.Confirmed():
            return replace(state, confirmed=event)
        case ev.Sealed():
            return replace(state, sealed=event)
        case ev.Abandoned():
            return replace(state, abandoned=event)


def replay(events: Iterable[ev.CaptureEvent]) -> Enrolment:
    """Return the enrolment that these events amount to; StoreCorrupt when the start is missing."""
    stream = iter(events)
    first = next(stream, None)
    if not isinstance(first, ev.Started):
        raise StoreCorrupt(what="draft without its start")
    state = Enrolment(first)
    for event in stream:
        state = apply(state, event)
    return state
