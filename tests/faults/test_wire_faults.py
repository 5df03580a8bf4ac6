"""The fault proxy: it passes everything untouched until it is asked, then does exactly what was asked."""

import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.conformance.rigs.finger_sfm import SfmRig
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.sfm import SfmEmulator, SfmModule
from drivers.emulation.tcp_port import TcpPort
from drivers.faults.grammars.http import HttpGrammar
from drivers.faults.grammars.message import ApduGrammar, HidGrammar
from drivers.faults.grammars.rlp import RlpGrammar, sealed
from drivers.faults.grammars.sfm import SfmGrammar
from drivers.faults.grammars.topaz import TopazGrammar
from drivers.faults.grammars.zfm import ZfmGrammar
from drivers.faults.plan import Place, Planned, Side, Unit, WireFault, parse
from drivers.faults.pty_relay import PtyRelay
from drivers.faults.tcp_relay import TcpRelay
from drivers.faults.wire import GARBAGE, Pause, Unplugged, Wire
from drivers.fingerprint.sfm import SfmScanner, SfmSettings
from drivers.fingerprint.sfm_frames import Command, Frame
from drivers.fingerprint.sfm_image import packets as sfm_packets
from drivers.fingerprint.zfm_packets import Pid, encode
from station.clock import CancelToken, Deadline, SystemClock
from station.errors import DeviceError, DeviceRemoved

ZFM_WIRE = [encode(Pid.ACK, b"\x00")] + [encode(Pid.DATA, bytes([n]) * 64) for n in range(4)]
SFM_WIRE = [Frame(Command.READ_PARAMETER, 0, 7, 0x61).encode(), *sfm_packets(bytes(2000), 512)]
RLP_WIRE = [sealed(b"<01 OK id=RKM-LAMP-1"), sealed(b"<02 OK ch=LR"), sealed(b"!00 OFF why=LINK")]
TOPAZ_WIRE = [bytes([0xC1, 1, 2, 3, 4]), bytes([0xC0, 5, 6, 7, 8])]
JPEG = bytes(300)
HTTP_WIRE = [
    b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=--B\r\n\r\n",
    b"--B\r\nContent-Type:image/jpeg\r\nContent-Length:300\r\n\r\n" + JPEG,
    b"\r\n\r\n--B\r\nContent-Type:image/jpeg\r\nContent-Length:300\r\n\r\n" + JPEG,
]
WIRES = [
    (ZfmGrammar(), ZFM_WIRE),
    (SfmGrammar(), SFM_WIRE),
    (RlpGrammar(), RLP_WIRE),
    (TopazGrammar(), TOPAZ_WIRE),
]
GRAMMARS = [grammar for grammar, _ in WIRES] + [HttpGrammar(), HidGrammar(), ApduGrammar()]
ids = lambda pair: pair[0].name  # noqa: E731


def joined(steps):
    return b"".join(step for step in steps if isinstance(step, bytes))


def through(wire, data, side=Side.TO_HOST):
    return [*wire.stream(side, data), *wire.idle(side, ended=True)]


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda each: each.name)
@given(data=st.binary(max_size=600), cut=st.integers(1, 40), side=st.sampled_from(list(Side)))
def test_without_a_fault_every_byte_passes_in_order(grammar, data, cut, side):
    wire = Wire(grammar)
    steps = [s for at in range(0, len(data), cut) for s in wire.stream(side, data[at : at + cut])]
    assert joined([*steps, *wire.idle(side, ended=True)]) == data
    assert wire.octets(side) == len(data)


@pytest.mark.parametrize("pair", [*WIRES, (HttpGrammar(), HTTP_WIRE)], ids=ids)
def test_a_stream_falls_into_its_packets_however_it_arrives(pair):
    grammar, packets = pair
    stream = b"".join(packets)
    for cut in (1, 7, len(stream)):
        wire = Wire(grammar)
        steps = [
            s
            for at in range(0, len(stream), cut)
            for s in wire.stream(Side.TO_HOST, stream[at : at + cut])
        ]
        assert steps == packets


