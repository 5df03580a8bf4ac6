"""The seam to a USB HID device: input reports with deadlines and cancel, feature reports both ways.

A report's first byte is its id. Everything a driver needs rests on these few methods; a fault proxy or a
recording wraps them and nothing else.
"""

from abc import ABC, abstractmethod

from station.clock import CancelToken, Deadline

MAX_REPORT_BYTES = 1024  # far above every report of the devices we know


class HidTransport(ABC):
    """An open HID device, held by one owner."""

    url: str
    vendor: int
    product: int

    @abstractmethod
    def receive(self, deadline: Deadline, cancel: CancelToken | None = None) -> bytes:
        """Return the next input report, or b"" when the deadline comes first.

        Raises DeviceRemoved; OperatorCancelled when the token is set.
        """

    @abstractmethod
    def get_feature(
        self, report_id: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return a feature report, its id first.

        Raises NotSupported (the device has no such report), DeviceTimeout, DeviceRemoved, OperatorCancelled.
        """

    @abstractmethod
    def set_feature(
        self, report: bytes, deadline: Deadline, cancel: CancelToken | None = None
    ) -> None:
        """Send a feature report, its id first; raises what ``get_feature`` raises."""

    @abstractmethod
    def discard(self) -> None:
        """Throw away the input reports that have arrived so far; raises DeviceRemoved."""

    @abstractmethod
    def wake(self) -> None:
        """End a blocked call soon, from any thread; never raises."""

    @abstractmethod
    def close(self) -> None:
        """Release the device; idempotent, never raises."""
