"""Everything a run says, in the log and on the terminal of all its processes."""

import logging
import os
import re
import sys

OURS = ("station", "drivers", "ui")
_SIXTEEN = re.compile(r"(?<![0-9A-Za-z-])\d{6}[ .]?\d{6}[ .]?\d{4}(?![0-9A-Za-z-])")


class Spoken(logging.Handler):
    """Collects log records at the lowest level, and what any process writes to the terminal."""

    def __init__(self, file):
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines = []
        self._file = file
        self._levels = {}
        self._kept = []

    def emit(self, record):
        """Keep one record as it would be written, with its traceback."""
        self.lines.append(self.format(record))

    def __enter__(self):
        logging.getLogger().addHandler(self)
        for name in OURS:
            self._levels[name] = logging.getLogger(name).level
            logging.getLogger(name).setLevel(logging.DEBUG)
        sys.stdout.flush()
        sys.stderr.flush()
        with self._file.open("wb") as out:
            for number in (1, 2):
                self._kept.append((number, os.dup(number)))
                os.dup2(out.fileno(), number)
        return self

    def __exit__(self, *_):
        sys.stdout.flush()
        sys.stderr.flush()
        for number, kept in self._kept:
            os.dup2(kept, number)
            os.close(kept)
        logging.getLogger().removeHandler(self)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)
        self.lines += self._file.read_text("utf-8", "replace").splitlines()

    def naming(self, person):
        """Return the lines that name a person, a relative, or any NIK-shaped number."""
        names = {person.full_name, person.mother.name, person.father.name}
        parts = {part for name in names for part in name.split() if len(part) > 3}
        words = re.compile("|".join(rf"\b{re.escape(p)}\b" for p in sorted(parts)), re.IGNORECASE)
        return [line for line in self.lines if words.search(line) or _SIXTEEN.search(line)]
