"""From the supervisor's report of a place to what its card says."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from station.device_report import Condition, DeviceReport
from station.devices import DeviceInfo, Grade, Modality
from station.errors import LampStuck
from ui.device_words import (
    code_plights,
    device_word,
    grade_notes,
    grade_word,
    model_word,
    plight_of,
    state_word,
    told,
    upkeep_step,
)
from ui.pages.device_detail import DetailView
from ui.pages.devices import DeviceCard
from ui.presenters.shell import DEVICE_ICONS
from ui.widgets.device_tile import Question, TileView

translate = QCoreApplication.translate
_GONE = frozenset({Condition.ABSENT, Condition.UNCONFIGURED})


@dataclass(frozen=True, slots=True)
class Asked:
    """What runs for a device on the page's behalf, and how the last test ended."""

    busy: bool = False
    testing: bool = False
    last_test: str = ""


def card_of(report: DeviceReport, asked: Asked) -> DeviceCard:
    """Return the card of one place."""
    key, name = report.modality.value, device_word(report.modality.value)
    plight = plight_of(report)
    model = model_word(_present(report) or report.info) or report.label
    tile = TileView(
        key=key,
        icon=DEVICE_ICONS[report.modality],
        name=name,
        model=model,
        condition=report.condition,
        said=plight.said,
        step=plight.step,
        fine=_fine(report),
        note=_note(report),
        testing=asked.testing,
        danger=report.code == LampStuck.code,
        question=_question(report),
    )
    return DeviceCard(tile, _detail(report, asked, name, model))


def _detail(report: DeviceReport, asked: Asked, name: str, model: str) -> DetailView:
    present, there = _present(report), report.condition not in _GONE
    head, note = "", ""
    if present is not None and not _grade_says_nothing(report.modality, present):
        head, note = grade_notes().get(present.grade, ("", ""))
    return DetailView(
        key=report.modality.value,
        name=name,
        model=model,
        facts=_facts(report, asked),
        grade_head=head,
        grade_note=note,
        upkeep=_upkeep(report),
        testable=report.condition is not Condition.UNCONFIGURED,
        identifiable=report.identifiable and there,
        calibratable=report.calibratable and there,
        busy=asked.busy,
    )


def _upkeep(report: DeviceReport) -> tuple[str, ...]:
    if report.condition is Condition.OTHER_DEVICE:
        return ()
    return tuple(upkeep_step(work, report.modality) for work in report.upkeep)


def _present(report: DeviceReport) -> DeviceInfo | None:
    """Return the device that is plugged in now; an empty place only knows who belongs there."""
    if report.condition is Condition.OTHER_DEVICE:
        return report.offered
    return None if report.condition in _GONE else report.info


def _note(report: DeviceReport) -> str:
    """Return the small print of a card: when it is looked for again, else the serial number."""
    if report.condition is Condition.OTHER_DEVICE:
        return ""  # the question names both numbers
    waits = report.condition in {Condition.WAIT, Condition.ABSENT}
    if waits and report.retry_in_s is not None:
        seconds = max(1, math.ceil(report.retry_in_s))
        return translate("devices", "cari lagi: {n} detik").format(n=seconds)
    if report.info is not None and told(report.info.serial):
        return translate("devices", "No. seri {serial}").format(serial=report.info.serial)
    return ""


def _fine(report: DeviceReport) -> str:
    """Return what one wants to know of a device that is well: its grade and its quality."""
    present = _present(report)
    if present is None or _grade_says_nothing(report.modality, present):
        return ""
    grade = grade_word(present.grade)
    grade = grade[:1].upper() + grade[1:]
    if report.last_quality is None:
        return grade
    quality = translate("devices", "mutu {last}").format(last=report.last_quality)
    if report.usual_quality is not None:
        usual = translate("devices", "biasa {usual}").format(usual=round(report.usual_quality))
        quality = f"{quality} ({usual})"
    return f"{grade} · {quality}"


def _grade_says_nothing(modality: Modality, info: DeviceInfo) -> bool:
    """Whether the grade is without meaning: a card reader makes no samples."""
    return modality is Modality.CARD and info.grade is not Grade.EMULATED


def _question(report: DeviceReport) -> Question | None:
    if report.condition is not Condition.OTHER_DEVICE or report.offered is None:
        return None
    before = _named(report.info) if report.info is not None else "–"
    return Question(before, _named(report.offered), report.offered.serial)


def _named(info: DeviceInfo) -> str:
    serial = told(info.serial) or translate("devices", "tanpa nomor seri")
    return f"{model_word(info)} · {serial}".removeprefix(" · ")


def _facts(report: DeviceReport, asked: Asked) -> tuple[tuple[str, str], ...]:
    present = _present(report)
    info = present or report.info
    rows = [
        (translate("devices", "Sambungan"), report.address),
        (
            translate("devices", "Terbaca sebagai"),
            "" if report.label == model_word(info) else report.label,
        ),
        (translate("devices", "Penggerak"), report.driver),
    ]
    if info is not None:
        rows.append((translate("devices", "Nomor seri"), _serial(report, info)))
    if present is not None:
        rows += [
            (translate("devices", "Firmware"), told(present.firmware)),
            (
                translate("devices", "Kelas"),
                "" if _grade_says_nothing(report.modality, present) else grade_word(present.grade),
            ),
        ]
    if report.condition not in _GONE:
        rows.append((translate("devices", "Sekarang"), state_word(report.state)))
    if report.condition is not Condition.OTHER_DEVICE:  # the figures are those of the one before
        rows += _figures(report)
    rows += [
        (translate("devices", "Uji terakhir"), asked.last_test),
        (translate("devices", "Kode"), report.code),
    ]
    return tuple((caption, text) for caption, text in rows if text)


def _figures(report: DeviceReport) -> list[tuple[str, str]]:
    return [
        (translate("devices", "Mutu"), _quality(report)),
        (translate("devices", "Lama ambil"), _seconds(report.usual_seconds)),
        (translate("devices", "Pengambilan"), _captures(report)),
        (translate("devices", "Kegagalan"), _failures(report)),
        (translate("devices", "Sambung ulang"), _times(report.reconnects)),
    ]


def _serial(report: DeviceReport, info: DeviceInfo) -> str:
    configured = report.capabilities is not None and report.capabilities.serial_is_configured
    if info.serial and configured:
        return translate("devices", "{serial} (dari pengaturan)").format(serial=info.serial)
    return told(info.serial) or "–"


def _quality(report: DeviceReport) -> str:
    if report.last_quality is None:
        return ""
    if report.usual_quality is None:
        return translate("devices", "{last} terakhir").format(last=report.last_quality)
    return translate("devices", "{last} terakhir, biasanya {usual}").format(
        last=report.last_quality, usual=round(report.usual_quality)
    )


def _seconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    number = QLocale().toString(seconds, "f", 1)
    return translate("devices", "biasanya {n} detik").format(n=number)


def _captures(report: DeviceReport) -> str:
    failed = sum(report.failures.values())
    if not report.captures and not failed:
        return ""
    return translate("devices", "{good} baik, {failed} gagal").format(
        good=report.captures, failed=failed
    )


def _failures(report: DeviceReport) -> str:
    if not report.failures:
        return ""
    table = code_plights()
    code, times = max(report.failures.items(), key=lambda item: item[1])
    said = table.get(code, table["DEVICE"]).said
    return f"{times} × {said[:1].lower()}{said[1:]}"


def _times(number: int) -> str:
    return translate("devices", "{n} kali").format(n=number) if number else ""
