"""Device services: finding them among a hundred ports, and four fingers asked for, believed and unpacked."""

import contextlib
import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509

from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.sbi_subject import DrawnSubject
from drivers.sbi.finger import SbiSlapScanner
from drivers.sbi.identity import DigitalId, Kind, read_statement, statements
from drivers.sbi.jws import Trust
from drivers.sbi.pictures import NAMES, picture
from drivers.sbi.requests import Dialect, Setting, Wish
from drivers.sbi.rules import HashForm
from drivers.sbi.sample import Expected, believe
from drivers.sbi.scan import scan
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Modality, Slap
from tests.bench.rows import BenchRow, timed

_FIRST = 16501
_PORTS = range(_FIRST, _FIRST + 100)
_RUNS = 15
_CLOCK = SystemClock()


def rows() -> list[BenchRow]:
    """Return the figures of the search and of one capture."""
    found = [_search("scan of 100 ports, no service", 0)]
    with _services(3) as first:
        found.append(_search("scan of 100 ports, 3 services of 3 devices", 9))
        found += _captured(*first)
        with _hung():
            found.append(_first_found())
            found.append(_search("the same with one service that hangs", 9, goal=None, runs=3))
    found += _verified()
    return found


def _search(name: str, devices: int, goal: float | None = 300, runs: int = _RUNS) -> BenchRow:
    took = []
    for _ in range(runs):
        began = time.monotonic()
        count = len(list(scan(ports=_PORTS)))
        took.append(1000 * (time.monotonic() - began))
        if count != devices:
            raise RuntimeError(f"{count} devices found, {devices} are there")
    took.sort()
    return BenchRow(name, "ms", statistics.median(took), took[-1], goal, "p95 column: the slowest")


def _first_found() -> BenchRow:
    """How long the devices of healthy services take while one hangs."""
    took = []
    for _ in range(5):
        began = time.monotonic()
        search = scan(ports=_PORTS)
        for _ in range(9):
            next(search)
        took.append(1000 * (time.monotonic() - began))
        search.close()
    return BenchRow(
        "one hung service: until all 9 devices of the others are told",
        "ms",
        statistics.median(took),
        max(took),
        300,
    )


@contextlib.contextmanager
def _services(count: int) -> Iterator[tuple[int, x509.Certificate]]:
    """Run services as processes; give port and root of the first."""
    running: list[subprocess.Popen[str]] = []
    told: list[dict[str, Any]] = []
    try:
        running += [_emulator(_FIRST + 7 * number) for number in range(count)]
        told += [json.loads(process.stdout.readline()) for process in running]
        root = x509.load_pem_x509_certificate(Path(told[0]["root"]).read_bytes())
        yield told[0]["port"], root
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.communicate()


def _emulator(port: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "ui.cli", "emulate", "sbi", "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@contextlib.contextmanager
def _hung() -> Iterator[None]:
    with socket.socket() as line:
        line.bind(("127.0.0.1", _PORTS[-1]))
        line.listen()
        yield


def _captured(port: int, root: x509.Certificate) -> Iterator[BenchRow]:
    scanner = SbiSlapScanner((root,), _CLOCK, port=port)
    scanner.open(Deadline.after(5))

    def take() -> None:
        deadline = Deadline.after(30)
        got = scanner.capture_slap(Slap.RIGHT_FOUR, (), lambda _: None, CancelToken(), deadline)
        if len(got) != 4:
            raise RuntimeError("not four fingers")

    yield timed(
        "RCAPTURE of 4 fingers with preview: the asking thread",
        250,
        take,
        note="JSON, signatures, chain, decoding",
        runs=_RUNS,
    )
    took = []
    for _ in range(_RUNS):
        began = time.monotonic()
        take()
        took.append(1000 * (time.monotonic() - began))
    yield BenchRow(
        "the same on the clock on the wall, emulator's signing included",
        "ms",
        statistics.median(took),
        max(took),
        4000,
        "goal: the device specification's 4 s",
    )
    scanner.close()


def _verified() -> Iterator[BenchRow]:
    """Believing and unpacking alone, of an answer that lies ready."""
    authority = EmulatedAuthority.make(_CLOCK.now())
    service = SbiEmulator(DrawnSubject(4), authority, _CLOCK, ports=[0], kinds=(Kind.SLAP,))
    names = tuple(NAMES[finger] for finger in Slap.RIGHT_FOUR.fingers)
    device = service.devices[0]
    body = {
        "env": "Developer", "purpose": "Registration", "transactionId": "BENCH-1", "timeout": "20000",
        "bio": [{"type": "Finger", "count": "4", "deviceId": device.device_id, "deviceSubId": "2"}],
    }  # fmt: skip
    items = service.capture(body, lambda: False)["biometrics"]  # type: ignore[index]
    trust = Trust((authority.root,), _CLOCK)
    said = read_statement(statements(service.information())[0], trust)
    expected = Expected(
        Wish("Finger", 2, names), Setting("BENCH-1", "Developer", "Registration", ""),
        Dialect(hashes=HashForm.RAW), DigitalId.of(device.identity()), device.device_id, "L0", said.signer,
    )  # fmt: skip
    service.stop()
    samples, _ = believe(items, expected, trust)
    yield timed(
        "believe 4 fingers: JWS, certificates, hash chain",
        30,
        lambda: believe(items, expected, trust),
    )
    yield timed(
        "unpack 4 fingers: ISO 19794-4, JPEG 2000 lossless", 300,
        lambda: [picture(sample.record, Modality.FINGER) for sample in samples],
    )  # fmt: skip
