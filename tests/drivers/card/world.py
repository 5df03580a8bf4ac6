"""A card counter with an emulated rack: everything a card test needs, built anew for each."""

from dataclasses import dataclass, field

from drivers.emulation.card.chip import Chip
from drivers.emulation.card.rack import Rack
from drivers.smartcard.direct import DirectReader
from station.card.activate import Activation
from station.card.contents import CardContents, CardRecord, build_contents
from station.card.counter import CardCounter
from station.card.issuer import make_rehearsal_issuer
from station.card.journal import CardJournal, MemoryJournalShelf
from station.card.personalise import Personalised, personalise
from station.card.profile import KeySet
from station.card.register import CardRegister, CardState, MemoryRegisterShelf
from station.card.report import ActivationReport
from station.card.sam import SoftwareSam
from station.clock import FixedClock
from station.devices import CardReader, FingerPosition
from station.errors import CardOutcomeUnknown
from tests.station.card.sample import MASTER, a_clock, a_record

ISSUER = make_rehearsal_issuer(a_clock())
RECORD = a_record()
CONTENTS = build_contents(RECORD, ISSUER.signer)


def same_finger(position: FingerPosition, template: bytes, probe: bytes) -> bool:
    del position
    return template == probe


@dataclass
class World:
    """One desk, one rack, blanks issued to the desk."""

    rack: Rack = field(default_factory=lambda: Rack(MASTER, blanks=2))
    clock: FixedClock = field(default_factory=a_clock)
    journal_shelf: MemoryJournalShelf = field(default_factory=MemoryJournalShelf)
    register_shelf: MemoryRegisterShelf = field(default_factory=MemoryRegisterShelf)

    def __post_init__(self) -> None:
        self.reader: CardReader = DirectReader(self.rack, watchdog_s=0.05)
        self.register = CardRegister(self.register_shelf, self.clock)
        self.journal = CardJournal(self.journal_shelf, self.clock)
        for serial in self.rack.serials:
            self.register.receive(serial)
            self.register.move(serial, CardState.ISSUED_TO_DESK)
        self.counter = CardCounter(
            SoftwareSam(MASTER), self.register, self.journal, ISSUER.trust, self.clock, "desk-1"
        )
        self.reports: list[ActivationReport] = []
        self.serial = self.rack.serials[0]
        self.rack.insert(self.serial)

    @property
    def chip(self) -> Chip:
        return self.rack.chip(self.serial)

    def personalise(
        self, contents: CardContents = CONTENTS, expected_serial: str = ""
    ) -> Personalised:
        return personalise(self.reader, contents, self.counter, expected_serial=expected_serial)

    def activation(self, record: CardRecord = RECORD) -> Activation[bytes]:
        return Activation(
            self.reader,
            self.counter,
            record_id=record.record_id,
            operator_id="op-1",
            match=same_finger,
        )

    def activate(self) -> ActivationReport:
        session = self.activation()
        session.examine()
        session.try_finger(RECORD.fingers[0].position, RECORD.fingers[0].minutiae)
        return session.commit(ISSUER.signer.sign)

    def lay_again(self) -> None:
        self.rack.insert(self.serial)


def finish_through_tears(world: World, after_tear=lambda: None, limit: int = 4) -> None:
    """Personalise and activate, laying the same card again after each unknown outcome."""

    def again(step):
        for _ in range(limit):
            try:
                return step()
            except CardOutcomeUnknown:
                after_tear()
                world.lay_again()
        raise AssertionError("never finished")

    again(world.personalise)
    session = world.activation()
    again(session.examine)
    session.try_finger(RECORD.fingers[0].position, RECORD.fingers[0].minutiae)
    report = again(lambda: session.commit(ISSUER.signer.sign))
    world.reports.append(report)


__all__ = ["CONTENTS", "ISSUER", "RECORD", "KeySet", "World", "finish_through_tears"]
