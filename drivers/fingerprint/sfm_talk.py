"""The conversation with an SFM module: commands with answers, and the image packet by packet."""

import contextlib
from typing import Final

from drivers.fingerprint.sfm_frames import Code, Command, Frame, FrameFinder, Parameter
from drivers.fingerprint.sfm_image import SUM_BYTES, Plan, check_chunk
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.devices import Progress, Sink
from station.errors import DeviceBusy, DeviceError, DeviceTimeout, ProtocolError

REPLY_S: Final = 1.0
PACKET_S: Final = 1.0  # until a packet begins; its body then gets time by its length
SILENCE_S: Final = 0.15
_SURE: Final = 4  # more answers than this may not contradict each other
_SLOWEST: Final = 900  # bytes a second: one takes 1.04 ms at 9600 baud


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
        self._clear()
        self._line.send(request.encode())
        answer = self.next_answer(request.command, deadline.within(reply_s), cancel)
        self._in_step = True
        return answer

    def read_parameter(
        self,
        parameter: Parameter,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        reply_s: float = REPLY_S,
    ) -> int | None:
        """Return a parameter's value; None when the module does not have it. DeviceBusy."""
        request = Frame(Command.READ_PARAMETER, flag=parameter)
        answer = self.ask(request, deadline, cancel, reply_s=reply_s)
        if answer.flag == Code.BUSY:
            raise DeviceBusy(what="SR", parameter=int(parameter))
        return answer.size if answer.flag == Code.OK else None

    def sure_parameter(
        self, parameter: Parameter, deadline: Deadline, cancel: CancelToken | None = None
    ) -> int | None:
        """Read a parameter until two answers in a row agree: an answer does not say which one it is about.

        ProtocolError when they never do.
        """
        before = self.read_parameter(parameter, deadline, cancel)
        for _ in range(_SURE):
            value = self.read_parameter(parameter, deadline, cancel)
            if value == before:
                return value
            before = value
        raise ProtocolError(what="SR", parameter=int(parameter))

    def write_parameter(
        self,
        parameter: Parameter,
        value: int,
        deadline: Deadline,
        cancel: CancelToken | None = None,
        *,
        reply_s: float = REPLY_S,
    ) -> int:
        """Set a parameter until the next power cycle and return the answer's code."""
        request = Frame(Command.WRITE_PARAMETER, 0, value, parameter)
        return self.ask(request, deadline, cancel, reply_s=reply_s).flag

    def begin_scan(self, packet_bytes: int) -> None:
        """Ask for a scan; its answers come when a finger does."""
        self._in_step = False
        self._clear()
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
        """Return the whole payload; every packet is checked, and asked for again once if damaged.

        The caller wipes it; what a failed transfer had collected is wiped here.
        """
        data = bytearray()
        try:
            for index in range(plan.count):
                if index:
                    self._say(Code.DATA_OK)
                data += self._packet_or_again(plan, index, cancel, deadline)
                sink(Progress(len(data), plan.total))
        except BaseException:
            data[:] = bytes(len(data))
            raise
        self._in_step = True
        return data

    def abort(self) -> None:
        """Tell the module to stop whatever it does; never raises."""
        self._in_step = False
        with contextlib.suppress(DeviceError):
            self._line.send(Frame(Command.CANCEL).encode())

    def fall_silent(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        """Throw away what still comes until the module has nothing more to say."""
        self._frames.clear()
        self._line.drain(SILENCE_S, deadline, cancel)

    def get_in_step(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        """Make the next answer belong to the next command, after whatever cut the last exchange.

        DeviceTimeout for a module that stays mute, DeviceBusy for one that stays busy.
        """
        while not self._in_step:
            self.abort()
            self.fall_silent(deadline, cancel)
            request = Frame(Command.READ_PARAMETER, flag=Parameter.SERIAL)
            try:
                busy = self.ask(request, deadline, cancel).flag == Code.BUSY
            except (DeviceTimeout, ProtocolError):
                deadline.check(what="SR")
                continue
            # Earlier rounds of this loop may be answered late as well.
            self.fall_silent(deadline, cancel)
            if busy:  # our cancelling was lost on the way
                self._in_step = False
                if deadline.passed():
                    raise DeviceBusy(what="SR")

    def _packet_or_again(
        self, plan: Plan, index: int, cancel: CancelToken, deadline: Deadline
    ) -> bytes:
        try:
            return self._packet(plan, index, cancel, deadline)
        except (ProtocolError, DeviceTimeout):
            deadline.check(what="image")
        self.fall_silent(deadline, cancel)
        self._say(Code.DATA_ERROR)
        if index and self._is_the_one_before(plan, index, cancel, deadline):
            # Our word that it was good got lost, so the module still stands there.
            self._say(Code.DATA_OK)
        return self._packet(plan, index, cancel, deadline)

    def _is_the_one_before(
        self, plan: Plan, index: int, cancel: CancelToken, deadline: Deadline
    ) -> bool:
        """Whether the packet that comes is the last good one again; it is then read away.

        Any other header stays for the caller to judge.
        """
        header = self.next_answer(Command.SCAN_IMAGE_X, deadline.within(PACKET_S), cancel)
        if header.param >> 16 != index - 1:
            self._frames.put_back(header)
            return False
        plan.check(header, index - 1)
        self._body(plan.length(index - 1), cancel, deadline)
        return True

    def _packet(self, plan: Plan, index: int, cancel: CancelToken, deadline: Deadline) -> bytes:
        header = self.next_answer(Command.SCAN_IMAGE_X, deadline.within(PACKET_S), cancel)
        plan.check(header, index)
        return check_chunk(self._body(plan.length(index), cancel, deadline))

    def _body(self, length: int, cancel: CancelToken, deadline: Deadline) -> bytes:
        count = length + SUM_BYTES
        return self._line.receive(count, deadline.within(PACKET_S + count / _SLOWEST), cancel)

    def _say(self, code: Code) -> None:
        self._line.send(Frame(Command.SCAN_IMAGE_X, flag=code).encode())

    def _clear(self) -> None:
        """Forget answers that came late or twice: they must not answer the next question."""
        self._line.discard()
        self._frames.clear()

    def _next(self, limit: Deadline, cancel: CancelToken | None) -> Frame:
        while (frame := self._frames.take()) is None:
            self._frames.feed(self._line.receive(self._frames.need, limit, cancel))
        return frame
