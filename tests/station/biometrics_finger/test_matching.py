import itertools
from dataclasses import replace

import numpy as np
import pytest

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.decision import same_finger
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.minutiae import extract
from station.biometrics.finger.search import search
from station.devices import FingerPosition
from tests.station.biometrics_finger.prints import POSITIONS, identity, template

FINGERS = 8


def test_every_impression_of_a_finger_is_accepted():
    for number in range(FINGERS):
        for a, b in ((0, 1), (0, 2), (1, 2)):
            assert same_finger(compare(template(number, a), template(number, b))), (number, a, b)


def test_every_other_finger_is_refused():
    for one in range(FINGERS):
        for other in range(one):
            assert not same_finger(compare(template(one, 0), template(other, 1))), (one, other)


@pytest.mark.slow
def test_no_finger_of_four_bodies_passes_for_another():
    prints = [
        ((body, position), extract(impression(FingerIdentity(body, position), seed), 500))
        for body in range(210, 214)
        for position in POSITIONS
        for seed in range(3)
    ]
    refused, accepted = 0, []
    for (one, first), (other, second) in itertools.combinations(prints, 2):
        same = same_finger(compare(first, second))
        if one == other:
            refused += not same
        elif same:
            accepted.append((one, other))
    assert refused == 0
    assert len(set(accepted)) <= 1, accepted  # of 780 pairs of fingers, 7020 pairs of prints


def test_neighbouring_fingers_of_one_body_are_told_apart():
    body = [extract(impression(FingerIdentity(33, position), 0), 500) for position in POSITIONS[:5]]
    again = [
        extract(impression(FingerIdentity(33, position), 1), 500) for position in POSITIONS[:5]
    ]
    for one, first in enumerate(body):
        for other, second in enumerate(again):
            assert same_finger(compare(first, second)) == (one == other), (one, other)


def test_the_forty_minutiae_of_a_card_are_enough():
    for number in range(FINGERS):
        card = compact(template(number, 0))
        assert same_finger(compare(card, template(number, 1))), number


def compact(whole):
    """Round as a card does: 40 minutiae, tenths of a millimetre, 64 directions."""
    best = whole.best(40)
    grain, step = np.float32(500 / 254), np.float32(np.pi / 32)
    return replace(
        best,
        x=np.rint(best.x / grain) * grain,
        y=np.rint(best.y / grain) * grain,
        angle=np.rint(best.angle / step) % 64 * step,
    )


def test_a_score_is_the_same_whichever_print_comes_first():
    for other in range(5):
        there, back = (
            compare(template(0, 0), template(other, 1)),
            compare(template(other, 1), template(0, 0)),
        )
        assert there == back


def test_the_order_of_minutiae_does_not_matter():
    probe, reference = template(1, 0).best(40), template(1, 1)
    shuffled = probe.take(np.random.default_rng(1).permutation(len(probe)))
    assert compare(shuffled, reference) == compare(probe, reference)


def test_a_print_is_most_like_itself():
    own = compare(template(2, 0), template(2, 0)).score
    assert own > compare(template(2, 0), template(2, 1)).score
    assert own > compare(template(2, 0), template(3, 0)).score


@pytest.mark.parametrize("degrees", [-45, -25, 25, 45])
def test_a_turned_finger_is_still_the_same_finger(degrees):
    turned = extract(impression(identity(4), 5, rotation=degrees, dx=15, dy=-15), 500)
    upright = extract(impression(identity(4), 6, rotation=0, dx=0, dy=0), 500)
    assert same_finger(compare(turned, upright))


def test_four_grey_bits_of_a_small_sensor_are_enough():
    for number in range(6):
        small = impression(identity(number), 9, width=256, height=288) & 0xF0
        assert same_finger(compare(extract(small, 500), template(number, 0)))


def test_nothing_matches_an_empty_print():
    blank = extract(np.full((400, 300), 255, np.uint8), 500)
    assert len(blank) == 0
    assert compare(blank, blank).score == 0
    assert not same_finger(compare(blank, template(0, 0)))


def test_a_search_finds_the_duplicate_person_first_and_nobody_else():
    right, left = FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX
    gallery = [
        (f"person {n}", {right: template(2 * n, 0), left: template(2 * n + 1, 0)}) for n in range(6)
    ]
    found = search({right: template(8, 1), left: template(9, 1)}, gallery)
    assert [candidate.subject for candidate in found] == ["person 4"]
    assert found[0].fingers
    assert set(found[0].fingers) <= {right, left}
