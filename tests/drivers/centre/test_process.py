import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from drivers.emulation.centre.faults import Fault
from station.clock import CancelToken
from station.delivery.courier import Acked, Courier, LineDown, LineUp
from station.delivery.passage import Passage
from station.delivery.sender import LEASE_S
from station.delivery.uploader import TusUploader
from station.lifecycle.record import Delivery
from station.lifecycle.status import Status
from station.store.store import open_store
from tests.drivers.centre.conftest import Desk
from tests.drivers.centre.people import seal_person
from tests.station.delivery.fault_proxy import FaultProxy, LineFaults
from tests.station.packet.builders import NOW

PROGRAM = f"""
import datetime, sys
from pathlib import Path
from drivers.emulation.centre.centre import CentreOptions
from drivers.emulation.centre.faults import Fault
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.server import serve
from station.clock import FixedClock
from station.keys.rehearsal import make_rehearsal_keys
clock = FixedClock(datetime.datetime.fromisoformat("{NOW.isoformat()}"))
keys = make_rehearsal_keys(Path(sys.argv[1]), clock)
faults = (Fault.SLOW,) if sys.argv[4] == "slow" else ()
serve(Path(sys.argv[2]), CentreKeys.of(keys.centre, clock), clock, CentreOptions(faults=faults),
      parent_pid=int(sys.argv[3]))
"""


def start(keys, folder, pace="", parent=0):
    command = [sys.executable, "-c", PROGRAM, str(keys.folder), str(folder), str(parent), pace]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONPATH": "."},
    )
    return process, json.loads(process.stdout.readline())["url"]


def end(process, how=signal.SIGKILL):
    process.send_signal(how)
    process.wait(10)
    process.stdout.close()


def test_a_centre_killed_in_the_middle_of_an_upload_loses_and_doubles_nothing(
    desk, store, keys, clock, tmp_path
):
    sealed = seal_person(store, keys, clock, "nur_aini")
    process, url = start(keys, tmp_path / "centre", "slow")
    here = desk(url)
    killer = threading.Timer(0.15, process.kill)
    killer.start()
    here.round()
    killer.join()
    end(process)
    assert any(isinstance(told, LineDown) for told in here.told)
    process, url = start(keys, tmp_path / "centre")
    again = desk(url)
    again.until(lambda: store.outbox.get(sealed.packet.id).state is Delivery.ACKED)
    assert again.until_status(sealed.record.record_id, Status.CARD_PRINTED)
    end(process)
    held = list((tmp_path / "centre" / "packets").glob("*"))
    assert [path.read_bytes() for path in held] == [
        store.outbox.get(sealed.packet.id).path.read_bytes()
    ]


def test_a_centre_ends_when_its_parent_is_gone(keys, tmp_path):
    process, _ = start(keys, tmp_path / "centre", parent=1)  # not our process id: gone already
    assert process.wait(20) == 0
    process.stdout.close()


def test_the_courier_runs_in_a_thread_over_a_bad_line_until_it_is_cancelled(
    centre, desk, store, keys, clock
):
    sealed = seal_person(store, keys, clock, "leap_day")
    with centre() as server:
        proxy = FaultProxy(server.port, LineFaults(cut_after=60_000), seed=2)
        here = desk(proxy.url, idle_s=0.02)
        cancel, done = CancelToken(), threading.Event()
        courier: Courier = here.courier

        def run():
            courier.run(cancel)
            done.set()

        threading.Thread(target=run, daemon=True).start()
        for _ in range(1500):
            if here.status(sealed.record.record_id) is Status.CARD_PRINTED or cancel.wait(0.02):
                break
            courier.nudge()
        cancel.cancel()
        assert done.wait(5)
        proxy.close()
    assert here.status(sealed.record.record_id) is Status.CARD_PRINTED
    kinds = {type(told) for told in here.told}
    assert {LineUp, Acked} <= kinds


def test_a_desk_killed_in_the_middle_of_an_upload_goes_on_where_the_centre_stands(
    centre, desk, store, keys, clock, tmp_path
):
    sealed = seal_person(store, keys, clock, "nur_aini")
    folder = store.folder
    with centre(faults=(Fault.SLOW,)) as server:
        here = desk(server.url)
        row = store.outbox.claim(clock.now(), LEASE_S)
        with here.line.open() as line:
            passage = Passage(store, line, _Dying(here.line), row, clock)
            with pytest.raises(KeyboardInterrupt):
                passage.bring(lambda *_: None, CancelToken())
        server.centre.faults.arm(Fault.SLOW, 0)
        store.close()  # what a kill leaves is what the disk holds: no release, no last save
        reopened = open_store(folder, b"k" * 32, clock)
        begun = reopened.outbox.get(sealed.packet.id)
        assert begun.upload_path
        again = Desk(reopened, keys, clock, server.url)
        again.until(lambda: reopened.outbox.get(sealed.packet.id).state is Delivery.ACKED)
        again.courier.close()
        reopened.close()
        assert len(list((server.centre.folder / "uploads").glob("*.json"))) == 1


class _Dying:
    """Dies after the first durable step."""

    def __init__(self, line):
        self._line = line

    def upload(self, job, moved, cancel):
        with self._line.open() as line:

            def last(place):
                moved(place)
                raise KeyboardInterrupt

            return TusUploader(line).upload(job, last, cancel)
