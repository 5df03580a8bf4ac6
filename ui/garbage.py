"""Cyclic garbage is collected on the GUI thread only.

Python collects wherever it happens to allocate. In a worker that would end Qt objects of a closed page on
a thread they do not live on, which corrupts memory now and then.
"""

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

_EVERY_MS: Final = 250


class GuiThreadGarbage(QObject):
    """Takes Python's collector over from construction to ``stop``; lives on the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._limits = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect_due)
        self._timer.start()

    def collect_due(self) -> None:
        """Collect the oldest generation that is due, as Python itself would have."""
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(gc.get_count(), self._limits, strict=True)
            )
            if limit and count > limit
        ]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Give the collector back."""
        self._timer.stop()
        gc.enable()
