"""The second timer over a lamp: if nobody has put it out in time, the line is cut from another thread."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from station.clock import Deadline

log = logging.getLogger(__name__)
LIMIT_S: Final = 10.0


class LampGuard:
    """Watches one lamp; its thread does nothing else, so no wait of a driver can hold it up."""

    def __init__(self, cut: Callable[[], object], limit_s: float = LIMIT_S) -> None:
        """Call ``cut`` when the lamp has been armed for ``limit_s``; it must not raise."""
        self._cut = cut
        self._limit_s = limit_s
        self._changed = threading.Condition()
        self._due: Deadline | None = None
        self._ending = False
        self._fired = False
        self._thread = threading.Thread(target=self._watch, name="lamp-guard", daemon=True)
        self._thread.start()

    @property
    def fired(self) -> bool:
        """Whether the line was cut."""
        return self._fired

    def arm(self) -> None:
        """Begin to count, before the lamp is told to light."""
        self._set(Deadline.after(self._limit_s))

    def disarm(self) -> None:
        """Stop counting, after the lamp has confirmed that it is out."""
        self._set(None)

    def close(self, seconds: float = 0.1) -> None:
        """End the thread."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._thread.join(seconds)

    def _set(self, due: Deadline | None) -> None:
        with self._changed:
            self._due = due
            self._changed.notify_all()

    def _watch(self) -> None:
        while self._wait():
            log.error("the lamp was on for %s s: its line is cut", self._limit_s)
            self._cut()

    def _wait(self) -> bool:
        """Return True when the lamp has burnt too long, False at the end."""
        with self._changed:
            while not self._ending:
                if self._due is None:
                    self._changed.wait()
                elif not self._due.passed():
                    self._changed.wait(self._due.left())
                else:
                    self._due, self._fired = None, True
                    return True
            return False
