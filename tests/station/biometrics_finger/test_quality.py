import itertools
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from drivers.emulation.scenes.finger import PAPER, bare_platen, impression
from station.biometrics.finger.features import clear_map, measure
from station.biometrics.finger.quality import ALGORITHM, VERSION, judge, verdict_on
from station.biometrics.finger.reasons import GUIDANCE, Reason
from station.biometrics.finger.still import with_minutiae
from station.guidance import Guidance
from tests.station.biometrics_finger.prints import identity, template
from ui.biometrics.ridge_map import ridge_map


@pytest.mark.parametrize("number", range(8))
def test_an_ordinary_impression_is_usable_and_scores_high(number):
    verdict = judge(impression(identity(number), number), 500)
    assert verdict.usable, verdict
    assert verdict.score >= 70
    assert verdict.guidance == () == verdict.reasons
    assert (verdict.algorithm, verdict.version) == (ALGORITHM, VERSION)


@pytest.mark.parametrize(
    ("fault", "reason", "told"),
    [
        ({"pressure": 0.1}, Reason.TOO_LIGHT, Guidance.PRESS_HARDER),
        ({"pressure": 0.95, "dryness": 0.3}, Reason.TOO_WET, Guidance.PRESS_LIGHTER),
        ({"pressure": 0.75, "dryness": 0.0}, Reason.TOO_WET, Guidance.FINGER_TOO_WET),
        ({"dryness": 0.98}, Reason.TOO_DRY, Guidance.FINGER_TOO_DRY),
        ({"dx": 90, "dy": 110}, Reason.OFF_CENTRE, Guidance.CENTRE_FINGER),
        ({"contact": 0.35}, Reason.PARTIAL, Guidance.WHOLE_FINGER),
    ],
)
@pytest.mark.parametrize("number", [1, 3])
def test_each_poor_capture_gets_its_own_reason_and_instruction(number, fault, reason, told):
    good = judge(impression(identity(number), 1), 500)
    verdict = judge(impression(identity(number), 1, **fault), 500)
    assert verdict.reasons[0] is reason, verdict
    assert told in verdict.guidance
    assert not verdict.usable
    assert verdict.score < good.score


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({}, ()),
        ({"area_mm2": 10.0}, (Reason.EMPTY,)),
        ({"certainty": 0.2, "coverage": 0.9, "area_mm2": 50.0}, (Reason.RESIDUE,)),
        ({"depth": 0.1}, (Reason.RESIDUE,)),
        ({"beside_mm2": 90.0}, (Reason.RESIDUE,)),
        ({"bend": 0.0}, (Reason.RESIDUE,)),
        ({"coverage": 0.8, "ridge_share": 0.58}, (Reason.TOO_WET,)),
        ({"depth": 0.3}, (Reason.TOO_LIGHT,)),
        ({"depth": 0.3, "coverage": 0.15, "broken": 0.3}, (Reason.TOO_LIGHT,)),
        ({"coverage": 0.15}, (Reason.TOO_DRY,)),
        ({"broken": 0.3}, (Reason.TOO_DRY,)),
        ({"broken": 0.3, "filled": 0.32}, (Reason.SMUDGED,)),
        ({"coverage": 0.8, "ridge_share": 0.50}, (Reason.SMUDGED,)),
        ({"offset_mm": 5.0, "area_mm2": 90.0}, (Reason.OFF_CENTRE, Reason.PARTIAL)),
        ({"clear_mm2": 20.0}, (Reason.SMUDGED,)),
        ({"clarity": 0.3}, (Reason.SMUDGED,)),
        ({"period_mm": 1.0}, (Reason.SCALE,)),
        ({"inverted": True}, (Reason.INVERTED,)),
    ],
)
def test_each_cause_is_named_and_only_then_is_the_picture_refused(change, reasons):
    good = measure(impression(identity(0), 1))
    features = replace(good, coverage=0.38)
    verdict = verdict_on(replace(features, **change))
    assert verdict.reasons == reasons
    assert verdict.usable is not bool(reasons)


def test_every_reason_has_its_guidance():
    assert set(GUIDANCE) == set(Reason)
    assert all(GUIDANCE.values())


@pytest.mark.parametrize("level", [0, 127, 255])
def test_a_uniform_picture_has_no_finger(level):
    verdict = judge(np.full((400, 300), level, np.uint8), 500)
    assert verdict.score == 0
    assert verdict.reasons == (Reason.EMPTY,)
    assert verdict.guidance == (Guidance.NO_SUBJECT,)


