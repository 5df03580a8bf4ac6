"""The composition root: the one place that builds drivers, services and windows together."""

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Final

import cv2
from cryptography.x509 import Certificate
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from drivers.supervisor import Supervisor
from station.audit.chain import Action
from station.audit.log import AuditLog
from station.audit.shelf import RollShelf
from station.biometrics.plugins import parts_of
from station.capture.builtin_engine import builtin_engine
from station.capture.plan import CapturePlan
from station.capture.slots import Slot
from station.card.counter import CardCounter
from station.card.handover import Handover
from station.card.journal import CardJournal, FileJournalShelf
from station.card.register import CardRegister, CardState, FileRegisterShelf
from station.card.sam import SamPort
from station.card.sod import CardTrust
from station.clock import Clock, Deadline
from station.delivery.courier import CourierEvent
from station.delivery.desk_courier import DeskLine, desk_courier, report_outbox
from station.devices import Health, HealthState
from station.errors import CardStateRefused, DiskFull, StationError, StoreCorrupt
from station.keys.port import KeyStore, Signer
from station.keys.roles import Role
from station.operators.accounts import Accounts
from station.operators.prints import OperatorPrints
from station.operators.shelf import ByteShelf
from station.packet.context import Limits
from station.settings import Settings
from station.store import disk, space
from station.store.retention import Destruction, destroy_due
from station.store.store import Store, open_store
from ui.desk import Asked, Desk, Devices, NobodyAsked, Population
from ui.garbage import GuiThreadGarbage
from ui.i18n.language import speak
from ui.presenters.counter import CounterPresenter
from ui.presenters.data_step import DataStep
from ui.presenters.devices import DevicesPresenter
from ui.presenters.done_step import DoneStep
from ui.presenters.enrolment import EnrolmentPresenter
from ui.presenters.finger_step import FingerStep
from ui.presenters.iris_step import IrisStep
from ui.presenters.outbox import OutboxPresenter
from ui.presenters.photo_step import PhotoStep
from ui.presenters.records import RecordsPresenter
from ui.presenters.review_step import ReviewStep
from ui.presenters.search import SearchPresenter
from ui.presenters.shell import Shell
from ui.presenters.sign_in import SignInPresenter
from ui.presenters.signature_step import SignatureStep
from ui.sealing import Sealer
from ui.tasks import Tasks
from ui.theme import apply
from ui.window import DeskWindow

_LOG = logging.getLogger(__name__)
_STORE_KEY: Final = "store.key"
_STORE: Final = "store"
_SHUTDOWN_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class CentreTrust:
    """Whose word counts: the key of receipts and feed, and the card issuer."""

    url: str
    receipts: Certificate
    cards: CardTrust


def _no_staff(_prints: OperatorPrints) -> None:
    """Enrol nobody: who works here was enrolled before, or never."""


@dataclass(slots=True)
class Parts:
    """What differs between a rehearsal and the real thing; made before the desk is built."""

    settings: Settings
    folder: Path
    clock: Clock
    keys: KeyStore
    centre: CentreTrust
    accounts: Callable[[ByteShelf], Accounts]
    population: Population
    devices: Devices
    supervisor: Supervisor  # what looks after ``devices``
    sam: SamPort
    asked: Asked = field(default_factory=NobodyAsked)
    rehearsal: bool = False
    limits: Limits = field(default_factory=Limits)
    stock: tuple[str, ...] = ()  # serials of the blanks issued to this desk
    outdoors: bool = False
    enrol_staff: Callable[[OperatorPrints], None] = (
        _no_staff  # slow: runs in a lane once it is open
    )
    plan: CapturePlan = field(default_factory=CapturePlan)
    feed_s: float = 20.0
    notices: tuple[str, ...] = ()


