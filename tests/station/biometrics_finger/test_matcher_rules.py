"""What the matcher promises whatever the print: minutiae are drawn by chance, no pictures needed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.biometrics.finger.decision import (
    THRESHOLD,
    false_match_rate,
    same_finger,
    threshold_for,
)
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.prepared import prepare
from station.minutiae import Template

seeds = st.integers(0, 10_000)
few = settings(max_examples=25, deadline=None)


def drawn(seed, count=40, width=300, height=400):
    """Minutiae at even chance, no two closer than ridges allow, directions along a bent flow."""
    rng = np.random.default_rng(seed)
    places = np.zeros((0, 2))
    while len(places) < count:
        place = rng.uniform((10, 10), (width - 10, height - 10))
        if not len(places) or np.hypot(*(places - place).T).min() > 12:
            places = np.concatenate([places, place[None]])
    way = places @ rng.normal(0, 0.004, 2) + rng.uniform(0, np.pi)
    angle = (way + np.pi * rng.integers(0, 2, count)) % (2 * np.pi)
    return template(places[:, 0], places[:, 1], angle, width, height)


def template(x, y, angle, width=300, height=400, quality=None):
    count = len(x)
    return Template(
        np.asarray(x, np.float32),
        np.asarray(y, np.float32),
        np.asarray(angle, np.float32),
        np.ones(count, np.uint8),
        np.full(count, 60, np.uint8) if quality is None else quality,
        width,
        height,
    )


def moved(found, degrees, dx, dy):
    turn = np.deg2rad(degrees)
    cos, sin = np.cos(turn), np.sin(turn)
    x, up = found.x, -found.y
    return replace(
        found,
        x=(x * cos - up * sin + dx).astype(np.float32),
        y=(-(x * sin + up * cos) + dy).astype(np.float32),
        angle=((found.angle + turn) % (2 * np.pi)).astype(np.float32),
    )


def jittered(found, px, seed=0, angle=0.1):
    rng = np.random.default_rng(seed)
    count = len(found)
    return replace(
        found,
        x=(found.x + rng.normal(0, px, count)).astype(np.float32),
        y=(found.y + rng.normal(0, px, count)).astype(np.float32),
        angle=((found.angle + rng.normal(0, angle, count)) % (2 * np.pi)).astype(np.float32),
    )


@few
@given(seeds, seeds, st.integers(0, 60), st.integers(0, 60))
def test_a_score_is_symmetric_and_finite(one, other, count, count_other):
    a, b = drawn(one, count), drawn(other, count_other)
    match = compare(a, b)
    assert match == compare(b, a)
    assert np.isfinite(match.score)
    assert match.score >= 0
    assert 0 <= match.matched <= min(count, count_other)


@few
@given(seeds, seeds, st.randoms(use_true_random=False))
def test_the_order_of_minutiae_does_not_matter(seed, shuffle, random):
    a = drawn(seed, 55)
    a = replace(a, quality=np.random.default_rng(seed).integers(1, 4, 55).astype(np.uint8))
    b = jittered(a, 3, shuffle)
    order = list(range(55))
    random.shuffle(order)
    assert compare(a.take(np.array(order)), b) == compare(a, b)


@few
@given(seeds, st.floats(-180, 180), st.floats(-300, 300), st.floats(-300, 300))
def test_a_moved_and_turned_print_matches_whatever_the_turn(seed, degrees, dx, dy):
    whole = drawn(seed)
    still = compare(whole, jittered(whole, 2)).score
    match = compare(moved(whole, degrees, dx, dy), jittered(whole, 2))
    assert same_finger(match)
    assert match.score == pytest.approx(still, rel=0.15)


@few
@given(seeds, st.integers(3, 20))
def test_a_print_is_most_like_itself(seed, px):
    whole = drawn(seed)
    own = compare(whole, whole).score
    assert own > compare(whole, jittered(whole, px / 3 + 0.5)).score
    assert own > compare(whole, drawn(seed + 1)).score


@few
@given(seeds)
def test_more_jitter_means_less_likeness(seed):
    whole = drawn(seed)
    scores = [compare(whole, jittered(whole, px, seed, px / 40)).score for px in (0, 2, 4, 8, 30)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < THRESHOLD < scores[0]


@few
@given(seeds)
def test_fewer_common_minutiae_mean_less_likeness(seed):
    whole = drawn(seed)
    again = jittered(whole, 2, seed)
    scores = [compare(whole, again.take(np.arange(count))).score for count in (40, 28, 18, 10, 4)]
    assert scores == sorted(scores, reverse=True)


def test_part_of_a_print_is_enough():
    for seed in range(10):
        whole = drawn(seed)
        part = jittered(whole, 2, seed).take(np.nonzero(whole.y < 0.65 * 400)[0])
        other = whole.take(np.nonzero(whole.y > 0.3 * 400)[0])
        assert same_finger(compare(part, other)), seed


def test_stretched_skin_is_forgiven():
    for seed in range(10):
        whole = drawn(seed)
        pull = 9 * np.sin(whole.y / 90 + seed), 7 * np.sin(whole.x / 110 + 2 * seed)
        bent = replace(
            whole,
            x=(whole.x + pull[0]).astype(np.float32),
            y=(whole.y + pull[1]).astype(np.float32),
        )
        assert same_finger(compare(jittered(whole, 2, seed), bent)), seed


@pytest.mark.parametrize("count", [3, 5, 8, 12, 15])
def test_a_handful_of_minutiae_does_not_match_by_chance(count):
    whole = [drawn(seed, 40) for seed in range(12)]
    scraps = [drawn(1000 + seed, count, 150, 150) for seed in range(12)]
    accepted = [same_finger(compare(scrap, each)) for scrap in scraps for each in whole]
    accepted += [same_finger(compare(a, b)) for a in scraps for b in scraps if a is not b]
    assert not any(accepted)


def test_minutiae_on_one_spot_are_no_evidence():
    spot = template([50.0] * 40, [50.0] * 40, [1.0] * 40)
    assert not same_finger(compare(spot, drawn(1)))
    assert np.isfinite(compare(spot, spot).score)


def test_a_lattice_does_not_match_a_shifted_lattice_better_than_itself():
    x, y = (part.ravel() for part in np.meshgrid(np.arange(6) * 40.0, np.arange(6) * 40.0))
    grid = template(x, y, np.zeros(36))
    assert (
        compare(grid, grid).score >= compare(grid, moved(grid, 0, 40, 0).take(np.arange(18))).score
    )


def test_a_prepared_print_scores_as_its_template():
    a, b = drawn(1, 60), jittered(drawn(1, 60), 2)
    assert compare(prepare(a), prepare(b)) == compare(a, b)
    assert compare(prepare(a), b) == compare(a, b)


def test_a_rate_gives_a_threshold_and_a_threshold_its_rate():
    assert threshold_for(1e-4) == pytest.approx(THRESHOLD)
    for rate in (0.1, 1e-3, 1e-6):
        assert false_match_rate(threshold_for(rate)) == pytest.approx(rate)
    assert threshold_for(1e-6) > threshold_for(1e-3)
    for wrong in (0, -1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="false match rate"):
            threshold_for(wrong)


def test_a_site_can_ask_for_a_rarer_false_match():
    match = compare(drawn(2), jittered(drawn(2), 4, 1).take(np.arange(14)))
    assert same_finger(match, 1e-2)
    assert not same_finger(match, 1e-12)


@few
@given(seeds, st.sampled_from([0.0, 1e-5]))
def test_minutiae_told_many_times_over_are_no_strangers_finger(seed, scatter):
    few_places = drawn(seed, 3)
    rng = np.random.default_rng(seed)
    x, y = (np.repeat(side, 14) for side in (few_places.x, few_places.y))
    crafted = template(x + rng.normal(0, scatter, 42), y, np.repeat(few_places.angle, 14))
    stranger = drawn(seed + 20_000, 60)
    for match in (compare(crafted, stranger), compare(stranger, crafted)):
        assert match.matched <= 3
        assert not same_finger(match)
