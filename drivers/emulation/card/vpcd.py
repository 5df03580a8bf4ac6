"""Join an emulated card to the PC/SC service through vpcd's socket: the card is the client.

Wire (vsmartcard, ``virtualsmartcard/doc/api.txt``): 2-byte big-endian length and body, both ways. Bodies
00, 01, 02 (one byte) are power off, power on, reset and get no reply; 04 asks for the ATR; four bytes and
more are a command. Presence is an open connection whose ATR was answered.
"""

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from drivers.emulation.card.faults import CardMute, CardTorn
from station.errors import NoReader


class AnyCard(Protocol):
    """What lies in the slot."""

    atr: bytes
    removed: threading.Event

    def power_on(self) -> None:
        """Enter the field."""
        ...

    def power_off(self) -> None:
        """Leave it."""
        ...

    def reset(self) -> None:
        """Warm reset."""
        ...

    def transmit(self, raw: bytes) -> bytes:
        """Answer one command; CardTorn, CardMute."""
        ...


_LOG = logging.getLogger(__name__)
PORT: Final = 35963
_CONNECT_S: Final = 2.0
# The service asks for presence every 0.4 s. A card back sooner than that after a tear is never reported
# as inserted (the service keeps saying "empty" until the next removal); no hand is that fast.
_ABSENT_S: Final = 0.6
_ATR: Final = b"\x04"
# Linux only. vpcd 3.3 sends length and body in two pieces, so Nagle waits for an ACK that we would delay
# by 40 ms; quick ACK is not sticky and is set again after every read (44 ms -> 0.14 ms per command).
_QUICKACK: Final = getattr(socket, "TCP_QUICKACK", None)


class VpcdSlot:
    """One slot of vpcd; insert connects, remove closes. Every way out closes the socket."""

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = PORT,
        on_lost: Callable[[], None] | None = None,
    ) -> None:
        """Name the slot; ``on_lost`` is called when vpcd, not we, ended the connection of a card."""
        self._address = (host, port)
        self._on_lost = on_lost
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._seen = threading.Event()
        self._gone_at = time.monotonic() - _ABSENT_S

    def insert(self, chip: AnyCard) -> None:
        """Connect with a card; NoReader when vpcd does not listen or does not ask for the ATR in 2 s."""
        self.remove()
        threading.Event().wait(max(0.0, self._gone_at + _ABSENT_S - time.monotonic()))
        try:
            line = socket.create_connection(self._address, _CONNECT_S)
        except OSError as cause:
            raise NoReader(reason="vpcd", port=self._address[1]) from cause
        line.settimeout(None)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._seen.clear()
        self._socket = line
        self._thread = threading.Thread(
            target=self._serve, args=(line, chip), name="vpcd-card", daemon=True
        )
        self._thread.start()
        if not self._seen.wait(_CONNECT_S):  # another card holds the slot: we sit in the backlog
            self.remove()
            raise NoReader(reason="vpcd_slot_taken", port=self._address[1])

    def remove(self) -> None:
        """Close the connection: the reader sees the card go. Idempotent."""
        line, self._socket = self._socket, None
        if line is not None:
            with contextlib.suppress(OSError):  # already closed from the other side
                line.shutdown(socket.SHUT_RDWR)
            line.close()
            self._gone_at = time.monotonic()
        thread, self._thread = self._thread, None
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)

    def _serve(self, line: socket.socket, chip: AnyCard) -> None:
        power: Mapping[int, Callable[[], None]] = {
            0: chip.power_off,
            1: chip.power_on,
            2: chip.reset,
        }
        try:
            while True:
                body = _receive(line)
                if body == _ATR:
                    _send(line, chip.atr)
                    self._seen.set()
                elif len(body) == 1 and body[0] in power:
                    power[body[0]]()
                else:
                    _send(line, chip.transmit(body))
        except CardMute:
            chip.removed.wait()
        except CardTorn:
            _LOG.debug("card torn out of the reader")
        except (OSError, EOFError):
            _LOG.debug("vpcd connection ended")
            if self._socket is line and self._on_lost is not None:
                self._on_lost()
        finally:
            chip.power_off()
            line.close()


def _receive(line: socket.socket) -> bytes:
    return _exactly(line, int.from_bytes(_exactly(line, 2)))


def _exactly(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = line.recv(size - len(data))
        if _QUICKACK is not None:
            line.setsockopt(socket.IPPROTO_TCP, _QUICKACK, 1)
        if not piece:
            raise EOFError
        data += piece
    return data


def _send(line: socket.socket, body: bytes) -> None:
    if len(body) > 0xFFFF:
        body = b"\x67\x00"  # the length field has 16 bits; an exception here would hang the service
    line.sendall(len(body).to_bytes(2) + body)
