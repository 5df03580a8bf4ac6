"""An SFM module run by ``rekam emulate``, met by a client that knows the protocol's page and nothing of ours."""

import struct

import pytest

from tests.drivers.emulation.emulator import Emulator
from tests.drivers.emulation.raw_clients import Sfm, header

pytestmark = pytest.mark.skipif("sys.platform == 'win32'", reason="a pty")

GREY, BINARY, FOUR_BIT, WSQ = 0x30, 0x31, 0x32, 0x33
WIDTH, HEIGHT = 300, 400


@pytest.fixture(scope="module")
def emulator():
    with Emulator(
        "finger.sfm", "--seed", "42", "--set", "finger=LEFT_THUMB", stdin=True
    ) as running:
        yield running


@pytest.fixture
def client(emulator):
    emulator.do("UNPLUG")
    emulator.do("REPLUG")
    client = Sfm(emulator.url)
    yield client
    client.close()


@pytest.fixture
def grey(client):
    assert client.write(0x6C, GREY) == 0x61
    return client


def test_the_parameters_of_the_page_are_there_with_their_factory_values(client):
    factory = {
        0x62: 0x3A, 0x6C: BINARY, 0x6F: 42, 0x71: 0x35, 0x75: 0x31, 0x76: 0x30, 0x77: 0x30, 0x83: 0x30, 0x98: 0x30,
    }  # fmt: skip
    assert {parameter: client.read(parameter) for parameter in factory} == factory
    assert struct.pack("<I", client.read(0x6E)) == b"EMU1"
    assert {client.ask(0x03, flag=other)[2] for other in (0x00, 0x61, 0xFF)} == {0x75}


def test_the_published_bytes_get_the_published_answer(client):
    client.port.write(bytes.fromhex("400300000000000000006FB20A"))
    assert client.port.read(13) == bytes.fromhex("4003000000002A00000061CE0A")


def test_what_cannot_be_written_is_unsupported(client):
    for parameter, value in (
        (0x6F, 1),
        (0x6E, 1),
        (0x71, 0x39),
        (0x6C, 0x34),
        (0x77, 0x32),
        (0x62, 0x45),
    ):
        assert client.write(parameter, value) == 0x75, hex(parameter)


def test_a_written_value_lasts_until_the_power_goes_and_a_saved_one_longer(client, emulator):
    client.write(0x80, 0x33)
    client.close()
    emulator.do("UNPLUG")
    emulator.do("REPLUG")
    again = Sfm(emulator.url)
    assert again.read(0x80) == 0x37
    again.write(0x80, 0x33)
    assert again.ask(0x02)[2] == 0x61
    again.close()
    emulator.do("UNPLUG")
    emulator.do("REPLUG")
    once_more = Sfm(emulator.url)
    assert once_more.read(0x80) == 0x33
    once_more.write(0x80, 0x37)
    once_more.ask(0x02)
    once_more.close()


def test_an_image_has_its_seven_numbers_and_all_its_pixels(grey):
    payload = grey.scan()
    assert header(payload) == (WIDTH, HEIGHT, 0, 0, GREY, WIDTH * HEIGHT, 0)
    assert len(payload) == 28 + WIDTH * HEIGHT
    assert len(set(payload[28:])) > 100


