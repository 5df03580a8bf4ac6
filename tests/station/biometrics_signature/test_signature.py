import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.emulation.scenes.pen import signature
from station.biometrics.signature.judge import judge
from station.biometrics.signature.points import decode_points, encode_points
from station.biometrics.signature.render import chip_signature, render
from station.devices import PenPoint
from station.errors import FormatError
from station.guidance import Guidance

NAMES = ["NUR AINI SAFITRI", "BUDI", "I MADE WIRYAWAN", "A", "", "Ø'DWI-RATNA X"]
SIGNED = signature(1, NAMES[0])

a_point = st.builds(
    PenPoint,
    t_us=st.integers(0, 60_000_000),
    x_um=st.integers(-1000, 120_000),
    y_um=st.integers(-1000, 60_000),
    pressure=st.floats(0, 1),
    down=st.booleans(),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_written_name_is_usable_and_fits_the_chip(name):
    points = signature(7, name)
    verdict = judge(points)
    assert verdict.usable
    assert verdict.guidance == ()
    assert len(chip_signature(points)) <= 880


def test_a_small_signature_is_asked_to_be_larger():
    small = [replace(p, x_um=p.x_um // 6, y_um=p.y_um // 6) for p in SIGNED]
    assert judge(small).guidance == (Guidance.SIGN_LARGER,)


def test_two_seconds_or_thirty_points_are_enough_and_less_is_not():
    corners = [(0, 0), (20_000, 0), (20_000, 9_000), (0, 9_000)]
    quick = [PenPoint(n * 10_000, x, y, 0.5, down=True) for n, (x, y) in enumerate(corners)]
    slow = [replace(p, t_us=p.t_us * 70) for p in quick]
    round_ = np.linspace(0, 2 * np.pi, 60)
    many = [
        PenPoint(5000 * n, int(1e4 * np.cos(a)), int(4.5e3 * np.sin(a)), 0.5, down=True)
        for n, a in enumerate(round_)
    ]
    assert judge(quick).guidance == (Guidance.SIGN_LONGER,)
    assert judge(slow).usable
    assert judge(many).usable


def test_a_straight_line_is_not_a_signature_at_any_angle():
    line = [PenPoint(n * 10_000, 500 * n, 200 * n, 0.5, down=True) for n in range(100)]
    assert judge(line).guidance == (Guidance.SIGN_LONGER,)
    dot = [replace(p, x_um=5, y_um=5) for p in line]
    assert judge(dot).guidance[0] is Guidance.SIGN_LARGER


def test_many_lost_points_speak_of_the_cable_first():
    assert judge(SIGNED, dropped=100).guidance == (Guidance.CHECK_PAD_CABLE,)
    assert judge(SIGNED, dropped=5).usable


def test_an_untouched_pad_is_no_subject():
    assert judge([]).guidance == (Guidance.NO_SUBJECT,)
    assert judge([PenPoint(0, 1, 1, 0.0, down=False)]).guidance == (Guidance.NO_SUBJECT,)


@settings(max_examples=40, deadline=None)
@given(st.lists(a_point, max_size=30), st.integers(0, 50))
def test_any_points_are_judged_drawn_or_refused_and_kept_exactly(points, dropped):
    assert 0 <= judge(points, dropped).score <= 100
    assert decode_points(encode_points(points)) == tuple(points)
    if any(p.down for p in points):
        assert render(points, ppi=72).dtype == np.uint8
    else:
        with pytest.raises(FormatError):
            render(points)


@given(st.binary(max_size=60))
def test_foreign_bytes_are_not_a_signature(data):
    with pytest.raises(FormatError):
        decode_points(data)


@pytest.mark.parametrize(
    "row",
    [
        "[1,2,3,0.5]",
        "[1,2,3,1.5,1]",
        "[1,2,3,0.5,2]",
        "[1.5,2,3,0.5,1]",
        "[true,2,3,0.5,1]",
        "[1,2,3,NaN,1]",
        "7",
    ],
)
def test_a_damaged_point_is_refused(row):
    with pytest.raises(FormatError):
        decode_points(b'{"form":"rekam-signature-1","points":[' + row.encode() + b"]}")


def test_the_picture_is_the_same_every_time_and_keeps_its_quiet_zone():
    picture = render(SIGNED)
    assert (picture == render(SIGNED)).all()
    quiet = 18  # 2 mm at 300 dpi is 23.6 px, less half a pen's width
    edges = (picture[:quiet], picture[-quiet:], picture[:, :quiet], picture[:, -quiet:])
    assert all((edge == 255).all() for edge in edges)
    assert (picture < 128).mean() > 0.01


def test_pressure_widens_the_line():
    light = [replace(p, pressure=0.1) for p in SIGNED]
    heavy = [replace(p, pressure=1.0) for p in SIGNED]
    assert (render(heavy) < 128).sum() > 1.6 * (render(light) < 128).sum()


def test_the_chip_copy_is_one_bit_and_shows_the_same_shape():
    picture = Image.open(io.BytesIO(chip_signature(SIGNED)))
    assert picture.mode == "1"
    ink = ~np.asarray(picture)[3:-3, 3:-3]
    full = Image.fromarray(render(SIGNED)[24:-24, 24:-24]).resize(ink.shape[::-1])
    assert (np.asarray(full)[ink] < 235).mean() > 0.5


def test_a_scribble_that_cannot_fit_is_refused_not_cut():
    rng = np.random.default_rng(1)
    dots = rng.integers(0, 60_000, (6000, 2))
    points = [
        PenPoint(n, int(x), int(y) // 2, 0.5, down=bool(n % 2)) for n, (x, y) in enumerate(dots)
    ]
    with pytest.raises(FormatError):
        chip_signature(points, 300)
