"""What the line makes of an answer that is no answer of a centre."""

import gzip

import httpx
import pytest

from station.delivery.line import MAX_ANSWER, Line
from station.errors import LineError


def answering(response):
    line = Line("http://127.0.0.1:9")
    line._client.close()
    line._client = httpx.Client(
        base_url="http://centre", transport=httpx.MockTransport(lambda _request: response)
    )
    return line


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_without_end_is_cut_off_and_tried_again(packed):
    pieces = 0

    def endless():
        nonlocal pieces
        while True:
            pieces += 1
            yield gzip.compress(bytes(1_000_000)) if packed else bytes(1_000_000)

    headers = {"content-encoding": "gzip"} if packed else {}
    response = httpx.Response(200, headers=headers, content=endless())
    with answering(response) as line, pytest.raises(LineError):
        line.call("GET", "/v1/status")
    assert pieces <= MAX_ANSWER // 1_000_000 + 3


def test_an_answer_that_fits_is_given_whole():
    with answering(httpx.Response(200, content=iter([b"x" * 100_000]))) as line:
        assert line.call("GET", "/").body == b"x" * 100_000
