import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.biometrics.face.components import COMPONENTS, component
from station.biometrics.face.tone import intersection, luminance_of, natural_colour, tone_of

# Worked by hand from the table of the reference implementation.
EXACT = [
    ("inter_eye_px", 70, 50),
    ("inter_eye_px", 90, 73),
    ("inter_eye_px", 200, 100),
    ("head_size", 0.45, 100),
    ("head_size", 0.40, 54),
    ("head_size", 0.60, 9),
    ("crop_left", 0.9, 50),
    ("crop_right", 1.2, 95),
    ("margin_above", 1.4, 50),
    ("margin_above", 1.6, 88),
    ("margin_below", 1.8, 50),
    ("yaw_deg", 5, 99),
    ("pitch_deg", -30, 75),
    ("roll_deg", 90, 0),
    ("roll_deg", 120, 0),
    ("lid_gap", 0.060, 98),
    ("lid_gap", 0.023, 57),
    ("lip_gap", 0.005, 96),
    ("lip_gap", 0.2, 50),
    ("under_exposure", 0.0, 100),
    ("under_exposure", 0.92, 40),
    ("under_exposure", 1.0, 0),
    ("over_exposure", 0.0, 100),
    ("over_exposure", 0.04, 20),
    ("luminance_mean", 0.2, 50),
    ("luminance_mean", 0.5, 100),
    ("luminance_mean", 0.8, 50),
    ("luminance_variance", 1 / 60, 100),
    ("luminance_variance", 0.0, 0),
    ("dynamic_range", 8.0, 100),
    ("dynamic_range", 6.4, 80),
    ("illumination_uniformity", 1.0, 100),
    ("illumination_uniformity", 0.5, 81),
    ("natural_colour", 0.0, 100),
    ("natural_colour", 10.0, 54),
    ("natural_colour", 100.0, 0),
    ("background_uniformity", 10.0, 95),
    ("background_uniformity", 110.0, 51),
    ("single_face", 0.25, 75),
]


@pytest.mark.parametrize(("name", "native", "wanted"), EXACT)
def test_a_native_value_maps_to_the_component_of_the_table(name, native, wanted):
    assert component(name, native) == wanted


def test_every_curve_of_the_table_is_held_to_a_worked_value():
    assert {name for name, _, _ in EXACT} == set(COMPONENTS)


@given(name=st.sampled_from(sorted(COMPONENTS)), value=st.floats(-1e9, 1e9))
def test_a_component_lies_in_0_to_100_for_any_finite_value(name, value):
    assert 0 <= component(name, value) <= 100


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_overexposed_skin_never_raises_the_component(one, other):
    low, high = sorted((one, other))
    assert component("over_exposure", low) >= component("over_exposure", high)


def test_what_has_no_curve_in_the_standard_has_no_component():
    assert component("sharpness", 60.0) is None


def test_luminance_is_linear_rec_709():
    picture = np.array([[[0, 0, 255], [0, 255, 0], [255, 0, 0], [128, 128, 128]]], np.uint8)
    # 255 times the weights; sRGB 128 is 0.2159 linear
    assert luminance_of(picture).tolist() == [[54, 182, 18, 55]]


def test_tone_of_two_levels_is_worked_by_hand():
    tone = tone_of(np.array([0, 0, 0, 255], np.uint8))
    assert tone.mean == pytest.approx(0.25)
    assert tone.variance == pytest.approx(0.1875)
    assert tone.dark_share == pytest.approx(0.75)
    assert tone.bright_share == pytest.approx(0.25)
    assert tone.dynamic_range == pytest.approx(0.811278, abs=1e-6)


def test_an_empty_region_is_black_and_shares_nothing():
    nothing = np.zeros(0, np.uint8)
    assert tone_of(nothing).dark_share == 1.0
    assert intersection(nothing, nothing) == 0.0
    assert natural_colour(np.zeros((0, 3), np.uint8)) == 100.0


@given(st.lists(st.integers(0, 255), min_size=1, max_size=60))
def test_a_cheek_is_as_bright_as_itself(values):
    cheek = np.array(values, np.uint8)
    assert intersection(cheek, cheek) == pytest.approx(1.0)
    assert intersection(cheek, np.full(9, 255 - cheek[0] // 2, np.uint8)) <= 1.0


@pytest.mark.parametrize(
    ("bgr", "natural"),
    [
        ((118, 160, 214), True),
        ((52, 78, 120), True),
        ((200, 90, 60), False),
        ((128, 128, 128), False),
    ],
    ids=["light skin", "dark skin", "blue", "grey"],
)
def test_skin_is_natural_and_other_colours_are_not(bgr, natural):
    assert (natural_colour(np.full((4, 4, 3), bgr, np.uint8)) == 0.0) is natural