def build_desk(parts: Parts, tell: Callable[[CourierEvent], None]) -> Desk:
    """Open the store and put all services together. Blocks; StationError kinds."""
    folder, clock, settings = parts.folder, parts.clock, parts.settings
    key = _store_key(folder, parts.keys)
    store = open_store(folder / _STORE, key, clock)
    subject_key = hashlib.sha256(b"audit subject" + key).digest()
    audit, notices = _open_audit(store, clock, subject_key)
    engine = builtin_engine(outdoors=parts.outdoors, parts=parts_of(settings.engine))
    machine = parts.keys.signer(Role.MACHINE)
    line = DeskLine(
        url=parts.centre.url,
        station_id=settings.station_id,
        station_area=settings.area,
        centre=parts.centre.receipts,
        machine=machine,
        idle_s=parts.feed_s,
    )
    register = CardRegister(FileRegisterShelf(folder / "cards.register"), clock)
    _receive_stock(register, parts.stock)
    counter = CardCounter(
        sam=parts.sam,
        register=register,
        journal=CardJournal(FileJournalShelf(folder / "cards.journal"), clock),
        trust=parts.centre.cards,
        clock=clock,
        station_id=settings.station_id,
    )
    return Desk(
        settings=settings,
        clock=clock,
        store=store,
        accounts=parts.accounts(store.shelf("accounts")),
        audit=audit,
        population=parts.population,
        engine=engine,
        plan=_plan_of(parts),
        devices=parts.devices,
        sealer=Sealer(
            store, parts.keys, settings, parts.population.master, audit, clock, parts.limits
        ),
        courier=desk_courier(line, store, tell, clock),
        handover=Handover(
            store=store,
            counter=counter,
            engine=engine,
            line=line.open,
            opener=parts.keys.opener(Role.DESK),
            trust=line.trust(),
            reports=report_outbox(store, machine.certificate),
            sign=_report_signer(machine),
            audit=audit,
        ),
        supervision=parts.supervisor,
        prints=OperatorPrints(store.shelf("operator-prints")),
        asked=parts.asked,
        rehearsal=parts.rehearsal,
        notices=(*parts.notices, *notices),
    )


def _plan_of(parts: Parts) -> CapturePlan:
    """Return the plan with the site's own threshold, and open to training devices in a rehearsal only."""
    plan = replace(parts.plan, training=parts.rehearsal)
    score = parts.settings.engine.finger_score
    return plan if score is None else replace(plan, finger_score=score)


def _open_audit(store: Store, clock: Clock, key: bytes) -> tuple[AuditLog, tuple[str, ...]]:
    """Open the log; a damaged one is kept as it is, a new one begins and the operator is told.

    A broken row must not keep drafts and packets out of reach.
    """
    for number in range(100):
        name = f"audit.{number}" if number else "audit"
        try:
            log = AuditLog(RollShelf(store.roll(name)), clock, key, boot=secrets.token_hex(4))
        except StoreCorrupt as damage:
            _LOG.error("audit log %s is damaged: %s", name, damage)
            continue
        told = ("Catatan audit rusak: panggil teknisi",) if number else ()
        return log, told
    raise StoreCorrupt(what="audit")


def _report_signer(machine: Signer) -> Callable[[bytes], bytes]:
    return lambda data: machine.sign(hashlib.sha256(data).digest())


def _store_key(folder: Path, keys: KeyStore) -> bytes:
    """Return the store's key, wrapped by the keystore in a file; made the first time."""
    path = folder / _STORE_KEY
    if path.exists():
        return keys.unwrap(disk.read_from_disk(path))
    if (folder / _STORE).exists():  # a new key would open nothing and hide what is wrong
        raise StoreCorrupt(what="store key", reason="FILE_MISSING")
    disk.make_folder(folder)
    key = secrets.token_bytes(32)
    # Everything "tersimpan" hangs on this file: it must be on the disk before the first sample is.
    disk.write_durable(path, keys.wrap(key))
    return key


def _receive_stock(register: CardRegister, serials: tuple[str, ...]) -> None:
    """Enter blanks that are new to this desk; those it knows keep their state."""
    for serial in serials:
        try:
            register.receive(serial)
        except CardStateRefused:
            continue
        register.move(serial, CardState.ISSUED_TO_DESK)


