"""The status table: 18 statuses, 38 moves, and who may make them."""

import itertools

import pytest

from station.errors import TransitionRefused
from station.lifecycle.status import RawStatus, Status, read_status
from station.lifecycle.transitions import (
    ALL_MOVES,
    MOVES_OF,
    NEXT,
    ORDERED_MOVES,
    Actor,
    advance,
    may_start_recording,
)

# Written out once more by number, from the published description, so a slip in the table shows.
BY_NUMBER = {
    1: {2}, 2: {3}, 3: {4}, 4: {5, 3}, 5: {6, 7, 8, 9, 10}, 6: {9, 2}, 7: {9, 2}, 8: {9, 10},
    9: {4, 5}, 10: {11, 12, 13, 14}, 11: {1, 14}, 12: {14, 11, 13, 1}, 13: {10, 14, 1}, 14: {15},
    15: {16, 17}, 16: {17}, 17: {18, 15}, 18: {15},
}  # fmt: skip


def test_the_18_by_18_table_allows_38_moves_and_refuses_286():
    allowed = refused = 0
    for held, wanted in itertools.product(Status, repeat=2):
        if wanted.number in BY_NUMBER[held.number]:
            assert advance(held, wanted, Actor.CENTRE) is wanted
            allowed += 1
        else:
            with pytest.raises(TransitionRefused) as refusal:
                advance(held, wanted, Actor.CENTRE)
            assert refusal.value.facts["reason"] == "NOT_IN_TABLE"
            refused += 1
    assert (allowed, refused) == (38, 286)


@pytest.mark.parametrize("actor", [Actor.RECORDING_DESK, Actor.COUNTER, Actor.PRINT_ROOM])
def test_an_actor_at_the_site_can_cause_only_its_own_moves(actor):
    for move in ALL_MOVES:
        if move in MOVES_OF[actor]:
            assert advance(*move, actor, order_id="P-1") is move[1]
        else:
            with pytest.raises(TransitionRefused) as refusal:
                advance(*move, actor, order_id="P-1")
            assert refusal.value.facts["reason"] == "NOT_YOURS"


def test_the_site_owns_seven_desk_three_counter_and_three_print_room_moves():
    moves = {actor: {(a.number, b.number) for a, b in MOVES_OF[actor]} for actor in Actor}
    assert moves[Actor.RECORDING_DESK] == {(1, 2), (2, 3), (3, 4), (4, 3), (9, 4), (6, 2), (7, 2)}
    assert moves[Actor.COUNTER] == {(17, 18), (17, 15), (18, 15)}
    assert moves[Actor.PRINT_ROOM] == {(15, 17), (16, 17), (17, 15)}
    assert len(moves[Actor.CENTRE]) == 38


def test_the_desk_captures_again_only_under_an_order_of_the_centre():
    for move in ORDERED_MOVES:
        with pytest.raises(TransitionRefused) as refusal:
            advance(*move, Actor.RECORDING_DESK)
        assert refusal.value.facts["reason"] == "NO_ORDER"


def test_every_status_is_reachable_and_card_issued_is_reachable_from_all():
    def reach(start):
        seen, todo = {start}, [start]
        while todo:
            for after in NEXT[todo.pop()] - seen:
                seen.add(after)
                todo.append(after)
        return seen

    assert reach(Status.UNREGISTERED) == set(Status)
    assert all(Status.CARD_ISSUED in reach(status) for status in Status)


def test_only_unregistered_starts_a_recording():
    assert [s for s in Status if may_start_recording(s)] == [Status.UNREGISTERED]
    assert not may_start_recording(RawStatus("?"))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("PRR", Status.PRINT_READY_RECORD),
        (" print-ready record (PRR) ", Status.PRINT_READY_RECORD),
        ("Sent For Enrolment", Status.SENT_FOR_ENROLLMENT),
        ("card issued", Status.CARD_ISSUED),
    ],
)
def test_spellings_are_read_through_the_alias_table(text, status):
    assert read_status(text) is status


def test_every_official_spelling_is_read():
    assert [read_status(s.value) for s in Status] == list(Status)


def test_unknown_text_is_kept_raw():
    assert read_status("Menunggu Pusat") == RawStatus("Menunggu Pusat")
    assert read_status("") == RawStatus("")


def test_a_central_failure_over_an_area_code_is_the_regional_failure():
    assert (
        read_status("ENROLL_FAILURE_AT_CENTRAL", "AREA_CODE") is Status.ENROLL_FAILURE_AT_REGIONAL
    )
    assert (
        read_status("ENROLL_FAILURE_AT_CENTRAL", "UNREADABLE") is Status.ENROLL_FAILURE_AT_CENTRAL
    )
