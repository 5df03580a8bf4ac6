"""Room on the disk: a new person is refused before he or she sits down, not in the middle."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from station.errors import DiskFull

LEAST_FREE_BYTES: Final = 200_000_000


def free_bytes(folder: Path) -> int:
    """Return the bytes this user may still write there."""
    return shutil.disk_usage(folder).free


def refuse_when_short(
    folder: Path, free: Callable[[Path], int] = free_bytes, least: int = LEAST_FREE_BYTES
) -> None:
    """Raise DiskFull when fewer than ``least`` bytes are free."""
    left = free(folder)
    if left < least:
        raise DiskFull(what="space", free_mb=left // 1_000_000, need_mb=least // 1_000_000)
