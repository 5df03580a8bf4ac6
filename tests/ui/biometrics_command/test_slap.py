"""``rekam biometrics segment`` on a hand: how many fingers, which, and which is missing."""

import pytest

from drivers.emulation.scenes import slap as scene
from drivers.emulation.scenes.slap import draw_slap
from station.formats import png
from tests.ui.biometrics_command import zoo
from tests.ui.biometrics_command.test_surface import called


@pytest.fixture(scope="module")
def hands(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hands")
    for name, group in (("right", scene.RIGHT_FOUR), ("left", scene.LEFT_FOUR)):
        drawn = draw_slap(60, group, 1, height=1000)
        (folder / f"{name}.png").write_bytes(png.encode(drawn.image, ppi=500))
    (folder / "one.png").write_bytes(png.encode(zoo.finger(), ppi=500))
    return folder


@pytest.mark.parametrize("hand", ["right", "left"])
def test_a_hand_is_told_apart_without_being_named(hands, hand):
    code, (line,) = called("segment", hands / f"{hand}.png", "--modality", "finger")
    assert (code, line["count"], line["hand"], line["accepted"]) == (0, 4, hand, True)
    places = [finger["position"] for finger in line["fingers"]]
    order = ["little", "ring", "middle", "index"]
    expected = order if hand == "left" else order[::-1]
    assert places == [f"{hand}_{name}" for name in expected]


def test_the_other_hand_is_refused(hands):
    words = ("--modality", "finger", "--fingers", "left_four")
    _code, (line,) = called("segment", hands / "right.png", *words)
    assert not line["accepted"]
    assert "WRONG_HAND" in line["findings"]


def test_one_finger_has_one_box_and_no_name_unless_asked(hands, tmp_path):
    _code, (line,) = called("segment", hands / "one.png", "--modality", "finger")
    assert (line["count"], line["fingers"][0]["position"]) == (1, None)
    words = ("--modality", "finger", "--fingers", "left_ring", "--draw", tmp_path)
    _code, (line,) = called("segment", hands / "one.png", *words)
    assert line["fingers"][0]["position"] == "left_ring"
    assert (tmp_path / "one.png").is_file()


def test_four_fingers_where_one_is_exempt_are_too_many(hands):
    words = ("--modality", "finger", "--fingers", "right_four", "--exempt", "right_ring")
    _code, (line,) = called("segment", hands / "right.png", *words)
    assert not line["accepted"]
    assert "TOO_MANY" in line["findings"]
