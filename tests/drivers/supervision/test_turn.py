"""One user at a time: callers wait for the watch's short work, never for each other."""

import threading
import time

import pytest

from drivers.supervision.turn import Turn
from station.clock import CancelToken, Deadline
from station.errors import DeviceBusy, OperatorCancelled


def held_by_watch(turn):
    """Let the watch take the turn on a thread of its own; returns how to give it back."""
    taken, done = threading.Event(), threading.Event()

    def job():
        with turn.of_watch() as free:
            assert free
            taken.set()
            done.wait(5)

    thread = threading.Thread(target=job)
    thread.start()
    assert taken.wait(2)

    def give_back():
        done.set()
        thread.join(2)

    return give_back


def test_a_second_caller_is_refused_and_the_watch_steps_aside():
    turn = Turn()
    with turn.of_caller("finger", Deadline.after(1)):
        assert turn.used
        with pytest.raises(DeviceBusy), turn.of_caller("finger", Deadline.after(1)):
            pass
        with turn.of_watch() as free:
            assert not free
        assert turn.used, "the refused ones took nothing away"
    assert not turn.used


def test_a_caller_waits_until_the_watch_is_done():
    turn, entered = Turn(), threading.Event()
    give_back = held_by_watch(turn)

    def job():
        with turn.of_caller("finger", Deadline.after(5)):
            entered.set()

    thread = threading.Thread(target=job)
    thread.start()
    assert not entered.wait(0.05)
    give_back()
    assert entered.wait(2)
    thread.join(2)


def test_a_caller_waits_no_longer_than_his_deadline():
    turn = Turn()
    give_back = held_by_watch(turn)
    began = time.monotonic()
    with pytest.raises(DeviceBusy) as refused, turn.of_caller("finger", Deadline.after(0.1)):
        pass
    assert time.monotonic() - began < 0.1 + 0.2
    assert refused.value.facts["reason"] == "opening"
    give_back()


def test_a_waiting_caller_can_be_cancelled():
    turn, cancel, ended = Turn(), CancelToken(), threading.Event()
    give_back = held_by_watch(turn)

    def job():
        try:
            with turn.of_caller("finger", Deadline.after(5), cancel):
                pass
        except OperatorCancelled:
            ended.set()

    thread = threading.Thread(target=job)
    thread.start()
    cancel.cancel()
    assert ended.wait(0.25)
    give_back()
    thread.join(2)


def test_the_turn_comes_back_also_after_an_error():
    turn = Turn()
    with pytest.raises(ZeroDivisionError), turn.of_caller("finger", Deadline.after(1)):
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), turn.of_watch():
        raise ZeroDivisionError
    with turn.of_watch() as free:
        assert free
