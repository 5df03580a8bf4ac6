"""A rehearsal: emulated devices, an emulated card, invented people and a data-centre simulator of one's own."""

import json
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509

from drivers.camera.cv import CvCamera
from drivers.contract import GradedModels
from drivers.emulation.applicant import Applicant
from drivers.emulation.card.rack import Rack
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.scenes.finger import FingerIdentity, impression
from drivers.emulation.stage import STAGE_PAD
from drivers.emulation.stage_process import StageProcess
from drivers.fingerprint.sfm import SfmScanner
from drivers.fingerprint.zfm import ZfmScanner
from drivers.sbi.iris import SbiIrisScanner
from drivers.signature.topaz import TopazPad
from drivers.smartcard.direct import DirectReader
from drivers.smartcard.service import open_rehearsal_reader
from drivers.supervision.configured import graded_of, sources_of
from drivers.supervision.source import GivenSource, Source
from drivers.supervisor import Supervisor
from station.biometrics.finger.minutiae import extract
from station.capture.slots import Slot
from station.card.sam import MASTER_BYTES, SoftwareSam
from station.clock import Clock
from station.devices import CardReader, FingerPosition, Grade, Modality
from station.errors import DeviceNotFound
from station.grades import GradesRefused
from station.keys.rehearsal import STATION, RehearsalKeys, make_rehearsal_keys
from station.keys.roles import Role
from station.operators.demo import RINA, demo_accounts
from station.operators.prints import OperatorPrints
from station.packet.context import Limits
from station.person.bundle import load_demo_bundle
from station.person.eligibility import backdrop_of
from station.person.roster import RosterEntry, directory_of, load_demo_roster
from station.settings import Profile, Settings
from ui.app import CentreTrust, Parts
from ui.desk import Devices, Population, QueueEntry
from ui.devices.pen_pad import PenPad
from ui.devices.screen_pad import ScreenPad
from ui.devices.tablet_pad import TabletPad

_LOG = logging.getLogger(__name__)
_BLANKS: Final = 40
DEVICE_FIGURES: Final = "devices.json"
OPERATOR_BODY: Final = 901  # whose fingers the rehearsal's operator has


@dataclass(frozen=True, slots=True)
class RehearsalOptions:
    """How to rehearse. ``camera`` and ``pad`` may name a real device instead of the emulated one."""

    folder: Path
    seed: int = 1
    fps: float = 15.0
    finger: str = "sfm"
    camera: str = ""
    pad: str = ""  # "screen" = draw with mouse, finger or pen; "tablet" = with a pen only
    language: str = "id"
    text_scale: float = 1.0
    dark: bool = False
    pace: float = 1.0  # seconds between two statuses at the centre
    pcsc: bool = True  # use pcscd + vpcd when they can run
    base: Settings = field(default_factory=Settings)  # what the site has set, as far as it fits


class CentreProcess:
    """A data-centre simulator of one's own, in its own process; it ends with this one."""

    def __init__(self, folder: Path, keys: Path, pace: float) -> None:
        self._command = [
            sys.executable, "-m", "ui.cli", "centre",
            "--folder", str(folder), "--keys", str(keys), "--pace", str(pace),
            "--gallery", "--parent-pid", str(os.getpid()),
        ]  # fmt: skip
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Number of the running process; 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def start(self) -> str:
        """Start it and return its URL; DeviceNotFound when it does not come up."""
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            self._command, stdout=subprocess.PIPE, text=True
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        try:
            return str(json.loads(line)["url"])
        except (ValueError, KeyError) as cause:
            raise DeviceNotFound(device="centre") from cause

    def stop(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5.0)
        if process.stdout is not None:
            process.stdout.close()


class AskedApplicant:
    """Passes what the screen asks for to the emulated applicant and the rack of cards."""

    def __init__(
        self, stage: StageProcess, roster: Mapping[str, RosterEntry], rack: Rack, seed: int
    ) -> None:
        self._stage = stage
        self._roster = roster
        self._rack = rack
        self._seed = seed
        self._applicant: Applicant | None = None
        self._cards: dict[str, str] = {}  # record id -> serial
        self.next_card = ""  # a card laid on purpose: a serial, "unknown" or "foreign"
        self.person_of: Callable[[str], str | None] = _nobody  # record id -> NIK

    @property
    def rack(self) -> Rack:
        """The cards of this rehearsal."""
        return self._rack

    @property
    def stage(self) -> StageProcess:
        """The stage, for faults asked for by name."""
        return self._stage

    def person(self, nik: str | None) -> None:
        """Somebody sits down or gets up."""
        if self._applicant is not None:
            self._applicant.leave()
        entry = self._roster.get(nik or "")
        self._applicant = None
        if entry is not None:
            self._applicant = Applicant(self._stage, body_of(entry), seed=self._seed)
            self._applicant.enter()

    def slot(self, slot: Slot | None, *, recheck: bool = False) -> None:
        """The screen asks for a part of the body."""
        if self._applicant is not None:
            self._applicant.asked(slot, recheck=recheck)

    def card(self, record_id: str | None) -> None:
        """The counter asks for a card: the holder sits down and the printed card is laid."""
        if record_id is None:
            self._rack.remove()
            return
        self.person(self.person_of(record_id))
        name = self.next_card or self.serial_of(record_id)
        self.next_card = ""
        self._rack.insert(name)

    def serial_of(self, record_id: str) -> str:
        """Return the serial of the blank that is laid for a record."""
        if record_id not in self._cards:
            used = set(self._cards.values())
            self._cards[record_id] = next(s for s in self._rack.serials if s not in used)
        return self._cards[record_id]


