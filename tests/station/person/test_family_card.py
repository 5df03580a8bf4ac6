"""The KK number: a date of recording, not of birth, and never a key."""

import datetime as dt

import pytest

from station.person.family_card import parse_kk

TODAY = dt.date(2026, 11, 22)


def test_a_good_number_reads_as_area_date_and_serial():
    reading = parse_kk("6101011403160001", TODAY)
    assert reading.number == "6101011403160001"
    assert (reading.district, reading.serial) == ("61.01.01", 1)
    assert dt.date(2016, 3, 14) in reading.recorded


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("610101540316000", ("FORMAT",)),
        ("6101015403160001", ("DATE",)),  # no +40 in a KK number
        ("6101011403160000", ("SEQ",)),
        ("6101013002160000", ("DATE", "SEQ")),
        ("６101011403160001", ("FORMAT",)),
    ],
)
def test_a_bad_number_names_its_problems(text, problems):
    reading = parse_kk(text, TODAY)
    assert reading.number is None
    assert reading.problems == problems
