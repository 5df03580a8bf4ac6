"""A ZFM module run by ``rekam emulate``, met by a client that knows the protocol's page and nothing of ours."""

import struct

import numpy as np
import pytest

from tests.drivers.emulation.emulator import Emulator
from tests.drivers.emulation.raw_clients import Zfm

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="a pty")


@pytest.fixture(scope="module")
def emulator():
    with Emulator(
        "finger.zfm", "--seed", "7", "--set", "finger=RIGHT_INDEX", stdin=True
    ) as running:
        yield running


@pytest.fixture
def client(emulator):
    emulator.do("UNPLUG")
    emulator.do("REPLUG")
    client = Zfm(emulator.url)
    yield client
    client.close()


@pytest.fixture
def open_client(client):
    assert client.unlock() == 0
    assert client.ask(0x0E, bytes((6, 2))) == b"\0"  # 128 bytes a packet; it is in flash
    return client


def first_but_no_finger(client):
    """Ask for an image until something else than "no finger" is said: a finger takes time to draw."""
    return next(code for code in iter(lambda: client.ask(0x01), None) if code != b"\x02")


def test_nothing_but_the_handshake_is_answered_before_the_password(client):
    assert client.ask(0x53) == b"\x55"
    for command in (0x01, 0x0A, 0x0F, 0x3C, 0x1D, 0x14):
        assert client.ask(command) == b"\x21", hex(command)
    assert client.unlock(0x12345678) == 0x13
    assert client.ask(0x01) == b"\x21"
    assert client.unlock() == 0
    assert client.ask(0x01) == b"\0"


def test_another_address_is_met_with_silence(client):
    client.address = 0x11223344
    client.port.timeout = 0.4
    client.send(0x13, bytes(4))
    assert client.port.read(1) == b""


def test_a_wrong_sum_is_a_receive_error(client):
    wrong = bytearray(client.packet(1, b"\x13" + bytes(4)))
    wrong[-1] ^= 1
    client.port.write(wrong)
    assert client.receive() == (7, b"\x01")
    assert client.unlock() == 0


def test_half_a_command_is_forgotten(client):
    client.port.write(client.packet(1, b"\x13" + bytes(4))[:8])
    client.port.timeout = 0.5
    assert client.port.read(1) == b""
    client.port.timeout = 1.0
    assert client.unlock() == 0


def test_system_parameters_are_sixteen_bytes(open_client):
    code, *_ = answer = open_client.ask(0x0F)
    assert (code, len(answer)) == (0, 17)
    _, _, capacity, _, address, size, baud = struct.unpack(">HHHHIHH", answer[1:])
    assert (capacity, address, size, baud) == (200, 0xFFFFFFFF, 2, 6)


def test_product_information_has_its_fields_in_place(open_client):
    answer = open_client.ask(0x3C)
    assert (answer[0], len(answer)) == (0, 47)
    model, batch, serial, major, minor, sensor, width, height, template, places = struct.unpack(
        ">16s4s8sBB8sHHHH", answer[1:]
    )
    assert model.rstrip(b"\0") == b"ZFM EMU"
    assert serial == b"00000007"
    assert (width, height, places) == (256, 288, 200)
    assert (batch, major, minor, sensor.rstrip(b"\0"), template) == (b"0001", 1, 0, b"OPT256", 1536)


@pytest.mark.parametrize(
    ("code", "size", "packets"), [(0, 32, 1152), (1, 64, 576), (2, 128, 288), (3, 256, 144)]
)
def test_the_image_comes_in_packets_of_the_size_that_was_set(open_client, code, size, packets):
    assert open_client.ask(0x0E, bytes((6, code))) == b"\0"
    assert open_client.ask(0x01) == b"\0"
    data, lengths = open_client.image()
    assert lengths == [size] * packets
    assert len(data) == 256 * 288 // 2
    # A print: ridges and paper, not one level.
    assert len(set(data)) > 20


def test_the_buffer_keeps_the_image_until_the_next_one(open_client):
    open_client.ask(0x01)
    first, _ = open_client.image()
    assert open_client.image()[0] == first


def test_the_image_is_lost_with_the_power(open_client, emulator):
    open_client.ask(0x01)
    open_client.close()
    emulator.do("UNPLUG")
    emulator.do("REPLUG")
    again = Zfm(emulator.url)
    assert again.unlock() == 0
    assert again.ask(0x0A) == b"\x0f"
    again.close()


def test_what_is_downloaded_comes_up_again_left_pixel_high(open_client):
    levels = np.random.default_rng(1).integers(0, 16, (288, 256), np.uint8)
    packed = (levels[:, 0::2] << 4 | levels[:, 1::2]).tobytes()
    assert open_client.ask(0x0B) == b"\0"
    for at in range(0, len(packed), 128):
        last = at + 128 >= len(packed)
        open_client.port.write(open_client.packet(8 if last else 2, packed[at : at + 128]))
    assert open_client.image()[0] == packed


def test_a_data_packet_of_a_wrong_size_is_refused(open_client):
    open_client.ask(0x0B)
    open_client.port.write(open_client.packet(2, bytes(200)))
    assert open_client.receive() == (7, b"\x0e")
    assert open_client.ask(0x0A) == b"\x0f"


