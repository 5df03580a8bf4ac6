"""What ``rekam emulate`` needs of every emulator: an order to build from, and a few verbs."""

import math
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol, Self, TextIO, runtime_checkable

from station.clock import Clock

Fact = str | int | float
_DAY_S: Final = 86_400.0


class Diary:
    """Writes what the client did, one line each; facts are lengths, codes and names, never pixels.

    A client that asks the same again and again (is there a finger yet?) gets one line, and one more with the
    count when something else happens.
    """

    def __init__(self, out: TextIO | None, clock: Clock) -> None:
        self._out = out
        self._clock = clock
        self._began = clock.monotonic()
        self._lock = threading.Lock()
        self._last = ""
        self._repeats = 0
        self._held: list[str] | None = None

    def hold(self) -> None:
        """Keep the lines back until ``let_go``: the announcement comes first, however quick a client is."""
        with self._lock:
            self._held = []

    def let_go(self) -> None:
        """Write what was held back, and every line at once from here on."""
        with self._lock:
            held, self._held = self._held, None
            for line in held or ():
                self._print(line)

    def note(self, what: str, **facts: Fact) -> None:
        """Write one line: seconds since the start, what happened, ``name=value`` facts; any thread."""
        if self._out is None:
            return
        words = " ".join(f"{name}={value}" for name, value in facts.items())
        line = f"{what} {words}".rstrip()
        with self._lock:
            if line == self._last:
                self._repeats += 1
                return
            self._tell_repeats()
            self._last = line
            self._write(line)

    def say(self, line: str) -> None:
        """Write a line that stands for itself, also when it is the same as the one before; any thread."""
        with self._lock:
            self._tell_repeats()
            self._last = ""
            self._write(line)

    def close(self) -> None:
        """Write what is still to be said; a reader that has gone is no failure."""
        self.let_go()
        with self._lock:
            self._tell_repeats()

    def _tell_repeats(self) -> None:
        repeats, self._repeats = self._repeats, 0
        if repeats:
            self._write(f"{self._last} (again x{repeats})")

    def _write(self, line: str) -> None:
        line = f"{self._clock.monotonic() - self._began:9.3f} {line}"
        if self._held is not None:
            self._held.append(line)
        else:
            self._print(line)

    def _print(self, line: str) -> None:
        if self._out is None:
            return
        try:
            print(line, file=self._out, flush=True)
        except OSError:  # nobody reads any more; the device goes on
            self._out = None


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
    baud: int = 0  # the line's rate at power-on; 0 = the device's own default
    options: Mapping[str, str] = field(default_factory=dict)  # --set NAME=VALUE

    def option(self, name: str, default: str = "") -> str:
        """Return one option's value."""
        return self.options.get(name, default)

    def number(self, name: str, default: int) -> int:
        """Return one option as a whole number, also 0x...; ValueError."""
        text = self.option(name)
        try:
            return int(text, 0) if text else default
        except ValueError as cause:
            raise ValueError(f"--set {name}={text}: a number") from cause

    def measure(self, name: str, default: float, least: float = 0.0, most: float = _DAY_S) -> float:
        """Return one option as a number within bounds, seconds unless they say else; ValueError."""
        text = self.option(name)
        try:
            value = float(text) if text else default
        except ValueError:
            value = math.nan
        if not least <= value <= most:  # nor for what is no number
            raise ValueError(f"--set {name}={text}: {least:g} to {most:g}")
        return value

    def choice(self, name: str, known: Sequence[str]) -> str:
        """Return one option out of those known, by default the first; ValueError names them."""
        text = self.option(name, known[0])
        if text not in known:
            raise ValueError(f"--set {name}={text}: one of {', '.join(dict.fromkeys(known))}")
        return text

    def check_options(self, known: Collection[str]) -> None:
        """Refuse an option this emulator does not have; the ValueError names those it has."""
        for name in self.options:
            if name not in known:
                raise ValueError(f"--set {name}: one of {', '.join(sorted(known)) or 'none'}")


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


@runtime_checkable
class Announcing(Protocol):
    """An emulator with more to announce than its address: a serial number, a root certificate's place."""

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What stands in the first line of output beside device, url and seed; known once started."""
        ...


@runtime_checkable
class Checking(Protocol):
    """An emulator that can judge a script before it is played."""

    def check(self, verb: str, argument: str) -> None:
        """Raise the ValueError that ``act`` would raise, and do nothing else."""
        ...


Builder = Callable[[Order], Emulated]
