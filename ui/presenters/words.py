"""Names of fingers, eyes, steps and reasons as an operator says them."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QCoreApplication, QLocale

from station.capture.exemption import ExemptionKind
from station.capture.flow import Step
from station.capture.slots import Slot
from station.ids import short_code

translate = QCoreApplication.translate


def slot_word(slot: Slot) -> str:
    """Return what an operator calls a slot: "Telunjuk kanan"."""
    words = {
        Slot.FACE: translate("words", "Foto"),
        Slot.SIGNATURE: translate("words", "Tanda tangan"),
        Slot.RIGHT_THUMB: translate("words", "Jempol kanan"),
        Slot.RIGHT_INDEX: translate("words", "Telunjuk kanan"),
        Slot.RIGHT_MIDDLE: translate("words", "Jari tengah kanan"),
        Slot.RIGHT_RING: translate("words", "Jari manis kanan"),
        Slot.RIGHT_LITTLE: translate("words", "Kelingking kanan"),
        Slot.LEFT_THUMB: translate("words", "Jempol kiri"),
        Slot.LEFT_INDEX: translate("words", "Telunjuk kiri"),
        Slot.LEFT_MIDDLE: translate("words", "Jari tengah kiri"),
        Slot.LEFT_RING: translate("words", "Jari manis kiri"),
        Slot.LEFT_LITTLE: translate("words", "Kelingking kiri"),
        Slot.IRIS_RIGHT: translate("words", "Iris kanan"),
        Slot.IRIS_LEFT: translate("words", "Iris kiri"),
    }
    return words[slot]


def step_word(step: Step) -> str:
    """Return a step's name on the rail."""
    words = {
        Step.DATA: translate("words", "Data"),
        Step.PHOTO: translate("words", "Foto"),
        Step.SIGNATURE: translate("words", "Tanda tangan"),
        Step.FINGERS: translate("words", "Jari"),
        Step.IRIS: translate("words", "Iris"),
        Step.REVIEW: translate("words", "Tinjau"),
        Step.DONE: translate("words", "Selesai"),
    }
    return words[step]


# The order in which the panel offers them: the lasting ones first.
EXEMPTION_ORDER: Final = (
    ExemptionKind.MISSING_PERMANENT,
    ExemptionKind.NOT_POSSIBLE,
    ExemptionKind.TEMPORARY,
    ExemptionKind.UNREADABLE,
    ExemptionKind.REFUSED,
)


def exemption_words() -> Mapping[ExemptionKind, str]:
    """Return what each kind of exemption is called."""
    return {
        ExemptionKind.MISSING_PERMANENT: translate("words", "Tidak ada (tetap)"),
        ExemptionKind.NOT_POSSIBLE: translate("words", "Tidak bisa (kondisi tetap)"),
        ExemptionKind.TEMPORARY: translate("words", "Sementara (perban, luka)"),
        ExemptionKind.UNREADABLE: translate("words", "Tidak terbaca alat"),
        ExemptionKind.REFUSED: translate("words", "Pemohon menolak"),
    }


def exemption_reasons() -> tuple[str, ...]:
    """Return the reasons offered; the operator may also write one."""
    return (
        translate("words", "amputasi atau bawaan lahir"),
        translate("words", "perban atau luka"),
        translate("words", "aus karena pekerjaan"),
        translate("words", "tunanetra"),
        translate("words", "tidak bisa menulis"),
        translate("words", "kondisi kesehatan"),
    )


def long_date(day: dt.date) -> str:
    """Return "12 Maret 2009" in the present language."""
    return f"{day.day} {month_word(day.month)} {day.year}"


def month_word(month: int) -> str:
    """Return a month's name in the present language."""
    return QLocale().monthName(month)


def short_moment(at: dt.datetime) -> str:
    """Return "24 Nov, 10.32" of a moment already in the office's zone."""
    return f"{at.day} {month_word(at.month)[:3]}, {at.hour:02d}.{at.minute:02d}"


def clock_time(at: dt.datetime | dt.time) -> str:
    """Return "14.05"."""
    return f"{at.hour:02d}.{at.minute:02d}"


def grouped_nik(nik: str) -> str:
    """Return a NIK in groups 6-6-4."""
    return f"{nik[:6]} {nik[6:12]} {nik[12:]}"


def megabytes(size: int) -> str:
    """Return "1.234,5 MB" with the present language's separators; "0 MB" for nothing."""
    number = QLocale().toString(size / 1_000_000, "f", 1) if size else "0"
    return f"{number} MB"


def short_code_of(packet_id: str) -> str:
    """Return the code on the receipt of a packet."""
    return short_code(uuid.UUID(packet_id))


def receipt_code(packet_id: str) -> str:
    """Return what the receipt's QR code says."""
    return f"REKAM:{short_code_of(packet_id)}:{packet_id}"
