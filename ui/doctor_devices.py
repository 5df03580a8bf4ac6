"""The desk's devices on a terminal: the supervisor's own reports, asked for once and within a few seconds."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final

from cryptography import x509

from drivers.contract import Hints
from drivers.registry import DriverRegistry
from drivers.supervision.configured import sources_of
from drivers.supervisor import Supervisor
from station.clock import CancelToken, Deadline, SystemClock
from station.device_report import Condition, DeviceReport
from station.devices import Health, HealthState, Modality
from station.errors import DeviceBusy, DeviceTimeout
from station.grades import SUFFIX
from station.settings import DeviceSettings, Profile, Settings
from ui.device_words import device_word, grade_word, model_word, plight_of, told
from ui.findings import GOOD, LOOK, WRONG, Errand, Fact, Finding

DEVICE_FIGURES: Final = "devices.json"
_ANSWER_S: Final = 4.0  # for finding and opening; what is silent for longer does not answer
_TEST_S: Final = 0.8
_CLOSE_S: Final = 0.3
_LOOK_S: Final = 0.05
_DESKS: Final = ("desk", "latihan/desk")  # where a desk keeps what it knows of its devices
_SEVERITIES: Final[Mapping[Condition, int]] = {
    Condition.READY: GOOD,
    Condition.WAIT: LOOK,
    Condition.UNCONFIGURED: LOOK,
    Condition.ATTENTION: WRONG,
    Condition.OTHER_DEVICE: WRONG,
    Condition.ABSENT: WRONG,
}

_SERVICE: Final = "sbi"
_SPARE: Final = 4  # more devices of one driver than this do not stand on a desk
_DRIVERS: Final[Mapping[Modality, tuple[str, ...]]] = {
    Modality.FACE: ("camera.cv",),
    Modality.FINGER: ("finger.sfm", "finger.zfm", _SERVICE),
    Modality.IRIS: ("iris.uvc", _SERVICE),
    Modality.SIGNATURE: ("signature.stu", "signature.topaz"),
}
_KEYS: Final[Mapping[Modality, str]] = {
    Modality.FACE: "camera",
    Modality.FINGER: "finger",
    Modality.IRIS: "iris_roots",
    Modality.SIGNATURE: "pad",
    Modality.CARD: "card_reader",
}


class DeviceCheck:
    """Begins at once, so that the machine's other checks cost no time; ``findings`` waits for the rest."""

    def __init__(self, settings: Settings, folder: Path, limit: Deadline) -> None:
        self._limit = limit
        self._settings = settings
        self._files = (*_root_findings(settings.devices), *_grade_findings(settings.devices))
        self._all = Errand("devices", lambda: reports_of(settings, folder))
        self._spare = Errand("spare", lambda: tuple(spare_findings(settings.devices)))

    def findings(self) -> Iterator[Finding]:
        """Yield one line per place of the desk."""
        reports = self._all.answer(self._limit)
        if reports is None:
            yield Finding(
                WRONG,
                "alat: pemeriksaan tidak selesai",
                "cabut semua alat, colokkan satu per satu",
                "device",
            )
            return
        yield from self._files
        yield from (finding_of(report, self._settings.devices) for report in reports)
        yield from self._spare.answer(self._limit) or ()


def reports_of(settings: Settings, folder: Path) -> tuple[DeviceReport, ...]:
    """Return how each place is after one look, a few seconds at most; the desk's own figures stay as they are."""
    clock, cancel = SystemClock(), CancelToken()
    sources = sources_of(settings.devices, clock, _roots(settings.devices))
    with tempfile.TemporaryDirectory(prefix="rekam-doctor-") as scratch:
        figures = Path(scratch) / DEVICE_FIGURES
        for desk in _DESKS:  # a desk that never ran has none
            with contextlib.suppress(OSError):
                shutil.copyfile(folder / desk / DEVICE_FIGURES, figures)
        supervisor = Supervisor(
            sources, clock, file=figures, rehearsal=settings.profile is Profile.REHEARSAL
        )
        watch = Errand("watch", lambda: supervisor.run(cancel))
        try:
            _settle(supervisor, cancel, Deadline.after(_ANSWER_S))
            return _tested(supervisor)
        finally:
            cancel.cancel()
            closing = Errand("close", supervisor.close)
            watch.answer(Deadline.after(_LOOK_S))
            closing.answer(Deadline.after(_CLOSE_S))


def _roots(settings: DeviceSettings) -> tuple[x509.Certificate, ...]:
    """Return the trust roots that can be read; the others have their own line."""
    roots = []
    for path in settings.iris_roots:
        with contextlib.suppress(OSError, ValueError):
            roots.append(x509.load_pem_x509_certificate(Path(path).read_bytes()))
    return tuple(roots)


def _root_findings(settings: DeviceSettings) -> Iterator[Finding]:
    for path in settings.iris_roots:
        try:
            x509.load_pem_x509_certificate(Path(path).read_bytes())
        except (OSError, ValueError):
            yield Finding(
                WRONG, f"akar kepercayaan {path} tidak terbaca", "perbaiki iris_roots", "device"
            )


