"""Activate a card for its holder: verify the chip, compare a finger 1:1, flip the chip, report once."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from station.card.activation_record import ActivationRecord, name_hash, parse_activation
from station.card.contents import CardFinger
from station.card.control import Control, Lifecycle
from station.card.counter import CardCounter, Progress, silent
from station.card.files import (
    Connected,
    open_channel,
    read_control,
    read_file,
    write_control,
    write_file,
)
from station.card.journal import Entry
from station.card.profile import PROFILE_NAME, Fid, KeySet
from station.card.register import CardState
from station.card.report import ActivationReport, ReportFacts, Sign, parse_report
from station.card.verify import ChipContents, read_contents
from station.devices import CardReader, FingerPosition
from station.errors import (
    ApprovalRefused,
    CardDamaged,
    CardStateRefused,
    CardSwapped,
    CardVerificationFailed,
    HolderRefused,
    OperatorCancelled,
)

_LOG = logging.getLogger(__name__)
MAX_TRIES: Final = 4
Probe = TypeVar("Probe")
Match = Callable[[FingerPosition, bytes, Probe], bool]
Ask = Callable[[tuple[CardFinger, ...], int], tuple[FingerPosition, Probe] | None]


class Activation(Generic[Probe]):
    """One hand-over, from the card on the reader to the signed report.

    The reader is free between the steps: no connection is held while a person places a finger (Windows
    resets a card after 5 s of silence). The chip's templates stay in this object, in memory.
    """

    def __init__(
        self,
        reader: CardReader,
        counter: CardCounter,
        *,
        record_id: str,
        operator_id: str,
        match: Match[Probe],
        max_tries: int = MAX_TRIES,
    ) -> None:
        self._reader = reader
        self._counter = counter
        self._record_id = record_id
        self._operator_id = operator_id
        self._match = match
        self._max_tries = max_tries
        self._chip: ChipContents | None = None
        self._finger: FingerPosition | None = None
        self._matched = False
        self._second = ""
        self._reason = ""

    @property
    def chip(self) -> ChipContents:
        """What the chip says; CardStateRefused before ``examine``."""
        if self._chip is None:
            raise CardStateRefused(reason="not_examined")
        return self._chip

    @property
    def tries_left(self) -> int:
        """How many finger comparisons remain for this card, over all desks' restarts."""
        used = self._counter.journal.count(self.chip.serial, Entry.TRY)
        return max(0, self._max_tries - used)

    @property
    def holder_confirmed(self) -> bool:
        """Whether a finger matched, an exception was approved, or an earlier run had come that far."""
        return self._matched or bool(self._second) or self._begun() is not None

    def examine(self, progress: Progress = silent) -> ChipContents:
        """Read and verify the chip; nothing is written. Blocks.

        Raises UnknownCard, CardStateRefused (register, lifecycle, old card not voided),
        CardVerificationFailed, CardOutcomeUnknown.
        """
        with Connected(self._reader) as card:
            control = card.control
            self._counter.register.may_activate(control.serial_text, self._record_id)
            allowed = control.state is Lifecycle.PERSONALISED or self._own_active(control)
            if not allowed:
                raise CardStateRefused(
                    reason="lifecycle", serial=control.serial_text, state=control.state.name
                )
            channel = open_channel(card.link, self._counter.sam, control.serial, KeySet.AUTH)
            self._chip = read_contents(
                channel, control, self._counter.trust, self._counter.clock, progress
            )
        return self._chip

    def try_finger(self, position: FingerPosition, probe: Probe) -> bool:
        """Compare one finger 1:1 with the chip; counted in the journal before it is judged.

        Returns whether it matched. HolderRefused with ``tries_left`` 0 when the tries are used up: the
        card is then RETURNED and never becomes active.
        """
        finger = next((f for f in self.chip.fingers if f.position is position), None)
        if finger is None:
            raise CardStateRefused(reason="no_such_finger_on_chip", finger=position.value)
        if not self.tries_left:
            raise self._refused()
        self._counter.journal.note(
            self.chip.serial, self.chip.tx, Entry.TRY, f"finger {position.value}"
        )
        if self._match(position, finger.minutiae, probe):
            self._matched, self._finger = True, position
            return True
        if not self.tries_left:
            raise self._refused()
        return False

    def approve_exception(self, reason: str, second_operator: str) -> None:
        """Take the supervisor's route (no finger on the chip, medical reason): a second person, a reason.

        ApprovalRefused when the second person is the operator or nothing is given. The photo taken for
        the exception is the caller's; it never goes to the chip.
        """
        if not reason.strip() or not second_operator or second_operator == self._operator_id:
            raise ApprovalRefused(reason="second_operator")
        if self._counter.register.entry(self.chip.serial).state is CardState.RETURNED:
            raise CardStateRefused(reason="returned", serial=self.chip.serial)
        self._second, self._reason = second_operator, reason.strip()

    def give_back(self, reason: str) -> None:
        """Mark the card RETURNED for the return route; nothing is written to the chip."""
        self._counter.journal.note(self.chip.serial, self.chip.tx, Entry.RETURNED, reason)
        self._counter.register.move(self.chip.serial, CardState.RETURNED, reason)

    def commit(self, sign: Sign, progress: Progress = silent) -> ActivationReport:
        """Write ACT, flip CC to ACTIVE, read both back, sign the report. Blocks.

        After CardOutcomeUnknown call again: the same ACT record is used, and a report is made once.
        Raises HolderRefused without a confirmed holder, CardSwapped, CardDamaged, CardOutcomeUnknown.
        """
        done = self._counter.journal.last(self.chip.serial, Entry.ACT_DONE)
        if done is not None:
            self._counter.register.move(self.chip.serial, CardState.ACTIVATED)
            return parse_report(done.detail)
        if not self.holder_confirmed:
            raise HolderRefused(tries_left=self.tries_left)
        with Connected(self._reader) as card:
            control = card.control
            if control.serial_text != self.chip.serial:
                raise CardSwapped(serial=control.serial_text, begun=self.chip.serial)
            self._counter.register.may_activate(control.serial_text, self._record_id)
            try:
                record = self._write(card, control, progress)
            except CardDamaged as damage:
                self._fail(control, str(damage.facts.get("reason", "")))
                raise
        return self._report(record, sign)

    def _write(self, card: Connected, control: Control, progress: Progress) -> ActivationRecord:
        channel = open_channel(card.link, self._counter.sam, control.serial, KeySet.ACT)
        if control.state is Lifecycle.PERSONALISED:
            active = control.next(Lifecycle.ACTIVE)
            raw = self._begun() or self._begin(active)
            progress("activate", 0, 3)
            write_file(channel, Fid.ACT, raw)
            if read_file(channel, Fid.ACT) != raw:
                write_file(channel, Fid.ACT, raw)  # one repeat on the same card
                if read_file(channel, Fid.ACT) != raw:
                    raise CardDamaged(reason="act_read_back", serial=self.chip.serial)
            progress("activate", 1, 3)
            self._counter.journal.note(self.chip.serial, active.tx, Entry.ACT_COMMIT)
            write_control(channel, active)
            progress("activate", 2, 3)
        found = read_control(card.link)
        record = parse_activation(read_file(channel, Fid.ACT), control.serial, self._counter.sam)
        if found.state is not Lifecycle.ACTIVE or found.tx != record.tx:
            raise CardDamaged(reason="activation_read_back", serial=self.chip.serial)
        progress("activate", 3, 3)
        return record

    def _begin(self, active: Control) -> bytes:
        record = ActivationRecord(
            activated_at=self._counter.clock.now().replace(microsecond=0),
            finger=self._finger if self._matched else None,
            band=int(self._matched),
            tries=self._counter.journal.count(self.chip.serial, Entry.TRY),
            tx=active.tx,
            station=name_hash(self._counter.station_id),
            operator=name_hash(self._operator_id),
            second=name_hash(self._second),
        )
        raw = record.encode(active.serial, self._counter.sam)
        detail = f"{raw.hex()} {self._second} {self._reason}"
        self._counter.journal.note(self.chip.serial, active.tx, Entry.ACT_BEGIN, detail)
        return raw

    def _begun(self) -> bytes | None:
        """Return the ACT record of an interrupted activation of this card: it is used again as it is."""
        begun = self._counter.journal.last(self.chip.serial, Entry.ACT_BEGIN)
        if begun is None:
            return None
        raw, self._second, self._reason = begun.detail.split(" ", 2)
        return bytes.fromhex(raw)

    def _own_active(self, control: Control) -> bool:
        """Return whether an ACTIVE card is one this desk was activating when it was cut off."""
        begun = self._counter.journal.last(control.serial_text, Entry.ACT_COMMIT)
        return control.state is Lifecycle.ACTIVE and begun is not None and begun.tx == control.tx

    def _report(self, record: ActivationRecord, sign: Sign) -> ActivationReport:
        sam = self._counter.sam.identify()
        facts = ReportFacts(
            card_serial=self.chip.serial,
            tx=record.tx,
            record_id=self._record_id,
            profile=PROFILE_NAME,
            station=self._counter.station_id,
            operator=self._operator_id,
            second_operator=self._second,
            reason=self._reason,
            finger=record.finger.value if record.finger else 0,
            band=record.band,
            tries=record.tries,
            activated_at=record.activated_at.astimezone(dt.UTC).isoformat(),
            sam=f"{sam.name} {sam.serial}",
        )
        report = ActivationReport(facts, sign(facts.canonical()))
        self._counter.journal.note(self.chip.serial, record.tx, Entry.ACT_DONE, report.encode())
        self._counter.register.move(self.chip.serial, CardState.ACTIVATED)
        _LOG.info("card %s active, counter %d", self.chip.serial, record.tx)
        return report

    def _refused(self) -> HolderRefused:
        self.give_back("finger_mismatch")
        return HolderRefused(tries_left=0, serial=self.chip.serial)

    def _fail(self, control: Control, reason: str) -> None:
        self._counter.journal.note(control.serial_text, control.tx, Entry.CHIP_FAIL, reason)
        self._counter.register.move(control.serial_text, CardState.CHIP_FAIL, reason)


def activate(
    reader: CardReader,
    counter: CardCounter,
    *,
    record_id: str,
    operator_id: str,
    match: Match[Probe],
    ask: Ask[Probe],
    sign: Sign,
    confirm: Callable[[ChipContents], bool] | None = None,
    max_tries: int = MAX_TRIES,
    progress: Progress = silent,
) -> ActivationReport:
    """Run a whole activation, blocking: ``ask(fingers, tries_left)`` gives (position, probe) or None.

    ``confirm`` lets the operator compare the chip's photo with the person. Raises what ``Activation``
    raises, OperatorCancelled when ``ask`` gives None, CardVerificationFailed when the photo is denied.
    """
    session = Activation(
        reader,
        counter,
        record_id=record_id,
        operator_id=operator_id,
        match=match,
        max_tries=max_tries,
    )
    chip = session.examine(progress)
    if confirm is not None and not confirm(chip):
        session.give_back("photo_mismatch")
        raise CardVerificationFailed(reason="photo_denied")
    while not session.holder_confirmed:
        answer = ask(chip.fingers, session.tries_left)
        if answer is None:
            raise OperatorCancelled
        session.try_finger(*answer)
    return session.commit(sign, progress)
