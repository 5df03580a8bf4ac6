"""May this person be recorded today, and may the card be printed: one answer with its reason.

Recording is done from 16; the card is printed from 17, or at once for whoever is or was married.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from station.person.codes import Citizenship
from station.person.person import Person

RECORD_FROM: Final = 16
PRINT_FROM: Final = 17
_STARTS: Final = "UNREGISTERED"  # the only official status that may start a recording


class EligibilityCode(StrEnum):
    """The answer; the interface has a sentence for each."""

    ELIGIBLE = "ELIGIBLE"
    ELIGIBLE_PRINT_LATER = "ELIGIBLE_PRINT_LATER"  # with hold AGE_17
    STATUS = "STATUS"  # already recorded, or a status nobody knows
    TOO_YOUNG = "TOO_YOUNG"
    NO_ITAP = "NO_ITAP"
    ITAP_EXPIRED = "ITAP_EXPIRED"


class Backdrop(StrEnum):
    """The colour behind the head: by parity of the birth year, orange for foreigners."""

    RED = "red"
    BLUE = "blue"
    ORANGE = "orange"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer for one person on one day, with what its sentence needs."""

    code: EligibilityCode
    backdrop: Backdrop
    age: int  # completed years
    hold: str  # "AGE_17" or ""
    print_from: dt.date  # the first day on which the card may be printed
    record_from: dt.date  # the first day on which the person may be recorded
    itap_until: dt.date | None
    status: str  # official status as looked up

    @property
    def may_record(self) -> bool:
        """Whether a recording may start."""
        return self.code in {EligibilityCode.ELIGIBLE, EligibilityCode.ELIGIBLE_PRINT_LATER}


def birthday(birth: dt.date, years: int) -> dt.date:
    """Return the day on which an age is reached; 29 February falls on 1 March in a common year."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return dt.date(birth.year + years, 3, 1)


def age_on(birth: dt.date, day: dt.date) -> int:
    """Return completed years of age."""
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1


def backdrop_of(person: Person) -> Backdrop:
    """Return the backdrop: odd birth year red, even blue, foreigner orange."""
    if person.citizenship is Citizenship.WNA:
        return Backdrop.ORANGE
    return Backdrop.RED if person.birth_date.year % 2 else Backdrop.BLUE


def may_print(person: Person, day: dt.date) -> bool:
    """Whether the card may be printed on that day."""
    return person.ever_married or birthday(person.birth_date, PRINT_FROM) <= day


def judge(person: Person, status: str, now: dt.datetime, zone: ZoneInfo) -> Eligibility:
    """Answer for this person, with the official status as looked up.

    ``now`` is aware; the day is taken in ``zone``, the office's own.
    """
    today = now.astimezone(zone).date()
    code = next(
        (code for code, stops in _STOPS.items() if stops(person, status, today)),
        EligibilityCode.ELIGIBLE,
    )
    if code is EligibilityCode.ELIGIBLE and not may_print(person, today):
        code = EligibilityCode.ELIGIBLE_PRINT_LATER
    held = code is EligibilityCode.ELIGIBLE_PRINT_LATER
    born, married = person.birth_date, person.ever_married
    return Eligibility(
        code=code,
        backdrop=backdrop_of(person),
        age=age_on(born, today),
        hold="AGE_17" if held else "",
        print_from=today if married else max(today, birthday(born, PRINT_FROM)),
        record_from=today if married else max(today, birthday(born, RECORD_FROM)),
        itap_until=person.itap_until,
        status=status,
    )


def _too_young(person: Person, _status: str, today: dt.date) -> bool:
    return not person.ever_married and birthday(person.birth_date, RECORD_FROM) > today


def _no_itap(person: Person, _status: str, _today: dt.date) -> bool:
    return person.citizenship is Citizenship.WNA and person.itap_until is None


def _itap_expired(person: Person, _status: str, today: dt.date) -> bool:
    foreign = person.citizenship is Citizenship.WNA
    return foreign and person.itap_until is not None and person.itap_until < today


# In the order in which they are told: a record that exists already ends the talk.
_STOPS: Final[Mapping[EligibilityCode, Callable[[Person, str, dt.date], bool]]] = {
    EligibilityCode.STATUS: lambda _person, status, _today: status != _STARTS,
    EligibilityCode.NO_ITAP: _no_itap,
    EligibilityCode.ITAP_EXPIRED: _itap_expired,
    EligibilityCode.TOO_YOUNG: _too_young,
}
