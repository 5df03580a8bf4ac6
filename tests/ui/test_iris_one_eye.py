"""A scanner that sees one eye is asked for one eye at a time: it could not tell the two apart."""

import threading

import pytest

from station.capabilities import Capabilities
from station.devices import Eye, Modality
from station.errors import OperatorCancelled
from station.guidance import Guidance
from tests.ui.device_puppets import ScriptedSupervision
from tests.ui.iris_workplace import IrisWorkplace
from ui.desk import Devices
from ui.icons import State
from ui.messages import coach_sentence


class Scanner:
    """Remembers what it was asked for and waits."""

    def __init__(self):
        self.asked = []
        self.armed = threading.Event()

    def open(self, _deadline):
        """Nothing to open."""

    def capture(self, eyes, sink, cancel, _deadline):
        self.asked.append(tuple(eyes))
        sink(Guidance.LAMP_RESTS)
        self.armed.set()
        cancel.wait(10)
        raise OperatorCancelled


@pytest.mark.parametrize(
    ("at_once", "asked"),
    [(1, (Eye.RIGHT,)), (2, (Eye.RIGHT, Eye.LEFT)), (0, (Eye.RIGHT, Eye.LEFT))],
)
def test_as_many_eyes_are_asked_for_as_the_scanner_sees(theme, qtbot, at_once, asked):
    scanner, supervision = Scanner(), ScriptedSupervision()
    supervision.becomes(Modality.IRIS, capabilities=Capabilities(Modality.IRIS, at_once=at_once))
    workplace = IrisWorkplace(theme, qtbot, Devices(iris=scanner), supervision)
    step, window = workplace.step, workplace.window
    try:
        step.enter()
        qtbot.waitUntil(scanner.armed.is_set, timeout=3000)
        assert scanner.asked == [asked]
        later = State.NOW if len(asked) == 2 else State.TO_COME
        assert (step.view._view.right.state, step.view._view.left.state) == (State.NOW, later)
        rests = coach_sentence(Guidance.LAMP_RESTS)
        qtbot.waitUntil(lambda: window.coach._view.instruction == rests, timeout=3000)
    finally:
        step.leave()
        workplace.close()
