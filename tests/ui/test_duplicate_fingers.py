"""Somebody else's record at this desk has these fingers: the review page says so, and sealing asks again."""

from types import SimpleNamespace

import numpy as np
import pytest

from station.audit.chain import Action
from station.capture.exemption import ExemptionKind
from station.capture.flow import Step
from station.capture.slots import FINGER_OF, Slot
from station.devices import FingerPosition
from station.errors import StoreError
from station.lifecycle.record import Record
from station.lifecycle.status import Status
from station.lifecycle.transitions import Actor
from station.minutiae import Template
from station.store.duplicates import Duplicate
from tests.station.capture.bench import NOW, a_session, fill
from tests.ui.desk_bench import Bench
from ui import sealing
from ui.icons import State
from ui.pages.page import Page
from ui.presenters import review_step
from ui.presenters.presenter import Presenter
from ui.presenters.review_step import ReviewStep
from ui.sealing import Sealer

PACKET = "0193a1b2-0000-7000-8000-000000000001"
OTHER = Duplicate(
    Record("r-other", "6101016506010003", "SRI", start=Status.UNREGISTERED).step(
        Status.BIO_CAPTURED, Actor.RECORDING_DESK, NOW, packet_id=PACKET
    ),
    (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX),
)


class SealerOf:
    """Finds what the test says; counts what is sealed."""

    def __init__(self, found):
        self.found = found
        self.sealed = 0

    def findings(self, _session, _operator):
        return ()

    def duplicates(self, _session):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    def seal(self, _session, _operator):
        self.sealed += 1
        return SimpleNamespace(event=None, packet=SimpleNamespace(id=PACKET))


@pytest.fixture
def at_review(qtbot, theme, monkeypatch):
    monkeypatch.setattr(review_step.preview, "decode", lambda *_a: None)
    monkeypatch.setattr(review_step.preview, "shrink", lambda *_a: None)
    bench = Bench(qtbot, theme)
    rows = []
    bench.desk.audit = SimpleNamespace(append=lambda *a, **k: rows.append((a, k)))
    bench.desk.courier = SimpleNamespace(nudge=lambda: None)
    review = ReviewStep(bench.shell, bench.enrolment)
    bench.shell.add("step:review", review)
    shown, show = [], review.view.show_verdict
    monkeypatch.setattr(review.view, "show_verdict", lambda view: (shown.append(view), show(view)))
    bench.shell.add("step:done", Presenter(bench.shell, Page(theme)))

    def go(found):
        bench.desk.sealer = SealerOf(found)
        session = bench.sit_down(at_fingers=True)
        fill(session)
        session.confirm()
        monkeypatch.setattr(session, "note_sealed", lambda _event: None)
        bench.enrolment.go(Step.REVIEW)
        bench.wait(lambda: bench.primary == "seal" and not bench.busy)
        return bench, shown, rows

    yield go
    bench.close()


def looks(shown):
    return [row for row in shown[-1].rows if row.state is State.LOOK]


def test_sealing_somebody_elses_fingers_takes_another_button_and_is_noted(at_review):
    bench, shown, rows = at_review((OTHER,))
    (row,) = looks(shown)
    assert "SRI" in row.note
    assert not shown[-1].ok
    assert shown[-1].rows[0] is row  # what holds the sealing up is seen without scrolling
    for _ in range(3):  # Enter pressed in habit never seals
        bench.act("seal")
        bench.wait(lambda: "SRI" in bench.message)
    assert bench.desk.sealer.sealed == 0
    assert rows == []
    bench.window.message_pressed.emit(bench.window.message_bar.view.key)
    bench.wait(lambda: bench.desk.sealer.sealed == 1 and len(rows) == 1)
    (noted,) = rows
    assert noted[0][0] is Action.OVERRIDE
    assert noted[1]["other"] == "r-other"


def test_a_stranger_is_sealed_at_the_first_press(at_review):
    bench, shown, _rows = at_review(())
    assert looks(shown) == []
    assert shown[-1].ok
    bench.act("seal")
    bench.wait(lambda: bench.desk.sealer.sealed == 1)


def test_a_search_that_fails_is_said_and_keeps_nobody_from_sealing(at_review):
    bench, shown, _rows = at_review(StoreError(what="people prints"))
    assert len(looks(shown)) == 1
    bench.act("seal")
    bench.wait(lambda: bench.desk.sealer.sealed == 1)


def test_an_exempted_finger_is_not_searched_by():
    session = fill(a_session(), skip=(Slot.LEFT_LITTLE,))
    session.exempt(Slot.LEFT_RING, ExemptionKind.MISSING_PERMANENT, "amputasi", approved_by="budi")
    gone = {FINGER_OF[Slot.LEFT_LITTLE], FINGER_OF[Slot.LEFT_RING]}
    assert set(session.finger_templates()) == set(FINGER_OF.values()) - gone


def test_templates_of_a_sites_own_matcher_are_left_out_not_tripped_over(monkeypatch):
    asked = []
    monkeypatch.setattr(sealing, "duplicates", lambda *call: asked.append(call) or ())
    monkeypatch.setattr(sealing, "from_json", lambda _text: SimpleNamespace(nik="1"))
    none, kinds = np.zeros(0, np.float32), np.zeros(0, np.uint8)
    whole = Template(none, none, none, kinds, kinds, 300, 400)
    session = SimpleNamespace(
        state=SimpleNamespace(started=SimpleNamespace(person_json="{}")),
        finger_templates=lambda: {
            FingerPosition.LEFT_INDEX: object(),
            FingerPosition.RIGHT_INDEX: whole,
        },
    )
    assert Sealer("store", None, None, None, None, None).duplicates(session) == ()
    assert asked == [("store", "1", {FingerPosition.RIGHT_INDEX: whole})]
