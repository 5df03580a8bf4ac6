"""``rekam conform`` and ``rekam faults``: exit codes, reports, a proxy that is a process."""

import json
import signal
import socket
import subprocess
import sys
from html.parser import HTMLParser
from importlib.metadata import EntryPoint

import pytest
from typer.testing import CliRunner

from drivers.conformance.find import RigNotFound, find_rig
from drivers.conformance.invariants import INVARIANTS
from drivers.conformance.rig import GROUP
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.sfm import SfmModule
from drivers.emulation.tcp_port import TcpPort
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.template.dot_rig import make_rig as make_dot_rig
from station.clock import CancelToken, Deadline, SystemClock
from tests.faults.test_wire_faults import glass
from ui.cli import app

TEMPLATE = ["conform", "finger.dot", "--rig", "drivers.template.dot_rig:make_rig"]
BROKEN = ["conform", "finger.dot", "--rig", "tests.faults.test_conform_command:broken_rig"]


def broken_rig():
    from tests.faults import broken

    return broken.rig_of(broken.EndsTwice)()


def run(*words):
    return CliRunner().invoke(app, list(words))


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not {"src", "href", "onload", "onclick"} & {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def test_a_driver_that_conforms_gets_a_report_that_stands_alone(tmp_path):
    done = run(*TEMPLATE, "--only", "capture flip@3", "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    (found,) = tmp_path.glob("conformance-finger.dot-*.json")
    facts = json.loads(found.read_text())
    assert facts["conforms"] is True
    assert facts["faults"] == {"flip": 1}
    assert [each["number"] for each in facts["invariants"]] == [each.number for each in INVARIANTS]
    page = Page()
    page.feed(found.with_suffix(".html").read_text())
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert all(each.name in page.text for each in INVARIANTS)
    assert "1 faults tried" in page.text


def test_a_driver_that_does_not_conform_ends_with_1_and_says_how_to_see_it(tmp_path):
    done = run(*BROKEN, "--only", "capture delay@1", "--out", str(tmp_path))
    assert done.exit_code == 1
    (found,) = tmp_path.glob("*.json")
    (failure,) = json.loads(found.read_text())["failures"]
    assert failure["invariant"] == 6
    assert failure["again"] == (
        f'rekam conform finger.dot --rig {BROKEN[3]} --only "capture delay@1"'
    )


def test_a_third_partys_rig_is_found_by_its_entry_point():
    point = EntryPoint("finger.foreign", "drivers.template.dot_rig:make_rig", GROUP)
    assert find_rig("finger.foreign", installed=[point]) is make_dot_rig
    with pytest.raises(RigNotFound, match=r"rekam\.rigs"):
        find_rig("finger.other", installed=[point])


def test_wrong_use_ends_with_2():
    assert run("conform", "finger.nobody").exit_code == 2
    assert run(*TEMPLATE, "--only", "melt@3").exit_code == 2
    assert run("conform", "finger.dot", "--rig", "no.such.module").exit_code == 2
    assert run("faults", "sfm").exit_code == 2
    assert run("faults", "morse", "--tcp", "0:1").exit_code == 2
    assert run("faults", "sfm", "--tcp", "x").exit_code == 2
    assert run("faults", "sfm", "--tcp", "99999:4501").exit_code == 2
    assert run("faults", "sfm", "--pty", "here=/no/such/port").exit_code == 2
    assert "b120" in run("faults", "sfm", "--tcp", "0:1", "--fault", "flip@x").stderr


def test_a_front_that_is_taken_is_wrong_use_not_a_crash():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run("faults", "sfm", "--tcp", f"{taken.getsockname()[1]}:4501")
    assert told.exit_code == 2
    assert "in use" in told.stderr


def test_the_proxy_is_a_process_between_a_client_and_a_device():
    module = SfmModule(glass, width=64, height=64, baud=921600)
    with SerialEmulator(module, TcpPort()) as emulator:
        port = emulator.url.rpartition(":")[2]
        command = [sys.executable, "-m", "ui.cli", "faults", "sfm", "--tcp", f"0:{port}"]
        proxy = subprocess.Popen(
            [*command, "--fault", "flip@16"], stdout=subprocess.PIPE, text=True
        )
        try:
            url = json.loads(proxy.stdout.readline())["url"]
            settings = SfmSettings(baud=921600, packet_bytes=1024)
            scanner = SfmScanner(url, SystemClock(), settings)
            scanner.open(Deadline.after(5))
            found = scanner.capture(lambda _: None, CancelToken(), Deadline.after(5))
            assert (found.pixels == glass()).all()
            scanner.close()
        finally:
            proxy.send_signal(signal.SIGTERM)
            told, _ = proxy.communicate(timeout=10)
    assert json.loads(told)["faults"] == 1
    assert proxy.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(url.rpartition(":")[2]))) != 0
