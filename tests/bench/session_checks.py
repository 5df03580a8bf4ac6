"""What the in-session checks cost: ten drawn fingers, three tries each, two operators' fingers beside them."""

from collections.abc import Iterator

import cv2

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.builtin import Parts
from station.capture.builtin_engine import builtin_engine
from station.capture.checks import Recorded, StaffPrint, check_finger
from station.capture.engine import FingerTemplate
from station.capture.slots import FINGER_OF, FINGER_ORDER
from station.devices import FingerPosition
from tests.bench.rows import BenchRow, timed

_BODY, _OPERATOR, _TRIES = 61, 62, 3


def rows() -> list[BenchRow]:
    """Return the time of a whole person's checks and of the last finger's; OpenCV on one core meanwhile."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return list(_rows())
    finally:
        cv2.setNumThreads(threads)


def _rows() -> Iterator[BenchRow]:
    engine = builtin_engine()
    extract = Parts().minutiae.extract

    def template(body: int, position: FingerPosition, seed: int) -> FingerTemplate:
        return extract(impression(FingerIdentity(body, position), seed), 500)

    recorded = [
        Recorded(slot, attempt + 1, attempt == 0, True, template(_BODY, FINGER_OF[slot], attempt))
        for slot in FINGER_ORDER
        for attempt in range(_TRIES)
    ]
    staff = [
        StaffPrint("operator", template(_OPERATOR, position, 1))
        for position in (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
    ]
    best = [each for each in recorded if each.best]

    def person(tries: list[Recorded]) -> list[object]:
        return [
            check_finger(
                each.slot,
                each.template,
                [other for other in tries if FINGER_ORDER.index(other.slot) < number],
                engine.compare,
                good=True,
                staff=staff,
            )
            for number, each in enumerate(best)
        ]

    found = sum(finding is not None for finding in person(recorded))
    note = f"{found} of 10 right fingers wrongly found"
    yield timed("ten fingers, one try each", 500, lambda: person(best), note=note, runs=5)
    yield timed("ten fingers, three tries each", 1000, lambda: person(recorded), runs=5)
    last = best[-1]
    yield timed(
        "the tenth finger, three tries each",
        200,
        lambda: check_finger(
            last.slot, last.template, recorded, engine.compare, good=True, staff=staff
        ),
        runs=5,
    )
