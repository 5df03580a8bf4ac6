"""The photo's check list and message agree with its verdict: no refusal under a list that is all green."""

from dataclasses import replace

import pytest

from station.biometrics.face import judge
from station.biometrics.verdict import Measure, Verdict
from station.guidance import Guidance
from tests.station.capture.bench import DEVICE, frame
from tests.ui.desk_bench import Bench
from ui.icons import State
from ui.messages import coach_sentence

GROUPS = ("faces", "head_share", "roll_deg", "luminance", "eyes_open")


@pytest.fixture
def bench(qtbot, theme):
    made = Bench(qtbot, theme)
    yield made
    made.close()


def test_every_measure_the_judge_speaks_of_has_a_line_that_warns(bench):
    good = {each: Measure(each, 1, "", 1, 1) for each in GROUPS}

    def warns(measures):
        told = Verdict("test", "1", 0, tuple(measures.values()), ())
        return State.LOOK in {view.state for view in bench.photo._checks(told)}

    assert not warns(good)
    for name, _say in judge._TOLD:
        assert warns(good | {name: Measure(name, 0, "", 1, 1)}), name


@pytest.mark.parametrize("advice", [(Guidance.CLOSE_MOUTH,), ()])
def test_advice_about_a_good_photo_is_said_before_the_applicant_approves(advice, bench):
    session = bench.sit_down()
    session.confirm_data()
    taken = session.record_photo(frame(), DEVICE)
    advised = replace(taken, verdict=replace(taken.verdict, advice=advice))
    bench.photo._show_for_approval(advised)
    said = bench.window.message_bar.view
    assert (said and said.happened) == (coach_sentence(advice[0]) if advice else None)
