"""What stands in for a site's model is a seam: it proves the checks and the geometry, not a network."""

import hashlib
import os

import numpy as np
import pytest
from pydantic import ValidationError

from drivers.emulation.scenes.face import FaceIdentity, Pose, render
from station.biometrics.face import model_locator as ml
from station.biometrics.face.judge import judge_still
from station.biometrics.face.locator import HaarLocator, LocatorBroken
from station.biometrics.face.measure import BackdropColour
from station.biometrics.plugins import parts_of
from station.settings import EngineSettings


class Told:
    """A detector that answers what it is told, in the columns of FaceDetectorYN."""

    def __init__(self, answer):
        self.answer, self.size = answer, None

    def setInputSize(self, size):
        self.size = size

    def detect(self, picture):
        assert picture.shape == (self.size[1], self.size[0], 3)
        return 1, self.answer(self.size) if callable(self.answer) else self.answer


def model_file(tmp_path, data=b"not a network"):
    path = tmp_path / "model.onnx"
    path.write_bytes(data)
    return path, hashlib.sha256(data).hexdigest()


def reason(call):
    with pytest.raises(LocatorBroken) as broken:
        call()
    return broken.value.facts["reason"]


def test_another_file_than_the_pinned_one_is_refused(tmp_path):
    path, right = model_file(tmp_path)
    assert ml.read_model(path, right.upper()).data == b"not a network"
    assert reason(lambda: ml.read_model(path, "0" * 64)) == "model_hash"
    assert reason(lambda: ml.read_model(path, "")) == "model_hash"


def test_a_missing_or_endless_file_is_refused(tmp_path, monkeypatch):
    assert reason(lambda: ml.read_model(tmp_path / "none.onnx", "0" * 64)) == "model_missing"
    os.mkfifo(tmp_path / "pipe")
    assert reason(lambda: ml.read_model(tmp_path / "pipe", "0" * 64)) == "model_missing"
    monkeypatch.setattr(ml, "MOST_BYTES", 8)
    path, right = model_file(tmp_path)
    assert reason(lambda: ml.read_model(path, right)) == "model_too_large"


def test_a_file_that_is_no_network_is_refused_and_replaced_only_where_the_site_said_so(tmp_path):
    path, right = model_file(tmp_path)
    chosen = EngineSettings(face_model=str(path), face_model_sha256=right)
    assert reason(lambda: parts_of(chosen)) == "model_unreadable"
    lenient = chosen.model_copy(update={"face_model_fallback": True})
    assert isinstance(parts_of(lenient).locator(), HaarLocator)


def test_a_model_without_its_hash_is_no_setting(tmp_path):
    with pytest.raises(ValidationError):
        EngineSettings(face_model="model.onnx")
    with pytest.raises(ValidationError):
        EngineSettings(face_model="m.onnx", face_model_sha256="0" * 64, face_locator="vendor")


@pytest.mark.parametrize(
    "answer",
    [
        np.zeros((1, 14), np.float32),
        np.zeros(15, np.float32),
        np.full((1, 15), np.nan, np.float32),
        np.full((1, 15), 1e9, np.float32),
        np.zeros((51, 15), np.float32),
    ],
    ids=["columns", "shape", "nan", "far away", "too many"],
)
def test_a_strange_answer_is_a_typed_error_at_the_start(answer):
    assert reason(lambda: ml.ModelLocator(Told(answer))) == "model_output"


def test_a_model_that_keeps_the_desk_waiting_is_refused(monkeypatch):
    monkeypatch.setattr(ml, "SLOWEST_S", -1.0)
    assert reason(lambda: ml.ModelLocator(Told(None))) == "model_slow"


def test_a_wider_box_without_area_is_no_face():
    assert (
        ml.ModelLocator(Told(np.zeros((1, 15), np.float32))).find(np.zeros((90, 90), np.uint8))
        == ()
    )


def faces_looking(yaw_px):
    """One face in the middle, its nose moved sideways, in the model's own small picture."""

    def answer(size):
        if size[0] < 400:  # the empty picture of the start
            return None
        x, y, ied = size[0] / 2, size[1] * 0.47, size[1] * 0.192
        at = (-0.5, 0, 0.5, 0, 0, 0.57, -0.4, 1.14, 0.4, 1.14)
        spots = [value * ied + (x, y)[n % 2] for n, value in enumerate(at)]
        spots[4] += yaw_px
        return np.array([[x - ied, y - ied, 2 * ied, 3 * ied, *spots, 0.9]], np.float32)

    return answer


def test_five_points_give_yaw_and_pitch_a_gate():
    still = render(FaceIdentity(1, hijab=True), Pose())
    ahead = judge_still(ml.ModelLocator(Told(faces_looking(0))), still, BackdropColour.RED)
    aside = judge_still(ml.ModelLocator(Told(faces_looking(10))), still, BackdropColour.RED)
    assert ahead.points is not None
    assert ahead.verdict.measure("yaw_deg").value == pytest.approx(0, abs=0.5)
    assert ahead.verdict.measure("pitch_deg").ok
    assert aside.verdict.measure("yaw_deg").value > 8
    assert not aside.verdict.measure("yaw_deg").ok
    assert "yaw_deg" not in ahead.verdict.not_measured
