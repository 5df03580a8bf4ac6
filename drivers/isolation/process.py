"""The desk's hold on one helper process: starts it, talks to it with a deadline, and ends it for certain."""

import contextlib
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from drivers.isolation.channel import Channel, ChannelClosed, Message
from drivers.isolation.codec import Malformed, decode, encode, shape_of
from drivers.isolation.failures import decode_failure
from drivers.isolation.memory import RESULT, STREAM, Kept, SharedMemory
from drivers.isolation.verbs import VERBS
from station.clock import CancelToken, Deadline
from station.devices import DeviceEvent, Frame
from station.errors import DeviceTimeout, HardwareFault, OperatorCancelled, ProtocolError

_LOG = logging.getLogger(__name__)
GRACE_S: Final = 0.12  # after the deadline, before the kill: the caller is told within 200 ms
EARLY_S: Final = 0.05  # the driver's own deadline comes first: its last word has to travel
CANCEL_S: Final = 0.18  # how long a cancelled driver may take to come back by itself
_SETTLE_S: Final = 1.0  # how long one that did not is waited for before the next call
_REAP_S: Final = 0.1

# Killed processes still to be reaped, as the standard library keeps its own.
_DYING: Final[list["subprocess.Popen[bytes]"]] = []

Running = Generator[DeviceEvent, None, Any]
"""Events as they come; the generator's value is the result."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent: ``body`` is one of ``make``, ``look`` or ``call`` with its arguments."""

    body: Mapping[str, object]
    gives: Any
    pictures: bool = False