@pytest.mark.parametrize("packet", [256, 1000, 4096])
def test_packets_are_numbered_from_nought_and_as_long_as_asked(grey, packet):
    grey.send(0x83, size=packet)
    assert grey.receive()[3] == 0x62
    _, _, total, _ = grey.receive()
    count = -(-total // packet)
    for index in range(count):
        if index:
            grey.send(0x83, flag=0x83)
        stated, number, chunk, good = grey.chunk()
        assert (stated, number, good) == (count, index, True)
        assert len(chunk) == (packet if index < count - 1 else total - index * packet)


def test_a_packet_comes_again_when_it_is_asked_for(grey):
    grey.send(0x83, size=4096)
    grey.receive()
    grey.receive()
    first = grey.chunk()
    grey.send(0x83, flag=0x82)
    assert grey.chunk() == first
    grey.send(0x83, flag=0x83)
    assert grey.chunk()[1] == 1
    grey.ask(0x60)


@pytest.mark.parametrize(
    ("form", "compressed", "length"),
    [(BINARY, 0, WIDTH * HEIGHT // 8), (FOUR_BIT, 0, WIDTH * HEIGHT // 2), (WSQ, 1, None)],
)
def test_every_format_says_what_it_is(client, form, compressed, length):
    assert client.write(0x6C, form) == 0x61
    payload = client.scan()
    width, height, packed, _, said, size, _ = header(payload)
    assert (width, height, packed, said) == (WIDTH, HEIGHT, compressed, form)
    assert size == len(payload) - 28
    assert length in (None, size)
    if form == WSQ:
        assert payload[28:30] == b"\xff\xa0"


def test_the_last_image_can_be_read_again_and_turned_images_are_turned(grey):
    assert grey.ask(0x84, size=4096)[2] == 0x60  # nothing scanned since the power came
    upright = grey.scan()
    _, total, code = grey.ask(0x84, size=4096)
    assert code == 0x61
    assert grey.transfer(total, 0x84) == upright
    grey.write(0x77, 0x31)
    assert grey.scan()[28:] == upright[:27:-1]


def test_the_old_commands_send_the_raw_image_and_a_line_feed(grey):
    payload = grey.scan()
    for command in (0x20, 0x15):
        grey.send(command)
        answer = grey.receive()
        if answer[3] == 0x62:
            answer = grey.receive()
        assert answer[2] == WIDTH * HEIGHT
        assert grey.port.read(answer[2] + 1) == payload[28:] + b"\n"


def test_without_scan_success_the_size_comes_first(grey):
    grey.write(0x75, 0x30)
    grey.send(0x83, size=4096)
    assert grey.receive()[3] == 0x61
    grey.chunk()
    grey.ask(0x60)


def test_it_is_busy_while_it_scans_and_while_it_sends(grey, emulator):
    emulator.do("FINGER none")
    grey.send(0x83, size=4096)
    assert grey.ask(0x03, flag=0x6F)[2] == 0x80
    assert grey.ask(0x60)[2] == 0x61
    assert grey.ask(0x03, flag=0x6F)[2] == 0x61
    emulator.do("FINGER LEFT_THUMB")
    grey.send(0x83, size=4096)
    grey.port.timeout = 5
    grey.receive()
    grey.receive()
    grey.chunk()
    assert grey.ask(0x01, size=0x30, flag=0x75)[2] == 0x80
    assert grey.ask(0x60)[2] == 0x61
    assert grey.ask(0x01, size=0x31, flag=0x75)[2] == 0x61


def test_a_scan_without_finger_ends_after_its_own_time(grey, emulator):
    emulator.do("FINGER none")
    grey.write(0x62, 0x31)
    grey.port.timeout = 2
    assert grey.ask(0x83, size=4096)[2] == 0x6C
    emulator.do("FINGER LEFT_THUMB")


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("try-again", 0x6B),
        ("scan-failed", 0x63),
        ("fake", 0xB0),
        ("busy", 0x80),
        ("recovery", 0xA3),
    ],
)
def test_a_status_gives_its_code(grey, emulator, status, code):
    emulator.do("FINGER LEFT_THUMB")
    emulator.do(f"STATUS {status}")
    grey.port.timeout = 5
    assert grey.ask(0x83, size=4096)[2] == code
    emulator.do("STATUS ready")


def test_a_locked_module_answers_nothing_else_until_it_is_unlocked(client):
    assert client.ask(0xB1)[2] == 0x61
    assert client.ask(0x03, flag=0x6F)[2] == 0xA1
    assert client.ask(0x83, size=4096)[2] == 0xA1
    assert client.ask(0xB0)[2] == 0x61
    assert client.read(0x6F) == 42


def test_status_calibration_id_and_reset(client):
    assert client.ask(0x04)[1:] == (0x30, 0x61)
    assert client.ask(0x1A)[2] == 0x61
    assert client.ask(0x85) == (1, 0, 0x61)
    client.write(0x80, 0x32)
    assert client.ask(0xD0)[2] == 0x61
    assert client.read(0x80) == 0x37
    assert client.ask(0x05)[2] == 0x75


def test_a_damaged_frame_is_met_with_silence(client):
    client.port.timeout = 0.4
    client.port.write(bytes.fromhex("400300000000000000006FB30A"))
    assert client.port.read(1) == b""
    client.port.write(b"\x40\x03\x00")  # half a frame, forgotten
    assert client.port.read(1) == b""
    assert client.read(0x6F) == 42


def test_the_fast_rate_holds_after_the_answer_and_the_old_one_is_noise(client):
    assert client.write(0x71, 0x38) == 0x61
    client.port.timeout = 0.3
    client.send(0x03, flag=0x6F)
    assert b"\x40\x03" not in client.port.read(32)
    client.port.baudrate = 921600
    client.port.reset_input_buffer()
    assert client.read(0x6F) == 42


def test_the_other_serial_number_shows_after_a_replug(client, emulator):
    client.close()
    emulator.do("UNPLUG")
    emulator.do("REPLUG 4711")
    other = Sfm(emulator.url)
    assert other.read(0x6F) == 4711
    other.close()
    emulator.do("UNPLUG")
    emulator.do("REPLUG 42")
