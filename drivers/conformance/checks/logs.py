"""Invariant 8, the log: everything the drivers say at DEBUG is searched for parts of the sample."""

import logging
import threading
from collections.abc import Sequence
from typing import Final

from drivers.conformance.tally import Tally
from drivers.conformance.words import biometric_words

# Names of loggers that are not the driver's: the wire's other end.
_OTHERS: Final = ("drivers.emulation", "drivers.faults", "drivers.conformance", "asyncio")


class LogWatch(logging.Handler):
    """Listens to every logger at DEBUG while the kit runs; use it with ``with``."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._guard = threading.Lock()
        self._lines: list[str] = []
        self._level = logging.WARNING

    def __enter__(self) -> "LogWatch":
        root = logging.getLogger()
        self._level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        self._quiet = [each for each in root.handlers if each is not self]
        for handler in self._quiet:
            handler.addFilter(_at_least_warning)
        return self

    def __exit__(self, *_: object) -> None:
        root = logging.getLogger()
        root.removeHandler(self)
        root.setLevel(self._level)
        for handler in self._quiet:
            handler.removeFilter(_at_least_warning)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line with its traceback, as a file would."""
        if not record.name.startswith(_OTHERS):
            line = f"{record.name}: {self.format(record)}"
            with self._guard:
                self._lines.append(line)

    def check(self, tally: Tally, secrets: Sequence[bytes]) -> None:
        """Judge what was logged since the last check; nothing is where there is no sample to find."""
        with self._guard:
            lines, self._lines = self._lines, []
        if not secrets:
            return
        for line in dict.fromkeys(lines):
            said = biometric_words(line, secrets)
            if said:
                tally.judge(8, "log at DEBUG", f"{line.partition(':')[0]} writes {said}")
                return
        tally.judge(8, "log at DEBUG", "")


def _at_least_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
