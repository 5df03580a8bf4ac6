"""What this site demands of a capture: limits as data, changed by configuration and never in code."""

from dataclasses import dataclass

from station.capture.slots import CAPTURE_ORDER, Slot


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """Required slots and limits. A score equal to its threshold passes."""

    required: tuple[Slot, ...] = CAPTURE_ORDER
    finger_score: int = 40
    iris_score: int = 40
    face_score: int = 40
    signature_score: int = 1
    tries_before_exemption: int = 3  # after so many weak attempts the exemption is offered
    hold_still_s: float = 0.5  # all checks must hold so long before the photo takes itself
    recheck_tries: int = 3
    max_attempts: int = 12  # per slot: a runaway device must not fill the disk
    chip_fingers: int = 2
    training: bool = False  # admit devices of verification grade: never outside a rehearsal

    def threshold(self, slot: Slot) -> int:
        """Return the score from which an attempt at this slot counts as good."""
        if slot is Slot.FACE:
            return self.face_score
        if slot is Slot.SIGNATURE:
            return self.signature_score
        if slot in {Slot.IRIS_LEFT, Slot.IRIS_RIGHT}:
            return self.iris_score
        return self.finger_score
