"""What may cross between desk and helper, and what may not."""

import dataclasses
import datetime as dt
import json
import os
import socket
import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from drivers.contract import DriverRefused, Reference, Site
from drivers.isolation.channel import Channel, ChannelClosed
from drivers.isolation.codec import Malformed, decode, encode
from drivers.isolation.failures import decode_failure, encode_failure
from drivers.isolation.memory import AREA_BYTES, RESULT, STREAM, Kept, SharedMemory
from drivers.isolation.orders import DeskClock, Make, graded_models, make_order
from drivers.isolation.verbs import VERBS, Offer, Opened
from drivers.sbi.rules import Habits, HashForm, Numbers, ServiceRules
from station.capabilities import Capabilities, Option
from station.clock import SystemClock
from station.devices import (
    DeviceEvent,
    DeviceInfo,
    Eye,
    Grade,
    ImageCapture,
    Progress,
    SubjectPresent,
)
from station.errors import (
    ChecksumError,
    HardwareFault,
    NoSubject,
    OperatorCancelled,
    StationError,
)
from station.guidance import Guidance

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=20,
)
# Options and their values are plain JSON themselves.
TYPES = [verb.gives for name, verb in VERBS.items() if name not in ("options", "adjust")]
TYPES += [DeviceEvent, Opened, Offer, ImageCapture]


@pytest.fixture
def memory():
    made = SharedMemory.make()
    yield made
    made.close()


@given(st.from_type(Capabilities))
@settings(max_examples=60)
def test_what_is_encoded_comes_back_as_it_was(capabilities):
    try:
        crossing = json.dumps(encode(capabilities), allow_nan=False)
    except Malformed:  # a number no device has
        reject()
    assert decode(Capabilities, json.loads(crossing)) == capabilities


@pytest.mark.parametrize("event", [Guidance.READY, Progress(1, 2), SubjectPresent(False)], ids=str)
def test_an_event_comes_back_as_the_same_kind(event):
    assert decode(DeviceEvent, encode(event)) == event


@given(JSON, st.sampled_from(TYPES))
@settings(max_examples=200)
def test_any_other_json_is_refused_and_never_something_else(data, hint):
    if data is None and hint is None:
        return
    if isinstance(data, list) and not data:
        return  # so is an empty tuple of pictures
    with pytest.raises(Malformed):
        decode(hint, data, Kept.__new__(Kept))


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, lambda: 1, float("nan"), "x" * 5_000, 1 << 70, b"1", np.zeros(3)]
)
def test_a_value_outside_the_list_does_not_cross(value):
    with pytest.raises(Malformed):
        encode({"value": value})


def test_the_name_of_a_class_that_was_not_asked_for_is_refused():
    told = encode(Progress(1, 2))
    with pytest.raises(Malformed):
        decode(SubjectPresent, told)
    with pytest.raises(Malformed):
        decode(Option, {**told, "is": "Option"})
    with pytest.raises(Malformed):
        decode(Grade, {"is": "Grade", "value": "platinum"})


def test_times_and_fractions_cross_exactly():
    moment = dt.datetime(2026, 11, 26, 3, 4, 5, 678901, tzinfo=dt.UTC)
    assert decode(dt.datetime, encode(moment)) == moment
    assert decode(Fraction, encode(Fraction(508, 3))) == Fraction(508, 3)
    with pytest.raises(Malformed):
        decode(Fraction, {"is": "Fraction", "value": [1, 0]})


def test_a_typed_error_keeps_its_kind_and_small_facts():
    error = decode_failure(encode_failure(ChecksumError(packet=7, reason="sum")), "acme.x")
    assert type(error) is ChecksumError
    assert error.facts == {"packet": 7, "reason": "sum", "driver": "acme.x"}
    assert isinstance(decode_failure(encode_failure(OperatorCancelled()), "x"), OperatorCancelled)
    assert type(decode_failure(encode_failure(NoSubject()), "x")) is NoSubject
    refused = decode_failure(encode_failure(DriverRefused(reason="unknown")), "x")
    assert type(refused) is DriverRefused


@given(JSON)
def test_a_failure_is_a_known_error_or_refused(data):
    try:
        error = decode_failure({"code": "DEVICE_FAULT", "facts": data}, "acme.x")
    except Malformed:
        assert not isinstance(data, dict)
    else:
        assert type(error) is HardwareFault
        assert error.facts["driver"] == "acme.x"
        assert len(str(error)) < 2_000


def test_the_text_of_a_foreign_exception_stays_behind():
    told = encode_failure(ValueError("ridges of a person"))
    assert "ridges" not in json.dumps(told)
    error = decode_failure(told, "x")
    assert isinstance(error, StationError)
    assert error.facts["kind"] == "ValueError"


