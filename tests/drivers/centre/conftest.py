import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from drivers.emulation.centre.centre import CentreOptions
from drivers.emulation.centre.keys import CentreKeys
from drivers.emulation.centre.server import CentreServer
from station.clock import CancelToken, FixedClock
from station.delivery.desk_courier import DeskLine, desk_courier
from station.delivery.line import LineTimeouts
from station.keys.rehearsal import STATION, make_rehearsal_keys
from station.keys.roles import Role
from station.lifecycle.status import Status
from station.store.store import open_store
from tests.station.packet.builders import NOW

END = {
    Status.CARD_PRINTED,
    Status.CARD_ISSUED,
    Status.DUPLICATE_RECORD,
    Status.ENROLL_FAILURE_AT_CENTRAL,
    Status.PRINT_READY_RECORD,
    Status.PACKET_ENTRY,
}


@pytest.fixture(scope="package")
def keys(tmp_path_factory):
    return make_rehearsal_keys(tmp_path_factory.mktemp("keys"), FixedClock(NOW))


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def store(tmp_path, clock):
    opened = open_store(tmp_path / "store", b"k" * 32, clock)
    yield opened
    opened.close()


@pytest.fixture
def centre(tmp_path, keys, clock):
    @contextmanager
    def running(**options):
        folder = tmp_path / "centre"
        server = CentreServer(
            folder, CentreKeys.of(keys.centre, clock), clock, CentreOptions(**options)
        )
        with server:
            yield server

    return running


class Desk:
    """A desk's courier, one round at a time."""

    def __init__(self, store, keys, clock, url, **changes):
        self.store = store
        self.told = []
        self.line = replace(
            DeskLine(
                url, STATION, "61.01", keys.desk.certificate(Role.RECEIPT_SIGNER),
                keys.desk.signer(Role.MACHINE), LineTimeouts(2, 2, 2, 2), longest_wait_s=0.0,
            ),
            **changes,
        )  # fmt: skip
        self.courier = desk_courier(self.line, store, self.told.append, clock)

    def round(self):
        return self.courier.round(CancelToken())

    def until(self, done, seconds=30):
        limit = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < limit, self.told[-5:]
            self.round()
            CancelToken().wait(0.02)

    def status(self, record_id):
        return self.store.records.get(record_id).official_status

    def until_status(self, record_id, *wanted):
        self.until(lambda: self.status(record_id) in (set(wanted) or END))
        return self.status(record_id)


@pytest.fixture
def desk(store, keys, clock):
    opened = []

    def open_desk(url, **changes):
        opened.append(Desk(store, keys, clock, url, **changes))
        return opened[-1]

    yield open_desk
    for each in opened:
        each.courier.close()
