"""Plays an operator: real key presses and clicks on the real window, nothing behind the widgets' back."""

import datetime as dt
import functools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QPoint,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from station.capture.enrolment import Enrolment
from station.capture.flow import Step
from station.capture.slots import CAPTURE_ORDER, EYE_OF, FINGER_OF, Slot
from station.card.profile import FILES
from station.card.verify import ChipContents, verify_card
from station.clock import SystemClock
from station.device_report import Condition
from station.errors import StationError
from station.lifecycle.record import Record
from station.lifecycle.status import Status
from station.lifecycle.words import plain_words
from station.person.roster import RosterEntry, case_of
from ui.app import DeskApp
from ui.demo import RunOptions, explain, follow_cards
from ui.devices.tablet_events import keep_every_tablet_event
from ui.presenters.counter import Stage
from ui.presenters.words import EXEMPTION_ORDER
from ui.rehearsal import Rehearsal, start_rehearsal
from ui.widgets.exemption import ExemptionPanel
from ui.widgets.rail import RailRow
from ui.widgets.rows import PressRow

Key = Qt.Key
_DECIDED: Final = frozenset(
    {
        Status.CARD_PRINTED,
        Status.DUPLICATE_RECORD,
        Status.ADJUDICATE_RECORD,
        Status.REQUEST_VALIDATION,
        Status.ENROLL_FAILURE_AT_CENTRAL,
        Status.ENROLL_FAILURE_AT_REGIONAL,
    }
)
_OPERATOR: Final = ("rina", "246810")
_SUPERVISOR: Final = ("budi", "135790")
_KINDS: Final = [kind.value for kind in EXEMPTION_ORDER]
_REASONS: Final = {"amputasi": 0, "tunanetra": 3, "tidak bisa menulis": 4}
_DEFAULT_CASE: Final = "nur_aini"


class StoryEnded(Exception):
    """The desk did not come where the story wanted it in time; says where it stood."""


@dataclass(slots=True)
class Timing:
    """Seconds the machine and the emulated person took, per step."""

    started: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, name: str) -> float:
        """Note the time since the last lap under a name."""
        now = time.monotonic()
        taken = now - self.started
        self.seconds[name] = round(self.seconds.get(name, 0.0) + taken, 3)
        self.started = now
        return taken


