"""The serial line over a bare pty: exact reads, deadlines, cancellation, typed failures."""

import contextlib
import socket
import threading
import time
from pathlib import Path

import pytest
import serial

from drivers.emulation.pty_port import PtyPort
from drivers.serial.line import SerialLine
from station.clock import CancelToken, Deadline
from station.errors import DeviceNotFound, DeviceRemoved, DeviceTimeout, OperatorCancelled


@pytest.fixture
def port(tmp_path):
    port = PtyPort(tmp_path / "ttyEMU0")
    port.plug()
    yield port
    port.unplug()


@pytest.fixture
def line(port):
    line = SerialLine(port.url, 115200)
    yield line
    line.close()


def test_a_read_returns_exactly_what_was_asked(port, line):
    port.send(b"abcdef", lambda: False)
    assert line.receive(4, Deadline.after(1)) == b"abcd"
    assert line.receive(2, Deadline.after(1)) == b"ef"


def test_a_short_answer_is_a_timeout_at_the_deadline(port, line):
    port.send(b"ab", lambda: False)
    began = time.monotonic()
    with pytest.raises(DeviceTimeout):
        line.receive(4, Deadline.after(0.2))
    assert 0.2 <= time.monotonic() - began <= 0.4


def test_a_cancelled_read_ends_at_once(line):
    cancel = CancelToken()
    cancel.on_cancel(line.wake)
    threading.Timer(0.1, cancel.cancel).start()
    began = time.monotonic()
    with pytest.raises(OperatorCancelled):
        line.receive(1, Deadline.after(5), cancel)
    assert time.monotonic() - began <= 0.35


def test_drain_ends_after_silence(port, line):
    port.send(b"x" * 500, lambda: False)
    assert line.drain(0.1, Deadline.after(2)) == 500


def test_every_call_on_a_port_that_went_away_is_removed(port, line):
    port.unplug()
    for call in (
        lambda: line.receive(1, Deadline.after(1)),
        lambda: line.send(b"x"),
        lambda: line.set_baud(9600),
    ):
        with pytest.raises(DeviceRemoved):
            call()
    with pytest.raises(DeviceNotFound):
        SerialLine(port.url, 9600)


def test_a_replugged_port_has_the_same_name(port):
    port.unplug()
    port.plug()
    SerialLine(port.url, 9600).close()
    assert Path(port.url).is_symlink()


@pytest.mark.parametrize("data_bits", [8, 7])
def test_a_port_with_odd_parity_can_be_opened_again_and_again(port, data_bits):
    for _ in range(3):
        SerialLine(port.url, 19200, "O", data_bits).close()


def test_a_plain_client_can_open_an_emulated_8o1_pad_again(port):
    for _ in range(3):
        serial.serial_for_url(port.url, baudrate=19200, parity="O", exclusive=True).close()
        assert port.client_line() == (19200, True)


def test_a_device_that_never_stops_sending_does_not_hold_the_line():
    with socket.create_server(("127.0.0.1", 0)) as server:
        line = SerialLine(f"socket://127.0.0.1:{server.getsockname()[1]}", 115200)
        client, _ = server.accept()
        flood = threading.Thread(target=_flood, args=(client,))
        flood.start()
        began = time.monotonic()
        for _ in range(3):
            line.discard()
        line.close()
        flood.join()
        assert time.monotonic() - began < 3


def _flood(client):
    with client, contextlib.suppress(OSError):
        while True:
            client.sendall(bytes(65536))
