"""The preview stream: both delimiter forms, every length checked, the newest frame wins."""

import contextlib
import itertools
import socket
import struct
import threading
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.sbi.parts import MAX_FRAME, boundary_of, parts
from drivers.sbi.preview import Preview
from drivers.sbi.service import SbiService
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, ProtocolError
from station.formats import jpeg


def picture(level, side=48):
    return jpeg.encode(np.full((side, side), level, np.uint8))


def part(data, delimiter=b"--BoundaryString", length=None):
    said = len(data) if length is None else length
    head = b"%s\r\nContent-Type:image/jpeg\r\nContent-Length:%d\r\n\r\n" % (delimiter, said)
    return head + data + b"\r\n\r\n"


@contextlib.contextmanager
def streaming(send, content_type="multipart/x-mixed-replace; boundary=--BoundaryString"):
    """A service that streams what ``send(write)`` writes, to one reader."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen()

        def serve():
            client, _ = line.accept()
            with client, contextlib.suppress(OSError):
                asked = b""
                while not asked.endswith(b"{}"):  # closing with bytes unread would cut the answer
                    asked += client.recv(65536)
                client.sendall(f"HTTP/1.0 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode())
                send(client.sendall)

        worker = threading.Thread(target=serve)
        worker.start()
        try:
            yield SbiService(line.getsockname()[1])
        finally:
            worker.join(5)


def frames(service, seconds=2.0):
    return list(service.stream({}, CancelToken(), Deadline.after(seconds)))[1:]


@pytest.mark.parametrize("delimiter", [b"--BoundaryString", b"----BoundaryString"])
def test_the_delimiter_is_the_boundary_itself_or_two_dashes_more(delimiter):
    sent = [picture(10), picture(20)]
    with streaming(
        lambda write: write(b"".join(part(each, delimiter) for each in sent))
    ) as service:
        assert frames(service) == sent


def test_a_boundary_may_be_quoted_or_plain_and_other_answers_have_none():
    assert boundary_of('multipart/x-mixed-replace; boundary="a b"'.replace(" b", "b")) == b"ab"
    assert boundary_of("Multipart/Mixed;Boundary=x;charset=utf-8") == b"x"
    assert boundary_of("multipart/mixed") == b"--"
    assert boundary_of("application/json") is None


def test_a_stream_that_ends_within_a_frame_gives_the_whole_ones_only():
    whole = picture(30)
    with streaming(lambda write: write(part(whole) + part(whole)[:-40])) as service:
        assert frames(service) == [whole]


@pytest.mark.parametrize("length", [0, MAX_FRAME + 1, 4_000_000_000])
def test_an_impossible_length_ends_the_preview(length):
    with (
        streaming(lambda write: write(part(picture(1), length=length))) as service,
        pytest.raises(ProtocolError),
    ):
        frames(service)


def test_a_refusal_in_json_is_its_typed_error():
    refusal = b'{"error": {"errorCode": "607", "errorInfo": "busy"}}'
    with (
        streaming(lambda write: write(refusal), "application/json") as service,
        pytest.raises(DeviceBusy),
    ):
        frames(service)


class Reply:
    """Bytes as ``http.client`` gives them."""

    def __init__(self, data):
        self._data = data

    def readline(self, limit):
        line, _, _ = self._data.partition(b"\n")
        line = (line + b"\n")[: min(limit, len(self._data))]
        self._data = self._data[len(line) :]
        return line

    def read(self, count):
        taken, self._data = self._data[:count], self._data[count:]
        return taken


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=60) | st.just(part(b"\xff\xd8x\xff\xd9")), max_size=8))
def test_any_bytes_give_parts_of_their_stated_length_or_a_protocol_error(pieces):
    try:
        for each in parts(Reply(b"".join(pieces)), b"--BoundaryString"):
            assert 0 < len(each) <= MAX_FRAME
    except ProtocolError:
        pass


def shown(send, sink, ended):
    """Run a preview until ``ended`` is set."""
    with streaming(send) as service:
        preview = Preview(
            service,
            {},
            sink,
            itertools.count(1),
            time.monotonic,
            grey=True,
            deadline=Deadline.after(10),
        )
        with preview:
            preview.wait_begun(CancelToken())
            assert ended.wait(10)


def test_a_slow_painter_sees_the_newest_frame_and_skips_the_others():
    levels, seen = range(10, 250, 12), []
    first, sent, last = threading.Event(), threading.Event(), threading.Event()

    def send(write):
        write(part(picture(levels[0])))
        first.wait(5)  # the painter is busy with it
        for level in levels[1:]:
            write(part(picture(level)))
        sent.set()

    def sink(frame):
        seen.append(int(frame.pixels[0, 0]))
        first.set()
        if len(seen) == 1:
            sent.wait(5)
        if abs(seen[-1] - levels[-1]) <= 2:
            last.set()

    shown(send, sink, last)
    assert abs(seen[0] - levels[0]) <= 2
    assert len(seen) < len(levels) // 2


def test_damaged_and_huge_pictures_are_skipped_not_shown():
    good = picture(77)
    huge = bytearray(picture(5))
    at = huge.index(b"\xff\xc0")
    struct.pack_into(">HH", huge, at + 5, 8000, 8000)
    seen, last = [], threading.Event()

    def send(write):
        for each in (b"no picture", good[:30], bytes(huge), good):
            write(part(each))

    def sink(frame):
        seen.append(frame.pixels.shape)
        last.set()

    shown(send, sink, last)
    assert seen == [(48, 48)]


def test_a_broken_preview_ends_quietly_and_leaves_no_thread():
    before, sent = threading.active_count(), threading.Event()

    def send(write):
        with contextlib.suppress(OSError):
            write(b"garbage" * 20_000)
        sent.set()

    shown(send, lambda _: None, sent)
    assert threading.active_count() <= before
