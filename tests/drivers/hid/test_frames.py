"""Frames of HID reports: golden bytes, round trips, and a reader that survives any damage."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.hid.frames import Frame, FrameStream, Kind

frames = st.builds(Frame, st.sampled_from(list(Kind)), st.integers(0, 255), st.binary(max_size=40))


def test_the_frame_is_the_documented_bytes():
    assert Frame(Kind.GET, 7, b"\x09").encode().hex(" ") == "a5 5a 01 07 01 00 09 69 4c"


@given(st.lists(frames, max_size=12), st.lists(st.integers(1, 30), max_size=30))
def test_frames_survive_however_the_bytes_are_cut(sent, cuts):
    wire, stream, found = b"".join(each.encode() for each in sent), FrameStream(), []
    for cut in [*cuts, len(wire)]:
        found += stream.feed(wire[:cut])
        wire = wire[cut:]
    assert found == sent
    assert stream.damaged == 0


@given(st.binary(max_size=300), frames)
def test_the_reader_finds_its_place_again_after_any_garbage(noise, frame):
    # What a huge length swallowed comes out again once the reader has seen that it was none.
    filler = Frame(Kind.INPUT, 0, bytes(1024)).encode()
    found = FrameStream().feed(noise + frame.encode() + filler * 2)
    assert frame in found


@given(frames, st.integers(0), st.integers(0, 7))
def test_a_flipped_bit_never_makes_another_frame(frame, at, bit):
    wire = bytearray(frame.encode())
    wire[at % len(wire)] ^= 1 << bit
    assert FrameStream().feed(bytes(wire)) == []


def test_a_huge_length_is_refused_before_anything_is_kept():
    stream = FrameStream()
    stream.feed(bytes.fromhex("a5 5a 90 00 ff ff") + bytes(100_000))
    assert stream.damaged == 1
    assert 1 <= stream.need <= 8


@given(st.binary(max_size=100))
def test_the_reader_always_wants_at_least_one_byte(noise):
    stream = FrameStream()
    stream.feed(noise)
    assert stream.need >= 1
