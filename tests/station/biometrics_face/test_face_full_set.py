"""The full set on rendered people whose landmarks are known: one factor changes, one answer changes."""

import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.scenes.face import FaceIdentity, Pose, landmarks, render, render_people
from station.biometrics.face.components import NOT_MEASURED
from station.biometrics.face.judge import LiveJudge, judge_still
from station.biometrics.face.locator import HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.guidance import Guidance

MAN, WOMAN = FaceIdentity(2, sex="male"), FaceIdentity(1, hijab=True)
LOCATOR = HaarLocator()


def judged(identity, pose):
    return judge_still(LOCATOR, render(identity, pose), BackdropColour.RED)


def value(verdict, name):
    return verdict.verdict.measure(name).value


def falling(values):
    return all(a >= b for a, b in itertools.pairwise(values)) and values[0] > values[-1]


@pytest.mark.parametrize(
    "identity",
    [
        MAN,
        WOMAN,
        FaceIdentity(5),
        replace(MAN, glasses=True),
        FaceIdentity(9, sex="male"),
        replace(MAN, tone=0.6),
    ],
    ids=["man", "hijab", "woman", "glasses", "another", "dark skin"],
)
def test_the_eyes_lie_where_the_renderer_put_them(identity):
    for pose in (Pose(), Pose(dx=0.05, dy=-0.03, scale=0.8, roll=6), Pose(roll=-9, scale=0.9)):
        true, found = landmarks(identity, pose), judged(identity, pose).eyes
        ied = np.hypot(*np.subtract(true.left_eye, true.right_eye))
        assert np.hypot(*np.subtract(found.left_in_picture, true.right_eye)) < 0.12 * ied
        assert np.hypot(*np.subtract(found.right_in_picture, true.left_eye)) < 0.12 * ied


@pytest.mark.parametrize("roll", [-20, 20])
def test_a_head_far_over_is_found_and_told_to_straighten(roll):
    verdict = judged(MAN, Pose(roll=roll, scale=0.85))
    assert value(verdict, "roll_deg") == pytest.approx(roll, abs=4)
    assert Guidance.STRAIGHTEN_HEAD in verdict.verdict.guidance


def test_an_open_mouth_is_advice_and_refuses_nothing():
    gaps = [value(judged(MAN, Pose(mouth_open=gap)), "lip_gap") for gap in (1, 0.75, 0.5, 0)]
    assert falling(gaps)
    verdict = judged(MAN, Pose(mouth_open=1))
    assert verdict.usable
    assert verdict.verdict.advice == (Guidance.CLOSE_MOUTH,)
    assert judged(MAN, Pose()).verdict.advice == ()


def test_dark_glasses_are_asked_off_instead_of_eyes_open():
    verdict = judged(replace(MAN, sunglasses=True), Pose())
    assert Guidance.TAKE_OFF_GLASSES in verdict.verdict.guidance
    assert Guidance.OPEN_EYES not in verdict.verdict.guidance
    assert value(judged(replace(MAN, glasses=True), Pose()), "eyes_darkened") < 0.5


def test_a_lamp_mirrored_by_both_lenses_is_called_glare():
    verdict = judged(replace(MAN, glasses=True), Pose(glare=1))
    assert not verdict.verdict.measure("glare_eyes").ok
    assert Guidance.GLARE in verdict.verdict.guidance
    assert value(judged(replace(MAN, glasses=True), Pose()), "glare_eyes") == 0


def test_lids_that_come_down_lower_the_openness():
    assert falling(
        [value(judged(MAN, Pose(eyes_open=o)), "eyes_open") for o in (1, 0.75, 0.5, 0.25, 0)]
    )


def test_darkness_lowers_every_measure_of_light_and_none_of_place():
    steps = [judged(MAN, Pose(light=gain)) for gain in (1.0, 0.8, 0.6, 0.45)]
    for name in ("luminance", "luminance_mean", "dynamic_range"):
        assert falling([value(step, name) for step in steps]), name
    assert falling([-value(step, "under_exposure") for step in steps])
    for name in ("head_share", "centre_x", "centre_y", "roll_deg"):
        places = [value(step, name) for step in steps]
        assert max(places) - min(places) < 1.5, name


