"""The proxy inside the process: a ``ByteLine`` in front of another, for speed and for every fault."""

import threading
from collections.abc import Callable
from typing import Final

from drivers.faults.outflow import Outflow
from drivers.faults.plan import Side
from drivers.faults.wire import Unplugged, Wire
from drivers.serial.line import ByteLine
from station.clock import CancelToken, Deadline
from station.errors import DeviceRemoved

_SLICE_S: Final = 0.02  # half a packet is let go after this silence

OnUnplug = Callable[[bool], None]


class FaultyLine(ByteLine):
    """Damages what passes between a driver and the line below.

    Bytes to the device leave when the driver next reads or writes; a pause there delays the answer as it
    would on a real line.
    """

    def __init__(self, line: ByteLine, wire: Wire, on_unplug: OnUnplug | None = None) -> None:
        """Wrap an open line; ``on_unplug`` (other serial?) is told when a fault takes the cable away."""
        self.url = line.url
        self._line = line
        self._wire = wire
        self._on_unplug = on_unplug
        self._in, self._out = Outflow(wire), Outflow(wire)
        self._ready = bytearray()
        self._gone = False
        self._woken = threading.Event()
        wire.reopened()

    def receive_upto(
        self, count: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return the next ``count`` bytes, or fewer when the deadline comes first."""
        self._woken.clear()
        while len(self._ready) < count:
            if cancel is not None:
                cancel.check()
            if deadline.passed():
                break
            self._pump(count, deadline, cancel)
        data = bytes(self._ready[:count])
        self._ready[:count] = bytes(len(data))  # what has passed is no longer ours to keep
        del self._ready[:count]
        return data

    def send(self, data: bytes) -> None:
        """Pass bytes on, as the plan lets them."""
        self._check()
        self._out.add(self._wire.stream(Side.TO_DEVICE, data))
        self._out.add(self._wire.idle(Side.TO_DEVICE, ended=True))
        self._push()

    def set_baud(self, baud: int) -> None:
        """Change the rate below."""
        self._check()
        self._line.set_baud(baud)

    def discard(self) -> None:
        """Throw away what has arrived so far; what a fault holds back has not arrived."""
        self._check()
        self._pull(Deadline.after(0), None)
        self._take()
        self._ready.clear()
        self._line.discard()

    def wake(self) -> None:
        """End a blocked read soon."""
        self._woken.set()
        self._line.wake()

    def hang_up(self) -> None:
        """Lower DTR below: a wire of its own, which no fault of the data touches."""
        self._line.hang_up()

    def close(self) -> None:
        """Release the line below and lose what waits."""
        for flow in (self._in, self._out):
            flow.clear()
        self._ready.clear()
        self._line.close()

    def _pump(self, count: int, deadline: Deadline, cancel: CancelToken | None) -> None:
        self._check()
        self._push()
        self._take()
        if len(self._ready) >= count:
            return
        waits = [flow.wait_s() for flow in (self._in, self._out)]
        nearest = min((wait for wait in waits if wait is not None), default=_SLICE_S)
        self._pull(deadline.within(min(nearest, _SLICE_S)), cancel)
        self._take()

    def _pull(self, limit: Deadline, cancel: CancelToken | None) -> None:
        """Read what the device says, one blocking byte and then whatever stands behind it."""
        heard = self._line.receive_upto(1, limit, cancel)
        if heard:
            heard += self._line.receive_upto(65536, Deadline.after(0), cancel)
            self._in.add(self._wire.stream(Side.TO_HOST, heard))
        else:
            self._in.add(self._wire.idle(Side.TO_HOST))

    def _push(self) -> None:
        while (step := self._out.due()) is not None:
            if isinstance(step, Unplugged):
                self._unplug(step)
            else:
                self._line.send(step)

    def _take(self) -> None:
        while (step := self._in.due()) is not None:
            if isinstance(step, Unplugged):
                self._unplug(step)
            else:
                self._ready += step

    def _unplug(self, step: Unplugged) -> None:
        self._gone = True
        for flow in (self._in, self._out):
            flow.clear()
        if self._on_unplug is not None:
            self._on_unplug(step.other_serial)

    def _check(self) -> None:
        if self._gone:
            raise DeviceRemoved(transport=self.url)