def test_a_bare_platen_has_no_finger():
    assert judge(bare_platen(1), 500).guidance == (Guidance.NO_SUBJECT,)


@pytest.mark.parametrize("strength", [0.10, 0.13])
def test_an_old_print_on_the_glass_is_to_be_wiped_off(strength):
    skin = PAPER - impression(identity(2), 3, noise=0.0).astype(np.float32)
    picture = np.clip(bare_platen(1) - strength * np.maximum(skin, 0), 0, 255).astype(np.uint8)
    verdict = judge(picture, 500)
    assert verdict.reasons == (Reason.RESIDUE,)
    assert verdict.guidance == (Guidance.WIPE_GLASS,)


def _text():
    page = np.full((400, 400), 255, np.uint8)
    for line in range(20):
        words = "the quick brown fox jumps over the lazy dog"[line % 9 :]
        cv2.putText(page, words, (0, 20 * line + 15), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    return page


def _stripes(degrees):
    y, x = np.mgrid[:400, :400]
    turn = np.radians(degrees)
    return (127 + 120 * np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / 9)).astype(
        np.uint8
    )


def _soft_noise():
    noise = np.random.default_rng(1).standard_normal((400, 400)).astype(np.float32)
    return cv2.normalize(
        cv2.GaussianBlur(noise, (0, 0), 2.5), None, 0, 255, cv2.NORM_MINMAX
    ).astype(np.uint8)


@pytest.mark.parametrize(
    "picture",
    [
        np.random.default_rng(1).integers(0, 256, (400, 300)).astype(np.uint8),
        _soft_noise(),
        _text(),
        _stripes(0),
        _stripes(35),
    ],
    ids=["noise", "soft noise", "text", "stripes", "slanting stripes"],
)
def test_structure_that_is_no_ridge_flow_is_dirt_not_a_finger(picture):
    verdict = judge(picture, 500)
    assert verdict.score <= 5
    assert verdict.guidance == (Guidance.WIPE_GLASS,)


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("blur", (0.0, 1.5, 3.0, 5.0)),
        ("contact", (1.0, 0.6, 0.3, 0.1)),
        ("noise", (5.0, 40.0, 80.0, 120.0)),
        ("dryness", (0.4, 0.7, 0.85, 1.0)),
        ("pressure", (0.5, 0.3, 0.2, 0.1, 0.0)),
    ],
)
@pytest.mark.parametrize("number", [1, 4])
def test_the_score_falls_as_the_picture_gets_worse(number, name, steps):
    scores = [judge(impression(identity(number), 2, **{name: step}), 500).score for step in steps]
    assert all(later <= earlier + 2 for earlier, later in itertools.pairwise(scores)), scores
    assert scores[-1] < scores[0] - 20


def test_the_score_falls_as_contrast_and_size_are_lost():
    print_ = impression(identity(1), 2)
    washed = [
        judge(cv2.convertScaleAbs(255 - (255 - print_.astype(np.float32)) * k), 500).score
        for k in (1.0, 0.25, 0.15, 0.05)
    ]
    cropped = [
        judge(print_[40 * k : 400 - 40 * k, 30 * k : 300 - 30 * k], 500).score for k in range(5)
    ]
    for scores in (washed, cropped):
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(scores)), scores
        assert scores[-1] < scores[0] - 40


def _turned(picture, degrees, dx=0.0, dy=0.0):
    side = 560
    middle = (picture.shape[1] / 2, picture.shape[0] / 2)
    move = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    move[:, 2] += [side / 2 - middle[0] + dx, side / 2 - middle[1] + dy]
    return cv2.warpAffine(
        picture, move, (side, side), flags=cv2.INTER_CUBIC, borderValue=(PAPER,) * 4
    )


@settings(max_examples=15, deadline=None)
@given(
    st.floats(-180, 180), st.floats(-30, 30), st.floats(-30, 30), st.sampled_from([(0, 1), (5, 2)])
)
def test_a_finger_that_lies_elsewhere_on_the_glass_scores_the_same(turn, dx, dy, which):
    number, seed = which
    print_ = impression(identity(number), seed, contact=0.6, dx=0, dy=0)
    still, moved = judge(_turned(print_, 0), 500), judge(_turned(print_, turn, dx, dy), 500)
    assert abs(still.score - moved.score) <= 4
    assert still.reasons == moved.reasons


