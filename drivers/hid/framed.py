"""A HID device at the other end of a byte line that carries frames (``drivers.hid.frames``): our emulators."""

import struct
from collections import deque
from typing import Final

from drivers.hid.frames import REST_S, SCHEME, Frame, FrameStream, Kind
from drivers.hid.transport import HidTransport
from drivers.serial.line import ByteLine, SerialLine
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, DeviceNotFound, DeviceRemoved, NotSupported, ProtocolError

_QUEUE: Final = (
    256  # input reports kept while a feature report is awaited: more than a second of pen
)
_ANSWER_S: Final = 1.0
_SLICE_S: Final = 0.5
_LOOPBACK: Final = ("127.0.0.1:", "localhost:")


class FramedHid(HidTransport):
    """One HID device behind a line, met when it is opened."""

    def __init__(self, line: ByteLine, deadline: Deadline) -> None:
        """Ask who is there; closes the line when nobody says so.

        DeviceBusy: it has another owner and hangs up. DeviceTimeout: it listens and says nothing.
        """
        self.url = line.url
        self._line = line
        self._frames = FrameStream()
        self._reports: deque[bytes] = deque(maxlen=_QUEUE)
        self._tag = 0
        self._rest = Deadline.after(REST_S)
        try:
            self.vendor, self.product = self._meet(deadline)
        except BaseException:
            self.close()
            raise

    def receive(self, deadline: Deadline, cancel: CancelToken | None = None) -> bytes:
        """Return the next input report."""
        while not self._reports:
            if cancel is not None:
                cancel.check()
            if deadline.passed():
                return b""
            self._listen(deadline, cancel)
        return self._reports.popleft()

    def get_feature(
        self, report_id: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return a feature report."""
        return self._ask(Kind.GET, bytes([report_id]), deadline, cancel)

    def set_feature(
        self, report: bytes, deadline: Deadline, cancel: CancelToken | None = None
    ) -> None:
        """Send a feature report."""
        self._ask(Kind.SET, report, deadline, cancel)

    def discard(self) -> None:
        """Throw away what has arrived so far."""
        self._frames.wipe()
        self._reports.clear()
        self._line.discard()

    def wake(self) -> None:
        """End a blocked call soon."""
        self._line.wake()

    def close(self) -> None:
        """Release the line."""
        self._frames.wipe()
        self._reports.clear()
        self._line.close()

    def _meet(self, deadline: Deadline) -> tuple[int, int]:
        try:
            hello = self._ask(Kind.WHO, b"", deadline, None)
        except DeviceRemoved as cause:
            raise DeviceBusy(transport=self.url) from cause
        if len(hello) != 4:
            raise ProtocolError(transport=self.url, what="hello")
        vendor, product = struct.unpack("<HH", hello)
        return vendor, product

    def _ask(
        self, kind: Kind, payload: bytes, deadline: Deadline, cancel: CancelToken | None
    ) -> bytes:
        self._tag = self._tag % 255 + 1
        within = deadline.within(_ANSWER_S)
        report = payload[:1].hex()
        self._line.send(Frame(kind, self._tag, payload).encode())
        while True:
            if cancel is not None:
                cancel.check()
            within.check(transport=self.url, report=report)
            for answer in self._listen(within, cancel):
                if answer.tag != self._tag:
                    continue  # of a question given up before
                if answer.kind is Kind.REFUSED:
                    raise NotSupported(transport=self.url, report=report)
                if answer.kind is not _ANSWERS[kind]:
                    raise ProtocolError(transport=self.url, report=report)
                return answer.payload

    def _listen(self, deadline: Deadline, cancel: CancelToken | None) -> list[Frame]:
        """Take what comes by the deadline: input reports are queued, answers returned."""
        # A slice: a frame that lost its tail must not hold a read for the whole wait.
        slice_s = REST_S if self._frames.partial else _SLICE_S
        heard = self._line.receive_upto(self._frames.need, deadline.within(slice_s), cancel)
        found = self._frames.feed(heard)
        if heard:
            self._rest = Deadline.after(REST_S)
        elif self._frames.partial and self._rest.passed():
            found = self._frames.give_up()
        answers = []
        for frame in found:
            if frame.kind is Kind.INPUT:
                self._reports.append(frame.payload)
            elif frame.kind in _ANSWER_KINDS:
                answers.append(frame)
        return answers


_ANSWERS: Final = {Kind.GET: Kind.FEATURE, Kind.SET: Kind.DONE, Kind.WHO: Kind.HELLO}
_ANSWER_KINDS: Final = frozenset({*_ANSWERS.values(), Kind.REFUSED})


def open_framed(url: str, deadline: Deadline) -> FramedHid:
    """Connect to ``hid+tcp://127.0.0.1:PORT``; DeviceNotFound, also for an address off this machine."""
    place = url.removeprefix(SCHEME)
    if not url.startswith(SCHEME) or not place.startswith(_LOOPBACK):
        raise DeviceNotFound(transport=url, reason="address")
    # A TCP stream has no rate; pyserial wants one.
    line = SerialLine(f"socket://{place}", 115200)
    line.url = url
    return FramedHid(line, deadline)
