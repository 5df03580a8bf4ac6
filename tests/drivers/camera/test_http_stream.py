"""Motion JPEG over HTTP: every form cameras use is read, nothing but whole pictures comes out."""

import base64
import hashlib
import itertools
import threading
import time
import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.camera import jpeg as form
from drivers.camera.cv import CvCamera
from drivers.camera.http_source import open_http
from drivers.emulation.mjpeg import CameraFault, MjpegCamera
from drivers.emulation.mjpeg_faults import Moment
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Grade
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    OperatorCancelled,
    ProtocolError,
)
from tests.drivers.camera.wire import HEAD, SaysThis, jpeg, part, picture

LEVELS = (60, 90, 120)
STREAM = [jpeg(level) for level in LEVELS]


def pixels_of(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def read(url, count, read_s=0.5):
    """Return the next shots of a stream, None for damaged ones."""
    source = open_http(url, read_s, Deadline.after(2))
    try:
        return [shot and shot.pixels() for shot in (source.read() for _ in range(count))]
    finally:
        source.close()


def same(pictures, data):
    return [p is not None and np.array_equal(p, pixels_of(d)) for p, d in zip(pictures, data, strict=True)]  # fmt: skip


def chunked(data, size):
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


BODY = b"".join(part(data) for data in STREAM)
FORMS = {
    "plain": HEAD + BODY,
    "quoted boundary": HEAD.replace(b"=b", b'="b"') + BODY,
    "dashes in the header": HEAD.replace(b"=b", b"=--b") + BODY,
    "dashes in the header, again on the wire": HEAD.replace(b"=b", b"=--b") + BODY.replace(b"--b\r", b"----b\r"),
    "bare delimiter": HEAD + BODY.replace(b"--b\r", b"b\r"),
    "no lengths": HEAD + b"".join(part(data, length=False) for data in STREAM) + b"--b\r\n",
    "line feeds only": (HEAD + BODY).replace(b"--b\r\n", b"--b\n"),
    "a preamble": HEAD + b"hello\r\n\r\n" + BODY,
    "an empty line more": HEAD + BODY.replace(b"--b", b"\r\n--b"),
    "chunked": HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n") + chunked(BODY, 700),
    "padding behind the end": HEAD + b"".join(part(data + bytes(9)) for data in STREAM),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_every_form_gives_the_exact_pictures(name):
    with SaysThis(FORMS[name]) as server:
        assert same(read(server.url, 3), STREAM) == [True] * 3


def test_bytes_that_come_one_by_one_give_the_exact_pictures():
    data = HEAD + part(STREAM[0]) + part(STREAM[1])
    with SaysThis(*(data[at : at + 1] for at in range(len(data)))) as server:
        assert same(read(server.url, 2), STREAM[:2]) == [True] * 2


DAMAGE = {
    "cut, with the length of the cut": part(STREAM[1][: len(STREAM[1]) // 2]),
    "shorter than promised": part(STREAM[1]).replace(STREAM[1], STREAM[1][:-40]),
    "two in one": part(STREAM[1] + STREAM[2]),
    "no picture": part(b"<html>no camera here</html>"),
    "nothing": part(b""),
    "another size": part(jpeg(90, (96, 128))),
    "a gigabyte promised": part(STREAM[1]).replace(b"Length: ", b"Length: 1000000000"),
    "a length that is no number": part(STREAM[1]).replace(b"Length: ", b"Length: x"),
    "a wrong digest": part(STREAM[1], b"Content-Digest: sha-256=:%s:" % base64.b64encode(bytes(32))),
    "a wrong MD5": part(STREAM[1], b"Content-MD5: " + base64.b64encode(bytes(16))),
    "endless headers": part(STREAM[1], *(b"X-%d: y" % n for n in range(200))),
    "a line without an end": part(STREAM[1], b"X: " + b"y" * 20_000),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_part_is_dropped_and_the_next_whole_one_is_exact(name):
    first, after = part(STREAM[0]), part(STREAM[2]) * 3
    with SaysThis(HEAD + first + DAMAGE[name] + after) as server:
        pictures = read(server.url, 4)
    assert same(pictures[:1], STREAM[:1]) == [True]
    shown = [p for p in pictures[1:] if p is not None]
    assert None in [None if p is None else 1 for p in pictures[1:]]
    assert shown
    assert all(np.array_equal(p, pixels_of(STREAM[2])) for p in shown)


def test_rubbish_behind_a_whole_picture_is_passed_over():
    body = part(STREAM[0]) + b"\x12" * 40 + b"\r\n" + part(STREAM[1])
    with SaysThis(HEAD + body) as server:
        assert same(read(server.url, 2), STREAM[:2]) == [True] * 2


def test_a_right_digest_passes():
    good = base64.b64encode(hashlib.sha256(STREAM[0]).digest())
    md5 = base64.b64encode(hashlib.md5(STREAM[1]).digest())
    body = part(STREAM[0], b"Content-Digest: sha-256=:%s:" % good) + part(STREAM[1], b"Content-MD5: " + md5)  # fmt: skip
    with SaysThis(HEAD + body) as server:
        assert same(read(server.url, 2), STREAM[:2]) == [True] * 2


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\n\r\n", AuthFailed),
        (b"HTTP/1.0 503 Busy\r\n\r\n", DeviceBusy),
        (b"HTTP/1.0 404 Not Found\r\n\r\n", DeviceNotFound),
        (b"SSH-2.0-OpenSSH\r\n", ProtocolError),
        (HEAD + part(STREAM[0][:100]) * 3, ProtocolError),
        (HEAD, DeviceTimeout),
        (b"HTTP/1.0 200 OK\r\nX: ", DeviceTimeout),
        (b"H" * 10_000, ProtocolError),
    ],
)
def test_an_answer_without_pictures_is_a_typed_error_by_the_deadline(said, error):
    with SaysThis(said) as server:
        began = time.monotonic()
        with pytest.raises(error):
            CvCamera(server.url, SystemClock(), stall_s=0.2).open(Deadline.after(0.5))
        assert time.monotonic() - began < 0.5 + 0.2


def test_headers_that_drip_end_by_the_deadline():
    with SaysThis(*(HEAD[at : at + 1] for at in range(len(HEAD))), pause_s=0.05) as server:
        began = time.monotonic()
        with pytest.raises(DeviceTimeout):
            open_http(server.url, 0.5, Deadline.after(0.4))
        assert time.monotonic() - began < 0.6


def test_a_picture_that_drips_is_a_timeout_and_cancel_is_quick():
    slow = (HEAD + part(STREAM[0]), *(b"x" for _ in range(400)))
    with SaysThis(*slow, pause_s=0.02) as server:
        token = CancelToken()
        stream = CvCamera(server.url, SystemClock(), stall_s=5).frames(token)
        next(stream)
        asked = []
        threading.Timer(0.1, lambda: (asked.append(time.monotonic()), token.cancel())).start()
        assert list(stream) == []
        assert time.monotonic() - asked[0] < 0.25


@pytest.mark.parametrize("length", [b"999999999", b"8000000", b"99999999999999999999"])
def test_a_huge_length_takes_no_memory(length):
    """The stream promises much and sends a picture's beginning only."""
    lie = b"--b\r\nContent-Length: %s\r\n\r\n" % length + STREAM[0][:1000]
    with SaysThis(HEAD + part(STREAM[0]) + lie) as server:
        source = open_http(server.url, 0.2, Deadline.after(2))
        source.read()
        tracemalloc.start()
        try:
            with pytest.raises(DeviceTimeout):
                [source.read() for _ in range(9)]
            assert tracemalloc.get_traced_memory()[1] < 1_000_000
        finally:
            tracemalloc.stop()
            source.close()


def test_a_password_is_sent_and_not_shown():
    with SaysThis(HEAD + BODY) as server:
        camera = CvCamera(server.url.replace("//", "//me:s%40x@"), SystemClock())
        camera.open(Deadline.after(2))
        camera.close()
        assert b"Authorization: Basic " + base64.b64encode(b"me:s@x") in server.requests[0]
        assert "s%40x" not in repr(camera.info)


# -- JPEG ----------------------------------------------------------------------------------------------

WHOLE = jpeg(80, (40, 56))


def test_a_whole_jpeg_is_believed_and_tells_its_size_and_comment():
    head = form.inspect(form.comment(WHOLE, b"hello"))
    assert (head.width, head.height, head.components, head.comment) == (56, 40, 3, b"hello")
    assert np.array_equal(pixels_of(form.comment(WHOLE, b"hello")), pixels_of(WHOLE))


@given(st.integers(0, len(WHOLE) - 1))
def test_no_cut_jpeg_is_believed(at):
    assert form.inspect(WHOLE[:at]) is None


SCAN = WHOLE.index(b"\xff\xda") + 14  # before it lie tables, in which any byte may stand


@given(st.integers(SCAN, len(WHOLE) - 2), st.integers(0, SCAN - 14))
def test_no_jpeg_into_which_another_runs_is_believed(at, begin):
    assert form.inspect(WHOLE[:at] + WHOLE[begin:]) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_looked_at_without_an_exception(data):
    form.inspect(data)
    form.inspect(b"\xff\xd8" + data + b"\xff\xd9")


@given(st.integers(2, 200), st.integers(0, 7))
def test_a_flipped_bit_in_the_head_gives_no_exception(at, bit):
    data = bytearray(WHOLE)
    data[at] ^= 1 << bit
    if form.inspect(bytes(data)) is not None:
        form.decode(bytes(data))


def test_a_head_that_promises_a_gigapixel_is_refused_before_decoding():
    at = WHOLE.index(b"\xff\xc0") + 5
    assert form.inspect(WHOLE[:at] + b"\xff\xff\xff\xff" + WHOLE[at + 4 :]) is None


def test_half_size_is_the_same_picture():
    big = cv2.imencode(".jpg", cv2.GaussianBlur(picture(90, (480, 640)), (0, 0), 6))[1].tobytes()
    small = form.decode(big, half=True)
    shrunk = cv2.resize(form.decode(big), (320, 240), interpolation=cv2.INTER_AREA)
    assert small.shape == (240, 320, 3)
    assert np.abs(small.astype(int) - shrunk).mean() < 2


# -- the emulator and the driver together ----------------------------------------------------------------


class Counting:
    """Every picture is another one; remembers all as the reader must see them."""

    def __init__(self):
        self._count = itertools.count(1)
        self.made = []

    def __call__(self):
        data = form.comment(jpeg(40 + next(self._count) % 150, (120, 160)), b"REKAM-EMULATED 1")
        self.made.append(data)
        return data


def frames(camera, count):
    token = CancelToken()
    stream = camera.frames(token)
    try:
        return list(itertools.islice(stream, count))
    finally:
        stream.close()


@pytest.mark.parametrize(
    "fault",
    [CameraFault.TRUNCATED_JPEG, CameraFault.WRONG_LENGTH, CameraFault.FLIPPED_BIT, CameraFault.HUGE_LENGTH],
)  # fmt: skip
@pytest.mark.parametrize("index", [1, 3])
def test_a_fault_in_a_running_stream_shows_no_picture_twice_and_none_that_was_not_taken(fault, index):  # fmt: skip
    scene = Counting()
    emulator = MjpegCamera(scene, fps=60).start()
    try:
        emulator.fail(fault, Moment.of(str(index)))
        seen = frames(CvCamera(emulator.url, SystemClock(), stall_s=1), 8)
    finally:
        emulator.stop()
    ids = [frame.id for frame in seen]
    assert ids == sorted(set(ids))
    sums = [frame.pixels.tobytes() for frame in seen]
    assert len(set(sums)) == len(sums)
    assert set(sums) <= {pixels_of(data).tobytes() for data in scene.made}


def test_a_cable_pulled_at_a_byte_is_removed():
    emulator = MjpegCamera(Counting(), fps=60).start()
    try:
        emulator.fail(CameraFault.DISCONNECT, Moment.of("b20000"))
        with pytest.raises(DeviceRemoved):
            frames(CvCamera(emulator.url, SystemClock()), 50)
    finally:
        emulator.stop()


def test_the_emulator_is_known_by_its_mark_and_keeps_its_serial():
    emulator = MjpegCamera(Counting(), serial="EMU-000042").start()
    camera = CvCamera(emulator.url, SystemClock(), grade=Grade.ENROLMENT)
    try:
        camera.open(Deadline.after(2))
        info = camera.info
        assert (info.grade, info.serial, info.model) == (Grade.EMULATED, "EMU-000042", "EMU-CAM")
        assert not camera.capabilities.serial_is_configured
        assert (camera.capabilities.width, camera.capabilities.height) == (160, 120)
    finally:
        camera.close()
        emulator.stop()


def test_the_mark_in_the_picture_is_enough():
    marked = form.comment(STREAM[0], b"REKAM-EMULATED")
    with SaysThis(HEAD + part(marked) * 3) as server:
        camera = CvCamera(server.url, SystemClock())
        camera.open(Deadline.after(2))
        assert camera.info.grade is Grade.EMULATED
        assert camera.info.serial == server.url
        assert camera.capabilities.serial_is_configured
        camera.close()


def test_hanging_headers_are_a_timeout():
    emulator = MjpegCamera(Counting()).start()
    emulator.fail(CameraFault.HANG)
    try:
        began = time.monotonic()
        with pytest.raises(DeviceTimeout):
            CvCamera(emulator.url, SystemClock()).open(Deadline.after(0.3))
        assert time.monotonic() - began < 0.5
    finally:
        emulator.stop()


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "b-2", "tt"])
def test_a_moment_that_means_nothing_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any words
        Moment.of(text)


def test_cancel_while_the_stream_is_being_opened_is_quick():
    with SaysThis(b"HTTP/1.0 200 OK\r\nX: ") as server:
        token = CancelToken()
        threading.Timer(0.1, token.cancel).start()
        began = time.monotonic()
        with pytest.raises(OperatorCancelled):
            open_http(server.url, 5, Deadline.after(5), token)
        assert time.monotonic() - began < 0.35
