"""What a length field says is judged before memory is taken or bytes are waited for."""

import struct
import tracemalloc

import pytest

from drivers.emulation.faults import Outgoing
from drivers.fingerprint.sfm_frames import Frame
from drivers.fingerprint.zfm_packets import Assembler
from station.errors import DeviceError, ProtocolError
from tests.drivers.fingerprint import modules


class Liar:
    """A machine whose data packets are rewritten on their way out."""

    def __init__(self, machine, rewrite):
        self._machine, self._rewrite = machine, rewrite

    def __getattr__(self, name):
        return getattr(self._machine, name)

    def feed(self, data):
        return [Outgoing(self._rewrite(packet)) for packet in self._machine.feed(data)]


def peak_of(call):
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def zfm_length(packet):
    data = bytearray(packet.data)
    if packet.index is not None:
        struct.pack_into(">H", data, 7, 0xFFFF)
    return bytes(data)


def sfm_length(packet):
    if packet.index is None:
        return packet.data
    command, param, _, flag = struct.unpack_from("<xBIIB", packet.data)
    return Frame(command, param, 0xFFFFFFFF, flag).encode() + packet.data[13:]


def sfm_total(packet):
    frame = Frame.parse(packet.data[:13])
    if packet.index is not None or frame.command != 0x83 or frame.flag != 0x61:
        return packet.data
    return Frame(0x83, 0, 0x7FFFFFFF, 0x61).encode()


def sfm_count(packet):
    if packet.index is None:
        return packet.data
    command, _, size, flag = struct.unpack_from("<xBIIB", packet.data)
    return Frame(command, 0xFFFF | packet.index << 16, size, flag).encode() + packet.data[13:]


@pytest.mark.parametrize(
    ("make", "rewrite"),
    [
        (lambda: modules.zfm(width=64, height=64), zfm_length),
        (modules.sfm, sfm_length),
        (modules.sfm, sfm_total),
        (modules.sfm, sfm_count),
    ],
)
def test_a_huge_length_takes_less_than_a_megabyte_and_is_an_error(make, rewrite):
    bench = make()
    bench.open()
    bench.socket._machine = Liar(bench.machine, rewrite)
    raised = []

    def capture():
        try:
            bench.capture(2)
        except DeviceError as error:
            raised.append(error)

    assert peak_of(capture) < 1_000_000
    assert len(raised) == 1


@pytest.mark.parametrize("length", [0, 1, 259, 0xFFFF])
def test_a_packet_length_that_is_none_is_refused_at_its_header(length):
    packets = Assembler()
    packets.feed(struct.pack(">HIBH", 0xEF01, 0xFFFFFFFF, 2, length))
    with pytest.raises(ProtocolError):
        packets.take()
