"""The invented people of rehearsals: who stands in the queue, with which body and which history.

Nobody here exists. NIKs are composed, so that ages which must hold "today" stay true on any day.
"""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from station.devices import Eye, FingerPosition
from station.person.bundle import load_demo_bundle
from station.person.codes import Citizenship, MaritalStatus, Sex
from station.person.directory import DirectoryEntry, PersonDirectory
from station.person.eligibility import birthday
from station.person.nik import compose
from station.person.person import Address, Certificate, Parent, Person, to_json
from station.person.regions import RegionTable, parent_of

_ROSTER: Final = Path(__file__).parent / "data" / "demo_roster.json"
_FIRST_CALL: Final = dt.time(8, 0)
_MINUTES_EACH: Final = 5


@dataclass(frozen=True, slots=True)
class Body:
    """What an emulated body is like. The same seed gives the same fingers, eyes and face."""

    seed: int
    missing_fingers: tuple[FingerPosition, ...] = ()
    blind_eyes: tuple[Eye, ...] = ()
    cannot_sign: bool = False
    hijab: bool = False
    glasses: bool = False


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One invented person in the queue. ``case`` is a stable name for tests and trainers."""

    case: str
    person: Person
    ticket: str
    appointment: dt.time
    body_of: Body
    status: str  # official status at the start
    first_area: str  # dotted kab/kota code of the first recording, '' when there is none

    @property
    def body(self) -> int:
        """The seed of the emulated body."""
        return self.body_of.seed

    @property
    def missing_fingers(self) -> tuple[FingerPosition, ...]:
        """Fingers that are not there."""
        return self.body_of.missing_fingers

    @property
    def blind_eyes(self) -> tuple[Eye, ...]:
        """Eyes without a usable iris."""
        return self.body_of.blind_eyes

    @property
    def cannot_sign(self) -> bool:
        """Whether the person cannot sign."""
        return self.body_of.cannot_sign


def load_demo_roster(today: dt.date) -> tuple[RosterEntry, ...]:
    """Return the invented people in the order of their tickets; relative ages are kept on any day."""
    rows = json.loads(_ROSTER.read_text("utf-8"))["people"]
    regions = load_demo_bundle().regions
    return tuple(_entry(number, row, today, regions) for number, row in enumerate(rows, 1))


def case_of(roster: tuple[RosterEntry, ...], case: str) -> RosterEntry:
    """Return the entry of a case; KeyError when there is none."""
    for entry in roster:
        if entry.case == case:
            return entry
    raise KeyError(case)


def directory_of(roster: tuple[RosterEntry, ...]) -> PersonDirectory:
    """Return a directory that holds exactly these people."""
    return PersonDirectory(
        DirectoryEntry(
            entry.person.nik,
            entry.person.full_name,
            entry.person.birth_date,
            entry.status,
            entry.first_area,
            entry.ticket,
            hashlib.sha256(to_json(entry.person)).digest(),
        )
        for entry in roster
    )


def _entry(number: int, row: dict[str, Any], today: dt.date, regions: RegionTable) -> RosterEntry:
    minutes = (number - 1) * _MINUTES_EACH
    call = dt.datetime.combine(today, _FIRST_CALL) + dt.timedelta(minutes=minutes)
    return RosterEntry(
        case=row["case"],
        person=_person(number, row, today, regions),
        ticket=f"A-{number:03d}",
        appointment=call.time(),
        body_of=Body(
            seed=row["body"],
            missing_fingers=tuple(FingerPosition[name] for name in row.get("missing_fingers", ())),
            blind_eyes=tuple(Eye[name] for name in row.get("blind_eyes", ())),
            cannot_sign=row.get("cannot_sign", False),
            hijab=row.get("hijab", False),
            glasses=row.get("glasses", False),
        ),
        status=row.get("status", "UNREGISTERED"),
        first_area=row.get("first_area", ""),
    )


def _person(number: int, row: dict[str, Any], today: dt.date, regions: RegionTable) -> Person:
    sex, birth = Sex(row["sex"]), _birth_date(row["birth"], today)
    home = row.get("home", row["area"])
    itap = row.get("itap_days")
    return Person(
        nik=compose(row["area"], birth, sex, row["serial"]),
        kk_number=f"{home.replace('.', '')}140316{number:04d}",
        full_name=row["name"],
        sex=sex,
        birthplace=row["birthplace"],
        birth_date=birth,
        address=_address(row, home, regions),
        mother=Parent(row["mother"]),
        father=Parent(row["father"]),
        religion=row["religion"],
        marital_status=MaritalStatus(row.get("marital", 1)),
        family_relation=row.get("relation", 4),
        blood_group=row.get("blood", 13),
        disability=row.get("disability", 7),
        education=row.get("education", 5),
        occupation=row.get("occupation", 1),
        citizenship=Citizenship(row.get("citizenship", 1)),
        title_before=row.get("title_before", ""),
        title_after=row.get("title_after", ""),
        birth_certificate=Certificate(f"6101-LT-{number:08d}"),
        marriage_certificate=Certificate(f"{number:04d}/CONTOH")
        if row.get("marital") == 2
        else None,
        itap_until=None if itap is None else today + dt.timedelta(days=itap),
    )


def _address(row: dict[str, Any], home: str, regions: RegionTable) -> Address:
    regency = parent_of(home)
    return Address(
        street=row["street"],
        rt=row.get("rt", "001"),
        rw=row.get("rw", "001"),
        village=row["village"],
        district=regions.name(home).upper(),
        regency=regions.name(regency).upper(),
        province=regions.name(parent_of(regency)).upper(),
        district_code=home,
    )


def _birth_date(birth: str | dict[str, int], today: dt.date) -> dt.date:
    """Read an ISO date, or ``{"age": 16, "days": 90}``: 16 years and 90 days old today."""
    if isinstance(birth, str):
        return dt.date.fromisoformat(birth)
    day = today - dt.timedelta(days=birth["days"])
    born = birthday(day, -birth["age"])
    # Nobody was born on a 29 February of a common year: the day before is an age just passed.
    return born if birthday(born, birth["age"]) <= day else born - dt.timedelta(days=1)
