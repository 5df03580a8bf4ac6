"""The emulated applicant: does what the desk's screen asks a person to do, with a person's habits."""

import random
from collections.abc import Mapping
from typing import Any, Protocol

from station.capture.slots import EYE_OF, FINGER_OF, Slot


class StageLine(Protocol):
    """Where the applicant's movements go."""

    def tell(self, **command: object) -> object:
        """Send one command to the stage."""
        ...


class Applicant:
    """One person at the desk. ``person`` is the stage's description of the body.

    A seeded habit: one finger is put down too lightly at the first try, as happens at every desk.
    """

    def __init__(self, stage: StageLine, person: Mapping[str, Any], *, seed: int = 1) -> None:
        self._stage = stage
        self._person = dict(person)
        self._tries: dict[Slot, int] = {}
        choice = random.Random(seed * 7919 + int(person["body"]))
        able = [slot for slot, f in FINGER_OF.items() if f.name not in person.get("missing", ())]
        self._light_first = choice.choice(able) if able else None

    def enter(self) -> None:
        """Sit down at the desk."""
        self._stage.tell(do="enter", person=self._person)

    def leave(self) -> None:
        """Get up."""
        self._stage.tell(do="leave")

    def asked(self, slot: Slot | None, *, recheck: bool = False) -> None:
        """Do what the screen asks: place that finger, look, sign; None = relax."""
        if slot is None:
            self._stage.tell(do="finger", position=None)
            self._stage.tell(do="look", look=False)
            return
        number = self._tries.get(slot, 0)
        self._tries[slot] = number + 1
        if slot in FINGER_OF:
            light = slot is self._light_first and number == 0 and not recheck
            self._stage.tell(
                do="finger", position=FINGER_OF[slot].name, how="light" if light else "good"
            )
        elif slot in EYE_OF:
            self._stage.tell(do="look", look=True)
        elif slot is Slot.SIGNATURE:
            self._stage.tell(do="sign")
        elif slot is Slot.FACE and number:
            self._stage.tell(do="restart_face")
