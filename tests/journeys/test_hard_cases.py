"""One journey per hard case of the roster, one after the other at one desk, as on a long morning.

What is hard about these is the person, not the body: they are recorded under a plan of six slots.
Whose way goes on to the card, or to the examination of the fingers, is in test_printed_cases.
"""

import pytest
from PySide6.QtCore import Qt

from station.capture.flow import Step
from station.capture.slots import Slot
from station.lifecycle.record import Delivery, Hold
from station.lifecycle.status import Status
from station.person.nik import FindingKind, NikCode, parse
from tests.journeys.sight import clipped
from tests.journeys.workplace import SHORT
from ui.player import StoryEnded

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def place(opened):
    made = opened("sulit", plan=SHORT)
    made.sign_in()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def at_the_search(place):
    """Every journey begins and ends at the search page."""
    place.leave()
    assert place.app.window.page.field.text() == ""
    return place


def sealed(place, case):
    """Record somebody to the receipt; return the record."""
    place.begin(case).next_person()
    record = place.record_of(case)
    assert record.known_status is not Status.UNREGISTERED
    return record


def nothing_clipped(place):
    """Hold the page, once it is laid out, to showing every word whole."""
    try:
        place.wait(lambda: clipped(place.app.window.page) == [], "utuh", 5)
    except StoryEnded:
        assert clipped(place.app.window.page) == []


# -- refused at the search page --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("duplicate_record", "Sudah direkam di Kabupaten Sambas"),
        ("card_issued", "Sudah direkam di Kota Singkawang"),
        ("under_16", "Belum cukup umur"),
        ("wna_without_itap", "Izin tinggal tetap belum tercatat"),
    ],
)
def test_who_may_not_be_recorded_is_told_why_and_nothing_starts(place, case, sentence):
    story = place.story(case)
    story.operator.type(str(story.entry.person.nik))
    place.wait_words(sentence)
    assert place.operator.primary() == ""
    place.operator.pause(0.3)
    place.operator.press(Qt.Key.Key_Return)
    place.operator.pause(0.3)
    assert place.app.shell.current_key == "search"
    assert not place.enrolment.busy
    assert place.app.desk.store.drafts.ids() == ()


def test_the_duplicate_is_refused_with_the_first_area_and_the_officers_task(place):
    story = place.story("duplicate_record")
    story.operator.type(str(story.entry.person.nik))
    place.wait_words("Sudah direkam di Kabupaten Sambas")
    place.wait_words("Jangan merekam ulang")
    assert not place.says("Bisa langsung dicetak"), "nothing beside it promises a card"


# -- names and numbers -----------------------------------------------------------------------------


def test_a_one_word_name_is_recorded_as_it_is(place):
    record = sealed(place, "one_word_name")
    assert record.person_name == "UMAR"


def test_a_name_of_sixty_characters_is_whole_from_the_data_page_to_the_receipt(place):
    name = place.entry("name_60").person.full_name
    assert len(name) == 60
    story = place.story("name_60")
    story.find()
    place.operator.enter("start")
    place.wait(lambda: place.operator.primary() == "confirm", "data")
    assert place.says(name)
    nothing_clipped(place)
    story.go_on(until=Step.REVIEW)
    place.wait(lambda: place.operator.primary() == "confirm", "tinjau")
    assert place.says(name)
    nothing_clipped(place)
    story.go_on()
    assert place.app.shell.current_key == "step:done"
    assert place.says(name)
    nothing_clipped(place)
    story.next_person()


def test_day_41_is_a_woman_born_on_the_first(place):
    person = place.entry("day_41").person
    assert str(person.nik)[6:8] == "41"
    story = place.story("day_41")
    story.find()
    read = " ".join(place.words)
    assert "Perempuan" in read
    assert "1 Mei 1999" in read
    story.record()
    story.next_person()


def test_a_retired_area_code_warns_and_does_not_stop(place):
    desk, person = place.app.desk, place.entry("retired_area").person
    reading = parse(str(person.nik), desk.clock.now().date(), desk.population.master.regions)
    kinds = {finding.code: finding.kind for finding in reading.findings}
    assert kinds == {NikCode.AREA_RETIRED: FindingKind.WARNING}
    record = sealed(place, "retired_area")
    assert record.delivery in {Delivery.QUEUED, Delivery.SENDING, Delivery.ACKED}


def test_born_on_the_leap_day_is_recorded_with_that_birthday(place):
    story = place.story("leap_day")
    story.find()
    assert "29 Februari 2008" in " ".join(place.words)
    story.record()
    story.next_person()


# -- age and citizenship ---------------------------------------------------------------------------


def test_married_at_fifteen_is_recorded_without_a_hold_on_the_card(place):
    story = place.story("married_at_15")
    story.find()
    assert place.says("Bisa langsung dicetak")
    story.record()
    story.next_person()
    record = place.record_of("married_at_15")
    assert record.holds == ()
    assert not record.held(Hold.AGE_17)


def test_a_foreigner_stands_before_orange_and_the_photo_is_judged_against_it(place):
    story = place.story("wna")
    story.find()
    assert any("oranye" in words.lower() for words in place.words)
    story.record(until=Step.SIGNATURE)
    assert place.state.started.backdrop == "orange"
    assert place.state.best(Slot.FACE).usable
    story.go_on()
    story.next_person()