def test_a_picture_comes_back_whole_and_read_only(memory):
    pixels = np.random.default_rng(1).integers(0, 256, (480, 640), np.uint8)
    there, here = Kept(memory, 3), Kept(memory, 3)
    told = encode((pixels, b"signed", b""), there)
    there.store()
    got = decode(ImageCapture.__annotations__["pixels"], told[0], here)
    assert np.array_equal(got, pixels)
    assert not got.flags.writeable
    assert decode(bytes, told[1], here) == b"signed"
    assert decode(bytes, told[2], here) == b""


def test_a_picture_of_another_call_or_half_written_is_refused(memory):
    pixels = np.full((10, 10), 7, np.uint8)
    memory.write(STREAM, 4, pixels)
    into = np.zeros((10, 10), np.uint8)
    with pytest.raises(Malformed, match="another"):
        memory.read(STREAM, 5, 0, into)
    half = SharedMemory(memory.fd)
    half.write(STREAM, 4, pixels)
    os.pwrite(memory.fd, struct.pack("<QQ", 5, 4), STREAM.start)  # a writer has begun the next
    for number in (4, 5):
        with pytest.raises(Malformed, match="another"):
            memory.read(STREAM, number, 0, into)
    assert not into.any()


@pytest.mark.parametrize(
    "place",
    [
        {"at": 0, "shape": [16_384, 16_384]},
        {"at": AREA_BYTES, "shape": [1, 1]},
        {"at": -1, "shape": [1, 1]},
        {"at": 0, "shape": [1 << 40, 1 << 40]},
        {"at": 0, "shape": [0, 4]},
        {"at": 0, "shape": [2, 2, 4]},
        {"at": 0, "shape": [True, 2]},
        {"at": 0, "shape": "22"},
        {"at": 0.0, "shape": [2, 2]},
    ],
)
def test_a_lie_about_place_or_size_is_refused_before_memory_is_taken(memory, place):
    with pytest.raises(Malformed):
        decode(np.typing.NDArray[np.uint8], {"is": "pixels", **place}, Kept(memory, 1))


def test_the_memory_cannot_be_shrunk_under_its_reader_and_is_wiped(memory):
    with pytest.raises(PermissionError):
        os.ftruncate(memory.fd, 0)
    memory.write(RESULT, 1, np.full((300, 300), 9, np.uint8))
    memory.write(STREAM, 1, np.full((30, 30), 9, np.uint8))
    memory.wipe(RESULT)
    assert not any(os.pread(memory.fd, 400_000, RESULT.start))
    assert any(os.pread(memory.fd, 400_000, STREAM.start))


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<I", 3) + b"[1]",
        struct.pack("<I", 4) + b"\xff\xfe\x00\x01",
        struct.pack("<I", 100_000) + b"[" * 100_000,
    ],
)
def test_a_message_that_is_none_is_refused(sent):
    theirs, ours = socket.socketpair()
    channel = Channel(ours)
    theirs.sendall(sent)

    def read():
        while channel.take() is None:
            channel.feed()

    with pytest.raises(Malformed):
        read()
    theirs.close()
    channel.close()


def test_the_end_of_the_line_is_told_to_reader_and_writer():
    theirs, ours = socket.socketpair()
    channel = Channel(ours)
    theirs.close()
    with pytest.raises(ChannelClosed):
        channel.feed()
    with pytest.raises(ChannelClosed):
        channel.send({"n": 1})
    channel.close()


def test_somebody_who_does_not_read_is_told_instead_of_waited_for():
    theirs, ours = socket.socketpair()
    channel = Channel(ours)

    def talk():
        for _ in range(10_000):
            channel.send({"fill": "x" * 1_000}, wait=False)

    with pytest.raises(ChannelClosed):
        talk()
    theirs.close()
    channel.close()


def test_every_field_of_a_capture_has_a_rule(memory):
    capture = ImageCapture(
        np.zeros((3, 4), np.uint8),
        500,
        8,
        1,
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        decode_info(),
        eye=Eye.LEFT,
        evidence=b"x",
    )
    kept = Kept(memory, 1)
    told = json.loads(json.dumps(encode(capture, kept)))
    kept.store()
    back = decode(ImageCapture, told, Kept(memory, 1))
    for field in dataclasses.fields(ImageCapture):
        assert np.array_equal(getattr(back, field.name), getattr(capture, field.name))


def decode_info():
    return DeviceInfo("d", "m", "o", "s", "f", "t", Grade.VERIFICATION)


def test_the_sites_word_crosses_whole():
    services = ServiceRules("Staging", "Auth", {"S1": Habits(Numbers.INTEGERS, HashForm.TEXT)})
    listed = {("acme.x", "ACME", "Slim", "*"): Grade.ENROLMENT}
    site = Site(SystemClock(), (), listed, services)
    order = make_order(Reference("acme.x", "a", "b", "c", "d"), site, ["acme.x"])
    there = decode(Make, json.loads(json.dumps(encode(order))))
    assert graded_models(there.graded) == listed
    assert there.services.rules() == services
    assert abs((DeskClock(there).now() - site.clock.now()).total_seconds()) < 1
