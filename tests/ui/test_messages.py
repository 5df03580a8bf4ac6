"""Every code has words, and the words keep the house's manners."""

import pytest

import drivers.registry
import station.biometrics.face.locator
import station.biometrics.plugins
import station.grades
import station.settings
from station import errors
from station.guidance import Guidance
from ui.icons.coaching import COACHING
from ui.messages import DESTINATIONS, advice_table, coach_sentences, message_for


def _tree(kind):
    """Walk the product's errors; another test's driver may have brought some of its own."""
    if kind.__module__.startswith(("station.", "drivers.", "ui.")):
        yield kind
    for child in kind.__subclasses__():
        yield from _tree(child)


# Rooms that raise an error of their own; it counts once their module is loaded.
ROOMS = (
    drivers.registry,
    station.biometrics.face.locator,
    station.biometrics.plugins,
    station.grades,
    station.settings,
)
CODES = sorted({kind.code for kind in _tree(errors.StationError)})


@pytest.mark.parametrize("code", CODES)
def test_every_error_code_says_what_happened_and_what_to_do(code):
    advice = advice_table()[code]
    assert advice.happened.endswith(".")
    assert advice.next_step.endswith(".")
    assert advice.kind in ("info", "attention", "stop")


PLACES = {
    "Buka pengiriman": "outbox",
    "Lihat perangkat": "devices",
    "Buka rekaman": "records",
    "Tutup": "",
}


@pytest.mark.parametrize("code", CODES)
def test_a_button_leads_where_it_says(code):
    assert DESTINATIONS.get(code) == PLACES.get(advice_table()[code].button)


def test_the_table_holds_no_words_for_codes_that_do_not_exist():
    assert set(advice_table()) == set(CODES)


def test_a_message_names_the_device_and_keeps_the_code_in_small_print():
    view = message_for(errors.DeviceRemoved(device="finger"))
    assert view.happened == "Scanner jari terlepas."
    assert view.small == view.key == "DEVICE_REMOVED"
    assert "{" not in view.happened + view.next_step


@pytest.mark.parametrize("kind", list(_tree(errors.StationError)))
def test_no_placeholder_is_left_unfilled_without_facts(kind):
    view = message_for(kind())
    assert "{" not in view.spoken


def test_an_unknown_exception_gets_general_words_and_nothing_of_its_text():
    view = message_for(ValueError("6101015203090003"))
    assert view.key == "STATION"
    assert "6101" not in view.spoken


def test_tries_left_and_waits_are_told():
    assert "Sisa percobaan: 2." in message_for(errors.SignInRefused(tries_left=2)).next_step
    assert "30 detik" in message_for(errors.SignInRefused(wait_s=30.2)).next_step


def test_a_refused_step_says_what_is_missing():
    view = message_for(errors.CaptureRefused(reason="PHOTO_NOT_APPROVED", slot="face"))
    assert "persetujuan" in view.next_step


@pytest.mark.parametrize("code", list(Guidance))
def test_every_guidance_has_a_short_sentence_and_a_picture(code):
    sentence = coach_sentences()[code]
    assert len(sentence) <= 28
    assert not sentence.endswith(".")
    assert COACHING[code]
