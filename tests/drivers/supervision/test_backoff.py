"""The pauses between attempts: from half a second, doubling, never above eight, and none after a change."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from drivers.supervision.backoff import FIRST_S, LONGEST_S, Backoff
from station.clock import FixedClock

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
TICK_S = 0.125  # exact in binary: the clock adds up without error


def test_the_pauses_double_from_half_a_second_to_eight():
    clock = FixedClock(NOW)
    backoff, pauses = Backoff(clock), []
    for _ in range(7):
        backoff.failed()
        pauses.append(backoff.left())
        clock.advance(backoff.left())
        assert backoff.left() == 0
    assert pauses == [0.5, 1, 2, 4, 8, 8, 8]


@given(st.lists(st.one_of(st.just("fail"), st.just("reset"), st.integers(1, 100)), max_size=60))
def test_whatever_happens_an_attempt_is_due_within_eight_seconds_and_at_once_after_a_change(story):
    clock = FixedClock(NOW)
    backoff, failures = Backoff(clock), 0
    for step in story:
        before = backoff.left()
        if step == "fail":
            backoff.failed()
            failures += 1
            assert FIRST_S <= backoff.left() <= LONGEST_S
            assert backoff.left() == min(LONGEST_S, FIRST_S * 2 ** (failures - 1))
        elif step == "reset":
            backoff.reset()
            failures = 0
            assert backoff.left() == 0
        else:
            clock.advance(step * TICK_S)
            assert backoff.left() == max(0.0, before - step * TICK_S)
        assert backoff.failures == failures


def test_a_place_may_ask_for_shorter_pauses():
    backoff = Backoff(FixedClock(NOW))
    for _ in range(9):
        backoff.failed(longest_s=1.0)
    assert backoff.left() == 1.0
