"""Plug and pull on every kind of wire: a stream, a device service, a pad, a reader; and what is asked of them."""

import json
from contextlib import nullcontext

import numpy as np
import pytest

from drivers.camera.cv import CvCamera
from drivers.emulation.card.rack import Rack
from drivers.emulation.mjpeg import MjpegCamera
from drivers.emulation.sbi import SbiEmulator
from drivers.emulation.sbi_authority import EmulatedAuthority
from drivers.emulation.topaz import TopazEmulator
from drivers.sbi.iris import SbiIrisScanner
from drivers.signature.topaz import TopazPad
from drivers.smartcard.direct import DirectReader
from drivers.supervision.configured import sources_of
from drivers.supervision.source import GivenSource
from drivers.supervisor import Supervisor
from station.capabilities import Calibration
from station.clock import CancelToken, Deadline, SystemClock
from station.device_report import Condition
from station.devices import HealthState, Modality
from station.errors import DeviceBusy, DeviceNotFound, HardwareFault, NoReader, NotSupported
from station.settings import DeviceSettings
from tests.drivers.supervision.bench import PIXELS, sfm, supervised
from tests.drivers.supervision.scripted import Script, Source

CLOCK = SystemClock()
PICTURE = np.full((48, 64, 3), 127, np.uint8)
PORTS = range(15600, 16200)  # not those of the real services, which other tests use


def condition(wanted):
    return lambda report: report.condition is wanted


def test_a_camera_stream_is_followed_and_rests_closed_between_photos():
    camera = MjpegCamera(lambda: PICTURE, fps=30).start()
    source = GivenSource("camera.cv", camera.url, lambda: CvCamera(camera.url, CLOCK))
    face = Modality.FACE
    with supervised({face: source}) as (supervisor, ear):
        ear.wait(condition(Condition.READY), modality=face)
        assert ear.reports[face].info.emulated
        cancel = CancelToken()
        frames = supervisor.camera.frames(cancel)
        assert next(frames).pixels.shape == PICTURE.shape
        cancel.cancel()
        assert list(frames) == []
        camera.unplug()
        ear.wait(condition(Condition.ABSENT), modality=face)
        camera.replug()
        ear.wait(condition(Condition.READY), modality=face)
        camera.unplug()
        ear.wait(condition(Condition.ABSENT), modality=face)
        camera.replug("EMU-000002")
        ear.wait(condition(Condition.OTHER_DEVICE), modality=face)
        assert ear.reports[face].offered.serial == "EMU-000002"
    camera.stop()


def test_a_device_behind_a_service_is_followed_though_its_service_stays():
    authority = EmulatedAuthority.make(CLOCK.now())
    service = SbiEmulator(lambda _eye: None, authority, CLOCK, ports=PORTS).start()
    port, iris = service.port, Modality.IRIS
    source = GivenSource(
        "sbi", str(port), lambda: SbiIrisScanner((authority.root,), CLOCK, port=port)
    )
    with supervised({iris: source}) as (_supervisor, ear):
        ear.wait(condition(Condition.READY), modality=iris)
        service.status = "Not Ready"
        service.unplug()
        ear.wait(condition(Condition.ABSENT), modality=iris)
        service.replug()
        ear.wait(condition(Condition.WAIT), modality=iris)
        assert ear.reports[iris].code == DeviceBusy.code
        service.status = "Ready"
        ear.wait(condition(Condition.READY), modality=iris, seconds=9)
        for device in service.devices:  # pulled and another plugged, the service never stopped
            device.serial = "EMU-0002"
        ear.wait(condition(Condition.OTHER_DEVICE), modality=iris)
        assert ear.reports[iris].offered.serial == "EMU-0002"
    service.stop()


def test_a_pad_is_followed(tmp_path):
    link, sign = tmp_path / "ttyPAD", Modality.SIGNATURE
    source = GivenSource("signature.topaz", str(link), lambda: TopazPad(str(link), CLOCK))
    with TopazEmulator(link) as pad, supervised({sign: source}) as (_supervisor, ear):
        ear.wait(condition(Condition.READY), modality=sign)
        pad.unplug()
        ear.wait(condition(Condition.ABSENT), modality=sign)
        pad.replug()
        ear.wait(condition(Condition.READY), modality=sign)


def test_a_reader_that_belongs_to_somebody_else_is_used_but_never_closed():
    rack, card = Rack(bytes(32)), Modality.CARD
    reader = DirectReader(rack)
    closed = []
    reader.close = lambda: closed.append(True)
    source = GivenSource("reader.direct", "in-process", lambda: reader, lasting=True)
    with supervised({card: source}) as (supervisor, ear):
        ear.wait(condition(Condition.READY), modality=card)
        port = supervisor.reader
        assert port.path_kind == "in-process"
        rack.insert(rack.serials[0])
        port.wait_card(CancelToken(), Deadline.after(1))
        transport = port.connect()
        assert transport.atr
        assert port.card_present(), "a held card does not keep others from looking"
        transport.close()
    assert closed == []


