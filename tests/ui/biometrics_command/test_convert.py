"""``rekam biometrics convert``: what goes in comes out, in every record and edition that can carry it."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from drivers.emulation.scenes import pen
from drivers.emulation.scenes.eye import EyeIdentity, EyePose
from drivers.emulation.scenes.eye import render as render_eye
from station.biometrics.signature.points import encode_points
from station.devices import Eye, FingerPosition
from station.formats import cbeff, jpeg2000, png, records, wsq
from station.formats.minutiae_template import read_one
from tests.ui.biometrics_command import zoo
from tests.ui.biometrics_command.test_surface import called
from ui.biometrics.inputs import decoder, load


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    (folder / "finger.png").write_bytes(png.encode(zoo.finger(), ppi=500))
    (folder / "finger.wsq").write_bytes(wsq.encode(zoo.finger()))
    (folder / "eye.jp2").write_bytes(
        jpeg2000.encode(render_eye(EyeIdentity(1, Eye.LEFT), EyePose()))
    )
    return folder


@pytest.mark.parametrize("edition", [2005, 2011])
@pytest.mark.parametrize("coding", ["raw", "jp2", "png"])
def test_a_finger_comes_back_to_the_pixel_from_an_image_record(sources, tmp_path, edition, coding):
    words = ("--to", f"finger{edition}", "--coding", coding, "--finger", "left_ring")
    code, (line,) = called("convert", sources / "finger.png", *words, "--out", tmp_path)
    assert (code, line["lossless"]) == (0, True)
    record = records.read((tmp_path / "finger.fir").read_bytes())
    assert record.images[0].position == FingerPosition.LEFT_RING.value
    called("convert", tmp_path / "finger.fir", "--to", "png", "--out", tmp_path)
    assert (png.decode((tmp_path / "finger.png").read_bytes()) == zoo.finger()).all()


def test_a_wsq_picture_travels_byte_by_byte_through_a_record(sources, tmp_path):
    called("convert", sources / "finger.wsq", "--to", "finger2011", "--out", tmp_path)
    code, (line,) = called("convert", tmp_path / "finger.fir", "--to", "wsq", "--out", tmp_path)
    assert (code, line["lossless"]) == (0, True)
    assert (tmp_path / "finger.wsq").read_bytes() == (sources / "finger.wsq").read_bytes()


@pytest.mark.parametrize("edition", [2005, 2011])
def test_an_eye_keeps_its_side_and_its_bytes(sources, tmp_path, edition):
    words = ("--to", f"iris{edition}", "--eye", "left", "--out", tmp_path)
    code, (line,) = called("convert", sources / "eye.jp2", *words)
    assert (code, line["lossless"]) == (0, True)
    image = records.read((tmp_path / "eye.iir").read_bytes()).images[0]
    assert (image.eye, image.data) == (Eye.LEFT.value, (sources / "eye.jp2").read_bytes())
    code, (line,) = called("quality", tmp_path / "eye.iir")
    assert (line["modality"], line["modality_from"], line["eye"]) == ("iris", "record", "left")


@pytest.mark.parametrize("edition", [2005, 2011])
def test_a_face_record_is_read_as_a_face(sources, tmp_path, edition):
    words = ("--to", f"face{edition}", "--out", tmp_path)
    assert called("convert", sources / "finger.png", *words)[0] == 0
    code, (line,) = called("segment", tmp_path / "finger.fac")
    assert (code, line["modality"]) == (0, "face")


@pytest.mark.parametrize("form", ["iso2005", "iso2011"])
def test_a_template_names_its_finger_only_where_one_was_given(sources, tmp_path, form):
    for words, position in (((), None), (("--finger", "right_thumb"), FingerPosition.RIGHT_THUMB)):
        code, _ = called(
            "minutiae", sources / "finger.png", "--out", tmp_path, "--format", form, *words
        )
        assert code == 0
        assert read_one((tmp_path / "finger.fmr").read_bytes())[0] is position


def test_a_coding_the_edition_does_not_have_is_refused(sources, tmp_path):
    words = ("--to", "face2005", "--coding", "png", "--out", tmp_path)
    code, (line,) = called("convert", sources / "finger.png", *words)
    assert (code, line["error"]["facts"]["reason"]) == (1, "CODING")
    assert list(tmp_path.iterdir()) == []


def test_a_template_has_no_picture_to_convert_to(sources, tmp_path):
    called("minutiae", sources / "finger.png", "--out", tmp_path, "--format", "json")
    code, (line,) = called("convert", tmp_path / "finger.json", "--to", "png", "--out", tmp_path)
    assert (code, line["error"]["facts"]["reason"]) == (1, "NO_PICTURE")


@pytest.mark.parametrize("to", ["itl", "cbeff"])
def test_a_container_gives_back_finger_position_resolution_and_pixels(sources, tmp_path, to):
    words = ("--to", to, "--coding", "png", "--finger", "left_thumb", "--out", tmp_path)
    code, (line,) = called("convert", sources / "finger.png", *words)
    assert (code, line["lossless"]) == (0, True)
    (sample,) = load(Path(line["output"]))
    assert (sample.position, sample.ppi) == (FingerPosition.LEFT_THUMB, 500)
    assert (sample.pixels == zoo.finger()).all()
    decoder().close()


@pytest.mark.parametrize("to", ["itl", "cbeff"])
def test_an_eye_in_a_container_is_judged_as_an_eye(sources, tmp_path, to):
    words = ("--to", to, "--modality", "iris", "--eye", "left", "--out", tmp_path)
    code, (line,) = called("convert", sources / "eye.jp2", *words)
    assert code == 0
    code, (line,) = called("quality", line["output"])
    assert (line["modality"], line["eye"]) == ("iris", "left")


def test_a_template_in_a_container_still_matches(sources, tmp_path):
    called("minutiae", sources / "finger.png", "--out", tmp_path, "--format", "iso2005")
    code, (line,) = called("convert", tmp_path / "finger.fmr", "--to", "cbeff", "--out", tmp_path)
    assert (code, line["lossless"]) == (0, True)
    code, (line,) = called("match", line["output"], sources / "finger.wsq")
    assert (code, line["decision"]) == (0, "same")


def test_pen_points_become_a_record_and_are_judged_alike(tmp_path):
    points = pen.signature(3, "SITI")
    (tmp_path / "s.json").write_bytes(encode_points(points))
    code, _ = called("convert", tmp_path / "s.json", "--to", "signature", "--out", tmp_path)
    assert code == 0
    code, lines = called("quality", tmp_path / "s.json", tmp_path / "s.sdi")
    assert code == 0
    assert lines[0]["modality"] == lines[1]["modality"] == "signature"
    assert abs(lines[0]["score"] - lines[1]["score"]) <= 1


@pytest.mark.parametrize(
    "body", [b"1.001:", b"1.001:99\x1d", b"\x7f\x61\x03\x02\x01\x01", b"SDI\x00 10\x00"]
)
def test_a_cut_container_is_one_error_line(tmp_path, body):
    (tmp_path / "x").write_bytes(body)
    code, (line,) = called("quality", tmp_path / "x")
    assert (code, line["error"]["code"]) == (1, "FORMAT")


def test_a_container_without_a_sample_is_an_error_line(tmp_path):
    (tmp_path / "x.cbeff").write_bytes(cbeff.encode(cbeff.Group(())))
    code, (line,) = called("quality", tmp_path / "x.cbeff")
    assert (code, line["error"]["facts"]["reason"]) == (1, "NO_SAMPLE")


def _of_sixteen_bits(path):
    Image.fromarray(zoo.finger().astype(np.uint16) * 257).save(path)


def _with_transparency(path):
    grey = zoo.finger()
    Image.fromarray(np.dstack([grey, np.full_like(grey, 128)]), "LA").save(path)


def _of_two_pages(path):
    page = Image.fromarray(zoo.finger())
    page.save(path, save_all=True, append_images=[page])


@pytest.mark.parametrize(
    ("draw", "name"),
    [(_of_sixteen_bits, "deep.png"), (_with_transparency, "thin.png"), (_of_two_pages, "two.tif")],
)
def test_what_eight_bits_cannot_hold_is_never_called_lossless(tmp_path, draw, name):
    draw(tmp_path / name)
    code, (line,) = called("convert", tmp_path / name, "--to", "pgm", "--out", tmp_path / "out")
    assert (code, line["lossless"]) == (0, False)


def test_an_eight_bit_picture_is_lossless_and_so_are_bytes_taken_over(tmp_path):
    _with_transparency(tmp_path / "thin.png")
    Image.fromarray(zoo.finger()).save(tmp_path / "plain.png")
    _code, (plain,) = called(
        "convert", tmp_path / "plain.png", "--to", "pgm", "--out", tmp_path / "a"
    )
    words = ("--to", "finger2011", "--coding", "png", "--out", tmp_path / "b")
    _code, (kept,) = called("convert", tmp_path / "thin.png", *words)
    assert (plain["lossless"], kept["lossless"]) == (True, True)
