"""Near-infrared frames of every format become grey, exactly; colour is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.iris.mono import grey_of
from station.errors import HardwareFault, ProtocolError

GREY = np.random.default_rng(1).integers(0, 256, (48, 64)).astype(np.uint8)


def test_grey_comes_as_it_is_and_read_only():
    assert np.array_equal(grey_of(GREY.copy(), 16), GREY)
    assert np.array_equal(grey_of(GREY.copy()[:, :, None], 16), GREY)
    assert not grey_of(GREY.copy(), 16).flags.writeable


@given(st.sampled_from([8, 10, 12, 16]), st.integers(0, 255))
def test_more_bits_lose_their_lowest(bits, low):
    wide = (GREY.astype(np.uint16) << (bits - 8)) | (low & ((1 << (bits - 8)) - 1))
    assert np.array_equal(grey_of(wide, bits), GREY)


def test_a_level_beyond_the_said_bits_is_white_not_black():
    assert (grey_of(np.full((4, 4), 0x0400, np.uint16), 10) == 255).all()


def test_grey_coded_in_colour_is_grey_within_rounding():
    three = np.repeat(GREY[:, :, None], 3, axis=2)
    three[:, :, 0] = np.clip(three[:, :, 0].astype(int) + 5, 0, 255)
    assert np.array_equal(grey_of(three, 16), GREY)


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_a_small_patch_of_colour_is_enough_to_refuse(channel):
    three = np.full((100, 100, 3), 90, np.uint8)
    three[40:50, 40:50, channel] = 160
    with pytest.raises(HardwareFault) as told:
        grey_of(three, 16)
    assert told.value.facts["what"] == "colour"


@pytest.mark.parametrize("shape", [(4, 4, 2), (4, 4, 4), (4,)])
def test_another_shape_is_no_frame(shape):
    with pytest.raises(ProtocolError):
        grey_of(np.zeros(shape, np.uint8), 16)
