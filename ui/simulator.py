"""The simulator and the emulators as processes of their own."""

import datetime as dt
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from drivers.emulation import catalogue, process, stage
from drivers.emulation.centre.centre import CentreOptions
from drivers.emulation.centre.gallery import demo_gallery
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.server import serve
from drivers.emulation.emulated import Diary, Order
from drivers.emulation.people import UnknownPerson
from drivers.emulation.script import Script, ScriptRefused, parse_script
from station.clock import SystemClock
from station.keys.rehearsal import make_rehearsal_keys
from station.person.roster import load_demo_roster
from station.settings import Settings


def serve_centre(
    folder: Path, keys: Path, *, pace: float, port: int, gallery: bool, parent_pid: int
) -> None:
    """Run the simulator until SIGTERM, SIGINT or the end of its parent."""
    clock = SystemClock()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_args: stopped.set())
    rehearsal = make_rehearsal_keys(keys, clock)
    options = CentreOptions(pace=pace, gallery=demo_gallery(_today(clock)) if gallery else ())
    serve(
        folder,
        CentreKeys.of(rehearsal.centre, clock),
        clock,
        options,
        port=port,
        parent_pid=parent_pid,
        stop=stopped,
    )


def _today(clock: SystemClock) -> dt.date:
    return clock.now().astimezone(Settings().zone_info).date()


@dataclass(frozen=True, slots=True)
class EmulatorOptions:
    """What ``rekam emulate`` was asked for."""

    device: str
    link: Path | None = None
    port: int | None = None
    seed: int = 1
    script: Path | None = None
    faults: Sequence[str] = ()
    person: str = ""
    baud: int = 0
    paced: bool = False
    settings: Sequence[str] = ()
    fps: float = 15.0
    obey_input: bool = False


class EmulatorRefused(Exception):
    """An emulator cannot be run as asked; the text says what is possible."""


def serve_emulator(asked: EmulatorOptions) -> int:
    """Run one emulator until it is told to end; return the exit code. EmulatorRefused."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a text stream here
    if asked.device == catalogue.STAGE:
        kind = "zfm" if _settings(asked).get("finger") == "zfm" else "sfm"
        stage.main([f"--seed={asked.seed}", f"--fps={asked.fps}", f"--finger={kind}"])
        return process.GOOD
    performance = _performance(asked)
    try:
        emulated = process.prepare(performance)
    except catalogue.UnknownEmulator as cause:
        raise EmulatorRefused(f"tidak dikenal: {asked.device}; pilih {cause}") from cause
    except UnknownPerson as cause:
        roster = (str(entry.person.nik) for entry in load_demo_roster(_today(SystemClock())))
        raise EmulatorRefused(
            f"orang tidak dikenal: {cause}; 16 angka, misalnya peserta latihan {', '.join(roster)}"
        ) from cause
    except ScriptRefused as cause:
        raise EmulatorRefused(
            f"naskah ditolak, {asked.script} baris {cause.line}: {cause.reason}"
        ) from cause
    except ValueError as cause:
        raise EmulatorRefused(f"tidak mungkin: {cause}") from cause
    try:
        return process.run(performance, emulated, sys.stdout)
    except OSError as cause:
        raise EmulatorRefused(f"tidak bisa dibuka: {cause}") from cause


def _performance(asked: EmulatorOptions) -> process.Performance:
    clock = SystemClock()
    options = _settings(asked)
    if asked.device == "camera":
        options.setdefault("fps", str(asked.fps))
    order = Order(
        clock,
        Diary(sys.stdout, clock),
        asked.link,
        asked.port,
        asked.seed,
        asked.person,
        asked.paced,
        asked.baud,
        options,
    )
    script = _script(asked.script) if asked.script is not None else None
    return process.Performance(asked.device, order, tuple(asked.faults), script, asked.obey_input)


def _settings(asked: EmulatorOptions) -> dict[str, str]:
    pairs = [each.partition("=") for each in asked.settings]
    for name, equals, _ in pairs:
        if not equals or not name:
            raise EmulatorRefused(f"--set {name}: NAMA=NILAI")
    return {name: value for name, _, value in pairs}


def _script(path: Path) -> Script:
    try:
        return parse_script(path.read_text("utf-8"))
    except ScriptRefused as cause:
        raise EmulatorRefused(
            f"naskah ditolak, {path} baris {cause.line}: {cause.reason}"
        ) from cause
    except (OSError, UnicodeDecodeError) as cause:
        raise EmulatorRefused(f"naskah tidak terbaca: {path}") from cause
