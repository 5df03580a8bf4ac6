"""Who sits before an emulated lens: a person of the roster by NIK, or anybody drawn from a seed."""

from drivers.emulation.body import Body
from station.clock import Clock
from station.person.eligibility import backdrop_of
from station.person.roster import RosterEntry, load_demo_roster
from station.settings import Settings


def sitter(nik: str, seed: int, clock: Clock) -> Body:
    """Return the body of a roster person, of a nobody when ``nik`` is ''; ValueError for an unknown NIK."""
    if not nik:
        return Body(body=seed, name="")
    today = clock.now().astimezone(Settings().zone_info).date()
    for entry in load_demo_roster(today):
        if str(entry.person.nik) == nik:
            return _body(entry)
    raise ValueError("nobody has this NIK")


def _body(entry: RosterEntry) -> Body:
    return Body(
        body=entry.body,
        name=entry.person.full_name,
        sex="female" if int(entry.person.sex) == 2 else "male",
        hijab=entry.body_of.hijab,
        glasses=False,  # taken off before the photo, as the rule asks
        backdrop=backdrop_of(entry.person).value,
        missing=frozenset(finger.name for finger in entry.missing_fingers),
        blind=frozenset(eye.name for eye in entry.blind_eyes),
        cannot_sign=entry.cannot_sign,
    )
