"""``rekam biometrics``: one strict JSON object per line whatever is handed over, and never a traceback."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from station.formats import png, wsq
from tests.ui.biometrics_command import zoo
from ui.biometrics import gallery, search
from ui.biometrics.engine import parts
from ui.biometrics.gallery import Gallery, save
from ui.cli import app

VERBS = (
    ("quality",),
    ("quality", "--modality", "iris"),
    ("quality", "--modality", "face"),
    ("quality", "--modality", "signature"),
    ("minutiae",),
    ("segment",),
    ("segment", "--modality", "iris"),
    ("segment", "--modality", "face"),
)


def no_constant(name):
    raise AssertionError(f"{name} is no JSON")


def called(*words):
    """Return (exit code, lines) of one call; every line must be strict JSON."""
    result = CliRunner().invoke(app, ["biometrics", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = [json.loads(row, parse_constant=no_constant) for row in result.stdout.splitlines()]
    return result.exit_code, lines


@pytest.fixture(scope="module")
def animals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("zoo")
    return zoo.bad_files(folder), zoo.odd_pictures(folder)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_each_bad_file_is_one_error_line_and_the_rest_goes_on(verb, animals):
    bad, odd = animals
    code, lines = called(*verb, *bad, odd[-1])
    assert code == 1
    assert [line["file"] for line in lines] == [str(path) for path in (*bad, odd[-1])]
    for line in lines[: len(bad)]:
        assert line["error"]["code"] in {"FORMAT", "INPUT", "FILE_MISSING", "NOT_A_FILE"}, line
        assert line["error"]["message"]


@pytest.mark.parametrize("verb", VERBS[:3] + VERBS[4:], ids=" ".join)
def test_odd_pictures_are_judged_without_any_error(verb, animals, tmp_path):
    odd = animals[1]
    more = () if verb[0] == "signature" else ("--draw", tmp_path)
    code, lines = called(*verb, *more, *odd)
    assert (code, [line.get("error") for line in lines]) == (0, [None] * len(odd))
    assert len({line["picture"] for line in lines}) == len(odd)


def test_an_unreadable_file_is_an_error_line(tmp_path):
    path = tmp_path / "locked.png"
    path.write_bytes(png.encode(zoo.finger()))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user reads everything")
    assert called("quality", path)[1][0]["error"]["code"] == "FILE_UNREADABLE"


def test_a_verdict_says_who_judged_what_and_every_band(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png.encode(zoo.finger(), ppi=500))
    code, (line,) = called("quality", path)
    assert code == 0
    assert (line["algorithm"], line["modality"], line["ppi"], line["ppi_from"]) == (
        "rekam.finger", "finger", 500, "file",
    )  # fmt: skip
    assert line["usable"] is (line["failed"] == [])
    assert line["usable"] is all(each["ok"] for each in line["measures"].values())


def test_a_screens_resolution_in_a_file_is_not_believed(animals):
    screen = next(path for path in animals[1] if path.name == "screen.png")
    line = called("quality", screen)[1][0]
    assert (line["ppi"], line["ppi_from"]) == (500, "default")
    assert called("quality", screen, "--ppi", 400)[1][0]["ppi_from"] == "option"


def test_pictures_templates_and_records_of_one_finger_match_across_all_formats(tmp_path):
    picture, other = tmp_path / "a.png", tmp_path / "b.png"
    picture.write_bytes(png.encode(zoo.finger(1, 1)))
    other.write_bytes(png.encode(zoo.finger(2, 1)))
    made = []
    for form in ("iso2005", "compact", "json", "xyt"):
        code, lines = called("minutiae", picture, "--out", tmp_path / form, "--format", form)
        assert code == 0
        made.append(lines[0]["output"])
    for form in ("wsq", "jp2", "jpeg", "pgm"):
        code, lines = called("convert", picture, "--to", form, "--out", tmp_path / form)
        assert code == 0
        made.append(lines[0]["output"])
    code, lines = called("match", picture, *made, other)
    assert code == 0
    assert [line["decision"] for line in lines] == ["same"] * len(made) + ["different"]
    assert all(0 < line["fmr"] < 0.01 for line in lines)


def test_a_table_of_pairs_is_worked_in_order_with_an_error_only_where_one_is(tmp_path):
    for name, body in (("a", 1), ("b", 2)):
        (tmp_path / f"{name}.png").write_bytes(png.encode(zoo.finger(body, 1)))
    table = tmp_path / "pairs.csv"
    table.write_text("a,b\na.png,a.png\na.png,gone.png\na.png,b.png\n", "utf-8")
    code, lines = called("match", "--pairs", table)
    assert code == 1
    assert [line.get("decision", "error") for line in lines] == ["same", "error", "different"]
    assert lines[1]["error"]["code"] == "FILE_MISSING"
    assert called("match", "--pairs", table, "--jobs", 2) == (code, lines)


def test_an_eye_is_not_compared_with_a_finger(tmp_path):
    (tmp_path / "a.png").write_bytes(png.encode(zoo.finger()))
    (tmp_path / "b.fmr").write_bytes(b"IIR\x00020\x00")
    code, (line,) = called("match", tmp_path / "a.png", tmp_path / "b.fmr")
    assert (code, line["error"]["code"]) == (1, "FORMAT")


def test_search_finds_the_same_finger_from_a_folder_and_from_a_saved_index(tmp_path):
    gallery = tmp_path / "gallery"
    gallery.mkdir()
    for body in range(4):
        (gallery / f"{body}.png").write_bytes(png.encode(zoo.finger(body, 1)))
    (gallery / "readme.txt").write_text("not a print", "utf-8")
    probe, index = tmp_path / "probe.png", tmp_path / "index"
    probe.write_bytes(png.encode(zoo.finger(2, 2)))
    code, lines = called("search", probe, "--gallery", gallery, "--save-index", index)
    assert code == 1  # the text file is told, the search is done
    assert lines[0]["op"] == "gallery"
    assert lines[1]["found"]
    assert lines[1]["candidates"][0]["file"].endswith("2.png")
    code, again = called("search", probe, "--index", index)
    assert code == 0
    assert again[0]["candidates"] == lines[1]["candidates"]


def test_a_rate_moves_the_threshold_and_each_score_says_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("REKAM_FMR", "")
    picture = tmp_path / "a.png"
    picture.write_bytes(png.encode(zoo.finger()))
    strict = called("match", picture, picture, "--fmr", 1e-6)[1][0]
    monkeypatch.setenv("REKAM_FMR", "")
    loose = called("match", picture, picture, "--fmr", 1e-2)[1][0]
    assert (strict["fmr"], loose["fmr"]) == (1e-6, 1e-2)
    assert strict["threshold"] > loose["threshold"]
    assert strict["score"] == loose["score"]
    assert strict["score_fmr"] < 1e-6
    assert strict["measured_to"] == 1e-4  # what lies below was never seen, and the line says so
    parts.cache_clear()


def test_a_large_gallery_is_looked_through_by_words_first_also_from_its_index(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(gallery, "SHORTLIST", 3)
    monkeypatch.setattr(search, "SHORTLIST", 3)
    people, index = tmp_path / "people", tmp_path / "index"
    people.mkdir()
    for body in range(6):
        (people / f"{body}.png").write_bytes(png.encode(zoo.finger(body, 1)))
    probe = tmp_path / "probe.png"
    probe.write_bytes(png.encode(zoo.finger(2, 2)))
    first = called("search", probe, "--gallery", people, "--save-index", index)[1][0]
    assert (first["gallery"], first["compared"]) == (6, 3)
    assert first["candidates"][0]["file"].endswith("2.png")
    assert called("search", probe, "--index", index)[1][0] == first


def test_an_index_of_another_extractor_is_refused(tmp_path):
    probe, index = tmp_path / "a.png", tmp_path / "index"
    probe.write_bytes(png.encode(zoo.finger()))
    save(Gallery((), (), None, "rekam.minutiae", "0"), index)
    code, (line,) = called("search", probe, "--index", index)
    assert (code, line["error"]["facts"]["reason"]) == (1, "INDEX_OF_ANOTHER_ENGINE")


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04junk", b"x" * 100])
def test_a_broken_index_is_one_error_line(tmp_path, body):
    (tmp_path / "index").write_bytes(body)
    (tmp_path / "a.png").write_bytes(png.encode(zoo.finger()))
    code, (line,) = called("search", tmp_path / "a.png", "--index", tmp_path / "index")
    assert (code, line["error"]["code"]) == (1, "INPUT")


def test_a_lossless_conversion_gives_the_same_pixels_back(tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(png.encode(zoo.finger(), ppi=500))
    called("convert", source, "--to", "jp2", "--out", tmp_path / "x")
    code, (line,) = called(
        "convert", tmp_path / "x" / "a.jp2", "--to", "png", "--out", tmp_path / "y"
    )
    assert (code, line["lossless"]) == (0, True)
    assert (png.decode((tmp_path / "y" / "a.png").read_bytes()) == zoo.finger()).all()


def test_an_output_never_replaces_an_input_and_equal_names_do_not_collide(tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(png.encode(zoo.finger()))
    code, (line,) = called("convert", source, "--to", "png", "--out", tmp_path)
    assert (code, line["error"]["facts"]["reason"]) == (1, "OUTPUT_IS_INPUT")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "a.wsq").write_bytes(wsq.encode(zoo.finger()))
    code, lines = called(
        "convert", source, tmp_path / "b" / "a.wsq", "--to", "pgm", "--out", tmp_path / "o"
    )
    assert code == 0
    assert len({line["output"] for line in lines}) == 2


def test_several_processes_give_the_same_lines_in_the_same_order(animals):
    bad, odd = animals
    files = [*odd[:3], *bad[:4], *odd[3:]]
    assert called("quality", "--jobs", 2, *files) == called("quality", *files)


def test_a_reader_that_leaves_early_is_no_fault(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png.encode(zoo.finger()))
    command = [sys.executable, "-m", "ui.cli", "biometrics", "quality", *[str(path)] * 40]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        first = run.stdout.readline()
        run.stdout.close()
        told = run.stderr.read()
        assert run.wait(60) == 0
    assert json.loads(first)["op"] == "quality"
    assert told == b""
