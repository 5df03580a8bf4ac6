"""A technician signs a rehearsal's grade table, checks it, and a desk believes it."""

import json

import pytest
from typer.testing import CliRunner

from drivers.supervision.configured import graded_of
from station.clock import SystemClock
from station.devices import Grade
from station.keys.rehearsal import make_rehearsal_keys
from station.settings import DeviceSettings
from ui.cli import app

SLIM = {
    "driver": "finger.sfm", "make": "Suprema", "model": "SFM Slim", "firmware": "*",
    "grade": "enrolment",
}  # fmt: skip


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return make_rehearsal_keys(tmp_path_factory.mktemp("keys"), SystemClock())


def run(*words):
    return CliRunner().invoke(app, ["grades", *map(str, words)])


def written(folder, *rows):
    table = folder / "grades.json"
    table.write_text(json.dumps({"format": "rekam-grades-1", "grades": rows}))
    return table


def test_a_signed_table_is_believed_by_the_desk_and_a_changed_one_is_not(tmp_path, keys):
    table = written(tmp_path, SLIM)
    assert run("check", table, "--keys", keys.folder / "desk").exit_code == 1
    assert run("sign", table, "--keys", keys.folder / "centre").exit_code == 0
    told = run("check", table, "--keys", keys.folder / "desk")
    assert json.loads(told.stdout) == {"finger.sfm Suprema SFM Slim *": "enrolment"}
    settings = DeviceSettings(grades=str(table))
    graded, refused = graded_of(settings, keys.authority, SystemClock())
    assert (graded, refused) == (
        {("finger.sfm", "Suprema", "SFM Slim", "*"): Grade.ENROLMENT}, None,
    )  # fmt: skip
    table.write_text(table.read_text().replace("Slim", "Fake"))
    changed = run("check", table, "--keys", keys.folder / "desk")
    assert changed.exit_code == 1
    assert "SIGNATURE" in changed.stderr
    graded, refused = graded_of(settings, keys.authority, SystemClock())
    assert refused.facts["reason"] == "SIGNATURE"
    assert set(graded.values()) == {Grade.VERIFICATION}
    assert ("camera.cv", "", "", "") in graded, "no rule for unlisted models applies"


def test_a_table_without_sense_is_not_signed(tmp_path, keys):
    table = written(tmp_path, {**SLIM, "grade": "emulated"})
    assert run("sign", table, "--keys", keys.folder / "centre").exit_code == 1
    assert not table.with_name("grades.json.sig").exists()
    assert run("sign", tmp_path / "none", "--keys", keys.folder / "centre").exit_code == 1


def test_a_desk_cannot_sign_its_own_table(tmp_path, keys):
    table = written(tmp_path, SLIM)
    assert run("sign", table, "--keys", keys.folder / "desk").exit_code == 1
    assert not table.with_name("grades.json.sig").exists()
