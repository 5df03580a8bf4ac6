import contextlib
import dataclasses
import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.decision import same_finger
from station.biometrics.finger.matcher import compare
from station.biometrics.finger.minutiae import extract
from station.devices import FingerPosition
from station.errors import FormatError
from station.formats import compact_card, finger_minutiae, jpeg, jpeg2000, png, wsq
from station.formats.minutiae_template import from_template, to_template

INDEX = FingerPosition.RIGHT_INDEX


@functools.cache
def picture():
    return impression(FingerIdentity(77, INDEX), 1)


@functools.cache
def template(seed=1):
    return extract(impression(FingerIdentity(77, INDEX), seed), 500)


@functools.cache
def record():
    view = from_template(template(), INDEX, 80)
    return finger_minutiae.encode(finger_minutiae.MinutiaeRecord(2005, (view,)))


CODECS = {"png": png, "jpeg": jpeg, "jpeg2000": jpeg2000, "wsq": wsq}


@functools.cache
def stream(name):
    return CODECS[name].encode(picture()[100:228, 80:208])


@pytest.mark.parametrize("codec", [png, jpeg2000])
def test_lossless_means_bit_exact(codec):
    assert np.array_equal(codec.decode(codec.encode(picture())), picture())


@pytest.mark.parametrize("codec", [png, jpeg2000])
def test_colour_keeps_its_channel_order(codec):
    colour = np.random.default_rng(1).integers(0, 256, (40, 50, 3)).astype(np.uint8)
    assert np.array_equal(codec.decode(codec.encode(colour)), colour)


@pytest.mark.parametrize("encode", [wsq.encode, lambda p: jpeg2000.encode(p, ratio=15)])
def test_a_compressed_print_still_matches(encode):
    data = encode(picture())
    assert len(data) < picture().size / 8
    codec = wsq if data[:2] == b"\xff\xa0" else jpeg2000
    assert same_finger(compare(extract(codec.decode(data), 500), template(2)))


def test_wsq_refuses_what_its_coder_cannot_take():
    for pixels in (np.zeros((20, 20), np.uint8), np.zeros((90, 90, 3), np.uint8)):
        with pytest.raises(FormatError):
            wsq.encode(pixels)


def test_a_jpeg_fits_its_limit_or_is_refused():
    assert len(jpeg.encode_within(picture(), 20_000)) <= 20_000
    with pytest.raises(FormatError):
        jpeg.encode_within(picture(), 500)


def test_an_oversized_picture_is_refused_before_decoding():
    huge = bytearray(png.encode(picture()))
    huge[16:24] = b"\x00\x0f\x00\x00\x00\x0f\x00\x00"
    with pytest.raises(FormatError, match="size"):
        png.decode(bytes(huge))


@pytest.mark.parametrize("name", CODECS)
def test_a_cut_stream_is_a_format_error(name):
    data = stream(name)
    for length in (0, 1, 2, 10, 30, len(data) // 2, len(data) - 1):
        with pytest.raises(FormatError):
            CODECS[name].decode(data[:length])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["png", "jpeg"]), st.integers(0, 200), st.integers(0, 255))
def test_a_flipped_byte_gives_a_picture_or_a_format_error(name, at, value):
    data = bytearray(stream(name))
    data[at] = value
    with contextlib.suppress(FormatError):
        assert CODECS[name].decode(bytes(data)).dtype == np.uint8


def test_a_minutiae_record_has_the_size_and_header_of_the_standard():
    assert len(record()) == 24 + 4 + 6 * len(template()) + 2
    assert record()[:8] == b"FMR\x00 20\x00"
    assert record()[18:22] == b"\x00\xc5\x00\xc5"


def test_a_minutiae_record_comes_back_byte_for_byte():
    assert finger_minutiae.encode(finger_minutiae.decode(record())) == record()


def test_every_cut_and_every_trailing_byte_of_a_record_is_an_error():
    for length in range(len(record())):
        with pytest.raises(FormatError):
            finger_minutiae.decode(record()[:length])
    with pytest.raises(FormatError):
        finger_minutiae.decode(record() + b"\x00")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_record_that_is_accepted_is_written_back_the_same(data):
    damaged = bytearray(record())
    damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FormatError):
        read = finger_minutiae.decode(bytes(damaged))
        assert finger_minutiae.encode(read) == bytes(damaged)


@pytest.mark.parametrize("edition", [2005, 2011])
def test_a_template_comes_back_from_its_record_within_the_rounding(edition):
    view = from_template(template(), INDEX, 80, edition=edition)
    data = finger_minutiae.encode(finger_minutiae.MinutiaeRecord(edition, (view,)))
    back = to_template(finger_minutiae.decode(data).views[0])
    best = template().best(255)
    assert np.abs(back.x - best.x).max() <= 0.5
    turned = np.abs(back.angle - best.angle)
    assert np.minimum(turned, 2 * np.pi - turned).max() <= np.pi / 256 + 1e-6
    assert np.array_equal(back.quality, best.quality)
    assert same_finger(compare(back, template(2)))


def test_a_record_of_another_resolution_is_brought_to_500_ppi():
    view = from_template(template(), INDEX, 80, edition=2011)
    fine = dataclasses.replace(view, x_per_cm=394, y_per_cm=394)
    assert np.allclose(to_template(fine).x, to_template(view).x / 2, rtol=2e-3)
    assert to_template(fine).width == round(view.width * 500 / 2.54 / 394)


def test_the_chip_keeps_the_best_minutiae_and_still_knows_the_finger():
    data = compact_card.encode(template(), limit=40)
    assert len(data) <= 120
    assert same_finger(compare(compact_card.decode(data), template(2)))


def test_the_chip_does_not_know_another_finger():
    other = extract(impression(FingerIdentity(78, INDEX), 1), 500)
    assert not same_finger(compare(compact_card.decode(compact_card.encode(template())), other))


@given(st.binary(max_size=300))
def test_compact_card_bytes_are_a_template_or_a_format_error(data):
    try:
        read = compact_card.decode(data)
    except FormatError:
        assert len(data) % 3 or len(data) > 240 or any(b >> 6 == 3 for b in data[2::3])
    else:
        rows = sorted(data[i : i + 3] for i in range(0, len(data), 3))
        written = compact_card.encode(read, limit=80)
        assert sorted(written[i : i + 3] for i in range(0, len(written), 3)) == rows
