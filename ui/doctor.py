"""What a technician asks first: is this machine fit, and if not, what is the next step."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from station.clock import SystemClock
from station.errors import DiskFull, StationError
from station.settings import load_settings
from station.store import space

_MARKS: Final = ("baik  ", "lihat ", "SALAH ")


@dataclass(frozen=True, slots=True)
class Line:
    """One finding: severity 0 good, 1 look, 2 wrong; ``next_step`` says what to do."""

    severity: int
    what: str
    next_step: str = ""

    def text(self) -> str:
        """Return the line to print."""
        step = f" -> {self.next_step}" if self.next_step else ""
        return f"{_MARKS[self.severity]} {self.what}{step}"


def checks(folder: Path | None) -> Iterator[Line]:
    """Yield one line per check; no check stops the next one."""
    place = folder or data_folder()
    table: tuple[Callable[[Path], Line], ...] = (
        _python, _vision, _face, _crypto_store, _settings, _engine, _disk, _reader, _clock,
    )  # fmt: skip
    for check in table:
        try:
            yield check(place)
        except StationError as cause:
            yield Line(2, f"{check.__name__.strip('_')}: {cause.code}", "panggil teknisi")


def data_folder() -> Path:
    """Return where a desk of this user keeps its data."""
    from platformdirs import user_data_path

    return user_data_path("rekam")


def _python(_place: Path) -> Line:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Line(0 if sys.version_info >= (3, 11) else 2, f"Python {version}")


def _vision(_place: Path) -> Line:
    import cv2

    major = int(cv2.__version__.split(".", maxsplit=1)[0])
    if major != 4:
        return Line(2, f"OpenCV {cv2.__version__}", "pasang opencv-python-headless >=4.14,<5")
    return Line(0, f"OpenCV {cv2.__version__}")


def _face(_place: Path) -> Line:
    from station.biometrics.face.locator import HaarLocator

    HaarLocator().self_check()
    return Line(0, "pencari wajah menemukan wajah uji")


def _crypto_store(_place: Path) -> Line:
    import apsw

    version = apsw.sqlite_lib_version()
    return Line(0, f"SQLite {version} dengan lapisan sandi")


def _settings(place: Path) -> Line:
    path = place / "settings.toml"
    if not path.exists():
        return Line(1, f"belum ada pengaturan di {path}", "meja berjalan sebagai latihan")
    settings = load_settings(path)
    return Line(0, f"meja {settings.desk}, wilayah {settings.area}, {settings.profile.value}")


def _engine(place: Path) -> Line:
    from station.biometrics.plugins import EngineRefused, parts_of, told

    settings = load_settings(place / "settings.toml").engine
    try:
        parts = parts_of(settings)
    except EngineRefused as cause:
        facts = cause.facts
        return Line(
            2,
            f"mesin biometrik {facts['name']} ({facts['part']}): {facts['reason']}",
            f"perbaiki [engine] {facts['part']} atau kosongkan untuk mesin bawaan",
        )
    return Line(0, "mesin biometrik: " + ", ".join(f"{k} {v}" for k, v in told(parts).items()))


def _disk(place: Path) -> Line:
    existing = next(path for path in (place, *place.parents) if path.exists())
    try:
        space.refuse_when_short(existing)
    except DiskFull:
        return Line(
            2, "ruang simpan kurang dari 200 MB", "kirim paket yang menunggu, lalu bersihkan"
        )
    return Line(0, "ruang simpan cukup")


def _reader(_place: Path) -> Line:
    from drivers.smartcard.service import service_readers

    try:
        names = service_readers()
    except StationError:
        return Line(
            1, "layanan PC/SC tidak berjalan", "jalankan pcscd; latihan tetap bisa tanpa itu"
        )
    if not names:
        return Line(1, "tidak ada pembaca kartu", "colokkan pembaca")
    return Line(0, f"pembaca kartu: {', '.join(names)}")


def _clock(_place: Path) -> Line:
    now = SystemClock().now()
    year = now.year
    if year < 2026:
        return Line(
            2, f"jam mesin menunjuk tahun {year}", "setel jam; tanda tangan alat akan ditolak"
        )
    return Line(0, f"jam mesin {now:%Y-%m-%d %H:%M} UTC")