class Operator:
    """Hands on the keyboard and the mouse, and eyes on the window; counts every action."""

    def __init__(self, desk: DeskApp, app: QApplication) -> None:
        self.desk = desk
        self._app = app
        self.actions = 0

    @property
    def window(self) -> QWidget:
        """The desk's window."""
        return self.desk.window

    def wait(self, holds: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
        """Let the desk work until something holds; StoryEnded with what is on the screen otherwise."""
        deadline = time.monotonic() + seconds
        loop = QEventLoop()
        look = QTimer()
        look.setInterval(10)
        look.timeout.connect(
            lambda: loop.quit() if holds() or time.monotonic() > deadline else None
        )
        if not holds():
            look.start()
            loop.exec()
            look.stop()
        if not holds():
            raise StoryEnded(f"{what}; {self.screen()}")

    def screen(self) -> str:
        """Say in one line where the desk stands, without personal data."""
        shell = self.desk.shell
        message = self.desk.window.message_bar.view
        said = f", pesan: {message.happened} {message.small}" if message else ""
        return f"halaman {shell.current_key}{said}"

    def press(self, key: Key) -> None:
        """Press one key where the focus is."""
        self.actions += 1
        QTest.keyClick(self._app.focusWidget() or self.window, key)
        self._settle()

    def type(self, text: str) -> None:
        """Type text where the focus is; every character is an action."""
        for letter in text:
            self.actions += 1
            QTest.keyClicks(self._app.focusWidget() or self.window, letter)
        self._settle()

    def click(self, widget: QWidget) -> None:
        """Click a widget in its middle."""
        self.actions += 1
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
        self._settle()

    def primary(self) -> str:
        """Return the id of the primary action if it can be pressed now, else ''."""
        bar = self.desk.window.action_bar
        action = bar.actions_shown.primary
        if action is None or not action.enabled or not bar.button(action.id).isEnabled():
            return ""
        return action.id

    def enter(self, action: str, seconds: float = 60.0) -> None:
        """Wait until this is the primary action, then press Enter."""
        self.wait(lambda: self.primary() == action, f"menunggu tindakan {action}", seconds)
        # The window takes the same key twice within a quarter second as one press.
        self.pause(0.3)
        self.press(Key.Key_Return)

    def click_words(self, words: str, seconds: float = 30.0) -> None:
        """Wait for a button that says these words, then click it."""

        def found() -> QAbstractButton | None:
            buttons = self.window.findChildren(QAbstractButton)
            fit = (b for b in buttons if b.text() == words and b.isVisible() and b.isEnabled())
            return next(fit, None)

        self.wait(lambda: found() is not None, f"tombol {words}", seconds)
        button = found()
        if button is not None:
            self.click(button)

    def rail(self, key: str) -> None:
        """Click a row of the rail."""
        rows = [row for row in self.window.findChildren(RailRow) if row.key == key]
        self.click(rows[0])

    def grab(self, path: Path) -> None:
        """Save a picture of the window."""
        self.window.grab().save(str(path))

    def pause(self, seconds: float) -> None:
        """Let the desk go on for a while, as an operator who looks."""
        loop = QEventLoop()
        QTimer.singleShot(int(seconds * 1000), loop.quit)
        loop.exec()

    def _settle(self) -> None:
        self._app.processEvents()


class Story:
    """One person from the sign-in page to the handed-over card, as an operator would do it."""

    def __init__(
        self,
        operator: Operator,
        rehearsal: Rehearsal,
        entry: RosterEntry,
        out: Path,
        say: Callable[[str], None],
    ) -> None:
        self.operator = operator
        self.desk = operator.desk
        self.rehearsal = rehearsal
        self.entry = entry
        self.out = out
        self.say = say
        self.timing = Timing()
        self.enrolled: Enrolment | None = None
        self.counted: dict[str, int] = {}
        self.chip: ChipContents | None = None  # what the handed-over card says
        self._shots = 0

    # -- the acts ---------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Type operator and PIN."""
        self.operator.wait(lambda: self.desk.shell.current_key == "sign_in", "halaman masuk")
        self._health_settled()
        self.shot("masuk")
        name, pin = _OPERATOR
        self.operator.type(name)
        self.operator.press(Key.Key_Tab)
        self.operator.type(pin)
        self.operator.enter("sign-in")
        self._at("search")
        self.done("masuk", "petugas masuk")

    def find(self) -> None:
        """Type the NIK and read the answer."""
        self.operator.type(str(self.entry.person.nik))
        self.operator.wait(lambda: self.operator.primary() == "start", "jawaban boleh direkam", 20)
        self.shot("cari")
        self.done("cari", f"ditemukan, tiket {self.entry.ticket}")
        self.counted["found"] = self.operator.actions

    def record(self, *, until: Step = Step.DONE) -> None:
        """Record the person step by step, exempting what is not there."""
        self.operator.enter("start")
        self.go_on(until=until)

    def go_on(self, *, until: Step = Step.DONE) -> None:
        """Continue from the step on the stage."""
        acts: Mapping[Step, Callable[[], None]] = {
            Step.DATA: self._data,
            Step.PHOTO: self._photo,
            Step.SIGNATURE: self._signature,
            Step.FINGERS: self._fingers,
            Step.IRIS: self._iris,
            Step.REVIEW: self._review,
        }
        self.operator.wait(
            lambda: self.desk.shell.current_key.startswith("step:"), "rekaman terbuka"
        )
        while True:
            step = self.desk.enrolment.step
            if step is until:
                return
            acts[step]()

    def _data(self) -> None:
        self._at("step:data")
        self.shot("data")
        self.operator.enter("confirm")
        self._left(Step.DATA, "data dibenarkan")

    def _photo(self) -> None:
        self._at("step:photo")
        self.operator.wait(lambda: self.operator.primary() in {"take", "approve", "next"}, "kamera")
        self._shot_when(lambda: self.desk.shell.current_key == "step:photo", "foto-langsung", 2.5)
        self.operator.wait(
            lambda: self.operator.primary() in {"approve", "next"}, "foto diambil sendiri", 60
        )
        self.shot("foto-setuju")
        self.operator.enter(self.operator.primary())
        self._left(Step.PHOTO, "foto disetujui")

    def _signature(self) -> None:
        self._at("step:signature")
        if self.entry.cannot_sign:
            self.exempt("NOT_POSSIBLE", "tidak bisa menulis", approved=True)
            self.operator.enter("next")
        else:
            self._shot_when(lambda: True, "tanda-tangan", 1.5)
        self._left(Step.SIGNATURE, "tanda tangan tersimpan", 60)

    def _fingers(self) -> None:
        self._at("step:fingers")
        shot = False
        while self.desk.enrolment.step is Step.FINGERS:
            asked = self.desk.finger_asked()
            if asked is not None and self._lacks(asked):
                self.exempt("MISSING_PERMANENT", "amputasi", approved=True)
                continue
            captured = len(self._captured_fingers())
            if captured >= 4 and not shot:
                self.shot("jari")
                shot = True
            message = self.desk.window.message_bar.view
            if message is not None and self.operator.primary() == "take" and message.button:
                self.operator.press(Key.Key_Return)
            self.operator.wait(functools.partial(self._moved, asked, captured), "jari terbaca", 90)
        self._lap(Step.FINGERS, "sepuluh jari selesai, dua dicek ulang")

    def _iris(self) -> None:
        self._at("step:iris")
        for slot in EYE_OF:
            if self._lacks(slot) and slot not in self.desk.enrolment.session.state.exemptions:
                self.exempt("NOT_POSSIBLE", "tunanetra", approved=True)
        if all(self._lacks(slot) for slot in EYE_OF):
            self.operator.enter("next")
        else:
            self._shot_when(lambda: True, "iris", 1.2)
        self._left(Step.IRIS, "iris selesai", 90)

    def _review(self) -> None:
        self._at("step:review")
        self.operator.wait(lambda: self.operator.primary() in {"confirm", "seal"}, "halaman tinjau")
        if self.operator.primary() == "confirm":  # not again after a power cut behind it
            self.operator.enter("confirm")
        self.operator.wait(lambda: self.operator.primary() == "seal", "siap disegel")
        self.shot("tinjau")
        self.enrolled = self.desk.enrolment.session.state
        self.operator.enter("seal")
        self.operator.wait(self._sealed_or_asked, "disegel", 60)
        if (
            self.desk.shell.current_key == "step:review"
        ):  # known here: press the message's own button
            self.desk.window.message_pressed.emit("seal_anyway")
        self._at("step:done", 60)
        self.counted["sealed"] = self.operator.actions
        self.shot("selesai")
        self._lap(Step.REVIEW, "paket tersegel, dibaca ulang, tersimpan")

    def _sealed_or_asked(self) -> bool:
        message = self.desk.window.message_bar.view
        asked = message is not None and message.key == "seal_anyway"
        return asked or self.desk.shell.current_key == "step:done"

    def exempt(self, kind: str, reason: str, *, approved: bool) -> None:
        """Press F2 and fill the panel by keyboard, with the second person's PIN where it is needed."""
        self.operator.wait(
            lambda: self.operator.desk.window.action_bar.actions_shown.by_key("F2") is not None,
            "F2",
        )
        before = dict(self.desk.enrolment.session.state.exemptions)
        self.operator.press(Key.Key_F2)
        self.operator.wait(lambda: self._panel() is not None, "panel pengecualian", 10)
        self.fill_exemption(kind, reason, supervisor=_SUPERVISOR if approved else None)
        self.operator.wait(
            lambda: len(self.desk.enrolment.session.state.exemptions) > len(before),
            "pengecualian tersimpan",
            20,
        )

    def fill_exemption(self, kind: str, reason: str, *, supervisor: tuple[str, str] | None) -> None:
        """Fill the open panel by keyboard and press Enter; ``supervisor`` is name and PIN."""
        for _ in range(_KINDS.index(kind)):
            self.operator.press(Key.Key_Down)
        self.operator.press(Key.Key_Tab)
        for _ in range(_REASONS[reason]):
            self.operator.press(Key.Key_Down)
        self.operator.press(Key.Key_Tab)
        if supervisor is not None:
            name, pin = supervisor
            self.operator.type(name)
            self.operator.press(Key.Key_Tab)
            self.operator.type(pin)
        self._shot_when(lambda: True, "pengecualian", 0.2)
        self.operator.press(Key.Key_Return)

    def _panel(self) -> ExemptionPanel | None:
        page = self.desk.window.page
        panels = page.findChildren(ExemptionPanel) if page is not None else []
        return next((panel for panel in panels if panel.isVisible()), None)

    def next_person(self) -> None:
        """Leave the receipt for the search page."""
        self.operator.enter("next")
        self._at("search")

    def until_printed(self, seconds: float = 60.0) -> Record:
        """Wait until the centre says the card is printed."""
        return self.until(Status.CARD_PRINTED, seconds)

    def until_decided(self, seconds: float = 60.0) -> Record:
        """Wait until the card is printed, or until the centre or a hold says that it is not printed now."""

        def decided() -> bool:
            record = self._record()
            if record is None:
                return False
            held = record.known_status is Status.PRINT_READY_RECORD and bool(record.holds)
            return record.known_status in _DECIDED or held

        self.operator.wait(decided, "keputusan pusat", seconds)
        record = self._record()
        assert record is not None  # noqa: S101 - the wait above saw it
        return record

    def until(self, status: Status, seconds: float = 60.0) -> Record:
        """Wait until the record has this official status."""
        self.operator.wait(
            lambda: self._record() is not None and self._record().known_status is status,  # type: ignore[union-attr] # checked just before
            f"status {status.value}",
            seconds,
        )
        record = self._record()
        assert record is not None  # noqa: S101 - the wait above saw it
        return record

    def hand_over(self) -> Mapping[str, Any]:
        """Write, match, activate and hand over the card; return what the chip holds."""
        self.choose_at_counter()
        self.shot("loket-pilih")
        self.operator.enter("begin")
        self.operator.enter("same", 60)
        self._shot_when(lambda: True, "loket-jari", 0.5)
        self.operator.wait(lambda: self.desk.counter.stage is Stage.GIVE, "kartu aktif", 60)
        self.shot("loket-serah")
        card = self._card_facts()
        self.operator.enter("given")
        self.done("kartu", f"kartu {card['uid']} aktif dan diserahkan")
        return card

    def choose_at_counter(self) -> None:
        """Go to the counter and choose this person among those whose card is printed."""
        self.operator.rail("counter")
        self._at("counter")
        record = self._record()
        wanted = record.record_id if record is not None else ""

        def row() -> PressRow | None:
            rows = self.operator.window.findChildren(PressRow)
            return next((r for r in rows if r.key == wanted and r.isVisible()), None)

        self.operator.wait(lambda: row() is not None, "orangnya di daftar ambil", 30)
        found = row()
        if found is not None and self.desk.counter.chosen != wanted:
            self.operator.click(found)
        self.operator.wait(
            lambda: self.operator.primary() == "begin" and self.desk.counter.chosen == wanted,
            "orang terpilih",
            30,
        )

    def look_around(self) -> None:
        """Take pictures of the other workplaces."""
        for key, name in (
            ("records", "rekaman"),
            ("outbox", "pengiriman"),
            ("devices", "perangkat"),
        ):
            self.operator.rail(key)
            self._at(key)
            self._shot_when(lambda: True, name, 0.6)

    # -- seeing -----------------------------------------------------------------------------------

    def shot(self, name: str) -> None:
        """Keep a picture of the page."""
        self.operator.pause(0.25)  # layouts settle with the next events
        self._shots += 1
        self.operator.grab(self.out / f"{self._shots:02d}-{name}.png")

    def summary(self, card: Mapping[str, Any], packet: Path) -> dict[str, Any]:
        """Return what happened, for ``summary.json``."""
        record = self._record()
        state = self.enrolled
        if record is None or state is None:
            raise StoryEnded("tidak ada rekaman")
        statuses = [record.start.value]
        statuses += [
            str(line.status.value)
            for line in record.history
            if not line.flag and isinstance(line.status, Status)
        ]
        return {
            "nik": str(self.entry.person.nik),
            "statuses": [s for n, s in enumerate(statuses) if n == 0 or s != statuses[n - 1]],
            "packet": str(packet),
            "packet_bytes": packet.stat().st_size,
            "operator_actions": self.counted["sealed"] - self.counted["found"],
            "operator_actions_total": self.operator.actions,
            "machine_seconds": self.timing.seconds,
            "samples": [
                {
                    "slot": slot.value,
                    "device": f"{best.device.driver} {best.device.model}".strip(),
                    "quality": best.score,
                    "attempts": len(state.tries(slot)),
                }
                for slot in CAPTURE_ORDER
                if (best := state.best(slot)) is not None and slot not in state.exemptions
            ],
            "exemptions": [
                {"slot": slot.value, "kind": item.kind.value}
                for slot, item in state.exemptions.items()
            ],
            "card": dict(card),
            "card_path": self.rehearsal.reader_path,
            "centre_keys": str(self.rehearsal.keys.folder / "centre"),
        }

    def _record(self) -> Record | None:
        records = self.desk.desk.store.records.of_nik(str(self.entry.person.nik))
        return records[-1] if records else None

    def read_card(self) -> ChipContents:
        """Read and verify the card on the reader, as the counter's trust demands."""
        reader = self.desk.desk.devices.reader
        counter = self.desk.desk.handover.counter
        if reader is None:
            raise StoryEnded("tidak ada pembaca")
        return verify_card(reader, sam=counter.sam, trust=counter.trust, clock=counter.clock)

    def _card_facts(self) -> dict[str, Any]:
        chip = self.chip = self.read_card()
        return {
            "uid": chip.serial,
            "state": chip.state.name,
            "files": {fid.name: spec.size for fid, spec in FILES.items()},
        }

    def _lacks(self, slot: Slot) -> bool:
        if slot in FINGER_OF:
            return FINGER_OF[slot] in self.entry.missing_fingers
        return slot in EYE_OF and EYE_OF[slot] in self.entry.blind_eyes

    def _captured_fingers(self) -> list[Slot]:
        state = self.desk.enrolment.session.state
        return [slot for slot in FINGER_OF if state.tries(slot)]

    def _moved(self, asked: Slot | None, captured: int) -> bool:
        if self.desk.enrolment.step is not Step.FINGERS:
            return True
        message = self.desk.window.message_bar.view
        waits = message is not None and bool(message.button) and self.operator.primary() == "take"
        return (
            waits
            or self.desk.finger_asked() is not asked
            or len(self._captured_fingers()) > captured
        )

    def _health_settled(self) -> None:
        shell = self.desk.shell
        keys = ("face", "finger", "iris", "signature", "card")
        self.operator.wait(
            lambda: all(shell.condition(key) is Condition.READY for key in keys), "alat siap", 40
        )

    def _at(self, key: str, seconds: float = 30.0) -> None:
        self.operator.wait(lambda: self.desk.shell.current_key == key, f"halaman {key}", seconds)

    def _left(self, step: Step, words: str, seconds: float = 30.0) -> None:
        self.operator.wait(
            lambda: self.desk.enrolment.step is not step, f"selesai {step.value}", seconds
        )
        self._lap(step, words)

    def _lap(self, step: Step, words: str) -> None:
        self.done(step.value, words)

    def done(self, name: str, words: str) -> None:
        """Note the time of an act and say what was done."""
        seconds = self.timing.lap(name)
        self.say(f"{words} ({seconds:.1f} s)")

    def _shot_when(self, holds: Callable[[], bool], name: str, after_s: float) -> None:
        self.operator.pause(after_s)
        if holds():
            self.shot(name)


def play_enrolment(options: RunOptions) -> int:
    """Play one enrolment to CARD_ISSUED; write pictures and ``summary.json``; return the exit code."""
    out = options.out
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("*.png"):
        old.unlink()
    say = _Progress()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="rekam-latihan-"))
    say("menyiapkan alat tiruan, kartu tiruan dan simulator pusat")
    try:
        rehearsal = start_rehearsal(options.rehearsal(folder, pace=0.2), SystemClock())
    except StationError as cause:
        say(explain(cause))
        return 1
    try:
        return _play(options, rehearsal, out, say)
    except (StoryEnded, StationError) as cause:
        say(f"BERHENTI: {cause}")
        return 1
    finally:
        rehearsal.stop()


