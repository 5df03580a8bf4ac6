"""The counter: what it says when something is missing, and where the focus goes."""

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from station.card.contents import CardFinger
from station.devices import FingerPosition
from tests.robots.steps import counter_view, picking_view
from tests.ui.desk_bench import Bench
from ui.icons import State
from ui.presenters.counter import CounterPresenter, Stage
from ui.widgets.action_bar import Action, Actions


@pytest.fixture
def bench(qtbot, theme):
    made = Bench(qtbot, theme)
    yield made
    made.close()


def with_a_chip(bench):
    counter = CounterPresenter(bench.shell)
    bench.shell.add("counter", counter)
    counter._chip = SimpleNamespace(
        activation=SimpleNamespace(tries_left=4),
        contents=SimpleNamespace(fingers=(CardFinger(FingerPosition.RIGHT_INDEX, 80, b""),)),
        photo=None,
    )
    return counter


def test_a_missing_finger_scanner_is_called_a_finger_scanner(bench):
    counter = with_a_chip(bench)
    bench.desk.devices.finger = None
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


def test_a_card_given_on_a_supervisors_word_does_not_say_that_a_finger_matched(bench):
    counter = with_a_chip(bench)
    counter._stage = Stage.GIVE
    place = counter._finger_place()
    assert [row.state for row in place.rows] == [State.TO_COME, State.TO_COME, State.DONE]
    assert place.instruction == "Pemilik dipastikan"


def test_a_place_that_waits_has_no_instruction(bench):
    assert with_a_chip(bench)._finger_place().instruction == ""
