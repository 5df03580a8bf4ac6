import math
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from drivers.emulation.scenes import slap as scene
from drivers.emulation.scenes.finger import FingerIdentity, bare_platen, impression
from drivers.emulation.scenes.slap import SlapPress, draw_slap
from station.biometrics.finger.decision import same_finger
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.minutiae import extract
from station.biometrics.finger.segment import segment as foreground
from station.biometrics.finger.slap import Finding, Side, expected_of, segment
from station.biometrics.finger.slap_hand import (
    LEFT_FOUR,
    RIGHT_FOUR,
    THUMBS,
    Tip,
    from_left,
    hand_confidence,
)
from station.devices import FingerPosition

GROUPS = {"right": scene.RIGHT_FOUR, "left": scene.LEFT_FOUR, "thumbs": scene.THUMBS}
BODY = 60  # one body: its fingers are grown once


@cache
def slap(group, seed=1, **how):
    return draw_slap(BODY, GROUPS[group], seed, SlapPress(**how), height=1200)


def named(found):
    return [finger.position for finger in found.fingers]


@pytest.mark.parametrize("rotation", [-30, 0, 30])
@pytest.mark.parametrize(("group", "hand"), [("right", Side.RIGHT), ("left", Side.LEFT)])
def test_four_fingers_are_found_named_and_of_their_hand(group, hand, rotation):
    drawn = slap(group, rotation=rotation)
    found = segment(drawn.image, 500, GROUPS[group])
    assert found.accepted, found
    assert named(found) == from_left(frozenset(GROUPS[group]))
    assert (found.hand, found.missing) == (hand, frozenset())
    assert found.confidence >= 0.9
    for finger, truth in zip(found.fingers, drawn.fingers, strict=True):
        assert math.dist((finger.box.x, finger.box.y), truth.centre) < 45
        assert abs(finger.box.angle - truth.angle) < 12


def test_two_thumbs_are_left_and_right():
    found = segment(slap("thumbs", gap=12.0).image, 500, THUMBS)
    assert found.accepted
    assert named(found) == [FingerPosition.LEFT_THUMB, FingerPosition.RIGHT_THUMB]
    assert found.hand is Side.BOTH


def test_the_other_hand_is_refused():
    found = segment(slap("left").image, 500, RIGHT_FOUR)
    assert Finding.WRONG_HAND in found.findings
    assert not found.accepted
    assert found.hand is Side.LEFT
    assert named(found) == [None] * 4


@pytest.mark.parametrize("rotation", [-20, 20])
def test_touching_fingers_are_parted(rotation):
    found = segment(slap("right", gap=0.0, rotation=rotation).image, 500, RIGHT_FOUR)
    assert named(found) == from_left(RIGHT_FOUR)


def test_the_second_phalanx_is_cut_off_at_the_joint():
    drawn = slap("right", lower=True)
    found = segment(drawn.image, 500, RIGHT_FOUR)
    assert named(found) == from_left(RIGHT_FOUR)
    for finger, truth in zip(found.fingers, drawn.fingers, strict=True):
        assert finger.box.height < truth.height * 1.25
        assert abs(finger.box.y - truth.centre[1]) < 60


@pytest.mark.parametrize(
    "how",
    [
        {"palm": True},
        {"intruder": True},
        {"residue": 0.8},
        {"halo": 0.8},
        {"shade": 60.0},
        {"noise": 14.0},
    ],
    ids=lambda how: next(iter(how)),
)
def test_what_else_is_on_the_glass_is_no_finger(how):
    found = segment(slap("left", **how).image, 500, LEFT_FOUR)
    assert named(found) == from_left(LEFT_FOUR), found.findings


@pytest.mark.parametrize("missing", scene.RIGHT_FOUR)
def test_a_missing_finger_refuses_and_is_named_or_said_to_be_unsure(missing):
    drawn = slap("right", missing=frozenset({missing}))
    found = segment(drawn.image, 500, RIGHT_FOUR)
    assert not found.accepted
    assert Finding.TOO_FEW in found.findings
    unsure = Finding.MISSING_NOT_SURE in found.findings
    assert found.missing == (frozenset() if unsure else {missing})
    assert named(found) == [None if unsure else truth.position for truth in drawn.fingers]


def test_a_missing_middle_finger_leaves_a_gap_that_tells():
    middle = FingerPosition.RIGHT_MIDDLE
    found = segment(slap("right", missing=frozenset({middle})).image, 500, RIGHT_FOUR)
    assert found.missing == {middle}


def test_an_exempt_finger_is_not_missing():
    little = FingerPosition.LEFT_LITTLE
    drawn = slap("left", missing=frozenset({little}))
    found = segment(drawn.image, 500, expected_of(LEFT_FOUR, {little}))
    assert found.accepted
    assert named(found) == [truth.position for truth in drawn.fingers]


def test_one_finger_too_many_is_refused():
    found = segment(slap("right").image, 500, expected_of(RIGHT_FOUR, {FingerPosition.RIGHT_INDEX}))
    assert Finding.TOO_MANY in found.findings
    assert not found.accepted
    assert named(found) == [None] * 4


def test_a_cut_out_matches_the_finger_it_was_cut_from():
    found = segment(slap("right", rotation=20).image, 500, RIGHT_FOUR)
    for finger in found.fingers:
        own = extract(impression(FingerIdentity(BODY, finger.position), 9), 500)
        assert same_finger(compare(extract(finger.cut, 500), own)), finger.position


