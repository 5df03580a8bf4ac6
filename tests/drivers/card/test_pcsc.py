"""The same card through the real PC/SC service and vpcd; a skip here fails the job that asks for it."""

import shutil
import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from drivers.emulation.card.faults import Cut, Mute, Outcome
from drivers.smartcard.pcsc import PcscReader
from drivers.smartcard.service import open_rehearsal_reader
from station.card.activate import Activation
from station.card.apdu import CardLink, Command
from station.card.contents import content_of
from station.card.control import Lifecycle
from station.card.files import Connected
from station.card.profile import Fid
from station.card.register import CardState
from station.card.tlv import read_tlv
from station.card.verify import verify_card
from station.clock import CancelToken, Deadline
from station.errors import CardError, CardOutcomeUnknown, NoCard
from tests.drivers.card.world import CONTENTS, ISSUER, RECORD, World, same_finger

pytestmark = pytest.mark.pcsc


class PcscWorld(World):
    """The world behind a real reader."""

    def through(self, reader: PcscReader) -> "PcscWorld":
        self.reader = reader
        self.settle()
        return self

    def settle(self) -> None:
        self.reader.wait_card(CancelToken(), Deadline.after(5))

    def lay_again(self) -> None:
        self.rack.remove()
        self.reader.wait_card(CancelToken(), Deadline.after(5), present=False)
        self.rack.insert(self.serial)
        self.settle()


@pytest.fixture
def world(service: None) -> Iterator[PcscWorld]:
    made = PcscWorld()
    reader = open_rehearsal_reader(made.rack)
    if not isinstance(reader, PcscReader):
        pytest.skip("no PC/SC service with a virtual reader")
    try:
        yield made.through(reader)
    finally:
        made.rack.remove()
        reader.close()


def test_a_card_is_personalised_activated_and_verified_through_pcscd(world: PcscWorld) -> None:
    started = time.perf_counter()
    world.personalise()
    spent = time.perf_counter() - started
    report = world.activate()
    chip = verify_card(world.reader, sam=world.counter.sam, trust=ISSUER.trust, clock=world.clock)
    assert chip.fingers == RECORD.fingers
    assert report.facts.card_serial == world.serial
    assert world.register.entry(world.serial).state is CardState.ACTIVATED
    assert spent < 5


def test_a_command_takes_less_than_five_milliseconds(world: PcscWorld) -> None:
    spent = []
    with Connected(world.reader) as card:
        for _ in range(200):
            started = time.perf_counter()
            card.link.send(Command(0, 0xA4, 0, 0x0C, b"\x01\x1e"))
            spent.append(time.perf_counter() - started)
    assert statistics.median(spent) < 0.005


def test_opensc_reads_the_open_files_and_openssl_verifies_the_signed_object(
    world: PcscWorld, tmp_path: Path
) -> None:
    if shutil.which("opensc-explorer") is None:
        pytest.skip("opensc is not installed")
    world.personalise()
    number = next(
        line.split()[0]
        for line in _run("opensc-tool", "-l", folder=tmp_path).splitlines()
        if world.reader.info.model in line
    )
    script = tmp_path / "script.txt"
    script.write_text("cd aid:F052454B414D2D384B\nget 011E com.bin\nget 011D sod.bin\n")
    _run("opensc-explorer", "-r", number, "-c", "default", "script.txt", folder=tmp_path)
    assert (tmp_path / "com.bin").read_bytes() == CONTENTS.files[Fid.COM]
    sod = (tmp_path / "sod.bin").read_bytes()
    assert sod == CONTENTS.files[Fid.SOD]

    root = x509.load_der_x509_certificate(ISSUER.csca).public_bytes(Encoding.PEM)
    (tmp_path / "csca.pem").write_bytes(root)
    (tmp_path / "sod.der").write_bytes(read_tlv(content_of(sod, Fid.SOD)).value)
    verify = ["cms", "-verify", "-inform", "DER", "-in", "sod.der", "-CAfile", "csca.pem"]
    options = ["-purpose", "any", "-no_check_time", "-out", "out.bin"]
    assert "successful" in _run("openssl", *verify, *options, folder=tmp_path)


@pytest.mark.parametrize("k", [25, 60, 107])
@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_tear_through_pcscd_is_resumed(world: PcscWorld, k: int, outcome: Outcome) -> None:
    world.chip.arm(Cut(k, outcome))
    with pytest.raises(CardOutcomeUnknown):
        world.personalise()
    world.lay_again()
    world.personalise(expected_serial=world.serial)
    assert world.chip.control.state is Lifecycle.PERSONALISED


def test_a_mute_card_is_told_by_the_watchdog_and_works_after_lifting(world: PcscWorld) -> None:
    quick = PcscReader(world.reader.info.model, watchdog_s=0.3)
    quick.open(Deadline.after(2))
    world.chip.arm(Mute(2))
    world.reader, slow = quick, world.reader
    started = time.monotonic()
    with pytest.raises(CardOutcomeUnknown, match="mute"):
        world.personalise()
    assert time.monotonic() - started < 5
    with pytest.raises(CardError, match="mute"):
        quick.connect()
    world.rack.remove()
    world.reader = slow
    world.lay_again()
    world.reader = quick
    world.personalise()
    quick.close()
    world.reader = slow


def test_a_second_program_gets_a_sharing_error(world: PcscWorld) -> None:
    other = PcscReader(world.reader.info.model)
    other.open(Deadline.after(2))
    with Connected(world.reader), pytest.raises(CardError, match="sharing"):
        other.connect()
    other.close()


def test_passing_by_a_taken_reader_leaves_nothing_open(world: PcscWorld) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    open_rehearsal_reader(World().rack).close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_lifting_the_card_is_seen_and_said(world: PcscWorld) -> None:
    world.rack.remove()
    world.reader.wait_card(CancelToken(), Deadline.after(5), present=False)
    assert not world.reader.card_present()
    with pytest.raises(NoCard):
        world.reader.connect()


@pytest.mark.parametrize("name", ["unknown", "foreign"])
def test_a_strange_card_gets_no_write_command_through_pcscd(world: PcscWorld, name: str) -> None:
    world.rack.remove()
    world.reader.wait_card(CancelToken(), Deadline.after(5), present=False)
    chip = world.rack.insert(name)
    world.settle()
    with pytest.raises(CardError):
        world.personalise()
    assert chip.updates == 0


def test_a_wrong_finger_leaves_the_card_inactive_through_pcscd(world: PcscWorld) -> None:
    world.personalise()
    session = Activation(
        world.reader, world.counter, record_id="rec-1", operator_id="op", match=same_finger
    )
    session.examine()
    assert not session.try_finger(RECORD.fingers[0].position, b"wrong")
    assert world.chip.control.state is Lifecycle.PERSONALISED


def test_a_select_answers_with_file_control_parameters(world: PcscWorld) -> None:
    with Connected(world.reader) as card:
        assert isinstance(card.link, CardLink)
        fcp = card.link.send(Command(0, 0xA4, 0, 0, b"\x01\x1e", 256))
    assert fcp.hex() == "6f0e" + "820101" + "8302011e" + "80020020" + "8a0101"


def _run(*command: str, folder: Path) -> str:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=30
    )
    return done.stdout + done.stderr