@pytest.mark.parametrize("pair", WIRES, ids=ids)
def test_each_fault_does_what_its_name_says(pair):
    grammar, packets = pair
    stream, at = b"".join(packets), 1
    before, hit = b"".join(packets[:at]), packets[at]
    after = b"".join(packets[at + 1 :])

    def outcome(fault, **more):
        wire = Wire(grammar)
        wire.arm(Planned(fault, Place(Unit.PACKET, at), **more))
        steps = through(wire, stream)
        assert wire.fired == 1
        return steps

    assert joined(outcome(WireFault.DROP)) == before + after
    assert joined(outcome(WireFault.DUPLICATE)) == before + hit + hit + after
    if len(packets) > 2:
        following = packets[at + 1]
        late = before + following + hit + b"".join(packets[at + 2 :])
        assert joined(outcome(WireFault.REORDER)) == late
    assert joined(outcome(WireFault.TRUNCATE)) == before + hit[: len(hit) // 2] + after
    flipped = joined(outcome(WireFault.FLIP, bit=9))[len(before) : len(before) + len(hit)]
    assert [a ^ b for a, b in zip(flipped, hit, strict=True)] == [0, 2] + [0] * (len(hit) - 2)
    assert joined(outcome(WireFault.INSERT_GARBAGE)) == before + GARBAGE + hit + after
    assert joined(outcome(WireFault.STALE_REPLY)) == before + packets[0] + hit + after
    assert Pause(9.0) in outcome(WireFault.STALL, seconds=9.0)
    drip = outcome(WireFault.SLOW_DRIP)
    assert drip.count(Pause(0.05)) == len(hit)
    assert joined(drip) == stream
    assert Unplugged() in outcome(WireFault.UNPLUG)
    assert Unplugged(other_serial=True) in outcome(WireFault.REPLUG_OTHER_SERIAL)


@pytest.mark.parametrize("pair", WIRES[:3], ids=ids)
def test_a_wrong_checksum_is_refused_and_mending_makes_it_good_again(pair):
    grammar, packets = pair
    for packet in packets:
        spoiled = grammar.spoil(packet, Side.TO_HOST)
        assert spoiled != packet
        assert len(spoiled) == len(packet)
        assert grammar.mend(spoiled, Side.TO_HOST) == packet


def test_a_fault_at_a_byte_cuts_the_packet_there():
    wire = Wire(ZfmGrammar())
    wire.arm(parse("unplug@b20"))
    assert through(wire, b"".join(ZFM_WIRE))[:3] == [
        ZFM_WIRE[0],
        ZFM_WIRE[1][: 20 - len(ZFM_WIRE[0])],
        Unplugged(),
    ]


def test_a_fault_at_a_time_waits_for_it():
    wire = Wire(TopazGrammar())
    wire.arm(parse("drop@t0.05"))
    assert joined(through(wire, TOPAZ_WIRE[0])) == TOPAZ_WIRE[0]
    threading.Event().wait(0.06)
    assert through(wire, TOPAZ_WIRE[1]) == []


@given(
    fault=st.sampled_from(list(WireFault)),
    place=st.one_of(
        st.builds(Place, st.just(Unit.PACKET), st.integers(0, 10**6)),
        st.builds(Place, st.just(Unit.BYTE), st.integers(0, 10**6)),
        st.builds(Place, st.just(Unit.SECONDS), st.sampled_from([0.0, 0.25, 2.5])),
    ),
    side=st.sampled_from(list(Side)),
    bit=st.integers(-1, 99),
    times=st.integers(1, 5),
)
def test_what_a_fault_is_called_can_be_read_back(fault, place, side, bit, times):
    planned = Planned(fault, place, side, bit=bit, times=times)
    assert parse(str(planned)) == planned


@pytest.mark.parametrize("text", ["melt@3", "flip@-1", "flip@x", "flip@3,colour=2"])
def test_a_fault_nobody_knows_is_refused(text):
    with pytest.raises(ValueError, match=r"known|counted|is no place"):
        parse(text)


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def glass():
    return SfmRig().pixels


def pty_chain(folder, wire):
    emulator = SfmEmulator(folder / "ttyEMU", glass, width=64, height=64, baud=921600)
    return emulator, lambda: PtyRelay(wire, folder / "ttyEMU", folder / "ttyFRONT")


def tcp_chain(_, wire):
    emulator = SerialEmulator(SfmModule(glass, width=64, height=64, baud=921600), TcpPort())
    return emulator, lambda: TcpRelay(wire, int(emulator.url.rpartition(":")[2]))


@pytest.mark.parametrize("chain", [pty_chain, tcp_chain])
def test_a_relay_is_the_wire_and_nothing_of_it_stays(chain, tmp_path):
    threads, fds = threading.active_count(), descriptors()
    wire = Wire(SfmGrammar())
    emulator, make = chain(tmp_path, wire)
    with emulator, make() as relay:
        scanner = SfmScanner(relay.url, SystemClock(), SfmSettings(baud=921600, packet_bytes=1024))

        def capture(seconds=5.0):
            return scanner.capture(lambda _: None, CancelToken(), Deadline.after(seconds))

        scanner.open(Deadline.after(5))
        assert (capture().pixels == glass()).all()
        wire.arm(parse("flip@3"))
        assert (capture().pixels == glass()).all()
        assert wire.fired == 1
        wire.arm(parse("unplug@3"))
        with pytest.raises(DeviceRemoved):
            capture()
        scanner.close()
        with pytest.raises(DeviceError):
            scanner.open(Deadline.after(1))
        relay.replug()
        wire.arm(parse("hang-in-open"))
        began = time.monotonic()
        with pytest.raises(DeviceError):
            scanner.open(Deadline.after(0.5))
        assert time.monotonic() - began < 1.5
        wire.clear()
        scanner.open(Deadline.after(5))
        assert (capture().pixels == glass()).all()
        scanner.close()
    assert (threading.active_count(), descriptors()) == (threads, fds)


def test_a_relay_tells_each_end_when_the_other_has_said_all():
    """A body without a length ends with the connection, so the end must travel."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        client, _ = server.accept()
        client.recv(100)
        client.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + bytes(5000))
        client.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with server, TcpRelay(Wire(HttpGrammar()), server.getsockname()[1]) as relay:
        with socket.create_connection(("127.0.0.1", relay.port), 2) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            heard = b""
            while data := client.recv(4096):
                heard += data
        thread.join()
    assert heard == b"HTTP/1.0 200 OK\r\n\r\n" + bytes(5000)
