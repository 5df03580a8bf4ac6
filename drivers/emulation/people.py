"""Whose body an emulator plays: somebody of the invented roster, or anybody by a 16-digit number."""

import datetime as dt
import hashlib
import re
from typing import Final

from drivers.emulation.body import Body
from station.clock import Clock
from station.person.codes import Sex
from station.person.eligibility import backdrop_of
from station.person.roster import RosterEntry, load_demo_roster
from station.settings import Settings

_NIK: Final = re.compile(r"[0-9]{16}")
_WOMAN: Final = 40  # added to a woman's day of birth inside the NIK
_NOBODY: Final = 900_000  # bodies drawn from a seed alone; the roster's are far below


class UnknownPerson(ValueError):
    """Not sixteen digits."""


def today_of(clock: Clock) -> dt.date:
    """Return the calendar day at the desk; the roster's NIKs are composed for it."""
    return clock.now().astimezone(Settings().zone_info).date()


def body_of(nik: str, seed: int, today: dt.date) -> Body:
    """Return the body of a NIK, of the roster where it is listed there; '' draws one from the seed.

    Raises UnknownPerson.
    """
    if not nik:
        return Body(body=_NOBODY + seed, name="CONTOH")
    if not _NIK.fullmatch(nik):
        raise UnknownPerson(nik)
    for entry in load_demo_roster(today):
        if entry.person.nik == nik:
            return roster_body(entry)
    drawn = int.from_bytes(hashlib.sha256(nik.encode()).digest()[:4], "big")
    woman = int(nik[6:8]) > _WOMAN
    return Body(body=_NOBODY + drawn, name="CONTOH", sex="female" if woman else "male")


def roster_body(entry: RosterEntry) -> Body:
    """Return the body of an invented person."""
    return Body(
        body=entry.body,
        name=entry.person.full_name,
        sex="female" if entry.person.sex is Sex.FEMALE else "male",
        hijab=entry.body_of.hijab,
        glasses=False,  # taken off before the photo, as the rule asks
        backdrop=backdrop_of(entry.person).value,
        missing=frozenset(finger.name for finger in entry.missing_fingers),
        blind=frozenset(eye.name for eye in entry.blind_eyes),
        cannot_sign=entry.cannot_sign,
    )
