"""What both relays share: a joined thread that carries bytes, and cables that can be pulled from outside."""

import os
import select
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final, Self

from drivers.faults.wire import Wire

SLICE_S: Final = 0.02
_ORDER_S: Final = 5.0


class Relay(ABC):
    """A proxy with a front for the driver and the device behind; use it with ``with``.

    One thread owns every descriptor, so none is closed while another thread writes to it.
    """

    def __init__(self, wire: Wire, on_unplug: Callable[[bool], None] | None = None) -> None:
        """Prepare; ``on_unplug`` (other serial?) is called on the relay's thread when a fault pulls the cable."""
        self.wire = wire
        self._on_unplug = on_unplug
        self._state = threading.Condition()
        self._wanted = True
        self._plugged = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._bell = (-1, -1)

    @property
    @abstractmethod
    def url(self) -> str:
        """What a driver opens."""

    @property
    def plugged(self) -> bool:
        """Whether the front is there."""
        return self._plugged

    def start(self) -> Self:
        """Carry bytes until stopped; returns when the front is there."""
        self._stopping, self._wanted = False, True
        self._bell = os.pipe()
        self._thread = threading.Thread(target=self._run, name=f"relay {self.url}", daemon=True)
        self._thread.start()
        self._order(plugged=True)
        return self

    def stop(self) -> None:
        """Unplug, end and join; harmless when not started."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping = True
        self._ring()
        thread.join()
        for end in self._bell:
            os.close(end)

    def unplug(self) -> None:
        """Take the cable to the driver away; returns when it is gone."""
        self._order(plugged=False)

    def replug(self) -> None:
        """Put it back."""
        self._order(plugged=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def _plug(self) -> bool:
        """Make the front appear; False when the device behind is not there yet."""

    @abstractmethod
    def _pull(self) -> None:
        """Make it disappear; idempotent."""

    @abstractmethod
    def _descriptors(self) -> tuple[list[int], list[int]]:
        """Return what to wait for: readable, writable."""

    @abstractmethod
    def _carry(self, readable: set[int]) -> bool:
        """Move bytes that are there or due; False when the cable has left by a fault."""

    @abstractmethod
    def _wait_s(self) -> float:
        """Return how long nothing is due."""

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._follow_orders()
                waits = self._descriptors() if self._plugged else ([], [])
                readable, _, _ = select.select(
                    [self._bell[0], *waits[0]], waits[1], [], min(SLICE_S, self._wait_s())
                )
                if self._bell[0] in readable:
                    os.read(self._bell[0], 64)
                if self._plugged and not self._carry(set(readable)):
                    self._wanted = False
        finally:
            self._pull()
            self._set(plugged=False)

    def _follow_orders(self) -> None:
        if self._wanted is self._plugged:
            return
        if not self._wanted:
            self._pull()
        elif not self._plug():
            return  # asked again in the next round
        self._set(plugged=self._wanted)

    def _cut(self, *, other_serial: bool) -> None:
        """Do what a fault says: the cable is gone before anybody is told."""
        self._wanted = False
        self._pull()
        self._set(plugged=False)
        if self._on_unplug is not None:
            self._on_unplug(other_serial)

    def _order(self, *, plugged: bool) -> None:
        self._wanted = plugged
        self._ring()
        if threading.current_thread() is self._thread:
            return
        with self._state:
            if not self._state.wait_for(lambda: self._plugged is plugged, _ORDER_S):
                raise TimeoutError(f"relay {self.url} does not follow")

    def _set(self, *, plugged: bool) -> None:
        with self._state:
            self._plugged = plugged
            self._state.notify_all()

    def _ring(self) -> None:
        if self._bell[1] >= 0:
            os.write(self._bell[1], b"!")