def _play(options: RunOptions, rehearsal: Rehearsal, out: Path, say: Callable[[str], None]) -> int:
    qInstallMessageHandler(_quiet)
    keep_every_tablet_event()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101 - no other kind is made in this process
    desk = DeskApp(rehearsal.parts, app)
    follow_cards(rehearsal, desk)
    try:
        desk.open()
        desk.window.resize(1366, 768)
        entry = person_of(rehearsal, options.person)
        say(f"pembaca kartu: {rehearsal.reader_path}")
        story = Story(Operator(desk, app), rehearsal, entry, out, say)
        story.sign_in()
        story.find()
        story.record()
        packet = desk.desk.store.packets.path(desk.enrolment.session.state.id)
        story.next_person()
        record = story.until_decided()
        story.done("pusat", f"pusat: {plain_words(record.known_status).lower()}")
        card: Mapping[str, Any] = {}
        if record.known_status is Status.CARD_PRINTED:
            card = story.hand_over()
            record = story.until(Status.CARD_ISSUED, 30)
        story.look_around()
        kept = out / packet.name
        kept.write_bytes(packet.read_bytes())
        summary = story.summary(card, kept)
        (out / "summary.json").write_text(json.dumps(summary, indent=1), "utf-8")
        say(
            f"status akhir {record.known_status.value}; hasil di {out / 'summary.json'}, gambar di {out}/"
        )
        return 0 if record.known_status is Status.CARD_ISSUED else 1
    finally:
        desk.close()


def person_of(rehearsal: Rehearsal, wanted: str) -> RosterEntry:
    """Return the roster's person by NIK or case name; the first ordinary one by default."""
    for entry in rehearsal.roster:
        if wanted and wanted in {str(entry.person.nik), entry.case}:
            return entry
    if wanted:
        raise StoryEnded("orang ini tidak ada dalam daftar latihan")
    return case_of(rehearsal.roster, _DEFAULT_CASE)


def _quiet(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Print what Qt says, except that the off-screen platform has no window manager to ask for sizes."""
    if "propagateSizeHints" not in text:
        print(f"Qt {kind.name}: {text}", file=sys.stderr)  # noqa: T201 - this program's own messages


class _Progress:
    """One line per step with the time since the start."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __call__(self, words: str) -> None:
        seconds = dt.timedelta(seconds=round(time.monotonic() - self._start))
        print(f"[{seconds}] {words}", flush=True)  # noqa: T201 - progress is this command's output
