"""A HID device of Linux: /dev/hidrawN, found by vendor and product in /sys/class/hidraw."""

import contextlib
import errno
import os
import select
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.hid.transport import MAX_REPORT_BYTES, HidTransport
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, DeviceError, DeviceNotFound, DeviceRemoved, NotSupported

UDEV_RULE: Final = "packaging/udev/60-rekam-signature.rules"
_SYSFS: Final = Path("/sys/class/hidraw")
_DEV: Final = Path("/dev")
_BUS_USB: Final = 0x0003
# linux/hidraw.h: _IOC(READ | WRITE, 'H', 6 and 7, length)
_SET_FEATURE: Final = 0x06
_GET_FEATURE: Final = 0x07
_DISCARDED_AT_MOST: Final = 1024  # reports; the kernel keeps 64
# What a device that refuses a report, or has none of that id, makes of the control transfer.
_REFUSALS: Final = frozenset({errno.EPIPE, errno.EINVAL, errno.EPROTO, errno.ENOSYS})


@dataclass(frozen=True, slots=True)
class HidPlace:
    """One hidraw node, as the kernel describes it."""

    path: str
    vendor: int
    product: int
    name: str
    serial: str


def hid_places(ids: Collection[tuple[int, int]], sysfs: Path = _SYSFS) -> Iterator[HidPlace]:
    """Yield the USB nodes with one of the (vendor, product) ids; opens none of them."""
    try:
        nodes = sorted(sysfs.iterdir())
    except OSError:  # not Linux, or no HID at all
        return
    for node in nodes:
        place = _described(node)
        if place is not None and (place.vendor, place.product) in ids:
            yield place


class HidrawHid(HidTransport):
    """An open hidraw node, locked against a second owner on this machine."""

    def __init__(self, place: HidPlace) -> None:
        """Open at once; DeviceNotFound (``reason`` "udev rule" and the ``rule`` to install), DeviceBusy."""
        import fcntl  # no such module on Windows

        self.url = place.path
        self.vendor, self.product = place.vendor, place.product
        self._ioctl = fcntl.ioctl
        try:
            self._node = os.open(place.path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as cause:
            raise _opening_failure(cause, place.path) from cause
        try:
            fcntl.flock(self._node, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as cause:
            os.close(self._node)
            raise DeviceBusy(transport=place.path) from cause

    def receive(self, deadline: Deadline, cancel: CancelToken | None = None) -> bytes:
        """Return the next input report."""
        while True:
            if cancel is not None:
                cancel.check()
            if deadline.passed():
                return b""
            if self._ready(deadline.left()):
                report = self._read()
                if report:
                    return report

    def get_feature(
        self, report_id: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return a feature report; the kernel itself gives a silent device up to five seconds."""
        _before(deadline, cancel, self.url)
        buffer = bytearray(MAX_REPORT_BYTES)
        buffer[0] = report_id
        got = self._control(_GET_FEATURE, buffer)
        return bytes(buffer[: min(got, len(buffer))])

    def set_feature(
        self, report: bytes, deadline: Deadline, cancel: CancelToken | None = None
    ) -> None:
        """Send a feature report; see ``get_feature`` for its time."""
        _before(deadline, cancel, self.url)
        self._control(_SET_FEATURE, bytearray(report))

    def discard(self) -> None:
        """Throw away what has arrived so far."""
        for _ in range(_DISCARDED_AT_MOST):
            if not self._ready(0) or not self._read():
                return

    def wake(self) -> None:
        """End a blocked read soon."""
        with contextlib.suppress(OSError):
            os.write(self._waker, b"\0")

    def close(self) -> None:
        """Release the node."""
        nodes, self._node, self._woken, self._waker = (
            (self._node, self._woken, self._waker),
            -1,
            -1,
            -1,
        )
        for each in nodes:
            if each >= 0:
                with contextlib.suppress(OSError):
                    os.close(each)

    def _ready(self, seconds: float) -> bool:
        try:
            ready, _, _ = select.select([self._node, self._woken], [], [], seconds)
            if self._woken in ready:
                os.read(self._woken, 64)
        except (OSError, ValueError) as cause:
            raise DeviceRemoved(transport=self.url) from cause
        return self._node in ready

    def _read(self) -> bytes:
        try:
            return os.read(self._node, MAX_REPORT_BYTES)
        except BlockingIOError:
            return b""
        except OSError as cause:
            raise DeviceRemoved(transport=self.url) from cause

    def _control(self, number: int, buffer: bytearray) -> int:
        request = 3 << 30 | len(buffer) << 16 | ord("H") << 8 | number
        report = f"{buffer[0]:02X}"
        try:
            return int(self._ioctl(self._node, request, buffer, True))
        except (OSError, ValueError) as cause:
            if getattr(cause, "errno", None) in _REFUSALS:
                raise NotSupported(transport=self.url, report=report) from cause
            raise DeviceRemoved(transport=self.url, report=report) from cause


def _before(deadline: Deadline, cancel: CancelToken | None, url: str) -> None:
    if cancel is not None:
        cancel.check()
    deadline.check(transport=url)


def _opening_failure(cause: OSError, path: str) -> DeviceError:
    if cause.errno in (errno.EACCES, errno.EPERM):
        return DeviceNotFound(transport=path, reason="udev rule", rule=UDEV_RULE)
    if cause.errno == errno.EBUSY:
        return DeviceBusy(transport=path)
    return DeviceNotFound(transport=path)


def _described(node: Path) -> HidPlace | None:
    try:
        lines = (node / "device" / "uevent").read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    facts = dict(line.split("=", 1) for line in lines if "=" in line)
    try:
        bus, vendor, product = (int(part, 16) for part in facts["HID_ID"].split(":"))
    except (KeyError, ValueError):
        return None
    if bus != _BUS_USB:
        return None
    return HidPlace(
        str(_DEV / node.name),
        vendor,
        product,
        facts.get("HID_NAME", ""),
        facts.get("HID_UNIQ", ""),
    )
