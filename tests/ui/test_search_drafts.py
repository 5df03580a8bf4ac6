"""What the search makes of drafts: one damaged or closed draft is nobody's unfinished recording."""

from types import SimpleNamespace

import pytest

from station.capture import events as ev
from station.clock import FixedClock
from station.store.store import open_store
from tests.station.capture.bench import NOW, started
from ui.presenters.search import SearchPresenter, unfinished_drafts

NIK = "6101015203050001"


@pytest.fixture
def store(tmp_path):
    opened = open_store(tmp_path / "store", b"k" * 32, FixedClock(NOW))
    yield opened
    opened.close()


def draft_of(store, name, nik):
    return store.new_draft(started(enrolment_id=name, person_json=f'{{"nik":"{nik}"}}'))


def found(store, nik):
    return unfinished_drafts(store).get(nik, "")


def test_a_damaged_draft_of_one_person_does_not_stop_the_search_for_all(store):
    draft_of(store, "e0", "6101015203050009")
    draft_of(store, "e1", NIK)
    store.database.execute("UPDATE draft SET wrapped_key=? WHERE id='e0'", (b"x" * 40,))
    assert found(store, NIK) == "e1"


def test_an_abandoned_draft_that_was_not_shredded_yet_is_not_to_be_resumed(store):
    draft = draft_of(store, "e1", NIK)
    draft.append(ev.Abandoned("DATA_FIX", "rina", NOW))
    assert found(store, NIK) == ""


def test_a_damaged_draft_does_not_hide_whose_recording_a_power_cut_interrupted(store):
    draft_of(store, "e1", NIK)
    draft_of(store, "e2", "6101015203050009")
    store.database.execute("UPDATE draft SET wrapped_key=? WHERE id='e2'", (b"x" * 40,))
    presenter = SimpleNamespace(shell=SimpleNamespace(desk=SimpleNamespace(store=store)))
    assert SearchPresenter._unfinished(presenter) == NIK
