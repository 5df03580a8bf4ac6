"""Pictures from outside: decoded in a child, whatever they do to it."""

import os
import signal

import cv2
import numpy as np
import pytest

from station.errors import FormatError
from station.formats import images, jpeg, jpeg2000, png, wsq
from station.formats.isolated import IsolatedDecoder, decode_foreign

GREY = np.add.outer(np.arange(80), 2 * np.arange(96)).astype(np.uint8)
FILES = {
    "png": png.encode(GREY, ppi=500),
    "jpeg": jpeg.encode(GREY, ppi=300),
    "jp2": jpeg2000.encode(GREY),
    "j2k": jpeg2000.encode(GREY, boxed=False),
    "wsq": wsq.encode(GREY, ppi=1000),
    "pgm": b"P5 96 80 255\n" + GREY.tobytes(),
    "bmp": cv2.imencode(".bmp", GREY)[1].tobytes(),
    "png16": cv2.imencode(".png", GREY.astype(np.uint16) * 257)[1].tobytes(),
}
PPI = {"png": 500, "jpeg": 300, "wsq": 1000}


@pytest.fixture(scope="module")
def decoder():
    with IsolatedDecoder() as one:
        yield one


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_decoded_as_in_process(decoder, name):
    picture = decoder.decode(FILES[name])
    assert np.array_equal(picture.pixels, images.decode(FILES[name]).pixels)
    assert picture.ppi == PPI.get(name, 0)
    if name not in {"jpeg", "wsq"}:
        assert np.array_equal(picture.pixels, GREY)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_a_format_error_and_the_next_one_is_decoded(decoder, name):
    for length in (1, 9, len(FILES[name]) // 2, len(FILES[name]) - 1):
        if name in {"pgm", "bmp"} and length == len(FILES[name]) - 1:
            continue
        with pytest.raises(FormatError):
            decoder.decode(FILES[name][:length])
    assert decoder.decode(FILES["png"]).pixels.shape == GREY.shape


def test_a_decoder_that_dies_is_an_error_and_is_started_again(decoder):
    decoder.decode(FILES["png"])
    os.kill(decoder._child.pid, signal.SIGSTOP)
    decoder._seconds, before = 1, decoder._seconds
    with pytest.raises(FormatError, match="took too long"):
        decoder.decode(FILES["png"])
    decoder._seconds = before
    assert decoder.decode(FILES["png"]).pixels.shape == GREY.shape


def test_a_picture_that_asks_for_too_much_memory_is_refused():
    with IsolatedDecoder(memory=700 << 20) as small:
        huge = b"P6 6000 6000 255\n" + bytes(100)
        with pytest.raises(FormatError):
            small.decode(huge)


def test_one_picture_needs_no_decoder_of_its_own():
    assert decode_foreign(FILES["wsq"]).ppi == 1000


def test_what_is_no_picture_never_reaches_a_child():
    with IsolatedDecoder() as idle:
        with pytest.raises(FormatError):
            idle.decode(b"%PDF-1.7 and so on")
        assert idle._child is None
