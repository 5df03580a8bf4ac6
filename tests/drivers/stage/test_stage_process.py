"""The whole stage in its own process, met by the real drivers over the real protocols."""

import itertools
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cryptography import x509

from drivers.camera.cv import CvCamera
from drivers.emulation.applicant import Applicant
from drivers.emulation.stage import STAGE_PAD
from drivers.emulation.stage_process import StageProcess
from drivers.fingerprint.sfm import SfmScanner
from drivers.sbi.iris import SbiIrisScanner
from drivers.signature.topaz import TopazPad
from station.biometrics.finger import quality
from station.biometrics.iris import judge as iris_judge
from station.biometrics.signature import judge as signature_judge
from station.capture.slots import Slot
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Eye, Grade, HealthState
from station.errors import DeviceNotFound, DeviceRemoved, NoSubject, StationError
from station.guidance import Guidance

CLOCK = SystemClock()
PERSON = {"body": 7, "name": "SITI AMINAH", "sex": "female", "hijab": True, "blind": ["LEFT"]}


@pytest.fixture(scope="module")
def stage():
    stage = StageProcess(seed=1)
    stage.start()
    yield stage
    stage.stop()


@pytest.fixture
def scanner(stage):
    scanner = SfmScanner(stage.addresses["finger"], CLOCK)
    scanner.open(Deadline.after(5))
    yield scanner
    scanner.close()


def take(device, seconds=8.0):
    return device.capture(lambda _: None, CancelToken(), Deadline.after(seconds))


def enter(stage, **changes):
    stage.ask(do="enter", person=PERSON | changes)


def test_the_room_is_empty_then_the_person_comes_and_the_stream_never_stops(stage):
    stage.ask(do="leave")
    camera = CvCamera(stage.addresses["camera"], CLOCK, grade=Grade.EMULATED, stall_s=1.0)
    stream = camera.frames(CancelToken())
    room = next(stream).pixels
    assert room.shape == (1080, 1920, 3)
    enter(stage)
    deadline = Deadline.after(15)
    for frame in stream:  # DeviceTimeout when the drawing stops it for a second
        assert not deadline.passed()
        middle = frame.pixels[400:700, 860:1060].astype(int)
        if abs(middle - room[400:700, 860:1060]).mean() > 15:
            break
    stream.close()


def test_a_finger_placed_is_judged_good_and_a_light_one_is_told_so(stage, scanner):
    enter(stage)
    stage.ask(do="finger", position="RIGHT_INDEX")
    good = take(scanner)
    assert good.pixels.shape == (400, 300)
    assert good.device.grade is Grade.EMULATED
    assert quality.judge(good.pixels, good.ppi).usable
    stage.ask(do="finger", position="RIGHT_INDEX", how="light")
    light = quality.judge(take(scanner).pixels, 500)
    assert Guidance.PRESS_HARDER in light.guidance


def test_a_command_empties_the_glass_at_once(stage, scanner):
    enter(stage)
    stage.ask(do="finger", position="RIGHT_INDEX")
    take(scanner)
    stage.ask(do="finger", position=None)
    with pytest.raises(NoSubject):
        take(scanner, 0.4)


def test_a_missing_finger_never_reaches_the_glass(stage, scanner):
    enter(stage, missing=["LEFT_RING"])
    stage.ask(do="finger", position="LEFT_RING")
    with pytest.raises(NoSubject):
        take(scanner, 0.5)


def test_an_unplugged_scanner_is_removed_and_a_replugged_one_works(stage, scanner):
    enter(stage)
    stage.ask(do="fail", device="finger", fault="UNPLUG")
    with pytest.raises(DeviceRemoved):
        take(scanner, 1)
    scanner.close()
    with pytest.raises(DeviceNotFound):
        scanner.open(Deadline.after(1))
    stage.ask(do="heal", device="finger")
    scanner.open(Deadline.after(5))
    stage.ask(do="finger", position="RIGHT_THUMB")
    assert take(scanner).pixels.shape == (400, 300)


