"""``rekam doctor``: finds what runs, names what does not, in words with a next step, and never hangs."""

import json
import os
import pty
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from importlib.metadata import EntryPoint

import pytest
import serial
from typer.testing import CliRunner

from drivers.contract import GROUP, Reference
from drivers.emulation.stage_process import StageProcess
from station.device_report import Condition, DeviceReport, Upkeep
from station.devices import DeviceInfo, Grade, Modality
from station.errors import NoReader
from station.settings import DeviceSettings, load_settings
from tests.drivers.emulation.emulator import Emulator
from ui import doctor_ports
from ui.cli import app
from ui.doctor import examine
from ui.doctor_devices import finding_of, reports_of, spare_findings
from ui.doctor_drivers import driver_findings
from ui.findings import GOOD, LOOK, WRONG, Errand

NOTHING = DeviceSettings()
# The promise of six seconds is measured by the benchmark; here a loaded machine must not fail, a wait must.
NOT_WAITED_S = 20.0


def written(folder, devices, profile="rehearsal"):
    rows = "\n".join(f"{key} = {json.dumps(value)}" for key, value in devices.items())
    folder.mkdir(exist_ok=True)
    (folder / "settings.toml").write_text(f'profile = "{profile}"\n[devices]\n{rows}\n', "utf-8")
    return folder


def devices_of(findings):
    return {f.facts["place"]: f for f in findings if f.kind == "device" and "place" in f.facts}


# -- with emulators running in a process of their own ------------------------------------------------


@pytest.fixture(scope="module")
def stage():
    process = StageProcess(seed=11)
    addresses = process.start()
    with urllib.request.urlopen(addresses["camera"], timeout=30) as pictures:
        pictures.read(1000)  # its first face is drawn now, not while the doctor waits
    yield addresses
    process.stop()


@pytest.fixture(scope="module")
def told(stage, tmp_path_factory):
    folder = written(
        tmp_path_factory.mktemp("doctor") / "data",
        {
            "camera": stage["camera"],
            "finger": stage["finger"],
            "pad": stage["pad"],
            "iris_port": int(stage["iris_port"]),
            "iris_roots": [stage["iris_root"]],
        },
    )
    env = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    env.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "doctor", "--json", "--folder", str(folder)],
        capture_output=True, text=True, env=env, timeout=30, check=False,
    )  # fmt: skip
    findings = json.loads(done.stdout)["findings"]
    return done, {f["place"]: f for f in findings if "place" in f}


@pytest.mark.parametrize(
    ("place", "driver", "address"),
    [
        ("face", "camera.cv", "camera"),
        ("finger", "finger.sfm", "finger"),
        ("iris", "sbi", "iris_port"),
        ("signature", "signature.topaz", "pad"),
    ],
)
def test_running_emulators_are_found_with_driver_address_serial_and_grade(
    told, stage, place, driver, address
):
    line = told[1][place]
    assert (line["level"], line["condition"], line["driver"]) == ("good", "ready", driver)
    assert line["address"].startswith(str(stage[address]))  # a service names its device too
    assert line["grade"] in {"emulated", "verification"}  # a camera and a pad carry no mark
    for word in (driver, str(stage[address]), line["serial"] or "seri –"):
        assert word in line["what"]


def test_a_service_nobody_has_set_up_is_seen_and_says_what_to_fill_in(stage):
    seen = [f for f in spare_findings(NOTHING) if f.facts["driver"] == "sbi"]
    assert any(f.facts["address"].startswith(stage["iris_port"]) for f in seen)
    assert all(f.severity == LOOK and "iris_roots" in f.next_step for f in seen if "iris" in f.what)
    known = DeviceSettings(iris_roots=(stage["iris_root"],), finger="/dev/ttyUSB0", camera="0")
    assert [f for f in spare_findings(known) if f.facts["driver"] == "sbi"] == []


def test_one_emulator_as_its_own_process_is_found_like_a_device(tmp_path):
    with Emulator("finger.zfm", "--link", str(tmp_path / "ttyEMU9"), "--seed", "5") as emulator:
        address = emulator.url
        folder = written(tmp_path / "data", {"finger": address, "finger_protocol": "zfm"})
        line = devices_of(examine(folder))["finger"]
    assert (line.severity, line.facts["driver"], line.facts["grade"]) == (
        GOOD,
        "finger.zfm",
        "emulated",
    )
    assert line.facts["address"] == address


