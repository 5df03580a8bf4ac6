"""Clients that know only the published bytes read our emulated pads."""

from drivers.emulation.runner import SerialEmulator
from drivers.emulation.stu import StuModule
from drivers.emulation.tcp_port import TcpPort
from drivers.emulation.topaz import TopazEmulator
from drivers.signature.topaz_models import MODELS
from station.clock import SystemClock
from station.devices import PenPoint
from tests.drivers.signature.raw_pads import RawStu, RawTopaz, crc16


def drawn(count=100, step_us=3000):
    return [
        PenPoint(i * step_us, 10_000 + i * 300, 9_000 + (i % 9) * 50, 0.5, i % 30 != 29)
        for i in range(count)
    ]


def test_the_checksum_is_the_named_one():
    assert crc16(b"123456789") == 0x29B1


def test_a_raw_topaz_client_reads_every_point(tmp_path):
    with TopazEmulator(tmp_path / "ttyPAD", seed=77) as emulator:
        client = RawTopaz(emulator.url)
        emulator.play(drawn())
        heard = client.packets(3)
        client.close()
    positions = [p for p in heard if p[1] == 0]
    model = MODELS["SigLite 1x5"]
    wanted = [(p.down, *model.to_raw(p.x_um, p.y_um)) for p in drawn()]
    assert [(p[2], p[3], p[4]) for p in positions[:-2]] == wanted
    assert [(p[0], p[2]) for p in positions[-2:]] == [(1, 0), (0, 0)]
    assert {(p[4] & 0x3FF) for p in heard if p[1] == 7} == {512}
    info = next(p[5] for p in heard if p[1] == 2)
    d0, d1 = info[1] | info[2] << 7, info[3] | info[4] << 7
    assert ((d0 >> 2) & 0x3F, (d0 & 3) << 16 | d1) == (0x3F, 77)


def test_a_raw_stu_client_reads_identity_and_every_numbered_point():
    module = StuModule(SystemClock(), seed=5)
    with SerialEmulator(module, TcpPort()) as emulator:
        client = RawStu(emulator.url.replace("socket", "hid+tcp"))
        assert client.ask(0x03) == (0x80, bytes.fromhex("6a05 a800"))
        assert client.ask(0x01, b"\x08") == (0x81, b"\x08STU-540EMU\x01")
        assert client.ask(0x01, b"\x09") == (0x81, bytes.fromhex("09 2a30 1950 03ff 0320 01e0 c8"))
        assert client.ask(0x01, b"\x0f")[1][1:11] == b"EMU0000005"
        assert client.ask(0x01, b"\x77") == (0x83, b"\x77")
        assert client.ask(0x02, b"\x0e\x01") == (0x82, b"")
        assert client.ask(0x01, b"\x0e") == (0x81, b"\x0e\x01")
        module.play(drawn())
        client.listen(2)
        client.close()
    reports = client.reports
    assert {(r[0], len(r)) for r in reports} == {(0x34, 11)}
    u16 = [[r[i] << 8 | r[i + 1] for i in (1, 3, 5, 7, 9)] for r in reports]
    assert [(w[1], w[2]) for w in u16[:-2]] == [(p.x_um // 10, p.y_um // 10) for p in drawn()]
    assert [(r[1] & 1, r[1] >> 1 & 1) for r in reports[:-2]] == [(1, p.down) for p in drawn()]
    assert [(r[1] & 1, r[1] >> 1 & 1) for r in reports[-2:]] == [(1, 0), (0, 0)]
    assert [w[3] - u16[0][3] for w in u16[:-2]] == [p.t_us // 1000 for p in drawn()]
    assert [w[4] for w in u16] == list(range(1, len(u16) + 1))
    assert all(w[0] & 0xF000 == 0 for w in u16)


def test_a_pad_in_the_plain_mode_sends_seven_bytes_without_time():
    module = StuModule(SystemClock())
    with SerialEmulator(module, TcpPort()) as emulator:
        client = RawStu(emulator.url.replace("socket", "hid+tcp"))
        client.ask(0x03)
        module.play(drawn(10))
        client.listen(2)
        client.close()
    assert {(r[0], len(r)) for r in client.reports} == {(0x01, 7)}
