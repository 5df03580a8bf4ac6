"""What is found in a drawn eye against what was drawn."""

import cv2
import numpy as np
import pytest

from drivers.emulation.scenes.eye import ContactLens, EyeIdentity, EyePose, render, truth
from station.biometrics.iris.geometry import find_eye
from station.biometrics.iris.judge import judge
from station.devices import Eye

POSES = {
    "straight": EyePose(),
    "left of the middle": EyePose(dx=-60, dy=20),
    "lids half shut": EyePose(lids=0.6),
    "looking aside": EyePose(gaze_x=0.5),
    "looking up": EyePose(gaze_y=-0.5),
    "wide pupil": EyePose(pupil=0.6),
    "narrow pupil": EyePose(pupil=0.24),
    "far": EyePose(distance=1.6),
    "near": EyePose(distance=0.7),
    "out of focus": EyePose(blur=4),
    "moving": EyePose(motion=12, motion_deg=30),
    "dim": EyePose(lamp=0.25),
    "noisy": EyePose(noise=6),
    "spectacles": EyePose(glasses=1),
    "soft lens": EyePose(lens=ContactLens.SOFT),
    "tilted head": EyePose(roll=12),
}


@pytest.mark.parametrize("pose", POSES.values(), ids=POSES)
def test_circles_are_within_five_pixels_of_what_was_drawn(pose):
    identity = EyeIdentity(4, Eye.LEFT)
    drawn, found = truth(identity, pose), find_eye(render(identity, pose))
    assert found is not None
    for circle, (x, y, radius) in ((found.pupil, drawn.pupil), (found.iris, drawn.iris)):
        assert np.hypot(circle.x - x, circle.y - y) < 5
        assert abs(circle.radius - radius) < 5


@pytest.mark.parametrize("pose", [EyePose(), EyePose(lids=0.65), EyePose(glasses=1)])
def test_the_mask_covers_what_was_drawn_over_the_iris(pose):
    identity = EyeIdentity(6, Eye.RIGHT)
    drawn, found = truth(identity, pose), find_eye(render(identity, pose))
    y, x = np.mgrid[0:480, 0:640]
    ring = (np.hypot(x - drawn.iris[0], y - drawn.iris[1]) < drawn.iris[2]) & (
        np.hypot(x - drawn.pupil[0], y - drawn.pupil[1]) > drawn.pupil[2]
    )
    both = (ring & drawn.visible & found.visible).sum()
    either = (ring & (drawn.visible | found.visible)).sum()
    assert both / either > 0.8


def test_lids_that_leave_the_iris_free_hide_little_and_a_drooping_one_is_found():
    identity = EyeIdentity(3, Eye.LEFT)
    drooping = find_eye(render(identity, EyePose(lids=0.6)))
    assert drooping.upper_lid is not None
    middle = drooping.upper_lid.at(np.array([drooping.iris.x], np.float32))[0]
    assert drooping.iris.y - drooping.iris.radius < middle < drooping.pupil.y


@pytest.mark.parametrize("factor", [0.5, 1.5, 2.0])
def test_a_picture_of_another_size_has_the_same_geometry_at_its_size(factor):
    picture = render(EyeIdentity(8, Eye.RIGHT), EyePose(dx=25, dy=-12))
    resized = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    one, other = find_eye(picture), find_eye(resized)
    assert other.visible.shape == resized.shape
    for mine, theirs in ((one.pupil, other.pupil), (one.iris, other.iris)):
        assert theirs.radius / factor == pytest.approx(mine.radius, abs=2)
        assert (theirs.x + 0.5) / factor - 0.5 == pytest.approx(mine.x, abs=2)
        assert (theirs.y + 0.5) / factor - 0.5 == pytest.approx(mine.y, abs=2)


def test_circles_move_with_the_picture():
    picture = render(EyeIdentity(2, Eye.LEFT), EyePose())
    one = find_eye(picture)
    other = find_eye(np.roll(picture, (10, 16), (0, 1)))
    assert other.pupil.x - one.pupil.x == pytest.approx(16, abs=0.6)
    assert other.pupil.y - one.pupil.y == pytest.approx(10, abs=0.6)
    assert other.iris.x - one.iris.x == pytest.approx(16, abs=1.5)
    assert other.iris.radius == pytest.approx(one.iris.radius, abs=1.5)


def test_a_mirrored_picture_has_the_mirrored_circles():
    picture = render(EyeIdentity(5, Eye.LEFT), EyePose(dx=30))
    one, other = find_eye(picture), find_eye(np.ascontiguousarray(picture[:, ::-1]))
    assert 639 - other.pupil.x == pytest.approx(one.pupil.x, abs=1)
    assert 639 - other.iris.x == pytest.approx(one.iris.x, abs=2)


def test_shut_lids_are_no_eye():
    found = [find_eye(render(EyeIdentity(n, Eye.LEFT), EyePose(lids=0.03))) for n in range(4)]
    assert sum(eye is not None for eye in found) <= 1


def test_smooth_random_pictures_are_never_a_usable_eye():
    rng = np.random.default_rng(3)
    noise = [rng.integers(0, 256, (480, 640)).astype(np.uint8) for _ in range(6)]
    for picture in noise:
        assert not judge(cv2.GaussianBlur(picture, (0, 0), 6), Eye.LEFT).usable
