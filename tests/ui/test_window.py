"""The frame: which key does what, and that a press counts once."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from tests.robots import views
from tests.robots.desk import desk, open_page
from ui.icons import State
from ui.pages.page import Page
from ui.widgets.action_bar import Action, Actions
from ui.widgets.coach import CheckView, CoachView
from ui.widgets.message_bar import MessageView
from ui.widgets.rail import RailItem, RailView

ACTIONS = Actions(
    Action("take", "Ambil foto", "Enter"),
    (Action("back", "Kembali", "Esc", "left"), Action("exempt", "Kecualikan", "F2", "minus"), Action("help", "Bantuan", "F1", "help")),
)  # fmt: skip


@pytest.fixture
def window(theme, qtbot):
    made = desk(theme)
    made.set_actions(ACTIONS)
    page = Page(theme)
    page.title = "Foto"
    page.with_coach = True
    page.help_lines = ("Satu.", "Dua.")
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.show_page(page)
    return made


@pytest.mark.parametrize(
    ("key", "action"),
    [
        (Qt.Key.Key_Return, "take"),
        (Qt.Key.Key_Enter, "take"),
        (Qt.Key.Key_Escape, "back"),
        (Qt.Key.Key_F2, "exempt"),
    ],
)
def test_a_key_presses_the_action_that_carries_its_cap(window, qtbot, key, action):
    with qtbot.waitSignal(window.action_requested, timeout=1000) as told:
        qtbot.keyClick(window, key)
    assert told.args == [action]


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_F3, "supervisor_requested"),
        (Qt.Key.Key_F4, "applicant_screen_requested"),
        (Qt.Key.Key_F5, "look_again_requested"),
        (Qt.Key.Key_F9, "lock_requested"),
        (Qt.Key.Key_Space, "take_requested"),
    ],
)
def test_the_desks_own_keys_ask_for_their_thing(window, qtbot, key, signal):
    with qtbot.waitSignal(getattr(window, signal), timeout=1000):
        qtbot.keyClick(window, key)


def test_a_bounced_key_is_one_press(window, qtbot):
    told = []
    window.action_requested.connect(told.append)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert told == ["take"]


def test_nothing_is_asked_while_busy(window, qtbot):
    told = []
    window.action_requested.connect(told.append)
    window.set_busy(True)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        qtbot.keyClick(window, key)
    qtbot.mouseClick(window.action_bar.button("take"), Qt.MouseButton.LeftButton)
    assert told == []
    window.set_busy(False)
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert told == ["take"]


def test_a_disabled_action_is_not_on_its_key(window, qtbot):
    told = []
    window.action_requested.connect(told.append)
    window.set_actions(Actions(Action("take", "Ambil foto", "Enter", enabled=False)))
    qtbot.keyClick(window, Qt.Key.Key_Return)
    assert told == []


def test_alt_and_a_digit_ask_for_a_step(window, qtbot):
    with qtbot.waitSignal(window.step_requested, timeout=1000) as told:
        qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert told.args == [2]


def test_ctrl_k_finds_even_from_inside_a_text_field(theme, qtbot):
    window = open_page(theme, "cari")
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.page.field.setFocus()
    with qtbot.waitSignal(window.find_requested, timeout=1000):
        qtbot.keyClick(window.page.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.page.field.text() == "6101015203090003"


def test_enter_in_the_field_is_the_primary_action(theme, qtbot):
    window = open_page(theme, "cari")
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    with qtbot.waitSignal(window.action_requested, timeout=1000) as told:
        qtbot.keyClick(window.page.field, Qt.Key.Key_Return)
    assert told.args == ["start"]


def test_space_in_a_field_types_and_does_not_take(window, qtbot):
    field = QLineEdit()
    QVBoxLayout(window.page).addWidget(field)
    told = []
    window.take_requested.connect(lambda: told.append("take"))
    qtbot.keyClicks(field, "a b")
    assert field.text() == "a b"
    assert told == []


def test_f1_opens_the_help_and_escape_closes_it_first(window, qtbot):
    told = []
    window.action_requested.connect(told.append)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    assert window._help.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window._help.isVisible()
    assert told == []


def test_f6_walks_through_the_zones_and_comes_round(window, qtbot):
    window.set_rail(views.workplaces("search"))
    qtbot.waitUntil(window.rail.row("search").isVisible, timeout=1000)
    seen = []
    for _ in range(4):
        qtbot.keyClick(window, Qt.Key.Key_F6)
        seen.append(window.focusWidget())
    assert any(window.rail.isAncestorOf(w) for w in seen)
    assert any(window.header.isAncestorOf(w) for w in seen)
    assert any(window.action_bar.isAncestorOf(w) for w in seen)


def test_the_primary_action_has_the_focus_when_a_page_opens(window):
    assert window.focusWidget() is window.action_bar.button("take")


def test_a_message_stays_until_it_is_resolved_and_its_button_tells_its_key(window, qtbot):
    window.set_message(
        MessageView(
            "attention",
            "Scanner jari terlepas.",
            "Colokkan kembali.",
            "Cari lagi",
            "DEVICE_REMOVED",
        )
    )
    assert window.message_bar.isVisible()
    with qtbot.waitSignal(window.message_pressed, timeout=1000) as told:
        qtbot.mouseClick(window.message_bar._button, Qt.MouseButton.LeftButton)
    assert told.args == ["DEVICE_REMOVED"]
    assert window.message_bar.isVisible()
    window.set_message(None)
    assert not window.message_bar.isVisible()


def test_the_buttons_keep_the_focus_when_only_their_state_changes(window):
    button = window.action_bar.button("take")
    window.set_actions(ACTIONS)
    assert window.action_bar.button("take") is button


def test_the_rail_tells_which_step_was_pressed_and_speaks_its_state(window, qtbot):
    window.set_rail(
        RailView(
            (
                RailItem("face", "Foto", State.DONE),
                RailItem("iris", "Iris", State.TO_COME, enabled=False),
            )
        )
    )
    with qtbot.waitSignal(window.rail_pressed, timeout=1000) as told:
        qtbot.mouseClick(window.rail.row("face"), Qt.MouseButton.LeftButton)
    assert told.args == ["face"]
    assert window.rail.row("face").accessibleDescription() == "selesai"


def test_the_nik_is_grouped_and_masked_when_idle(window):
    window.set_person(views.PERSON)
    assert window.header._nik.text() == "610101 520309 0003"
    from ui.widgets.header import PersonView

    window.set_person(PersonView("NUR AINI SAFITRI", "6101015203090003", masked=True))
    assert "520309" not in window.header._nik.text()


def test_the_coach_shows_no_more_than_it_was_given(window):
    window.set_coach(CoachView("Tahan sebentar", checks=(CheckView("Satu wajah", State.DONE),)))
    visible = [row for row in window.coach._rows if row.isVisible()]
    assert len(visible) == 1


def test_the_window_closes_only_when_its_guard_agrees(window):
    closed = []
    window.closing.connect(lambda: closed.append(True))
    window.may_close = lambda: False
    assert not window.close()
    window.may_close = lambda: True
    assert window.close()
    assert closed == [True]
