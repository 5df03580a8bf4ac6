"""The conversation with an SFM module: commands with answers, and the image packet by packet."""

import contextlib
from typing import Final

from drivers.fingerprint.sfm_frames import Code, Command, Frame, FrameFinder, Parameter
from drivers.fingerprint.sfm_image import SUM_BYTES, Plan, check_chunk
from drivers.serial.line import ByteLine, sooner
from station.clock import CancelToken, Deadline
from station.devices import Progress, Sink
from station.errors import DeviceError, DeviceTimeout, ProtocolError

REPLY_S: Final = 1.0
PACKET_S: Final = 1.0  # until a packet begins; its body then gets time by its length
SILENCE_S: Final = 0.15


class SfmTalk:
    """One line to one module; remembers whether question and answer are still in step."""

    def __init__(self, line: ByteLine) -> None:
        self._line = line
        self._frames = FrameFinder()
        self._in_step = False

    def ask(
        self,
        request: Frame,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        reply_s: float = REPLY_S,
    ) -> Frame:
        """Send a command and return its answer; late answers to other commands are skipped."""
        self._in_step = False
        self._line.send(request.encode())
        answer = self.next_answer(request.command, sooner(reply_s, deadline), cancel)
        self._in_step = True
        return answer

    def read_parameter(
        self, parameter: Parameter, deadline: Deadline, *, reply_s: float = REPLY_S
    ) -> int | None:
        """Return a parameter's value; None when the module does not have it."""
        request = Frame(Command.READ_PARAMETER, flag=parameter)
        answer = self.ask(request, deadline, reply_s=reply_s)
        return answer.size if answer.flag == Code.OK else None

    def write_parameter(self, parameter: Parameter, value: int, deadline: Deadline) -> int:
        """Set a parameter until the next power cycle and return the answer's code."""
        return self.ask(Frame(Command.WRITE_PARAMETER, 0, value, parameter), deadline).flag

    def begin_scan(self, packet_bytes: int) -> None:
        """Ask for a scan; its answers come when a finger does."""
        self._in_step = False
        self._line.send(Frame(Command.SCAN_IMAGE_X, size=packet_bytes).encode())

    def next_answer(self, command: int, limit: Deadline, cancel: CancelToken | None) -> Frame:
        """Return the next frame that answers ``command``."""
        while True:
            frame = self._next(limit, cancel)
            if frame.command == command:
                return frame

    def heard_anything(self, limit: Deadline, cancel: CancelToken | None) -> bool:
        """Whether one byte comes before the limit."""
        return bool(self._line.receive_upto(1, limit, cancel))

    def receive_image(
        self, plan: Plan, sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> bytearray:
        """Return the whole payload; every packet is checked, and asked for again once if damaged."""
        data = bytearray()
        for index in range(plan.count):
            if index:
                self._say(Code.DATA_OK)
            try:
                chunk = self._packet(plan, index, cancel, deadline)
            except (ProtocolError, DeviceTimeout):
                deadline.check(what="image")
                self._fall_silent(deadline, cancel)
                self._say(Code.DATA_ERROR)
                chunk = self._packet(plan, index, cancel, deadline)
            data += chunk
            sink(Progress(len(data), plan.total))
        self._in_step = True
        return data

    def abort(self) -> None:
        """Tell the module to stop whatever it does; never raises."""
        self._in_step = False
        with contextlib.suppress(DeviceError):
            self._line.send(Frame(Command.CANCEL).encode())

    def get_in_step(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        """Make the next answer belong to the next command, after whatever cut the last exchange."""
        while not self._in_step:
            self.abort()
            self._fall_silent(deadline, cancel)
            try:
                self.ask(Frame(Command.READ_PARAMETER, flag=Parameter.SERIAL), deadline, cancel)
            except (DeviceTimeout, ProtocolError):
                deadline.check(what="SR")
                continue
            # Earlier rounds of this loop may be answered late as well.
            self._fall_silent(deadline, cancel)

    def _packet(self, plan: Plan, index: int, cancel: CancelToken, deadline: Deadline) -> bytes:
        header = self.next_answer(Command.SCAN_IMAGE_X, sooner(PACKET_S, deadline), cancel)
        plan.check(header, index)
        length = plan.length(index) + SUM_BYTES
        # A byte takes 1.04 ms at the slowest rate.
        limit = sooner(PACKET_S + length / 900, deadline)
        return check_chunk(self._line.receive(length, limit, cancel))

    def _say(self, code: Code) -> None:
        self._line.send(Frame(Command.SCAN_IMAGE_X, flag=code).encode())

    def _fall_silent(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        self._frames.clear()
        self._line.drain(SILENCE_S, deadline, cancel)

    def _next(self, limit: Deadline, cancel: CancelToken | None) -> Frame:
        while (frame := self._frames.take()) is None:
            self._frames.feed(self._line.receive(self._frames.need, limit, cancel))
        return frame
