"""Binds a machine to a port on one joined thread, applies faults, paces bytes, plugs and unplugs."""

import threading
from collections.abc import Callable, Sequence
from typing import Final, Protocol, Self

from drivers.emulation.faults import (
    Fault,
    FaultPlan,
    Mute,
    Outgoing,
    PlannedFault,
    Stall,
    Step,
    Unplug,
    parse_fault,
)
from drivers.emulation.machine import HalfDuplex, Machine, Renamable
from station.clock import Clock, SystemClock

_TICK_S: Final = 0.01
_ORDER_S: Final = 5.0
_PACE_S: Final = 0.02  # paced bytes leave in slices of this length


class Port(Protocol):
    """The emulator's end of a transport."""

    @property
    def url(self) -> str:
        """What a driver opens."""
        ...

    def plug(self) -> None:
        """Appear."""
        ...

    def unplug(self) -> None:
        """Disappear; harmless when not plugged."""
        ...

    def receive(self, seconds: float) -> bytes:
        """Return what arrives within ``seconds``."""
        ...

    def send(self, data: bytes, interrupted: Callable[[], bool]) -> bool:
        """Write all bytes; False when interrupted."""
        ...

    def client_line(self) -> tuple[int, bool] | None:
        """Return the client's (baud, odd parity), None where it cannot be seen."""
        ...


class SerialEmulator:
    """A device that can be started, unplugged, replugged and told to fail; use it with ``with``."""

    def __init__(
        self, machine: Machine, port: Port, *, paced: bool = False, clock: Clock | None = None
    ) -> None:
        self._machine = machine
        self._port = port
        self._paced = paced
        self._clock = clock or SystemClock()
        self._began = self._clock.monotonic()
        self._line_free_at = 0.0  # paced: when the last byte sent has left
        self._faults = FaultPlan()
        self._stopping = threading.Event()
        self._cut = threading.Event()  # interrupts a transfer that is on its way out
        self._state = threading.Condition()
        self._wanted = False
        self._plugged = False
        self._failure: OSError | None = None  # why the last order could not be followed
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """What a driver opens."""
        return self._port.url

    @property
    def plugged(self) -> bool:
        """Whether the device is there."""
        return self._plugged

    def start(self) -> Self:
        """Plug in and serve until stopped."""
        self._stopping.clear()
        self._began = self._clock.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"emulator {self.url}", daemon=True)
        self._thread.start()
        self.replug()
        return self

    def stop(self) -> None:
        """Unplug, end and join the thread; harmless when not started."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping.set()
        self._cut.set()
        thread.join()
        self._wanted = False

    def unplug(self) -> None:
        """Take the cable away now, also in the middle of a transfer."""
        self._order(plugged=False)

    def replug(self, serial: str = "") -> None:
        """Plug in again: the machine starts as after a power cycle, as another one with a ``serial``.

        ValueError for a serial number this machine cannot have.
        """
        if serial:
            if not isinstance(self._machine, Renamable):
                raise ValueError("this device has no other serial number")
            self._order(plugged=False)
            self._machine.rename(serial)
        self._order(plugged=True)

    def fail(
        self, fault: Fault, at: int = 0, *, times: int = 1, bit: int = -1, seconds: float = 5.0
    ) -> None:
        """Ask for a fault at data packet ``at`` of the next transfer; see PlannedFault."""
        self._faults.add(PlannedFault(fault, at, times, bit, seconds))

    def suffer(self, fault: str, when: str) -> None:
        """Ask for a fault by name; ValueError names the faults there are."""
        self._faults.add(parse_fault(fault, when))

    def clear_faults(self) -> None:
        """Forget the faults that have not happened."""
        self._faults.clear()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _order(self, *, plugged: bool) -> None:
        with self._state:
            self._wanted = plugged
            self._failure = None
            self._cut.set()
            self._state.wait_for(
                lambda: self._plugged is plugged or self._failure is not None, _ORDER_S
            )
            if self._failure is not None:
                raise self._failure
            if self._plugged is not plugged:
                raise TimeoutError(f"emulator {self.url} does not follow")

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._follow_orders()
                if self._plugged:
                    self._serve()
                else:
                    self._cut.wait(_TICK_S)
        finally:
            self._set_plugged(plugged=False)

    def _follow_orders(self) -> None:
        with self._state:
            self._cut.clear()
            wanted = self._wanted
        if wanted is not self._plugged:
            try:
                self._set_plugged(plugged=wanted)
            except OSError as cause:  # the port is taken, the link cannot be made
                with self._state:
                    self._wanted, self._failure = False, cause
                    self._state.notify_all()

    def _set_plugged(self, *, plugged: bool) -> None:
        # Under the lock: a client that saw the cable go may order the next plugging before we have noted it.
        with self._state:
            if plugged:
                self._faults.power_on()
                self._machine.power_on()
                self._port.plug()
            else:
                self._port.unplug()
            self._plugged = plugged
            self._state.notify_all()

    def _serve(self) -> None:
        if self._faults.unplug_is_due(self._elapsed()):
            self._pull_the_cable()
            return
        heard = self._port.receive(_TICK_S)
        if heard and not self._rates_agree():
            heard = noise(heard)
        packets = self._machine.feed(heard)
        while packets and self._deliver(packets):
            # What the machine does once its answer is out: change its rate, go on with a scan.
            packets = self._machine.feed(b"")

    def _deliver(self, packets: Sequence[Outgoing]) -> bool:
        self._line_free_at = self._clock.monotonic()
        for packet in packets:
            self._turn_a_deaf_ear(packet)
            if not all(self._do(step) for step in self._faults.steps(packet, self._elapsed())):
                return False
        return True

    def _turn_a_deaf_ear(self, packet: Outgoing) -> None:
        """Lose what a half-duplex machine is told between the data packets it sends."""
        if packet.index and isinstance(self._machine, HalfDuplex):
            heard = self._port.receive(0)
            if heard:
                self._machine.ignored(len(heard))

    def _do(self, step: Step) -> bool:
        """Carry out one step; False when the rest of this answer is lost."""
        if isinstance(step, Unplug):
            self._pull_the_cable()
            return False
        if isinstance(step, Mute):
            return False
        if isinstance(step, Stall):
            cut = self._cut.wait(step.seconds)
            self._line_free_at = self._clock.monotonic()
            return not cut
        return self._send(step)

    def _pull_the_cable(self) -> None:
        self._wanted = False
        self._set_plugged(plugged=False)

    def _elapsed(self) -> float:
        return self._clock.monotonic() - self._began

    def _send(self, data: bytes) -> bool:
        if not self._rates_agree():
            data = noise(data)
        if not self._paced:
            return self._port.send(data, self._cut.is_set)
        bits = 11 if self._machine.odd_parity else 10
        byte_s = bits / self._machine.baud
        slice_bytes = max(1, int(_PACE_S / byte_s))
        for start in range(0, len(data), slice_bytes):
            part = data[start : start + slice_bytes]
            # By the line's own schedule: what one wait takes too long, the next one makes up for.
            self._line_free_at += len(part) * byte_s
            while (early := self._line_free_at - self._clock.monotonic()) > 0:
                if self._cut.wait(early):
                    return False
            if not self._port.send(part, self._cut.is_set):
                return False
        return True

    def _rates_agree(self) -> bool:
        client = self._port.client_line()
        return client is None or client == (self._machine.baud, self._machine.odd_parity)


def noise(data: bytes) -> bytes:
    """Return what a receiver at another rate makes of the bytes: fewer and wrong ones."""
    return bytes((byte * 37 + 0x5B) & 0xFF | 0x80 for byte in data[::2])
