"""One program per store: a lock file the system frees when the program ends, however it ends."""

import os
import sys
from pathlib import Path

from station.errors import StoreError
from station.store import disk


class Occupancy:
    """Holds the store's folder until it is left."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; StoreError(reason=IN_USE) when another program holds it."""
        with disk.translated("lock"):
            self._number = os.open(folder / "store.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._number)
        except OSError as cause:
            os.close(self._number)
            raise StoreError(reason="IN_USE") from cause

    def leave(self) -> None:
        """Let the next program in; idempotent."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1


if sys.platform == "win32":
    import msvcrt

    def _lock(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
