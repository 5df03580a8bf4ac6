"""Loket kartu: card, finger, hand-over; each place fills in turn, a refused card says which box it goes in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from station.capture.slots import SLOT_OF_FINGER
from station.card.activate import MAX_TRIES, Activation
from station.card.contents import CardFinger
from station.card.verify import ChipContents
from station.clock import CancelToken, Deadline
from station.devices import CardReader, ImageCapture, Modality, Pixels
from station.errors import (
    ApprovalRefused,
    CardDamaged,
    CardOutcomeUnknown,
    CardStateRefused,
    CardVerificationFailed,
    DeviceNotFound,
    HolderRefused,
    NoReader,
    NoSubject,
    SignInRefused,
    StationError,
    UnknownCard,
)
from station.formats import preview
from station.lifecycle.record import Record
from station.operators.account import OperatorId
from station.operators.approval import approve
from ui.bridge import EventBridge
from ui.icons import State
from ui.messages import message_for
from ui.pages.counter import (
    CardPlace,
    CounterPage,
    CounterPerson,
    CounterView,
    FingerPlace,
    HandoverPlace,
    PlaceRow,
    RefusedView,
)
from ui.presenters.presenter import Presenter
from ui.presenters.shell import Shell
from ui.presenters.using import using
from ui.presenters.words import grouped_nik, long_date, slot_word
from ui.widgets.action_bar import Action, Actions
from ui.widgets.exemption import ExemptionAnswer, ExemptionChoice, ExemptionView
from ui.widgets.header import PersonView
from ui.widgets.message_bar import MessageView

_WAIT_CARD_S: Final = 120.0
_WAIT_FINGER_S: Final = 60.0
_PHOTO: Final = (240, 320)


class Stage(StrEnum):
    """Where the hand-over stands."""

    PICK = "pick"
    LAY = "lay"  # waiting for the card
    WRITE = "write"  # writing and reading the chip
    LOOK = "look"  # the operator compares photo and person
    FINGER = "finger"
    ACTIVATE = "activate"
    GIVE = "give"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class _Chip:
    activation: Activation[ImageCapture]
    contents: ChipContents
    photo: Pixels | None


class CounterPresenter(Presenter):
    """One hand-over after the other."""

    def __init__(self, shell: Shell) -> None:
        self.view = CounterPage(shell.window.theme)
        super().__init__(shell, self.view)
        self._people: tuple[Record, ...] = ()
        self._given = 0
        self._refused_count = 0
        self._stage = Stage.PICK
        self._record: Record | None = None
        self._chip: _Chip | None = None
        self._print: Pixels | None = None
        self._asked: CardFinger | None = None
        self._mismatch = False
        self._cancel: CancelToken | None = None
        self._bridge = EventBridge(self)
        self.view.person_selected.connect(self._selected)
        self.view.exemption_given.connect(self._exception_given)
        self.view.exemption_cancelled.connect(self._exception_cancelled)

    @property
    def stage(self) -> Stage:
        """Where the hand-over stands."""
        return self._stage

    @property
    def chosen(self) -> str:
        """The record that is served or chosen now, '' for none."""
        return self._record.record_id if self._record is not None else ""

    # -- on and off the stage --------------------------------------------------------------------

    def enter(self) -> None:
        """Show who waits for a card."""
        self.shell.show_idle_rail("counter")
        self._reset()
        self._load()

    def leave(self) -> None:
        """Stop waiting for card or finger."""
        self._stop()
        self.shell.desk.asked.card(None)

    def look_again(self) -> None:
        """F5: look for the reader again."""
        if self._stage is Stage.LAY:
            self._lay()

    def refresh(self) -> None:
        """The centre's word arrived: show newly printed cards."""
        if self._stage is Stage.PICK:
            self._load()

    def act(self, action: str) -> None:
        """Obey the bar."""
        actions: dict[str, Callable[[], object]] = {
            "begin": self._begin,
            "same": self._ask_finger,
            "other-person": self._deny_photo,
            "again": self._ask_finger,
            "other-finger": self._other_finger,
            "exception": self._open_exception,
            "given": self._next_person,
            "back": self._back,
        }
        if action in actions:
            actions[action]()

    def message_pressed(self, key: str) -> None:
        """Repeat the step that failed."""
        if self._stage in {Stage.LAY, Stage.WRITE}:
            self._lay()
        elif self._stage is Stage.FINGER:
            self._ask_finger()
        elif self._stage is Stage.ACTIVATE:
            self._activate()

    # -- picking ---------------------------------------------------------------------------------

    def _load(self) -> None:
        handover = self.shell.desk.handover
        self.shell.tasks.run(
            "lookup",
            lambda: (handover.waiting(), len(handover.issued())),
            self._loaded,
            self.failed,
        )

    def _loaded(self, answer: tuple[tuple[Record, ...], int]) -> None:
        self._people, self._given = answer
        if self._record is None and self._people:
            self._record = self._people[0]
        if self.shell.current is self:
            self._show()

    def _selected(self, record_id: str) -> None:
        if self._stage is Stage.PICK:
            self._record = next((r for r in self._people if r.record_id == record_id), None)
            self._show()

    def _begin(self) -> None:
        if self._record is not None:
            self._lay()

    def _back(self) -> None:
        if self._stage is Stage.PICK:
            self.shell.show("search")
        else:
            self.enter()

    def _reset(self) -> None:
        self._stop()
        self.shell.desk.asked.card(None)
        self._stage, self._record, self._chip = Stage.PICK, None, None
        self._print, self._asked, self._mismatch = None, None, False
        self.view.show_refused(None)
        self.view.show_exemption(None)
        self.shell.window.set_person(None)
        self.shell.clear_message()

    def _stop(self) -> None:
        cancel, self._cancel = self._cancel, None
        if cancel is not None:
            cancel.cancel()

    # -- card ------------------------------------------------------------------------------------

    def _lay(self) -> None:
        record, reader = self._record, self.shell.desk.devices.reader
        self.shell.clear_message()
        if record is None:
            return
        if reader is None:
            self.shell.fail(NoReader(), Modality.CARD)
            return
        self._stop()
        self._stage, self._chip = Stage.LAY, None
        self.shell.window.set_person(PersonView(record.person_name, record.nik))
        self._show()
        cancel = CancelToken()
        self._cancel = cancel
        self.shell.desk.asked.card(record.record_id)
        self.shell.tasks.run(
            "card",
            lambda: reader.wait_card(cancel, Deadline.after(_WAIT_CARD_S)),
            lambda _nothing: self._laid(cancel),
            lambda error: self._card_failed(error, cancel),
        )

    def _laid(self, cancel: CancelToken) -> None:
        record, reader = self._record, self.shell.desk.devices.reader
        if self._cancel is not cancel or record is None or reader is None:
            return
        self._stage = Stage.WRITE
        self._show()
        self.shell.tasks.run(
            "card",
            self._write_and_examine(record, reader),
            lambda chip: self._examined(chip, cancel),
            lambda error: self._card_failed(error, cancel),
        )

    def _write_and_examine(self, record: Record, reader: CardReader) -> Callable[[], _Chip]:
        desk, operator = self.shell.desk, self.shell.desk.operator

        def job() -> _Chip:
            desk.handover.write(record, reader, operator, self._tell_progress)
            activation = desk.handover.begin(record, reader, operator)
            contents = activation.examine(self._tell_progress)
            photo = preview.decode(contents.photo_jpeg, *_PHOTO) if contents.photo_jpeg else None
            return _Chip(activation, contents, photo)

        return job

    def _tell_progress(self, step: str, done: int, total: int) -> None:
        """Called on the card's thread."""
        self.shell.tasks.tell(lambda: self.view.show_progress(step, done, total))

    def _examined(self, chip: _Chip, cancel: CancelToken) -> None:
        if self._cancel is not cancel:
            return  # the operator went on to another card
        self._chip, self._stage = chip, Stage.LOOK
        if chip.activation.holder_confirmed:
            self._activate()  # cut off while activating: the holder was matched before
            return
        self._show()

    def _deny_photo(self) -> None:
        chip = self._chip
        if chip is None:
            return
        self.busy_run(
            "card",
            lambda: chip.activation.give_back("photo_mismatch"),
            lambda _nothing: self._refuse(CardVerificationFailed(reason="photo_denied")),
        )

    def _card_failed(self, error: Exception, cancel: CancelToken) -> None:
        if self._cancel is not cancel:
            return
        self._cancel = None
        if isinstance(error, (UnknownCard, CardDamaged, CardVerificationFailed, HolderRefused)) or (
            isinstance(error, CardStateRefused) and error.facts.get("reason") != "not_prepared"
        ):
            self._refuse(error)
            return
        if self._stage is Stage.WRITE and isinstance(error, CardOutcomeUnknown):
            self._stage = Stage.LAY
        self._show()
        if isinstance(error, CardStateRefused):
            self.shell.say(
                MessageView(
                    "info",
                    self.tr("Isi kartu belum siap di pusat."),
                    self.tr("Tunggu sebentar, lalu coba lagi."),
                    self.tr("Coba lagi"),
                    "again",
                )
            )
        else:
            self.shell.fail(error, Modality.CARD)

    # -- finger ----------------------------------------------------------------------------------

    def _ask_finger(self) -> None:
        chip, scanner = self._chip, self.shell.desk.devices.holder_finger
        if chip is None:
            return
        self.shell.clear_message()
        self._stage, self._print = Stage.FINGER, None
        fingers = chip.contents.fingers
        if not fingers:
            self._open_exception()
            return
        if self._asked is None or self._asked not in fingers:
            self._asked = fingers[0]
        self._show()
        if scanner is None:
            self.shell.fail(DeviceNotFound(device="finger"), Modality.FINGER)
            return
        self._stop()
        cancel = CancelToken()
        self._cancel = cancel
        self.shell.desk.asked.slot(SLOT_OF_FINGER[self._asked.position], recheck=True)
        self.shell.tasks.run(
            "finger",
            lambda: using(
                scanner,
                lambda: scanner.capture(self._bridge, cancel, Deadline.after(_WAIT_FINGER_S)),
            ),
            lambda capture: self._captured(capture, cancel),
            lambda error: self._finger_failed(error, cancel),
        )

    def _other_finger(self) -> None:
        chip = self._chip
        if chip is None or self._asked is None:
            return
        fingers = chip.contents.fingers
        self._asked = fingers[(fingers.index(self._asked) + 1) % len(fingers)]
        self._ask_finger()

    def _captured(self, capture: ImageCapture, cancel: CancelToken) -> None:
        chip, asked = self._chip, self._asked
        if self._cancel is not cancel or chip is None or asked is None:
            return
        self._stop()
        self.shell.desk.asked.slot(None)
        self._print = capture.pixels
        self._show()
        self.busy_run(
            "card", lambda: chip.activation.try_finger(asked.position, capture), self._tried
        )

    def _tried(self, matched: bool) -> None:  # noqa: FBT001 - the answer of try_finger
        if matched:
            self._mismatch = False
            self._activate()
            return
        self._mismatch = True
        self._show()
        left = self._chip.activation.tries_left if self._chip else 0
        self.shell.say(
            MessageView(
                "attention",
                self.tr("Jari tidak cocok dengan kartu."),
                self.tr("Lap jari dan kaca, lalu coba lagi. Sisa percobaan: {n}.").format(n=left),
                self.tr("Coba lagi"),
                "again",
            )
        )

    def _finger_failed(self, error: Exception, cancel: CancelToken) -> None:
        if self._cancel is not cancel:
            return
        self._cancel = None
        self.shell.desk.asked.slot(None)
        if isinstance(error, NoSubject):
            self.shell.say(
                MessageView(
                    "info",
                    self.tr("Belum ada jari di kaca."),
                    self.tr("Minta pemilik menempelkan jarinya."),
                    self.tr("Coba lagi"),
                    "again",
                )
            )
        else:
            self.shell.fail(error, Modality.FINGER)

    def failed(self, error: Exception) -> None:
        """A used-up card is refused for good; anything else can be repeated."""
        if isinstance(error, HolderRefused):
            self._refuse(error)
        elif isinstance(error, CardOutcomeUnknown):
            self._show()
            self.shell.fail(error, Modality.CARD)
        else:
            self.shell.fail(error)

    # -- exception -------------------------------------------------------------------------------

    def _open_exception(self, error: str = "") -> None:
        self._stop()
        self.shell.desk.asked.slot(None)
        self.shell.window.set_actions(Actions(None, (self.help_action(),)))
        self.view.show_exemption(
            ExemptionView(
                title=self.tr("Serahkan tanpa sidik jari"),
                choices=(
                    ExemptionChoice(
                        "HANDOVER",
                        self.tr("Pengawas memastikan orangnya"),
                        needs_second=True,
                        needs_date=False,
                    ),
                ),
                reasons=(
                    self.tr("tidak ada jari di chip"),
                    self.tr("jari luka atau diperban"),
                    self.tr("kondisi kesehatan"),
                ),
                return_on="",
                error=error,
                verb=self.tr("Setujui"),
            )
        )

    def _exception_cancelled(self) -> None:
        self.view.show_exemption(None)
        self._show()

    def _exception_given(self, answer: object) -> None:
        chip, desk = self._chip, self.shell.desk
        if not isinstance(answer, ExemptionAnswer) or chip is None:
            return

        def job() -> None:
            approval = approve(
                desk.accounts,
                OperatorId(desk.operator),
                OperatorId(answer.second_id.strip()),
                answer.pin,
                answer.reason,
            )
            chip.activation.approve_exception(answer.reason, str(approval.second))

        self.shell.tasks.run(
            "accounts",
            job,
            self.while_here(lambda _nothing: self._exception_done(chip)),
            self.while_here(self._exception_refused, self.shell.fail),
        )

    def _exception_done(self, chip: _Chip) -> None:
        if self._chip is not chip:
            return  # approved for a card that is not at work any more
        self.view.show_exemption(None)
        self._activate()

    def _exception_refused(self, error: Exception) -> None:
        if isinstance(error, (ApprovalRefused, SignInRefused)):
            words = message_for(error)
            self._open_exception(f"{words.happened} {words.next_step}")
        else:
            self.view.show_exemption(None)
            self.failed(error)

    # -- activation ------------------------------------------------------------------------------

    def _activate(self) -> None:
        chip, record, desk = self._chip, self._record, self.shell.desk
        if chip is None or record is None:
            return
        operator = desk.operator
        self._stage = Stage.ACTIVATE
        self._show()
        self.busy_run(
            "card",
            lambda: desk.handover.finish(record, chip.activation, operator, self._tell_progress),
            self._activated,
        )

    def _activated(self, _serial: str) -> None:
        self._stage = Stage.GIVE
        self.shell.desk.courier.nudge()
        self._show()

    def _next_person(self) -> None:
        self.enter()

    def _refuse(self, error: Exception) -> None:
        self._stage = Stage.REFUSED
        self._refused_count += 1
        self._stop()
        self.shell.desk.asked.card(None)
        boxes: Mapping[type[StationError], str] = {
            UnknownCard: self.tr("Kotak kartu asing"),
            CardDamaged: self.tr("Kotak kartu rusak"),
            CardVerificationFailed: self.tr("Kotak kartu ditahan"),
            HolderRefused: self.tr("Kotak kartu ditahan"),
            CardStateRefused: self.tr("Kotak kartu ditahan"),
        }
        box = next((text for kind, text in boxes.items() if isinstance(error, kind)), "")
        words = message_for(error, Modality.CARD)
        self._show()
        self.view.show_refused(
            RefusedView(self.tr("Kartu ini tidak diserahkan"), words.happened, box, words.next_step)
        )

    # -- what is shown ---------------------------------------------------------------------------

    def _show(self) -> None:
        record = self._record
        self.view.show_counter(
            CounterView(
                batch_title=self.tr("Kartu siap diambil"),
                batch_note=long_date(
                    self.shell.desk.clock.now()
                    .astimezone(self.shell.desk.settings.zone_info)
                    .date()
                ),
                done=self._given,
                refused=self._refused_count,
                left=len(self._people),
                card=self._card_place(),
                finger=self._finger_place(),
                handover=self._handover_place(),
                people=tuple(
                    CounterPerson(r.record_id, r.person_name, grouped_nik(r.nik), self._ticket(r))
                    for r in self._people
                )
                if self._stage is Stage.PICK
                else (),
                selected=record.record_id if record else "",
            )
        )
        self._show_actions()

    def _ticket(self, record: Record) -> str:
        entry = self.shell.desk.population.directory.by_nik(record.nik)
        return entry.ticket if entry else ""

    def _card_place(self) -> CardPlace:
        record, chip, stage = self._record, self._chip, self._stage
        before = {Stage.PICK, Stage.LAY, Stage.WRITE}
        state = "active" if stage in before or stage is Stage.LOOK else "done"
        if stage is Stage.REFUSED:
            state = "refused"
        hints = {
            Stage.PICK: self.tr("Pilih orangnya, lalu tekan Enter."),
            Stage.LAY: self.tr("Letakkan kartu di pembaca."),
            Stage.WRITE: self.tr("Jangan angkat kartu."),
            Stage.LOOK: self.tr("Samakan foto chip dengan orangnya."),
        }
        written = State.DONE if chip else State.NOW if stage is Stage.WRITE else State.TO_COME
        compared = State.TO_COME
        if stage is Stage.LOOK:
            compared = State.NOW
        elif chip is not None and stage in {Stage.FINGER, Stage.ACTIVATE, Stage.GIVE}:
            compared = State.DONE
        rows = (
            PlaceRow(self.tr("Ada di daftar ambil"), State.DONE if record else State.TO_COME),
            PlaceRow(self.tr("Chip ditulis"), written),
            PlaceRow(self.tr("Chip asli"), written),
            PlaceRow(self.tr("Foto cocok"), compared),
        )
        return CardPlace(
            state=state,
            holder=record.person_name if record and stage is not Stage.PICK else "",
            nik=grouped_nik(record.nik) if record else "",
            photo=chip.photo if chip else None,
            rows=rows,
            hint=hints.get(stage, ""),
        )

    def _finger_place(self) -> FingerPlace:
        stage, chip, asked = self._stage, self._chip, self._asked
        state = "waiting"
        if stage is Stage.FINGER:
            state = "active"
        elif stage in {Stage.ACTIVATE, Stage.GIVE}:
            state = "done"
        used = MAX_TRIES - chip.activation.tries_left if chip else 0
        name = slot_word(SLOT_OF_FINGER[asked.position]).lower() if asked else ""
        read = State.DONE if self._print is not None else State.TO_COME
        matching = State.NOW if stage is Stage.FINGER and self._print is not None else State.TO_COME
        if self._mismatch:
            matching = State.LOOK
        instruction = ""
        if state == "done":
            # A supervisor's word or an earlier run confirms the holder too: no finger matched then.
            matching = State.DONE if read is State.DONE and not self._mismatch else matching
            instruction = self.tr("Pemilik dipastikan")
        elif state == "active" and name:
            instruction = self.tr("Tahan {finger}").format(finger=name)
        return FingerPlace(
            state=state,
            instruction=instruction,
            pixels=self._print,
            rows=(
                PlaceRow(self.tr("Jari terbaca"), read),
                PlaceRow(self.tr("Dicocokkan"), matching),
                PlaceRow(
                    self.tr("Pemilik dipastikan"),
                    State.DONE if state == "done" else State.TO_COME,
                ),
            ),
            tries_text=self.tr("{n} dari {all}").format(n=used, all=MAX_TRIES),
            tries_used=used,
            tries_total=MAX_TRIES,
            hint=self.tr("Jangan angkat jari sampai terbaca.") if state == "active" else "",
        )

    def _handover_place(self) -> HandoverPlace:
        stage = self._stage
        given = stage is Stage.GIVE
        state = "active" if stage in {Stage.ACTIVATE, Stage.GIVE} else "waiting"
        return HandoverPlace(
            state=state,
            rows=(
                PlaceRow(
                    self.tr("Chip diaktifkan"),
                    State.DONE
                    if given
                    else State.NOW
                    if stage is Stage.ACTIVATE
                    else State.TO_COME,
                ),
                PlaceRow(self.tr("Laporan ditandatangani"), State.DONE if given else State.TO_COME),
                PlaceRow(self.tr("Kartu diserahkan"), State.NOW if given else State.TO_COME),
            ),
            hint=self.tr("Serahkan kartu kepada pemiliknya.") if given else "",
        )

    def _show_actions(self) -> None:
        stage, back, helping = self._stage, self.back_action(), self.help_action()
        chip = self._chip
        if stage is Stage.PICK:
            primary = Action("begin", self.tr("Layani"), "Enter", enabled=self._record is not None)
            left: tuple[Action, ...] = (back, helping)
        elif stage is Stage.LOOK:
            primary = Action("same", self.tr("Orangnya sama"), "Enter")
            left = (back, Action("other-person", self.tr("Bukan orangnya"), "F8", "cross"), helping)
        elif stage is Stage.FINGER:
            primary = Action("again", self.tr("Baca ulang"), "Enter")
            more = [back]
            if chip is not None and len(chip.contents.fingers) > 1:
                more.append(Action("other-finger", self.tr("Jari lain"), "F2", "finger"))
            more.append(Action("exception", self.tr("Pengawas"), "F8", "people"))
            left = (*more, helping)
        elif stage is Stage.GIVE:
            primary = Action("given", self.tr("Serahkan kartu"), "Enter")
            left = (helping,)
        elif stage is Stage.REFUSED:
            primary = Action("given", self.tr("Orang berikutnya"), "Enter")
            left = (helping,)
        else:
            self.shell.window.set_actions(Actions(None, (back, helping)))
            return
        self.shell.window.set_actions(Actions(primary, left))
