"""The vectorised block measures against their definitions, written out plainly."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.biometrics.finger.blocks import BLOCK, block_means, flow_of
from station.biometrics.finger.ink import ink_of
from station.biometrics.finger.profiles import profiles_of
from station.biometrics.finger.segment import segment

PERIOD = 9.0


def grating(degrees, period=PERIOD, side=96, duty=0.0):
    """Lines whose normal lies ``degrees`` from the x axis, y down; ``duty`` widens the dark ones."""
    y, x = np.mgrid[:side, :side].astype(np.float32)
    turn = math.radians(degrees)
    wave = np.cos(2 * np.pi * (x * math.cos(turn) + y * math.sin(turn)) / period)
    return (128 + 100 * np.tanh(1.5 * (wave - duty))).astype(np.float32)


def everywhere(picture):
    return np.ones(picture.shape, np.uint8)


@settings(max_examples=25, deadline=None)
@given(st.floats(-89, 89))
def test_the_flow_of_a_grating_is_its_own_direction_with_certainty_one(degrees):
    picture = grating(degrees)
    flow = flow_of(picture, everywhere(picture))
    assert flow.inside.all()
    gap = np.abs(np.degrees(flow.across) - degrees) % 180
    assert np.minimum(gap, 180 - gap).max() < 2.5
    assert flow.certainty.min() > 0.97
    assert np.degrees(flow.turn).max() < 3


def test_certainty_is_one_minus_the_ratio_of_the_eigenvalues():
    rng = np.random.default_rng(3)
    picture = grating(20) + rng.normal(0, 40, (96, 96)).astype(np.float32)
    gy, gx = np.gradient(picture[16 : 16 + BLOCK + 2, 32 : 32 + BLOCK + 2].astype(float))
    gx, gy = gx[1:-1, 1:-1], gy[1:-1, 1:-1]
    low, high = np.linalg.eigvalsh(
        [[np.mean(gx * gx), np.mean(gx * gy)], [np.mean(gx * gy), np.mean(gy * gy)]]
    )
    shifted = picture[1:, 1:]  # the block at (1, 2) then begins at pixel (17, 33)
    flow = flow_of(np.ascontiguousarray(shifted), everywhere(shifted))
    assert flow.certainty[1, 2] == pytest.approx(1 - low / high, abs=1e-4)
    coherence = (high - low) / (high + low)
    assert flow.coherence[1, 2] == pytest.approx(coherence, abs=1e-4)


def test_block_means_are_plain_means_every_half_block():
    picture = np.random.default_rng(4).random((80, 112)).astype(np.float32)
    means = block_means(picture)
    assert means.shape == (4, 6)
    assert means[2, 3] == pytest.approx(picture[32:64, 48:80].mean(), abs=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.floats(-89, 89), st.floats(7, 11))
def test_the_profile_of_a_grating_shows_its_period_clear_and_even(degrees, period):
    picture = grating(degrees, period)
    profiles = profiles_of(picture, flow_of(picture, everywhere(picture)))
    widths = profiles.ridge_width + profiles.valley_width
    assert np.median(widths) == pytest.approx(period, rel=0.12)
    assert np.median(profiles.clarity) > 0.9
    assert (
        np.median(profiles.band) > 0.3
    )  # a period that does not divide 32 leaks into its neighbours
    assert np.median(profiles.swing) == pytest.approx(125, rel=0.2)
    assert np.abs(np.log(profiles.ratios)).mean() < 0.35


def test_wider_ridges_show_as_wider_ridges():
    shares = []
    for duty in (-0.4, 0.0, 0.4):
        picture = grating(30, duty=duty)
        profiles = profiles_of(picture, flow_of(picture, everywhere(picture)))
        shares.append(
            np.mean(profiles.ridge_width / (profiles.ridge_width + profiles.valley_width))
        )
    assert shares[0] + 0.02 < shares[1] < shares[2] - 0.02


def test_gaps_in_ridges_and_filled_valleys_are_told_apart():
    picture = grating(0)
    rng = np.random.default_rng(5)
    speckled = rng.random(picture.shape) < 0.25
    whole = everywhere(picture)
    broken = np.where(speckled & (picture < 128), 228, picture).astype(np.float32)
    filled = np.where(speckled & (picture >= 128), 28, picture).astype(np.float32)
    dry = profiles_of(broken, flow_of(picture, whole))
    wet = profiles_of(filled, flow_of(picture, whole))
    assert dry.ridge_errors.mean() > 2 * dry.valley_errors.mean()
    assert wet.valley_errors.mean() > 2 * wet.ridge_errors.mean()


@pytest.mark.parametrize("period", [4.0, 28.0])
def test_lines_no_ridge_could_have_are_not_clear(period):
    picture = grating(10, period)
    profiles = profiles_of(picture, flow_of(picture, everywhere(picture)))
    assert profiles.clarity.mean() < 0.2


def test_ink_is_the_share_of_dark_skin_whatever_the_platen():
    skin = np.where(np.arange(200) % 10 < 3, 40, 200).astype(np.uint8)
    picture = np.full((200, 320), 220, np.uint8)
    picture[:, 60:260] = skin
    mask = np.zeros(picture.shape, np.uint8)
    mask[:, 60:260] = 1
    ink = ink_of(picture, mask)
    assert (ink.dark, ink.light, ink.paper) == (40, 200, 220)
    assert ink.coverage == pytest.approx(0.3, abs=0.01)
    assert ink.depth == pytest.approx(1 - 40 / 220)
    assert not ink.inverted
    negative = ink_of(255 - picture, mask)
    assert negative.inverted
    assert negative.coverage == pytest.approx(ink.coverage, abs=0.01)


def test_what_lies_beside_the_finger_is_measured_not_taken_for_finger():
    picture = np.full((300, 400), 225, np.uint8)
    picture[40:260, 20:200] = grating(25, side=220)[:, :180].astype(np.uint8)
    picture[100:180, 300:380] = (128 + (grating(70, side=80) - 128) / 2).astype(np.uint8)
    found = segment(picture)
    assert found.centre_x == pytest.approx(110, abs=6)
    assert found.beside == pytest.approx(80 * 80, rel=0.5)  # grown by half a window all around
