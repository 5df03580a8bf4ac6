from drivers.emulation.scenes.eye import EyeIdentity, EyePose, render
from station.biometrics.iris.code import SAME_EYE_BELOW, distance, encode
from station.biometrics.iris.geometry import find_eye
from station.devices import Eye


def code(body, eye, **pose):
    picture = render(EyeIdentity(body, eye), EyePose(**pose))
    return encode(picture, find_eye(picture))


def test_the_same_eye_is_found_again_moved_turned_and_dilated():
    first = code(1, Eye.RIGHT)
    for pose in ({"dx": 12, "frame": 3}, {"roll": 5}, {"pupil": 0.44}, {"distance": 0.92}):
        assert distance(first, code(1, Eye.RIGHT, **pose)) < SAME_EYE_BELOW


def test_left_eye_and_other_people_are_other_eyes():
    first = code(1, Eye.RIGHT)
    others = [code(1, Eye.LEFT), code(2, Eye.RIGHT), code(3, Eye.LEFT), code(10, Eye.RIGHT)]
    assert all(distance(first, other) > SAME_EYE_BELOW for other in others)


def test_the_distance_is_symmetric_and_zero_to_itself():
    one, other = code(1, Eye.RIGHT), code(2, Eye.RIGHT)
    assert distance(one, one) == 0
    assert abs(distance(one, other) - distance(other, one)) < 1e-9
