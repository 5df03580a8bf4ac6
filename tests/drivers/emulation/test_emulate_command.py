"""``rekam emulate`` itself: refusals that say what is possible, scripts, faults, persons, and a clean end."""

import os
import signal
import tempfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from drivers.emulation.emulated import Diary, Order
from drivers.emulation.finger_modules import build_sfm
from drivers.emulation.people import today_of
from station.biometrics.finger import decision, matcher, minutiae
from station.clock import SystemClock
from station.person.roster import load_demo_roster
from tests.drivers.emulation.emulator import Emulator, refused
from tests.drivers.emulation.raw_clients import Sfm, Zfm
from ui.cli import app

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="a pty")

SMALL = ("--set", "width=64", "--set", "height=64")


def grey_scan(url):
    client = Sfm(url)
    client.write(0x6C, 0x30)
    payload = client.scan()
    client.close()
    return payload[28:]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("finger.gt511",), "finger.zfm"),
        (("finger.zfm", "--fault", "explode@3"), "drop-packet"),
        (("finger.zfm", "--fault", "drop-packet@x3"), "@t2.5"),
        (("finger.zfm", "--person", "123"), "16 angka"),
        (("finger.zfm", "--set", "model=GT511"), "R503"),
        (("finger.zfm", "--set", "colour=red"), "address"),
        (("finger.zfm", "--baud", "115201"), "9600"),
        (("finger.sfm", "--baud", "300"), "921600"),
        (("finger.sfm", "--set", "finger=BIG_TOE"), "RIGHT_INDEX"),
        (("signature.stu", "--port", "99999"), "65535"),
        (("iris.uvc", "--port", "-3"), "65535"),
        (("camera", "--seed", "-1"), "--seed"),
        (("camera", "--fps", "0"), "--fps"),
        (("camera", "--fps", "nan"), "--fps"),
        (("camera", "--fault", "stall@tnan"), "@t2.5"),
        (("iris.uvc", "--fault", "lamp-hot@x"), "@t2.5"),
        (("camera", "--set", "fps=0"), "0.1 to 240"),
        (("iris.uvc", "--set", "fps=nan"), "0.1 to 240"),
        (("iris.uvc", "--set", "eyes=3"), "1, 2"),
        (("card", "--set", "blanks=many"), "number"),
        (("finger.zfm", "--set", "lift=-1"), "0 to"),
        (("sbi", "--set", "fps=2"), "3 to 60"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is_possible(arguments, said, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    result = CliRunner().invoke(app, ["emulate", *arguments])
    assert result.exit_code == 2
    assert said in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_certificate_is_not_written_over(tmp_path):
    other = tmp_path / "thesis.txt"
    other.write_text("precious", "utf-8")
    result = CliRunner().invoke(app, ["emulate", "sbi", "--set", f"root={other}", "--port", "0"])
    assert (result.exit_code, other.read_text("utf-8")) == (2, "precious")


def test_a_link_to_somebody_s_file_is_left_alone(tmp_path):
    link = tmp_path / "ttyEMU0"
    link.symlink_to(tmp_path / "thesis.txt")
    result = CliRunner().invoke(app, ["emulate", "finger.zfm", "--link", str(link)])
    assert (result.exit_code, link.readlink()) == (2, tmp_path / "thesis.txt")


def test_a_report_folder_that_is_a_file_is_refused_before_the_work(tmp_path):
    other = tmp_path / "thesis.txt"
    other.write_text("precious", "utf-8")
    result = CliRunner().invoke(app, ["conform", "finger.zfm", "--out", str(other)])
    assert (result.exit_code, other.read_text("utf-8")) == (2, "precious")


def test_a_port_that_is_taken_and_a_script_that_is_not_there_are_refused(tmp_path):
    with Emulator("finger.sfm", "--port", "0") as first:
        port = first.url.rsplit(":", 1)[1]
        code, words = refused("finger.sfm", "--port", port)
    assert (code, "Traceback" in words) == (2, False)
    missing = ["emulate", "finger.sfm", "--script", str(tmp_path / "none.toml")]
    assert CliRunner().invoke(app, missing).exit_code == 2


def test_a_bad_script_is_refused_with_its_line(tmp_path):
    script = tmp_path / "day.toml"
    script.write_text('steps = [\n  "FINGER RIGHT_INDEX",\n  "FINGER NOSE",\n]\n', "utf-8")
    result = CliRunner().invoke(app, ["emulate", "finger.sfm", "--script", str(script)])
    assert result.exit_code == 2
    assert "baris 3" in result.output
    assert "RIGHT_INDEX" in result.output


def test_a_script_shows_its_pictures_suffers_its_faults_and_changes_the_device(tmp_path):
    exact = np.random.default_rng(3).integers(0, 256, (64, 64), np.uint8)
    cv2.imwrite(str(tmp_path / "exact.png"), exact)
    script = tmp_path / "day.toml"
    script.write_text(
        "\n".join(
            [
                "[[step]]",
                f'IMAGE = "{tmp_path / "exact.png"}"',
                "[[step]]",
                "SLEEP = 1.5",
                "[[step]]",
                "UNPLUG = true",
                "[[step]]",
                "REPLUG = 99",
            ]
        ),
        "utf-8",
    )
    link = tmp_path / "ttyEMU0"
    with Emulator("finger.sfm", "--link", str(link), "--script", str(script), *SMALL) as running:
        assert running.url == str(link)
        running.wait_for("done IMAGE")
        assert grey_scan(running.url) == exact.tobytes()
        running.wait_for("done REPLUG 99")
        client = Sfm(running.url)
        assert client.read(0x6F) == 99
        client.close()
        running.wait_for("script ended")


def test_a_fault_from_the_start_strikes_where_it_was_asked_for():
    with Emulator(
        "finger.zfm", "--fault", "drop-packet@3", "--fault", "flip-bit@b20", *SMALL
    ) as running:
        client = Zfm(running.url)
        client.send(0x53)
        assert client.receive() == (7, b"\x55")  # bytes 0..11 of the stream
        client.send(0x53)
        damaged = client.port.read(12)
        assert damaged[8] == 0x03 ^ 0x01  # byte 20
        client.unlock()
        client.ask(0x01)
        assert client.image()[1] == [128] * 15
        client.close()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_takes_the_link_away(tmp_path, how):
    link = tmp_path / "ttyEMU0"
    running = Emulator("finger.zfm", "--link", str(link), *SMALL)
    assert link.is_symlink()
    assert running.end(how) == 0
    assert not os.path.lexists(link)


def test_it_ends_with_its_input_and_leaves_no_folder():
    running = Emulator("finger.zfm", *SMALL, stdin=True)
    folder = Path(running.url).parent
    assert folder.is_dir()
    running.tell("FINGER nowhere")
    running.wait_for("refused: finger nowhere")
    running.close_input()
    assert running.wait() == 0
    assert not folder.exists()
    running.end()


def test_the_person_decides_whose_finger_it_is_and_the_seed_which_impression(tmp_path):
    clock = SystemClock()
    nik = load_demo_roster(today_of(clock))[0].person.nik

    def scan(nik, seed):
        order = Order(clock, Diary(None, clock), seed=seed, nik=nik, link=tmp_path / "ttyEMU0",
                      options={"finger": "RIGHT_INDEX"})  # fmt: skip
        running = build_sfm(order).start()
        try:
            return np.frombuffer(grey_scan(running.url), np.uint8).reshape(400, 300)
        finally:
            running.stop()

    one, other_impression = scan(nik, 1), scan(nik, 2)
    assert np.array_equal(one, scan(nik, 1))
    assert not np.array_equal(one, other_impression)
    prints = [
        minutiae.extract(each, 500) for each in (one, other_impression, scan("3273014505900001", 1))
    ]
    assert decision.same_finger(matcher.compare(prints[0], prints[1]))
    assert not decision.same_finger(matcher.compare(prints[0], prints[2]))


def test_the_diary_tells_what_the_client_did_without_a_pixel():
    with Emulator("finger.zfm", *SMALL) as running:
        client = Zfm(running.url)
        for _ in range(50):
            client.ask(0x01)
        client.unlock()
        client.ask(0x01)
        client.image()
        client.close()
        running.wait_for("UP_IMAGE answer=00 packets=16")
        assert any("GEN_IMAGE answer=21 (again x49)" in line for line in running.heard)
        assert max(map(len, running.heard)) < 120
