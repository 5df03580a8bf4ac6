"""The drift rule sees a dirty glass and is not fooled by a few odd people."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from drivers.supervision.drift import PAST_PEOPLE, PEOPLE, drift_of, window
from station.devices import Modality

FINGER = Modality.FINGER


def people(rng, count: int, level: float) -> list[int]:
    """Ten scores each of people whose own level differs (sigma 9) more than their fingers (sigma 6)."""
    own = rng.normal(level, 9, count)
    scores = np.repeat(own, 10) + rng.normal(0, 6, count * 10)
    return [int(each) for each in np.clip(scores, 0, 100)]


def test_a_young_device_has_no_past_to_drift_from():
    assert drift_of([], FINGER) is None
    assert drift_of([90] * (PAST_PEOPLE * 10 - 1) + [10] * window(FINGER), FINGER) is None


def test_people_alone_hardly_ever_look_like_a_dirty_glass():
    rng = np.random.default_rng(1)
    alarms = sum(
        drift_of(people(rng, PAST_PEOPLE * 2 + PEOPLE * 2, 75), FINGER) is not None
        for _ in range(400)
    )
    assert alarms <= 8  # 2 %


def test_a_glass_that_costs_every_finger_twenty_points_is_found_after_twelve_people():
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(100):
        scores = people(rng, PAST_PEOPLE * 2 + PEOPLE, 75) + people(rng, PEOPLE, 55)
        drift = drift_of(scores, FINGER)
        found += drift is not None and not drift.lasting
    assert found >= 90


def test_one_person_without_usable_fingers_is_no_drift():
    steady = [80, 82, 78] * 200
    assert drift_of(steady + [0] * 10 + [80] * (window(FINGER) - 10), FINGER) is None


def test_a_drop_nobody_would_act_on_is_no_drift_however_steady_the_device_is():
    assert drift_of([80] * 600 + [73] * window(FINGER), FINGER) is None
    drift = drift_of([80] * 600 + [71] * window(FINGER), FINGER)
    assert (drift.usual, drift.now, drift.allowed) == (80, 71, 8.0)


@given(st.lists(st.integers(0, 100), max_size=1500), st.sampled_from(list(Modality)))
def test_a_drift_is_always_a_real_drop_below_what_it_allows(scores, modality):
    drift = drift_of(scores, modality)
    if drift is not None:
        assert drift.usual - drift.now > drift.allowed >= 8.0


@given(seed=st.integers(0, 10_000), count=st.integers(400, 1000))
def test_getting_better_is_never_a_drift(seed, count):
    scores = np.random.default_rng(seed).integers(0, 101, count)
    assert drift_of(sorted(int(each) for each in scores), FINGER) is None
