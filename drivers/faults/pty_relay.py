"""A relay between a pty of its own and the pty of an emulator; line rate and parity pass through."""

import contextlib
import errno
import os
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Final

from drivers.faults.outflow import Outflow
from drivers.faults.plan import Side
from drivers.faults.relay import SLICE_S, Relay
from drivers.faults.wire import Unplugged, Wire

_CHUNK: Final = 4096


class PtyRelay(Relay):
    """The driver opens ``link``; the device is the pty (or any tty) at ``device``.

    When the device goes, the front goes; when it comes back, the front comes back, unless it was unplugged here.
    """

    def __init__(
        self,
        wire: Wire,
        device: Path,
        link: Path,
        on_unplug: Callable[[bool], None] | None = None,
    ) -> None:
        super().__init__(wire, on_unplug)
        self.device = device
        self.link = link
        self._master = self._slave = self._back = -1
        self._flows = {side: Outflow(wire) for side in Side}
        self._backlog = {side: bytearray() for side in Side}

    @property
    def url(self) -> str:
        """What a driver opens."""
        return str(self.link)

    def _plug(self) -> bool:
        try:
            self._back = os.open(self.device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return False
        tty.setraw(self._back)
        self._master, self._slave = os.openpty()
        tty.setraw(self._master)
        # Our own slave descriptor stays open: without it the master reads EIO between two clients.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self._slave))
        self.wire.reopened()
        return True

    def _pull(self) -> None:
        self.link.unlink(missing_ok=True)
        for descriptor in (self._slave, self._master, self._back):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = self._back = -1
        for side in Side:
            self._flows[side].clear()
            self._backlog[side].clear()

    def _descriptors(self) -> tuple[list[int], list[int]]:
        writable = [self._sink(side) for side in Side if self._backlog[side]]
        return [self._master, self._back], writable

    def _wait_s(self) -> float:
        waits = [flow.wait_s() for flow in self._flows.values()]
        return min((wait for wait in waits if wait is not None), default=SLICE_S)

    def _carry(self, readable: set[int]) -> bool:
        self._pass_line_settings()
        for side, source in ((Side.TO_DEVICE, self._master), (Side.TO_HOST, self._back)):
            flow = self._flows[side]
            if source in readable:
                data = _read(source)
                if data is None:  # the device behind has gone: so does the front, until it is back
                    self._pull()
                    self._set(plugged=False)
                    return True
                flow.add(self.wire.stream(side, data))
            elif not flow.queue:
                flow.add(self.wire.idle(side))
            while (step := flow.due()) is not None:
                if isinstance(step, Unplugged):
                    self._cut(other_serial=step.other_serial)
                    return False
                self._backlog[side] += step
            _write(self._sink(side), self._backlog[side])
        return True

    def _sink(self, side: Side) -> int:
        return self._back if side is Side.TO_DEVICE else self._master

    def _pass_line_settings(self) -> None:
        with contextlib.suppress(termios.error):
            front, back = termios.tcgetattr(self._slave), termios.tcgetattr(self._back)
            odd = front[2] & termios.PARODD
            if (front[4:6], odd) != (back[4:6], back[2] & termios.PARODD):
                back[2] = back[2] & ~termios.PARODD | odd
                back[4:6] = front[4:6]
                termios.tcsetattr(self._back, termios.TCSANOW, back)


def _read(source: int) -> bytes | None:
    """Return what has come; None when the other end has gone."""
    try:
        return os.read(source, _CHUNK) or None
    except BlockingIOError:
        return b""
    except OSError as cause:
        if cause.errno == errno.EIO:
            return None
        raise


def _write(sink: int, backlog: bytearray) -> None:
    with contextlib.suppress(BlockingIOError, OSError):
        while backlog:
            count = os.write(sink, backlog)
            del backlog[:count]
