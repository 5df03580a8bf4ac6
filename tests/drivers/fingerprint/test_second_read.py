"""Packets of a ZFM module carry no number: what overtook another is only found by reading twice."""

import numpy as np
import pytest

from drivers.emulation.faults import Outgoing
from drivers.fingerprint.zfm_image import Buffer
from station.errors import ProtocolError
from tests.drivers.fingerprint import modules


class Overtaking:
    """Two neighbouring data packets change places in some transfers, other ones in each."""

    def __init__(self, machine, transfers):
        self._machine, self._left, self.reads = machine, transfers, 0

    def __getattr__(self, name):
        return getattr(self._machine, name)

    def feed(self, data):
        packets = list(self._machine.feed(data))
        at = [place for place, packet in enumerate(packets) if packet.index is not None]
        if at:
            self.reads += 1
            if self.reads in self._left:
                here = at[self.reads]
                one, other = packets[here], packets[here + 1]
                packets[here] = Outgoing(other.data, one.index)
                packets[here + 1] = Outgoing(one.data, other.index)
        return packets


def opened(*transfers):
    bench = modules.zfm(width=64, height=64)
    bench.open()
    bench.socket._machine = machine = Overtaking(bench.machine, transfers)
    return bench, machine


@pytest.mark.parametrize("transfer", [1, 2])
def test_one_read_with_packets_out_of_order_is_outvoted(transfer):
    bench, machine = opened(transfer)
    assert np.array_equal(bench.capture().pixels, bench.glass.pixels)
    assert machine.reads == 3  # the third agrees with the good one


def test_reads_that_never_agree_are_an_error():
    bench, _ = opened(1, 2, 3)
    with pytest.raises(ProtocolError):
        bench.capture()


def test_a_read_at_the_pace_of_the_wire_is_not_repeated(tmp_path):
    from drivers.emulation.zfm import ZfmEmulator
    from drivers.fingerprint.zfm import ZfmScanner
    from station.clock import CancelToken, Deadline, SystemClock

    glass = modules.Glass(64, 64)
    counted = []
    with ZfmEmulator(
        tmp_path / "ttyZFM", glass, width=64, height=64, paced=True, baud=115200
    ) as slow:
        feed = slow._machine.feed
        slow._machine.feed = lambda data: counted.extend(packets := feed(data)) or packets
        scanner = ZfmScanner(slow.url, SystemClock())
        scanner.open(Deadline.after(5))
        capture = scanner.capture(lambda _: None, CancelToken(), Deadline.after(5))
        scanner.close()
    assert np.array_equal(capture.pixels, glass.pixels)
    buffer = Buffer(64, 64, 128, 115200)
    assert sum(packet.index is not None for packet in counted) == buffer.count