class DeskApp(QObject):
    """The desk on the screen: window, presenters, courier, watch over disk; built by ``open_desk``."""

    def __init__(self, parts: Parts, app: QApplication) -> None:
        super().__init__()
        # Jobs already run in threads of their own; OpenCV's pool would take the cores from the window.
        cv2.setNumThreads(1)
        self._app = app
        self._garbage = GuiThreadGarbage(self)
        settings = parts.settings
        speak(app, settings.language)
        theme = apply(app, settings.text_scale, dark=settings.dark)
        self.tasks = Tasks()
        self.desk = build_desk(parts, self._hear_later)
        self._enrol_staff = parts.enrol_staff
        self._supervisor = parts.supervisor
        self.window = DeskWindow(theme)
        self.shell = Shell(self.window, self.desk, self.tasks)
        self.outbox: OutboxPresenter | None = None
        self._build_presenters(parts.folder)
        self._disk = QTimer(self)
        self._disk.setInterval(30_000)
        self._disk.timeout.connect(self._look_at_disk)
        self.window.closing.connect(self.close)
        self._closed = False

    def _build_presenters(self, folder: Path) -> None:
        shell = self.shell
        self.enrolment = EnrolmentPresenter(shell)
        shell.add("enrolment", self.enrolment)
        search = SearchPresenter(shell, self.enrolment)
        shell.add("search", search)
        shell.add("sign_in", SignInPresenter(shell, search))
        self.records = RecordsPresenter(shell)
        shell.add("records", self.records)
        self.outbox = OutboxPresenter(shell, self.records)
        shell.add("outbox", self.outbox)
        self.counter = CounterPresenter(shell)
        shell.add("counter", self.counter)
        self.devices = DevicesPresenter(shell)
        shell.add("devices", self.devices)
        shell.add("step:data", DataStep(shell, self.enrolment))
        shell.add("step:photo", PhotoStep(shell, self.enrolment))
        shell.add("step:signature", SignatureStep(shell, self.enrolment))
        self.fingers = FingerStep(shell, self.enrolment)
        shell.add("step:fingers", self.fingers)
        shell.add("step:iris", IrisStep(shell, self.enrolment))
        review = ReviewStep(shell, self.enrolment)
        shell.add("step:review", review)
        shell.add("step:done", DoneStep(shell, self.enrolment, review, folder / "tanda-terima"))

    def open(self, *, maximised: bool = False) -> None:
        """Show the sign-in page and start everything that runs by itself."""
        self.shell.show("sign_in")
        if maximised:
            self.window.showMaximized()  # a title bar above 768 lines would push the actions off
        else:
            self.window.show()
        supervisor = self._supervisor
        self.tasks.stream("supervisor", lambda cancel, _put: supervisor.run(cancel), _drop)
        prints, enrol = self.desk.prints, self._enrol_staff
        if prints is not None:
            self.tasks.run("staff", lambda: enrol(prints), failed=self.shell.fail)
        self.tasks.run("people", self.desk.store.people.load, failed=self.shell.fail)
        self._tell_sweep()
        self._look_at_disk()
        self._retire()
        self._disk.start()
        courier = self.desk.courier
        self._courier = self.tasks.stream(
            "courier", lambda cancel, _put: courier.run(cancel), _drop
        )

    def unexpected(
        self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        """Show a general message for what no page caught; its text may quote data and is not printed."""
        if issubclass(kind, Exception):
            self.shell.fail(error if isinstance(error, Exception) else kind())
        else:
            self._app.quit()

    def finger_asked(self) -> Slot | None:
        """Return the finger the screen asks for now."""
        return self.fingers.asked

    def close(self) -> None:
        """Stop everything: streams, devices, store; work in progress stays in its draft."""
        if self._closed:
            return
        self._closed = True
        self._disk.stop()
        self._garbage.stop()
        self.devices.stop()
        if self.shell.current is not None:
            self.shell.current.leave()
        hanging = self.tasks.shutdown(Deadline.after(_SHUTDOWN_S))
        if hanging:
            _LOG.warning("still hanging at the end: %s", ", ".join(hanging))
        for device in self.desk.devices.by_modality().values():
            if device is not None:
                device.close()
        self._supervisor.close()
        self.desk.store.close()

    def _hear_later(self, event: CourierEvent) -> None:
        """Called on the courier's thread."""
        self.tasks.tell(lambda: self._hear(event))

    def _hear(self, event: CourierEvent) -> None:
        if self.outbox is not None:
            self.outbox.hear(event)
        self.counter.refresh()

    def _tell_sweep(self) -> None:
        """Say what the last power cut left behind, if it needs a person; note it in any case."""
        swept = self.desk.store.swept
        if swept.quiet:
            return
        lost, broken = len(swept.missing), len(swept.damaged)
        self.shell.note(
            Action.PROGRAM_STARTED, missing=lost, damaged=broken, set_aside=len(swept.set_aside)
        )
        if lost or broken:
            self.shell.fail(StoreCorrupt(missing=lost, damaged=broken))

    def _retire(self) -> None:
        """Destroy packets whose retention is over, with a record of each."""
        store, days = self.desk.store, self.desk.settings.retention_days
        if not store.read_only:
            self.tasks.run("disk", lambda: destroy_due(store, days), self._retired, self.shell.fail)

    def _retired(self, done: tuple[Destruction, ...]) -> None:
        for each in done:
            self.shell.note(Action.DESTROYED, packet_id=each.packet_id, reason=each.reason)

    def _look_at_disk(self) -> None:
        self.tasks.run("disk", self._disk_health, self._show_disk)

    def _disk_health(self) -> Health:
        try:
            space.refuse_when_short(self.desk.store.folder)
        except DiskFull as cause:
            return Health(HealthState.ABSENT, cause.code)
        except StationError as cause:
            return Health(HealthState.ATTENTION, cause.code)
        return Health(HealthState.READY)

    def _show_disk(self, health: Health) -> None:
        self.shell.set_health("disk", health)


def _drop(_item: object) -> None:
    """Courier and supervisor report through their own ways."""