def _grade_findings(settings: DeviceSettings) -> Iterator[Finding]:
    if settings.grades:
        for path in (settings.grades, settings.grades + SUFFIX):
            if not Path(path).is_file():
                step = (
                    "pasang tabel yang ditandatangani; tanpa itu tidak ada alat yang boleh merekam"
                )
                yield Finding(WRONG, f"tabel kelas alat {path} tidak ada", step, "device")


def spare_findings(settings: DeviceSettings) -> Iterator[Finding]:
    """Yield what can be seen of devices for places that nobody has set up; nothing is opened."""
    registry = DriverRegistry(settings.allowed)
    taken = sources_of(settings, SystemClock(), _roots(settings))
    for modality, names in _DRIVERS.items():
        for name in names if modality not in taken else ():
            hints = Hints(model=modality.value if name == _SERVICE else "")
            for seen in islice(registry.driver(name).discover(hints), _SPARE):
                words = " · ".join(part for part in (seen.model, seen.label, seen.serial) if part)
                facts: dict[str, Fact] = {"driver": name, "address": seen.address, "spare": True}
                yield Finding(
                    LOOK,
                    f"{device_word(modality.value)}, belum dipasang: {name} {seen.address} {words}".rstrip(),
                    f"bila dipakai, isi {_KEYS[modality]} di [devices]",
                    "device",
                    facts,
                )


def _settle(supervisor: Supervisor, cancel: CancelToken, limit: Deadline) -> None:
    """Wait until no place is still being looked at."""
    while not limit.passed():
        if not any(report.condition is Condition.WAIT for report in supervisor.reports()):
            return
        cancel.wait(_LOOK_S)


def _tested(supervisor: Supervisor) -> tuple[DeviceReport, ...]:
    """Return the reports, with what a test of each ready device says."""
    reports, limit = supervisor.reports(), Deadline.after(_TEST_S)
    tests = {
        report.modality: Errand(
            report.modality.value, partial(supervisor.self_test, report.modality, limit)
        )
        for report in reports
        if report.condition is Condition.READY
    }
    healths = {modality: test.answer(limit) for modality, test in tests.items()}
    return tuple(
        _worse(report, healths[report.modality])
        if report.modality in healths
        else _unanswered(report)
        for report in reports
    )


def _worse(report: DeviceReport, health: Health | None) -> DeviceReport:
    if health is None:
        return replace(report, condition=Condition.ATTENTION, code=DeviceTimeout.code)
    if health.state is HealthState.READY:
        return report
    absent = health.state is HealthState.ABSENT
    condition = Condition.ABSENT if absent else Condition.ATTENTION
    return replace(report, condition=condition, code=health.code)


def _unanswered(report: DeviceReport) -> DeviceReport:
    """Who is still silent when the time is over has a device, or a driver, that hangs."""
    if report.condition is not Condition.WAIT or report.code == DeviceBusy.code:
        return report
    code = report.code or DeviceTimeout.code
    return replace(report, condition=Condition.ATTENTION, code=code)


def finding_of(report: DeviceReport, settings: DeviceSettings) -> Finding:
    """Return the line of one place."""
    plight = plight_of(report)
    key = _KEYS[report.modality]
    step = plight.step.removeprefix("Panggil teknisi: ").rstrip(".")
    severity = _SEVERITIES[report.condition]
    if report.condition is Condition.UNCONFIGURED:
        step = f"bila perlu, isi {key} di [devices]"
    elif report.condition is Condition.ABSENT and not _named(settings, report.modality):
        severity = LOOK  # nobody said that there must be one
    elif report.upkeep:
        severity = max(severity, LOOK)
    parts = [plight.said[:1].lower() + plight.said[1:], *_identity(report)]
    return Finding(
        severity,
        f"{device_word(report.modality.value)}: {' · '.join(parts)}",
        step,
        "device",
        _facts(report),
    )


def _named(settings: DeviceSettings, modality: Modality) -> bool:
    """Whether the site says where this device is; a card reader may also be any that is there."""
    return modality is not Modality.CARD or bool(settings.card_reader)


def _identity(report: DeviceReport) -> Iterator[str]:
    if report.driver:
        yield f"{report.driver} {report.address}".strip()
    info = report.offered or report.info
    if report.label and report.label != model_word(info):
        yield report.label
    if info is not None:
        if model_word(info):
            yield model_word(info)
        yield f"seri {told(info.serial) or '–'}"
        if told(info.firmware):
            yield f"firmware {info.firmware}"
        yield f"kelas {grade_word(info.grade)}"


def _facts(report: DeviceReport) -> dict[str, Fact]:
    info = report.offered or report.info
    return {
        "place": report.modality.value,
        "condition": report.condition.value,
        "code": report.code,
        "reason": report.reason,
        "driver": report.driver,
        "address": report.address,
        "label": report.label,
        "make": info.make if info else "",
        "model": info.model if info else "",
        "serial": info.serial if info else "",
        "firmware": info.firmware if info else "",
        "grade": info.grade.value if info else "",
    }
