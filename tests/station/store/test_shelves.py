import dataclasses
import datetime as dt

import pytest

from station.audit.shelf import RollShelf
from station.card.journal import JournalEntry, JournalShelf
from station.card.register import CardEntry, RegisterShelf
from station.clock import FixedClock
from station.operators.account import Account
from station.operators.shelf import ShelvedAccounts
from station.store.store import open_store
from station.store.typed import RowJournal, RowShelf
from tests.station.packet.builders import NOW


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store", b"k" * 32, FixedClock(NOW))
    yield opened
    opened.close()


def example(kind, **given):
    """Fill a dataclass's fields by type, so that this test does not mirror another room's fields."""
    samples = {str: "text", int: 7, float: 1.5, bytes: b"b", bool: True}
    values = {}
    for field in dataclasses.fields(kind):
        if field.name in given:
            values[field.name] = given[field.name]
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            kind_of = field.type
            if kind_of is dt.datetime:
                values[field.name] = NOW
            elif kind_of in samples:
                values[field.name] = samples[kind_of]
            else:
                values[field.name] = next(iter(kind_of))
    return kind(**values)


def test_the_card_register_keeps_its_rows_in_the_store(store):
    shelf: RegisterShelf = RowShelf(
        store.shelf("cards"), CardEntry, lambda row: row.serial, lambda row: row.record_id
    )
    row = example(CardEntry, serial="04A1", record_id="r1")
    shelf.save(row)
    assert shelf.load("04A1") == row
    assert shelf.load("other") is None
    assert shelf.of_record("r1") == (row,)
    assert shelf.of_record("r2") == ()


def test_the_card_journal_keeps_its_entries_in_order_per_card(store):
    shelf: JournalShelf = RowJournal(
        "card", store.database, JournalEntry, lambda entry: entry.serial
    )
    one, two = (example(JournalEntry, serial="04A1", tx=tx) for tx in (1, 2))
    shelf.append(one)
    shelf.append(two)
    assert shelf.entries("04A1") == (one, two)
    assert shelf.entries("04B2") == ()


def test_accounts_and_audit_fit_the_stores_shelves(store):
    accounts = ShelvedAccounts(store.shelf("accounts"))
    account = example(Account, id="rina")
    accounts.save((account,))
    assert accounts.load() == (account,)
    assert RollShelf(store.roll("audit")).rows() == ()
