"""Reading a NIK: the published vectors and the rules behind them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.person.bundle import load_demo_bundle
from station.person.codes import Sex
from station.person.nik import FindingKind, NikCode, compose, is_nik_shaped, parse, shown_short

TODAY = dt.date(2026, 11, 22)
REGIONS = load_demo_bundle().regions


def read(text, today=TODAY):
    return parse(text, today, REGIONS)


def test_a_woman_of_sambas():
    reading = read("6101014101010001")
    assert reading.findings == ()
    assert (reading.province, reading.regency, reading.district) == ("61", "61.01", "61.01.01")
    assert reading.sex is Sex.FEMALE
    assert reading.birth_dates == (dt.date(2001, 1, 1),)
    assert reading.serial == 1


def test_a_man_of_singkawang_born_on_a_leap_day():
    reading = read("6172022902000003")
    assert reading.findings == ()
    assert (reading.district, reading.sex) == ("61.72.02", Sex.MALE)
    assert reading.birth_dates == (dt.date(2000, 2, 29),)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6172022902010003", NikCode.DATE),
        ("6101018101010001", NikCode.DATE),
        ("6101017201010001", NikCode.DATE),
        ("6101014001010001", NikCode.DATE),
        ("6101010013010001", NikCode.DATE),
        ("6101010101300000", NikCode.SEQ),
        ("9701010101010001", NikCode.PROVINCE),
        ("３171011708450001", NikCode.FORMAT),
        ("610101410101000", NikCode.FORMAT),
        ("6101014101010001\n", NikCode.FORMAT),
        (" 6101014101010001", NikCode.FORMAT),
        ("61010141010100O1", NikCode.FORMAT),
        ("", NikCode.FORMAT),
    ],
)
def test_what_is_not_a_nik_is_refused_with_one_error(text, code):
    reading = read(text)
    assert reading.codes() == (code,)
    assert reading.nik is None
    assert not reading.ok


def test_the_serial_vector_keeps_its_date():
    assert read("6101010101300000").birth_dates == (dt.date(1930, 1, 1),)


def test_a_province_error_names_the_bundle_version():
    assert read("9701010101010001").findings[0].detail == REGIONS.version


@pytest.mark.parametrize(
    ("text", "code", "kind", "area"),
    [
        ("6101990101000001", NikCode.AREA_UNKNOWN, FindingKind.WARNING, "61.01.99"),
        ("6199010101000001", NikCode.AREA_UNKNOWN, FindingKind.WARNING, "61.99"),
        ("6101900101000001", NikCode.AREA_RETIRED, FindingKind.WARNING, "61.01.90"),
        ("9190010101000001", NikCode.AREA_RETIRED, FindingKind.WARNING, "91.90"),
        ("9601010101010001", NikCode.AREA_NOT_COVERED, FindingKind.NOTICE, "96.01"),
        ("6102080101010001", NikCode.AREA_NOT_COVERED, FindingKind.NOTICE, "61.02.08"),
    ],
)
def test_an_area_never_blocks(text, code, kind, area):
    reading = read(text)
    assert reading.ok
    assert [(f.code, f.kind, f.detail) for f in reading.findings] == [(code, kind, area)]


def test_the_year_00_is_2000_because_nobody_is_126():
    assert read("6101990101000001").birth_dates == (dt.date(2000, 1, 1),)


def test_both_centuries_stay_when_both_are_possible():
    assert read("6101010101070001").birth_dates == (dt.date(1907, 1, 1), dt.date(2007, 1, 1))


def test_a_person_of_120_counts_until_the_day_before_the_121st_birthday():
    text = "6101012211060001"
    assert dt.date(1906, 11, 22) in read(text, dt.date(2027, 11, 21)).birth_dates
    assert dt.date(1906, 11, 22) not in read(text, dt.date(2027, 11, 22)).birth_dates


def test_a_future_date_does_not_count():
    assert read("6101012311260001").birth_dates == (dt.date(1926, 11, 23),)
    assert read("6101012211260001").birth_dates[-1] == dt.date(2026, 11, 22)


def test_a_record_that_disagrees_is_a_warning_and_never_a_block():
    reading = read("6101014101010001").against_record(dt.date(2001, 1, 2), Sex.MALE)
    assert reading.codes() == (NikCode.BIRTH_MISMATCH, NikCode.SEX_MISMATCH)
    assert all(finding.kind is FindingKind.WARNING for finding in reading.findings)
    assert reading.ok


def test_a_record_agrees_with_either_century():
    reading = read("6101010101070001")
    for year in (1907, 2007):
        assert reading.against_record(dt.date(year, 1, 1), Sex.MALE).findings == ()


def test_a_nik_from_elsewhere_is_a_notice():
    assert read("6101014101010001").against_station("61.01").findings == ()
    away = read("6101014101010001").against_station("61.72")
    assert away.codes() == (NikCode.AREA_OTHER,)
    assert away.ok


def test_a_list_shows_no_birth_date():
    assert shown_short("6101014101010001") == "610101••••••0001"


@given(
    st.sampled_from([row.code for row in REGIONS if row.code.count(".") == 2]),
    st.dates(dt.date(1907, 1, 1), TODAY),
    st.sampled_from(Sex),
    st.integers(1, 9999),
)
def test_a_composed_nik_reads_back(district, birth, sex, serial):
    reading = read(compose(district, birth, sex, serial))
    assert reading.ok
    assert reading.district == district
    assert reading.sex is sex
    assert birth in reading.birth_dates
    assert reading.serial == serial


@given(st.text(max_size=20))
def test_any_text_gets_a_reading(text):
    reading = read(text)
    assert reading.ok or reading.findings


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_sixteen_digits_are_a_nik_exactly_when_no_error_is_found(text):
    reading = read(text)
    assert is_nik_shaped(text)
    assert reading.ok == all(f.kind is not FindingKind.ERROR for f in reading.findings)
    assert all(0 <= (TODAY - birth).days < 121 * 365.25 for birth in reading.birth_dates)
