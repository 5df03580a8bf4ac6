"""The two books of a card counter: the tear journal and the card register."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.card.journal import (
    CardJournal,
    Entry,
    FileJournalShelf,
    JournalShelf,
    MemoryJournalShelf,
)
from station.card.register import (
    NEXT,
    CardRegister,
    CardState,
    FileRegisterShelf,
    MemoryRegisterShelf,
)
from station.errors import CardStateRefused, CardSwapped, StoreCorrupt, UnknownCard
from tests.station.card.sample import a_clock

ONE, TWO = "00000000000000AA", "00000000000000BB"


def a_register() -> CardRegister:
    register = CardRegister(MemoryRegisterShelf(), a_clock())
    for serial in (ONE, TWO):
        register.receive(serial)
        register.move(serial, CardState.ISSUED_TO_DESK)
    return register


@pytest.fixture(params=["memory", "file"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> JournalShelf:
    return MemoryJournalShelf() if request.param == "memory" else FileJournalShelf(tmp_path / "j")


def test_the_journal_gives_back_what_was_noted_per_card_and_in_order(shelf: JournalShelf) -> None:
    journal = CardJournal(shelf, a_clock())
    journal.note(ONE, 2, Entry.STEP, "DG1+0")
    journal.note(TWO, 2, Entry.STEP, "DG2+0")
    journal.note(ONE, 3, Entry.STEP, "DG1+192")
    last = journal.last(ONE, Entry.STEP)
    assert last is not None
    assert (last.tx, last.detail) == (3, "DG1+192")
    assert journal.count(ONE, Entry.STEP) == 2
    assert journal.last(ONE, Entry.TRY) is None


def test_a_line_torn_by_a_power_cut_is_dropped_and_the_next_one_is_whole(tmp_path: Path) -> None:
    journal = CardJournal(FileJournalShelf(tmp_path), a_clock())
    journal.note(ONE, 1, Entry.TRY)
    file = tmp_path / f"{ONE}.jsonl"
    file.write_bytes(file.read_bytes() + b'{"serial":"00')
    again = CardJournal(FileJournalShelf(tmp_path), a_clock())
    assert again.count(ONE, Entry.TRY) == 1
    again.note(ONE, 2, Entry.TRY)
    assert again.count(ONE, Entry.TRY) == 2


def test_a_damaged_line_in_the_middle_is_reported_not_skipped(tmp_path: Path) -> None:
    journal = CardJournal(FileJournalShelf(tmp_path), a_clock())
    journal.note(ONE, 1, Entry.TRY)
    file = tmp_path / f"{ONE}.jsonl"
    file.write_bytes(b"no json\n" + file.read_bytes())
    with pytest.raises(StoreCorrupt):
        journal.count(ONE, Entry.TRY)


NO_ROWS = (b"[]", b"7", b"{}", b'{"serial":"00"}')


@pytest.mark.parametrize("line", [*NO_ROWS, b'{"at":"","detail":"","kind":"x","serial":"","tx":1}'])
def test_json_that_is_no_journal_entry_is_reported_as_damage(tmp_path: Path, line: bytes) -> None:
    (tmp_path / f"{ONE}.jsonl").write_bytes(line + b"\n")
    with pytest.raises(StoreCorrupt):
        CardJournal(FileJournalShelf(tmp_path), a_clock()).count(ONE, Entry.TRY)


@pytest.mark.parametrize("line", NO_ROWS)
def test_json_that_is_no_row_of_the_register_is_reported_as_damage(
    tmp_path: Path, line: bytes
) -> None:
    (tmp_path / "register.jsonl").write_bytes(line + b"\n")
    with pytest.raises(StoreCorrupt):
        FileRegisterShelf(tmp_path / "register.jsonl")


def test_a_serial_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    journal = CardJournal(FileJournalShelf(tmp_path / "j"), a_clock())
    journal.note("../../x", 1, Entry.TRY)
    assert [path.name for path in (tmp_path / "j").iterdir()] == ["x.jsonl"]


def test_an_unknown_card_is_refused() -> None:
    with pytest.raises(UnknownCard):
        a_register().entry("00000000000000CC")


def test_a_blank_is_received_once() -> None:
    with pytest.raises(CardStateRefused):
        a_register().receive(ONE)


@pytest.mark.parametrize("held", list(CardState))
@pytest.mark.parametrize("wanted", list(CardState))
def test_every_move_outside_the_table_is_refused(held: CardState, wanted: CardState) -> None:
    from station.card.register import CardEntry

    shelf = MemoryRegisterShelf()
    shelf.save(CardEntry(ONE, "", held))
    register = CardRegister(shelf, a_clock())
    if wanted in NEXT[held] or wanted is held:
        assert register.move(ONE, wanted).state is wanted
    else:
        with pytest.raises(CardStateRefused):
            register.move(ONE, wanted)


def test_taking_another_blank_silently_is_refused_and_after_chip_fail_allowed() -> None:
    register = a_register()
    register.assign(ONE, "rec")
    with pytest.raises(CardSwapped):
        register.assign(TWO, "rec")
    register.move(ONE, CardState.CHIP_FAIL, "memory")
    assert register.assign(TWO, "rec").record_id == "rec"


@given(st.lists(st.sampled_from(list(CardState)), max_size=12))
def test_a_removed_card_never_comes_back(moves: list[CardState]) -> None:
    register = a_register()
    gone = False
    for state in moves:
        try:
            register.move(ONE, state)
        except CardStateRefused:
            continue
        gone = gone or state is CardState.VOIDED
        allowed = {CardState.VOIDED, CardState.BAGGED, CardState.DESTROYED}
        assert not gone or register.entry(ONE).state in allowed


def test_the_register_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "register.jsonl"
    register = CardRegister(FileRegisterShelf(path), a_clock())
    register.receive(ONE, "P-1")
    register.move(ONE, CardState.ISSUED_TO_DESK)
    register.assign(ONE, "rec")
    again = CardRegister(FileRegisterShelf(path), a_clock())
    assert again.entry(ONE) == register.entry(ONE)
    assert again.of_record("rec") == (register.entry(ONE),)
