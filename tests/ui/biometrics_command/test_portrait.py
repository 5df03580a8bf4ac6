"""``rekam biometrics portrait``: what is done to a photo is asked for, and said."""

import numpy as np
import pytest

from drivers.emulation.scenes.face import FaceIdentity, Pose, render
from station.formats import png
from tests.ui.biometrics_command import zoo
from tests.ui.biometrics_command.test_surface import called


@pytest.fixture(scope="module")
def still(tmp_path_factory):
    path = tmp_path_factory.mktemp("stills") / "still.png"
    path.write_bytes(png.encode(render(FaceIdentity(1, hijab=True), Pose(roll=6))))
    return path


def test_a_portrait_is_cut_and_nothing_else_is_done_unasked(still, tmp_path):
    code, (line,) = called("portrait", still, "--out", tmp_path)
    picture = png.decode((tmp_path / "still.png").read_bytes())
    assert code == 0
    assert (line["turned_deg"], line["backdrop_replaced"]) == (0.0, False)
    assert (line["width"], line["height"]) == (picture.shape[1], picture.shape[0])
    assert abs(picture.shape[1] / picture.shape[0] - 0.75) < 0.01


def test_turning_and_a_new_backdrop_are_marked(still, tmp_path):
    words = ("--out", tmp_path, "--upright", "--backdrop", "blue")
    code, (line,) = called("portrait", still, *words)
    assert (code, line["backdrop_replaced"]) == (0, True)
    assert abs(line["turned_deg"]) == pytest.approx(6, abs=2.5)
    corner = png.decode((tmp_path / "still.png").read_bytes())[4:20, 4:20].reshape(-1, 3)
    blue, _green, red = np.median(corner, axis=0)
    assert blue > red + 60


def test_a_picture_without_exactly_one_face_gives_no_portrait(tmp_path):
    source = tmp_path / "print.png"
    source.write_bytes(png.encode(zoo.finger(), ppi=500))
    code, (line,) = called("portrait", source, "--out", tmp_path / "out")
    assert code == 1
    assert line["error"]["facts"]["reason"] == "FACES"
    assert not (tmp_path / "out" / "print.png").exists()
