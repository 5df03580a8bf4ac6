"""The counter when something it needs is not there."""

from types import SimpleNamespace

import pytest

from station.card.contents import CardFinger
from station.devices import FingerPosition
from tests.ui.desk_bench import Bench
from ui.presenters.counter import CounterPresenter


@pytest.fixture
def bench(qtbot, theme):
    made = Bench(qtbot, theme)
    yield made
    made.close()


def test_a_missing_finger_scanner_is_called_a_finger_scanner(bench):
    counter = CounterPresenter(bench.shell)
    bench.shell.add("counter", counter)
    bench.desk.devices.finger = None
    counter._chip = SimpleNamespace(
        activation=SimpleNamespace(tries_left=4),
        contents=SimpleNamespace(fingers=(CardFinger(FingerPosition.RIGHT_INDEX, 80, b""),)),
        photo=None,
    )
    counter._ask_finger()
    assert bench.message == "Scanner jari belum terlihat."
