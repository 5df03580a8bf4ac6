"""No fault, cancel, kill or unplug leaves the light on longer than ten seconds; the lamp's clock is the judge."""

import signal
import subprocess
import sys
import threading

import pytest

from drivers.emulation.body import Body
from drivers.emulation.emulated import Diary
from drivers.emulation.lamp import LampFault, LampModule
from drivers.emulation.nir import IrisEmulator
from drivers.emulation.runner import SerialEmulator
from drivers.emulation.tcp_port import TcpPort
from drivers.iris.guard import LampGuard
from drivers.iris.lamp import BAUD
from drivers.iris.light import BURST_MS, HANG_S, Light
from drivers.serial.line import SerialLine
from station.clock import CancelToken, Deadline, SystemClock
from station.errors import DeviceError, LampStuck

HOST = """
import sys
from drivers.iris.address import IrisAddress
from drivers.iris.uvc import UvcIrisScanner
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import Eye, Quality

def tell(event):
    if isinstance(event, Quality):
        print("lit", flush=True)

scanner = UvcIrisScanner(IrisAddress.of(sys.argv[1]), SystemClock())
scanner.open(Deadline.after(5))
scanner.capture((Eye.RIGHT,), tell, CancelToken(), Deadline.after(30))
"""


def wait_dark(lamp, seconds):
    deadline = Deadline.after(seconds)
    while lamp.brightness > 0:
        assert not deadline.passed()
        threading.Event().wait(0.01)


@pytest.mark.parametrize("over", ["tcp", "pty"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_host_that_is_killed_or_frozen_leaves_no_light(tmp_path, over, number):
    """Over TCP the hang-up shows as DTR; on a pty only the link watchdog notices."""
    clock = SystemClock()
    link = tmp_path / "ttyLAMP0" if over == "pty" else None
    emulator = IrisEmulator(Body(body=5, name=""), clock, Diary(None, clock), link=link).start()
    emulator.scene.blur(blurred=True)  # the search goes on as long as the light
    host = subprocess.Popen([sys.executable, "-c", HOST, emulator.url], stdout=subprocess.PIPE)
    try:
        while host.stdout.readline() == b"lit\n" and not emulator.lamp.brightness:
            pass  # a busy machine may read the word late
        assert emulator.lamp.brightness > 0
        host.send_signal(number)
        wait_dark(emulator.lamp, 1.0)
        assert emulator.lamp.longest_s < 10
    finally:
        host.kill()
        host.wait(5)
        host.stdout.close()
        emulator.stop()


class Bench:
    """A lamp on a socket and a light on it."""

    def __init__(self, guard_s=10.0):
        clock = SystemClock()
        self.lamp = LampModule(clock, Diary(None, clock))
        self.emulator = SerialEmulator(self.lamp, TcpPort()).start()
        self.light = Light(SerialLine(self.emulator.url, BAUD), guard_s=guard_s)
        self.light.prepare(Deadline.after(2))

    def burst(self):
        return self.light.burst(600, 8.0, Deadline.after(9), CancelToken())

    def stop(self):
        self.light.close()
        self.emulator.stop()


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.stop()


def test_no_burst_the_driver_asks_for_comes_near_the_limit():
    assert BURST_MS / 1000 < 10


@pytest.mark.parametrize("raised", [None, RuntimeError("bug"), KeyboardInterrupt()])
def test_a_block_that_ends_in_any_way_puts_the_light_out_before_it_is_left(bench, raised):
    try:
        with bench.burst():
            assert bench.lamp.brightness > 0
            if raised is not None:
                raise raised
    except (RuntimeError, KeyboardInterrupt):
        pass
    assert bench.lamp.brightness == 0


def test_a_loop_that_goes_on_looking_keeps_the_light_and_a_hung_one_loses_it(bench):
    with bench.burst() as burst:
        until = Deadline.after(1.5)
        while not until.passed():
            assert burst.tend()
            threading.Event().wait(0.4)  # judges slowly
        assert bench.lamp.brightness > 0
        wait_dark(bench.lamp, HANG_S + 1.0)  # hangs
        assert not burst.tend()


def test_the_guard_cuts_a_light_that_everybody_forgot():
    bench = Bench(guard_s=0.4)
    bench.lamp.suffer(LampFault.NO_WATCHDOG)
    try:
        with pytest.raises(DeviceError), bench.burst():
            wait_dark(bench.lamp, 1.0)
        assert 0.3 < bench.lamp.longest_s < 0.8
        with pytest.raises(DeviceError):  # the line is closed: only opening again helps
            bench.light.check(Deadline.after(1))
    finally:
        bench.stop()


def test_an_on_whose_reply_is_lost_is_put_out_too(bench):
    bench.lamp.suffer(LampFault.MUTE)
    with pytest.raises(LampStuck), bench.burst():
        pytest.fail("the block must not run")
    assert bench.lamp.brightness == 0


def test_a_lamp_left_on_by_another_host_is_put_out_when_opened(bench):
    with bench.burst():
        again = Light(bench.light._line)
        again.prepare(Deadline.after(1))
        assert bench.lamp.brightness == 0
        assert again.rest_left() > 4
        again._guard.close()


def test_the_guard_is_quiet_when_the_light_went_out_in_time():
    cut = []
    guard = LampGuard(lambda: cut.append(1), 0.1)
    for _ in range(3):
        guard.arm()
        guard.disarm()
    threading.Event().wait(0.2)
    guard.close()
    assert not cut
    assert not guard.fired
    assert "lamp-guard" not in {thread.name for thread in threading.enumerate()}
