"""One person from the NIK to the activated card, through the window, on emulated devices over real wires."""

import io
import shutil
import subprocess
import zipfile
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from station.capture.enrolment import Enrolment
from station.capture.slots import CAPTURE_ORDER
from station.card.control import Lifecycle
from station.card.verify import ChipContents
from station.keys.roles import Role
from station.lifecycle.record import Record
from station.lifecycle.status import Status
from station.person.person import Person
from tests.journeys.spoken import Spoken
from tests.journeys.workplace import SIZE, Workplace, picture_size, statuses_of

pytestmark = pytest.mark.timeout(420)

CASE = "nur_aini"
WAY = [
    Status.UNREGISTERED,
    Status.BIO_CAPTURED,
    Status.PROCESSING,
    Status.SENT_FOR_ENROLLMENT,
    Status.RECEIVED_AT_CENTRAL,
    Status.SENT_FOR_DEDUP,
    Status.PRINT_READY_RECORD,
    Status.SENT_FOR_CARD_PRINTING,
    Status.CARD_PRINTED,
    Status.CARD_ISSUED,
]
PAGES = {
    "masuk", "cari", "data", "foto-langsung", "foto-setuju", "tanda-tangan", "jari", "iris",
    "tinjau", "selesai", "loket-pilih", "loket-jari", "loket-serah", "rekaman", "pengiriman",
    "perangkat",
}  # fmt: skip
BIG_ENOUGH = 100_000  # a sealed packet of fourteen samples is not a stub


@dataclass
class Told:
    """What the journey left behind."""

    place: Workplace
    person: Person
    enrolled: Enrolment
    record: Record
    actions: int
    card: dict
    chip: ChipContents
    packet: bytes
    spoken: Spoken


@pytest.fixture(scope="module")
def told(opened, tmp_path_factory):
    place = opened("penuh", pcsc=True)
    person = place.entry(CASE).person
    with Spoken(tmp_path_factory.mktemp("kata") / "keluaran.txt") as spoken:
        story = place.story(CASE)
        story.sign_in()
        story.find()
        story.record()
        packet = place.app.desk.store.packets.path(place.state.id).read_bytes()
        story.next_person()
        story.until_printed()
        card = story.hand_over()
        record = story.until(Status.CARD_ISSUED, 30)
        story.look_around()
    yield Told(
        place, person, story.enrolled, record,
        story.counted["sealed"] - story.counted["found"], dict(card), story.chip, packet, spoken,
    )  # fmt: skip
    place.close()


def test_the_record_walks_all_official_statuses_in_order_to_card_issued(told):
    assert statuses_of(told.record) == WAY
    assert told.record.flagged == ()


def test_from_the_found_person_to_the_sealed_packet_takes_at_most_twenty_actions(told):
    assert 1 <= told.actions <= 20


def test_every_slot_holds_a_sample_of_its_own_device_at_or_above_its_threshold(told):
    plan, state = told.place.app.desk.plan, told.enrolled
    best = {slot: state.best(slot) for slot in CAPTURE_ORDER}
    assert len(best) == 14
    assert all(best.values())
    assert {slot: s.score for slot, s in best.items() if s.score < plan.threshold(slot)} == {}
    assert len({sample.sha256 for sample in best.values()}) == 14
    assert len({sample.device.driver for sample in best.values()}) == 4
    assert len({sample.score for sample in best.values()}) > 4, "scores are measured, not constants"
    assert state.exemptions == {}


def test_the_finger_put_down_too_lightly_was_taken_again_and_both_attempts_are_kept(told):
    assert [slot for slot in CAPTURE_ORDER if len(told.enrolled.tries(slot)) > 1]


def test_the_card_is_active_and_says_who_holds_it(told):
    assert told.card["state"] == "ACTIVE"
    assert told.chip.state is Lifecycle.ACTIVE
    assert told.chip.serial == told.card["uid"]
    assert told.chip.biodata.nik == str(told.person.nik)
    assert told.chip.biodata.name == told.person.printed_name
    assert told.chip.photo_jpeg.startswith(b"\xff\xd8")
    assert told.chip.signature.startswith(b"\x89PNG")
    assert len(told.chip.fingers) == 2
    assert told.chip.activation is not None
    assert all(size > 0 for size in told.card["files"].values())


@pytest.mark.pcsc
def test_the_card_went_through_the_real_card_service(told):
    if told.place.rehearsal.reader_path != "pcsc":
        pytest.skip("no free virtual reader: the card was written in process")
    assert told.place.app.desk.devices.reader.path_kind == "pcsc"


def openssl(*words):
    program = shutil.which("openssl")
    assert program, "openssl must be installed: the promise is about it"
    words = [str(word) for word in words]
    answer = subprocess.run([program, *words], capture_output=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer


def test_stock_openssl_opens_the_packet_and_finds_two_signers(told, tmp_path):
    keys = told.place.rehearsal.keys
    pair = keys.centre.pair(Role.RECIPIENT)
    (tmp_path / "ca.pem").write_bytes(keys.authority.public_bytes(Encoding.PEM))
    (tmp_path / "centre.pem").write_bytes(pair.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "centre.key").write_bytes(
        pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (tmp_path / "X.ktp").write_bytes(told.packet)
    openssl(
        "cms", "-decrypt", "-binary", "-inform", "DER", "-in", tmp_path / "X.ktp",
        "-recip", tmp_path / "centre.pem", "-inkey", tmp_path / "centre.key",
        "-out", tmp_path / "X.zip",
    )  # fmt: skip
    with zipfile.ZipFile(io.BytesIO((tmp_path / "X.zip").read_bytes())) as members:
        members.extractall(tmp_path)
    openssl(
        "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "manifest.p7s",
        "-content", tmp_path / "manifest.json", "-CAfile", tmp_path / "ca.pem", "-purpose", "any",
        "-signer", tmp_path / "who.pem", "-out", "/dev/null",
    )  # fmt: skip
    assert (tmp_path / "who.pem").read_bytes().count(b"BEGIN CERTIFICATE") == 2
    held = {path.stem for path in (tmp_path / "data").iterdir()}
    assert {slot.value for slot in CAPTURE_ORDER} <= held
    assert len(told.packet) > BIG_ENOUGH


def test_every_page_was_seen_at_the_desks_smallest_size(told):
    pictures = list((told.place.pictures / CASE).glob("*.png"))
    assert {path.stem.partition("-")[2] for path in pictures} >= PAGES
    assert {picture_size(path) for path in pictures} == {SIZE}


def test_no_log_and_no_terminal_line_names_a_person(told):
    assert len(told.spoken.lines) > 5, "somebody listened"
    assert told.spoken.naming(told.person) == []
    told.spoken.lines.append(f"opened {told.person.nik}")
    assert len(told.spoken.naming(told.person)) == 1, "a line that names a person is found"


def test_nothing_on_the_desks_disk_can_be_read_by_a_stranger(told):
    person = told.person
    secrets = [
        text.encode(code)
        for text in (str(person.nik), person.full_name, person.mother.name, person.kk_number)
        for code in ("utf-8", "utf-16-le")
    ]
    secrets += [b"JFIF\x00", b"\x89PNG\r\n", b"FMR\x00 0", b"FIR\x00 0", b"IIR\x00 0"]
    files = [path for path in (told.place.folder / "desk").rglob("*") if path.is_file()]
    assert len(files) > 3
    open_ones = [
        (path.name, secret[:4])
        for path in files
        for secret in secrets
        if secret in path.read_bytes()
    ]
    assert open_ones == []
