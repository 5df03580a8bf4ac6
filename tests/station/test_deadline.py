"""Deadlines: a share of the time never reaches past the whole."""

from station.clock import Deadline


def test_a_share_of_the_time_ends_with_the_whole():
    whole = Deadline.after(1.0)
    assert whole.within(5.0) == whole


def test_a_share_of_the_time_ends_before_the_whole():
    whole = Deadline.after(60.0)
    assert 0 < whole.within(1.0).left() <= 1.0
