"""What a technician asks first: is this machine fit, and if not, what is the next step."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from station.clock import Deadline, SystemClock
from station.errors import DiskFull, StationError
from station.settings import Settings, load_settings
from station.store import space
from ui.doctor_devices import DeviceCheck
from ui.doctor_drivers import driver_findings
from ui.doctor_ports import card_service_finding, port_findings
from ui.findings import GOOD, LOOK, WRONG, Errand, Finding

# Everything is asked at the same time; what has not answered by then is told as hanging.
_ALL_S: Final = 5.5


def examine(folder: Path | None) -> Iterator[Finding]:
    """Yield all findings: the machine's, the drivers', the ports', the devices'. Never hangs."""
    place, limit = folder or data_folder(), Deadline.after(_ALL_S)
    settings = _readable(place)
    devices = DeviceCheck(settings, place, limit)
    drivers = Errand("drivers", lambda: tuple(driver_findings(settings.devices)))
    ports = Errand("ports", lambda: tuple(port_findings()))
    cards = Errand("cards", lambda: (card_service_finding(),))
    yield from checks(place)
    for name, errand in (("penggerak", drivers), ("colokan", ports), ("layanan PC/SC", cards)):
        found = errand.answer(limit)
        hangs = Finding(WRONG, f"{name}: pemeriksaan tidak selesai", "nyalakan ulang komputer")
        yield from found if found is not None else (hangs,)
    yield from devices.findings()


def _readable(place: Path) -> Settings:
    """Return the site's settings; the defaults where the file is damaged, which has its own line."""
    try:
        return load_settings(place / "settings.toml")
    except StationError:
        return Settings()


def checks(folder: Path | None) -> Iterator[Finding]:
    """Yield one line per check; no check stops the next one."""
    place = folder or data_folder()
    table: tuple[Callable[[Path], Finding], ...] = (
        _python, _vision, _face, _crypto_store, _settings, _engine, _disk, _clock,
    )  # fmt: skip
    for check in table:
        try:
            yield check(place)
        except StationError as cause:
            yield Finding(WRONG, f"{check.__name__.strip('_')}: {cause.code}", "panggil teknisi")


def data_folder() -> Path:
    """Return where a desk of this user keeps its data."""
    from platformdirs import user_data_path

    return user_data_path("rekam")


def _python(_place: Path) -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(GOOD if sys.version_info >= (3, 11) else WRONG, f"Python {version}")


def _vision(_place: Path) -> Finding:
    import cv2

    major = int(cv2.__version__.split(".", maxsplit=1)[0])
    if major != 4:
        return Finding(
            WRONG, f"OpenCV {cv2.__version__}", "pasang opencv-python-headless >=4.14,<5"
        )
    return Finding(GOOD, f"OpenCV {cv2.__version__}")


def _face(_place: Path) -> Finding:
    from station.biometrics.face.locator import HaarLocator

    HaarLocator().self_check()
    return Finding(GOOD, "pencari wajah menemukan wajah uji")


def _crypto_store(_place: Path) -> Finding:
    import apsw

    version = apsw.sqlite_lib_version()
    return Finding(GOOD, f"SQLite {version} dengan lapisan sandi")


def _settings(place: Path) -> Finding:
    path = place / "settings.toml"
    if not path.exists():
        return Finding(LOOK, f"belum ada pengaturan di {path}", "meja berjalan sebagai latihan")
    settings = load_settings(path)
    return Finding(GOOD, f"meja {settings.desk}, wilayah {settings.area}, {settings.profile.value}")


def _engine(place: Path) -> Finding:
    from station.biometrics.plugins import EngineRefused, parts_of, told

    settings = load_settings(place / "settings.toml").engine
    try:
        parts = parts_of(settings)
    except EngineRefused as cause:
        facts = cause.facts
        return Finding(
            WRONG,
            f"mesin biometrik {facts['name']} ({facts['part']}): {facts['reason']}",
            f"perbaiki [engine] {facts['part']} atau kosongkan untuk mesin bawaan",
        )
    return Finding(
        GOOD, "mesin biometrik: " + ", ".join(f"{k} {v}" for k, v in told(parts).items())
    )


def _disk(place: Path) -> Finding:
    existing = next(path for path in (place, *place.parents) if path.exists())
    try:
        space.refuse_when_short(existing)
    except DiskFull:
        return Finding(
            WRONG, "ruang simpan kurang dari 200 MB", "kirim paket yang menunggu, lalu bersihkan"
        )
    return Finding(GOOD, "ruang simpan cukup")


def _clock(_place: Path) -> Finding:
    now = SystemClock().now()
    year = now.year
    if year < 2026:
        return Finding(
            WRONG, f"jam mesin menunjuk tahun {year}", "setel jam; tanda tangan alat akan ditolak"
        )
    return Finding(GOOD, f"jam mesin {now:%Y-%m-%d %H:%M} UTC")
