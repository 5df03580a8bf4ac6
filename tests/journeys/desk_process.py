"""A desk to be killed: reopens a folder, tells what it finds, works on to a point, tells it, and dies by SIGKILL.

``python -m tests.journeys.desk_process FOLDER CASE POINT``. Every line it prints is a promise the desk
must keep. The last point, ``end``, waits for the printed card and leaves in good order.
"""

import json
import os
import signal
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from station.capture.flow import Step
from station.capture.slots import FINGER_ORDER
from station.delivery.courier import Progress
from station.lifecycle.status import Status
from tests.journeys.workplace import Workplace, statuses_of
from ui.app import DeskApp


def tell(**facts):
    """Print one line of facts at once."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def die(**facts):
    """Tell what was reached, then be gone without a word to anyone."""
    tell(**facts)
    os.kill(os.getpid(), signal.SIGKILL)


class DyingDesk(DeskApp):
    """A desk whose power goes in the middle of sending."""

    doomed = False

    def _hear_later(self, event):
        if self.doomed and isinstance(event, Progress):
            die(reached="sending", packet=event.packet_id)
        super()._hear_later(event)


def fingers(number):
    """Go on until so many fingers are settled."""

    def go(place, story):
        story.go_on(until=Step.FINGERS)
        place.wait(lambda: settled(place) >= number, f"{number} jari", 120)

    return go


def until(step):
    """Go on until a step is on the stage."""
    return lambda _place, story: story.go_on(until=step)


def photo_taken(place, story):
    """Let the photo take itself, and leave it unapproved."""
    story.go_on(until=Step.PHOTO)
    place.wait(lambda: place.operator.primary() in {"approve", "next"}, "foto")


def confirmed(place, story):
    """Have the applicant confirm the review."""
    story.go_on(until=Step.REVIEW)
    place.operator.enter("confirm")
    place.wait(lambda: place.operator.primary() == "seal", "siap disegel")


def sealed(place, story):
    """Seal while the sending is paused."""
    place.app.desk.store.outbox.paused = True
    story.go_on(until=Step.DONE)


POINTS = {
    "data": lambda _place, _story: None,
    "data confirmed": until(Step.PHOTO),
    "photo taken": photo_taken,
    "photo approved": until(Step.SIGNATURE),
    "signature": until(Step.FINGERS),
    "1 finger": fingers(1),
    "5 fingers": fingers(5),
    "10 fingers": fingers(10),
    "rechecked": until(Step.IRIS),
    "irises": until(Step.REVIEW),
    "confirmed": confirmed,
    "sealed": sealed,
}


def settled(place):
    """Return how many fingers ask for nothing more."""
    state, plan = place.state, place.app.desk.plan
    return sum(state.settled(slot, plan) for slot in FINGER_ORDER)


def at_work(place):
    """Return where the enrolment on the stage stands."""
    state, asked = place.state, place.app.finger_asked()
    return {
        "id": state.id,
        "step": place.enrolment.step.value,
        "page": place.app.shell.current_key,
        "asked": asked.value if asked else "",
        "attempts": {s.value: [t.sha256 for t in tries] for s, tries in state.attempts.items()},
        "data_confirmed": state.data_confirmed,
        "photo_approved": state.photo_approved,
        "rechecks": len(state.rechecks),
        "confirmed": state.confirmed is not None,
        "settled": settled(place),
    }


def on_disk(place, case):
    """Return what the store holds of somebody."""
    store, record = place.app.desk.store, place.record_of(case)
    return {
        "drafts": list(store.drafts.ids()),
        "packets": [row.packet_id for row in store.outbox.rows()],
        "delivery": record.delivery.value if record else "",
        "statuses": [status.value for status in statuses_of(record)] if record else [],
        "set_aside": [*store.swept.missing, *store.swept.damaged, *store.swept.set_aside],
    }


def resume(place, story):
    """Take the person up again through the search page; says what is there."""
    words = []

    def answered():
        words[:] = place.words
        return place.operator.primary() == "start"

    place.operator.type(str(story.entry.person.nik))
    place.wait(answered, "jawaban")
    begun = "Perekaman belum selesai" in words
    place.operator.enter("start")
    place.wait(lambda: place.app.shell.current_key.startswith("step:"), "rekaman terbuka")
    place.wait(lambda: place.operator.primary() != "", "halaman siap")
    return {"begun": begun, **at_work(place)}


def main(folder, case, point):
    """Reopen, tell, go on, tell, die."""
    app = QApplication(sys.argv[:1])
    place = Workplace(Path(folder), app, desk=DyingDesk)
    rehearsal = place.rehearsal
    tell(
        pids=[rehearsal.stage.pid, rehearsal.centre.pid], stage=rehearsal.stage.addresses["finger"]
    )
    place.sign_in()
    found = on_disk(place, case)
    story = place.story(case)
    if point in POINTS:
        found |= resume(place, story)
        tell(found=found)
        POINTS[point](place, story)
        die(reached=point, **at_work(place), **on_disk(place, case))
    tell(found=found)
    place.app.doomed = point == "sending"
    if place.app.desk.store.outbox.paused:
        place.operator.rail("outbox")
        place.operator.click_words("Lanjutkan kirim")
    record = place.wait_status(case, Status.CARD_PRINTED)
    tell(reached="end", flagged=len(record.flagged), **on_disk(place, case))
    place.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
