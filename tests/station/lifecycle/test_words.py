"""Texts of the statuses: complete, Indonesian, and never with an unfilled field."""

import datetime as dt

import pytest

from station.lifecycle.status import RawStatus, Status
from station.lifecycle.words import (
    WORDS,
    Circumstances,
    applicant_text,
    indonesian_date,
    operator_action,
    plain_words,
    short_status,
)

ALL = [*Status, RawStatus("{aneh}")]
HERE = "Kota Singkawang"


@pytest.mark.parametrize("status", ALL)
def test_no_status_lacks_a_text_and_no_field_is_printed(status):
    for facts in (None, Circumstances(recording_no=2, age_hold=True, report_waits=True)):
        for text in (
            applicant_text(status, facts),
            operator_action(status, facts),
            plain_words(status),
            short_status(status),
        ):
            assert text.strip()
            assert "{" not in text


def test_short_codes_are_the_known_ones_and_unique():
    assert len({words.short for words in WORDS.values()}) == 18
    known = {3: "Pro", 4: "SFE", 6: "Efac", 11: "DUP", 14: "PRR"}
    assert {s.number: short_status(s) for s in Status if s.number in known} == known


def test_a_duplicate_names_the_first_area_and_the_move_letter():
    text = applicant_text(
        Status.DUPLICATE_RECORD, Circumstances(first_area="Kabupaten Sambas", station_area=HERE)
    )
    assert text.count("Kabupaten Sambas") == 2
    assert "surat pindah" in text


@pytest.mark.parametrize(
    "facts",
    [
        Circumstances(),
        Circumstances(first_area=HERE, station_area=HERE),
        Circumstances(first_area="Kabupaten Sambas", station_area=HERE, dispute_open=True),
    ],
)
def test_a_duplicate_without_another_area_speaks_of_a_similar_record(facts):
    assert applicant_text(Status.DUPLICATE_RECORD, facts).startswith("Sidik jari Anda mirip")


def test_a_deleted_record_invites_to_record_again():
    assert "dihapus di pusat" in applicant_text(Status.UNREGISTERED, Circumstances(recording_no=2))


def test_the_age_hold_names_the_day():
    facts = Circumstances(age_hold=True, print_from=dt.date(2027, 3, 12))
    assert applicant_text(Status.PRINT_READY_RECORD, facts).endswith("mulai 12 Maret 2027.")
    assert "12 Maret 2027" in operator_action(Status.PRINT_READY_RECORD, facts)


def test_the_pickup_text_needs_all_three_fields():
    full = Circumstances(
        pickup_place="Kantor Camat Sambas", pickup_from=dt.date(2026, 12, 1), ticket="A-007"
    )
    text = applicant_text(Status.CARD_PRINTED, full)
    assert "Kantor Camat Sambas" in text
    assert "1 Desember 2026" in text
    assert "A-007" in text
    assert "petugas" in applicant_text(Status.CARD_PRINTED, Circumstances(ticket="A-007"))


def test_a_place_name_with_braces_is_printed_as_it_is():
    facts = Circumstances(pickup_place="{x}", pickup_from=dt.date(2026, 1, 2), ticket="B")
    assert "{x}" in applicant_text(Status.CARD_PRINTED, facts)


def test_dates_are_written_in_indonesian():
    assert indonesian_date(dt.date(2026, 8, 17)) == "17 Agustus 2026"
