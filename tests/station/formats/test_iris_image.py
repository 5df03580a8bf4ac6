"""Iris records: what is written is read back; anything else is a FormatError with its place."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices import Eye
from station.errors import FormatError
from station.formats.iris_image import IrisImage, decode, encode

AT = dt.datetime(2026, 3, 4, 5, 6, 7, 89_000, tzinfo=dt.UTC)
images = st.builds(
    IrisImage,
    eye=st.sampled_from(Eye),
    data=st.binary(min_size=1, max_size=60),
    media_type=st.sampled_from(["image/jp2", "image/png"]),  # a raw image's length is checked
    width=st.integers(1, 2000),
    height=st.integers(1, 2000),
    quality=st.integers(0, 100) | st.sampled_from([254, 255]),
    captured_at=st.integers(0, 10**8).map(lambda s: AT + dt.timedelta(seconds=s)),
)
RECORD = encode(IrisImage(Eye.LEFT, b"pixels", "image/jp2", 640, 480, 71, AT))


@given(images)
def test_a_record_is_read_as_it_was_written(image):
    assert decode(encode(image)) == image


def test_the_head_is_the_standards():
    assert RECORD[:8] == b"IIR\x00020\x00"
    assert int.from_bytes(RECORD[8:12]) == len(RECORD)
    assert int.from_bytes(RECORD[12:14]) == 1


@pytest.mark.parametrize("length", range(len(RECORD)))
def test_a_record_cut_anywhere_is_refused(length):
    with pytest.raises(FormatError):
        decode(RECORD[:length])


def test_bytes_after_the_record_are_refused():
    with pytest.raises(FormatError):
        decode(RECORD + b"x")


@given(st.integers(0, len(RECORD) - 1), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_with_its_place(at, value):
    changed = RECORD[:at] + bytes([value]) + RECORD[at + 1 :]
    try:
        image = decode(changed)
    except FormatError as refused:
        offset = refused.facts["offset"]
    else:
        offset = 0
        assert image.eye in Eye
    assert 0 <= int(offset) <= len(RECORD)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(data):
    with pytest.raises(FormatError):
        decode(data)
    with pytest.raises(FormatError):
        decode(RECORD[:8] + data)
