"""Is it the right part of the right person? Findings from comparing a capture with what is already there.

Pure: templates and a comparison come in, at most one finding comes out. Nothing is found where the
comparison is not sure; a finding asks again, it never closes a record.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from station.capture.engine import EyeTemplate, FingerMatch, FingerTemplate
from station.capture.slots import EYE_OF, Slot
from station.devices import Eye
from station.errors import CaptureRefused

OLDER_TRIES: Final = (
    2  # per slot, beside the best: what is compared grows with the tries, not the time
)


class Found(StrEnum):
    """What is wrong with a capture; the value is the reason code of the refusal."""

    SAME_FINGER = "SAME_FINGER"  # stands under another name already
    WRONG_HAND = "WRONG_HAND"  # stands under the same finger of the other hand: hands swapped
    OTHER_FINGER = "OTHER_FINGER"  # a good earlier try of this very slot shows another finger
    OPERATOR_FINGER = "OPERATOR_FINGER"  # belongs to somebody who works here
    SAME_EYE = "SAME_EYE"  # the eye fills the other slot already
    EYES_SWAPPED = "EYES_SWAPPED"  # each eye's picture looks like the other side


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: what was asked for, where the same part stands, and how alike they are."""

    kind: Found
    slot: Slot
    other: Slot | None = None
    attempt: int = 0  # of ``other``; 0 where there is none
    counts: bool = True  # False: a try of ``other`` that is not its best; this capture is right
    who: str = ""  # account id of the operator
    score: float = 0.0

    def refusal(self) -> CaptureRefused:
        """Return the finding as the error that keeps the capture out."""
        return CaptureRefused(
            reason=self.kind.value,
            slot=self.slot.value,
            other=self.other.value if self.other else "",
            who=self.who,
            score=round(self.score, 2),
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """One stored try of a finger."""

    slot: Slot
    attempt: int
    best: bool  # the one that counts for its slot
    good: bool  # usable and above the plan's threshold
    template: FingerTemplate = field(repr=False)


@dataclass(frozen=True, slots=True)
class StaffPrint:
    """A finger of somebody who works here."""

    who: str
    template: FingerTemplate = field(repr=False)


Compare = Callable[[FingerTemplate, FingerTemplate], FingerMatch]


def check_finger(
    slot: Slot,
    template: FingerTemplate,
    recorded: Sequence[Recorded],
    compare: Compare,
    *,
    good: bool,
    staff: Iterable[StaffPrint] = (),
) -> Finding | None:
    """Return what is wrong with a new finger, None when nothing is.

    The prints that count come first and the likest decides; then the staff; then earlier tries of other
    slots (those show a slip of then, this capture is right); last the slot's own good tries.
    """
    others = [each for each in recorded if each.slot is not slot]
    for counting in (True, False):
        if not counting:
            found = _of_staff(slot, template, staff, compare)
            if found is not None:
                return found
        tries = [each for each in others if each.best is counting]
        matches = [(compare(template, each.template), each) for each in tries]
        same = [(match.score, each) for match, each in matches if match.same]
        if same:
            score, stands = max(same, key=lambda pair: pair[0])
            kind = Found.WRONG_HAND if mirrored(slot) is stands.slot else Found.SAME_FINGER
            return Finding(kind, slot, stands.slot, stands.attempt, counts=counting, score=score)
    own = [each for each in recorded if each.slot is slot and each.best and each.good]
    for each in own if good else ():
        match = compare(template, each.template)
        if not match.same:
            return Finding(Found.OTHER_FINGER, slot, slot, each.attempt, score=match.score)
    return None


def _of_staff(
    slot: Slot, template: FingerTemplate, staff: Iterable[StaffPrint], compare: Compare
) -> Finding | None:
    for each in staff:
        match = compare(template, each.template)
        if match.same:
            return Finding(Found.OPERATOR_FINGER, slot, who=each.who, score=match.score)
    return None


def check_eye(
    slot: Slot,
    template: EyeTemplate | None,
    recorded: Iterable[tuple[Slot, int, EyeTemplate]],
    same: Callable[[EyeTemplate, EyeTemplate], bool],
    side: Callable[[EyeTemplate], Eye | None],
) -> Finding | None:
    """Return what is wrong with a new eye: it stands in the other slot, or the two eyes are swapped.

    ``side`` says which eye a picture shows, None when that is not sure. Both pictures must speak against
    their slots: of one alone an unusual eye may look like the other. An eye without a template (not found)
    is refused by its own verdict.
    """
    if template is None:
        return None
    for other, attempt, stored in recorded:
        if other is slot:
            continue
        if same(template, stored):
            return Finding(Found.SAME_EYE, slot, other, attempt)
        if side(template) is EYE_OF[other] and side(stored) is EYE_OF[slot]:
            return Finding(Found.EYES_SWAPPED, slot, other, attempt)
    return None


def mirrored(slot: Slot) -> Slot:
    """Return the same finger of the other hand."""
    name = slot.name
    if name.startswith("RIGHT"):
        return Slot[name.replace("RIGHT", "LEFT", 1)]
    return Slot[name.replace("LEFT", "RIGHT", 1)]
