"""A TCP socket as the port of an emulator: the transport for Windows and for remote desks."""

import contextlib
import select
import socket
from collections.abc import Callable
from typing import Final

_SLICE_S: Final = 0.02


class TcpPort:
    """A listener on loopback that serves one client at a time; a second one is turned away."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self.openings = 0  # clients served so far
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None

    @property
    def url(self) -> str:
        """What a driver opens, once plugged."""
        return f"socket://127.0.0.1:{self._port}"

    def plug(self) -> None:
        """Listen; the first time on a free port, later on the same one."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(1)
        self._port = listener.getsockname()[1]
        self._listener = listener

    def unplug(self) -> None:
        """Close the listener and the client."""
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def receive(self, seconds: float) -> bytes:
        """Return what arrives within ``seconds``, possibly nothing."""
        waiting = [each for each in (self._listener, self._client) if each is not None]
        ready, _, _ = select.select(waiting, [], [], seconds)
        if self._listener in ready:
            self._accept()
        if self._client is None or self._client not in ready:
            return b""
        with contextlib.suppress(ConnectionError):
            data = self._client.recv(4096)
            if data:
                return data
        self._hang_up()
        return b""

    def send(self, data: bytes, interrupted: Callable[[], bool]) -> bool:
        """Write all bytes; False when interrupted or when the client has gone."""
        view = memoryview(data)
        while view and self._client is not None:
            if interrupted():
                return False
            _, ready, _ = select.select([], [self._client], [], _SLICE_S)
            if ready:
                try:
                    view = view[self._client.send(view) :]
                except BlockingIOError:
                    continue
                except ConnectionError:
                    self._hang_up()
        return not view

    def client_line(self) -> tuple[int, bool] | None:
        """Return None: a socket has no line rate."""
        return None

    def _accept(self) -> None:
        if self._listener is None:
            return
        client, _ = self._listener.accept()
        if self._client is not None:
            client.close()
            return
        client.settimeout(0.0)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        self.openings += 1

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
