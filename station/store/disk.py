"""Files that survive a power cut: write beside, fsync, rename, fsync the folder; errors typed."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from station.errors import DiskFull, DiskReadOnly, StoreCorrupt, StoreError
from station.store.failpoints import failpoint

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@contextlib.contextmanager
def translated(what: str) -> Iterator[None]:
    """Turn an OSError of the block into DiskFull, DiskReadOnly, StoreCorrupt or StoreError."""
    try:
        yield
    except FileNotFoundError as cause:
        raise StoreCorrupt(what=what, reason="FILE_MISSING") from cause
    except OSError as cause:
        number = cause.errno or 0
        if number in _FULL:
            raise DiskFull(what=what) from cause
        if number in _READ_ONLY:
            raise DiskReadOnly(what=what) from cause
        raise StoreError(what=what, reason="IO", errno=number) from cause


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def writable(folder: Path) -> bool:
    """Return whether files can be made in a folder; false on a read-only disk, also for root."""
    return os.access(folder, os.W_OK)


def make_folder(folder: Path) -> None:
    """Create a folder for this user only, durably; nothing happens when it is there."""
    with translated("folder"):
        if folder.is_dir():
            return
        folder.mkdir(mode=0o700, parents=True)
        sync_folder(folder.parent)


def write_beside(path: Path, data: bytes, points: str = "") -> Path:
    """Write ``data`` to ``path.tmp`` (new, mode 0600), fsync it and return that path.

    A failed write leaves no file behind. ``points`` prefixes the failpoints.
    """
    tmp = path.with_name(path.name + ".tmp")
    try:
        with translated("file"):
            tmp.unlink(missing_ok=True)  # of an earlier, killed attempt
            number = os.open(tmp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb", buffering=0) as file:
                _point(points, "created")
                view = memoryview(data)
                while view:
                    view = view[file.write(view) :]
                _point(points, "written")
                os.fsync(file.fileno())
                _point(points, "synced")
    except StoreError:
        with contextlib.suppress(OSError):
            tmp.unlink(missing_ok=True)
        raise
    return tmp


def publish(tmp: Path, path: Path, points: str = "") -> None:
    """Give a synced file its final name, durably."""
    with translated("file"):
        tmp.replace(path)
        _point(points, "renamed")
        sync_folder(path.parent)
        _point(points, "durable")


def write_durable(path: Path, data: bytes, points: str = "") -> None:
    """Write a whole file so that after a power cut it is there complete, or not at all."""
    publish(write_beside(path, data, points), path, points)


def read_from_disk(path: Path) -> bytes:
    """Read a file past the page cache where the system allows it: what the disk holds, not what we sent."""
    with translated("file"):
        number = os.open(path, os.O_RDONLY)
        with os.fdopen(number, "rb") as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            return file.read()


def remove_durable(path: Path) -> None:
    """Remove a file, durably; nothing happens when it is gone already."""
    with translated("file"):
        path.unlink(missing_ok=True)
        sync_folder(path.parent)


def _point(prefix: str, name: str) -> None:
    if prefix:
        failpoint(f"{prefix}.{name}")
