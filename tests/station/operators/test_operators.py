"""Accounts, sign-in, lock and the second person."""

import datetime as dt
from itertools import pairwise

import pytest

from station.clock import FixedClock
from station.errors import ApprovalRefused, SignInRefused, StoreCorrupt
from station.operators.account import RIGHTS, OperatorId, PinHasher, Right, Role, weak_pin
from station.operators.accounts import LONGEST_WAIT_S, Accounts
from station.operators.approval import approve
from station.operators.demo import BUDI, DEMO_PINS, RINA, SARI, TONO, cheap_hasher, demo_accounts
from station.operators.session import Session
from station.operators.shelf import FileAccounts, MemoryAccounts, ShelvedAccounts

START = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)
WRONG = "975310"


@pytest.fixture
def clock():
    return FixedClock(START)


@pytest.fixture
def accounts(clock):
    return demo_accounts(clock)


def refusal(call, *args, error=SignInRefused):
    with pytest.raises(error) as caught:
        call(*args)
    return dict(caught.value.facts)


def test_the_right_pin_signs_in(accounts):
    for who, pin in DEMO_PINS.items():
        assert accounts.check_pin(who, pin).id == who


def test_five_wrong_pins_begin_a_wait_that_doubles_up_to_an_hour(accounts, clock):
    left = [refusal(accounts.check_pin, RINA, WRONG)["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    waits = []
    for _ in range(10):
        facts = refusal(accounts.check_pin, RINA, DEMO_PINS[RINA])
        assert facts["reason"] == "WAIT"  # the right PIN does not help before its time
        clock.advance(float(facts["wait_s"]))
        waits.append(refusal(accounts.check_pin, RINA, WRONG)["wait_s"])
    assert waits[:3] == [60.0, 120.0, 240.0]
    assert all(b >= a for a, b in pairwise(waits))
    assert waits[-1] == LONGEST_WAIT_S


def test_after_the_wait_the_right_pin_ends_the_count(accounts, clock):
    for _ in range(5):
        refusal(accounts.check_pin, RINA, WRONG)
    clock.advance(30)
    assert accounts.check_pin(RINA, DEMO_PINS[RINA]).failures == 0
    assert refusal(accounts.check_pin, RINA, WRONG)["tries_left"] == 4


def test_one_persons_wait_holds_up_nobody_else(accounts):
    for _ in range(6):
        refusal(accounts.check_pin, RINA, WRONG)
    assert accounts.check_pin(BUDI, DEMO_PINS[BUDI])


def test_a_clock_set_back_does_not_lengthen_a_wait(accounts, clock):
    for _ in range(5):
        refusal(accounts.check_pin, RINA, WRONG)
    clock.advance(-86_400)
    assert refusal(accounts.check_pin, RINA, DEMO_PINS[RINA])["wait_s"] == 30.0
    clock.advance(30)
    assert accounts.check_pin(RINA, DEMO_PINS[RINA])


def test_an_unknown_and_a_closed_account_are_refused_alike(accounts):
    accounts.deactivate(BUDI, SARI)
    nobody = refusal(accounts.check_pin, OperatorId("hantu"), "246810")
    assert refusal(accounts.check_pin, SARI, DEMO_PINS[SARI]) == nobody == {"reason": "UNKNOWN"}


def test_tries_are_counted_over_a_restart(tmp_path, clock):
    path = tmp_path / "accounts.json"
    hasher = cheap_hasher()
    first = Accounts(FileAccounts(path), clock, hasher)
    first.add(BUDI, BUDI, "Budi S.", Role.SUPERVISOR, "135790")
    for _ in range(4):
        refusal(first.check_pin, BUDI, WRONG)
    second = Accounts(FileAccounts(path), clock, hasher)
    facts = refusal(second.check_pin, BUDI, WRONG)
    assert (facts["tries_left"], facts["wait_s"]) == (0, 30.0)


def test_a_file_of_accounts_holds_no_pin_and_is_private(tmp_path, clock):
    path = tmp_path / "accounts.json"
    Accounts(FileAccounts(path), clock).add(BUDI, BUDI, "Budi S.", Role.SUPERVISOR, "135790")
    text = path.read_text()
    assert "135790" not in text
    assert "$argon2id$" in text
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"accounts": [{"id": "x"}]}', b"\xff"])
def test_a_broken_file_of_accounts_is_said_and_not_overwritten(tmp_path, clock, data):
    path = tmp_path / "accounts.json"
    path.write_bytes(data)
    with pytest.raises(StoreCorrupt):
        Accounts(FileAccounts(path), clock, cheap_hasher())
    assert path.read_bytes() == data


def test_a_save_that_fails_changes_nothing(clock, accounts):
    class Full(MemoryAccounts):
        def save(self, accounts):
            raise OSError

    full = Accounts(Full(accounts.all()), clock, cheap_hasher())
    with pytest.raises(OSError):  # noqa: PT011 - the shelf's own error travels on
        full.add(BUDI, OperatorId("ani"), "Ani", Role.OPERATOR, "739164")
    assert full.get(OperatorId("ani")) is None


@pytest.mark.parametrize(
    ("pin", "rule"),
    [
        ("12345", "FORMAT"),
        ("1234567", "FORMAT"),
        ("12345a", "FORMAT"),
        ("１23456", "FORMAT"),
        ("000000", "SAME_DIGIT"),
        ("123456", "RUN"),
        ("987654", "RUN"),
        ("246810", ""),
    ],
)
def test_a_weak_pin_is_not_taken(pin, rule):
    assert weak_pin(pin) == rule
    if rule:
        with pytest.raises(ValueError, match=rule):
            cheap_hasher().hash(pin)


def test_a_hash_has_its_own_salt_and_a_broken_one_matches_nothing():
    hasher = cheap_hasher()
    assert hasher.hash("246810") != hasher.hash("246810")
    assert not hasher.matches("rusak", "246810")


def test_the_product_hashes_with_64_mebibytes():
    assert PinHasher().hash("246810").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_only_a_supervisor_adds_and_closes_accounts(accounts):
    ani = OperatorId("ani")
    args = (ani, "Ani", Role.OPERATOR, "739164")
    for who in (RINA, SARI, TONO, OperatorId("hantu")):
        assert refusal(accounts.add, who, *args, error=ApprovalRefused) == {"reason": "ROLE"}
        assert refusal(accounts.deactivate, who, RINA, error=ApprovalRefused) == {"reason": "ROLE"}
    accounts.add(BUDI, *args)
    assert accounts.check_pin(ani, "739164").role is Role.OPERATOR
    with pytest.raises(ValueError, match="ID"):
        accounts.add(BUDI, *args)


def test_the_last_supervisor_cannot_be_closed(accounts):
    facts = refusal(accounts.deactivate, BUDI, BUDI, error=ApprovalRefused)
    assert facts == {"reason": "LAST_MANAGER"}


def test_a_pin_is_changed_only_with_the_old_one(accounts):
    refusal(accounts.change_pin, RINA, WRONG, "739164")
    accounts.change_pin(RINA, DEMO_PINS[RINA], "739164")
    refusal(accounts.check_pin, RINA, DEMO_PINS[RINA])
    assert accounts.check_pin(RINA, "739164")


def test_a_technician_sees_no_people_and_only_a_supervisor_approves():
    assert Right.SEE_PEOPLE not in RIGHTS[Role.TECHNICIAN]
    assert [role for role in Role if Right.APPROVE in RIGHTS[role]] == [Role.SUPERVISOR]
    assert set(RIGHTS) == set(Role)


def test_a_second_person_approves_with_a_reason(accounts):
    approval = approve(accounts, RINA, BUDI, DEMO_PINS[BUDI], " tangan kanan tidak ada ")
    assert (approval.first, approval.second) == (RINA, BUDI)
    assert approval.reason == "tangan kanan tidak ada"
    assert approval.at == START


@pytest.mark.parametrize(
    ("first", "second", "reason", "code"),
    [
        (BUDI, BUDI, "alasan", "SAME_PERSON"),
        (RINA, SARI, "alasan", "ROLE"),
        (RINA, TONO, "alasan", "ROLE"),
        (RINA, OperatorId("hantu"), "alasan", "UNKNOWN"),
        (OperatorId("hantu"), BUDI, "alasan", "UNKNOWN"),
        (RINA, BUDI, "  ", "NO_REASON"),
    ],
)
def test_an_approval_needs_another_person_the_role_and_a_reason(
    accounts, first, second, reason, code
):
    facts = refusal(approve, accounts, first, second, "135790", reason, error=ApprovalRefused)
    assert facts == {"reason": code}


def test_guessing_a_supervisors_pin_runs_into_the_wait(accounts):
    for _ in range(5):
        refusal(approve, accounts, RINA, BUDI, WRONG, "alasan")
    facts = refusal(approve, accounts, RINA, BUDI, DEMO_PINS[BUDI], "alasan")
    assert facts["reason"] == "WAIT"


@pytest.fixture
def session(accounts, clock):
    return Session(accounts, clock)


def test_nobody_signed_in_may_nothing(session):
    assert not any(session.may(right) for right in Right)
    session.lock()
    assert not session.locked


def test_a_session_has_the_rights_of_its_person(session):
    session.sign_in(RINA, DEMO_PINS[RINA])
    assert {right for right in Right if session.may(right)} == RIGHTS[Role.OPERATOR]
    assert session.since == START
    session.sign_out()
    assert session.operator is None
    assert not session.may(Right.RECORD)


def test_time_without_work_locks_and_work_does_not(session, clock):
    session.sign_in(RINA, DEMO_PINS[RINA])
    clock.advance(299)
    session.touch()
    clock.advance(299)
    assert session.may(Right.RECORD)
    clock.advance(1)
    assert session.locked
    assert not session.may(Right.RECORD)
    session.touch()
    assert session.locked


def test_only_the_same_person_unlocks(session):
    session.sign_in(RINA, DEMO_PINS[RINA])
    session.lock()
    assert refusal(session.unlock, DEMO_PINS[BUDI])["reason"] == "PIN"
    assert session.locked
    assert refusal(session.sign_in, BUDI, DEMO_PINS[BUDI]) == {"reason": "BUSY"}
    session.unlock(DEMO_PINS[RINA])
    assert session.may(Right.RECORD)


def test_nobody_unlocks_an_empty_desk(session):
    assert refusal(session.unlock, DEMO_PINS[RINA]) == {"reason": "UNKNOWN"}


def test_a_closed_account_does_not_unlock(session, accounts):
    session.sign_in(RINA, DEMO_PINS[RINA])
    accounts.deactivate(BUDI, RINA)
    assert not session.may(Right.RECORD)
    session.lock()
    assert refusal(session.unlock, DEMO_PINS[RINA]) == {"reason": "UNKNOWN"}


def test_accounts_live_on_any_shelf_of_bytes(clock):
    class Bytes(dict):
        def put(self, key, body):
            self[key] = body

    shelf = Bytes()
    first = Accounts(ShelvedAccounts(shelf), clock, cheap_hasher())
    assert first.all() == ()
    first.add(BUDI, BUDI, "Budi S.", Role.SUPERVISOR, "135790")
    assert Accounts(ShelvedAccounts(shelf), clock, cheap_hasher()).all() == first.all()
