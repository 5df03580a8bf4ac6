"""How long the GUI thread did not come back to its events: a timer that beats, and the longest pause between beats.

A pause has three parts: the thread worked, it was kept waiting (for a lock, a file, the interpreter), or the kernel
gave its processor to others. The last one says nothing of us and is told by the kernel itself (schedstat).
"""

import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """Beats from now on; ``worst`` is the longest pause in seconds, ``ours`` the longest without foreign work."""

    def __init__(self):
        super().__init__()
        self._schedule = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.start()

    def start(self):
        """Begin to count anew."""
        self.worst = self.ours = 0.0
        self.beats = 0
        self._last = time.perf_counter(), self._waited()
        self._timer.start()

    def _waited(self):
        """Seconds this thread could have run and was not let."""
        return int(self._schedule.read_text("ascii").split()[1]) / 1e9

    def _beat(self):
        now, waited = time.perf_counter(), self._waited()
        pause = now - self._last[0]
        self.worst = max(self.worst, pause)
        self.ours = max(self.ours, pause - (waited - self._last[1]))
        self.beats += 1
        self._last = now, waited

    def stop(self):
        """Stop beating; returns (worst, ours)."""
        self._timer.stop()
        return self.worst, self.ours
