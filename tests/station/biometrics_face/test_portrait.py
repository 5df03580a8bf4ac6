import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.scenes.face import FaceIdentity, Pose, render
from station.biometrics.face.judge import judge_still
from station.biometrics.face.locator import EyePair, HaarLocator
from station.biometrics.face.measure import BackdropColour
from station.biometrics.face.portrait import cut_portrait, fit_jpeg, portrait_crop, portrait_frame
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
