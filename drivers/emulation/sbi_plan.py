"""When which fault strikes an emulated service: at a capture's number, a byte of its answer, or a moment."""

from dataclasses import dataclass
from typing import Final

from drivers.emulation.sbi_lies import Lies
from drivers.emulation.sbi_line_faults import LineFault

_LINES: Final = {each.value: each for each in LineFault}


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A lie, an errorCode or a line fault, and the capture it strikes (once)."""

    name: str
    capture: int = 0  # from 0, counted from the order on
    byte: int | None = None
    after_s: float = 0.0

    @property
    def line(self) -> LineFault | None:
        """The line fault, if it is one."""
        return _LINES.get(self.name)

    @property
    def is_code(self) -> bool:
        """Whether it is an errorCode."""
        return self.name.isdecimal()

    def is_due(self, capture: int, seconds: float) -> bool:
        """Whether it strikes this capture."""
        return capture >= self.capture and seconds >= self.after_s


def planned(fault: str, when: str) -> PlannedFault:
    """Read a fault's name and "3" (a capture), "b120" (a byte of the next answer), "t2.5"; ValueError."""
    name = fault.lower().replace("_", "-")
    if name not in {*_LINES, *Lies.names()} and not name.isdecimal():
        known = ", ".join(sorted({*_LINES, *Lies.names()}))
        message = f"{fault}: one of {known}, or an errorCode"
        raise ValueError(message)
    unit, digits = (when[:1], when[1:]) if when[:1] in {"b", "t"} else ("", when or "0")
    try:
        value = float(digits) if unit == "t" else int(digits)
    except ValueError:
        value = -1
    if value < 0:
        message = f"{fault}@{when}: a capture from 0, bN for a byte, tS for seconds"
        raise ValueError(message)
    if unit == "b":
        return PlannedFault(name, byte=int(value))
    return PlannedFault(name, after_s=value) if unit == "t" else PlannedFault(name, int(value))
