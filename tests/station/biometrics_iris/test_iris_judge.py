from dataclasses import replace

import numpy as np
import pytest

from drivers.emulation.scenes.eye import EyeIdentity, EyePose, render
from station.biometrics.iris.geometry import find_eye
from station.biometrics.iris.judge import judge
from station.devices import Eye
from station.guidance import Guidance

GOOD = EyePose()


def judged(pose, body=1, eye=Eye.RIGHT):
    return judge(render(EyeIdentity(body, eye), pose), eye)


@pytest.mark.parametrize("eye", list(Eye), ids=lambda eye: eye.name)
@pytest.mark.parametrize("body", [1, 2, 3, 10])
def test_a_good_eye_is_usable_and_its_circles_are_true(body, eye):
    verdict = judged(GOOD, body, eye)
    assert verdict.usable, verdict.verdict.guidance
    assert verdict.geometry.iris.radius == pytest.approx(112, abs=5)
    assert verdict.geometry.pupil.radius == pytest.approx(0.38 * 112, abs=5)
    assert verdict.geometry.iris.x == pytest.approx(320, abs=8)
    assert verdict.geometry.iris.y == pytest.approx(246, abs=11)
    assert verdict.verdict.measure("usable_area").value > 80


@pytest.mark.parametrize(
    ("pose", "told"),
    [
        (replace(GOOD, distance=1.5), Guidance.EYE_CLOSER),
        (replace(GOOD, distance=0.62), Guidance.EYE_BACK),
        (replace(GOOD, lids=0.0), Guidance.OPEN_LIDS),
        (replace(GOOD, lids=0.45), Guidance.OPEN_LIDS),
        (replace(GOOD, lamp=0.0), Guidance.MORE_LIGHT),
        (replace(GOOD, gaze_x=0.8), Guidance.LOOK_AT_CAMERA),
        (replace(GOOD, gaze_x=-0.8), Guidance.LOOK_AT_CAMERA),
        (replace(GOOD, blur=7), Guidance.BLURRED),
    ],
    ids=lambda value: value.name if isinstance(value, Guidance) else "",
)
def test_each_fault_is_named(pose, told):
    verdict = judged(pose)
    assert not verdict.usable
    assert told in verdict.verdict.guidance[:1]


def test_sharpness_falls_with_blur():
    values = [
        judged(replace(GOOD, blur=b)).verdict.measure("sharpness").value
        for b in (0, 1.5, 3, 4.5, 6)
    ]
    assert values == sorted(values, reverse=True)
    assert values[-1] < 25 < values[0]


def test_usable_area_falls_as_the_lids_close():
    values = [
        judged(replace(GOOD, lids=v)).verdict.measure("usable_area").value for v in (1.0, 0.85, 0.7)
    ]
    assert values == sorted(values, reverse=True)
    assert values[0] - values[-1] > 10


def test_gaze_is_measured_by_the_glint():
    values = [
        judged(replace(GOOD, gaze_x=g)).verdict.measure("gaze_off").value for g in (0.0, 0.4, 0.8)
    ]
    assert values == sorted(values)


def test_the_pupil_ratio_follows_dilation():
    values = [
        judged(replace(GOOD, pupil=p)).verdict.measure("pupil_ratio").value
        for p in (0.28, 0.38, 0.5)
    ]
    assert values == pytest.approx([28, 38, 50], abs=5)


def test_the_iris_radius_follows_distance():
    values = [
        judged(replace(GOOD, distance=d)).verdict.measure("iris_radius_px").value
        for d in (0.8, 1.0, 1.4)
    ]
    assert values == pytest.approx([140, 112, 80], rel=0.06)


@pytest.mark.parametrize("shape", [(480, 640), (96, 96), (40, 60), (1, 1)])
def test_blank_and_noise_pictures_have_no_eye_and_never_raise(shape):
    noise = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    for picture in (
        noise,
        np.zeros(shape, np.uint8),
        np.full(shape, 255, np.uint8),
        noise // 8 + 60,
    ):
        verdict = judge(picture, Eye.LEFT)
        assert verdict.geometry is None
        assert not verdict.usable
        assert len(verdict.verdict.guidance) == 1


def test_the_same_picture_gives_the_same_verdict():
    picture = render(EyeIdentity(5, Eye.LEFT), GOOD)
    assert judge(picture, Eye.LEFT).verdict == judge(picture, Eye.LEFT).verdict
    assert (find_eye(picture).visible == find_eye(picture).visible).all()
