"""The capture pages: keys, signals, names for a screen reader, nothing left behind, nothing clipped."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from station.devices import PenPoint
from tests.robots import people
from tests.robots.steps import (
    ANATOMICAL,
    EXEMPTION,
    ORDER,
    REFUSED,
    STEP_PAGES,
    counter_view,
    marks,
    open_step,
    picking_view,
    review_view,
)
from ui.icons import State
from ui.pages.counter import CounterPage, RefusedView
from ui.pages.fingers import FingerMark, FingersPage, FingersView
from ui.pages.iris import EyeMark, IrisPage, IrisView
from ui.pages.photo import PhotoPage
from ui.pages.review import ReviewPage, VerdictRow, VerdictView
from ui.pages.signature import SignaturePage
from ui.widgets.exemption import ExemptionAnswer, ExemptionPanel
from ui.widgets.hand_shape import DIGITS, outline
from ui.widgets.live_picture import LivePicture, whitened, wrapped
from ui.widgets.text import ElidedLabel

Key = Qt.Key


@pytest.fixture
def shown(qtbot):
    def show(page, size=(846, 640)):
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        qtbot.waitExposed(page)
        return page

    return show


def heard(signal):
    said = []
    signal.connect(said.append)
    return said


# -- pictures --------------------------------------------------------------------------------------


def test_a_picture_is_painted_from_the_array_itself(theme, shown):
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:] = (10, 20, 200)
    assert wrapped(pixels).pixelColor(3, 3).red() == 200
    picture = shown(LivePicture(theme), (120, 80))
    picture.show_pixels(pixels[:, ::-1])  # a view with negative strides is copied once, not misread
    assert picture.grab().toImage().pixelColor(60, 40).red() == 200


def test_a_mirrored_picture_swaps_left_and_right(theme, shown):
    pixels = np.zeros((10, 20), np.uint8)
    pixels[:, :10] = 255
    picture = shown(LivePicture(theme), (200, 100))
    picture.show_pixels(pixels, mirrored=True)
    assert picture.grab().toImage().pixelColor(20, 50).red() == 0


def test_the_paper_of_a_print_becomes_white_and_ridges_stay_dark():
    made = whitened(people.printed("LEFT_MIDDLE"))
    assert made[:10, :10].mean() > 245
    assert made.min() < 80


# -- photo -----------------------------------------------------------------------------------------


def test_the_oval_grows_green_while_all_is_good(theme, shown):
    page = shown(PhotoPage(theme))
    page.show_frame(people.live())
    page.show_hold(0.0)
    before = page.grab().toImage()
    page.show_hold(1.0)
    after = page.grab().toImage()
    top = (423, 106)
    assert before.pixelColor(*top) != after.pixelColor(*top)
    assert after.pixelColor(*top).green() > 150


def test_the_stage_is_dimmed_outside_the_frame_only(theme, shown):
    page = shown(PhotoPage(theme))
    page.show_frame(np.full((640, 1138, 3), 255, np.uint8))
    image = page.grab().toImage()
    assert image.pixelColor(40, 320).lightness() < 100
    assert image.pixelColor(230, 600).lightness() == 255


def test_the_flash_lasts_at_most_200_ms(theme, shown, qtbot):
    page = shown(PhotoPage(theme))
    page.show_frame(np.zeros((640, 1138, 3), np.uint8))
    page.flash()
    assert page.grab().toImage().pixelColor(230, 600).lightness() == 255
    qtbot.wait(220)
    assert page.grab().toImage().pixelColor(230, 600).lightness() < 50


def test_the_still_replaces_the_live_picture_until_live_again(theme, shown):
    page = shown(PhotoPage(theme))
    page.show_still(people.portrait())
    assert page.shows_still
    page.show_live()
    assert not page.shows_still


# -- signature -------------------------------------------------------------------------------------


def test_ink_begins_a_new_stroke_each_time_the_pen_comes_down(theme, shown):
    page = shown(SignaturePage(theme))
    page.begin(124_000, 46_000)
    for n, down in enumerate((True, True, False, True, False)):
        page.add_point(PenPoint(n * 10_000, 1000 * n, 2000, 0.5, down))
    assert page.canvas.strokes == 2
    page.clear()
    assert page.canvas.strokes == 0


def test_the_screen_pen_reports_micrometres_of_the_pad(theme, shown, qtbot):
    page = shown(SignaturePage(theme))
    page.begin(124_000, 46_000)
    said = heard(page.pen_moved)
    middle = page.canvas.paper().center().toPoint()
    qtbot.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert said == []  # not a pad until it is told so
    page.set_screen_pen(True)
    qtbot.mouseClick(page.canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert [point.down for point in said] == [True, False]
    assert abs(said[0].x_um - 62_000) < 500
    assert abs(said[0].y_um - 23_000) < 500


# -- fingers ---------------------------------------------------------------------------------------


def test_the_hand_is_one_outline_with_every_nail_inside():
    shape = outline()
    assert len(shape.toSubpathPolygons()) == 1
    assert all(shape.contains(QPointF(*digit.tip)) for digit in DIGITS)


@pytest.mark.parametrize("finger", ORDER)
def test_every_finger_is_reached_by_mouse_and_by_key(theme, shown, qtbot, finger):
    page = shown(FingersPage(theme))
    said = heard(page.finger_pressed)
    place = page.hand(finger).place(finger)
    assert place.width() >= 48
    assert place.accessibleName()
    qtbot.mouseClick(place, Qt.MouseButton.LeftButton)
    qtbot.keyClick(place, Key.Key_Space)
    assert said == [finger, finger]


def test_a_screen_reader_hears_state_score_and_reason_of_a_finger(theme, shown):
    page = shown(FingersPage(theme))
    page.show_hands(FingersView(marks(), "LEFT_MIDDLE", "Jari tengah kiri"))
    assert (
        page.hand("RIGHT_INDEX").place("RIGHT_INDEX").accessibleName() == "Telunjuk kanan, baik, 86"
    )
    assert "perban" in page.hand("LEFT_RING").place("LEFT_RING").accessibleName()


def test_a_new_finger_begins_with_an_empty_place(theme, shown):
    page = shown(FingersPage(theme))
    page.show_hands(FingersView((), "RIGHT_THUMB"))
    empty = page.grab().toImage()
    page.show_print(people.printed("RIGHT_THUMB"))
    assert page.grab().toImage() != empty
    page.show_hands(FingersView((), "RIGHT_INDEX"))
    page.show_hands(FingersView((), "RIGHT_THUMB"))
    assert page._card.picture._picture is None


def test_a_page_put_away_keeps_no_picture_of_the_person(theme, shown):
    fingers, photo, ink = (shown(made(theme)) for made in (FingersPage, PhotoPage, SignaturePage))
    fingers.show_print(people.printed("RIGHT_THUMB"))
    photo.show_still(people.portrait())
    ink.add_point(PenPoint(0, 1, 1, 0.5, True))
    for page in (fingers, photo, ink):
        page.hide()
    assert fingers._card.picture._picture is None
    assert photo._portrait._picture is None
    assert ink.canvas.strokes == 0


# -- iris ------------------------------------------------------------------------------------------


def test_two_asked_eyes_share_the_preview_and_one_gets_all_of_it(theme, shown):
    page = shown(IrisPage(theme))
    preview = np.zeros((100, 400), np.uint8)
    preview[:, 200:] = 255
    page.show_eyes(IrisView(EyeMark(State.NOW), EyeMark(State.NOW)))
    page.show_preview(preview)
    right, left = page._eyes["RIGHT"].picture, page._eyes["LEFT"].picture
    assert right.grab().toImage().pixelColor(12, 12).red() == 0  # the right eye lies at the left
    assert left.grab().toImage().pixelColor(12, 12).red() == 255
    page.show_eyes(IrisView(EyeMark(State.DONE, 80), EyeMark(State.NOW)))
    page.show_still("RIGHT", np.full((60, 80), 128, np.uint8))
    page.show_preview(np.full((100, 200), 255, np.uint8))
    assert right.grab().toImage().pixelColor(12, 12).red() == 128


# -- exemption -------------------------------------------------------------------------------------


@pytest.fixture
def panel(theme, shown):
    page = shown(FingersPage(theme))
    page.show_exemption(EXEMPTION)
    yield page.exemption
    page.show_exemption(None)


def test_an_exemption_is_given_by_keyboard_alone(panel, qtbot):
    said = heard(panel.given)
    focus = panel.window().focusWidget()
    qtbot.keyClick(focus, Key.Key_Down)  # not possible: needs a second person
    qtbot.keyClick(panel.window().focusWidget(), Key.Key_Tab)
    qtbot.keyClick(panel.window().focusWidget(), Key.Key_Down)
    qtbot.keyClick(panel.window().focusWidget(), Key.Key_Tab)
    qtbot.keyClicks(panel.window().focusWidget(), "budi")
    qtbot.keyClick(panel.window().focusWidget(), Key.Key_Tab)
    qtbot.keyClicks(panel.window().focusWidget(), "135790")
    qtbot.keyClick(panel.window().focusWidget(), Key.Key_Return)
    assert said == [ExemptionAnswer("not_possible", "perban atau luka", "budi", "135790")]


def test_the_second_person_is_asked_only_where_the_kind_needs_one(panel):
    assert not panel._pin.isVisible()
    panel.choose("unreadable")
    assert panel._pin.isVisible()
    assert panel._pin.echoMode() is panel._pin.EchoMode.Password
    panel.choose("temporary")
    assert not panel._pin.isVisible()
    assert panel._return_on.text() == "2026-12-10"


def test_a_missing_pin_is_named_and_nothing_is_given(panel):
    said = heard(panel.given)
    panel.choose("unreadable")
    panel._second.setText("budi")
    panel.submit()
    assert said == []
    assert "PIN" in panel._error.text()


def test_a_refusal_keeps_what_was_typed_but_not_the_pin(panel):
    panel.choose("unreadable")
    panel._second.setText("budi")
    panel._pin.setText("1")
    panel.show_view(REFUSED)
    assert panel._second.text() == "budi"
    assert panel._pin.text() == ""
    assert "tidak cocok" in panel._error.text()


def test_escape_cancels_and_a_closed_panel_remembers_nothing(theme, shown, qtbot):
    page = shown(FingersPage(theme))
    page.show_exemption(EXEMPTION)
    said = []
    page.exemption_cancelled.connect(lambda: said.append(True))
    page.exemption._second.setText("budi")
    qtbot.keyClick(page.window().focusWidget(), Key.Key_Escape)
    assert said == [True]
    page.show_exemption(None)
    assert not page.exemption.isVisible()
    assert page.exemption._second.text() == ""


def test_the_pin_never_shows_in_a_repr():
    assert "135790" not in repr(ExemptionAnswer("unreadable", "x", "budi", "135790"))


# -- review and counter ----------------------------------------------------------------------------


def test_a_missing_part_leads_to_its_step(theme, shown, qtbot):
    page = shown(ReviewPage(theme))
    column = shown(page.verdict, (320, 640))
    said = heard(page.jump_requested)
    rows = (VerdictRow("Data", State.DONE), VerdictRow("Foto", State.LOOK, "", "step:photo"))
    page.show_verdict(VerdictView(False, "Belum", "1 hal", rows))
    plain, jump = column.row_buttons()
    assert plain.focusPolicy() is Qt.FocusPolicy.NoFocus
    qtbot.keyClick(jump, Key.Key_Space)
    assert said == ["step:photo"]


def test_the_review_names_all_ten_prints(theme, shown):
    page = shown(ReviewPage(theme))
    page.show_review(review_view())
    names = [cell._box.accessibleName() for cell in page._cells]
    assert len(names) == len(ANATOMICAL)
    assert names[0] == "Kelingking, 71"
    assert names[1] == "Manis, perban"


def test_a_person_is_picked_by_key(theme, shown, qtbot):
    page = shown(CounterPage(theme), (1166, 640))
    page.show_counter(picking_view())
    said = heard(page.person_selected)
    assert page.first_focus() is page.people()[0]
    qtbot.keyClick(page.people()[2], Key.Key_Space)
    assert said == ["r2"]
    page.show_counter(counter_view())
    assert page.people() == ()


def test_a_refused_card_has_its_own_page_with_the_box(theme, shown):
    page = shown(CounterPage(theme), (1166, 640))
    page.show_counter(counter_view())
    page.show_refused(
        RefusedView("Jangan diserahkan", "Tidak cocok", "Kotak merah R-01", "Panggil")
    )
    assert any(w.isVisible() and w.text() == "Kotak merah R-01" for w in page.findChildren(QLabel))
    page.show_refused(None)
    assert not any(
        w.isVisible() and w.text() == "Kotak merah R-01" for w in page.findChildren(QLabel)
    )


# -- every page ------------------------------------------------------------------------------------


def _clipped(window):
    """Return the words that do not fit where they are; a scrolled body counts as having room."""
    bad = []
    for widget in window.page.findChildren(QLabel):
        if not widget.isVisible() or not widget.text() or isinstance(widget, ElidedLabel):
            continue
        need = (
            widget.heightForWidth(widget.width())
            if widget.wordWrap()
            else widget.sizeHint().height()
        )
        wide = widget.fontMetrics().horizontalAdvance(max(widget.text().split(), key=len))
        if need > widget.height() + 1 or wide > widget.width() + 1:
            bad.append(widget.text())
    return bad + [
        f"sideways: {area.widget().minimumSizeHint().width()}"
        for area in window.page.findChildren(QScrollArea)
        if area.isVisible() and area.widget().minimumSizeHint().width() > area.viewport().width()
    ]


@pytest.mark.parametrize("name", STEP_PAGES)
@pytest.mark.parametrize("scale", ["theme", "large"])
def test_nothing_is_clipped_in_the_worst_case(request, qtbot, name, scale):
    window = open_step(request.getfixturevalue(scale), name, worst=True)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.show_page(window.page)
    assert _clipped(window) == []


@pytest.mark.parametrize("name", STEP_PAGES)
def test_every_control_has_a_name(theme, qtbot, name):
    window = open_step(theme, name)
    qtbot.addWidget(window)
    window.show()
    for button in window.page.findChildren(QPushButton):
        assert button.accessibleName() or button.text()
    assert window.page.title
    assert window.page.help_lines


def test_the_panel_lies_on_the_stage_and_has_the_focus(theme, qtbot):
    window = open_step(theme, "jari-kecuali")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    panel = window.page.findChild(ExemptionPanel)
    assert window.page.rect().contains(panel.geometry())
    assert panel.isAncestorOf(window.focusWidget())
    assert panel.mapTo(window, QPoint()).x() > 200


def test_marks_of_the_other_hand_leave_a_hand_alone(theme, shown):
    page = shown(FingersPage(theme))
    page.show_hands(FingersView((FingerMark("LEFT_INDEX", State.DONE, 80),), None))
    assert "baik" not in page.hand("RIGHT_INDEX").place("RIGHT_INDEX").accessibleName()
