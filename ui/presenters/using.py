"""Using a device that may have been pulled: open before the call, forget the connection when it broke."""

from collections.abc import Callable
from typing import Final, TypeVar

from station.clock import Deadline
from station.devices import Device, Health, HealthState
from station.errors import DeviceError, DeviceRemoved, DeviceTimeout

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


def examined(device: Device, seconds: float) -> Health:
    """Return the device's health; one that looks absent is opened afresh once: it may be back."""
    health = device.self_test(Deadline.after(seconds))
    if health.state is not HealthState.ABSENT:
        return health
    device.close()
    try:
        device.open(Deadline.after(seconds))
    except DeviceError as cause:
        return Health(HealthState.ABSENT, cause.code)
    return device.self_test(Deadline.after(seconds))
