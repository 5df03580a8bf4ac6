"""One call of a driver, watched: what came of it, how long it took, and that it came back at all."""

import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from drivers.conformance.events import Recorder
from drivers.conformance.lag import LagMeter
from station.errors import DeviceError, OperatorCancelled, StationError

GRACE_S: Final = (
    2.0  # how long after its deadline a call may still be on its way before it counts as hanging
)
ALLOWED_S: Final = 0.2  # past the deadline, by the reference


class Kind(StrEnum):
    """How a call ended."""

    GOOD = "good"
    ERROR = "typed error"
    CANCELLED = "cancelled"
    WRONG = "wrong result"
    UNTYPED = "untyped exception"
    HANG = "hang"


@dataclass(frozen=True, slots=True)
class Trial:
    """The end of one call."""

    kind: Kind
    took_s: float
    limit_s: float
    lag_s: float  # the machine's own delay meanwhile
    error: BaseException | None = None
    told: Recorder = field(default_factory=Recorder)

    @property
    def code(self) -> str:
        """The code of a typed error, the class of another exception, or ''."""
        if isinstance(self.error, StationError):
            return self.error.code
        return "" if self.error is None else type(self.error).__name__

    @property
    def late_s(self) -> float:
        """Seconds past deadline, allowance and the machine's own delay; 0 when in time."""
        return max(0.0, self.took_s - self.limit_s - ALLOWED_S - self.lag_s)

    def __str__(self) -> str:
        what = f"{self.kind} {self.code}".rstrip()
        return f"{what} after {self.took_s:.2f} s of {self.limit_s:.2f} s"


class Watched:
    """A call running on a thread of its own."""

    def __init__(
        self,
        call: Callable[[Recorder], object],
        exact: Callable[[object], bool],
        limit_s: float,
        lag: LagMeter,
    ) -> None:
        """Start the call at once."""
        self._call, self._exact, self._limit_s, self._lag = call, exact, limit_s, lag
        self.told = Recorder()
        self._began = time.monotonic()
        self._ended = 0.0
        self._kind = Kind.HANG
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="conformance-call", daemon=True)
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether the call has not come back."""
        return self._thread.is_alive()

    def end(self, within_s: float | None = None) -> Trial:
        """Wait for the end, at most until the deadline and the grace; return how it was."""
        self._thread.join(self._limit_s + GRACE_S if within_s is None else within_s)
        hangs = self._thread.is_alive()
        took = (time.monotonic() if hangs else self._ended) - self._began
        return Trial(
            Kind.HANG if hangs else self._kind,
            took,
            self._limit_s,
            self._lag.worst_s(self._began),
            None if hangs else self._error,
            self.told,
        )

    def _run(self) -> None:
        try:
            result = self._call(self.told)
        except OperatorCancelled as cancelled:
            self._end(Kind.CANCELLED, cancelled)
        except DeviceError as error:
            self._end(Kind.ERROR, error)
        except BaseException as error:  # noqa: BLE001 - that it is none of ours is the finding
            # A card's typed errors are a family beside the devices'.
            self._end(Kind.ERROR if isinstance(error, StationError) else Kind.UNTYPED, error)
        else:
            self._end(Kind.GOOD, None)
            if not self._exact(result):
                self._kind = Kind.WRONG

    def _end(self, kind: Kind, error: BaseException | None) -> None:
        self._ended = time.monotonic()
        self.told.returned()
        self._kind, self._error = kind, error


def whole_text(error: BaseException) -> str:
    """Return everything an exception says: message, repr, traceback, causes."""
    return "\n".join((str(error), repr(error), *traceback.format_exception(error)))
