"""``rekam biometrics`` on what a hostile or clumsy hand made: told as it is, or refused by name."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from station.formats import png, wsq
from tests.ui.biometrics_command import zoo
from tests.ui.biometrics_command.test_surface import called
from ui.biometrics.engine import parts
from ui.biometrics.inputs import load
from ui.biometrics.lines import InputRefused
from ui.biometrics.pictures import target_of


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("endless.xyt", b"1 2 3 inf\n40 50 60 -1e400\n"),
        ("long.json", b'"quality":1' + b"0" * 400),
        ("endless.json", b'"quality":Infinity'),
    ],
)
def test_a_quality_beyond_any_number_is_no_unexpected_error(tmp_path, name, content):
    if name.endswith(".json"):
        row = b'{"x":1,"y":1,"angle":0,"type":"ending",' + content + b"}"
        content = b'{"form":"rekam-minutiae-1","width":9,"height":9,"minutiae":[' + row + b"]}"
    (tmp_path / name).write_bytes(content)
    _, (line,) = called("minutiae", tmp_path / name)
    assert line.get("error", {}).get("code") in {None, "FORMAT"}
    assert all(0 <= row["quality"] <= 100 for row in line.get("minutiae", ()))


def index(**changed):
    """Return the bytes of an index of one print, with columns or names changed."""
    about = {"form": "rekam-gallery-1", "names": ["a"]}
    about |= {"algorithm": parts().minutiae.algorithm, "version": parts().minutiae.version}
    columns = {
        "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
        "sizes": np.array([[2, 300, 400]]),
        "x": np.ones(2), "y": np.ones(2), "angle": np.ones(2),
        "type": np.ones(2), "quality": np.ones(2),
    }  # fmt: skip
    out = io.BytesIO()
    np.savez_compressed(out, **(columns | changed))
    return out.getvalue()


def cut_inside(data):
    """Return the zip with its first compressed bytes damaged."""
    at = 30 + int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    return data[:at] + b"\xff" * 8 + data[at + 8 :]


def of_another_kind():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("about.npy", b"\x93NUMPY")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        index(sizes=np.array([2, 300, 400])),
        index(sizes=np.array([[2, -300, 400]])),
        index(sizes=np.array([[2, 300, 1 << 40]])),
        index(x=np.array([1, 1e30])),
        index(angle=np.array([1, np.nan])),
        index(angle=np.array([1, 1e9])),
        index(about=np.frombuffer(b"[" * 100_000, np.uint8)),
        index(about=np.frombuffer(b"[]", np.uint8)),
        cut_inside(index()),
        of_another_kind(),
    ],
)
def test_a_crafted_index_is_refused_by_name(tmp_path, content):
    (tmp_path / "index").write_bytes(content)
    (tmp_path / "probe.xyt").write_bytes(b"1 2 3 4\n5 6 7 8\n")
    code, lines = called("search", tmp_path / "probe.xyt", "--index", tmp_path / "index")
    assert (code, lines[0]["error"]["code"]) == (1, "INPUT")
    assert lines[0]["error"]["facts"]["reason"] == "INDEX"


@pytest.mark.parametrize("through", ["wsq", "finger2005", "finger2011"])
def test_a_picture_of_1000_ppi_is_one_after_each_conversion(tmp_path, through):
    (tmp_path / "fine.png").write_bytes(png.encode(zoo.finger(), ppi=1000))
    code, (line,) = called("convert", tmp_path / "fine.png", "--to", through, "--out", tmp_path)
    assert code == 0
    assert load(tmp_path / line["output"])[0].ppi == 1000
    called("convert", line["output"], "--to", "wsq", "--out", tmp_path / "again")
    assert load(tmp_path / "again" / "fine.wsq")[0].ppi == 1000


def test_kept_wsq_bytes_never_contradict_the_resolution_that_was_told(tmp_path):
    (tmp_path / "odd.wsq").write_bytes(wsq.encode(zoo.finger()))
    words = ("--to", "finger2011", "--ppi", 1000, "--out", tmp_path)
    assert called("convert", tmp_path / "odd.wsq", *words)[0] == 0
    called("convert", tmp_path / "odd.fir", "--to", "wsq", "--out", tmp_path / "again")
    assert load(tmp_path / "again" / "odd.wsq")[0].ppi == 1000


@pytest.mark.parametrize("to", ["jp2", "pgm"])
@pytest.mark.parametrize("ppi", [0, 1000])
def test_a_lost_resolution_is_not_called_lossless(tmp_path, to, ppi):
    (tmp_path / "a.png").write_bytes(png.encode(zoo.finger(), ppi=ppi))
    code, (line,) = called("convert", tmp_path / "a.png", "--to", to, "--out", tmp_path)
    assert (code, line["lossless"]) == (0, ppi == 0)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("shell", [">/dev/full", ">&-"])
def test_a_standard_output_that_takes_nothing_is_one_sentence_and_no_traceback(tmp_path, shell):
    (tmp_path / "p.xyt").write_bytes(b"1 2 3 4\n")
    command = f'"$0" -m ui.cli biometrics minutiae "$1" {shell}'
    run = subprocess.run(
        ["/bin/sh", "-c", command, sys.executable, str(tmp_path / "p.xyt")],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr == "rekam: keluaran standar tidak bisa ditulis\n"


def test_pixels_that_are_not_square_are_refused_not_measured(tmp_path):
    for down, codes in ((1000, {"FORMAT"}), (503, {None})):
        Image.fromarray(zoo.finger()).save(tmp_path / "a.png", dpi=(500, down))
        _, (line,) = called("minutiae", tmp_path / "a.png")
        assert line.get("error", {}).get("code") in codes


def test_a_further_view_never_overwrites_an_input_or_the_output_of_another(tmp_path):
    both, other = tmp_path / "a.fir", tmp_path / "a.v1.png"
    for second in (other, tmp_path / "out" / "a.v1.png"):
        outputs = {both: second.with_name("a.png"), other: second}
        assert target_of(outputs, both, 0) == outputs[both]
        assert target_of(outputs, both, 2).name == "a.v2.png"
        with pytest.raises(InputRefused):
            target_of(outputs, both, 1)
