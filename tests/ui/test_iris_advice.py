"""Advice about an eye picture: said when everything was taken, and nothing goes on by itself then."""

from dataclasses import replace

import numpy as np
import pytest

from station.devices import Eye
from station.guidance import Guidance
from tests.station.capture.bench import eye
from tests.ui.iris_workplace import IrisWorkplace
from ui.messages import coach_sentence


@pytest.fixture
def step(theme, qtbot):
    workplace = IrisWorkplace(theme, qtbot)
    taken = [workplace.session.record_iris(eye(which)) for which in (Eye.RIGHT, Eye.LEFT)]
    yield workplace.step, taken
    workplace.close()


SMALL = np.zeros((48, 64), np.uint8)


def test_a_suspected_lens_is_said_and_the_step_waits(step):
    made, taken = step
    advised = replace(taken[0].verdict, advice=(Guidance.REMOVE_LENSES,))
    made._taken([(replace(taken[0], verdict=advised), SMALL), (taken[1], SMALL)])
    said = made.shell.window.message_bar.view
    assert said is not None
    assert said.happened == coach_sentence(Guidance.REMOVE_LENSES)
    assert not made._soon.isActive()


def test_without_advice_the_step_goes_on_by_itself(step):
    made, taken = step
    made._taken([(one, SMALL) for one in taken])
    assert made.shell.window.message_bar.view is None
    assert made._soon.isActive()
