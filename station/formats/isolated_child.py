"""The program that decodes one foreign picture after another, with little memory, time and rights.

Started by ``station.formats.isolated``; speaks frames of a four-byte length over its standard streams.
"""

import json
import sys
from typing import BinaryIO

import numpy as np

from station.devices import Pixels
from station.errors import FormatError
from station.formats import images, jpeg, jpeg2000, pillow, png, wsq
from station.formats.raster import MAX_BYTES


def main() -> None:
    """Answer every picture with a JSON head and the pixels, until the input ends."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    _load()
    _confine(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        head = source.read(4)
        if len(head) < 4 or int.from_bytes(head) > MAX_BYTES:
            return
        _allow_seconds(seconds)
        _answer(source.read(int.from_bytes(head)), sink)


def _answer(data: bytes, sink: BinaryIO) -> None:
    body = b""
    try:
        picture = images.decode(data)
        head: dict[str, object] = {
            "shape": picture.pixels.shape,
            "ppi": picture.ppi,
            "whole": picture.whole,
        }
        body = picture.pixels.tobytes()
    except FormatError as refused:
        head = {"refused": dict(refused.facts)}
    except MemoryError:
        head = {"refused": {"format": "image", "reason": "too much memory", "offset": 0}}
    text = json.dumps(head).encode()
    sink.write(len(text).to_bytes(4) + text + body)
    sink.flush()


def _load() -> None:
    """Use every decoder once, while files may still be opened: libraries load when first used."""
    grey = np.arange(64 * 64, dtype=np.uint16).astype(np.uint8).reshape(64, 64)
    for encode in (png.encode, jpeg.encode, jpeg2000.encode, wsq.encode, _pgm, _bmp, _tiff):
        images.decode(encode(grey))


def _pgm(pixels: Pixels) -> bytes:
    return pillow.encode(pixels, "PPM")


def _tiff(pixels: Pixels) -> bytes:
    return pillow.encode(pixels, "TIFF")


def _bmp(pixels: Pixels) -> bytes:
    return pillow.encode(pixels, "BMP")


def _confine(memory: int) -> None:
    """Set limits where the system has them: memory, no files, no core, no new processes."""
    try:
        import resource
    except ImportError:  # Windows: the parent's deadline and the size caps remain
        return
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _allow_seconds(seconds: int) -> None:
    """Let the processor work so long from now on; the system then ends this program."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
