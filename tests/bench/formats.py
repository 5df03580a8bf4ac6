"""How fast the records and codecs of ``station.formats`` are, and what a damaged input costs."""

import random
from collections.abc import Iterator

import numpy as np

from drivers.emulation.scenes.eye import EyeIdentity, EyePose
from drivers.emulation.scenes.eye import render as render_eye
from drivers.emulation.scenes.finger import FingerIdentity, impression
from drivers.emulation.scenes.pen import signature
from station.biometrics.finger.minutiae import extract
from station.biometrics.signature.resample import resample
from station.devices import Eye, FingerPosition, Pixels
from station.errors import FormatError
from station.formats import compact_card, jpeg2000, png, records, wsq
from station.formats.codes import Coding
from station.formats.finger_image import FingerImage, FingerImageRecord
from station.formats.finger_minutiae import MinutiaeRecord
from station.formats.iris_record import IrisImage, IrisRecord
from station.formats.isolated import IsolatedDecoder
from station.formats.minutiae_template import from_template
from station.formats.signature_points import to_series
from tests.bench.rows import BenchRow, timed
from tests.station.formats.mutation import mutate
from tests.station.formats.test_variants import minutiae_record, whole_transaction

_POSITION = FingerPosition.RIGHT_INDEX


def rows() -> list[BenchRow]:
    """Return codecs, records, and damaged inputs."""
    finger = impression(FingerIdentity(1, _POSITION), 1)
    eye = render_eye(EyeIdentity(1, Eye.RIGHT), EyePose())
    return [*_codecs(finger, eye), *_records(finger, eye), *_hostile()]


def _codecs(finger: Pixels, eye: Pixels) -> Iterator[BenchRow]:
    size = f"{finger.shape[1]}x{finger.shape[0]}"
    for name, encode, decode in (
        ("WSQ", wsq.encode, wsq.decode),
        ("JPEG 2000 lossless", jpeg2000.encode, jpeg2000.decode),
        ("JPEG 2000 15:1", lambda p: jpeg2000.encode(p, ratio=15), jpeg2000.decode),
        ("PNG", png.encode, png.decode),
    ):
        data = encode(finger)
        error = np.abs(decode(data).astype(int) - finger).max()
        note = f"{len(data)} bytes, largest error {error}"
        yield timed(f"{name} write {size}", 60, lambda e=encode: e(finger), note=note)
        yield timed(f"{name} read {size}", 60, lambda d=decode, b=data: d(b))
    yield timed("JPEG 2000 within 20 kB 640x480", 900, lambda: jpeg2000.encode_within(eye, 20_000))
    data = wsq.encode(finger)
    with IsolatedDecoder() as decoder:
        yield timed("WSQ read in a child", 30, lambda: decoder.decode(data), note="parent's share")


def _records(finger: Pixels, eye: Pixels) -> Iterator[BenchRow]:
    template = extract(finger, 500)
    for edition in (2005, 2011):
        view = from_template(template, _POSITION, 80, edition=edition)
        note = f"{len(template)} minutiae"
        yield from _both(f"19794-2:{edition}", MinutiaeRecord(edition, (view,)), note)
    print_, iris = wsq.encode(finger), jpeg2000.encode(eye)
    image = FingerImage(2, Coding.WSQ, finger.shape[1], finger.shape[0], print_)
    yield from _both("19794-4:2005", FingerImageRecord(2005, (image,)), "one WSQ print")
    eyes = IrisImage(1, Coding.JP2, eye.shape[1], eye.shape[0], iris)
    yield from _both("19794-6:2011", IrisRecord(2011, (eyes,), 1), "one lossless eye")
    points = signature(1, "NUR AINI SAFITRI")
    yield from _both("19794-7", to_series(points), f"{len(points)} points")
    yield timed("signature at 100 Hz", 20, lambda: resample(points))
    yield from _both("ANSI/NIST-ITL", whole_transaction(), "types 1, 2, 8, 10, 14, 17")
    yield timed("compact card write", 3, lambda: compact_card.encode(template, 40))


def _both(name: str, record: records.Record, note: str) -> Iterator[BenchRow]:
    data = records.write(record)
    what = f"{note}, {len(data)} bytes"
    yield timed(f"{name} write and prove", 10, lambda: records.write(record), note=what)
    yield timed(f"{name} read", 10, lambda: records.read(data))


def _hostile() -> Iterator[BenchRow]:
    rng, data = random.Random(1), records.write(minutiae_record(2011))
    damaged = [mutate(data, rng) for _ in range(1000)]

    def judge() -> int:
        refused = 0
        for each in damaged:
            try:
                records.read(each)
            except FormatError:
                refused += 1
        return refused

    yield timed("1000 damaged records", 400, judge, note=f"{judge()} refused", runs=5)
