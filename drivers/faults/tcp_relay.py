"""A relay between a loopback port and a service behind it: device services, streams, serial over TCP."""

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from drivers.faults.outflow import Outflow
from drivers.faults.plan import Side
from drivers.faults.relay import SLICE_S, Relay
from drivers.faults.wire import Unplugged, Wire

_CONNECT_S: Final = 1.0
_CHUNK: Final = 65536
_ENOUGH: Final = 1 << 20  # more than this waiting for one peer is not read ahead


@dataclass(slots=True)
class _Way:
    """Bytes from one socket to another."""

    side: Side
    source: socket.socket
    sink: socket.socket
    flow: Outflow
    backlog: bytearray = field(default_factory=bytearray)
    ended: bool = False  # the source says no more
    closed: bool = False  # and the sink has been told


class TcpRelay(Relay):
    """Listens on loopback and connects to the device for every client; many at a time."""

    def __init__(
        self,
        wire: Wire,
        device_port: int,
        port: int = 0,
        on_unplug: Callable[[bool], None] | None = None,
        scheme: str = "socket",
    ) -> None:
        """Name both ports; 0 takes a free one, and keeps it over replugs."""
        super().__init__(wire, on_unplug)
        self.device_port = device_port
        self.port = port
        self._scheme = scheme
        self._listener: socket.socket | None = None
        self._ways: dict[int, tuple[_Way, _Way]] = {}
        self._next = 1

    @property
    def url(self) -> str:
        """What a driver opens, once started."""
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def _plug(self) -> bool:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self.port))
        except OSError:
            listener.close()
            return False
        listener.listen(8)
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        self._listener = listener
        return True

    def _pull(self) -> None:
        for channel in tuple(self._ways):
            self._hang_up(channel)
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def _descriptors(self) -> tuple[list[int], list[int]]:
        ways = [way for pair in self._ways.values() for way in pair]
        readable = [
            way.source.fileno() for way in ways if not way.ended and len(way.backlog) < _ENOUGH
        ]
        if self._listener is not None:
            readable.append(self._listener.fileno())
        return readable, [way.sink.fileno() for way in ways if way.backlog]

    def _wait_s(self) -> float:
        waits = [way.flow.wait_s() for pair in self._ways.values() for way in pair]
        return min((wait for wait in waits if wait is not None), default=SLICE_S)

    def _carry(self, readable: set[int]) -> bool:
        if self._listener is not None and self._listener.fileno() in readable:
            self._accept()
        for channel, pair in tuple(self._ways.items()):
            for way in pair:
                if not self._move(channel, way, readable):
                    return False
            if all(way.closed for way in pair):
                self._hang_up(channel)
        return True

    def _move(self, channel: int, way: _Way, readable: set[int]) -> bool:
        if channel not in self._ways:
            return True
        if not way.ended and way.source.fileno() in readable:
            data = _received(way.source)
            if data:
                way.flow.add(self.wire.stream(way.side, data, channel))
            elif data == b"":
                way.ended = True
                way.flow.add(self.wire.idle(way.side, channel, ended=True))
        elif not way.flow.queue:
            way.flow.add(self.wire.idle(way.side, channel))
        while (step := way.flow.due()) is not None:
            if isinstance(step, Unplugged):
                self._cut(other_serial=step.other_serial)
                return False
            way.backlog += step
        if not _sent(way):
            self._hang_up(channel)
        elif way.ended and not way.backlog and not way.flow.queue and not way.closed:
            # A line that hangs does not say that the other end has gone.
            if not self.wire.hanging:
                way.closed = True
                with contextlib.suppress(OSError):
                    way.sink.shutdown(socket.SHUT_WR)
            elif way.side is Side.TO_DEVICE:
                self._hang_up(channel)
        return True

    def _accept(self) -> None:
        if self._listener is None:
            return
        client, _ = self._listener.accept()
        try:
            device = socket.create_connection(("127.0.0.1", self.device_port), _CONNECT_S)
        except OSError:
            client.close()
            return
        for end in (client, device):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        channel, self._next = self._next, self._next + 1
        self._ways[channel] = (
            _Way(Side.TO_DEVICE, client, device, Outflow(self.wire)),
            _Way(Side.TO_HOST, device, client, Outflow(self.wire)),
        )

    def _hang_up(self, channel: int) -> None:
        pair = self._ways.pop(channel, None)
        self.wire.reopened(channel)
        if pair is not None:
            for way in pair:
                way.source.close()


def _received(source: socket.socket) -> bytes | None:
    """Return what has come; empty at the end of the stream, None when nothing is there."""
    try:
        return source.recv(_CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _sent(way: _Way) -> bool:
    """Send what the sink takes; False when it has gone."""
    try:
        while way.backlog:
            count = way.sink.send(way.backlog)
            del way.backlog[:count]
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True
