"""``rekam emulate sbi`` as a process: what it announces, a client of its own, the diary, the end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from drivers.emulation import catalogue
from drivers.emulation.emulated import Diary, Order
from station.clock import SystemClock
from tests.drivers.sbi import raw


def started(*options):
    command = [sys.executable, "-m", "ui.cli", "emulate", "sbi", "--port", "0", *options]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_process_announces_serves_obeys_tells_and_ends():
    process = started(
        "--stdin",
        "--seed=3",
        "--set=devices=finger",
        "--set=version=1.0",
        "--set=level=L1",
        "--fault=701@0",
    )
    try:
        told = json.loads(process.stdout.readline())
        assert (told["device"], told["version"], told["level"]) == ("sbi", "1.0", "L1")
        assert told["url"] == f"http://127.0.0.1:{told['port']}"
        root = x509.load_pem_x509_certificate(Path(told["root"]).read_bytes())
        found = raw.device_of(told["port"], "Finger", "SBIDISC")
        assert found["serialNo"] == told["serials"] == "EMU-SBI-0003"
        body = raw.request(found, bio_count="1", bio_deviceSubId="0", bio_bioSubType="UNKNOWN")
        _, once = raw.ask(told["port"], "RCAPTURE", "/capture", body)
        assert once["biometrics"][0]["error"]["errorCode"] == "701"
        _, again = raw.ask(told["port"], "RCAPTURE", "/capture", body)
        data, _ = raw.opened(again["biometrics"][0]["data"], root)
        assert raw.unbase(data["bioValue"]).startswith(b"FIR\x00020\x00")
        process.stdin.write("STATUS Not Ready\n")
        process.stdin.flush()
        while "STATUS" not in (line := process.stdout.readline()):
            assert line
        while True:  # the diary says the verb before it is carried out
            (now,) = {raw.device_of(told["port"], "Finger")["deviceStatus"]}
            if now == "Not Ready":
                break
        _, refused = raw.ask(told["port"], "RCAPTURE", "/capture", body)
        assert refused["biometrics"][0]["error"]["errorCode"] == "110"
        rest, _ = process.communicate(timeout=20)
        assert "refused code=110" in rest
        assert process.returncode == 0
        assert not Path(told["root"]).exists()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    "options",
    [
        {"version": "0.9.2"},
        {"devices": "iris,nose"},
        {"devices": "iris,iris"},
        {"env": "Mars"},
        {"fps": "1"},
        {"level": "L7"},
        {"colour": "red"},
    ],
)
def test_an_order_that_means_nothing_is_refused_with_what_there_is(options):
    clock = SystemClock()
    with pytest.raises(ValueError, match=f"--set {next(iter(options))}"):
        catalogue.build("sbi", Order(clock, Diary(None, clock), port=0, options=options))


def test_a_person_of_the_roster_brings_what_is_missing(tmp_path):
    from drivers.emulation.people import today_of
    from station.devices import Slap
    from station.person.roster import load_demo_roster

    clock = SystemClock()
    entry = next(each for each in load_demo_roster(today_of(clock)) if each.missing_fingers)
    order = Order(
        clock,
        Diary(None, clock),
        port=0,
        nik=str(entry.person.nik),
        options={"root": str(tmp_path / "r")},
    )
    service = catalogue.build("sbi", order)
    try:
        assert service.subject.body.missing == {finger.name for finger in entry.missing_fingers}
        assert set(entry.missing_fingers) & {f for slap in Slap for f in slap.fingers}
        assert (service.facts["serials"], service.facts["env"]) == (
            "EMU-SBI-0001,EMU-SBI-0001-1,EMU-SBI-0001-2",
            "Developer",
        )
    finally:
        service.stop()


def test_unplugged_and_replugged_it_is_another_device_on_the_same_port(tmp_path):
    clock = SystemClock()
    options = {"devices": "finger", "root": str(tmp_path / "root.pem")}
    service = catalogue.build("sbi", Order(clock, Diary(None, clock), port=0, options=options))
    service.start()
    port = service.port
    try:
        first = raw.device_of(port, "Finger")
        service.unplug()
        with pytest.raises(ConnectionRefusedError):
            raw.device_of(port, "Finger")
        service.replug("S-2")
        second = raw.device_of(port, "Finger")
        assert first["digitalId"] != second["digitalId"]
        assert b"S-2" in raw.unbase(second["digitalId"])
    finally:
        service.stop()
