import numpy as np
import pytest

from drivers.emulation.scenes.eye import EyeIdentity, EyePose
from drivers.emulation.scenes.eye import render as render_eye
from drivers.emulation.scenes.face import FaceIdentity, Pose, render
from drivers.emulation.scenes.face_play import performance
from drivers.emulation.scenes.pen import signature
from station.biometrics.face.judge import LiveJudge
from station.biometrics.face.locator import HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.devices import Eye
from station.guidance import Guidance

PERSON = FaceIdentity(1, hijab=True)


def test_the_same_seed_gives_the_same_pixels_and_another_person_others():
    assert (render(PERSON, Pose(), 640, 360) == render(PERSON, Pose(), 640, 360)).all()
    other = render(FaceIdentity(2, sex="male"), Pose(), 640, 360)
    assert (other != render(PERSON, Pose(), 640, 360)).any()


@pytest.mark.parametrize("size", [(1920, 1080), (640, 480), (480, 640)])
def test_the_picture_has_the_size_that_was_asked(size):
    assert render(PERSON, Pose(blur=3, roll=4, yaw=6, side_light=0.4), *size).shape == (
        size[1],
        size[0],
        3,
    )


def test_a_performance_begins_wrong_and_ends_right_and_blinks():
    play = performance(PERSON, seed=3)
    judge = LiveJudge(HaarLocator(), BackdropColour.RED)
    first = judge.judge(render(PERSON, play(0.0))).verdict
    assert first.guidance[0] is Guidance.COME_CLOSER
    open_eyes = [t for t in np.arange(2.2, 8, 0.7) if play(float(t)).eyes_open == 1.0]
    later = [judge.judge(render(PERSON, play(float(t)))).usable for t in open_eyes]
    assert sum(later) >= len(later) - 1
    assert min(play(float(t)).eyes_open for t in np.arange(0, 12, 0.02)) < 0.2
    assert play(5.0) == performance(PERSON, seed=3)(5.0)


def test_left_and_right_eye_of_one_person_differ():
    right, left = (render_eye(EyeIdentity(1, eye), EyePose()) for eye in (Eye.RIGHT, Eye.LEFT))
    assert right.shape == (480, 640)
    assert (right != left[:, ::-1]).mean() > 0.2


def test_only_noise_differs_between_frames_of_a_still_eye():
    identity = EyeIdentity(4, Eye.RIGHT)
    one, other = (render_eye(identity, EyePose(frame=n)).astype(int) for n in (1, 2))
    assert 0 < np.abs(one - other).mean() < 4


def test_without_the_lamp_the_eye_is_dark():
    lit, dark = (render_eye(EyeIdentity(1, Eye.LEFT), EyePose(lamp=v)).mean() for v in (1.0, 0.0))
    assert lit - dark > 100


def test_a_signature_is_written_in_two_to_four_seconds_on_the_pad():
    points = signature(3, "SITI RAHAYU")
    assert points == signature(3, "SITI RAHAYU")
    assert points != signature(4, "SITI RAHAYU")
    assert 2.0 <= points[-1].t_us / 1e6 <= 4.2
    assert all(0 <= p.x_um <= 95_000 and 0 <= p.y_um <= 45_000 for p in points)
    assert [p.t_us for p in points] == sorted({p.t_us for p in points})
    assert sum(not p.down for p in points) >= 7  # several strokes
