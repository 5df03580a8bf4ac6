"""The invented people hold their promises on any day."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from station.devices import Eye, FingerPosition
from station.person.bundle import load_demo_bundle
from station.person.eligibility import EligibilityCode, judge
from station.person.nik import NikCode, parse
from station.person.roster import case_of, directory_of, load_demo_roster

TODAY = dt.date(2026, 11, 22)
DAYS = [TODAY, dt.date(2027, 3, 1), dt.date(2028, 2, 29), dt.date(2031, 12, 31)]
ROSTER = load_demo_roster(TODAY)
ZONE = ZoneInfo("Asia/Pontianak")


def answer(entry, today=TODAY):
    now = dt.datetime.combine(today, dt.time(9), ZONE)
    return judge(entry.person, entry.status, now, ZONE).code


@pytest.mark.parametrize("today", DAYS)
def test_every_nik_is_good_and_agrees_with_its_record(today):
    bundle = load_demo_bundle()
    roster = load_demo_roster(today)
    assert len(roster) >= 40
    assert len({entry.person.nik for entry in roster}) == len(roster)
    assert len({entry.case for entry in roster}) == len(roster)
    assert len({entry.ticket for entry in roster}) == len(roster)
    for entry in roster:
        person = entry.person
        reading = parse(person.nik, today, bundle.regions)
        reading = reading.against_record(person.birth_date, person.sex)
        allowed = {
            "retired_area": (NikCode.AREA_RETIRED,),
            "born_away": (NikCode.AREA_NOT_COVERED,),
        }
        assert reading.codes() == allowed.get(entry.case, ()), entry.case
        assert person.address.district
        for table, code in (
            ("religion", person.religion),
            ("occupation", person.occupation),
            ("education", person.education),
            ("family_relation", person.family_relation),
            ("blood_group", person.blood_group),
            ("disability", person.disability),
        ):
            assert bundle.codes.has(table, code, today), (entry.case, table)


@pytest.mark.parametrize("today", DAYS)
def test_relative_ages_hold_on_any_day(today):
    roster = load_demo_roster(today)
    wanted = {
        "age_16": EligibilityCode.ELIGIBLE_PRINT_LATER,
        "seventeen_today": EligibilityCode.ELIGIBLE,
        "married_at_15": EligibilityCode.ELIGIBLE,
        "under_16": EligibilityCode.TOO_YOUNG,
        "wna": EligibilityCode.ELIGIBLE,
        "wna_without_itap": EligibilityCode.NO_ITAP,
        "duplicate_record": EligibilityCode.STATUS,
        "card_issued": EligibilityCode.STATUS,
    }
    assert {case: answer(case_of(roster, case), today) for case in wanted} == wanted


def test_the_first_person_is_nur_aini():
    entry = ROSTER[0]
    assert (entry.case, entry.ticket) == ("nur_aini", "A-001")
    assert entry.person.nik == "6101015203090003"
    assert entry.person.full_name == "NUR AINI SAFITRI"
    assert answer(entry) is EligibilityCode.ELIGIBLE


def test_yani_is_one_body_with_two_niks_in_two_areas():
    one, two = case_of(ROSTER, "yani_1"), case_of(ROSTER, "yani_2")
    assert one.body == two.body
    assert one.person.nik != two.person.nik
    assert (one.person.nik[:4], two.person.nik[:4]) == ("6101", "6172")
    assert (one.person.address.regency, two.person.address.regency) == (
        "KABUPATEN SAMBAS",
        "KOTA SINGKAWANG",
    )


def test_only_yani_shares_a_body():
    bodies = [entry.body for entry in ROSTER]
    assert len(set(bodies)) == len(bodies) - 1


def test_impairments_are_those_of_the_case():
    hand = {finger for finger in FingerPosition if finger.name.startswith("RIGHT")}
    assert set(case_of(ROSTER, "no_right_hand").missing_fingers) == hand
    assert len(case_of(ROSTER, "no_fingers").missing_fingers) == 10
    assert case_of(ROSTER, "blind").blind_eyes == (Eye.RIGHT, Eye.LEFT)
    assert case_of(ROSTER, "cannot_sign").cannot_sign


def test_special_names_are_there():
    assert case_of(ROSTER, "one_word_name").person.full_name == "UMAR"
    assert len(case_of(ROSTER, "name_60").person.full_name) == 60
    assert "'" in case_of(ROSTER, "apostrophe_legacy").person.full_name
    assert case_of(ROSTER, "day_41").person.nik[6:8] == "41"
    assert case_of(ROSTER, "with_titles").person.printed_name == "H. ABDURRAHMAN WAHIDIN, S.Kom"


def test_whoever_has_a_history_has_a_first_area():
    for entry in ROSTER:
        assert bool(entry.first_area) == (entry.status != "UNREGISTERED"), entry.case


def test_a_duplicate_was_recorded_elsewhere_first():
    assert case_of(ROSTER, "duplicate_record").first_area == "61.01"


def test_an_unknown_case_is_a_key_error():
    with pytest.raises(KeyError):
        case_of(ROSTER, "tidak ada")


def test_the_directory_of_the_roster_finds_everyone():
    directory = directory_of(ROSTER)
    for entry in ROSTER:
        found = directory.by_ticket(entry.ticket)
        assert found is not None
        assert found == directory.by_nik(entry.person.nik)
        assert (found.status, found.first_area) == (entry.status, entry.first_area)
    directory.close()
