"""What pyserial's exceptions mean at a desk: four library failures, four typed errors."""

import errno

from serial import SerialTimeoutException

from station.errors import DeviceBusy, DeviceError, DeviceNotFound, DeviceRemoved, DeviceTimeout

SETTINGS_FAILURES: tuple[type[Exception], ...]
try:
    import termios

    SETTINGS_FAILURES = (termios.error,)  # tcsetattr on a port that has gone; not an OSError
except ImportError:  # Windows: pyserial raises SerialException there
    SETTINGS_FAILURES = ()

# SerialException is an OSError; a file descriptor closed meanwhile shows as TypeError or ValueError.
PORT_FAILURES: tuple[type[Exception], ...] = (OSError, TypeError, ValueError, *SETTINGS_FAILURES)

_HELD_BY_OTHERS = frozenset({errno.EAGAIN, errno.EBUSY})


def opening_failure(cause: Exception, url: str) -> DeviceError:
    """Return the typed error for an exception raised while a port is opened."""
    number = getattr(cause, "errno", None)
    # Windows gives no errno, only the text of the exception it wraps.
    if number in _HELD_BY_OTHERS or "PermissionError" in str(cause):
        return DeviceBusy(transport=url)
    if number == errno.EACCES:
        return DeviceNotFound(transport=url, reason="permission")
    return DeviceNotFound(transport=url)


def traffic_failure(cause: Exception, url: str) -> DeviceError:
    """Return the typed error for an exception raised while an open port is read or written."""
    # A subclass of SerialException, raised by writes only: the device takes no bytes any more.
    if isinstance(cause, SerialTimeoutException):
        return DeviceTimeout(transport=url)
    return DeviceRemoved(transport=url)