def test_a_cut_out_tells_where_it_comes_from():
    drawn = slap("right", rotation=20)
    for finger in segment(drawn.image, 500, RIGHT_FOUR).fingers:
        height, width = finger.cut.shape
        x, y = finger.to_slap @ np.array([(width - 1) / 2, (height - 1) / 2, 1.0])
        assert math.dist((x, y), (finger.box.x, finger.box.y)) < 1.0
        assert (
            abs(int(finger.cut[height // 2, width // 2]) - int(drawn.image[round(y), round(x)]))
            < 90
        )


def test_a_picture_at_another_resolution_has_its_boxes_in_its_own_pixels():
    drawn = slap("right").image
    large = cv2.resize(drawn, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    usual, other = segment(drawn, 500, RIGHT_FOUR), segment(large, 1000, RIGHT_FOUR)
    for one, two in zip(usual.fingers, other.fingers, strict=True):
        assert two.box.x == pytest.approx(2 * one.box.x, abs=12)
        assert two.box.height == pytest.approx(2 * one.box.height, abs=24)
        assert abs(two.cut.shape[0] - one.cut.shape[0]) < 12


def test_a_single_finger_agrees_with_the_judges_foreground():
    position = FingerPosition.RIGHT_INDEX
    picture = impression(FingerIdentity(BODY, position), 3, width=400, height=500)
    found = segment(picture, 500, {position})
    whole = foreground(picture)
    assert named(found) == [position]
    assert found.accepted
    box = found.fingers[0].box
    assert math.dist((box.x, box.y), (whole.centre_x, whole.centre_y)) < 15
    assert box.width * box.height * math.pi / 4 == pytest.approx(whole.area, rel=0.15)


@settings(max_examples=8, deadline=None)
@given(st.integers(-120, 120), st.integers(-60, 60))
def test_boxes_move_with_the_hand(dx, dy):
    drawn = slap("thumbs", gap=12.0).image
    usual = segment(drawn, 500, THUMBS)
    there = segment(moved(drawn, 0.0, dx, dy), 500, THUMBS)
    for one, two in zip(usual.fingers, there.fingers, strict=True):
        assert two.box.x - one.box.x == pytest.approx(dx, abs=6)
        assert two.box.y - one.box.y == pytest.approx(dy, abs=6)


@settings(max_examples=8, deadline=None)
@given(st.floats(-25, 25))
def test_boxes_turn_with_the_hand(degrees):
    drawn = slap("thumbs", gap=12.0).image
    usual = segment(drawn, 500, THUMBS)
    there = segment(moved(drawn, degrees, 0, 0), 500, THUMBS)
    for one, two in zip(usual.fingers, there.fingers, strict=True):
        assert two.box.angle - one.box.angle == pytest.approx(degrees, abs=7)
        assert two.box.width == pytest.approx(one.box.width, rel=0.12)
        assert two.box.height == pytest.approx(one.box.height, rel=0.12)


def moved(picture, degrees, dx, dy):
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turn[:, 2] += (dx, dy)
    return cv2.warpAffine(picture, turn, (width, height), borderValue=228)


@given(st.lists(st.floats(-6, 6), min_size=4, max_size=4), st.floats(0.8, 1.2))
@settings(max_examples=60, deadline=None)
def test_a_mirrored_hand_is_as_surely_the_other_hand(off, size):
    behind, across = (9.0, 0.0, 8.0, 24.0), (0.0, 21.0, 42.0, 61.0)
    right = [Tip(a * size, b + o, 16.0) for a, b, o in zip(across, behind, off, strict=True)]
    left = [replace(tip, across=-tip.across) for tip in reversed(right)]
    sure = hand_confidence(right, from_left(RIGHT_FOUR))
    assert 0 <= sure <= 1
    assert hand_confidence(left, from_left(LEFT_FOUR)) == pytest.approx(sure, abs=1e-6)
    assert hand_confidence(right, from_left(LEFT_FOUR)) == pytest.approx(1 - sure, abs=1e-6)


def test_tips_in_a_level_row_are_of_no_sure_hand():
    level = [Tip(a, 0.0, 16.0) for a in (0.0, 20.0, 40.0, 60.0)]
    assert 0.1 < hand_confidence(level, from_left(RIGHT_FOUR)) < 0.9


@pytest.mark.parametrize(
    "picture",
    [
        np.full((1000, 1600), 255, np.uint8),
        np.zeros((1000, 1600), np.uint8),
        bare_platen(1, width=1600, height=1000),
    ],
    ids=["white", "black", "bare"],
)
def test_an_empty_platen_has_every_finger_missing(picture):
    found = segment(picture, 500, RIGHT_FOUR)
    assert found.fingers == ()
    assert found.missing == RIGHT_FOUR
    assert found.findings == (Finding.EMPTY, Finding.TOO_FEW)


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 140), st.integers(1, 140))),
    st.sampled_from([96, 250, 500, 1000]),
    st.sampled_from([RIGHT_FOUR, LEFT_FOUR, THUMBS, frozenset({FingerPosition.LEFT_RING})]),
)
def test_no_picture_makes_the_segmentation_fail(picture, ppi, expected):
    found = segment(picture, ppi, expected)
    for finger in found.fingers:
        assert finger.cut.size
        assert all(map(math.isfinite, (finger.box.x, finger.box.y, finger.box.angle)))


@pytest.mark.parametrize("seed", range(3))
def test_noise_is_no_slap(seed):
    noise = np.random.default_rng(seed).integers(0, 256, (1000, 1600)).astype(np.uint8)
    assert not segment(noise, 500, RIGHT_FOUR).accepted
    assert not segment(255 - slap("right").image, 500, LEFT_FOUR).accepted


def test_fingers_of_two_hands_cannot_be_one_picture():
    with pytest.raises(ValueError, match="one picture"):
        segment(bare_platen(1), 500, {FingerPosition.LEFT_INDEX, FingerPosition.RIGHT_INDEX})
