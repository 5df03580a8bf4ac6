"""The line to the centre: one HTTP client with a timeout on everything and two kinds of failure.

A line that is down, slow or cut is a LineError: the queue keeps everything and tries again. An answer
that says no is a CentreRefused: trying the same again would not help.
"""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpx

from station.errors import CentreRefused, LineError

# 429 is a request to come later, not a refusal.
_COME_LATER: Final = frozenset({408, 423, 429})
_REASON_LENGTH: Final = 60
MAX_ANSWER: Final = 12 * 1024 * 1024  # bytes; the largest statement is 8 MB, in base64
_PIECE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class LineTimeouts:
    """Seconds each part of a call may take; a silent stall ends by ``read`` or ``write``."""

    connect: float = 5.0
    read: float = 15.0
    write: float = 10.0
    pool: float = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer of the centre."""

    status: int
    headers: Mapping[str, str]  # lower-case names
    body: bytes


def _reason(body: bytes) -> str:
    """Return the centre's code when it looks like one; free text could hold anything and is not kept."""
    text = body[:_REASON_LENGTH].decode("ascii", "replace").strip()
    return text if text.replace("_", "").isalnum() and text.isupper() else "REFUSED"


def _body(answer: httpx.Response) -> bytes:
    """Read the answer; LineError when it is packed, or larger than anything a centre ever says."""
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise LineError(cause="PACKED", status=answer.status_code)  # never asked for
    data = bytearray()
    for piece in answer.iter_raw(_PIECE):
        data += piece
        if len(data) > MAX_ANSWER:
            raise LineError(cause="TOO_LARGE", status=answer.status_code)
    return bytes(data)


class Line:
    """A connection to one centre. Use from one thread at a time; reconnects by itself."""

    def __init__(
        self,
        url: str,
        timeouts: LineTimeouts | None = None,
        tls: ssl.SSLContext | None = None,
        station_id: str = "",
    ) -> None:
        limits = timeouts or LineTimeouts()
        # trust_env off: a proxy variable or ~/.netrc of the machine must not reroute packets.
        self._client = httpx.Client(
            base_url=url,
            timeout=httpx.Timeout(
                connect=limits.connect, read=limits.read, write=limits.write, pool=limits.pool
            ),
            verify=tls if tls is not None else True,
            trust_env=False,
            follow_redirects=False,
            headers={"Accept-Encoding": "identity"}
            | ({"X-Station": station_id} if station_id else {}),
        )

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | Iterator[bytes] = b"",
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Send one request and return its 2xx answer, or one whose status is in ``accept``.

        Raises LineError when the line fails, the centre is busy (5xx, 408, 423, 429) or the answer is
        larger than any answer of a centre, CentreRefused
        with ``status`` and ``reason`` on any other answer.
        """
        try:
            with self._client.stream(
                method, path, headers=dict(headers or {}), content=body
            ) as answer:
                said = _body(answer)
        except httpx.HTTPError as cause:
            raise LineError(cause=type(cause).__name__) from cause
        if answer.is_success or answer.status_code in accept:
            return Answer(answer.status_code, answer.headers, said)
        if answer.is_server_error or answer.status_code in _COME_LATER:
            raise LineError(cause="BUSY", status=answer.status_code)
        raise CentreRefused(status=answer.status_code, reason=_reason(said))

    def close(self) -> None:
        """Drop the connection."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
