"""The power goes at every step: the desk reopens where it stood, and nothing acknowledged is lost or doubled.

One person, one folder, thirteen desks one after the other, each killed by SIGKILL at a further point.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from station.capture.slots import CAPTURE_ORDER, FINGER_ORDER
from station.lifecycle.status import Status
from tests.journeys.desk_process import POINTS

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parents[2]
CASE = "hindu"
ORDER = tuple(POINTS)
# Where the next desk stands after each cut: step, the finger asked for, fingers that need no more.
STANDS = {
    "data": ("data", "", 0),
    "data confirmed": ("photo", "", 0),
    "photo taken": ("photo", "", 0),
    "photo approved": ("signature", "", 0),
    "signature": ("fingers", FINGER_ORDER[0].value, 0),
    "1 finger": ("fingers", FINGER_ORDER[1].value, 1),
    "5 fingers": ("fingers", FINGER_ORDER[5].value, 5),
    "10 fingers": ("fingers", None, 10),  # a chip finger, for its second look
    "rechecked": ("iris", "", 10),
    "irises": ("review", "", 10),
    "confirmed": ("review", "", 10),
}


def run(folder, point):
    """Run one desk to its end; return its exit code and all it told."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.desk_process", str(folder), CASE, point],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said, complaint = process.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        process.kill()
        said, complaint = process.communicate()
    facts = {}
    for line in said.splitlines():
        facts |= json.loads(line)
    return process.returncode, facts, complaint


def gone(pid, seconds=15.0):
    """Wait until a process has ended."""
    pause = threading.Event()
    for _ in range(int(seconds * 20)):
        if not Path(f"/proc/{pid}").exists():
            return True
        pause.wait(0.05)
    return False


@pytest.fixture(scope="module")
def morning(with_keys, tmp_path_factory):
    """Play the whole morning; return what each desk told, by the point it reached."""
    folder = with_keys(tmp_path_factory.mktemp("listrik"))
    told, cuts = {}, (*ORDER, "sending")
    for point in cuts:
        code, facts, complaint = run(folder, point)
        assert code == -signal.SIGKILL, f"{point}: {complaint[-2000:]}"
        assert facts["reached"] == point, complaint[-2000:]
        facts["orphans"] = [pid for pid in facts["pids"] if not gone(pid)]
        told[point] = facts
    code, facts, complaint = run(folder, "end")
    assert code == 0, complaint[-2000:]
    facts["folder"] = str(folder)
    told["end"] = facts
    return told


def after(morning, point):
    """Return what the next desk found after the cut at a point."""
    order = (*ORDER, "sending", "end")
    return morning[order[order.index(point) + 1]]["found"]


@pytest.mark.parametrize("point", list(STANDS))
def test_the_desk_reopens_at_the_same_step_and_the_same_slot(morning, point):
    found, (step, asked, fingers) = after(morning, point), STANDS[point]
    assert found["begun"], "the search page says the recording is not finished"
    assert found["id"] == morning["data"]["id"], "one enrolment, not a second"
    assert (found["step"], found["page"]) == (step, f"step:{step}")
    assert found["settled"] == fingers
    if asked is None:
        assert found["asked"] in {slot.value for slot in FINGER_ORDER}
    elif step == "fingers":
        assert found["asked"] == asked


@pytest.mark.parametrize("point", list(STANDS))
def test_every_acknowledged_attempt_and_word_is_still_there(morning, point):
    before, found = morning[point], after(morning, point)
    assert found["attempts"] == before["attempts"]
    for fact in ("data_confirmed", "photo_approved", "rechecks", "confirmed"):
        assert found[fact] == before[fact], fact
    assert found["set_aside"] == []
    assert found["drafts"] == [before["id"]]


def test_a_cut_after_the_seal_leaves_one_packet_in_the_queue_and_no_draft(morning):
    found, packet = after(morning, "sealed"), morning["data"]["id"]
    assert found["packets"] == [packet]
    assert found["drafts"] == []
    assert found["delivery"] == "QUEUED"
    assert found["statuses"][:3] == ["UNREGISTERED", "BIO_CAPTURED", "PROCESSING"]


def test_a_cut_while_sending_loses_nothing_and_sends_once(morning):
    found, end = after(morning, "sending"), morning["end"]
    assert found["packets"] == end["packets"] == [morning["data"]["id"]]
    assert found["drafts"] == end["drafts"] == []
    assert end["statuses"][-1] == Status.CARD_PRINTED
    assert end["flagged"] == 0
    at_the_centre = list((Path(end["folder"]) / "centre").rglob("*.ktp"))
    assert len(at_the_centre) == 1


def test_all_fourteen_samples_outlived_all_cuts(morning):
    assert set(morning["confirmed"]["attempts"]) == {slot.value for slot in CAPTURE_ORDER}


def test_no_process_outlives_the_desk_that_started_it(morning):
    assert {point: told["orphans"] for point, told in morning.items() if told.get("orphans")} == {}
    left = [t["stage"] for t in morning.values() if Path(t["stage"]).parent.exists()]
    assert left == [], "the stage tidied its folder"
