"""What can happen to an emulated service's answers on their way: each fault has a name and strikes as often as asked."""

import threading
from collections.abc import Callable
from enum import Enum
from typing import Final

_DRIP_S: Final = 0.05
_STEP_S: Final = 0.05
_HUGE: Final = 4_000_000_000
_PIECE: Final = 16 * 1024


class LineFault(Enum):
    """A fault of one answer."""

    HANG = "hang"  # no byte of an answer
    HANG_IN_HEAD = "hang-in-head"
    HANG_IN_BODY = "hang-in-body"
    SLOW_DRIP = "slow-drip"  # one byte in 50 ms
    TRUNCATE = "truncate"  # half of the body, then the end
    UNPLUG = "unplug"  # the connection is cut in the middle of the body
    HUGE_LENGTH = "huge-length"
    TWO_LENGTHS = "two-lengths"
    NO_JSON = "no-json"
    NO_HTTP = "no-http"
    ENDLESS_HEAD = "endless-head"


class LineFaults:
    """The fault in force, for one verb or for all; thread-safe."""

    def __init__(self, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._fault: LineFault | None = None
        self._verb = ""
        self._left = 0
        self.at: int | None = None  # offset in the body; None: half of it
        self.delays: dict[str, float] = {}

    def arm(self, fault: LineFault, verb: str = "RCAPTURE", times: int = -1) -> None:
        """Strike the next answers to that verb ("" = any); ``times`` -1: until disarmed."""
        self._fault, self._verb, self._left = fault, verb, times

    def disarm(self) -> None:
        """Be well again."""
        self._fault = None

    def before(self, verb: str, gone: Callable[[], bool]) -> None:
        """Wait as long as /admin/delay said, at most until the asker leaves."""
        seconds = self.delays.get(verb, 0.0)
        self._wait(seconds, gone)

    def send(
        self,
        verb: str,
        head: bytes,
        body: bytes,
        send: Callable[[bytes], bool],
        gone: Callable[[], bool],
    ) -> bool:
        """Send an answer as the fault wants it; returns whether the connection may be used again."""
        fault = self._fault if self._verb in {"", verb} and self._left != 0 else None
        if fault is None:
            return send(head + body)
        self._left -= 1
        at = len(body) // 2 if self.at is None else min(self.at, len(body))
        if fault is LineFault.SLOW_DRIP:
            self._drip(head + body, send)
        elif fault is LineFault.NO_JSON:
            send(head + b"{" * len(body))
        elif fault is LineFault.NO_HTTP:
            send(b"\x00\xff" * 400)
        elif fault is LineFault.ENDLESS_HEAD:
            self._endless(send)
        elif fault is LineFault.HUGE_LENGTH:
            send(
                head.replace(
                    f"Content-Length: {len(body)}".encode(), f"Content-Length: {_HUGE}".encode()
                )
                + body
            )
            self._wait(None, gone)
        elif fault is LineFault.TWO_LENGTHS:
            send(head.replace(b"\r\n\r\n", b"\r\nContent-Length: 7\r\n\r\n") + body)
        else:
            send(_cut(fault, head, body, at))
            if fault.value.startswith("hang"):
                self._wait(None, gone)
        return False

    def _drip(self, data: bytes, send: Callable[[bytes], bool]) -> None:
        for at in range(len(data)):
            if not send(data[at : at + 1]) or self._stopped.wait(_DRIP_S):
                return

    def _endless(self, send: Callable[[bytes], bool]) -> None:
        line = b"X-More: " + b"x" * 1000 + b"\r\n"
        send(b"HTTP/1.1 200 OK\r\n")
        while not self._stopped.is_set() and send(line * (_PIECE // len(line))):
            pass

    def _wait(self, seconds: float | None, gone: Callable[[], bool]) -> None:
        left = seconds
        while (left is None or left > 0) and not gone() and not self._stopped.wait(_STEP_S):
            left = None if left is None else left - _STEP_S


def _cut(fault: LineFault, head: bytes, body: bytes, at: int) -> bytes:
    if fault is LineFault.HANG:
        return b""
    if fault is LineFault.HANG_IN_HEAD:
        return head[: len(head) // 2]
    return head + body[:at]
