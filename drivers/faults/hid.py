"""The proxy at the HID seam: damages whole reports, since USB itself keeps them apart and checks them."""

import threading
from collections.abc import Callable
from typing import Final

from drivers.faults.outflow import Outflow
from drivers.faults.plan import Side
from drivers.faults.wire import Unplugged, Wire
from drivers.hid.transport import HidTransport
from station.clock import CancelToken, Deadline
from station.errors import DeviceRemoved, DeviceTimeout

_SLICE_S: Final = 0.02


class FaultyHid(HidTransport):
    """Input reports and feature reports to the host share one count, feature reports to the device another."""

    def __init__(
        self, device: HidTransport, wire: Wire, on_unplug: Callable[[bool], None] | None = None
    ) -> None:
        """Wrap an open transport; ``on_unplug`` (other serial?) is told when a fault takes the cable away."""
        self.url, self.vendor, self.product = device.url, device.vendor, device.product
        self._device = device
        self._wire = wire
        self._on_unplug = on_unplug
        self._in = Outflow(wire)
        self._gone = False
        self._woken = threading.Event()

    def receive(self, deadline: Deadline, cancel: CancelToken | None = None) -> bytes:
        """Return the next input report that the plan lets through."""
        while True:
            self._check(cancel)
            report = self._next()
            if report is not None:
                return report
            if deadline.passed():
                return b""
            heard = self._device.receive(deadline.within(self._slice_s()), cancel)
            if heard:
                self._in.add(self._wire.message(Side.TO_HOST, heard))

    def get_feature(
        self, report_id: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return a feature report; one that is lost is a timeout."""
        self._check(cancel)
        answers = Outflow(self._wire)
        told = self._device.get_feature(report_id, deadline, cancel)
        answers.add(self._wire.message(Side.TO_HOST, told))
        while not deadline.passed():
            self._check(cancel)
            step = answers.due()
            if isinstance(step, Unplugged):
                self._unplug(step)
            elif step is not None:
                return step
            elif answers.wait_s() is None:
                break
            else:
                self._wait(deadline.within(answers.wait_s() or 0.0).left())
        self._wait_out(deadline, cancel)
        raise DeviceTimeout(transport=self.url, report=report_id)

    def set_feature(
        self, report: bytes, deadline: Deadline, cancel: CancelToken | None = None
    ) -> None:
        """Send a feature report, as the plan lets it."""
        self._check(cancel)
        steps = Outflow(self._wire)
        steps.add(self._wire.message(Side.TO_DEVICE, report))
        while (wait := steps.wait_s()) is not None:
            self._check(cancel)
            step = steps.due()
            if isinstance(step, Unplugged):
                self._unplug(step)
            elif step is not None:
                self._device.set_feature(step, deadline, cancel)
            elif deadline.passed():
                raise DeviceTimeout(transport=self.url)
            else:
                self._wait(deadline.within(wait).left())

    def discard(self) -> None:
        """Throw away what has arrived; what a fault holds back has not arrived."""
        self._check(None)
        while self._next() is not None:
            pass
        self._device.discard()

    def wake(self) -> None:
        """End a blocked call soon."""
        self._woken.set()
        self._device.wake()

    def close(self) -> None:
        """Release the device and lose what waits."""
        self._in.clear()
        self._device.close()

    def _next(self) -> bytes | None:
        step = self._in.due()
        if isinstance(step, Unplugged):
            self._unplug(step)
            self._check(None)
        return step if isinstance(step, bytes) else None

    def _slice_s(self) -> float:
        wait = self._in.wait_s()
        return _SLICE_S if wait is None else min(wait, _SLICE_S)

    def _wait(self, seconds: float) -> None:
        self._woken.wait(min(seconds, _SLICE_S))
        self._woken.clear()

    def _wait_out(self, deadline: Deadline, cancel: CancelToken | None) -> None:
        while not deadline.passed():
            self._check(cancel)
            self._wait(deadline.left())

    def _unplug(self, step: Unplugged) -> None:
        self._gone = True
        self._in.clear()
        if self._on_unplug is not None:
            self._on_unplug(step.other_serial)

    def _check(self, cancel: CancelToken | None) -> None:
        if cancel is not None:
            cancel.check()
        if self._gone:
            raise DeviceRemoved(transport=self.url)
