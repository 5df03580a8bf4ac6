"""Using a device that may have been pulled: open before the call, forget the connection when it broke."""

from collections.abc import Callable
from typing import Final, TypeVar

from station.clock import Deadline
from station.devices import Device
from station.errors import DeviceRemoved, DeviceTimeout

T = TypeVar("T")
_OPEN_S: Final = 5.0


def using(device: Device, call: Callable[[], T]) -> T:
    """Open the device if it is not, then call; a broken connection is closed, so that the next call reopens."""
    device.open(Deadline.after(_OPEN_S))
    try:
        return call()
    except (DeviceRemoved, DeviceTimeout):
        device.close()
        raise
