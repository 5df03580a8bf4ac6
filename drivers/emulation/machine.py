"""What a serial device is to its runner: a machine that eats bytes and gives packets."""

from collections.abc import Callable, Sequence
from typing import Protocol

from drivers.emulation.faults import Outgoing
from station.devices import Pixels

# What the glass shows now; None when no finger lies there.
Subject = Callable[[], Pixels | None]


class Machine(Protocol):
    """A device behind a serial line."""

    @property
    def baud(self) -> int:
        """The rate it speaks and hears now."""
        ...

    @property
    def odd_parity(self) -> bool:
        """Whether its line is 8O1; else 8N1."""
        ...

    def power_on(self) -> None:
        """Start as after a power cycle: volatile memory is lost, saved settings stay."""
        ...

    def feed(self, data: bytes) -> Sequence[Outgoing]:
        """Take received bytes (none: only time passes) and return what goes out."""
        ...
