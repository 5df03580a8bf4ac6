"""The courier outlives every bad round."""

import pytest

from station.clock import CancelToken, FixedClock
from station.delivery.backoff import Backoff
from station.delivery.courier import Courier, NeedsAttention
from station.delivery.resend import Resend
from station.delivery.sender import Idle
from station.errors import DiskFull
from station.keys.roles import Role
from station.lifecycle.record import Delivery, Record
from station.lifecycle.status import Status
from station.store.store import open_store
from tests.station.packet.builders import NOW


class Nothing:
    """Reports, feed, line and resend with nothing to do."""

    def send(self, *_call):
        return 0

    def pull(self, *_call):
        return ()

    def look(self):
        return 0

    def close(self):
        pass


class FailsOnce:
    def __init__(self, error, cancel):
        self.error, self.cancel, self.steps = error, cancel, 0

    def step(self, *_call):
        self.steps += 1
        if self.steps == 1:
            raise self.error
        self.cancel.cancel()
        return Idle()


@pytest.mark.parametrize(
    ("error", "code"),
    [(DiskFull(what="database"), DiskFull.code), (ValueError("3171..."), "UNEXPECTED")],
)
def test_a_failed_round_is_told_and_the_next_one_comes(error, code):
    cancel, told, nothing = CancelToken(), [], Nothing()
    sender = FailsOnce(error, cancel)
    courier = Courier(
        nothing, sender, nothing, nothing, nothing, told.append, FixedClock(NOW),
        idle_s=0.01, backoff=Backoff(longest_s=0.01),
    )  # fmt: skip
    courier.run(cancel)
    assert sender.steps == 2
    (attention,) = [event for event in told if isinstance(event, NeedsAttention)]
    assert attention.code == code
    assert "3171" not in attention.reason


def test_a_packet_of_another_desk_that_the_centre_wants_again_is_not_ours_to_send(tmp_path, keys):
    clock = FixedClock(NOW)
    store = open_store(tmp_path / "store", b"k" * 32, clock)
    try:
        elsewhere = Record("r1", "6101015203050001", "SITI", Status.PACKET_ENTRY)
        store.records.save(elsewhere)
        failed = Record("r2", "6101015203050002", "ADI", Status.ENROLL_FAILURE_AT_CENTRAL)
        store.records.save(failed.with_delivery(Delivery.ACKED))
        assert Resend(store, keys.desk.signer(Role.MACHINE), "61.01.01", clock).look() == 0
    finally:
        store.close()
