"""What can go wrong at the centre or on its line, asked for by name."""

import threading
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """The faults. A number may come with each: bytes, seconds or requests."""

    CUT = "cut"  # drop the connection after so many bytes of a PATCH
    STALL = "stall"  # read so many bytes of a PATCH, then fall silent
    REFUSE = "refuse"  # answer 503 to so many requests
    LOST_RECEIPT = (
        "lost_receipt"  # drop so many answers that carry a receipt, after the work is done
    )
    SLOW = "slow"  # take so many milliseconds for each piece of a PATCH
    GAP = "gap"  # leave the first event out of so many feed pages
    FOREIGN_SIGNATURE = "foreign_signature"  # sign so many receipts with a key nobody knows


_DEFAULTS: Final[Mapping[Fault, int]] = {
    Fault.CUT: 100_000,
    Fault.STALL: 100_000,
    Fault.REFUSE: 1,
    Fault.LOST_RECEIPT: 1,
    Fault.SLOW: 50,
    Fault.GAP: 1,
    Fault.FOREIGN_SIGNATURE: 1,
}
_COUNTED: Final = frozenset({Fault.REFUSE, Fault.LOST_RECEIPT, Fault.GAP, Fault.FOREIGN_SIGNATURE})
_ONCE: Final = frozenset({Fault.CUT, Fault.STALL})


class Faults:
    """The faults in force; safe to change from any thread."""

    def __init__(self, wanted: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self._set: dict[Fault, int] = {fault: _DEFAULTS[fault] for fault in wanted}

    def arm(self, fault: Fault, amount: int | None = None) -> None:
        """Put a fault in force; 0 takes it back."""
        with self._lock:
            self._set[fault] = _DEFAULTS[fault] if amount is None else amount
            if self._set[fault] <= 0:
                del self._set[fault]

    def take(self, fault: Fault) -> int:
        """Return the fault's number and use it up where it is meant once; 0 when not in force."""
        with self._lock:
            amount = self._set.get(fault, 0)
            if amount and fault in _ONCE:
                del self._set[fault]
            elif amount and fault in _COUNTED:
                self._set[fault] = amount - 1
                if amount == 1:
                    del self._set[fault]
            return amount

    def armed(self) -> Mapping[str, int]:
        """Return what is in force, by name."""
        with self._lock:
            return {fault.value: amount for fault, amount in self._set.items()}
