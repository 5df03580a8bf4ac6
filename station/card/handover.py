"""The counter's way of a card: fetch what the centre prepared, write, match the holder, activate, report."""

from collections.abc import Callable
from dataclasses import dataclass

from station.audit.chain import Action
from station.audit.log import AuditLog
from station.capture.engine import Engine
from station.card.activate import Activation
from station.card.contents import CardContents, parse_biodata
from station.card.counter import CardCounter, Progress, silent
from station.card.personalise import Personalised, personalise
from station.card.profile import Fid
from station.card.report import Sign
from station.delivery.card_data import fetch_card
from station.delivery.line import Line
from station.delivery.reports import ReportOutbox
from station.delivery.signed import Trust
from station.devices import CardReader, FingerPosition, ImageCapture
from station.errors import CardError, CardStateRefused, CardVerificationFailed
from station.keys.port import Opener
from station.lifecycle.record import Record
from station.lifecycle.status import Status
from station.store.store import Store


@dataclass(frozen=True, slots=True)
class Handover:
    """The verbs of the card counter; all block and belong in a worker."""

    store: Store
    counter: CardCounter
    engine: Engine
    line: Callable[[], Line]  # a line of its own: the courier's belongs to the courier's thread
    opener: Opener
    trust: Trust
    reports: ReportOutbox
    sign: Sign
    audit: AuditLog

    def waiting(self) -> tuple[Record, ...]:
        """Return the records whose card is printed and not handed over, oldest change last."""
        return self.store.records.search(statuses=(Status.CARD_PRINTED.value,))

    def issued(self) -> tuple[Record, ...]:
        """Return the records whose card was handed over."""
        return self.store.records.search(statuses=(Status.CARD_ISSUED.value,))

    def write(
        self, record: Record, reader: CardReader, operator: str, progress: Progress = silent
    ) -> Personalised:
        """Fetch the contents of this record's card and write them to the blank on the reader.

        Raises CardStateRefused (reason "not_prepared") while the centre has none, LineError,
        CardVerificationFailed (reason "other_person") when the contents name another NIK, CardError for
        files that are not those of the profile, and what ``personalise`` raises.
        """
        line = self.line()
        try:
            prepared = fetch_card(line, record.record_id, self.opener, self.trust)
        finally:
            line.close()
        if prepared is None:
            raise CardStateRefused(reason="not_prepared")
        try:
            files = {Fid(fid): data for fid, data in prepared.files.items()}
        except ValueError as cause:
            raise CardError(reason="contents_files", count=len(prepared.files)) from cause
        contents = CardContents(record.record_id, files)
        if parse_biodata(files[Fid.DG1]).nik != record.nik:
            raise CardVerificationFailed(reason="other_person")  # signed, but somebody else's card
        written = personalise(reader, contents, self.counter, progress=progress)
        self.audit.append(
            Action.CARD_STEP, operator, nik=record.nik, step="personalised", card=written.serial
        )
        return written

    def begin(self, record: Record, reader: CardReader, operator: str) -> Activation[ImageCapture]:
        """Return the activation of the card on the reader for this record; nothing is read yet."""
        return Activation(
            reader,
            self.counter,
            record_id=record.record_id,
            operator_id=operator,
            match=self._match,
        )

    def finish(
        self,
        record: Record,
        activation: Activation[ImageCapture],
        operator: str,
        progress: Progress = silent,
    ) -> str:
        """Activate, report, note; return the card's serial. The status follows when the centre accepted."""
        report = activation.commit(self.sign, progress)
        facts = report.facts
        self.reports.add(facts.card_serial, facts.tx, report.encode())
        self.audit.append(
            Action.CARD_STEP, operator, nik=record.nik, step="activated", card=facts.card_serial
        )
        return facts.card_serial

    def _match(self, position: FingerPosition, minutiae: bytes, probe: ImageCapture) -> bool:
        del position
        stored = self.engine.card_template(minutiae)
        return self.engine.compare(self.engine.template(probe.pixels, probe.ppi), stored).same
