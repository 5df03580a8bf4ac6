"""What must hold of every measure: direction, invariance, and never an exception."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from drivers.emulation.scenes.eye import ContactLens, EyeIdentity, EyePose, render
from station.biometrics.iris import side
from station.biometrics.iris.code import IrisCode, compare, encode
from station.biometrics.iris.geometry import find_eye
from station.biometrics.iris.judge import judge
from station.devices import Eye
from station.guidance import Guidance

GOOD = EyePose()
ONE = EyeIdentity(12, Eye.RIGHT)

# (measure, what is changed step by step, which way the measure goes, least change over all steps)
MONOTONE = {
    "iris_sharpness falls with defocus": ("iris_sharpness", "blur", (0, 2, 4, 6), -1, 20),
    "sharpness falls with defocus": ("sharpness", "blur", (0, 1.5, 3, 6), -1, 1),
    "the edge widens with defocus": ("edge_px", "blur", (0, 2, 4), 1, 2),
    "motion_px rises with motion": ("motion_px", "motion", (0, 8, 16), 1, 3),
    "usable_area falls as lids close": ("usable_area", "lids", (1, 0.8, 0.6), -1, 20),
    "pupil_ratio rises with the pupil": ("pupil_ratio", "pupil", (0.25, 0.4, 0.6), 1, 25),
    "gaze_off rises with gaze": ("gaze_off", "gaze_x", (0, 0.3, 0.6), 1, 0.1),
    "iris_radius falls with distance": ("iris_radius_px", "distance", (0.8, 1, 1.4), -1, 30),
    "margin falls towards the edge": ("margin", "dx", (0, 160, 190, 205), -1, 50),
    "mean_level falls with the lamp": ("mean_level", "lamp", (1, 0.6, 0.3), -1, 40),
    "pupil_contrast falls with the lamp": ("pupil_contrast", "lamp", (1, 0.6, 0.3), -1, 5),
    "grey_bits fall with the lamp": ("grey_bits", "lamp", (1, 0.5, 0.3), -1, 0.5),
}


@pytest.mark.parametrize(
    ("name", "varied", "steps", "way", "least"), MONOTONE.values(), ids=MONOTONE.keys()
)
def test_a_measure_follows_what_it_measures(name, varied, steps, way, least):
    values = [
        judge(render(ONE, replace(GOOD, **{varied: step})), ONE.eye).verdict.measure(name).value
        for step in steps
    ]
    changes = way * np.diff(values)
    assert (changes > 0).all(), values
    assert changes.sum() > least


@pytest.mark.parametrize(
    ("varied", "steps"),
    [
        ("blur", (0, 3, 5, 7)),
        ("lids", (1, 0.65, 0.5)),
        ("gaze_x", (0, 0.7, 1)),
        ("motion", (0, 14, 22)),
        ("noise", (1, 25)),
        ("dx", (0, 190, 215)),
        ("lamp", (1, 0.25, 0.1)),
    ],
)
def test_the_score_never_rises_as_a_picture_gets_worse(varied, steps):
    scores = [
        judge(render(ONE, replace(GOOD, **{varied: step})), ONE.eye).verdict.score for step in steps
    ]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("direction", [0, 45, 90, 150])
def test_the_direction_of_motion_is_told(direction):
    focus = judge(render(ONE, replace(GOOD, motion=14, motion_deg=direction)), ONE.eye).focus
    off = abs((focus.direction_deg - direction + 90) % 180 - 90)
    assert off < 15


def test_motion_asks_to_hold_still_and_defocus_does_not():
    moved = judge(render(ONE, replace(GOOD, motion=20)), ONE.eye)
    blurred = judge(render(ONE, replace(GOOD, blur=7)), ONE.eye)
    assert Guidance.HOLD_STILL in moved.verdict.guidance
    assert Guidance.HOLD_STILL not in blurred.verdict.guidance
    assert Guidance.BLURRED in blurred.verdict.guidance


@pytest.mark.parametrize("shift", [(12, 0), (0, 8), (-20, 12)])
def test_measures_stay_when_the_eye_is_elsewhere_in_the_picture(shift):
    here = judge(render(ONE, GOOD), ONE.eye).verdict
    there = judge(render(ONE, replace(GOOD, dx=shift[0], dy=shift[1])), ONE.eye).verdict
    for name, within in (
        ("usable_area", 3),
        ("pupil_ratio", 1),
        ("sclera_contrast", 1),
        ("pupil_contrast", 1),
        ("concentricity", 2),
        ("grey_bits", 0.1),
        ("iris_radius_px", 2),
    ):
        assert there.measure(name).value == pytest.approx(here.measure(name).value, abs=within)


@settings(max_examples=30, deadline=None)
@given(
    arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 140), st.integers(1, 140)), elements=st.integers(0, 255)
    )
)
def test_any_picture_has_a_verdict_of_finite_numbers(picture):
    verdict = judge(picture, Eye.LEFT).verdict
    assert 0 <= verdict.score <= 100
    assert all(np.isfinite(measure.value) for measure in verdict.measures)
    assert verdict.usable == (not verdict.guidance)


@pytest.mark.parametrize("shape", [(1, 3000), (3000, 1), (70, 2000), (64, 64), (1200, 1600)])
@pytest.mark.parametrize("kind", ["noise", "inverted eye", "part of an eye"])
def test_odd_sizes_and_odd_pictures_never_fail(shape, kind):
    eye = render(ONE, GOOD)
    if kind == "noise":
        picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    elif kind == "inverted eye":
        picture = cv2.resize(255 - eye, shape[::-1])
    else:
        picture = cv2.resize(eye[200:300, 260:420], shape[::-1])
    verdict = judge(picture, Eye.RIGHT).verdict
    assert all(np.isfinite(measure.value) for measure in verdict.measures)
    assert verdict.guidance or verdict.usable


@pytest.mark.parametrize("lens", list(ContactLens), ids=lambda lens: lens.name)
def test_a_lens_is_advice_and_never_makes_a_picture_unusable(lens):
    for body in range(2):
        plain = judge(render(EyeIdentity(body, Eye.RIGHT), GOOD), Eye.RIGHT)
        worn = judge(render(EyeIdentity(body, Eye.RIGHT), replace(GOOD, lens=lens)), Eye.RIGHT)
        assert plain.verdict.advice == ()
        assert worn.verdict.advice == (Guidance.REMOVE_LENSES,)
        assert worn.usable
        assert worn.verdict.guidance == ()


def code(picture):
    return encode(picture, find_eye(picture))


@pytest.mark.parametrize("roll", [-15, -8, 4, 11, 15])
def test_a_turned_eye_is_the_same_eye_and_its_turn_is_told(roll):
    match = compare(code(render(ONE, GOOD)), code(render(ONE, replace(GOOD, roll=roll, frame=3))))
    assert match.same
    assert match.turn_deg == pytest.approx(roll, abs=2)


def random_code(seed, share):
    rng = np.random.default_rng(seed)
    shape = (6, 16, 256)
    return IrisCode(rng.random(shape) < 0.5, rng.random(shape) < share)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.integers(0, 999), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_comparing_is_symmetric_and_nothing_is_nearer_than_itself(one, other, share, rest):
    a, b = random_code(one, share), random_code(other, rest)
    assert compare(a, b).distance == compare(b, a).distance
    assert compare(a, a).distance <= compare(a, b).distance
    assert 0 <= compare(a, b).distance <= 1


def test_codes_of_chance_are_never_the_same_eye():
    codes = [
        random_code(seed, share) for seed, share in enumerate((1.0, 0.6, 0.4, 0.3, 0.12, 0.02))
    ]
    for number, one in enumerate(codes):
        for other in codes[number + 1 :]:
            assert not compare(one, other).same


def test_two_codes_with_too_little_in_common_are_not_compared():
    match = compare(random_code(1, 0.01), random_code(1, 0.01))
    assert (match.distance, match.same, match.bits) == (1.0, False, 0)


@pytest.mark.parametrize("eye", list(Eye), ids=lambda eye: eye.name)
def test_the_side_is_guessed_from_anatomy_or_left_open(eye):
    sure = 0
    for body in range(4):
        picture = render(EyeIdentity(body, eye), GOOD)
        guessed = side.guess(picture, find_eye(picture))
        assert guessed.eye in {None, eye}
        assert 0.5 <= guessed.confidence <= 1
        sure += guessed.eye is eye
    assert sure >= 1


def test_a_mirrored_picture_is_the_other_eye():
    picture = render(EyeIdentity(1, Eye.RIGHT), GOOD)
    mirrored = np.ascontiguousarray(picture[:, ::-1])
    assert side.guess(picture, find_eye(picture)).eye is Eye.RIGHT
    assert side.guess(mirrored, find_eye(mirrored)).eye is Eye.LEFT
