"""The person record: strict at the edge, silent about its content when it refuses."""

import datetime as dt
import json
from dataclasses import replace

import pytest

from station.errors import FormatError
from station.person.person import from_json, to_json
from station.person.roster import load_demo_roster

PEOPLE = [entry.person for entry in load_demo_roster(dt.date(2026, 11, 22))]


def changed(**fields):
    return json.dumps(json.loads(to_json(PEOPLE[0])) | fields).encode()


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.nik)
def test_a_person_comes_back_as_it_went(person):
    assert from_json(to_json(person)) == person


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"nik": "RAHASIA"}, ""),
        ({"full_name": "RAHASIA" * 9}, ""),
        ({"sex": "RAHASIA"}, "sex"),
        ({"sex": 3}, "sex"),
        ({"birth_date": "RAHASIA"}, "birth_date"),
        ({"religion": "1"}, "religion"),
        ({"hobby": "RAHASIA"}, "hobby"),
        ({"address": {"street": "RAHASIA"}}, "address.rt"),
        ({"mother": {"name": "X", "age": 1}}, "mother.age"),
    ],
)
def test_a_wrong_field_is_refused_by_name_and_not_by_content(fields, field):
    with pytest.raises(FormatError) as caught:
        from_json(changed(**fields))
    assert caught.value.facts["field"] == field
    assert "RAHASIA" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_missing_field_is_refused():
    data = json.loads(to_json(PEOPLE[0]))
    del data["birth_date"]
    with pytest.raises(FormatError):
        from_json(json.dumps(data).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe", b"null"])
def test_rubbish_is_a_format_error(data):
    with pytest.raises(FormatError):
        from_json(data)


def test_a_log_line_of_a_person_shows_no_name_and_no_nik():
    person = PEOPLE[0]
    shown = repr(person)
    assert person.nik not in shown
    assert person.full_name not in shown
    assert "ANOM" not in shown


def test_rt_rw_000_is_legal():
    address = replace(PEOPLE[0].address, rt="000", rw="000")
    assert address.rt_rw == "000/000"