def _nobody(_record_id: str) -> str | None:
    return None


def body_of(entry: RosterEntry) -> dict[str, object]:
    """Return the stage's description of a roster person's body."""
    return {
        "body": entry.body,
        "name": entry.person.full_name,
        "sex": "female" if int(entry.person.sex) == 2 else "male",
        "hijab": entry.body_of.hijab,
        "glasses": False,  # taken off before the photo, as the rule asks
        "backdrop": backdrop_of(entry.person).value,
        "missing": [finger.name for finger in entry.missing_fingers],
        "blind": [eye.name for eye in entry.blind_eyes],
        "cannot_sign": entry.cannot_sign,
    }


@dataclass(frozen=True, slots=True)
class _Held:
    """Devices that live as long as the rehearsal, whoever watches them."""

    reader: CardReader
    window_pad: PenPad | None


@dataclass(slots=True)
class Rehearsal:
    """Everything a rehearsal started; ``parts`` builds the desk, ``stop`` ends it all."""

    parts: Parts
    stage: StageProcess
    centre: CentreProcess
    asked: AskedApplicant
    keys: RehearsalKeys
    roster: tuple[RosterEntry, ...]
    reader: CardReader
    stopped: bool = field(default=False)

    @property
    def reader_path(self) -> str:
        """How the cards are reached."""
        return self.reader.path_kind

    def stop(self) -> None:
        """End stage, centre and reader; idempotent."""
        if self.stopped:
            return
        self.stopped = True
        self.reader.close()
        self.stage.stop()
        self.centre.stop()


def start_rehearsal(options: RehearsalOptions, clock: Clock) -> Rehearsal:
    """Start stage and centre, make keys and people; returns when all devices have addresses."""
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    keys = make_rehearsal_keys(folder / "keys", clock)
    stage = StageProcess(seed=options.seed, fps=options.fps, finger=options.finger)
    centre = CentreProcess(folder / "centre", keys.folder, options.pace)
    try:
        addresses = stage.start()
        url = centre.start()
        return _assemble(options, clock, keys, stage, centre, addresses, url)
    except BaseException:
        stage.stop()
        centre.stop()
        raise


def _assemble(
    options: RehearsalOptions,
    clock: Clock,
    keys: RehearsalKeys,
    stage: StageProcess,
    centre: CentreProcess,
    addresses: Mapping[str, str],
    url: str,
) -> Rehearsal:
    settings = options.base.model_copy(
        update={
            "station_id": STATION,  # the rehearsal's machine certificate names it
            "profile": Profile.REHEARSAL,
            "centre_url": url,
            "language": options.language,
            "text_scale": options.text_scale,
            "dark": options.dark,
        }
    )
    today = clock.now().astimezone(settings.zone_info).date()
    roster = load_demo_roster(today)
    by_nik = {str(entry.person.nik): entry for entry in roster}
    master = load_demo_bundle()
    sam_master = secrets.token_bytes(MASTER_BYTES)
    rack = Rack(sam_master, blanks=_BLANKS, seed=secrets.randbelow(1 << 30))
    reader = open_rehearsal_reader(rack, start=True) if options.pcsc else _in_process(rack)
    asked = AskedApplicant(stage, by_nik, rack, options.seed)
    held = _Held(reader, _window_pad(options, clock))
    graded, refused = graded_of(settings.devices, keys.authority, clock)
    supervisor = _supervisor(options, addresses, clock, held, graded)
    centre_keys = CentreKeys.of(keys.centre, clock)
    parts = Parts(
        settings=settings,
        folder=options.folder / "desk",
        clock=clock,
        keys=keys.desk,
        centre=CentreTrust(url, keys.desk.certificate(Role.RECEIPT_SIGNER), centre_keys.card_trust),
        accounts=lambda _shelf: demo_accounts(clock),
        population=Population(
            directory=directory_of(roster),
            record_of=lambda nik: by_nik[nik].person if nik in by_nik else None,
            master=master,
            queue=tuple(
                QueueEntry(str(e.person.nik), e.person.full_name, e.ticket, e.appointment)
                for e in roster
                if e.status == "UNREGISTERED"
            ),
        ),
        devices=_ports(supervisor, held),
        supervisor=supervisor,
        sam=SoftwareSam(sam_master),
        asked=asked,
        rehearsal=True,
        limits=Limits(real_devices_in_rehearsal=_uses_real_devices(options)),
        stock=tuple(rack.serials),
        outdoors=bool(options.camera),
        enrol_staff=enrol_operator,
        feed_s=1.0,
        notices=("rina · PIN 246810", *_told(refused)),
    )
    return Rehearsal(parts, stage, centre, asked, keys, roster, reader)