def test_it_works_without_a_display(told):
    assert "Traceback" not in told[0].stderr
    assert len(told[1]) == len(Modality)


def test_the_exit_code_follows_the_worst_line(told, tmp_path):
    done, _places = told
    levels = {finding["level"] for finding in json.loads(done.stdout)["findings"]}
    assert done.returncode == (1 if "wrong" in levels else 0)
    missing = written(tmp_path / "x", {"finger": str(tmp_path / "ttyNONE")})
    assert CliRunner().invoke(app, ["doctor", "--folder", str(missing)]).exit_code == 1


def test_another_serial_than_the_desk_knows_is_told_and_its_figures_stay_untouched(stage, tmp_path):
    folder = written(tmp_path / "data", {"finger": stage["finger"]})
    settings = load_settings(folder / "settings.toml")
    known = reports_of(settings, folder)[1].info
    figures = folder / "desk" / "devices.json"
    figures.parent.mkdir()
    _remember(figures, known, number="0000099999")
    before = figures.read_bytes()
    report = next(r for r in reports_of(settings, folder) if r.modality is Modality.FINGER)
    assert report.condition is Condition.OTHER_DEVICE
    line = finding_of(report, settings.devices)
    assert line.severity == WRONG
    assert known.serial in line.what
    assert figures.read_bytes() == before


def _remember(path, info, number):
    from drivers.supervision.identity import Identity
    from drivers.supervision.ledger import Ledger
    from station.clock import SystemClock

    ledger = Ledger(path, SystemClock())
    ledger.bind(Modality.FINGER, Identity(info.driver, info.make, info.model, number))
    ledger.save()


# -- what is not there, or does not answer -----------------------------------------------------------


def test_a_missing_device_is_wrong_and_says_what_to_do(tmp_path):
    folder = written(
        tmp_path / "data", {"finger": str(tmp_path / "ttyNONE"), "finger_protocol": "zfm"}
    )
    line = devices_of(examine(folder))["finger"]
    assert line.severity == WRONG
    assert "tidak terlihat" in line.what
    assert "finger.zfm" in line.what
    assert line.next_step.startswith("Colokkan kabelnya")


def test_places_nobody_set_up_say_where_to_do_it(tmp_path):
    lines = devices_of(examine(written(tmp_path / "data", {})))
    assert lines["face"].severity == LOOK
    assert "isi camera di [devices]" in lines["face"].next_step
    assert lines["card"].severity <= LOOK  # no reader is named, so none must be there


def test_silent_and_held_devices_do_not_hold_the_doctor_up(stage, tmp_path):
    """A scanner that never answers, a camera service that takes the call and says nothing, a pad in use."""
    master, slave = pty.openpty()
    silent = socket.create_server(("127.0.0.1", 0))
    try:
        folder = written(
            tmp_path / "data",
            {
                "finger": os.ttyname(slave),
                "camera": f"http://127.0.0.1:{silent.getsockname()[1]}/video",
                "pad": stage["pad"],
            },
        )
        began = time.monotonic()
        with serial.Serial(stage["pad"], exclusive=True):
            lines = devices_of(examine(folder))
        assert time.monotonic() - began < NOT_WAITED_S
    finally:
        silent.close()
        os.close(master)
        os.close(slave)
    for place in ("finger", "face"):
        assert lines[place].severity == WRONG
        assert "tidak menjawab" in lines[place].what
    assert lines["signature"].severity == LOOK
    assert "program lain" in lines["signature"].next_step


def test_a_grade_table_that_is_not_there_is_named(tmp_path):
    folder = written(tmp_path / "data", {"grades": str(tmp_path / "kelas.json")})
    assert sum("kelas.json" in f.what and f.severity == WRONG for f in examine(folder)) == 2


def test_a_question_that_never_comes_back_is_not_waited_for():
    from station.clock import Deadline

    gate = threading.Event()
    errand = Errand("hung", lambda: gate.wait(30))
    began = time.monotonic()
    assert errand.answer(Deadline.after(0.1)) is None
    assert time.monotonic() - began < 2
    gate.set()


