import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from station.biometrics.finger.minutiae import extract
from station.minutiae import ENDING, FORK
from tests.station.biometrics_finger.prints import template
from tests.station.biometrics_finger.waves import Known, drawn, nearest, off

THREE = (Known(110, 150, 0.4), Known(190, 140, 0.4 + np.pi), Known(150, 220, 0.4))


@pytest.mark.parametrize("turn", [0.0, 0.4, 1.1, np.pi / 2, 2.6])
@pytest.mark.parametrize("period", [6.0, 9.0, 12.0])
@pytest.mark.parametrize("back", [0.0, np.pi])
def test_a_ridge_gained_is_found_where_it_begins_and_told_to_which_side(turn, period, back):
    known = Known(150, 170, turn + back)
    found = extract(drawn([known], turn=turn, period=period), 500)
    index = nearest(found, known, reach=3.0)
    assert index is not None
    assert len(found) == 1
    assert off(found.angle[index], known.angle) < 6


@pytest.mark.parametrize("turn", [0.0, 0.7, np.pi / 2])
def test_unbroken_ridges_have_no_minutiae_not_even_at_their_border(turn):
    assert len(extract(drawn(turn=turn), 500)) == 0


@pytest.mark.parametrize(
    ("at_the_place", "kind"), [("ridge goes on", ENDING), ("valley goes on", FORK)]
)
def test_where_the_further_line_is_a_ridge_it_ends_and_where_it_is_a_valley_ridges_fork(
    at_the_place, kind
):
    start = (0.0 if kind == ENDING else np.pi) - 2 * np.pi * 170 / 9  # phase of the further line
    found = extract(drawn([Known(150, 170, 0.0)], start=start), 500)
    assert found.type.tolist() == [kind], at_the_place


def test_an_inverted_picture_has_the_same_minutiae_with_endings_and_forks_exchanged():
    picture = drawn(THREE, turn=0.4)
    upright, inverted = extract(picture, 500), extract(255 - picture, 500)
    assert len(upright) == len(inverted) == 3
    for one in range(3):
        other = nearest(inverted, Known(upright.x[one], upright.y[one], 0), reach=2.5)
        assert other is not None
        assert off(upright.angle[one], inverted.angle[other]) < 5
        assert {int(upright.type[one]), int(inverted.type[other])} == {ENDING, FORK}


@pytest.mark.parametrize("ppi", [250, 333, 569, 1000])
def test_places_are_those_at_500_ppi_whatever_the_sensor(ppi):
    picture = drawn(THREE, turn=0.4, period=10.0)
    way = cv2.INTER_AREA if ppi < 500 else cv2.INTER_CUBIC
    scanned = cv2.resize(picture, None, fx=ppi / 500, fy=ppi / 500, interpolation=way)
    found = extract(np.asarray(scanned, np.uint8), ppi)
    assert abs(found.width - 300) <= 1
    assert abs(found.height - 340) <= 1
    assert len(found) == 3
    for known in THREE:
        index = nearest(found, known, reach=4.0)
        assert index is not None
        assert off(found.angle[index], known.angle) < 8


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_picture_has_turned_minutiae(quarters):
    picture = drawn(THREE, turn=0.4, width=320, height=320)
    found = extract(np.ascontiguousarray(np.rot90(picture, quarters)), 500)
    for known in THREE:
        x, y = known.x, known.y
        for _ in range(quarters):
            x, y = y, 319 - x
        index = nearest(found, Known(x, y, 0), reach=3.0)
        assert index is not None
        assert off(found.angle[index], known.angle + quarters * np.pi / 2) < 8
    assert len(found) == 3


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([215, 128, 255]))
def test_a_print_elsewhere_on_the_platen_has_the_same_minutiae_elsewhere(right, down, paper):
    picture = np.full((400, 360), paper, np.uint8)
    print_alone = drawn(THREE, turn=0.4)
    picture[down : down + 340, right : right + 300] = print_alone
    found = extract(picture, 500)
    for known in THREE:
        assert nearest(found, Known(known.x + right, known.y + down, 0), reach=4.0) is not None


@pytest.mark.parametrize("level", [0, 127, 255])
def test_a_uniform_picture_has_no_minutiae(level):
    assert len(extract(np.full((400, 300), level, np.uint8), 500)) == 0


def test_stripes_that_are_no_ridges_have_no_sure_minutiae():
    stripes = np.tile((np.arange(300) // 4 % 2 * 255).astype(np.uint8), (300, 1))
    assert (extract(stripes, 500).quality >= 40).sum() == 0


def test_noise_gives_no_sure_minutiae_and_never_more_than_a_record_holds():
    noise = np.random.default_rng(3).integers(0, 256, (750, 800)).astype(np.uint8)
    found = extract(noise, 500)
    assert len(found) <= 255
    assert not (found.quality >= 40).any()


def test_a_cut_across_the_ridges_makes_no_sure_minutiae():
    cut = drawn(THREE, turn=0.4)
    cv2.line(cut, (140, 100), (175, 190), 215, 3, cv2.LINE_AA)
    found = extract(cut, 500)
    known = [nearest(found, each) for each in THREE]
    assert None not in known
    sure = np.nonzero(found.quality >= 40)[0]
    assert set(sure.tolist()) <= set(known)


@pytest.mark.parametrize("noise", [20.0, 50.0])
def test_the_true_minutiae_stay_the_best_ones_under_noise(noise):
    found = extract(drawn(THREE, turn=0.4, noise=noise), 500).best(3)
    assert all(nearest(found, known) is not None for known in THREE)


def test_quality_falls_with_noise():
    clean, noisy = (extract(drawn(THREE, turn=0.4, noise=n), 500).best(3) for n in (4.0, 100.0))
    assert noisy.quality.mean() < clean.quality.mean() - 10


def test_minutiae_come_best_first_and_keep_to_their_ranges():
    found = template(0, 0)
    assert (np.diff(found.quality.astype(int)) <= 0).all()
    assert ((found.quality >= 1) & (found.quality <= 100)).all()
    assert ((found.angle >= 0) & (found.angle < 2 * np.pi + 1e-6)).all()
    assert set(found.type.tolist()) <= {ENDING, FORK}


def test_the_same_pixels_give_the_same_minutiae_and_the_picture_is_left_alone():
    picture = drawn(THREE, turn=0.4)
    before = picture.copy()
    one, other = extract(picture, 500), extract(picture, 500)
    assert np.array_equal(picture, before)
    for name in ("x", "y", "angle", "type", "quality"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=60, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))),
    st.sampled_from([96, 250, 500, 569, 1000]),
)
def test_no_picture_makes_the_extractor_fail(picture, ppi):
    found = extract(picture, ppi)
    assert len(found) <= 255
    assert np.isfinite(found.x).all()
    assert np.isfinite(found.angle).all()
    assert ((found.x >= 0) & (found.x <= found.width - 1)).all()
    assert ((found.y >= 0) & (found.y <= found.height - 1)).all()


def test_a_drawn_pattern_with_thousands_of_dislocations_gives_a_record_and_not_more():
    y, x = np.mgrid[:600, :600]
    board = (((x // 2 + y // 2) % 2) * 255).astype(np.uint8)
    assert len(extract(board, 500)) <= 255
