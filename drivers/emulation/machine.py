"""What a serial device is to its runner: a machine that eats bytes and gives packets."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

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


@runtime_checkable
class Renamable(Protocol):
    """A machine that can play another device of the same model."""

    def rename(self, serial: str) -> None:
        """Take another serial number; ValueError for one it cannot have."""
        ...


@runtime_checkable
class HalfDuplex(Protocol):
    """A machine that hears nothing while its data packets go out."""

    def ignored(self, count: int) -> None:
        """So many bytes came meanwhile and are lost."""
        ...


@runtime_checkable
class Touched(Protocol):
    """A subject that wants to know what the sensor did with it."""

    @property
    def useless(self) -> bool:
        """Whether the module itself finds the picture too bad to use."""
        ...

    def seen(self) -> None:
        """The sensor took the picture."""
        ...

    def captured(self) -> None:
        """The picture has been read out."""
        ...


class _Untold:
    useless = False

    def seen(self) -> None:
        pass

    def captured(self) -> None:
        pass


def touched(subject: Subject) -> Touched:
    """Return the subject's ear; one that hears nothing for a plain callable."""
    return subject if isinstance(subject, Touched) else _Untold()
