import importlib
import json
import pkgutil

import pytest

from tests.bench import __main__ as program
from tests.bench.rows import BenchRow, timed, wilson


def test_a_wilson_interval_holds_the_share_and_is_honest_about_none_seen():
    low, high = wilson(4, 146)
    assert low < 4 / 146 < high
    assert wilson(0, 800)[1] == pytest.approx(0.0048, abs=0.0002)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_call_is_timed_after_a_warm_up():
    calls = []
    row = timed("thing", 5, lambda: calls.append(1), runs=4)
    assert len(calls) == 5
    assert row.p95 >= row.value >= 0


def test_the_report_holds_every_row(tmp_path, monkeypatch, capsys):
    module = importlib.import_module("tests.bench.desk")
    monkeypatch.setattr(module, "rows", lambda: [BenchRow("thing", "ms", 2.0, 3.0, 1.0)])
    monkeypatch.setattr(program, "REPORT", tmp_path / "build" / "bench.json")
    program.main(["desk"])
    report = json.loads(program.REPORT.read_text())
    assert report["rows"]["desk"][0]["value"] == 2.0
    assert "thing" in capsys.readouterr().out


def test_an_unknown_benchmark_is_refused():
    with pytest.raises(SystemExit, match="no such benchmark"):
        program.main(["nothing"])


def test_biometrics_stands_for_every_module_of_the_engine_that_is_there():
    names = [found.name for found in pkgutil.iter_modules(program.bench.__path__)]
    members = program._members("biometrics", names)
    assert "session_checks" in members
    assert "desk" not in members
    assert program._members("desk", names) == ["desk"]
