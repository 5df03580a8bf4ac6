"""The audit log: nothing is changed, taken out, moved or cut off without being found."""

import datetime as dt
import hashlib
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.audit.chain import ZERO, Action, ChainBreak, canonical, subject_of, verify
from station.audit.checkpoint import Checkpoint, checkpoint_of, merkle_root, verify_against
from station.audit.log import AuditLog
from station.audit.shelf import FileShelf, MemoryShelf, RollShelf, row_from_json, row_to_json
from station.clock import FixedClock
from station.errors import StoreCorrupt

KEY = bytes(range(32))
NIK = "6101015203090003"
START = dt.datetime(2026, 11, 22, 1, 0, tzinfo=dt.UTC)


def open_log(shelf=None):
    shelf = MemoryShelf() if shelf is None else shelf
    return AuditLog(shelf, FixedClock(START), KEY, boot="B-1", time_source="ntp")


def a_log(count=8):
    log = open_log()
    for number in range(count):
        log.append(Action.CAPTURE, "rina", nik=NIK, finger=number, quality=0.5)
    return log


ROWS = list(a_log(12).rows())


def test_the_chain_is_built_as_specified():
    first, second = ROWS[:2]
    assert first.hash == hashlib.sha256(b"\x00" + ZERO + canonical(first)).digest()
    assert second.hash == hashlib.sha256(b"\x00" + first.hash + canonical(second)).digest()
    assert canonical(first).startswith(b'{"action":"CAPTURE","boot":"B-1","details":{"finger":0,')


def test_a_person_is_in_the_log_by_keyed_hash_only():
    log = a_log(1)
    line = row_to_json(log.rows()[0])
    assert NIK.encode() not in line
    assert subject_of(NIK, KEY).encode() in line
    assert subject_of(NIK, KEY) != hashlib.sha256(NIK.encode()).hexdigest()
    assert subject_of(NIK, bytes(32)) != subject_of(NIK, KEY)
    with pytest.raises(ValueError, match="NIK"):
        log.append(Action.SEARCH, "rina", typed=f"NIK {NIK}")
    assert log.append(Action.SEALED, "rina", sha256="a" + NIK + "f" * 47).seq == 2


def test_a_person_is_told_who_looked():
    log = a_log(2)
    log.append(Action.VIEW, "sari", nik="6172022902000003")
    log.append(Action.VIEW, "budi", nik=NIK)
    assert [row.operator for row in log.about(NIK)] == ["rina", "rina", "budi"]


_CHANGES = {
    "seq": lambda row: row.seq + 1,
    "time": lambda row: row.time + dt.timedelta(microseconds=1),
    "monotonic": lambda row: row.monotonic + 1,
    "boot": lambda row: row.boot + "x",
    "time_source": lambda row: "manual",
    "operator": lambda row: "budi",
    "action": lambda row: Action.VIEW,
    "subject": lambda row: "0" * 64,
    "details": lambda row: {**row.details, "quality": 0.9},
    "hash": lambda row: bytes(32),
}


def test_every_field_has_a_change_to_be_found():
    assert set(_CHANGES) == {field.name for field in fields(ROWS[0])}


@given(st.integers(0, 11), st.sampled_from(sorted(_CHANGES)))
def test_a_changed_row_is_found_at_that_row(place, name):
    rows = list(ROWS)
    rows[place] = replace(rows[place], **{name: _CHANGES[name](rows[place])})
    assert verify(rows).row == place + 1


@given(st.integers(0, 10))
def test_a_deleted_row_is_found_at_its_place(place):
    rows = [*ROWS[:place], *ROWS[place + 1 :]]
    assert verify(rows) == ChainBreak(place + 1, "SEQ")
    # also when the numbers behind it are written anew
    renumbered = [replace(row, seq=n) for n, row in enumerate(rows, 1)]
    assert verify(renumbered) == ChainBreak(place + 1, "HASH")


@given(st.permutations(range(12)))
def test_reordered_rows_are_found_at_the_first_that_moved(order):
    rows = [ROWS[place] for place in order]
    moved = next((n for n, place in enumerate(order) if n != place), None)
    found = verify(rows)
    assert (found.row if found else None) == (None if moved is None else moved + 1)


@given(st.integers(0, 12), st.integers(0, 12))
def test_a_log_cut_after_a_checkpoint_is_found(seen, left):
    checkpoint = checkpoint_of(ROWS[:seen], "DESK-1")
    found = verify_against(ROWS[:left], checkpoint)
    if left < seen:
        assert verify(ROWS[:left]) is None
        assert found == ChainBreak(left + 1, "TRUNCATED")
    else:
        assert found is None


