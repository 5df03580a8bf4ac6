"""How late this machine itself wakes a thread: the measure beside which every time limit is read."""

import threading
import time
from collections import deque
from typing import Final, Self

_BEAT_S: Final = 0.01
_KEPT: Final = 6000  # one minute
# A machine slower than this proves nothing; a late case then stays late.
MOST_S: Final = 1.0


class LagMeter:
    """A thread that wants to wake every 10 ms and writes down by how much it did not; use it with ``with``."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._lags: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._last = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="conformance-lag", daemon=True)

    def __enter__(self) -> Self:
        self._last = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def worst_s(self, since: float) -> float:
        """Return the longest oversleep since a ``time.monotonic()``, the present one included."""
        with self._lock:
            asleep = time.monotonic() - self._last - _BEAT_S
            past = [lag for at, lag in self._lags if at >= since]
        return min(MOST_S, max(0.0, asleep, *past))

    def _run(self) -> None:
        while not self._stop.wait(_BEAT_S):
            with self._lock:
                now = time.monotonic()
                self._lags.append((now, now - self._last - _BEAT_S))
                self._last = now
