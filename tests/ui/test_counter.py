"""The counter: what it says when something is missing, and where the focus goes."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from station.card.contents import CardFinger
from station.devices import FingerPosition
from tests.robots.steps import counter_view, picking_view
from tests.ui.desk_bench import Bench
from ui.presenters.counter import CounterPresenter
from ui.widgets.action_bar import Action, Actions


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


def test_the_lock_never_gets_the_focus_of_a_person_who_was_picked(bench):
    counter = CounterPresenter(bench.shell)
    window, page = bench.window, counter.view
    page.show_counter(picking_view())
    window.show_page(page)
    page.people()[0].setFocus()
    page.show_counter(counter_view())
    window.set_actions(Actions(Action("given", "Serahkan kartu", "Enter")))
    bench.wait(lambda: QApplication.focusWidget() is window.action_bar.button("given"))