def test_a_log_rewritten_from_the_start_has_another_root():
    checkpoint = checkpoint_of(ROWS, "DESK-1")
    forged = open_log()
    for _ in range(12):
        forged.append(Action.CAPTURE, "budi", nik=NIK)
    assert forged.verify() is None
    assert forged.verify(checkpoint) == ChainBreak(12, "ROOT")


def rfc6962(leaves):
    """The definition of RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + rfc6962(leaves[:k]) + rfc6962(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_that_of_rfc_6962(leaves):
    assert merkle_root(leaves) == rfc6962(leaves)


def test_a_checkpoint_is_three_lines():
    assert Checkpoint("DESK-1", 3, bytes(32)).text() == b"DESK-1\n3\n" + b"0" * 64 + b"\n"


def test_rows_order_by_number_when_the_clock_goes_back():
    clock = FixedClock(START)
    log = AuditLog(MemoryShelf(), clock, KEY, boot="B-1")
    log.append(Action.SIGN_IN, "rina")
    clock.advance(-3600)
    log.append(Action.CLOCK_JUMP, "rina", seconds=-3600)
    assert [row.seq for row in log.rows()] == [1, 2]
    assert log.verify() is None


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=5).filter(
            lambda key: key not in {"nik", "action", "operator", "self"}
        ),
        st.one_of(
            st.text(),
            st.integers(),
            st.booleans(),
            st.floats(allow_nan=False, allow_infinity=False),
        ),
        max_size=5,
    )
)
def test_any_details_come_back_from_their_line(details):
    row = open_log().append(Action.SETTINGS, "teknisi", **details)
    again = row_from_json(row_to_json(row))
    assert again == row
    assert verify([again]) is None


def test_a_file_holds_the_log_over_a_restart(tmp_path):
    path = tmp_path / "audit.jsonl"
    first = open_log(FileShelf(path))
    first.append(Action.SIGN_IN, "rina")
    second = open_log(FileShelf(path))
    second.append(Action.SIGN_OUT, "rina", note="baris\nbaru")
    assert [row.action for row in open_log(FileShelf(path)).rows()] == [
        Action.SIGN_IN,
        Action.SIGN_OUT,
    ]
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_torn_by_a_power_cut_is_dropped_and_the_log_goes_on(tmp_path):
    path = tmp_path / "audit.jsonl"
    log = open_log(FileShelf(path))
    log.append(Action.SIGN_IN, "rina")
    log.append(Action.SIGN_OUT, "rina")
    data = path.read_bytes()
    for cut in range(data.index(b"\n") + 1, len(data)):
        path.write_bytes(data[:cut])
        again = open_log(FileShelf(path))
        assert len(again.rows()) == 1
        again.append(Action.SIGN_IN, "budi")
        assert again.verify() is None


def test_a_changed_file_does_not_open(tmp_path):
    path = tmp_path / "audit.jsonl"
    log = open_log(FileShelf(path))
    for _ in range(3):
        log.append(Action.SIGN_IN, "rina")
    path.write_bytes(
        path.read_bytes().replace(b'"seq":2', b'"seq":2,"x":1').replace(b"rina", b"budi", 2)
    )
    with pytest.raises(StoreCorrupt) as caught:
        open_log(FileShelf(path))
    assert caught.value.facts["row"] == 1
    path.write_bytes(b"bukan json\n")
    with pytest.raises(StoreCorrupt):
        open_log(FileShelf(path))


def test_a_row_the_shelf_refused_leaves_no_hole():
    class FullShelf(MemoryShelf):
        full = False

        def append(self, row):
            if self.full:
                raise StoreCorrupt(what="disk")
            super().append(row)

    shelf = FullShelf()
    log = open_log(shelf)
    log.append(Action.SIGN_IN, "rina")
    shelf.full = True
    with pytest.raises(StoreCorrupt):
        log.append(Action.SIGN_OUT, "rina")
    shelf.full = False
    log.append(Action.SIGN_OUT, "rina")
    assert log.verify() is None
    assert [row.seq for row in log.rows()] == [1, 2]


def test_the_log_lives_in_any_roll_of_bytes():
    class Roll(list):
        def append(self, body):
            super().append(body)
            return len(self)

        def entries(self):
            return tuple(self)

    roll = Roll()
    open_log(RollShelf(roll)).append(Action.VIEW, "rina", nik=NIK)
    again = open_log(RollShelf(roll))
    again.append(Action.VIEW, "budi", nik=NIK)
    assert [row.operator for row in again.about(NIK)] == ["rina", "budi"]
    roll[0] = roll[0].replace(b"rina", b"sari")
    assert again.verify() == ChainBreak(1, "HASH")
