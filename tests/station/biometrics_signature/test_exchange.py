"""A signature for others: the ISO record, the even rate, and which points a pen can have made."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.scenes.pen import signature
from station.biometrics.signature.judge import judge
from station.biometrics.signature.plausible import plausible
from station.biometrics.signature.resample import resample
from station.devices import PenPoint
from station.errors import FormatError
from station.formats import signature_series
from station.formats.signature_points import to_points, to_series
from station.formats.signature_series import ChannelKind, scale_value, stored_scale
from station.guidance import Guidance

SIGNED = signature(1, "NUR AINI SAFITRI")


def steps(points):
    return [
        (b.t_us - a.t_us, b.x_um - a.x_um, b.y_um - a.y_um, b.down) for a, b in pairwise(points)
    ]


def coarse(points):
    """As a pad with 10 um steps and a 10 ms clock gives them."""
    return [
        replace(p, t_us=p.t_us // 10_000 * 10_000, x_um=p.x_um // 20 * 20, y_um=p.y_um // 20 * 20)
        for p in points
    ]


def test_a_pads_points_come_back_exactly_from_the_iso_record():
    points = coarse(SIGNED)
    data = signature_series.encode(to_series(points))
    back = to_points(signature_series.decode(data))
    assert steps(back) == steps(points)
    assert max(abs(a.pressure - b.pressure) for a, b in zip(back, points, strict=True)) < 1e-5


def test_the_head_of_the_record_is_the_standards():
    data = signature_series.encode(to_series(SIGNED))
    assert data[:8] == b"SDI\x00 10\x00"
    assert int.from_bytes(data[8:10]) == 1 << 15 | 1 << 14 | 1 << 8 | 1 << 6 | 1 << 5
    assert len(data) == 8 + 2 + 3 + 3 + 3 + 5 + 1 + 1 + 1 + 3 + 10 * len(SIGNED)


def test_a_wide_signature_is_stored_in_coarser_units_not_cut():
    wide = [replace(p, x_um=p.x_um * 9 + 1) for p in SIGNED]
    series = to_series(wide)
    x = series.channel(ChannelKind.X)
    unit = 1000 / scale_value(x.scale)
    width = (max(p.x_um for p in wide) - min(p.x_um for p in wide)) / unit
    assert max(x.values) - min(x.values) == pytest.approx(width, abs=1)


@given(st.sampled_from([1, 10, 100, 125, 200, 250, 500, 1000, 2000, 5000, 10000]))
def test_the_units_used_are_stored_without_rounding(unit):
    assert scale_value(stored_scale(unit)) == unit


def test_points_with_time_running_backwards_are_not_exchanged():
    with pytest.raises(FormatError):
        to_series([SIGNED[5], SIGNED[4]])
    with pytest.raises(FormatError):
        resample([SIGNED[5], SIGNED[4]])


def test_resampling_keeps_to_the_clock_and_invents_nothing_between_strokes():
    first = [PenPoint(3_333 * n, 1000 * n, 500 * n, 0.5, down=True) for n in range(31)]
    second = [PenPoint(500_000 + 3_333 * n, 0, 9000, 0.5, down=True) for n in range(31)]
    lifted = PenPoint(110_000, 30_000, 15_000, 0.0, down=False)
    even = resample([*first, lifted, *second])
    ink = [p for p in even if p.down]
    assert all(p.t_us % 10_000 == 0 for p in ink)
    assert not any(110_000 < p.t_us < 500_000 for p in ink)
    assert all(abs(p.x_um - p.t_us * 1000 / 3_333) < 1 for p in ink if p.t_us <= 100_000)
    assert [p.down for p in even].count(False) == 1


@settings(max_examples=50, deadline=None)
@given(st.integers(20, 250))
def test_resampling_at_any_rate_is_ordered_and_inside_the_ink(rate):
    even = resample(SIGNED, rate)
    assert all(a.t_us <= b.t_us for a, b in pairwise(even))
    ink = [p for p in SIGNED if p.down]
    assert min(p.x_um for p in ink) <= min(p.x_um for p in even)
    assert max(p.y_um for p in even) <= max(p.y_um for p in ink)


def test_a_written_name_has_no_implausible_point():
    checked = plausible(SIGNED, (300_000, 200_000))
    assert checked.dropped == 0
    assert checked.points == tuple(SIGNED)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda p: replace(p, x_um=p.x_um + 90_000), "jumped"),
        (lambda p: replace(p, t_us=p.t_us - 50_000), "backwards"),
        (lambda p: replace(p, y_um=-40_000), "outside"),
    ],
)
def test_one_damaged_point_falls_alone_and_is_counted(change, rule):
    at = next(n for n in range(20, 99) if all(p.down for p in SIGNED[n - 2 : n + 2]))
    damaged = [*SIGNED[:at], change(SIGNED[at]), *SIGNED[at + 1 :]]
    checked = plausible(damaged, (300_000, 200_000))
    assert checked.points == (*SIGNED[:at], *SIGNED[at + 1 :])
    assert getattr(checked, rule) == checked.dropped == 1


def test_a_wrong_first_point_does_not_cost_the_stroke():
    stroke = [PenPoint(10_000 * n, 100 * n, 0, 0.5, down=True) for n in range(50)]
    wrong = [replace(stroke[0], x_um=200_000), *stroke[1:]]
    assert plausible(wrong).dropped == 3


def test_points_that_jump_all_over_speak_of_the_cable():
    jumping = [
        replace(p, x_um=p.x_um + 80_000 * (n % 5 == 2)) for n, p in enumerate(SIGNED)
    ]  # every fifth
    assert judge(jumping).guidance[0] is Guidance.CHECK_PAD_CABLE
