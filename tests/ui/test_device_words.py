"""What is said of a device: every code and every condition has words of its own, short enough for a card."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

import drivers.contract
from station import errors
from station.device_report import Condition, DeviceReport, Upkeep
from station.devices import DeviceState, Grade, Modality
from ui.device_words import (
    code_plights,
    device_word,
    grade_notes,
    grade_word,
    plight_of,
    plight_of_code,
    refined_plights,
    state_word,
    upkeep_step,
)
from ui.icons import State, paint_state
from ui.messages import message_for
from ui.widgets.health import HealthButton, HealthItem, paint_dot

SAID, STEP = 36, 84  # letters: one line, two lines of a card at 100 %


def _tree(kind):
    yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


# A reader raises errors of the card too; those that speak of the card's contents are the counter's.
RAISED_BY_DEVICES = sorted(
    {kind.code for kind in _tree(errors.DeviceError)}
    | {
        kind.code
        for kind in (errors.CardError, errors.NoReader, errors.NoCard, errors.CardOutcomeUnknown)
    }
)
REFUSALS = (
    "unknown",
    "not allowed",
    "does not load",
    "not a driver",
    "version",
    "modality",
    "model",
)


@pytest.mark.parametrize("code", RAISED_BY_DEVICES)
def test_every_code_a_device_can_raise_has_its_own_sentence_and_step(code):
    plight = code_plights()[code]
    assert 3 < len(plight.said) <= SAID
    assert not plight.said.endswith(".")
    assert 10 < len(plight.step) <= STEP
    assert plight.step.endswith(".")


def test_no_two_codes_share_their_words():
    plights = {*code_plights().values(), *refined_plights().values()}
    assert len({plight.said for plight in plights}) == len(plights)


def test_the_table_knows_no_code_that_no_device_raises():
    assert set(code_plights()) == set(RAISED_BY_DEVICES)
    assert {code for code, _detail in refined_plights()} <= set(RAISED_BY_DEVICES)


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refused_driver_is_told_by_its_reason(reason):
    error = drivers.contract.DriverRefused(driver="finger.other", reason=reason)
    told, general = message_for(error), code_plights()["DRIVER_REFUSED"]
    plight = plight_of_code("DRIVER_REFUSED", reason)
    assert plight != general
    assert told.next_step == plight.step
    assert told.happened.startswith("Scanner jari: ")


@pytest.mark.parametrize(("key", "plight"), list(refined_plights().items()), ids=str)
def test_refined_words_fit_a_card_too(key, plight):
    assert len(plight.said) <= SAID
    assert len(plight.step) <= STEP
    assert plight.step.endswith(".")
    assert plight_of_code(key[0], key[1]) == plight


def test_a_driver_makes_the_words_more_exact_and_an_unknown_reason_does_not_lose_them():
    sbi = plight_of_code("DEVICE_NOT_FOUND", "", "sbi")
    assert "ayanan" in sbi.said
    assert plight_of_code("DEVICE_NOT_FOUND", "anything", "finger.sfm").said == "Tidak terlihat"
    assert plight_of_code("SOMETHING_NEW") == code_plights()["DEVICE"]


@pytest.mark.parametrize("condition", list(Condition))
def test_every_condition_but_ready_says_what_to_do(condition):
    plight = plight_of(DeviceReport(Modality.FINGER, condition))
    assert 3 < len(plight.said) <= SAID
    assert (plight.step == "") is (condition is Condition.READY)
    assert len(plight.step) <= STEP


def test_conditions_are_told_apart_by_their_words():
    said = {plight_of(DeviceReport(Modality.FINGER, condition)).said for condition in Condition}
    assert len(said) == len(Condition)


@pytest.mark.parametrize("modality", list(Modality))
@pytest.mark.parametrize("upkeep", list(Upkeep))
def test_a_device_that_is_well_asks_for_its_upkeep(modality, upkeep):
    ready = DeviceReport(modality, Condition.READY)
    step = plight_of(replace(ready, upkeep=(upkeep,))).step
    assert step == upkeep_step(upkeep, modality)
    assert len(step) <= STEP


def test_every_grade_state_and_place_has_a_word():
    assert len({grade_word(grade) for grade in Grade}) == len(Grade)
    assert len({state_word(state) for state in DeviceState}) == len(DeviceState)
    assert len({device_word(modality.value) for modality in Modality}) == len(Modality)
    assert set(grade_notes()) == set(Grade) - {Grade.ENROLMENT}
    assert "tidak pernah masuk" in grade_notes()[Grade.EMULATED][1]


# -- for those who do not see colours ----------------------------------------------------------------


def _silhouette(paint, px):
    """Return a drawing as on a screen without colours, scaled down to what is seen at a glance."""
    image = QImage(px, px, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter)
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return [grey.pixelColor(x, y).value() for y in range(px) for x in range(px)]


def _differ(one, other):
    return sum(abs(a - b) > 60 for a, b in zip(one, other, strict=True)) / len(one)


def test_the_dots_of_the_strip_differ_in_shape_not_in_colour_only(theme):
    def dot(condition):
        return lambda painter: paint_dot(painter, QPointF(8, 8), condition, theme)

    drawn = {condition: _silhouette(dot(condition), 16) for condition in Condition}
    pairs = [(a, b) for a in Condition for b in Condition if a < b]
    alike = [(a, b) for a, b in pairs if _differ(drawn[a], drawn[b]) < 0.03]
    assert alike == []


def test_the_glyphs_of_the_cards_differ_in_shape_not_in_colour_only(theme):
    glyphs = (State.DONE, State.WAIT, State.LOOK, State.OTHER, State.STOP, State.EXEMPT, State.NOW)

    def glyph(state):
        return lambda painter: paint_state(painter, QRectF(0, 0, 32, 32), state, theme)

    drawn = {state: _silhouette(glyph(state), 32) for state in glyphs}
    pairs = [(a, b) for a in glyphs for b in glyphs if a < b]
    assert [(a, b) for a, b in pairs if _differ(drawn[a], drawn[b]) < 0.05] == []


def test_the_strip_says_each_condition_to_a_screen_reader(theme, qtbot):
    button = HealthButton(theme, HealthItem("finger", "finger", "Scanner jari", Condition.READY))
    qtbot.addWidget(button)
    names = set()
    for condition in Condition:
        button.show_item(HealthItem("finger", "finger", "Scanner jari", condition))
        names.add(button.accessibleName())
    assert len(names) == len(Condition)


def test_what_a_driver_found_makes_the_message_more_exact_too():
    told = message_for(errors.HardwareFault(device="iris", what="no light"))
    assert told.happened == "Scanner iris: lampunya tidak menyala."
    assert "kabel lampu" in told.next_step
