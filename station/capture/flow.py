"""The way through an enrolment as a table: steps, what opens each, and where to resume."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from station.capture.enrolment import Enrolment
from station.capture.plan import CapturePlan
from station.capture.slots import FINGER_ORDER, IRIS_ORDER, Slot
from station.errors import CaptureRefused


class Step(StrEnum):
    """The seven places on the rail."""

    DATA = "data"
    PHOTO = "photo"
    SIGNATURE = "signature"
    FINGERS = "fingers"
    IRIS = "iris"
    REVIEW = "review"
    DONE = "done"


STEPS: Final[tuple[Step, ...]] = tuple(Step)

SLOTS_OF: Final[Mapping[Step, tuple[Slot, ...]]] = MappingProxyType(
    {
        Step.DATA: (),
        Step.PHOTO: (Slot.FACE,),
        Step.SIGNATURE: (Slot.SIGNATURE,),
        Step.FINGERS: FINGER_ORDER,
        Step.IRIS: IRIS_ORDER,
        Step.REVIEW: (),
        Step.DONE: (),
    }
)


def open_slots(state: Enrolment, plan: CapturePlan, step: Step) -> tuple[Slot, ...]:
    """Return the slots of a step that still ask for something, in capture order."""
    return tuple(
        slot for slot in SLOTS_OF[step] if slot in plan.required and not state.settled(slot, plan)
    )


def open_rechecks(state: Enrolment, plan: CapturePlan) -> tuple[Slot, ...]:
    """Return the chip fingers that have not matched again yet."""
    return tuple(slot for slot in state.chip_fingers(plan) if not state.recheck_settled(slot))


def _photo_done(state: Enrolment, plan: CapturePlan) -> bool:
    if open_slots(state, plan, Step.PHOTO):
        return False
    return Slot.FACE in state.exemptions or bool(state.photo_approved)


def _fingers_done(state: Enrolment, plan: CapturePlan) -> bool:
    return not open_slots(state, plan, Step.FINGERS) and not open_rechecks(state, plan)


_COMPLETE: Final[Mapping[Step, Callable[[Enrolment, CapturePlan], bool]]] = MappingProxyType(
    {
        Step.DATA: lambda state, _plan: state.data_confirmed,
        Step.PHOTO: _photo_done,
        Step.SIGNATURE: lambda state, plan: not open_slots(state, plan, Step.SIGNATURE),
        Step.FINGERS: _fingers_done,
        Step.IRIS: lambda state, plan: not open_slots(state, plan, Step.IRIS),
        Step.REVIEW: lambda state, _plan: state.sealed is not None,
        Step.DONE: lambda state, _plan: state.sealed is not None,
    }
)


def complete(state: Enrolment, plan: CapturePlan, step: Step) -> bool:
    """Return whether a step asks for nothing more."""
    return _COMPLETE[step](state, plan)


def reachable(state: Enrolment, plan: CapturePlan, step: Step) -> bool:
    """Return whether the operator may stand at this step: every step before it is complete.

    A sealed enrolment has only its last page.
    """
    if state.sealed is not None:
        return step is Step.DONE
    before = STEPS[: STEPS.index(step)]
    return all(complete(state, plan, earlier) for earlier in before)


def resume_step(state: Enrolment, plan: CapturePlan) -> Step:
    """Return the first step that still asks for something: where the desk reopens after a power cut."""
    for step in STEPS:
        if not complete(state, plan, step):
            return step
    return Step.DONE


def next_step(state: Enrolment, plan: CapturePlan, step: Step) -> Step:
    """Return the step after this one; CaptureRefused when this one still asks for something."""
    if not complete(state, plan, step):
        raise CaptureRefused(step=step.value, reason="STEP_OPEN")
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def previous_step(state: Enrolment, step: Step) -> Step:
    """Return the step before this one; nothing is lost by going back. Sealed stays sealed."""
    if state.sealed is not None:
        return Step.DONE
    return STEPS[max(STEPS.index(step) - 1, 0)]
