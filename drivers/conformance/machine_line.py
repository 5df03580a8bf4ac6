"""A line straight into an emulated machine: no port, no thread, so that a case costs milliseconds."""

import contextlib
import threading
from typing import Final

from drivers.emulation.machine import Machine
from drivers.emulation.runner import noise
from drivers.serial.line import ByteLine, Parity
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, DeviceNotFound, DeviceRemoved

_LOOK_S: Final = 0.005  # how often a machine that waits for a subject is asked again


class Socket:
    """Where one machine is plugged in, or not; one line at a time can be open on it."""

    def __init__(self, url: str, machine: Machine) -> None:
        self.url = url
        self._machine: Machine | None = None
        self._lock = threading.Lock()
        self._line: MachineLine | None = None
        self.plug(machine)

    def plug(self, machine: Machine) -> None:
        """Plug a machine in; it starts as after a power cycle."""
        machine.power_on()
        self._machine = machine

    def unplug(self) -> None:
        """Take it away; an open line reads and writes no more."""
        self._machine = None

    def open(self, baud: int, parity: Parity = "N") -> "MachineLine":
        """Return an open line; DeviceNotFound, DeviceBusy."""
        if self._machine is None:
            raise DeviceNotFound(transport=self.url)
        with self._lock:
            if self._line is not None:
                raise DeviceBusy(transport=self.url)
            self._line = MachineLine(self, baud, parity)
            return self._line

    @property
    def held(self) -> bool:
        """Whether a line is open."""
        return self._line is not None

    def machine(self) -> Machine:
        """Return what is plugged in; DeviceRemoved."""
        if self._machine is None:
            raise DeviceRemoved(transport=self.url)
        return self._machine

    def release(self, line: "MachineLine") -> None:
        """Let another line open."""
        with self._lock:
            if self._line is line:
                self._line = None


class MachineLine(ByteLine):
    """The host's end; whoever reads or writes gives the machine its time."""

    def __init__(self, socket: Socket, baud: int, parity: Parity) -> None:
        self.url = socket.url
        self._socket = socket
        self._baud = baud
        self._odd = parity == "O"
        self._heard = bytearray()
        self._woken = threading.Event()

    def receive_upto(
        self, count: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return the next ``count`` bytes, or fewer when the deadline comes first."""
        while True:
            if cancel is not None:
                cancel.check()
            self._exchange(b"")
            if len(self._heard) >= count or deadline.passed():
                break
            self._woken.wait(min(_LOOK_S, deadline.left()))
            self._woken.clear()
        data = bytes(self._heard[:count])
        del self._heard[:count]
        return data

    def send(self, data: bytes) -> None:
        """Let the machine hear bytes and keep what it says."""
        self._exchange(data)

    def set_baud(self, baud: int) -> None:
        """Change the rate of this end."""
        self._socket.machine()
        self._baud = baud

    def discard(self) -> None:
        """Throw away what has been said so far."""
        self._exchange(b"")
        self._heard.clear()

    def wake(self) -> None:
        """End a blocked read soon."""
        self._woken.set()

    def hang_up(self) -> None:
        """Lower DTR: a machine that looks at it is told."""
        with contextlib.suppress(DeviceRemoved):
            gone = getattr(self._socket.machine(), "host_gone", None)
            if gone is not None:
                gone()

    def close(self) -> None:
        """Let go of the socket."""
        self._socket.release(self)

    def _exchange(self, data: bytes) -> None:
        machine = self._socket.machine()
        said = machine.feed(noise(data) if data and not self._agree(machine) else data)
        while said:
            for packet in said:
                self._heard += packet.data if self._agree(machine) else noise(packet.data)
            # What the machine does once its answer is out: change its rate, go on with a scan.
            said = machine.feed(b"")

    def _agree(self, machine: Machine) -> bool:
        return (self._baud, self._odd) == (machine.baud, machine.odd_parity)
