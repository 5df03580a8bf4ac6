"""Running the desk as a rehearsal: on the screen for a person, or off-screen played to the end."""

import os
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from station.clock import SystemClock
from station.errors import KeyRefused, StationError
from station.settings import Profile, Settings, load_settings
from ui.app import DeskApp
from ui.rehearsal import Rehearsal, RehearsalOptions, start_rehearsal


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the command line asked for."""

    folder: Path | None = None
    camera: str = ""
    pad: str = ""
    language: str = "id"
    text_scale: float = 1.0
    dark: bool = False
    seed: int = 1
    finger: str = "sfm"
    person: str = ""
    out: Path = Path("build/demo")
    pcsc: bool = True
    base: Settings = field(default_factory=Settings)

    def rehearsal(self, folder: Path, pace: float) -> RehearsalOptions:
        """Return the rehearsal these options mean."""
        return RehearsalOptions(
            folder=folder,
            seed=self.seed,
            finger=self.finger,
            camera=self.camera,
            pad=self.pad,
            language=self.language,
            text_scale=self.text_scale,
            dark=self.dark,
            pace=pace,
            pcsc=self.pcsc,
            base=self.base,
        )


def with_site(options: RunOptions, path: Path) -> RunOptions:
    """Return the options with what the site's settings file says; the command line wins.

    Raises SettingsRefused, and KeyRefused for a production profile: its key store (PKCS#11, TPM) is not
    part of this version, and a software key is never put in its place.
    """
    if not path.exists():
        return options
    site = load_settings(path)
    if site.profile is Profile.PRODUCTION:
        raise KeyRefused(reason="NO_PRODUCTION_KEYS")
    return replace(
        options,
        base=site,
        camera=options.camera or site.devices.camera,
        pad=options.pad or ("screen" if site.devices.pad == "screen" else ""),
        language=options.language if options.language != "id" else site.language,
        text_scale=options.text_scale if options.text_scale != 1.0 else site.text_scale,
        dark=options.dark or site.dark,
    )


def run_desk(options: RunOptions) -> int:
    """Open the desk on the screen with emulated devices and a simulator; returns the exit code."""
    from PySide6.QtWidgets import QApplication

    from ui.devices.tablet_events import keep_every_tablet_event

    folder = options.folder or Path(tempfile.mkdtemp(prefix="rekam-latihan-"))
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    print(f"Latihan di {folder}. Petugas: rina, PIN 246810. Pengawas: budi, PIN 135790.")  # noqa: T201
    print("Menyiapkan alat tiruan dan simulator pusat …", flush=True)  # noqa: T201
    rehearsal = start_rehearsal(options.rehearsal(folder, pace=3.0), SystemClock())
    try:
        keep_every_tablet_event()
        qt = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(qt, QApplication)  # noqa: S101 - no other kind is made in this process
        desk = DeskApp(rehearsal.parts, qt)
        follow_cards(rehearsal, desk)
        sys.excepthook = desk.unexpected
        desk.open(maximised=True)
        code = qt.exec()
        desk.close()
    finally:
        rehearsal.stop()
    return int(code)


def play(options: RunOptions) -> int:
    """Play one whole enrolment through the real pages off-screen; returns the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.player import play_enrolment

    return play_enrolment(options)


def follow_cards(rehearsal: Rehearsal, desk: DeskApp) -> None:
    """Let the emulated holder know whose card the counter asks for."""
    records = desk.desk.store.records

    def person_of(record_id: str) -> str | None:
        record = records.find(record_id)
        return record.nik if record else None

    rehearsal.asked.person_of = person_of


def explain(error: StationError) -> str:
    """Return one line for the terminal: what happened and the next step."""
    from ui.messages import message_for

    words = message_for(error)
    return f"{words.happened} {words.next_step} [{error.code}]"