def test_a_trust_root_that_cannot_be_read_is_named(tmp_path):
    folder = written(tmp_path / "data", {"iris_roots": [str(tmp_path / "akar.pem")]})
    assert any("akar.pem" in f.what and f.severity == WRONG for f in examine(folder))


# -- words -------------------------------------------------------------------------------------------

INFO = DeviceInfo(
    "finger.sfm", "Suprema", "SFM Slim", "A-1", "1.4", "/dev/ttyUSB0", Grade.ENROLMENT
)


@pytest.mark.parametrize(
    ("report", "severity"),
    [
        (DeviceReport(Modality.FINGER, Condition.READY, info=INFO), GOOD),
        (DeviceReport(Modality.FINGER, Condition.READY, info=INFO, upkeep=(Upkeep.CLEAN,)), LOOK),
        (DeviceReport(Modality.FINGER, Condition.WAIT, "DEVICE_BUSY"), LOOK),
        (DeviceReport(Modality.FINGER, Condition.ATTENTION, "DEVICE_GRADE", info=INFO), WRONG),
        (DeviceReport(Modality.FINGER, Condition.OTHER_DEVICE, offered=INFO), WRONG),
        (DeviceReport(Modality.FINGER, Condition.ABSENT, "DEVICE_REMOVED"), WRONG),
        (DeviceReport(Modality.CARD, Condition.ABSENT), LOOK),
    ],
    ids=str,
)
def test_each_condition_has_its_weight_and_every_line_but_a_good_one_its_step(report, severity):
    line = finding_of(report, NOTHING)
    assert line.severity == severity
    assert (line.next_step == "") is (severity == GOOD)
    assert "Panggil teknisi" not in line.next_step  # the technician is reading


# -- drivers -----------------------------------------------------------------------------------------


class _Fine:
    API_VERSION, name, modality = 1, "acme.fine", Modality.FINGER

    def discover(self, hints):
        return ()

    def create(self, reference, site):
        raise NotImplementedError


GATE = threading.Event()  # what a hanging driver waits for


class _Hung:
    """A device whose every call hangs in foreign code, deaf to deadlines and tokens."""

    info = DeviceInfo("acme.hung", "", "", "", "", "", Grade.VERIFICATION)

    def open(self, deadline):
        GATE.wait(30)

    def close(self):
        GATE.wait(30)

    def self_test(self, deadline):
        GATE.wait(30)


class _Hanging(_Fine):
    name = "acme.hung"

    def discover(self, hints):
        return (Reference(self.name, "x"),)

    def create(self, reference, site):
        return _Hung()


class _DeafDiscovery(_Fine):
    name, modality = "acme.deaf", Modality.FACE

    def discover(self, hints):
        GATE.wait(30)
        return ()


class _Old(_Fine):
    API_VERSION = 0


FINE, OLD, NO_DRIVER = _Fine(), _Old(), object()
HUNG, DEAF = _Hanging(), _DeafDiscovery()


def _point(name, where=__name__, attribute="FINE"):
    return EntryPoint(name, f"{where}:{attribute}", GROUP)


INSTALLED = (
    _point("acme.fine"),
    _point("acme.stranger"),
    _point("acme.old", attribute="OLD"),
    _point("acme.broken", where="no_such_module_anywhere"),
    _point("acme.thing", attribute="NO_DRIVER"),
)
ALLOWED = ("acme.fine", "acme.old", "acme.broken", "acme.thing", "acme.gone")


@pytest.mark.parametrize(
    ("name", "severity", "words"),
    [
        ("acme.fine", GOOD, "diizinkan"),
        ("acme.stranger", LOOK, "belum diizinkan"),
        ("acme.old", WRONG, "versi lain"),
        ("acme.broken", WRONG, "gagal dimuat"),
        ("acme.thing", WRONG, "bukan penggerak"),
        ("acme.gone", WRONG, "tidak terpasang"),
    ],
)
def test_each_driver_of_somebody_else_has_a_line_with_the_reason_in_words(name, severity, words):
    settings = DeviceSettings(allowed=ALLOWED)
    lines = {
        f.facts["driver"]: f for f in driver_findings(settings, INSTALLED) if "driver" in f.facts
    }
    assert lines[name].severity == severity
    assert words in lines[name].what
    assert (lines[name].next_step == "") is (severity == GOOD)


