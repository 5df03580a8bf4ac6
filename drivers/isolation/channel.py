"""Messages over a socket pair: four bytes of length, then JSON; no memory is taken for a claimed length."""

import json
import socket
import struct
import threading
from collections.abc import Mapping
from typing import Any, Final

from drivers.isolation.codec import Malformed

_LENGTH: Final = struct.Struct("<I")
_LONGEST: Final = 4 << 20  # forty thousand pen points
_CHUNK: Final = 1 << 16

Message = Mapping[str, Any]


class ChannelClosed(Exception):
    """The other side is gone."""


class Channel:
    """One end of the pair. ``send`` from any thread, ``feed`` and ``take`` from one."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._came = bytearray()

    def fileno(self) -> int:
        """Descriptor to wait on."""
        return self._line.fileno()

    def send(self, message: Message, *, wait: bool = True) -> None:
        """Send one message; ChannelClosed when nobody is there, or ``wait`` is off and nobody reads."""
        body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
        if len(body) > _LONGEST:
            raise Malformed("long message")
        flags = 0 if wait else socket.MSG_DONTWAIT
        packed = memoryview(_LENGTH.pack(len(body)) + body)
        with self._lock:
            try:
                while packed:
                    packed = packed[self._line.send(packed, flags | socket.MSG_NOSIGNAL) :]
            except (
                OSError
            ) as cause:  # also a pipe full to the brim: the other side has stopped reading
                raise ChannelClosed from cause

    def feed(self) -> None:
        """Read what has come, blocking when nothing has; ChannelClosed at the end."""
        try:
            piece = self._line.recv(_CHUNK)
        except OSError as cause:
            raise ChannelClosed from cause
        if not piece:
            raise ChannelClosed
        self._came += piece

    def take(self) -> Message | None:
        """Return the next whole message, None when it has not come yet; Malformed."""
        if len(self._came) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._came)
        if length > _LONGEST:
            raise Malformed("long message")
        end = _LENGTH.size + length
        if len(self._came) < end:
            return None
        body = bytes(self._came[_LENGTH.size : end])
        del self._came[:end]
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as cause:
            raise Malformed("not JSON") from cause
        if not isinstance(message, dict):
            raise Malformed("not a message")
        return message

    def shut(self) -> None:
        """End both directions, so that a reader on either side wakes; any thread, never raises."""
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def close(self) -> None:
        """Give the descriptor back; never raises."""
        self._line.close()
