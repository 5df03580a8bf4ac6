"""The service behind a reader ends and comes back; needs a service of its own."""

import pytest

from drivers.smartcard.service import service_readers, start_service
from station.clock import Deadline
from station.devices import DeviceState, HealthState
from station.errors import CardOutcomeUnknown, NoReader
from tests.drivers.card.test_reader import SELECT, Bench, settled


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
