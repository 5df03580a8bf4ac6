"""The cheap look: it changes when something is plugged or pulled, and touches nothing."""

import os
import socket

import pytest

from drivers.emulation.pty_port import PtyPort
from drivers.supervision.sight import can_be_seen, footprint, is_node, open_services, state_of


def test_a_replugged_terminal_has_another_footprint_even_on_the_same_number(tmp_path):
    port = PtyPort(tmp_path / "ttyX")
    port.plug()
    first = footprint("finger.sfm", port.url)
    again = footprint("finger.sfm", port.url)
    port.unplug()
    gone = footprint("finger.sfm", port.url)
    port.plug()
    second = footprint("finger.sfm", port.url)
    port.unplug()
    assert first == again
    assert gone is None
    assert None not in (first, second)
    assert first != second


def test_traffic_does_not_look_like_a_replug(tmp_path):
    port = PtyPort(tmp_path / "ttyX")
    port.plug()
    before = footprint("finger.sfm", port.url)
    client = os.open(port.url, os.O_RDWR | os.O_NOCTTY)
    os.write(client, b"hello")
    assert port.receive(1.0) == b"hello"
    port.send(b"world", lambda: False)
    assert os.read(client, 5) == b"world"
    os.close(client)
    assert footprint("finger.sfm", port.url) == before
    port.unplug()


def test_a_stream_is_there_while_its_port_listens():
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://user:secret@127.0.0.1:{server.getsockname()[1]}/video"
        assert footprint("camera.cv", url) is not None
        assert "secret" not in str(state_of("camera.cv", (url,))).replace(url, "")
    assert footprint("camera.cv", url) is None
    assert footprint("camera.cv", "http://[bad/") is None


def test_a_serial_port_behind_a_network_is_not_touched():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        url = f"socket://127.0.0.1:{server.getsockname()[1]}"
        assert footprint("finger.sfm", url) is not None
        with pytest.raises(TimeoutError):
            server.accept()
    assert not can_be_seen("finger.sfm", url)


def test_an_open_service_port_is_seen_without_a_connection():
    with socket.socket() as server:
        for port in range(4600, 4500, -1):  # others use the lower ones
            try:
                server.bind(("127.0.0.1", port))
            except OSError:
                continue
            break
        before = state_of("sbi", ())
        server.listen()
        server.settimeout(0.05)
        assert port in open_services()
        assert state_of("sbi", ()) != before
        assert footprint("sbi", f"{port}/DEVICE-1") is not None
        with pytest.raises(TimeoutError):
            server.accept()
    assert footprint("sbi", str(port)) is None


def test_a_device_of_two_parts_is_there_only_while_both_are(tmp_path):
    halves = [tmp_path / "video", tmp_path / "lamp"]
    address = f"camera={halves[0]};lamp={halves[1]}"
    halves[0].touch()
    assert footprint("iris.uvc", address) is None
    halves[1].touch()
    there = footprint("iris.uvc", address)
    assert there is not None
    halves[1].unlink()
    assert footprint("iris.uvc", address) is None
    assert can_be_seen("iris.uvc", address)


@pytest.mark.parametrize(
    ("driver", "address", "fixed"),
    [
        ("camera.cv", "0", True),
        ("finger.sfm", "/dev/ttyUSB0", True),
        ("camera.cv", "http://127.0.0.1/x", False),
        ("sbi", "4501", False),
        ("reader.pcsc", "ACS", False),
    ],
)
def test_which_addresses_fix_one_socket_of_the_machine(driver, address, fixed):
    assert is_node(driver, address) is fixed
