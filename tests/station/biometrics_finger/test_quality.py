import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from drivers.emulation.scenes.finger import bare_platen, impression
from station.biometrics.finger.quality import judge
from station.guidance import Guidance
from tests.station.biometrics_finger.prints import identity


@pytest.mark.parametrize("number", range(8))
def test_an_ordinary_impression_is_usable_and_scores_high(number):
    verdict = judge(impression(identity(number), number), 500)
    assert verdict.usable, verdict
    assert verdict.score >= 70
    assert verdict.guidance == ()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({"pressure": 0.1}, Guidance.PRESS_HARDER),
        ({"pressure": 0.95, "dryness": 0.3}, Guidance.PRESS_LIGHTER),
        ({"pressure": 0.75, "dryness": 0.0}, Guidance.FINGER_TOO_WET),
        ({"dryness": 0.98}, Guidance.FINGER_TOO_DRY),
        ({"dx": 100, "dy": 70}, Guidance.CENTRE_FINGER),
        ({"contact": 0.35}, Guidance.WHOLE_FINGER),
    ],
)
def test_each_poor_capture_gets_its_own_instruction(fault, told):
    good = judge(impression(identity(0), 1), 500)
    verdict = judge(impression(identity(0), 1, **fault), 500)
    assert told in verdict.guidance, verdict
    assert not verdict.usable
    assert verdict.score < good.score


@pytest.mark.parametrize("level", [0, 127, 255])
def test_a_uniform_picture_has_no_finger(level):
    verdict = judge(np.full((400, 300), level, np.uint8), 500)
    assert verdict.score == 0
    assert verdict.guidance == (Guidance.NO_SUBJECT,)


def test_a_bare_platen_has_no_finger():
    assert judge(bare_platen(1), 500).guidance == (Guidance.NO_SUBJECT,)


def test_random_texture_is_dirt_not_a_finger():
    noise = np.random.default_rng(1).integers(0, 256, (400, 300)).astype(np.uint8)
    verdict = judge(noise, 500)
    assert verdict.score < 25
    assert verdict.guidance == (Guidance.WIPE_GLASS,)


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("blur", (0.0, 1.5, 3.0, 5.0)),
        ("contact", (1.0, 0.6, 0.3, 0.1)),
        ("noise", (5.0, 40.0, 80.0, 120.0)),
    ],
)
def test_the_score_falls_as_the_picture_gets_worse(name, steps):
    scores = [judge(impression(identity(1), 2, **{name: step}), 500).score for step in steps]
    assert all(later <= earlier + 2 for earlier, later in itertools.pairwise(scores)), scores
    assert scores[-1] < scores[0] - 20


@settings(max_examples=30, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))),
    st.sampled_from([96, 500, 1000]),
)
def test_no_picture_makes_the_judge_fail(picture, ppi):
    assert 0 <= judge(picture, ppi).score <= 100
