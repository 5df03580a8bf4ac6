import math
from collections import Counter

import cv2
import numpy as np
import pytest

from drivers.emulation.scenes.finger import (
    FingerIdentity,
    RidgeClass,
    bare_platen,
    draw,
    draw_press,
    impression,
    master,
)
from drivers.emulation.scenes.finger_pattern import draw_class, draw_flow
from station.biometrics.finger.minutiae import extract
from station.devices import FingerPosition

FINGER = FingerIdentity(7, FingerPosition.RIGHT_INDEX)
FOUR = [FingerIdentity(30, position) for position in list(FingerPosition)[1:9:2]]


def test_the_same_arguments_give_the_same_pixels():
    once = impression(FINGER, 3)
    master.cache_clear()
    assert np.array_equal(once, impression(FINGER, 3))


def test_two_impressions_of_one_finger_differ():
    assert not np.array_equal(impression(FINGER, 1), impression(FINGER, 2))


@pytest.mark.parametrize(
    ("width", "height", "ppi"),
    [(300, 400, 500), (256, 288, 500), (171, 200, 250), (800, 750, 500), (1600, 1500, 1000)],
)
def test_a_picture_has_the_size_of_the_sensor(width, height, ppi):
    picture = impression(FINGER, 1, width=width, height=height, ppi=ppi)
    assert picture.shape == (height, width)
    assert picture.dtype == np.uint8


def test_ridges_are_dark_on_a_light_platen():
    picture = impression(FINGER, 1)
    assert picture[180:220, 130:170].min() < 110
    assert bare_platen(1).mean() > 215


def test_ridges_repeat_at_the_period_of_that_skin():
    skin = master(FINGER)
    column, row = (round(place) for place in skin.core)
    patch = skin.signal[row - 150 : row - 22, column - 64 : column + 64]
    size = np.abs(np.fft.fftshift(np.fft.fft2(patch - patch.mean())))
    y, x = np.unravel_index(np.argmax(size), size.shape)
    assert 7 < skin.period < 12
    assert 128 / np.hypot(x - 64, y - 64) == pytest.approx(skin.period, rel=0.2)


def test_a_light_touch_is_fainter_and_smaller_and_a_wet_one_darker():
    usual, light = impression(FINGER, 1, pressure=0.5), impression(FINGER, 1, pressure=0.1)
    wet = impression(FINGER, 1, pressure=0.9, dryness=0.0)
    assert light.mean() > usual.mean() > wet.mean()


@pytest.mark.parametrize("position", [FingerPosition.RIGHT_THUMB, FingerPosition.LEFT_LITTLE])
def test_classes_come_in_the_shares_of_that_finger(position):
    rng = np.random.default_rng(1)
    found = Counter(draw_class(position, rng) for _ in range(4000))
    thumb = position is FingerPosition.RIGHT_THUMB
    ulnar = RidgeClass.RIGHT_LOOP if thumb else RidgeClass.LEFT_LOOP
    assert found[ulnar] / 4000 == pytest.approx(0.53 if thumb else 0.83, abs=0.04)
    assert found[RidgeClass.WHORL] / 4000 == pytest.approx(0.33 if thumb else 0.12, abs=0.04)


@pytest.mark.parametrize("kind", RidgeClass)
def test_the_flow_turns_half_around_every_core_and_back_around_every_delta(kind):
    flow = draw_flow(kind, 9.0, np.random.default_rng(4))
    cores = {"arch": 0, "whorl": 2, "double loop": 2}.get(kind, 1)
    near, around = (flow.core[0], flow.core[1] - 1), 8.0
    assert _turns(flow.angle, near, around) == pytest.approx(math.pi * (cores > 0), abs=0.4)
    assert len(flow.deltas) == cores
    for delta in flow.deltas:
        assert _turns(flow.angle, delta, 12.0) == pytest.approx(-math.pi, abs=0.4)


def test_minutiae_are_as_many_as_a_person_has_and_half_of_them_fork():
    prints = [extract(impression(identity, 1, noise=2.0), 500) for identity in FOUR]
    counts = [len(found) for found in prints]
    assert all(22 <= count <= 80 for count in counts), counts
    assert 32 <= np.mean(counts) <= 60
    endings = sum(int((found.type == 1).sum()) for found in prints) / sum(counts)
    assert 0.35 < endings < 0.65


def test_the_truth_tells_where_the_core_lies():
    press = draw_press(FINGER, 5, dx=30, dy=-20, rotation=25, lean=15, distortion=0)
    drawn = draw(FINGER, 5, press, noise=0)
    upright = draw(
        FINGER, 5, draw_press(FINGER, 5, dx=0, dy=0, rotation=0, lean=0, distortion=0), noise=0
    )
    turn = cv2.getRotationMatrix2D((0, 0), 25, 1.0)
    turn[:, 2] = np.array(drawn.core) - turn[:, :2] @ np.array(upright.core)
    moved = cv2.warpAffine(upright.image, turn, (300, 400), borderValue=255)
    x, y = (round(place) for place in drawn.core)
    box = np.s_[y - 45 : y + 45, x - 45 : x + 45]
    assert np.corrcoef(drawn.image[box].ravel(), moved[box].ravel())[0, 1] > 0.75


def test_what_is_given_is_what_is_drawn():
    assert draw_press(FINGER, 1, rotation=33.0).rotation == 33.0
    assert draw_press(FINGER, 1, rotation=33.0).dx == draw_press(FINGER, 1).dx


def test_a_rolled_finger_shows_far_more_skin():
    size = {"width": 800, "height": 750}
    plain, rolled = impression(FINGER, 1, **size), impression(FINGER, 1, rolled=True, **size)
    assert (rolled < 128).sum() > 1.4 * (plain < 128).sum()


def test_residue_darkens_the_glass_beside_the_finger():
    clean = impression(FINGER, 1, contact=0.3)
    dirty = impression(FINGER, 1, contact=0.3, residue=0.6)
    assert dirty[20:80].mean() < clean[20:80].mean() - 3


def test_a_smudge_washes_ridges_out():
    box = np.s_[120:280, 80:220]
    assert impression(FINGER, 1, smudge=12.0)[box].std() < 0.8 * impression(FINGER, 1)[box].std()


def _turns(angle, place, radius):
    """Return by how much the tangent turns on a counter-clockwise way around the place (pixels of skin)."""
    way = np.linspace(0, 2 * math.pi, 73)
    columns = np.rint((place[0] + radius * np.cos(way)) / 2).astype(int)
    rows = np.rint((place[1] - radius * np.sin(way)) / 2).astype(int)
    steps = np.diff(angle[rows, columns])
    return float(np.sum((steps + math.pi / 2) % math.pi - math.pi / 2))