def test_a_desk_without_a_reader_says_so_in_the_readers_own_words():
    source = Source(Script(there=()))
    supervisor = Supervisor({Modality.CARD: source}, CLOCK)
    with pytest.raises(NoReader):
        supervisor.reader.card_present()
    assert supervisor.reader.path_kind == ""


def test_a_driver_in_a_process_of_its_own_is_watched_like_any_other(tmp_path):
    link = tmp_path / "ttyISO"
    settings = DeviceSettings(finger=str(link), isolated=("finger.sfm",))
    finger = Modality.FINGER
    with (
        sfm(link, seed=9) as emulator,
        supervised({finger: sources_of(settings, CLOCK)[finger]}) as (supervisor, ear),
    ):
        ear.wait(condition(Condition.READY), 15)
        assert ear.reports[finger].info.serial == "0000000009"
        taken = supervisor.finger.capture(lambda _e: None, CancelToken(), Deadline.after(10))
        assert np.array_equal(taken.pixels, PIXELS)
        emulator.unplug()
        ear.wait(condition(Condition.ABSENT), 5)
        emulator.replug()
        ear.wait(condition(Condition.READY), 15)


# -- what the interface asks ---------------------------------------------------------------------


@pytest.fixture
def asked():
    script = Script()
    supervisor = Supervisor({Modality.FINGER: Source(script)}, CLOCK)
    yield supervisor, script
    supervisor.close()


def test_places_without_a_device_in_the_settings_are_reported_in_the_strips_order(asked):
    supervisor, _script = asked
    reports = supervisor.reports()
    assert [report.modality for report in reports] == list(Modality)
    assert [report.condition for report in reports].count(Condition.UNCONFIGURED) == 4
    assert supervisor.iris is None
    assert supervisor.self_test(Modality.IRIS, Deadline.after(1)).state is HealthState.ABSENT
    with pytest.raises(DeviceNotFound):
        supervisor.identify(Modality.IRIS, Deadline.after(1))


def test_a_device_blinks_also_while_it_waits_for_the_operators_word(asked):
    supervisor, script = asked
    supervisor.identify(Modality.FINGER, Deadline.after(1))
    assert script.blinked == 1
    script.serial = "2"
    supervisor.close()
    with pytest.raises(DeviceNotFound):
        supervisor.accept(Modality.FINGER, "2")
    assert supervisor.self_test(Modality.FINGER, Deadline.after(1)).code == "DEVICE_OTHER"
    supervisor.identify(Modality.FINGER, Deadline.after(1))
    assert script.blinked == 2
    supervisor.accept(Modality.FINGER, "2")
    assert supervisor.reports()[1].info.serial == "2"


@pytest.mark.parametrize("good", [True, False])
def test_a_calibration_that_did_not_work_is_a_fault_and_a_good_one_is_remembered(tmp_path, good):
    file = tmp_path / "devices.json"
    script = Script(calibration=Calibration(good=good, detail="" if good else "dust"))
    supervisor = Supervisor({Modality.FINGER: Source(script)}, CLOCK, file=file)
    with nullcontext() if good else pytest.raises(HardwareFault):
        supervisor.calibrate(Modality.FINGER, Deadline.after(1))
    supervisor.close()
    (figures,) = json.loads(file.read_text("utf-8"))["devices"].values()
    assert bool(figures["calibrated"]) is good


def test_a_device_that_cannot_calibrate_or_blink_says_so():
    source = GivenSource("x", "y", lambda: DirectReader(Rack(bytes(32))))
    supervisor = Supervisor({Modality.CARD: source}, CLOCK)
    with pytest.raises(NotSupported):
        supervisor.calibrate(Modality.CARD, Deadline.after(1))
    with pytest.raises(NotSupported):
        supervisor.identify(Modality.CARD, Deadline.after(1))


def test_figures_are_there_again_after_a_restart_of_the_desk(tmp_path):
    file = tmp_path / "devices.json"
    for start in (1, 2):
        supervisor = Supervisor({Modality.FINGER: Source(Script())}, CLOCK, file=file)
        supervisor.finger.capture(lambda _e: None, CancelToken(), Deadline.after(1))
        supervisor.note_quality(Modality.FINGER, 40 * start)
        supervisor.close()
    report = supervisor.reports()[1]
    assert (report.captures, report.last_quality, report.usual_quality) == (1, 80, 60)


def test_a_photo_counts_as_a_capture_when_it_is_judged():
    supervisor = Supervisor({Modality.FACE: Source(Script())}, CLOCK)
    supervisor.note_quality(Modality.FACE, 77)
    supervisor.note_quality(Modality.IRIS, 77)  # not configured: nothing to note
    report = supervisor.reports()[0]
    assert (report.captures, report.last_quality) == (1, 77)
