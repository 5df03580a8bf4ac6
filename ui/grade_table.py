"""The table of device grades on the command line: signing one with rehearsal keys, and checking one."""

import json
from collections.abc import Mapping
from pathlib import Path

from station.clock import SystemClock
from station.devices import Grade
from station.grades import SUFFIX, GradesRefused, load_grades, sign_grades
from station.keys.rehearsal import PASSPHRASE
from station.keys.roles import Role
from station.keys.soft import Profile, SoftKeyStore


def signed(table: Path, keys: Path) -> Path:
    """Sign a table and return where the signature lies; GradesRefused for one without sense, KeyRefused."""
    store = SoftKeyStore(keys, PASSPHRASE, Profile.REHEARSAL)
    try:
        data = table.read_bytes()
    except OSError as cause:
        raise GradesRefused(reason="FILE_MISSING") from cause
    beside = table.with_name(table.name + SUFFIX)
    beside.write_bytes(sign_grades(data, store.signer(Role.DEVICE_GRADES)))
    try:
        checked(table, keys)
    except GradesRefused:
        beside.unlink()  # nothing wrong leaves with our name under it
        raise
    return beside


def checked(table: Path, keys: Path) -> Mapping[str, Grade]:
    """Return the grades of a table whose signature holds, by model in words; GradesRefused, KeyRefused."""
    store = SoftKeyStore(keys, PASSPHRASE, Profile.REHEARSAL)
    grades = load_grades(table, store.authority(), SystemClock().now())
    return {" ".join(names): grade for names, grade in grades.items()}


def as_json(grades: Mapping[str, Grade]) -> str:
    """Return the lines to print."""
    return json.dumps({name: grade.value for name, grade in grades.items()}, indent=2)
