"""The station's own figures of its devices outlive restarts, power cuts and damage."""

import datetime as dt
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.supervision.drift import kept
from drivers.supervision.identity import Identity
from drivers.supervision.ledger import CABLE, Ledger
from station.clock import FixedClock
from station.device_report import Upkeep
from station.devices import Modality

NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
FINGER = Modality.FINGER
SLIM = Identity("finger.sfm", "Suprema", "SFM Slim", "0012")
OTHER = Identity("finger.sfm", "Suprema", "SFM Slim", "0013")


def ledger(path, clock=None, **more) -> Ledger:
    return Ledger(path, clock or FixedClock(NOW), **more)


def used(path) -> Ledger:
    book = ledger(path)
    record = book.record(SLIM, FINGER)
    record.captures, record.reconnects = 7, 2
    record.scores.extend([80, 81])
    record.seconds.extend([0.5, 0.25])
    record.outcomes.extend(["", "DEVICE_CHECKSUM"])
    record.failures["DEVICE_CHECKSUM"] += 1
    record.calibrated = NOW.date()
    book.bind(FINGER, SLIM)
    book.save()
    return book


def test_figures_and_bindings_survive_a_restart(tmp_path):
    path = tmp_path / "devices.json"
    before = used(path).record(SLIM, FINGER)
    again = ledger(path)
    assert again.record(SLIM, FINGER) == before
    assert again.bound(FINGER) == SLIM
    assert again.record(OTHER, FINGER).captures == 0


@given(cut=st.integers(0, 2000))
def test_a_file_cut_anywhere_is_set_aside_and_a_new_one_begins(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("l") / "devices.json"
    used(path)
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % len(whole)])
    book = ledger(path)
    assert (book.record(SLIM, FINGER).captures, book.bound(FINGER)) == (0, None)
    assert path.with_name("devices.json.damaged").exists()
    book.changed()
    book.save()
    assert ledger(path).bound(FINGER) is None


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"format": "other"}',
        '{"format": "rekam-devices-1", "places": {}, "devices": {"a": 5}}',
        '{"format": "rekam-devices-1", "places": {"nose": {}}, "devices": {}}',
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "[" * 100_000,
    ],
)
def test_a_file_that_says_something_else_is_set_aside(tmp_path, text):
    path = tmp_path / "devices.json"
    path.write_text(text, "latin-1")
    assert ledger(path).bound(FINGER) is None
    assert not path.exists()


def test_a_disk_that_refuses_does_not_stop_the_desk_and_is_tried_again(tmp_path):
    path = tmp_path / "missing" / "devices.json"
    book = ledger(path)
    book.bind(FINGER, SLIM)
    book.save()
    assert not path.exists()
    path.parent.mkdir()
    book.save()
    assert ledger(path).bound(FINGER) == SLIM


def test_nothing_is_written_when_nothing_changed(tmp_path):
    path = tmp_path / "devices.json"
    book = used(path)
    path.unlink()
    book.save()
    assert not path.exists()


def test_a_rehearsal_keeps_figures_but_forgets_whose_place_it_was(tmp_path):
    path = tmp_path / "devices.json"
    book = ledger(path, keeps_places=False)
    book.bind(FINGER, SLIM)
    book.record(SLIM, FINGER).captures = 3
    book.save()
    again = ledger(path)
    assert (again.bound(FINGER), again.record(SLIM, FINGER).captures) == (None, 3)


def test_the_file_holds_numbers_codes_and_device_names_only(tmp_path):
    path = tmp_path / "devices.json"
    used(path)
    told = json.loads(path.read_text())
    words = set(re.findall(r"[A-Za-z_-]{3,}", json.dumps(list(told["devices"].values()))))
    assert words == {
        "modality", "finger", "captures", "reconnects", "failures", "DEVICE_CHECKSUM", "scores",
        "seconds", "outcomes", "calibrated",
    }  # fmt: skip


def test_a_device_that_tells_its_serial_late_keeps_its_figures():
    book = ledger(None)
    silent = Identity("signature.topaz", "Topaz", "SigLite 1x5", "", told=False)
    book.record(silent, Modality.SIGNATURE).captures = 4
    told = Identity("signature.topaz", "Topaz", "SigLite 1x5", "77")
    book.learned(silent, told)
    assert book.record(told, Modality.SIGNATURE).captures == 4


def test_three_bad_lines_of_fifty_ask_for_the_cable_and_good_ones_let_it_rest():
    record = ledger(None).record(SLIM, FINGER)
    record.outcomes.extend(["DEVICE_CHECKSUM", CABLE, "DEVICE_TIMEOUT"])
    assert record.upkeep(NOW.date(), calibratable=False) == ()
    record.outcomes.append("DEVICE_REMOVED")
    assert record.upkeep(NOW.date(), calibratable=False) == (Upkeep.CHECK_CABLE,)
    record.outcomes.extend([""] * 50)
    assert record.upkeep(NOW.date(), calibratable=False) == ()


def test_an_old_calibration_asks_for_a_new_one_where_the_device_can_be_calibrated():
    record = ledger(None).record(SLIM, FINGER)
    record.calibrated = NOW.date() - dt.timedelta(days=181)
    assert record.upkeep(NOW.date(), calibratable=False) == ()
    assert record.upkeep(NOW.date(), calibratable=True) == (Upkeep.CALIBRATE,)


def test_a_drop_asks_to_clean_and_when_it_lasts_to_calibrate():
    record = ledger(None).record(SLIM, FINGER)
    record.scores.extend([80] * 300 + [60] * 120)
    assert record.upkeep(NOW.date(), calibratable=True) == (Upkeep.CLEAN,)
    record.scores.extend([60] * 120)
    assert record.upkeep(NOW.date(), calibratable=True) == (Upkeep.CLEAN, Upkeep.CALIBRATE)
    record.scores.extend([80] * 120)
    assert record.upkeep(NOW.date(), calibratable=True) == ()


def test_the_file_does_not_grow_without_end():
    record = ledger(None).record(SLIM, FINGER)
    record.scores.extend(range(100_000))
    record.seconds.extend([0.1] * 100_000)
    record.outcomes.extend([""] * 100_000)
    assert (len(record.scores), len(record.seconds), len(record.outcomes)) == (
        kept(FINGER), 200, 50,
    )  # fmt: skip
