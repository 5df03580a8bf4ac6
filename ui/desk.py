"""One desk put together: the services and devices that the presenters work with."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from station.audit.log import AuditLog
from station.capture.checks import StaffPrint
from station.capture.engine import Engine
from station.capture.plan import CapturePlan
from station.capture.slots import Slot
from station.card.handover import Handover
from station.clock import Clock
from station.delivery.courier import Courier
from station.device_report import Supervision
from station.devices import (
    Camera,
    CardReader,
    Device,
    FingerScanner,
    IrisScanner,
    Modality,
    SignaturePad,
)
from station.operators.accounts import Accounts
from station.operators.prints import OperatorPrints
from station.person.bundle import MasterData
from station.person.directory import PersonDirectory
from station.person.person import Person
from station.settings import Settings
from station.store.store import Store
from ui.sealing import Sealer


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """One person of today's queue."""

    nik: str
    name: str
    ticket: str
    time: dt.time


@dataclass(frozen=True, slots=True)
class Population:
    """Who can be found at this desk."""

    directory: PersonDirectory
    record_of: Callable[[str], Person | None]  # the full SIAK record of a NIK, if it is at hand
    master: MasterData
    queue: tuple[QueueEntry, ...] = ()


@dataclass(slots=True)
class Devices:
    """The devices of this desk; None where none is configured."""

    camera: Camera | None = None
    finger: FingerScanner | None = None
    iris: IrisScanner | None = None
    pad: SignaturePad | None = None
    reader: CardReader | None = None
    matching_finger: FingerScanner | None = None  # where a scanner may serve that must not enrol

    @property
    def holder_finger(self) -> FingerScanner | None:
        """The scanner a card's holder is compared on: verification grade is enough there."""
        return self.matching_finger or self.finger

    def by_modality(self) -> Mapping[Modality, Device | None]:
        """Return all places in the order of the health strip."""
        return {
            Modality.FACE: self.camera,
            Modality.FINGER: self.finger,
            Modality.IRIS: self.iris,
            Modality.SIGNATURE: self.pad,
            Modality.CARD: self.reader,
        }


class Asked(Protocol):
    """Told what the screen asks the applicant for; rehearsals have an applicant who obeys."""

    def person(self, nik: str | None) -> None:
        """Somebody sits down (or gets up)."""
        ...

    def slot(self, slot: Slot | None, *, recheck: bool = False) -> None:
        """The screen asks for this part of the body; None = relax."""
        ...

    def card(self, record_id: str | None) -> None:
        """The counter asks for this record's card on the reader; None = take it away."""
        ...


class NobodyAsked:
    """Real people read the screen themselves."""

    def person(self, nik: str | None) -> None:
        """Do nothing."""

    def slot(self, slot: Slot | None, *, recheck: bool = False) -> None:
        """Do nothing."""

    def card(self, record_id: str | None) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Desk:
    """Everything the presenters may use; built once by the composition root."""

    settings: Settings
    clock: Clock
    store: Store
    accounts: Accounts
    audit: AuditLog
    population: Population
    engine: Engine
    plan: CapturePlan
    devices: Devices
    sealer: Sealer
    courier: Courier
    handover: Handover
    supervision: Supervision
    prints: OperatorPrints | None = None  # fingers of those who work here
    asked: Asked = field(default_factory=NobodyAsked)
    rehearsal: bool = False
    notices: Sequence[str] = ()  # what the morning check wants the operator to know
    operator: str = ""  # id of who is signed in

    def staff(self) -> Sequence[StaffPrint]:
        """Return the enrolled fingers of those who work here; none where nobody is enrolled."""
        return () if self.prints is None else self.prints.staff(self.accounts)