def test_one_sided_light_lowers_evenness_and_the_standards_uniformity():
    sides = [judged(MAN, Pose(side_light=side)) for side in (0.2, 0.5, 0.9)]
    assert falling([value(side, "evenness") for side in sides])
    assert value(sides[0], "illumination_uniformity") > value(sides[-1], "illumination_uniformity")


def test_noise_in_the_backdrop_raises_its_gradient():
    still = render(MAN, Pose())
    rng = np.random.default_rng(1)
    values = []
    for sigma in (0, 10, 25, 50):
        noise = rng.normal(0, sigma, still.shape)
        noisy = np.clip(still + noise, 0, 255).astype(np.uint8)
        values.append(
            value(judge_still(LOCATOR, noisy, BackdropColour.RED), "background_uniformity")
        )
    assert values == sorted(values)
    assert values[-1] > 1.5 * values[0]


def test_a_person_moved_aside_is_measured_the_same():
    middle, aside = judged(WOMAN, Pose(scale=0.8)), judged(WOMAN, Pose(scale=0.8, dx=0.1, dy=0.03))
    for name, most in (
        ("inter_eye_px", 6),
        ("roll_deg", 1.5),
        ("sharpness", 6),
        ("luminance", 0.03),
    ):
        assert value(middle, name) == pytest.approx(value(aside, name), abs=most), name


def test_a_second_face_is_measured_by_its_share():
    pair = [(WOMAN, Pose(dx=-0.4, scale=0.8)), (MAN, Pose(dx=0.4, scale=0.6))]
    verdict = judge_still(LOCATOR, render_people(pair), BackdropColour.RED).verdict
    assert verdict.guidance == (Guidance.SEVERAL_FACES,)
    assert 0.3 < verdict.measure("single_face").value < 0.9
    assert verdict.measure("single_face").component == pytest.approx(
        100 * (1 - verdict.measure("single_face").value), abs=0.51
    )


def test_what_needs_a_network_is_said_not_to_be_measured():
    verdict = judged(MAN, Pose()).verdict
    assert set(NOT_MEASURED) < set(verdict.not_measured)
    assert {"yaw_deg", "pitch_deg"} < set(verdict.not_measured)
    assert not set(verdict.not_measured) & {measure.name for measure in verdict.measures}


def test_the_portrait_is_judged_alike_in_grey():
    still = render(MAN, Pose())
    grey = np.asarray(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY), np.uint8)
    colour, plain = (judge_still(LOCATOR, picture, BackdropColour.RED) for picture in (still, grey))
    assert value(plain, "inter_eye_px") == pytest.approx(value(colour, "inter_eye_px"), rel=0.02)
    assert value(plain, "natural_colour") == 100.0
    assert value(plain, "backdrop_deviation") == 180.0


@settings(max_examples=30, deadline=None)
@given(
    height=st.integers(0, 260),
    width=st.integers(0, 260),
    channels=st.sampled_from((0, 1, 3, 4)),
    seed=st.integers(0, 9),
    kind=st.sampled_from(("noise", "black", "white", "face")),
)
def test_no_picture_of_any_size_breaks_a_judge_and_every_number_is_finite(
    height, width, channels, seed, kind
):
    shape = (height, width, channels) if channels else (height, width)
    if kind == "face" and min(height, width) > 0:
        face = cv2.resize(render(MAN, Pose())[:, 420:1500], (width, height))
        grey = face[..., 0] if channels == 0 else np.repeat(face[..., :1], channels, axis=2)
        picture = face if channels == 3 else np.ascontiguousarray(grey)
    elif kind == "noise":
        picture = np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)
    else:
        picture = np.full(shape, 0 if kind == "black" else 255, np.uint8)
    live = LiveJudge(LOCATOR, BackdropColour.BLUE)
    for verdict in (
        judge_still(LOCATOR, picture, BackdropColour.RED),
        live.judge(picture),
        live.judge(picture),
    ):
        assert all(np.isfinite(measure.value) for measure in verdict.verdict.measures)
        assert 0 <= verdict.verdict.score <= 100
