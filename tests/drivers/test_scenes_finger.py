import numpy as np
import pytest

from drivers.emulation.scenes.finger import FingerIdentity, bare_platen, impression, master
from station.devices import FingerPosition

FINGER = FingerIdentity(7, FingerPosition.RIGHT_INDEX)


def test_the_same_arguments_give_the_same_pixels():
    once = impression(FINGER, 3)
    master.cache_clear()
    assert np.array_equal(once, impression(FINGER, 3))


def test_two_impressions_of_one_finger_differ():
    assert not np.array_equal(impression(FINGER, 1), impression(FINGER, 2))


@pytest.mark.parametrize(
    ("width", "height", "ppi"), [(300, 400, 500), (256, 288, 500), (171, 200, 250)]
)
def test_a_picture_has_the_size_of_the_sensor(width, height, ppi):
    picture = impression(FINGER, 1, width=width, height=height, ppi=ppi)
    assert picture.shape == (height, width)
    assert picture.dtype == np.uint8


def test_ridges_are_dark_on_a_light_platen():
    picture = impression(FINGER, 1)
    assert picture[180:220, 130:170].min() < 110
    assert bare_platen(1).mean() > 215


def test_ridges_repeat_about_every_nine_pixels():
    patch = master(FINGER).signal[200:328, 150:278]
    size = np.abs(np.fft.fftshift(np.fft.fft2(patch - patch.mean())))
    y, x = np.unravel_index(np.argmax(size), size.shape)
    assert 7.5 < 128 / np.hypot(x - 64, y - 64) < 11.5


def test_a_light_touch_is_fainter_and_smaller_and_a_wet_one_darker():
    usual, light = impression(FINGER, 1, pressure=0.5), impression(FINGER, 1, pressure=0.1)
    wet = impression(FINGER, 1, pressure=0.9, dryness=0.0)
    assert light.mean() > usual.mean() > wet.mean()