@settings(max_examples=10, deadline=None)
@given(st.tuples(*[st.integers(0, 40)] * 4), st.integers(200, 255))
def test_a_margin_around_the_picture_changes_nothing(margin, level):
    print_ = impression(identity(3), 1)
    padded = cv2.copyMakeBorder(print_, *margin, cv2.BORDER_CONSTANT, value=level)
    assert abs(judge(print_, 500).score - judge(padded, 500).score) <= 4


@pytest.mark.parametrize("ppi", [250, 333, 569, 1000])
def test_the_resolution_of_the_sensor_does_not_matter(ppi):
    at_500 = judge(impression(identity(2), 4), 500)
    size = (round(300 * ppi / 500), round(400 * ppi / 500))
    native = impression(identity(2), 4)
    way = cv2.INTER_AREA if ppi < 500 else cv2.INTER_CUBIC
    other = judge(cv2.resize(native, size, interpolation=way), ppi)
    assert abs(at_500.score - other.score) <= 6
    assert other.usable


def test_a_wrong_resolution_is_said_to_be_one():
    assert Reason.SCALE in judge(impression(identity(2), 4), 250).reasons


def test_light_ridges_on_a_dark_platen_are_measured_alike_and_refused():
    print_ = impression(identity(2), 4)
    right, negative = judge(print_, 500), judge(255 - print_, 500)
    assert negative.reasons == (Reason.INVERTED,)
    assert abs(right.score - negative.score) <= 3


def test_the_same_pixels_give_the_same_verdict():
    print_ = impression(identity(6), 2)
    assert judge(print_, 500) == judge(print_.copy(), 500)


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 90), st.integers(1, 90))),
    st.sampled_from([96, 250, 500, 569, 1000]),
)
def test_no_picture_makes_the_judge_fail(picture, ppi):
    verdict = judge(picture, ppi)
    assert 0 <= verdict.score <= 100
    assert all(np.isfinite(measure.value) for measure in verdict.measures)
    assert bool(verdict.reasons) is not verdict.usable


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 1), (32, 33), (40_000, 40), (31, 900)])
def test_no_size_makes_the_judge_fail(shape):
    noise = np.random.default_rng(2).integers(0, 256, shape).astype(np.uint8)
    assert judge(noise, 500).score == 0


def test_the_map_shows_where_the_clear_area_is():
    print_ = impression(identity(1), 2)
    print_[:, 150:] = cv2.GaussianBlur(print_[:, 150:], (0, 0), 6)
    clear = clear_map(print_)
    known = clear[clear >= 0]
    assert known.sum() * (16 * 25.4 / 500) ** 2 == pytest.approx(measure(print_).clear_mm2)
    assert clear[5:-5, :7].mean() > 0.6 > 0.2 > clear[5:-5, 10:].mean()
    assert clear_map(bare_platen(1)).size == 0


def test_the_drawn_map_is_red_where_ridges_are_smeared():
    print_ = impression(identity(1), 2)
    print_[:, 150:] = cv2.GaussianBlur(print_[:, 150:], (0, 0), 2.5)
    before, after = (
        ridge_map(each, 500).astype(int) for each in (impression(identity(1), 2), print_)
    )
    redder = (after[..., 2] - after[..., 1]) - (before[..., 2] - before[..., 1])
    assert redder[250:550, 400:560].mean() > 15
    assert abs(redder[250:550, 40:240].mean()) < 5


def test_a_still_tells_its_minutiae_without_a_new_judgement():
    print_ = impression(identity(0), 0)
    verdict = judge(print_, 500)
    told = with_minutiae(verdict, template(0, 0))
    assert told.measure("minutiae").value == len(template(0, 0)) > 15
    assert 0 < told.measure("minutiae_sure").value <= told.measure("minutiae").value
    assert (told.score, told.usable) == (verdict.score, verdict.usable)
    nothing = with_minutiae(judge(bare_platen(1), 500), template(0, 0).take(np.zeros(0, np.intp)))
    assert nothing.measure("minutiae_quality").value == 0


def test_the_verdict_tells_which_way_the_finger_lies():
    for dx, dy in ((60, 0), (-60, 0), (0, 60)):
        verdict = judge(impression(identity(0), 1, dx=dx, dy=dy, contact=0.5), 500)
        middle = judge(impression(identity(0), 1, dx=0, dy=0, contact=0.5), 500)
        moved = [
            verdict.measure(name).value - middle.measure(name).value
            for name in ("right_mm", "down_mm")
        ]
        assert moved == pytest.approx([dx * 25.4 / 500, dy * 25.4 / 500], abs=0.7)
