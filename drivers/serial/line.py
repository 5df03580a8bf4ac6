"""A serial line with deadlines and cancellation, over any pyserial URL.

Everything the protocols need rests on one method, ``receive_upto``; a fault proxy or a recording wraps
that and nothing else.
"""

import contextlib
import select
import socket
import threading
from abc import ABC, abstractmethod
from typing import Any, Final, Literal

import serial

from drivers.serial.failures import (
    PORT_FAILURES,
    SETTINGS_FAILURES,
    opening_failure,
    traffic_failure,
)
from station.clock import CancelToken, Deadline
from station.errors import DeviceTimeout

Parity = Literal["N", "O", "E"]
DataBits = Literal[7, 8]

# One blocking slice. A cancelled read is woken at once where the port can do it (POSIX, Windows);
# over socket:// it cannot, and this slice is the longest a cancelled read goes on.
_SLICE_S: Final = 0.05
_WRITE_S: Final = 1.0
_NOTICED_S: Final = 0.1
_READS_TO_EMPTY: Final = 256  # of 4 kB: more than a socket's buffer holds by itself


class ByteLine(ABC):
    """A two-way byte stream to one device."""

    url: str

    @abstractmethod
    def receive_upto(
        self, count: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return the next ``count`` bytes, or fewer when the deadline comes first.

        Raises DeviceRemoved; OperatorCancelled when the token is set.
        """

    @abstractmethod
    def send(self, data: bytes) -> None:
        """Write all bytes; raises DeviceTimeout (device takes none) or DeviceRemoved."""

    @abstractmethod
    def set_baud(self, baud: int) -> None:
        """Change the line rate; raises DeviceRemoved."""

    @abstractmethod
    def discard(self) -> None:
        """Throw away what has arrived so far, without waiting; raises DeviceRemoved."""

    @abstractmethod
    def wake(self) -> None:
        """End a blocked read soon, from any thread; never raises."""

    @abstractmethod
    def close(self) -> None:
        """Release the port; idempotent, never raises."""

    def hang_up(self) -> None:  # noqa: B027 - a transport without DTR has nothing to lower
        """Lower DTR where the transport has it; never raises. A wrapper passes it on."""

    def receive(self, count: int, deadline: Deadline, cancel: CancelToken | None = None) -> bytes:
        """Return exactly ``count`` bytes; DeviceTimeout when they do not come by the deadline."""
        data = self.receive_upto(count, deadline, cancel)
        if len(data) < count:
            raise DeviceTimeout(transport=self.url, got=len(data), wanted=count)
        return data

    def receive_some(
        self, count: int, most: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return ``count`` bytes as ``receive`` does, and what has arrived behind them already, up to ``most``."""
        del most  # a line that does not know what has arrived gives what was asked for
        return self.receive(count, deadline, cancel)

    def drain(self, silence_s: float, deadline: Deadline, cancel: CancelToken | None = None) -> int:
        """Throw away what arrives until ``silence_s`` seconds pass without a byte; return how many.

        DeviceTimeout when the device does not fall silent by the deadline.
        """
        dropped = 0
        while True:
            # One byte decides about silence, the rest of a burst goes in bulk.
            if not self.receive_upto(1, deadline.within(silence_s), cancel):
                break
            dropped += 1 + len(self.receive_upto(4096, deadline.within(0.01), cancel))
            deadline.check(transport=self.url)
        return dropped


class SerialLine(ByteLine):
    """A port opened through ``serial.serial_for_url`` and held exclusively."""

    def __init__(self, url: str, baud: int, parity: Parity = "N", data_bits: DataBits = 8) -> None:
        """Open the port at once; DeviceNotFound, DeviceBusy.

        Args:
            url: a device path, ``COM3``, or a pyserial URL (``socket://``, ``rfc2217://``, ``spy://``).
            baud: line rate in bits per second.
            parity: "N", "O" or "E".
            data_bits: 7 or 8; always one stop bit.
        """
        self.url = url
        try:
            self._port = _opened(url, baud, parity, data_bits)
        except PORT_FAILURES as cause:
            raise opening_failure(cause, url) from cause

    @property
    def baud(self) -> int:
        """Line rate in bits per second."""
        return int(self._port.baudrate)

    def receive_upto(
        self, count: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return the next ``count`` bytes, or fewer when the deadline comes first."""
        got = bytearray()
        try:
            while len(got) < count:
                if cancel is not None:
                    cancel.check()
                if deadline.passed():
                    break
                got += self._port.read(count - len(got))
            return bytes(got)
        except PORT_FAILURES as cause:
            raise traffic_failure(cause, self.url) from cause
        finally:
            got[:] = bytes(len(got))  # it may hold part of a finger

    def receive_some(
        self, count: int, most: int, deadline: Deadline, cancel: CancelToken | None = None
    ) -> bytes:
        """Return ``count`` bytes, and what has arrived behind them already, up to ``most``."""
        data = self.receive(count, deadline, cancel)
        try:
            waiting = min(self._port.in_waiting, most - count)
            # A socket only says whether there is anything.
            return data + self._port.read(waiting) if waiting > 1 else data
        except PORT_FAILURES:
            return data  # what was asked for is there; the next read meets the failure

    def send(self, data: bytes) -> None:
        """Write all bytes."""
        try:
            self._port.write(data)
        except PORT_FAILURES as cause:
            raise traffic_failure(cause, self.url) from cause

    def set_baud(self, baud: int) -> None:
        """Change the line rate."""
        try:
            self._port.baudrate = baud
        except PORT_FAILURES as cause:
            raise traffic_failure(cause, self.url) from cause

    def discard(self) -> None:
        """Throw away what has arrived so far."""
        try:
            connection = getattr(self._port, "_socket", None)
            if connection is None:
                self._port.reset_input_buffer()
            else:
                _empty(connection)
        except PORT_FAILURES as cause:
            raise traffic_failure(cause, self.url) from cause

    def wake(self) -> None:
        """End a blocked read soon."""
        cancel_read = getattr(self._port, "cancel_read", None)
        if cancel_read is not None:
            with contextlib.suppress(*PORT_FAILURES):
                cancel_read()

    def hang_up(self) -> None:
        """Lower DTR; a pty has none and says so."""
        with contextlib.suppress(*PORT_FAILURES):
            self._port.dtr = False

    def close(self) -> None:
        """Release the port."""
        port: Any = self._port
        connection = getattr(port, "_socket", None)
        if connection is not None and type(port).__module__.endswith("protocol_socket"):
            # The close of pyserial 3.5 sleeps for 0.3 s, so that the other end has noticed when we come again;
            # a call that must end by its deadline has not so long.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            port._socket, port.is_open = None, False  # noqa: SLF001
            threading.Event().wait(_NOTICED_S)
        with contextlib.suppress(*PORT_FAILURES):
            port.close()
        if connection is not None:
            # It also skips the close of a socket whose peer has gone: its shutdown fails first.
            connection.close()


def _opened(url: str, baud: int, parity: Parity, data_bits: DataBits) -> serial.Serial:
    def opened(parity: Parity, data_bits: DataBits) -> serial.Serial:
        return serial.serial_for_url(
            url,
            baudrate=baud,
            parity=parity,
            bytesize=data_bits,
            timeout=_SLICE_S,
            write_timeout=_WRITE_S,
            exclusive=True,
        )

    try:
        return opened(parity, data_bits)
    except SETTINGS_FAILURES:
        # A pty has neither parity nor seven bits, and refuses settings of which it takes none over: the
        # second 8O1 in a row. From 8N1 there is one thing it can take.
        port = opened("N", 8)
        port.parity = parity
        with contextlib.suppress(*SETTINGS_FAILURES):
            port.bytesize = data_bits
        return port


def _empty(connection: socket.socket) -> None:
    """Read what a socket holds; pyserial 3.5 would go on for as long as the other end sends."""
    for _ in range(_READS_TO_EMPTY):
        ready, _, _ = select.select([connection], [], [], 0)
        if not ready or not connection.recv(4096):
            return
