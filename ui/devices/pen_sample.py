"""What a pen on the window says: where it is, on which clock, and whose pen it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PenDevice:
    """A pointing device as the window system names it; ``serial`` is "" where it tells none."""

    name: str
    serial: str = ""


@dataclass(frozen=True, slots=True)
class PenSample:
    """One event: microseconds of the event's own clock, micrometres on the paper, pressure 0..1."""

    t_us: int
    x_um: int
    y_um: int
    pressure: float
    down: bool
    near: bool = True
    device: PenDevice | None = None  # None: mouse or finger
