from dataclasses import replace

import cv2
import numpy as np
import pytest

from drivers.emulation.scenes.face import FaceIdentity, Pose, render, render_people
from station.biometrics.face.judge import FaceMode, LiveJudge, judge_still
from station.biometrics.face.locator import HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.guidance import Guidance

WOMAN = FaceIdentity(1, hijab=True)
MAN = FaceIdentity(2, sex="male")
GOOD = Pose()


@pytest.fixture(scope="module")
def locator():
    return HaarLocator()


def judged(locator, pose, identity=WOMAN, **more):
    return judge_still(locator, render(identity, pose), BackdropColour.RED, **more)


def failed(verdict):
    return {measure.name for measure in verdict.verdict.measures if not measure.ok}


@pytest.mark.parametrize(
    "identity",
    [
        WOMAN,
        MAN,
        FaceIdentity(3),
        FaceIdentity(2, glasses=True, sex="male"),
    ],
    ids=str,
)
def test_a_well_placed_person_is_usable_with_nothing_left_to_say(locator, identity):
    verdict = judged(locator, GOOD, identity)
    assert verdict.usable
    assert verdict.verdict.guidance == ()
    assert verdict.verdict.score >= 85


@pytest.mark.parametrize(
    ("pose", "wrong", "told"),
    [
        (replace(GOOD, scale=0.7), "head_share", Guidance.COME_CLOSER),
        (replace(GOOD, scale=1.2), "head_share", Guidance.MOVE_BACK),
        (replace(GOOD, dx=0.12), "centre_x", Guidance.MOVE_RIGHT),
        (replace(GOOD, dx=-0.12), "centre_x", Guidance.MOVE_LEFT),
        (replace(GOOD, dy=-0.1), "centre_y", Guidance.MOVE_DOWN),
        (replace(GOOD, dy=0.1), "centre_y", Guidance.MOVE_UP),
        (replace(GOOD, roll=13), "roll_deg", Guidance.STRAIGHTEN_HEAD),
        (replace(GOOD, light=0.3), "luminance", Guidance.MORE_LIGHT),
        (replace(GOOD, side_light=0.9), "evenness", Guidance.MORE_LIGHT),
        (replace(GOOD, eyes_open=0), "eyes_open", Guidance.OPEN_EYES),
        (replace(GOOD, blur=4), "sharpness", Guidance.BLURRED),
        (replace(GOOD, backdrop="blue"), "backdrop_deviation", Guidance.BACKDROP_COLOUR),
        (replace(GOOD, backdrop="orange"), "backdrop_deviation", Guidance.BACKDROP_COLOUR),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_one_fault_changes_one_measure_and_one_instruction(locator, pose, wrong, told):
    verdict = judged(locator, pose)
    assert failed(verdict) == {wrong}
    assert verdict.verdict.guidance == (told,)


def test_two_people_are_refused_and_nobody_is_told_so(locator):
    pair = [(WOMAN, replace(GOOD, dx=-0.4, scale=0.8)), (MAN, replace(GOOD, dx=0.4, scale=0.8))]
    two = judge_still(locator, render_people(pair), BackdropColour.RED)
    none = judge_still(locator, render_people([]), BackdropColour.RED)
    assert two.verdict.guidance == (Guidance.SEVERAL_FACES,)
    assert none.verdict.guidance == (Guidance.NO_FACE,)
    assert not two.usable
    assert not none.usable


def test_distance_is_told_before_place_before_background(locator):
    pose = Pose(scale=0.65, dx=0.2, roll=12, backdrop="blue")
    told = judged(locator, pose).verdict.guidance
    assert told == (
        Guidance.COME_CLOSER,
        Guidance.MOVE_RIGHT,
        Guidance.STRAIGHTEN_HEAD,
        Guidance.BACKDROP_COLOUR,
    )


def test_outdoors_the_backdrop_is_measured_but_gates_nothing(locator):
    verdict = judged(locator, replace(GOOD, backdrop="room"), mode=FaceMode.OUTDOOR)
    assert verdict.usable
    assert verdict.verdict.measure("backdrop_deviation").value == 180


def test_sharpness_falls_with_blur(locator):
    values = [
        judged(locator, replace(GOOD, blur=b)).verdict.measure("sharpness").value
        for b in (0, 0.8, 1.5, 2.5, 4, 6)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] > 2 * values[-1]


def test_luminance_follows_the_light(locator):
    values = [
        judged(locator, replace(GOOD, light=g)).verdict.measure("luminance").value
        for g in (0.4, 0.7, 1.0, 1.5)
    ]
    assert values == sorted(values)


def test_roll_and_eye_distance_are_measured_true(locator):
    for roll in (-7, 0, 7):
        verdict = judged(locator, replace(GOOD, roll=roll))
        assert verdict.verdict.measure("roll_deg").value == pytest.approx(roll, abs=3)
        # the drawn inter-eye distance: 210 sprite pixels of a head of 750 that fills 69 % of the height
        drawn = 210 * 0.69 * 1080 / 750
        assert verdict.verdict.measure("inter_eye_px").value == pytest.approx(drawn, rel=0.06)


@pytest.mark.parametrize(
    "shape", [(1080, 1920, 3), (360, 640, 3), (90, 120, 3), (20, 20, 3), (3, 2, 3)]
)
def test_blank_and_noise_pictures_are_no_face_and_never_raise(locator, shape):
    noise = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    for picture in (noise, np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)):
        assert judge_still(locator, picture, BackdropColour.RED).verdict.guidance == (
            Guidance.NO_FACE,
        )


def test_the_live_judge_follows_a_person_and_notices_closed_eyes_between_searches(locator):
    judge = LiveJudge(locator, BackdropColour.RED)
    assert all(judge.judge(render(WOMAN, replace(GOOD, dx=0.004 * n))).usable for n in range(4))
    blink = judge.judge(render(WOMAN, replace(GOOD, eyes_open=0)))
    assert blink.verdict.guidance == (Guidance.OPEN_EYES,)


def test_the_live_judge_is_deterministic(locator):
    frames = [render(MAN, replace(GOOD, dx=0.01 * n)) for n in range(3)]
    once = [LiveJudge(locator, BackdropColour.RED).judge(f).verdict for f in frames]
    again = [LiveJudge(HaarLocator(), BackdropColour.RED).judge(f).verdict for f in frames]
    assert once == again


def test_the_eye_points_lie_on_the_eyes(locator):
    frame = render(MAN, GOOD)
    eyes = judge_still(locator, frame, BackdropColour.RED).eyes
    assert eyes is not None
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    for x, y in (eyes.left_in_picture, eyes.right_in_picture):
        near = grey[round(y) - 14 : round(y) + 15, round(x) - 14 : round(x) + 15]
        assert near.min() < 40  # the pupil is within 14 px
