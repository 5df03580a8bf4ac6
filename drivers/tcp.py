"""TCP connections: made in slices of time, so that neither a dead host nor a cancel is waited for, and watched."""

import contextlib
import os
import select
import selectors
import socket
from typing import Final

from station.clock import CancelToken, Deadline

SLICE_S: Final = 0.05  # how late a cancel may be noticed


def connected(
    host: str, port: int, deadline: Deadline, cancel: CancelToken | None = None
) -> socket.socket:
    """Return a blocking connection without delayed sending; OSError, TimeoutError, OperatorCancelled."""
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setblocking(False)
        # "In progress", by another number on Windows: when it can be written to, it is decided.
        with contextlib.suppress(BlockingIOError):
            made.connect(place)
        _wait(made, deadline, cancel)
        made.setblocking(True)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def hung_up(line: socket.socket) -> bool:
    """Whether the other end, which has nothing more to send, has closed; True for a line that was cut."""
    try:
        ready, _, _ = select.select([line], [], [], 0)
        return bool(ready) and not line.recv(1, socket.MSG_PEEK)
    except (OSError, ValueError):
        return True


def slice_of(deadline: Deadline, cancel: CancelToken | None = None) -> float:
    """Return for how long to wait now; TimeoutError at the deadline, OperatorCancelled."""
    if cancel is not None:
        cancel.check()
    left = deadline.left()
    if left <= 0:
        raise TimeoutError
    return min(left, SLICE_S)


def _wait(made: socket.socket, deadline: Deadline, cancel: CancelToken | None) -> None:
    with selectors.DefaultSelector() as ready:
        ready.register(made, selectors.EVENT_WRITE)
        while not ready.select(slice_of(deadline, cancel)):
            pass
    failed = made.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if failed:
        raise OSError(failed, os.strerror(failed))
