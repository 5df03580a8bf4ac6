import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.scenes.face import FaceIdentity, Pose, render
from station.biometrics.face.backdrop_replacement import replace_backdrop
from station.biometrics.face.judge import judge_still
from station.biometrics.face.locator import EyePair, HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.biometrics.face.portrait import (
    cut_portrait,
    fit_jpeg,
    make_portrait,
    portrait_crop,
    portrait_frame,
)
from station.errors import FormatError

PERSON = FaceIdentity(1, hijab=True)


@given(
    width=st.integers(320, 4000),
    height=st.integers(240, 3000),
    x=st.floats(0, 1),
    y=st.floats(0, 1),
    ied=st.floats(10, 900),
)
def test_the_portrait_lies_in_the_picture_and_is_three_by_four(width, height, x, y, ied):
    eyes = EyePair((x * width - ied / 2, y * height), (x * width + ied / 2, y * height))
    for box in (portrait_crop(eyes, width, height), portrait_frame(width, height)):
        assert box.width / box.height == pytest.approx(0.75)
        assert box.x >= -1e-6
        assert box.y >= -1e-6
        assert box.x + box.width <= width + 1e-6
        assert box.y + box.height <= height + 1e-6


def test_a_1080p_still_gives_a_portrait_of_at_least_600_by_800():
    still = render(PERSON, Pose())
    verdict = judge_still(HaarLocator(), still, BackdropColour.RED)
    portrait = cut_portrait(still, verdict.crop)
    assert portrait.shape[0] >= 800
    assert portrait.shape[1] >= 600


@pytest.mark.parametrize("limit", [1500, 2560, 6000])
def test_the_chip_photo_fits_and_shows_the_same_picture(limit):
    still = render(PERSON, Pose())
    data = fit_jpeg(still[40:1040, 585:1335], limit)
    assert len(data) <= limit
    back = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    size = (back.shape[1], back.shape[0])
    first = cv2.cvtColor(
        cv2.resize(still[40:1040, 585:1335], size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY
    )
    assert np.corrcoef(first.ravel(), back.ravel())[0, 1] > 0.97


def test_a_chip_photo_below_the_quality_floor_is_refused():
    noise = np.random.default_rng(3).integers(0, 256, (128, 96, 3)).astype(np.uint8)
    with pytest.raises(FormatError):
        fit_jpeg(noise, 900)


@settings(max_examples=10, deadline=None)
@given(height=st.integers(1, 300), width=st.integers(1, 300), grey=st.booleans())
def test_any_plain_picture_becomes_a_chip_photo(height, width, grey):
    shape = (height, width) if grey else (height, width, 3)
    assert len(fit_jpeg(np.full(shape, 120, np.uint8))) <= 2560


def level_after(portrait):
    found = HaarLocator().find(cv2.cvtColor(portrait.pixels, cv2.COLOR_BGR2GRAY))
    return found[0].eyes.roll_deg


def test_a_tilted_head_is_set_upright_only_on_request_and_it_is_recorded():
    still = render(PERSON, Pose(roll=6, scale=0.97))
    eyes = judge_still(HaarLocator(), still, BackdropColour.RED).eyes
    plain, upright = make_portrait(still, eyes), make_portrait(still, eyes, upright=True)
    assert plain.turned_deg == 0.0
    assert level_after(plain) == pytest.approx(6, abs=2)
    assert upright.turned_deg == pytest.approx(-6, abs=2)
    assert level_after(upright) == pytest.approx(0, abs=1.5)


def test_a_turn_that_would_invent_a_corner_is_not_made():
    eyes = EyePair((40.0, 60.0), (100.0, 70.0))
    portrait = make_portrait(np.full((200, 150, 3), 90, np.uint8), eyes, upright=True)
    assert portrait.turned_deg == 0.0


@settings(max_examples=25, deadline=None)
@given(
    width=st.integers(4, 900),
    height=st.integers(4, 700),
    ied=st.floats(2, 500),
    roll=st.floats(-40, 40),
    share=st.floats(0.5, 0.95),
)
def test_a_portrait_is_never_enlarged_or_distorted(width, height, ied, roll, share):
    dx, dy = np.cos(np.radians(roll)) * ied / 2, np.sin(np.radians(roll)) * ied / 2
    eyes = EyePair((width / 2 - dx, height / 2 - dy), (width / 2 + dx, height / 2 + dy))
    still = np.zeros((height, width, 3), np.uint8)
    portrait = make_portrait(still, eyes, upright=True, head_share=share, largest_height=300)
    high, wide = portrait.pixels.shape[:2]
    assert 0 < portrait.reduced <= 1.0 + 1.5 / high
    assert abs(wide - 0.75 * high) <= 1.5
    assert high <= 300


def test_a_replaced_backdrop_is_marked_and_leaves_the_face_alone():
    still = render(PERSON, Pose(backdrop="room"))
    judged = judge_still(HaarLocator(), still, BackdropColour.BLUE)
    portrait = make_portrait(still, judged.eyes)
    eyes = portrait.eyes
    before = portrait.pixels.copy()
    blue = replace_backdrop(portrait, BackdropColour.BLUE)
    assert blue.backdrop_replaced
    assert not portrait.backdrop_replaced
    assert (portrait.pixels == before).all()
    x, y, reach = int(eyes.middle[0]), int(eyes.middle[1]), int(0.6 * eyes.distance)
    face = np.s_[y - reach // 2 : y + reach, x - reach : x + reach]
    assert np.abs(blue.pixels[face].astype(int) - before[face]).max() <= 1
    corner = blue.pixels[5:60, 5:60].reshape(-1, 3)
    assert np.median(corner, axis=0).tolist() == [158, 92, 34]
    again = replace_backdrop(portrait, BackdropColour.BLUE)
    assert (again.pixels == blue.pixels).all()
