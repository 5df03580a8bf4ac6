"""A TCP proxy that misbehaves on purpose: the bad line between desk and centre."""

import random
import socket
import struct
import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class LineFaults:
    """What the line does to the bytes that go up. Zero = nothing."""

    cut_after: int = 0  # mean bytes between two cuts, exponential
    stall_share: float = 0.0  # share of cuts that are silent stalls
    delay_s: float = 0.0  # before each piece


class FaultProxy:
    """Listens on 127.0.0.1:0; every connection is passed on until its own cut."""

    def __init__(self, port: int, faults: LineFaults, seed: int = 0):
        self.faults = faults
        self.target = port
        self.cuts = 0
        self.stalls = 0
        self.bytes_up = 0
        self._rng = random.Random(seed)
        self._stop = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open = []
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def close(self):
        self._stop.set()
        self._socket.shutdown(socket.SHUT_RDWR)  # wakes accept; close alone does not
        self._socket.close()
        for each in list(self._open):
            _reset(each)
        self._thread.join(5)

    def _accept(self):
        while not self._stop.is_set():
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target), 2)
            except OSError:
                _reset(near)
                continue
            self._open += [near, far]
            room = (
                self._rng.expovariate(1 / self.faults.cut_after) if self.faults.cut_after else None
            )
            silent = self._rng.random() < self.faults.stall_share
            threading.Thread(target=self._up, args=(near, far, room, silent), daemon=True).start()
            threading.Thread(target=self._down, args=(far, near), daemon=True).start()

    def _up(self, near, far, room, silent):
        sent = 0
        try:
            while data := near.recv(8192):
                if self.faults.delay_s:
                    self._stop.wait(self.faults.delay_s)
                if room is not None and sent + len(data) > room:
                    far.sendall(data[: max(0, int(room) - sent)])
                    if silent:
                        self.stalls += 1
                        self._stop.wait(30)  # the line is dead and says nothing
                    self.cuts += 1
                    break
                far.sendall(data)
                sent += len(data)
                self.bytes_up += len(data)
        except OSError:
            pass
        _reset(near)
        _reset(far)

    def _down(self, far, near):
        try:
            while data := far.recv(8192):
                near.sendall(data)
        except OSError:
            pass


def _reset(each):
    """Close with RST, as a lost line does when the other side speaks again."""
    try:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        each.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    each.close()
