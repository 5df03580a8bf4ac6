"""Names: what a newly written one must keep, and what old documents may go on carrying."""

import pytest

from station.person.names import (
    NameFinding,
    NameRule,
    check_name,
    check_title,
    is_legacy_name,
    with_titles,
)

NAME_60 = "PUTRI RAHMAWATI NURUL HIDAYATI CAHYANINGRUM SEKAR KUSUMANING"


def errors(name, *, newly_written):
    return [f.rule for f in check_name(name, newly_written=newly_written) if f.error]


def test_one_word_is_a_notice_only():
    for newly_written in (True, False):
        findings = check_name("UMAR", newly_written=newly_written)
        assert findings == (NameFinding(NameRule.ONE_WORD, error=False),)


def test_sixty_characters_pass_and_sixty_one_do_not():
    assert len(NAME_60) == 60
    for newly_written in (True, False):
        assert errors(NAME_60, newly_written=newly_written) == []
        assert errors(NAME_60 + "S", newly_written=newly_written) == [NameRule.TOO_LONG]


@pytest.mark.parametrize("name", ["SITI MA'RIFAH", "MOH. ALI", "ANDI 2 PUTRA", "JOSÉ MARIA"])
def test_a_sign_stops_only_a_newly_written_name(name):
    assert errors(name, newly_written=True) == [NameRule.SYMBOL]
    assert errors(name, newly_written=False) == []


def test_stray_spaces_stop_only_a_newly_written_name():
    assert errors("NUR  AINI", newly_written=True) == [NameRule.SPACES]
    assert errors("NUR  AINI", newly_written=False) == []


@pytest.mark.parametrize("name", ["", "  "])
def test_nobody_is_without_a_name(name):
    assert NameRule.EMPTY in errors(name, newly_written=False)


def test_titles_carry_full_stops_and_commas():
    assert with_titles("H.", "UMAR", "S.Kom") == "H. UMAR, S.Kom"
    assert with_titles("", "UMAR", "") == "UMAR"
    assert check_title("Prof. Dr.") == check_title("S.E., M.M.") == ()
    assert [f.error for f in check_title("S1!")] == [True]


def test_a_legacy_name_is_known_by_its_signs():
    assert is_legacy_name("SITI MA'RIFAH")
    assert not is_legacy_name("UMAR")
    assert not is_legacy_name("UMAR 2")
