"""Decoding pictures from outside in a child process: a decoder that crashes, hangs or swells hurts only itself.

The desk decodes its own bytes in process; the command line and the centre's simulator decode foreign
ones here. Size caps come first, then the child with limits on memory and processor time, and a deadline.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import numpy as np

from station.errors import FormatError
from station.formats import images
from station.formats.raster import MAX_BYTES, Picture, check_size

SECONDS: Final = 20
MEMORY: Final = 1536 << 20  # address space of the child: a 19-megapixel slap in JPEG 2000 fits
_ROOT: Final = Path(__file__).parents[2]
_HEAD_BYTES: Final = 4096


class IsolatedDecoder:
    """A child that decodes picture after picture; it is started when first needed, and again after a crash.

    Use it as a context manager. One call at a time; others wait.
    """

    def __init__(self, *, seconds: int = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def decode(self, data: bytes) -> Picture:
        """Return pixels and resolution; FormatError for anything else, at the latest at the deadline."""
        if len(data) > MAX_BYTES:
            raise FormatError(format="image", reason="too long", offset=MAX_BYTES)
        kind = images.identify(data)
        with self._lock:
            child = self._running()
            late = threading.Event()
            watchdog = threading.Timer(self._seconds, _end, (child, late))
            watchdog.daemon = True
            watchdog.start()
            try:
                return _ask(child, data)
            except (OSError, EOFError, ValueError) as cause:
                self._drop()
                reason = "took too long" if late.is_set() else "decoder ended"
                raise FormatError(format=str(kind), reason=reason, offset=0) from cause
            finally:
                watchdog.cancel()

    def close(self) -> None:
        """End the child; idempotent."""
        with self._lock:
            self._drop()

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self._drop()
            self._child = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "station.formats.isolated_child", str(self._memory), str(self._seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # the WSQ library complains there
                env=os.environ | {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
            )  # fmt: skip
        return self._child

    def _drop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                if stream is not None:
                    _close(stream)


def decode_foreign(data: bytes, *, seconds: int = SECONDS) -> Picture:
    """Decode one picture (PNG, JPEG, JPEG 2000, WSQ, PGM, PPM, BMP) in a child of its own; FormatError.

    A child takes about a third of a second to start: for many pictures keep an IsolatedDecoder.
    """
    with IsolatedDecoder(seconds=seconds) as decoder:
        return decoder.decode(data)


def _ask(child: "subprocess.Popen[bytes]", data: bytes) -> Picture:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(len(data).to_bytes(4) + data)
    child.stdin.flush()
    length = int.from_bytes(_exactly(child.stdout, 4))
    if length > _HEAD_BYTES:
        raise EOFError
    head = json.loads(_exactly(child.stdout, length))
    if "refused" in head:
        raise FormatError(**head["refused"])
    height, width, *colours = (int(side) for side in head["shape"])
    check_size(width, height, "image", 0)
    if colours not in ([], [3]):
        raise EOFError
    flat = _exactly(child.stdout, width * height * (3 if colours else 1))
    pixels = np.frombuffer(flat, np.uint8).reshape(height, width, *colours).copy()
    return Picture(pixels, int(head["ppi"]), bool(head["whole"]))


def _exactly(stream: BinaryIO | object, count: int) -> bytes:
    data: bytes = stream.read(count)  # type: ignore[union-attr]
    if len(data) < count:
        raise EOFError
    return data


def _end(child: "subprocess.Popen[bytes]", late: threading.Event) -> None:
    late.set()
    child.kill()


def _close(stream: object) -> None:
    try:
        stream.close()  # type: ignore[attr-defined]
    except OSError:  # a broken pipe: the child is gone
        return