def test_drivers_in_a_process_of_their_own_are_named():
    settings = DeviceSettings(allowed=("acme.fine",), isolated=("acme.fine", "camera.cv"))
    told = [f.what for f in driver_findings(settings, INSTALLED[:1])]
    assert any("camera.cv" in what and "proses sendiri" in what for what in told)
    assert any("acme.fine" in what and "proses sendiri" in what for what in told)


def test_our_own_drivers_all_load():
    line = next(f for f in driver_findings(NOTHING, ()) if "bawaan" in f.what)
    assert line.severity == GOOD
    assert "finger.sfm" in line.what


# -- ports and services ------------------------------------------------------------------------------


def test_a_port_this_user_may_not_open_says_how_to_get_the_right(tmp_path, monkeypatch):
    for name in ("ttyUSB0", "ttyUSB1", "video0"):
        (tmp_path / name).touch()
    monkeypatch.setattr(doctor_ports.os, "access", lambda path, _how: path.name != "ttyUSB1")
    lines = list(doctor_ports.port_findings(tmp_path, tmp_path))
    assert [line.severity for line in lines] == [WRONG]
    assert "ttyUSB1" in lines[0].what
    assert "dialout" in lines[0].next_step


def test_of_the_hid_nodes_only_signature_pads_count(tmp_path, monkeypatch):
    for node, vendor in (("hidraw0", "0000046D"), ("hidraw1", "0000056A")):
        (tmp_path / node).touch()
        about = tmp_path / "class" / "hidraw" / node / "device"
        about.mkdir(parents=True)
        (about / "uevent").write_text(f"HID_ID=0003:{vendor}:000000A4\n")
    monkeypatch.setattr(doctor_ports.os, "access", lambda _path, _how: False)
    lines = list(doctor_ports.port_findings(tmp_path, tmp_path))
    assert len(lines) == 1
    assert "hidraw1" in lines[0].what
    assert "60-rekam-signature.rules" in lines[0].next_step


def test_open_ports_are_one_good_line(tmp_path):
    (tmp_path / "ttyACM0").touch()
    (line,) = doctor_ports.port_findings(tmp_path, tmp_path)
    assert line.severity == GOOD


@pytest.mark.parametrize(
    ("installed", "words"), [(False, "tidak terpasang"), (True, "tidak berjalan")]
)
def test_a_card_service_that_is_missing_is_told_from_one_that_sleeps(monkeypatch, installed, words):
    def none():
        raise NoReader(reason="service")

    monkeypatch.setattr("drivers.smartcard.service.service_readers", none)
    monkeypatch.setattr(
        doctor_ports.shutil, "which", lambda *_a, **_k: "/usr/sbin/pcscd" if installed else None
    )
    line = doctor_ports.card_service_finding()
    assert line.severity == LOOK
    assert words in line.what
    assert "pcscd" in line.next_step


def test_drivers_that_hang_in_foreign_code_cost_their_own_lines_only(tmp_path, monkeypatch):
    points = (_point("acme.hung", attribute="HUNG"), _point("acme.deaf", attribute="DEAF"))
    monkeypatch.setattr("drivers.registry.entry_points", lambda **_group: points)
    folder = written(
        tmp_path / "data",
        {
            "finger": "x", "finger_protocol": "acme.hung", "camera": "y", "camera_driver": "acme.deaf",
            "allowed": ["acme.hung", "acme.deaf"], "pad": str(tmp_path / "ttyNONE"),
        },
    )  # fmt: skip
    began = time.monotonic()
    try:
        lines = devices_of(examine(folder))
    finally:
        took = time.monotonic() - began
        GATE.set()
    assert took < NOT_WAITED_S
    for place in ("finger", "face"):
        assert lines[place].severity == WRONG
        assert "tidak menjawab" in lines[place].what
    assert "tidak terlihat" in lines["signature"].what
