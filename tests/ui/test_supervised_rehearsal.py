"""The devices of a rehearsal are supervised like real ones: cables pulled at the desk show, without a restart."""

import threading

import pytest

from station.clock import CancelToken, Deadline, SystemClock
from station.device_report import Condition
from station.devices import Grade, HealthState, Modality
from station.settings import DeviceSettings, Profile, Settings
from tests.drivers.supervision.bench import Ear
from ui.rehearsal import RehearsalOptions, start_rehearsal

PLUG_S = 2.0


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    folder = tmp_path_factory.mktemp("latihan")
    grades = folder / "grades.json"
    grades.write_text('{"format": "rekam-grades-1", "grades": []}')  # nobody signed it
    site = Settings(profile=Profile.REHEARSAL, devices=DeviceSettings(grades=str(grades)))
    started = start_rehearsal(RehearsalOptions(folder, pcsc=False, base=site), SystemClock())
    yield started
    started.stop()


@pytest.fixture(scope="module")
def watched(rehearsal):
    supervisor, ear, cancel = rehearsal.parts.supervisor, Ear(), CancelToken()
    thread = threading.Thread(target=supervisor.run, args=(cancel, ear))
    thread.start()
    yield rehearsal, supervisor, ear
    cancel.cancel()
    thread.join(5)
    assert not thread.is_alive()


@pytest.mark.parametrize("modality", list(Modality))
def test_every_place_of_a_rehearsal_is_ready_with_an_emulated_device(watched, modality):
    _rehearsal, supervisor, ear = watched
    ear.wait(lambda report: report.condition is Condition.READY, 30, modality)
    assert ear.reports[modality].info.grade is not Grade.ENROLMENT
    assert supervisor.self_test(modality, Deadline.after(3)).state is HealthState.READY


@pytest.mark.parametrize(
    ("modality", "device", "fault"),
    [
        (Modality.FINGER, "finger", "UNPLUG"),
        (Modality.SIGNATURE, "pad", "UNPLUG"),
        (Modality.FACE, "camera", "DISCONNECT"),
    ],
)
def test_a_cable_pulled_and_put_back_shows_within_two_seconds(watched, modality, device, fault):
    rehearsal, _supervisor, ear = watched
    ear.wait(lambda report: report.condition is Condition.READY, 30, modality)
    rehearsal.stage.ask(do="fail", device=device, fault=fault)
    assert ear.wait(lambda report: report.condition is Condition.ABSENT, 10, modality) < PLUG_S
    rehearsal.stage.ask(do="heal", device=device)
    assert ear.wait(lambda report: report.condition is Condition.READY, 10, modality) < PLUG_S


def test_an_unsigned_grade_table_is_told_when_the_desk_opens(rehearsal):
    assert any("SIGNATURE_MISSING" in notice for notice in rehearsal.parts.notices)