class Helper:
    """One process with its socket, its memory and its lifeline. One call at a time, from any thread."""

    def __init__(self, driver: str) -> None:
        """Start the process; it loads nothing foreign until it is asked to."""
        _DYING[:] = [process for process in _DYING if process.poll() is None]
        self._driver = driver
        self._number = 0
        self._owed = 0  # the call whose answer was given up and has not come yet
        self._printed = 0
        self._dead = False
        self._ended = False
        self._using = threading.Lock()
        self._closing = threading.Lock()
        self._memory = SharedMemory.make()
        self._wake = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        theirs, ours = socket.socketpair()
        lifeline, self._lifeline = os.pipe()
        passed = {
            "socket": theirs.fileno(),
            "memory": self._memory.fd,
            "lifeline": lifeline,
        }
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    sys.executable,
                    "-m",
                    "drivers.isolation.host",
                    *(f"--{name}={number}" for name, number in passed.items()),
                ],
                pass_fds=tuple(passed.values()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _search_path()},
                start_new_session=True,  # Ctrl-C on the desk's terminal is the desk's matter
            )
        finally:
            theirs.close()
            os.close(lifeline)
        self._channel = Channel(ours)
        self._poll = select.poll()
        self._poll.register(ours, select.POLLIN)
        self._poll.register(self._wake, select.POLLIN)

    def __del__(self) -> None:
        """A helper nobody ended (its device was never opened) goes with the last word about it."""
        # While the interpreter ends, the lifeline closes with it and the kernel does this for us.
        if getattr(self, "_process", None) is not None and not sys.is_finalizing():
            self.end(0.0)

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def buried(self) -> bool:
        """Whether it was ended and cleared away."""
        return self._ended

    @property
    def alive(self) -> bool:
        """Whether calls can still be sent: it has not crashed and was not killed."""
        if self._dead or self._process.returncode is not None:
            return False
        # Looked at without reaping: while the dead leader stands, its group can still be killed by number.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wake(self) -> None:
        """Have a waiting call look at its token; any thread, never raises."""
        with self._closing:
            if self._wake >= 0:
                os.eventfd_write(self._wake, 1)

    def ask(self, question: Question, deadline: Deadline, cancel: CancelToken | None = None) -> Any:  # noqa: ANN401 - of the question's type
        """Ask and wait for the answer; events are dropped. Raises as ``run``."""
        running = self.run(question, deadline, cancel)
        while True:
            try:
                next(running)
            except StopIteration as end:
                return end.value

    def run(
        self,
        question: Question,
        deadline: Deadline | None,
        cancel: CancelToken | None = None,
        stall_s: float = 0.0,
    ) -> Running:
        """Ask, yield the events, and return the answer.

        Raises what the driver raised; DeviceTimeout when it hangs past the deadline (or is silent for
        ``stall_s`` where there is none), HardwareFault when the process dies, ProtocolError when it talks
        nonsense: in these three cases it is killed. OperatorCancelled at the latest 0.2 s after the token.
        """
        try:
            with self._using:
                return (yield from self._talk(question, deadline, cancel, stall_s))
        except ChannelClosed:
            raise self._obituary() from None
        except Malformed as cause:
            self.kill()
            raise ProtocolError(driver=self._driver, reason=f"helper: {cause}") from None
        finally:
            self._release_if_ended()

    def ready(self, deadline: Deadline) -> bool:
        """Return whether a call can begin; waits for a cancelled one to come back, and kills it if it does not."""
        with self._using:
            try:
                if self.alive and self._settled(Deadline.after(min(_SETTLE_S, deadline.left()))):
                    return True
            except (ChannelClosed, Malformed):
                self._owed = 0
        self.kill()
        return False

    def end(self, seconds: float) -> None:
        """Let the device close within ``seconds``, then end the process and wipe its pictures; never raises."""
        close_by = Deadline.after(seconds)
        if self.alive and self._using.acquire(timeout=seconds):
            try:
                if self._settled(close_by):
                    self._send({"call": "close", "args": {}, "until": close_by.at})
                    self._await(self._number, close_by)
            except (ChannelClosed, Malformed):
                pass  # it is killed now in any case
            finally:
                self._using.release()
        self._ended = True
        self.kill()
        if self._process.returncode is None:  # killed, but the machine has not got round to it
            _DYING.append(self._process)
        self._release_if_ended()

    def kill(self) -> None:
        """End the process group at once, whatever it does; any thread, idempotent, never raises."""
        self._dead = True
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_REAP_S)
        self._channel.shut()

    def _talk(
        self,
        question: Question,
        deadline: Deadline | None,
        cancel: CancelToken | None,
        stall_s: float,
    ) -> Running:
        until = deadline.at if deadline is not None else Deadline.after(86_400.0).at
        left = Deadline(until).left()
        number = self._send({**question.body, "until": until - min(EARLY_S, left / 10)})
        self._owed = number
        last_sign = Deadline.after(stall_s) if stall_s else None
        given_up: Deadline | None = None
        try:
            while True:
                if given_up is None and cancel is not None and cancel.cancelled:
                    self._send_about(number, "cancel")
                    given_up = Deadline.after(CANCEL_S)
                end = given_up or last_sign or Deadline(until + GRACE_S)
                message = self._next(number, end)
                if message is not None and not _is_event(message):
                    self._owed = 0
                    return self._result(number, message, question, cancelled=given_up is not None)
                if message is not None and given_up is None:
                    yield self._event(message)
                    if "frame" in message:
                        self._send_about(number, "want")
                    last_sign = Deadline.after(stall_s) if stall_s else None
                if end.passed() and (given_up or message is None or not stall_s):
                    self._give_up(given_up is not None)
        except GeneratorExit:  # nobody wants the rest; the answer stays owed
            with contextlib.suppress(ChannelClosed):
                self._send_about(number, "cancel")
            raise

    def _give_up(self, cancelled: bool) -> None:  # noqa: FBT001 - which of two ways it ends
        if cancelled:
            raise OperatorCancelled  # the answer stays owed
        self.kill()
        raise DeviceTimeout(driver=self._driver, reason="helper hangs")

    def _event(self, message: Message) -> DeviceEvent:
        if "event" in message:
            event: DeviceEvent = decode(DeviceEvent, message["event"])
            return event
        told = message["frame"]
        if not isinstance(told, dict) or set(told) != {"number", "id", "t", "shape"}:
            raise Malformed("frame")
        number, identity = decode(int, told["number"]), decode(int, told["id"])
        shape = shape_of(told["shape"])
        self._memory.check(STREAM, 0, int(np.prod(shape, dtype=np.int64)))
        pixels = np.empty(shape, np.uint8)
        self._memory.read(STREAM, number, 0, pixels)
        pixels.flags.writeable = False
        return Frame(identity, pixels, decode(float, told["t"]))

    def _result(self, number: int, message: Message, question: Question, *, cancelled: bool) -> Any:  # noqa: ANN401
        self._note_printed(message)
        try:
            if cancelled:
                raise OperatorCancelled
            if "failed" in message:
                raise decode_failure(message["failed"], self._driver)
            return decode(question.gives, message.get("done"), Kept(self._memory, number))
        except Malformed as cause:  # the driver's lie; the helper around it is in order
            raise ProtocolError(driver=self._driver, reason=f"result: {cause}") from None
        finally:
            if question.pictures:
                self._wipe()

    def _note_printed(self, message: Message) -> None:
        printed = decode(int, message.get("printed"))
        if printed > self._printed:
            _LOG.warning(
                "driver %s printed %d bytes; not shown", self._driver, printed - self._printed
            )
            self._printed = printed

    def _settled(self, end: Deadline) -> bool:
        """Wait for an answer that was given up, so that the next call finds a free driver."""
        if self._owed:
            if self._await(self._owed, end) is None:
                return False
            self._owed = 0
            self._wipe()
        return True

    def _await(self, number: int, end: Deadline) -> Message | None:
        while not end.passed():
            message = self._next(number, end)
            if message is not None and ("done" in message or "failed" in message):
                return message
        return None

    def _next(self, number: int, end: Deadline) -> Message | None:
        """Return the next message of a call; None at the end of the time or when woken."""
        while (message := self._channel.take()) is None:
            ready = {fd for fd, _ in self._poll.poll(int(end.left() * 1000) + 1)}
            if self._wake in ready:
                os.eventfd_read(self._wake)
                return None
            if not ready:
                return None
            self._channel.feed()
        if decode(int, message.get("n")) != number:
            return None
        return message

    def _send(self, body: Mapping[str, object]) -> int:
        self._number += 1
        self._channel.send({"n": self._number, **body}, wait=False)
        return self._number

    def _send_about(self, number: int, what: str) -> None:
        self._channel.send({"n": number, what: True}, wait=False)

    def _obituary(self) -> HardwareFault:
        """Say how the process ended, and make sure that it has."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_S)
        code = self._process.returncode
        self.kill()
        if code is None:
            return HardwareFault(driver=self._driver, reason="helper closed its line")
        if code < 0:
            return HardwareFault(driver=self._driver, reason="helper died", signal=-code)
        return HardwareFault(driver=self._driver, reason="helper ended", exit=code)

    def _wipe(self) -> None:
        for area in (RESULT, STREAM):
            self._memory.wipe(area)

    def _release_if_ended(self) -> None:
        """Give everything back, unless a call still uses it: that call comes here when it has seen the end."""
        if not self._ended or not self._using.acquire(timeout=_REAP_S):
            return
        try:
            with self._closing:
                if self._wake < 0:
                    return
                wake, self._wake = self._wake, -1
            self._wipe()
            self._memory.close()
            self._channel.close()
            os.close(wake)
            os.close(self._lifeline)
        finally:
            self._using.release()


def asking(verb: str, /, **arguments: object) -> Question:
    """Return the question that calls a verb."""
    known = VERBS[verb]
    args = {name: encode(value) for name, value in arguments.items()}
    return Question({"call": verb, "args": args}, known.gives, pictures=known.pictures)


def _is_event(message: Message) -> bool:
    return "event" in message or "frame" in message


def _search_path() -> str:
    """Return where the helper finds modules: exactly where this process does."""
    return os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
