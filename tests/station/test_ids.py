"""Identifiers sort by time; the short code uses only letters that nobody confuses."""

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st

from station.clock import FixedClock
from station.ids import short_code, uuid7

NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


def test_later_identifiers_sort_after_earlier_ones():
    clock = FixedClock(NOW)
    made = []
    for _ in range(20):
        made.append(uuid7(clock))
        clock.advance(0.002)
    assert made == sorted(made)
    assert all(each.version == 7 and each.variant == uuid.RFC_4122 for each in made)


@given(st.uuids())
def test_a_short_code_has_seven_unmistakable_letters(value):
    code = short_code(value)
    assert len(code) == 8
    assert code[3] == "-"
    assert not set(code) & set("0O1IL2Z5S8B")
