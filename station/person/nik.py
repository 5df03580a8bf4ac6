"""The NIK: 16 digits read into area, sex, possible birth dates and serial, with every finding named.

A NIK never changes, not even after a correction of the birth date, so a NIK that disagrees with the
record is a warning and never a block. There is no check digit.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NewType

from station.person.codes import Sex
from station.person.regions import Known, RegionTable

Nik = NewType("Nik", str)

# [0-9] and not \d: full-width digits look the same on the screen.
_SHAPE: Final = re.compile(r"[0-9]{16}")
_WOMAN: Final = 40
_OLDEST: Final = 120


class FindingKind(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"  # not a NIK
    WARNING = "warning"  # shown, asked about, never blocks
    NOTICE = "notice"


class NikCode(StrEnum):
    """What can be found in a NIK."""

    FORMAT = "FORMAT"
    SEQ = "SEQ"
    DATE = "DATE"
    PROVINCE = "PROVINCE"
    AREA_UNKNOWN = "AREA_UNKNOWN"
    AREA_RETIRED = "AREA_RETIRED"
    BIRTH_MISMATCH = "BIRTH_MISMATCH"
    SEX_MISMATCH = "SEX_MISMATCH"
    AREA_NOT_COVERED = "AREA_NOT_COVERED"
    AREA_OTHER = "AREA_OTHER"


KINDS: Final[Mapping[NikCode, FindingKind]] = {
    NikCode.FORMAT: FindingKind.ERROR,
    NikCode.SEQ: FindingKind.ERROR,
    NikCode.DATE: FindingKind.ERROR,
    NikCode.PROVINCE: FindingKind.ERROR,
    NikCode.AREA_UNKNOWN: FindingKind.WARNING,
    NikCode.AREA_RETIRED: FindingKind.WARNING,
    NikCode.BIRTH_MISMATCH: FindingKind.WARNING,
    NikCode.SEX_MISMATCH: FindingKind.WARNING,
    NikCode.AREA_NOT_COVERED: FindingKind.NOTICE,
    NikCode.AREA_OTHER: FindingKind.NOTICE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. ``detail`` is an area code or the bundle's version, never personal."""

    code: NikCode
    detail: str = ""

    @property
    def kind(self) -> FindingKind:
        """How much it weighs."""
        return KINDS[self.code]


@dataclass(frozen=True, slots=True)
class NikReading:
    """What a text says when read as a NIK. Codes are dotted; empty where the format is wrong."""

    nik: Nik | None  # None when any error was found
    province: str
    regency: str  # kabupaten or kota
    district: str  # kecamatan
    sex: Sex | None
    birth_dates: tuple[dt.date, ...]  # every possible one, earliest first
    serial: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings and notices do not count."""
        return self.nik is not None

    def codes(self) -> tuple[NikCode, ...]:
        """Return the codes of the findings in order."""
        return tuple(finding.code for finding in self.findings)

    def against_record(self, birth_date: dt.date, sex: Sex) -> "NikReading":
        """Add warnings where the population record says otherwise."""
        found = list(self.findings)
        if self.birth_dates and birth_date not in self.birth_dates:
            found.append(Finding(NikCode.BIRTH_MISMATCH))
        if self.sex is not None and sex is not self.sex:
            found.append(Finding(NikCode.SEX_MISMATCH))
        return replace(self, findings=tuple(found))

    def against_station(self, regency: str) -> "NikReading":
        """Add a notice when the NIK was issued in another kab/kota (recording there is allowed)."""
        if not self.regency or self.regency == regency:
            return self
        return replace(self, findings=(*self.findings, Finding(NikCode.AREA_OTHER, self.regency)))


def parse(text: str, today: dt.date, regions: RegionTable) -> NikReading:
    """Read a text as a NIK; never raises, everything wrong is a finding."""
    if not _SHAPE.fullmatch(text):
        return NikReading(None, "", "", "", None, (), 0, (Finding(NikCode.FORMAT),))
    province, regency = text[:2], f"{text[:2]}.{text[2:4]}"
    district = f"{regency}.{text[4:6]}"
    sex, dates = _birth(text[6:12], today)
    serial = int(text[12:])
    findings = []
    if not dates:
        findings.append(Finding(NikCode.DATE))
    if serial == 0:
        findings.append(Finding(NikCode.SEQ))
    findings += _area(province, regency, district, regions)
    broken = any(finding.kind is FindingKind.ERROR for finding in findings)
    nik = None if broken else Nik(text)
    return NikReading(nik, province, regency, district, sex, dates, serial, tuple(findings))


def is_nik_shaped(text: str) -> bool:
    """Whether a text has the form of a NIK: 16 ASCII digits."""
    return _SHAPE.fullmatch(text) is not None


def compose(district: str, birth_date: dt.date, sex: Sex, serial: int) -> Nik:
    """Build the NIK of an invented person. Real ones are issued by SIAK alone.

    ``district`` is a dotted kecamatan code, ``serial`` 1..9999.
    """
    day = birth_date.day + (_WOMAN if sex is Sex.FEMALE else 0)
    return Nik(f"{district.replace('.', '')}{day:02d}{birth_date:%m%y}{serial:04d}")


def shown_short(nik: str) -> str:
    """Return the NIK with its birth date and serial masked, for lists others may see."""
    return f"{nik[:6]}••••••{nik[-4:]}"


def _birth(digits: str, today: dt.date) -> tuple[Sex | None, tuple[dt.date, ...]]:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    sex = None
    if 1 <= day <= 31:
        sex = Sex.MALE
    elif 1 + _WOMAN <= day <= 31 + _WOMAN:
        sex, day = Sex.FEMALE, day - _WOMAN
    if sex is None:
        return None, ()
    dates = []
    for century in (1900, 2000):
        try:
            date = dt.date(century + year, month, day)
        except ValueError:
            continue
        had_birthday = (today.month, today.day) >= (date.month, date.day)
        age = today.year - date.year - (not had_birthday)
        if date <= today and age <= _OLDEST:
            dates.append(date)
    return sex, tuple(dates)


def _area(province: str, regency: str, district: str, regions: RegionTable) -> list[Finding]:
    if regions.knows(province) in {Known.NO, Known.NOT_COVERED}:
        return [Finding(NikCode.PROVINCE, regions.version)]
    for code in (province, regency, district):
        known = regions.knows(code)
        if known is not Known.CURRENT:
            return [Finding(_AREA_CODES[known], code)]
    return []


_AREA_CODES: Final[Mapping[Known, NikCode]] = {
    Known.RETIRED: NikCode.AREA_RETIRED,
    Known.NO: NikCode.AREA_UNKNOWN,
    Known.NOT_COVERED: NikCode.AREA_NOT_COVERED,
}
