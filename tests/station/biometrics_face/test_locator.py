import cv2
import numpy as np
import pytest

from station.biometrics.face.locator import Box, HaarLocator, LocatorBroken, drawn_face


def test_the_self_check_passes_on_this_installation():
    HaarLocator().self_check()


def test_an_opencv_without_cascades_is_a_typed_error(monkeypatch, tmp_path):
    monkeypatch.setattr(cv2, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(LocatorBroken) as broken:
        HaarLocator()
    assert broken.value.facts["reason"] == "cascade_missing"


def test_a_locator_that_finds_nothing_fails_its_self_check(monkeypatch):
    locator = HaarLocator()
    monkeypatch.setattr(locator, "find", lambda _: ())
    with pytest.raises(LocatorBroken):
        locator.self_check()


def test_searching_near_the_last_place_finds_the_same_face():
    picture = np.full((360, 640), 200, np.uint8)
    picture[60:300, 200:440] = drawn_face()
    locator = HaarLocator()
    (whole,) = locator.find(picture)
    (near,) = locator.find(picture, whole.box)
    assert near.box.x == pytest.approx(whole.box.x, abs=12)
    assert near.eyes.distance == pytest.approx(whole.eyes.distance, rel=0.1)
    assert locator.find(picture, Box(0, 0, 90, 90)) == ()
