"""A site's own engine: really installed entry points, and everything that keeps one from being used."""

import json
import sys

import numpy as np
import pytest
from typer.testing import CliRunner

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.builtin import Parts
from station.biometrics.plugins import EngineRefused, parts_of, told
from station.capture.builtin_engine import builtin_engine
from station.devices import FingerPosition
from station.formats import png
from station.settings import EngineSettings, SettingsRefused, load_settings
from ui.biometrics import engine
from ui.cli import app
from ui.doctor import checks
from ui.messages import message_for

MODULE = """
import dataclasses
from station.biometrics.ports import Comparison
from station.biometrics.verdict import Measure, Verdict

class Good:
    API_VERSION = 1
    @staticmethod
    def create():
        return Scorer()

@dataclasses.dataclass
class Scorer:
    algorithm: str = "acme.quality"
    version: str = "7"
    def judge(self, image, ppi):
        return Verdict("rekam.finger", "0", int(image.max() > 0) * 61, (Measure("m", 1.0, ""),), ())

class Matching:
    API_VERSION = 1
    class create:
        algorithm, version, threshold, fmr = "acme.match", "2", 0.5, 1e-3
        def compare(self, probe, reference):
            return Comparison(0.75, True)

class Old(Good):
    API_VERSION = 0
class Raises(Good):
    @staticmethod
    def create():
        raise RuntimeError("licence")
class Pretends(Good):
    @staticmethod
    def create():
        return Scorer("rekam.finger")
class Wrong(Good):
    @staticmethod
    def create():
        return type("Thing", (), {"algorithm": "acme.x"})()
class Silent(Good):
    @staticmethod
    def create():
        scorer = Scorer()
        scorer.judge = lambda image, ppi: None
        return scorer
class Explodes(Good):
    @staticmethod
    def create():
        scorer = Scorer()
        scorer.judge = lambda image, ppi: 1 // 0
        return scorer
class Blind(Good):
    create = object
"""

POINTS = """
[rekam.biometrics.quality]
good = acme_engine:Good
old = acme_engine:Old
raises = acme_engine:Raises
pretends = acme_engine:Pretends
wrong = acme_engine:Wrong
silent = acme_engine:Silent
explodes = acme_engine:Explodes
gone = acme_engine:Nothing
absent = acme_engine_that_is_not_there:Good
[rekam.biometrics.matcher]
good = acme_engine:Matching
[rekam.biometrics.face_locator]
blind = acme_engine:Blind
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install a distribution with entry points beside the real ones."""
    (tmp_path / "acme_engine.py").write_text(MODULE, "utf-8")
    about = tmp_path / "acme_engine-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-engine\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(POINTS, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("acme_engine", None)


def chosen(**keys):
    names = tuple(keys.values())
    return EngineSettings(allowed=names, finger_score=50, **keys)


def picture():
    return impression(FingerIdentity(1, FingerPosition.RIGHT_INDEX), 1)


def test_nothing_chosen_is_the_stations_own_engine():
    assert told(parts_of(EngineSettings())) == told(Parts())
    assert parts_of(EngineSettings()).plugged == ()


@pytest.mark.usefixtures("installed")
def test_a_plugged_scorers_verdict_keeps_its_own_id_whatever_it_says():
    engine = builtin_engine(parts=parts_of(chosen(quality="good")))
    verdict = engine.finger(picture(), 500)
    assert (verdict.algorithm, verdict.version, verdict.score) == ("acme.quality", "7", 61)


@pytest.mark.usefixtures("installed")
def test_a_plugged_matcher_decides_by_its_own_threshold():
    engine = builtin_engine(parts=parts_of(chosen(matcher="good")))
    template = engine.template(picture(), 500)
    assert engine.compare(template, template).same
    assert engine.compare(template, template).score == 0.75


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unheard-of", "not installed"),
        ("old", "version"),
        ("raises", "failed"),
        ("pretends", "algorithm id"),
        ("wrong", "not a part"),
        ("silent", "no verdict"),
        ("explodes", "failed"),
        ("gone", "does not load"),
        ("absent", "does not load"),
    ],
)
def test_a_broken_part_is_refused_at_the_start_and_never_replaced(name, reason):
    with pytest.raises(EngineRefused) as caught:
        parts_of(chosen(quality=name))
    assert (caught.value.facts["reason"], caught.value.facts["part"]) == (reason, "quality")
    assert "[engine] quality" in message_for(caught.value).next_step


@pytest.mark.usefixtures("installed")
def test_a_locator_that_cannot_find_is_refused():
    with pytest.raises(EngineRefused) as caught:
        parts_of(chosen(face_locator="blind"))
    assert caught.value.facts["reason"] == "not a part"


@pytest.mark.usefixtures("installed")
def test_what_is_not_on_the_list_is_not_even_imported():
    with pytest.raises(EngineRefused) as caught:
        parts_of(EngineSettings(quality="good", finger_score=50))
    assert caught.value.facts["reason"] == "not allowed"
    assert "acme_engine" not in sys.modules


@pytest.mark.usefixtures("installed")
def test_a_part_that_breaks_later_is_a_typed_error_too(monkeypatch):
    parts = parts_of(chosen(quality="good"))
    monkeypatch.setattr(parts.quality.inner, "version", "8")
    assert parts.quality.judge(picture(), 500).version == "8"
    monkeypatch.setattr(type(parts.quality.inner), "judge", lambda *_a: np.zeros(3))
    with pytest.raises(EngineRefused):
        parts.quality.judge(picture(), 500)


def test_a_scorer_of_ones_own_needs_its_own_threshold(tmp_path):
    (tmp_path / "settings.toml").write_text('[engine]\nquality = "x"\n', "utf-8")
    with pytest.raises(SettingsRefused):
        load_settings(tmp_path / "settings.toml")


def test_the_doctor_says_which_engine_is_active_and_what_to_do_about_a_broken_one(installed):
    def line():
        return next(each for each in checks(installed) if "mesin biometrik" in each.what)

    settings = installed / "settings.toml"
    settings.write_text('[engine]\nquality = "good"\nallowed = ["good"]\nfinger_score = 40\n')
    assert "quality acme.quality 7" in line().what
    assert "rekam.matcher" in line().what
    settings.write_text('[engine]\nquality = "old"\nallowed = ["old"]\nfinger_score = 40\n')
    assert line().severity == 2
    assert "[engine] quality" in line().next_step


def test_the_command_line_uses_the_engine_of_a_settings_file(installed, monkeypatch):
    monkeypatch.setenv("REKAM_ENGINE", "")
    (installed / "a.png").write_bytes(png.encode(picture()))
    settings = installed / "settings.toml"

    def called():
        words = ["biometrics", "--settings", str(settings), "quality", str(installed / "a.png")]
        result = CliRunner().invoke(app, words)
        return result.exit_code, json.loads(result.stdout)

    settings.write_text('[engine]\nquality = "good"\nallowed = ["good"]\nfinger_score = 40\n')
    code, line = called()
    assert (code, line["algorithm"], line["score"]) == (0, "acme.quality", 61)
    settings.write_text('[engine]\nquality = "old"\nallowed = ["old"]\nfinger_score = 40\n')
    code, line = called()
    assert (code, line["error"]["code"]) == (1, "ENGINE_REFUSED")
    engine.parts.cache_clear()


def test_every_part_has_a_name_for_the_technician():
    assert set(told(Parts())) == {"quality", "minutiae", "matcher", "face_locator"}
