"""Files a technician may hand over, good and bad, all made here."""

import functools
import io
import os
import struct
import zlib

import numpy as np
from PIL import Image

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.minutiae import extract
from station.devices import FingerPosition
from station.formats import jpeg, jpeg2000, png, wsq
from station.formats.minutiae_template import write_one


@functools.cache
def finger(body=1, seed=1):
    """Draw a print once; nobody writes into it."""
    return impression(FingerIdentity(body, FingerPosition.RIGHT_INDEX), seed)


def huge_png(side=100_000):
    """A PNG whose header promises ten thousand million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    body = zlib.compress(b"\x00" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )


def saved(pixels, name, **options):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, name, **options)
    return out.getvalue()


def bad_files(folder):
    """Write files that cannot be worked on; return their paths."""
    picture = finger()
    record = write_one(extract(picture, 500), FingerPosition.RIGHT_INDEX, 80)
    bodies = {
        "empty.png": b"",
        "text.txt": b"halo, ini bukan gambar\n",
        "huge.png": huge_png(),
        "cut.png": png.encode(picture)[:-200],
        "cut.jpg": jpeg.encode(picture)[:40],
        "cut.jp2": jpeg2000.encode(picture)[:300],
        "cut.wsq": wsq.encode(picture)[:-100],
        "head.wsq": wsq.encode(picture)[:2],
        "cut.fmr": record[:40],
        "long.fmr": record + b"\x00",
        "magic.fmr": b"FMR\x00 20\x00",
        "magic.iir": b"IIR\x00020\x00" + b"\xff" * 60,
        "odd.fmc": b"1234",
        "deep.json": b"{" * 5000,
        "other.json": b'{"form": "something else"}',
        "nan.json": b'{"form": "rekam-minutiae-1", "width": 10, "height": 10, "minutiae":'
        b' [{"x": NaN, "y": 1, "angle": 0, "type": "ending", "quality": 1}]}',
        "words.xyt": b"one two three\n",
        "noise.bin": np.random.default_rng(1).bytes(5000),
        "huge.pgm": b"P5\n99999 99999\n255\n" + b"\x00" * 100,
        "cut.tif": saved(picture, "TIFF")[:100],
        "cut.bmp": saved(picture, "BMP")[:60],
    }
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    (folder / "a folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")  # opening it would wait for ever
    (folder / "nowhere.png").symlink_to(folder / "not there")
    return [*(folder / name for name in bodies), folder / "a folder.png", folder / "pipe.png",
            folder / "nowhere.png", folder / "missing.png"]  # fmt: skip


def odd_pictures(folder):
    """Write pictures that are readable but no good finger; return their paths."""
    rng = np.random.default_rng(2)
    bodies = {
        "blank.png": png.encode(np.full((300, 300), 255, np.uint8)),
        "black.png": png.encode(np.zeros((300, 300), np.uint8)),
        "one.png": png.encode(np.zeros((1, 1), np.uint8)),
        "line.png": png.encode(np.zeros((1, 400), np.uint8)),
        "thin.png": png.encode(rng.integers(0, 256, (400, 3)).astype(np.uint8)),
        "noise.png": png.encode(rng.integers(0, 256, (300, 300)).astype(np.uint8)),
        "inverted.png": png.encode(255 - finger()),
        "screen.png": png.encode(finger(), ppi=72),
        "sidik jari ибу 指.png": png.encode(finger()),
    }
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
    return [folder / name for name in bodies]
