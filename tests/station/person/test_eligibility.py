"""Who may be recorded and when the card may be printed."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.person.codes import Citizenship, MaritalStatus
from station.person.eligibility import (
    Backdrop,
    EligibilityCode,
    age_on,
    backdrop_of,
    birthday,
    judge,
    may_print,
)
from station.person.roster import load_demo_roster

ZONE = ZoneInfo("Asia/Pontianak")
ADULT = load_demo_roster(dt.date(2026, 11, 22))[0].person
DATES = st.dates(dt.date(1910, 1, 1), dt.date(2060, 12, 31))


def someone(birth, **fields):
    return replace(ADULT, birth_date=dt.date.fromisoformat(birth), **fields)


def on(day, person, status="UNREGISTERED"):
    return judge(person, status, dt.datetime.fromisoformat(f"{day}T03:00:00+00:00"), ZONE)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2026-03-11", EligibilityCode.TOO_YOUNG),
        ("2026-03-12", EligibilityCode.ELIGIBLE_PRINT_LATER),
        ("2027-03-11", EligibilityCode.ELIGIBLE_PRINT_LATER),
        ("2027-03-12", EligibilityCode.ELIGIBLE),
    ],
)
def test_recording_begins_at_16_and_printing_at_17(day, code):
    answer = on(day, someone("2010-03-12"))
    assert answer.code is code
    assert answer.hold == ("AGE_17" if code is EligibilityCode.ELIGIBLE_PRINT_LATER else "")
    assert answer.print_from == dt.date(2027, 3, 12)


def test_who_is_too_young_is_told_the_first_day():
    answer = on("2026-01-05", someone("2010-03-12"))
    assert answer.record_from == dt.date(2026, 3, 12)
    assert not answer.may_record


def test_born_on_29_february_17_is_reached_on_1_march():
    person = someone("2008-02-29")
    assert on("2025-02-28", person).hold == "AGE_17"
    assert on("2025-02-28", person).print_from == dt.date(2025, 3, 1)
    assert on("2025-03-01", person).code is EligibilityCode.ELIGIBLE
    assert on("2024-02-28", person).code is EligibilityCode.TOO_YOUNG
    assert on("2024-02-29", person).code is EligibilityCode.ELIGIBLE_PRINT_LATER


def test_the_day_is_that_of_the_office():
    person = someone("2009-11-22")
    evening = dt.datetime(2026, 11, 21, 17, 0, tzinfo=dt.UTC)  # 00:00 of the 22nd in Pontianak
    assert judge(person, "UNREGISTERED", evening, ZONE).code is EligibilityCode.ELIGIBLE
    before = evening - dt.timedelta(seconds=1)
    assert judge(person, "UNREGISTERED", before, ZONE).hold == "AGE_17"


@pytest.mark.parametrize(
    "marital", [MaritalStatus.MARRIED, MaritalStatus.DIVORCED, MaritalStatus.WIDOWED]
)
def test_whoever_is_or_was_married_is_recorded_and_printed_at_any_age(marital):
    answer = on("2026-11-22", someone("2011-05-06", marital_status=marital))
    assert (answer.code, answer.hold) == (EligibilityCode.ELIGIBLE, "")
    assert answer.print_from == dt.date(2026, 11, 22)


def test_a_foreigner_needs_a_valid_permanent_stay_permit():
    def foreigner(until):
        return someone("1980-04-09", citizenship=Citizenship.WNA, itap_until=until)

    day = dt.date(2026, 11, 22)
    assert on("2026-11-22", foreigner(None)).code is EligibilityCode.NO_ITAP
    assert on("2026-11-22", foreigner(day)).code is EligibilityCode.ELIGIBLE
    expired = foreigner(day - dt.timedelta(days=1))
    assert on("2026-11-22", expired).code is EligibilityCode.ITAP_EXPIRED


@pytest.mark.parametrize("status", ["BIO_CAPTURED", "CARD_ISSUED", "entah", ""])
def test_only_unregistered_starts_a_recording(status):
    answer = on("2026-11-22", ADULT, status)
    assert answer.code is EligibilityCode.STATUS
    assert answer.status == status
    assert not answer.may_record


def test_the_backdrop_follows_the_birth_year_and_a_foreigner_gets_orange():
    assert backdrop_of(someone("1999-12-31")) is Backdrop.RED
    assert backdrop_of(someone("2000-01-01")) is Backdrop.BLUE
    foreigner = someone("1999-12-31", citizenship=Citizenship.WNA)
    assert backdrop_of(foreigner) is Backdrop.ORANGE


@given(DATES, st.integers(0, 100))
def test_an_age_begins_on_its_birthday_and_not_a_day_earlier(birth, years):
    day = birthday(birth, years)
    assert age_on(birth, day) == years
    assert age_on(birth, day - dt.timedelta(days=1)) == years - 1


@given(DATES, st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)))
def test_an_answer_never_lets_print_before_17(birth, day):
    person = replace(ADULT, birth_date=birth)
    answer = on(day.isoformat(), person)
    if answer.code is EligibilityCode.ELIGIBLE:
        assert may_print(person, day)
    elif answer.code is EligibilityCode.ELIGIBLE_PRINT_LATER:
        assert not may_print(person, day)
        assert may_print(person, answer.print_from)
