"""F1 and F2 in short form: a real process is killed everywhere, and nothing acknowledged is ever lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from station.capture import events as ev
from station.capture.enrolment import replay
from station.clock import FixedClock
from station.keys.rehearsal import make_rehearsal_keys
from station.keys.roles import Role
from station.lifecycle.record import Delivery
from station.lifecycle.status import Status
from station.packet.opened import open_packet
from station.store.failpoints import FAILPOINTS, SEAL_POINTS, VARIABLE
from station.store.sealing import seal_and_store
from station.store.store import open_store
from tests.faults.desk import KEY
from tests.station.packet.builders import NOW, PLAN, context

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    make_rehearsal_keys(tmp_path / "keys", FixedClock(NOW))
    return tmp_path


def start(folder, *, persons=1, failpoint="", seed=1):
    environment = {**os.environ, VARIABLE: failpoint, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.desk", str(folder), str(persons), str(seed)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def promises(said):
    found = {"draft": set(), "sample": set(), "complete": set(), "sealed": set()}
    for line in said.splitlines():
        word, *rest = line.split()
        found[word].add(tuple(rest))
    return found


def check(folder, said):
    """Reopen the store as the next start does, and hold it to everything that was said."""
    promised = promises(said)
    store = open_store(folder / "store", KEY, FixedClock(NOW))
    keys = make_rehearsal_keys(folder / "keys", FixedClock(NOW))
    try:
        store.database.check()
        drafts, rows = set(store.drafts.ids()), store.outbox.rows()
        packets = {row.packet_id for row in rows}
        assert store.swept.missing == []
        assert store.swept.damaged == []
        assert store.swept.set_aside == []
        assert not drafts & packets, "both a draft and a packet"
        assert {name for (name,) in promised["draft"]} <= drafts | packets, "neither"
        assert {name for (name,) in promised["sealed"]} <= packets
        assert [row.seq for row in store.packets.all()] == list(range(1, len(rows) + 1))
        files = {path.stem for path in (folder / "store" / "packets").iterdir()}
        assert files == packets
        for row in rows:
            assert_packet(store, keys, row)
        for draft_id in drafts:
            assert_draft(store, draft_id, promised)
        assert list(folder.glob("store/**/*.tmp")) == []
        assert {path.name for path in (folder / "store" / "drafts").iterdir()} == drafts
    finally:
        store.close()
    return drafts, packets


def assert_packet(store, keys, row):
    opener = keys.centre.opener(Role.ESCROW)
    opened = open_packet(store.packets.read(row.packet_id), opener, keys.authority, NOW)
    record = store.records.get(row.record_id)
    assert opened.manifest.packet_id == row.packet_id == record.packet_id
    assert row.state is record.delivery is Delivery.QUEUED
    assert record.official_status is Status.PROCESSING


def assert_draft(store, draft_id, promised):
    draft = store.drafts.get(draft_id)
    state = replay(draft.events())
    kept = {sample.sha256 for tries in state.attempts.values() for sample in tries}
    assert {sha256 for owner, sha256 in promised["sample"] if owner == draft_id} <= kept
    for event in draft.events():
        if isinstance(event, ev.AttemptTaken):
            assert len(draft.read(event.sample.sha256)) == event.sample.size
    if (draft_id,) in promised["complete"]:
        assert state.confirmed is not None


def resume(folder, drafts):
    store = open_store(folder / "store", KEY, FixedClock(NOW))
    keys = make_rehearsal_keys(folder / "keys", FixedClock(NOW))
    for draft_id in drafts:
        draft = store.drafts.get(draft_id)
        sealing = context(keys, FixedClock(NOW), record_id=f"again-{draft_id[-4:]}")
        seal_and_store(store, draft, PLAN, sealing)
    store.close()


@pytest.mark.parametrize("failpoint", FAILPOINTS)
def test_a_kill_at_any_point_leaves_a_draft_or_a_packet_never_neither_never_both(folder, failpoint):
    process = start(folder, failpoint=failpoint)
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, complaint
    drafts, _ = check(folder, said)
    if failpoint in SEAL_POINTS and drafts:
        resume(folder, drafts)  # the operator presses the button once more
        assert len(check(folder, said)[1]) == 1


@pytest.mark.parametrize("failpoint", ["keep.renamed#3", "draft.event#9", "seal.committed#2"])
def test_a_kill_at_a_later_visit_keeps_everything_before_it(folder, failpoint):
    process = start(folder, persons=3, failpoint=failpoint)
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, complaint
    check(folder, said)


@pytest.mark.slow
def test_kills_at_random_moments_lose_nothing_acknowledged(folder):
    rng, sealed = random.Random(20260302), 0
    said = ""
    for turn in range(8):
        process = start(folder, persons=50, seed=turn)
        assert process.stdout is not None
        said += process.stdout.readline()
        timer = threading.Timer(rng.uniform(0.05, 0.6), process.kill)
        timer.start()
        rest, complaint = process.communicate(timeout=60)
        timer.join()
        said += rest
        assert process.returncode == -signal.SIGKILL, complaint
        _, packets = check(folder, said)
        assert len(packets) >= sealed
        sealed = len(packets)
    assert sealed > 0