def _told(refused: GradesRefused | None) -> tuple[str, ...]:
    return () if refused is None else (f"Tabel kelas alat ditolak: {refused.facts['reason']}",)


def _window_pad(options: RehearsalOptions, clock: Clock) -> PenPad | None:
    """Return the pad that lives in the window, where that is the one to be used."""
    match options.pad or options.base.devices.pad:
        case "screen":
            return ScreenPad(clock)
        case "tablet":
            return TabletPad(clock, grade_of=lambda _name: Grade.ENROLMENT)
    return None


def enrol_operator(prints: OperatorPrints) -> None:
    """Enrol the rehearsal's operator by drawn index fingers, so that hers are refused like in an office."""
    if prints.of(RINA):
        return
    indexes = (FingerPosition.RIGHT_INDEX, FingerPosition.LEFT_INDEX)
    prints.enrol(
        RINA,
        {
            position: extract(impression(FingerIdentity(OPERATOR_BODY, position), 1), 500)
            for position in indexes
        },
    )


def _in_process(rack: Rack) -> DirectReader:
    return DirectReader(rack)


def _uses_real_devices(options: RehearsalOptions) -> bool:
    site = options.base.devices
    return bool(options.camera or options.pad or site.finger or site.pad or site.iris_roots)


def _supervisor(
    options: RehearsalOptions,
    addresses: Mapping[str, str],
    clock: Clock,
    held: _Held,
    graded: GradedModels,
) -> Supervisor:
    """Watch real devices where the site or the command line names one, emulated ones elsewhere."""
    site = options.base.devices.model_copy(update={"camera": options.camera})
    if options.pad:
        site = site.model_copy(update={"pad": options.pad})
    roots = tuple(
        x509.load_pem_x509_certificate(Path(path).read_bytes()) for path in site.iris_roots
    )
    sources = {
        **_emulated(addresses, clock),
        **sources_of(site, clock, roots, graded),
        # Rehearsals write on the rack's cards, whatever readers the machine has.
        Modality.CARD: GivenSource(
            held.reader.info.driver, _place_of(held.reader), lambda: held.reader, lasting=True
        ),
    }
    if held.window_pad is not None:
        window_pad = held.window_pad
        # No device node: whether a pen is attached can only be asked.
        sources[Modality.SIGNATURE] = GivenSource(
            window_pad.info.driver, "window://pad", lambda: window_pad, lasting=True
        )
    return Supervisor(sources, clock, file=options.folder / "desk" / DEVICE_FIGURES, rehearsal=True)


def _emulated(addresses: Mapping[str, str], clock: Clock) -> Mapping[Modality, Source]:
    """Return the stage's devices, each behind its real driver."""
    root = x509.load_pem_x509_certificate(Path(addresses["iris_root"]).read_bytes())
    camera, finger, pad = addresses["camera"], addresses["finger"], addresses["pad"]
    port = int(addresses["iris_port"])
    module = ZfmScanner if addresses["finger_kind"] == "zfm" else SfmScanner
    return {
        Modality.FACE: GivenSource(
            "camera.cv", camera, lambda: CvCamera(camera, clock, grade=Grade.EMULATED)
        ),
        Modality.FINGER: GivenSource(
            f"finger.{addresses['finger_kind']}", finger, lambda: module(finger, clock)
        ),
        Modality.IRIS: GivenSource(
            "sbi", str(port), lambda: SbiIrisScanner((root,), clock, port=port)
        ),
        Modality.SIGNATURE: GivenSource(
            "signature.topaz", pad, lambda: TopazPad(pad, clock, STAGE_PAD, grade=Grade.EMULATED)
        ),
    }


def _place_of(reader: CardReader) -> str:
    return reader.info.model if reader.path_kind == "pcsc" else "in-process"


def _ports(supervisor: Supervisor, held: _Held) -> Devices:
    return Devices(
        camera=supervisor.camera,
        finger=supervisor.finger,
        iris=supervisor.iris,
        # The page feeds its own pad, so it must see the pad itself.
        pad=held.window_pad or supervisor.pad,
        reader=supervisor.reader,
        matching_finger=supervisor.matching_finger,
    )