def test_a_rate_is_taken_after_the_answer_and_another_one_is_noise(open_client, emulator):
    assert open_client.ask(0x0E, bytes((4, 12))) == b"\0"
    open_client.port.timeout = 0.3
    open_client.send(0x13, bytes(4))
    assert open_client.packet(7, b"\0") not in open_client.port.read(64)
    open_client.port.baudrate = 115200
    open_client.port.reset_input_buffer()
    assert open_client.unlock() == 0
    assert open_client.ask(0x0E, bytes((4, 8))) == b"\0"  # 76 800, no rate of the usual list
    open_client.port.baudrate = 67200
    open_client.send(0x13, bytes(4))
    assert open_client.packet(7, b"\0") not in open_client.port.read(64)
    open_client.port.baudrate = 76800
    open_client.port.reset_input_buffer()
    assert open_client.unlock() == 0
    open_client.ask(0x0E, bytes((4, 6)))


def test_registers_and_values_that_are_none_are_refused(open_client):
    for register, value in ((4, 0), (4, 13), (5, 0), (5, 6), (6, 4), (7, 1)):
        assert open_client.ask(0x0E, bytes((register, value))) == b"\x1a", (register, value)


def test_no_finger_and_a_useless_one_are_told_apart(open_client, emulator):
    emulator.do("FINGER none")
    emulator.do("QUALITY 5")
    assert open_client.ask(0x01) == b"\x02"
    emulator.do("FINGER RIGHT_INDEX")
    assert first_but_no_finger(open_client) == b"\x06"
    emulator.do("QUALITY good")
    emulator.do("FINGER RIGHT_INDEX")
    assert first_but_no_finger(open_client) == b"\0"


def test_address_password_and_random_numbers(open_client):
    assert open_client.ask(0x15, struct.pack(">I", 0xA0B0C0D0)) == b"\0"
    open_client.address = 0xA0B0C0D0
    assert open_client.ask(0x12, struct.pack(">I", 99)) == b"\0"
    assert open_client.unlock(0) == 0x13
    assert open_client.unlock(99) == 0
    first, second = open_client.ask(0x14), open_client.ask(0x14)
    assert (first[0], len(first)) == (0, 5)
    assert first != second
    assert open_client.ask(0x12, bytes(4)) == b"\0"
    assert open_client.ask(0x15, b"\xff" * 4) == b"\0"


def test_a_finger_is_enrolled_found_and_deleted(open_client, emulator):
    ask = open_client.ask
    assert ask(0x0D) == b"\0"
    assert ask(0x1D) == b"\0\0\0"
    assert ask(0x01) == b"\0"
    assert ask(0x02, b"\x01") == b"\0"
    emulator.do("FINGER RIGHT_INDEX")  # the same finger once more: another impression
    assert first_but_no_finger(open_client) == b"\0"
    assert ask(0x02, b"\x02") == b"\0"
    assert ask(0x03)[0] == 0
    assert ask(0x05) == b"\0"
    assert ask(0x06, b"\x01\x00\x0a") == b"\0"
    assert ask(0x1D) == b"\0\0\x01"
    assert ask(0x1F, b"\0")[1:3] == b"\0\x04"  # place 10
    code, place = struct.unpack(">BH", ask(0x04, b"\x01\0\0\0\xc8")[:3])
    assert (code, place) == (0, 10)
    assert ask(0x06, b"\x01\x00\xc8") == b"\x0b"  # the library has 200 places
    assert ask(0x0C, b"\0\x0a\0\x01") == b"\0"
    assert ask(0x1D) == b"\0\0\0"
    assert ask(0x07, b"\x01\0\x0a") == b"\x0c"


def test_a_template_travels_to_the_host_and_back(open_client):
    open_client.ask(0x01)
    assert open_client.ask(0x02, b"\x01") == b"\0"
    assert open_client.ask(0x08, b"\x01") == b"\0"
    template = b""
    while True:
        kind, payload = open_client.receive()
        template += payload
        if kind == 8:
            break
    assert len(template) == 1536
    assert open_client.ask(0x09, b"\x02") == b"\0"
    for at in range(0, 1536, 128):
        open_client.port.write(
            open_client.packet(8 if at + 128 == 1536 else 2, template[at : at + 128])
        )
    assert open_client.ask(0x03)[0] == 0


def test_a_soft_reset_locks_again(open_client):
    assert open_client.ask(0x3D) == b"\0"
    assert open_client.ask(0x01) == b"\x21"


def test_only_the_ring_model_has_ring_light_and_a_judged_image():
    with Emulator("finger.zfm", "--set", "model=R503", "--port", "0") as ring:
        client = Zfm(ring.url)
        client.unlock()
        assert client.ask(0x35, bytes((2, 0x40, 3, 2))) == b"\0"
        assert client.ask(0x28) == b"\0"
        data, _ = client.image()
        assert len(data) == 192 * 192 // 2
        assert client.ask(0x3D) == b"\0"
        assert client.port.read(1) == b"\x55"  # awake again, as newer modules say of themselves
        client.close()
        assert "flashing" in ring.wait_for("light")


def test_the_optical_model_has_neither(open_client):
    assert open_client.ask(0x35, bytes((2, 0x40, 3, 2))) == b"\x01"
    assert open_client.ask(0x28) == b"\x01"


def test_what_is_said_while_data_packets_go_out_is_lost():
    with Emulator(
        "finger.zfm", "--paced", "--baud", "115200", "--set", "width=64", "--set", "height=64"
    ) as slow:
        client = Zfm(slow.url, 115200)
        client.unlock()
        client.ask(0x01)
        client.send(0x0A)
        assert client.receive() == (7, b"\0")
        client.send(0x0F)
        client.port.timeout = 0.5
        kinds = []
        while (packet := client.receive()) is not None:
            kinds.append(packet[0])
        assert kinds == [2] * 15 + [8]
        slow.wait_for("deaf while sending")
        assert client.ask(0x0F)[0] == 0
        client.close()
