"""Every page: named controls, big enough targets, nothing clipped at 100 % and 125 %, and what it reports."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTableView

from tests.robots import views
from tests.robots.desk import PAGES, open_page
from ui import theme as look
from ui.pages.outbox import OutboxPage
from ui.pages.records import RecordsPage
from ui.pages.search import SearchPage
from ui.pages.sign_in import SignInPage
from ui.widgets.rows import RowView
from ui.widgets.text import ElidedLabel

CASES = [(name, worst) for name in PAGES for worst in (False, True)]


def _opened(theme, qtbot, name, worst):
    window = open_page(theme, name, worst=worst)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


@pytest.mark.parametrize("name", list(PAGES))
def test_every_control_has_a_name_for_a_screen_reader(theme, qtbot, name):
    window = _opened(theme, qtbot, name, False)
    controls = [
        c
        for kind in (QAbstractButton, QLineEdit, QTableView)
        for c in window.findChildren(kind)
        if c.isVisible()
        and not (
            isinstance(c, QAbstractButton) and c.metaObject().className() == "QTableCornerButton"
        )
    ]
    assert controls
    assert [type(c).__name__ for c in controls if not c.accessibleName()] == []


@pytest.mark.parametrize("name", list(PAGES))
def test_targets_are_at_least_48_px_high(theme, qtbot, name):
    window = _opened(theme, qtbot, name, False)
    buttons = [
        b
        for b in window.findChildren(QAbstractButton)
        if b.isVisible() and "Corner" not in b.metaObject().className()
    ]
    assert [b.accessibleName() for b in buttons if b.height() < 48] == []


@pytest.mark.parametrize("scale", [1.0, 1.25])
@pytest.mark.parametrize(("name", "worst"), CASES)
def test_the_window_fits_the_screen_and_no_text_is_clipped(qapp, qtbot, name, worst, scale):
    window = _opened(look.apply(qapp, scale), qtbot, name, worst)
    assert (window.width(), window.height()) == (1366, 768)
    clipped = [
        text.text()
        for text in window.findChildren(QLabel)
        if text.isVisible() and text.text() and not isinstance(text, ElidedLabel) and _clipped(text)
    ]
    assert clipped == []


def _clipped(text):
    if text.wordWrap():
        return text.height() < text.heightForWidth(text.width())
    return (
        text.width() < text.sizeHint().width() - 1
        and text.sizePolicy().horizontalPolicy().name != "Ignored"
    )


@pytest.mark.parametrize("name", list(PAGES))
def test_tab_reaches_the_primary_action_from_the_first_focus(theme, qtbot, name):
    window = _opened(theme, qtbot, name, False)
    seen, widget = set(), window.page.first_focus() or window
    for _ in range(1000):
        widget = widget.nextInFocusChain()
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            seen.add(widget.objectName())
    primary = window.action_bar.actions_shown.primary
    assert f"action_{primary.id}" in seen


def test_a_typed_nik_is_reported_without_blanks(theme, qtbot):
    page = SearchPage(theme)
    qtbot.addWidget(page)
    heard = []
    page.query_changed.connect(heard.append)
    qtbot.keyClicks(page.field, "610101 52")
    assert heard[-1] == "61010152"
    assert page.field.text() == "61010152"
    page.clear()
    qtbot.keyClicks(page.field, "siti r")
    assert heard[-1] == "siti r"


def test_a_match_and_a_queued_person_are_reported_by_key(theme, qtbot):
    page = SearchPage(theme)
    qtbot.addWidget(page)
    page.show_matches(
        "2 orang cocok", (RowView("a", "SITI", "Sambas"), RowView("b", "SITI R", "Selakau"))
    )
    rows = [page._matches.itemAt(n).widget() for n in range(2)]
    with qtbot.waitSignal(page.person_chosen, timeout=1000) as told:
        rows[1].click()
    assert told.args == ["b"]


def test_choosing_a_record_reports_it_once_and_showing_it_again_does_not(theme, qtbot):
    page = RecordsPage(theme)
    qtbot.addWidget(page)
    heard = []
    page.record_chosen.connect(heard.append)
    page.show_records(views.records(False))
    assert heard == []
    page.table.selectRow(4)
    page.show_records(views.RecordsView(views.records(False).rows, "", chosen="4"))
    assert heard == ["4"]


def test_sorting_by_a_head_is_asked_for_by_name(theme, qtbot):
    page = RecordsPage(theme)
    qtbot.addWidget(page)
    page.show_records(views.records(False))
    with qtbot.waitSignal(page.sort_requested, timeout=1000) as told:
        page.table.horizontalHeader().sectionClicked.emit(0)
    assert told.args[0] == "name"


def test_an_empty_table_says_so(theme, qtbot):
    page = RecordsPage(theme)
    qtbot.addWidget(page)
    page.show_records(views.RecordsView((), ""))
    assert page.table.isHidden()
    assert not page._nothing.isHidden()


def test_pause_asks_for_the_opposite_of_what_is(theme, qtbot):
    page = OutboxPage(theme)
    qtbot.addWidget(page)
    page.show_outbox(views.outbox(True))
    with qtbot.waitSignal(page.pause_requested, timeout=1000) as told:
        page._pause.click()
    assert told.args == [False]
    assert page._pause.text() == "Lanjutkan kirim"


def test_an_empty_outbox_says_that_all_is_received(theme, qtbot):
    page = OutboxPage(theme)
    qtbot.addWidget(page)
    full = views.outbox(False)
    page.show_outbox(type(full)(full.line, full.figures))
    assert not page._empty.isHidden()


def test_the_pin_is_hidden_digits_only_and_never_in_a_log(theme, qtbot):
    page = SignInPage(theme)
    qtbot.addWidget(page)
    page.show_operator("rina")
    qtbot.keyClicks(page._pin, "12a34")
    assert page.complete
    given = page.credentials()
    assert (given.operator, given.pin) == ("rina", "1234")
    assert "1234" not in repr(given)
    page.show_refusal("PIN tidak cocok.")
    assert page._pin.text() == ""
