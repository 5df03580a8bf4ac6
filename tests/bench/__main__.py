"""``python -m tests.bench``: measure everything, print one table, write build/bench.json.

Every module beside this one that has a function ``rows() -> list[BenchRow]`` takes part. Names on the
command line choose among them; ``biometrics`` stands for all of the engine.
"""

import importlib
import json
import os
import pkgutil
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests import bench
from tests.bench.rows import BenchRow

REPORT = Path("build/bench.json")
ENGINE = (
    "finger_quality", "finger_minutiae", "finger_match", "slap", "face", "iris", "signature", "formats",
    "session_checks", "command",
)  # fmt: skip


def main(chosen: list[str]) -> None:
    """Measure the chosen modules, all when none is named."""
    names = sorted(found.name for found in pkgutil.iter_modules(bench.__path__))
    chosen = [name for each in chosen for name in _members(each, names)]
    unknown = sorted(set(chosen) - set(names))
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(unknown)}")
    report: dict[str, list[BenchRow]] = {}
    for name in chosen or names:
        if name.startswith("_"):
            continue
        module = importlib.import_module(f"{bench.__name__}.{name}")
        if hasattr(module, "rows") and callable(module.rows):
            report[name] = module.rows()
    Console().print(_table(report))
    REPORT.parent.mkdir(exist_ok=True)
    content = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "rows": {name: [asdict(row) for row in rows] for name, rows in report.items()},
    }
    REPORT.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _members(name: str, names: list[str]) -> list[str]:
    """Return the modules a name stands for."""
    if name != "biometrics":
        return [name]
    return [each for each in (*ENGINE, "biometrics") if each in names]


def _table(report: dict[str, list[BenchRow]]) -> Table:
    table = Table(title="Rekam: measured")
    for head in ("area", "what", "value", "p95", "goal", "unit", "note"):
        table.add_column(head, justify="right" if head in {"value", "p95", "goal"} else "left")
    for area, rows in report.items():
        for row in rows:
            missed = row.goal is not None and row.value > row.goal
            table.add_row(
                area,
                row.name,
                f"{row.value:.4g}",
                "" if row.p95 is None else f"{row.p95:.4g}",
                "" if row.goal is None else f"{row.goal:g}",
                row.unit,
                row.note,
                style="bold red" if missed else "",
            )
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