def test_the_applicant_signs_a_moment_after_being_asked(stage):
    applicant = Applicant(stage, PERSON)
    applicant.enter()
    with_pad = TopazPad(stage.addresses["pad"], CLOCK, STAGE_PAD)
    with_pad.open(Deadline.after(2))
    applicant.asked(Slot.SIGNATURE)
    got = take(with_pad, 10)
    with_pad.close()
    assert got.dropped <= len(got.points) // 100
    assert signature_judge.judge(got.points).usable
    assert got.device.grade is Grade.EMULATED


def test_the_eye_that_looks_is_captured_and_the_blind_one_is_not(stage):
    enter(stage)
    root = x509.load_pem_x509_certificate(Path(stage.addresses["iris_root"]).read_bytes())
    iris = SbiIrisScanner((root,), CLOCK, port=int(stage.addresses["iris_port"]))
    iris.open(Deadline.after(5))
    stage.ask(do="look")
    (right,) = iris.capture((Eye.RIGHT,), lambda _: None, CancelToken(), Deadline.after(15))
    assert iris_judge.judge(right.pixels, Eye.RIGHT).usable
    with pytest.raises(NoSubject):
        iris.capture((Eye.LEFT,), lambda _: None, CancelToken(), Deadline.after(0.6))
    stage.ask(do="fail", device="iris", fault="Not Ready")
    assert iris.self_test(Deadline.after(2)).state is HealthState.ATTENTION
    stage.ask(do="heal", device="iris")
    assert iris.self_test(Deadline.after(2)).state is HealthState.READY


@pytest.mark.parametrize(
    "command",
    [
        {"do": "dance"},
        {"do": "enter", "person": {"body": 1}},
        {"do": "finger", "position": "THIRD_HAND"},
        {"do": "finger", "position": "LEFT_RING", "how": "magic"},
        {"do": "fail", "device": "camera", "fault": "MELT"},
        {"do": "fail", "device": "toaster", "fault": "UNPLUG"},
        {"do": "enter", "person": 5},
    ],
)
def test_a_wrong_command_is_refused_and_the_stage_goes_on(stage, command):
    with pytest.raises(ValueError, match=r".+"):
        stage.ask(**command)
    stage.ask(do="leave")


def test_the_stage_ends_with_the_desk_that_is_killed():
    desk = (
        "import sys, threading\n"
        "from drivers.emulation.stage_process import StageProcess\n"
        "stage = StageProcess()\n"
        "stage.start()\n"
        "print(stage.pid, flush=True)\n"
        "threading.Event().wait(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", desk], stdout=subprocess.PIPE, text=True
    ) as killed:
        pid = int(killed.stdout.readline())
        killed.kill()
    deadline = Deadline.after(8)
    while _runs(pid):
        assert not deadline.passed(), "the stage is an orphan"
        threading.Event().wait(0.05)


def _runs(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_stopped_stage_leaves_no_thread_and_its_commands_are_not_found():
    before = threading.active_count()
    stage = StageProcess()
    stage.start()
    pid = stage.pid
    stage.stop()
    stage.stop()
    assert threading.active_count() == before
    assert not _runs(pid)
    with pytest.raises(DeviceNotFound):
        stage.tell(do="leave")


def test_a_stage_that_does_not_start_is_an_error_at_once():
    stage = StageProcess()
    stage._command = [sys.executable, "-c", "raise SystemExit(3)"]
    with pytest.raises(StationError):
        stage.start(10)


def test_lines_that_are_no_commands_are_answered_not_fatal():
    command = [sys.executable, "-m", "drivers.emulation.stage"]
    lines = 'not json\n[1]\n{"id": 4, "do": "leave"}\n'
    done = subprocess.run(
        command, input=lines, capture_output=True, text=True, timeout=30, check=True, env=os.environ
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert all("error" in answer for answer in itertools.islice(answers, 1, 3))
    assert answers[3] == {"id": 4, "ok": True}
    assert done.stderr == ""
