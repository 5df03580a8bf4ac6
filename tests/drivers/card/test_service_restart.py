"""The service behind a reader ends and comes back; needs a service of its own."""

import threading
import time

import pytest

from drivers.smartcard.pcsc import PcscReader
from drivers.smartcard.service import service_readers, start_service
from station.clock import Deadline
from station.devices import DeviceState, HealthState
from station.errors import CardOutcomeUnknown, NoReader
from tests.drivers.card.test_reader import NOBODY, SELECT, Bench, settled


@pytest.mark.pcsc
def test_a_restarted_service_is_told_and_needs_no_reopening():
    bench = Bench()
    stop = own_service(bench)
    try:
        emulator = bench.card()
        reader = settled(bench.reader())
        transport, states = reader.connect(), []
        reader.watch(states.append)
        stop()
        with pytest.raises(CardOutcomeUnknown):
            transport.exchange(SELECT)
        transport.close()
        with pytest.raises(NoReader):
            reader.card_present()
        assert states[-1] is DeviceState.REMOVED
        assert reader.self_test(Deadline.after(0.1)).state is HealthState.ABSENT
        own_service(bench)
        settled(reader)  # the emulator lays its card again by itself
        again = reader.connect()
        assert again.exchange(SELECT)[1] == 0x9000
        again.close()
        assert reader.state is DeviceState.READY
        emulator.stop()
    finally:
        bench.end()


@pytest.mark.pcsc
def test_a_reader_that_comes_later_is_found_within_two_seconds():
    bench, came = Bench(), []

    def come():
        own_service(bench)
        came.append(time.monotonic())

    with pytest.raises(NoReader):
        bench.reader(seconds=0.1)
    later = threading.Timer(0.3, come)
    later.start()
    try:
        reader = bench.reader(seconds=10)
        found = time.monotonic()
        later.join()
        assert found - came[0] < 2.0
        assert reader.state is DeviceState.READY
    finally:
        later.join()
        bench.end()


@pytest.mark.pcsc
def test_close_ends_a_wait_for_a_reader():
    bench = Bench()
    reader = PcscReader(NOBODY)
    timer = threading.Timer(0.2, reader.close)
    timer.start()
    began = time.monotonic()
    with pytest.raises(NoReader):
        reader.open(Deadline.after(10))
    assert time.monotonic() - began < 1.2
    timer.join()
    bench.end()


def own_service(bench):
    try:
        service_readers()
    except NoReader:
        try:
            bench.made.append(start_service(Deadline.after(5)))
            return bench.made[-1]
        except NoReader as why:
            pytest.skip(f"no PC/SC service: {why}")
    pytest.skip("the service belongs to somebody else here")
