"""Frames of the SFM protocol: the manual's own bytes, and what damage does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.fingerprint.sfm_frames import Command, Frame, FrameFinder, Parameter
from drivers.fingerprint.sfm_image import PACKET_BYTES, Plan
from station.errors import ChecksumError, ProtocolError

VECTORS = [
    (Frame(0x05, 0x9929, 0, 0), "40 05 29 99 00 00 00 00 00 00 00 07 0A"),
    (Frame(Command.READ_PARAMETER, flag=Parameter.SERIAL), "40 03" + "00" * 8 + "6F B2 0A"),
    (
        Frame(Command.WRITE_PARAMETER, size=0x38, flag=Parameter.BAUD),
        "40 01 00000000 38000000 71 EA 0A",
    ),
    (Frame(Command.SAVE_PARAMETERS), "40 02" + "00" * 9 + "42 0A"),
    (Frame(Command.CANCEL), "40 60" + "00" * 9 + "A0 0A"),
    (Frame(Command.SCAN_IMAGE_X, size=4096), "40 83 00000000 00100000 00 D3 0A"),
    (Frame(Command.SCAN_IMAGE_X, 22, 4096), "40 83 16 00 00 00 00 10 00 00 00 E9 0A"),
    (Frame(Command.SCAN_IMAGE_X, flag=0x83), "40 83 00000000 00000000 83 46 0A"),
    (Frame(Command.SCAN_IMAGE_X, flag=0x82), "40 83 00000000 00000000 82 45 0A"),
]


@pytest.mark.parametrize(("frame", "wire"), VECTORS)
def test_frames_are_the_published_bytes(frame, wire):
    assert frame.encode() == bytes.fromhex(wire)
    assert Frame.parse(bytes.fromhex(wire)) == frame


def test_an_image_of_272_by_320_has_22_packets():
    plan = Plan.parse(Frame(Command.SCAN_IMAGE_X, 0, 272 * 320 + 28, 0x61), PACKET_BYTES)
    assert (plan.count, plan.length(21)) == (22, 87068 - 21 * 4096)
    plan.check(Frame.parse(bytes.fromhex("40831600000000100000 00E90A")), 0)


@pytest.mark.parametrize("size", [0, 28, 640 * 480 + 29, 0xFFFFFFFF])
def test_an_impossible_size_is_refused_before_memory_is_taken(size):
    with pytest.raises(ProtocolError):
        Plan.parse(Frame(Command.SCAN_IMAGE_X, 0, size, 0x61), PACKET_BYTES)


def test_a_wrong_sum_is_a_checksum_error():
    damaged = bytearray.fromhex(VECTORS[0][1])
    damaged[3] ^= 1
    with pytest.raises(ChecksumError):
        Frame.parse(bytes(damaged))


@given(st.binary(max_size=3000), st.integers(1, 50))
def test_any_bytes_give_frames_or_protocol_errors(noise, step):
    finder = FrameFinder()
    for at in range(0, len(noise), step):
        finder.feed(noise[at : at + step])
        for _ in range(len(noise) + 1):
            try:
                if finder.take() is None:
                    break
            except ProtocolError:
                continue
        assert finder.need >= 1


@given(st.binary(max_size=60).filter(lambda noise: 0x40 not in noise))
def test_a_frame_behind_garbage_is_found(noise):
    finder = FrameFinder()
    finder.feed(noise + VECTORS[1][0].encode())
    assert finder.take() == VECTORS[1][0]
