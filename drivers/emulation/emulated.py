"""What ``rekam emulate`` needs of every emulator: an order to build from, and a few verbs."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self, TextIO

from station.clock import Clock

Fact = str | int | float


class Diary:
    """Writes what the client did, one line each; facts are lengths, codes and names, never pixels."""

    def __init__(self, out: TextIO | None, clock: Clock) -> None:
        self._out = out
        self._clock = clock
        self._began = clock.monotonic()
        self._lock = threading.Lock()

    def note(self, what: str, **facts: Fact) -> None:
        """Write one line: seconds since the start, what happened, ``name=value`` facts; any thread."""
        if self._out is None:
            return
        words = " ".join(f"{name}={value}" for name, value in facts.items())
        line = f"{self._clock.monotonic() - self._began:9.3f} {what} {words}".rstrip()
        with self._lock:
            print(line, file=self._out, flush=True)


@dataclass(frozen=True, slots=True)
class Order:
    """How an emulator is wanted; an emulator takes what concerns it."""

    clock: Clock
    diary: Diary
    link: Path | None = None  # a pty behind this link, or
    port: int | None = None  # a loopback TCP port (0: any free one)
    seed: int = 1
    nik: str = ""  # whose body lies on the glass or sits before the lens; '' = drawn from the seed
    paced: bool = False  # bytes leave at the line's rate
    options: Mapping[str, str] = field(default_factory=dict)  # --set NAME=VALUE


class Emulated(Protocol):
    """A running emulator."""

    @property
    def url(self) -> str:
        """What a driver opens."""
        ...

    def start(self) -> Self:
        """Plug in and serve until stopped."""
        ...

    def stop(self) -> None:
        """Unplug and end; harmless when not started."""
        ...

    def unplug(self) -> None:
        """Take the cable away now."""
        ...

    def replug(self, serial: str = "") -> None:
        """Plug in again as after a power cycle; with another serial number when one is given."""
        ...

    def suffer(self, fault: str, when: str) -> None:
        """Ask for a fault by name; ValueError names the faults this emulator knows."""
        ...

    def act(self, verb: str, argument: str) -> None:
        """Obey a script verb of this device (FINGER, IMAGE, LOOK, SIGN, STATUS, ...); ValueError."""
        ...


Builder = Callable[[Order], Emulated]
