"""``rekam emulate``: what was asked for, put into an order, and refusals that say what is possible."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drivers.emulation import catalogue, process
from drivers.emulation.emulated import Diary, Order
from drivers.emulation.people import UnknownPerson, today_of
from drivers.emulation.script import Script, ScriptRefused, parse_script
from station.clock import SystemClock
from station.person.roster import load_demo_roster

_EXAMPLES: Final = 5  # of the roster's numbers in a refusal
_LAST_PORT: Final = 65_535


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
    _refuse_nonsense(asked)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a text stream here
    if asked.device == catalogue.STAGE:
        kind = "zfm" if _settings(asked).get("finger") == "zfm" else "sfm"
        from drivers.emulation import stage

        stage.main([f"--seed={asked.seed}", f"--fps={asked.fps}", f"--finger={kind}"])
        return process.GOOD
    performance = _performance(asked)
    try:
        emulated = process.prepare(performance)
    except catalogue.UnknownEmulator as cause:
        raise EmulatorRefused(f"tidak dikenal: {asked.device}; pilih {cause}") from cause
    except UnknownPerson as cause:
        roster = load_demo_roster(today_of(SystemClock()))[:_EXAMPLES]
        known = ", ".join(entry.person.nik for entry in roster)
        raise EmulatorRefused(
            f"orang tidak dikenal: {cause}; 16 angka, misalnya peserta latihan {known}"
        ) from cause
    except ScriptRefused as cause:
        raise EmulatorRefused(
            f"naskah ditolak, {asked.script} baris {cause.line}: {cause.reason}"
        ) from cause
    except ValueError as cause:
        raise EmulatorRefused(f"tidak mungkin: {cause}") from cause
    except OSError as cause:
        raise EmulatorRefused(f"tidak bisa dibuka: {cause}") from cause
    try:
        return process.run(performance, emulated, sys.stdout)
    except OSError as cause:
        raise EmulatorRefused(f"tidak bisa dibuka: {cause}") from cause


def _refuse_nonsense(asked: EmulatorOptions) -> None:
    """Numbers that no emulator can take; what one device cannot take it says itself."""
    if asked.port is not None and not 0 <= asked.port <= _LAST_PORT:
        raise EmulatorRefused(f"tidak mungkin: --port {asked.port}: 0..{_LAST_PORT}")
    if asked.seed < 0:
        raise EmulatorRefused(f"tidak mungkin: --seed {asked.seed}: 0...")
    if not (math.isfinite(asked.fps) and asked.fps > 0):
        raise EmulatorRefused(f"tidak mungkin: --fps {asked.fps}: > 0")


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
