"""A whole rehearsal with the window and an operator at it, to be opened and closed by a test."""

from dataclasses import replace

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel

from station.capture.flow import Step
from station.capture.plan import CapturePlan
from station.capture.slots import Slot
from station.clock import SystemClock
from station.lifecycle.status import Status
from station.person.roster import case_of
from ui.app import DeskApp
from ui.demo import follow_cards
from ui.player import Operator, Story, StoryEnded
from ui.rehearsal import RehearsalOptions, start_rehearsal

SIZE = (1366, 768)
# Six slots instead of fourteen, for journeys whose point is not the ten fingers. The centre finds such a
# packet incomplete, so it is for what happens up to the seal and on the way there.
SHORT = CapturePlan(
    required=(
        Slot.FACE, Slot.SIGNATURE, Slot.RIGHT_INDEX, Slot.LEFT_INDEX, Slot.IRIS_RIGHT, Slot.IRIS_LEFT,
    )
)  # fmt: skip


class Workplace:
    """Stage, centre and desk of one folder; closed and opened again it is the next morning."""

    def __init__(self, folder, app, *, pcsc=False, pace=0.05, desk=DeskApp, **parts):
        self.folder = folder
        self._app = app
        options = RehearsalOptions(folder=folder, pcsc=pcsc, pace=pace)
        self.rehearsal = start_rehearsal(options, SystemClock())
        try:
            if parts:
                self.rehearsal.parts = replace(self.rehearsal.parts, **parts)
            self.app = desk(self.rehearsal.parts, app)
            follow_cards(self.rehearsal, self.app)
            self.app.open()
            self.app.window.resize(*SIZE)
            self.operator = Operator(self.app, app)
        except BaseException:
            self.rehearsal.stop()
            raise
        self.pictures = folder / "gambar"
        self.pictures.mkdir(exist_ok=True)
        self.said = []

    def close(self):
        """End desk, stage and centre; harmless when done before."""
        self.app.close()
        self.app.window.hide()
        self.rehearsal.stop()

    @property
    def stage(self):
        """The emulated devices, for faults."""
        return self.rehearsal.stage

    @property
    def enrolment(self):
        """The enrolment presenter."""
        return self.app.enrolment

    @property
    def state(self):
        """What is kept of the person at the desk."""
        return self.app.enrolment.session.state

    @property
    def message(self):
        """The words of the message bar, '' when it is closed."""
        view = self.app.window.message_bar.view
        return view.spoken if view else ""

    @property
    def words(self):
        """Every word that can be read on the page now."""
        return [
            label.text()
            for label in self.app.window.page.findChildren(QLabel)
            if label.isVisible() and label.text()
        ]

    def says(self, words):
        """Whether these words can be read on the page now."""
        return any(words in text for text in self.words)

    def wait_words(self, words, seconds=30.0):
        """Wait until the page says something."""
        self.wait(lambda: self.says(words), words, seconds)

    def entry(self, case):
        """Return the roster's person of a case."""
        return case_of(self.rehearsal.roster, case)

    def story(self, case):
        """Return a person's story at this desk."""
        folder = self.pictures / case
        folder.mkdir(exist_ok=True)
        return Story(self.operator, self.rehearsal, self.entry(case), folder, self.said.append)

    def sign_in(self):
        """Sign the ordinary operator in."""
        story = self.story("nur_aini")
        story.sign_in()

    def begin(self, case, *, until=Step.DONE):
        """Find somebody and record up to a step; return the story."""
        story = self.story(case)
        story.find()
        story.record(until=until)
        return story

    def leave(self):
        """Go back to the search page with the rail's first place or Esc, whatever is on the stage."""
        self.enrolment.close() if self.enrolment.busy else self.app.shell.show("search")

    def record_of(self, case):
        """Return the newest record of somebody, None when there is none."""
        records = self.app.desk.store.records.of_nik(str(self.entry(case).person.nik))
        return records[-1] if records else None

    def wait(self, holds, what, seconds=60.0):
        """Let the desk work until something holds."""
        self.operator.wait(holds, what, seconds)

    def wait_status(self, case, status, seconds=60.0):
        """Wait for an official status and return the record."""
        try:
            self.wait(lambda: self.record_of(case).known_status is status, status.value, seconds)
        except StoryEnded as cause:
            record = self.record_of(case)
            way = [status.value for status in statuses_of(record)]
            raise StoryEnded(f"{cause}; {way} {record.reason} {record.delivery}") from cause
        return self.record_of(case)


def picture_size(path):
    """Return width and height of a picture file."""
    image = QImage(str(path))
    return image.width(), image.height()


def statuses_of(record):
    """Return the official statuses of a record in order, without repeats."""
    found = [record.start]
    for line in record.history:
        if not line.flag and isinstance(line.status, Status) and line.status is not found[-1]:
            found.append(line.status)
    return found
