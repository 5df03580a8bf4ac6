"""How long the GUI thread did not come back to its events: a timer that beats, and the longest pause between beats."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """Beats while it is started; ``worst`` in seconds of the wall clock, ``busiest`` of the thread's own CPU."""

    def __init__(self):
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.start()

    def start(self):
        """Begin to count anew."""
        self.worst = self.busiest = 0.0
        self.beats = 0
        self._last = time.perf_counter(), time.thread_time()
        self._timer.start()

    def _beat(self):
        wall, cpu = time.perf_counter(), time.thread_time()
        self.worst = max(self.worst, wall - self._last[0])
        self.busiest = max(self.busiest, cpu - self._last[1])
        self.beats += 1
        self._last = wall, cpu

    def stop(self):
        """Stop beating; returns (worst, busiest)."""
        self._timer.stop()
        return self.worst, self.busiest
