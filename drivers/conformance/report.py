"""What a vendor attaches to a tender: the outcome of a qualification as JSON and as one printable page."""

import datetime as dt
import html
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from drivers.conformance.invariants import INVARIANTS, Invariant
from drivers.conformance.tally import Tally
from drivers.faults.plan import WireFault

_ABOUT: Final = (
    "Run against an emulator. This says how the driver treats its wire; it says nothing about a device's "
    "sensor, optics or certificate."
)
_SHOWN: Final = 40  # failures on the page; the JSON has all


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When, where and how it was run."""

    begun_at: dt.datetime
    took_s: float
    command: str
    extent: str
    exempt: Mapping[WireFault, str]


def conforms(tally: Tally) -> bool:
    """Whether every invariant that was looked at held every time, and faults were tried at all."""
    return bool(tally.tried) and not tally.failures


def as_json(tally: Tally, circumstances: Circumstances) -> str:
    """Return everything that was found."""
    return json.dumps(_facts(tally, circumstances), indent=1, ensure_ascii=False)


def _facts(tally: Tally, circumstances: Circumstances) -> dict[str, Any]:
    return {
        "driver": tally.driver,
        "device": tally.device,
        "conforms": conforms(tally),
        "begun_at": circumstances.begun_at.isoformat(timespec="seconds"),
        "took_s": round(circumstances.took_s, 1),
        "command": circumstances.command,
        "extent": circumstances.extent,
        "versions": versions(),
        "machine": machine(),
        "faults_tried": tally.tried,
        "faults": dict(sorted(tally.faults.items())),
        "endings": dict(tally.endings.most_common()),
        "endings_of": {str(fault): dict(ends) for fault, ends in sorted(tally.ends.items())},
        "exempt": {str(fault): reason for fault, reason in circumstances.exempt.items()},
        "invariants": [
            {
                "number": each.number,
                "name": each.name,
                "checked": tally.checked[each.number],
                "failed": tally.failed(each.number),
                "how": each.looked_at,
            }
            for each in INVARIANTS
        ],
        "failures": [asdict(each) for each in tally.failures],
        "notes": list(tally.notes),
    }


def versions() -> Mapping[str, str]:
    """Return the versions of what was tested and of what it stands on."""
    found = {"python": platform.python_version()}
    for name in ("rekam", "pyserial", "numpy", "opencv-python-headless", "pyscard"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> Mapping[str, str]:
    """Return what can be said of the machine without naming it."""
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "processors": str(os.cpu_count() or 0),
    }


def as_html(tally: Tally, circumstances: Circumstances) -> str:
    """Return one page without scripts or outside files."""
    facts = _facts(tally, circumstances)
    parts = [
        f"<h1>Driver conformance: {_text(tally.driver)}</h1>",
        _verdict(tally),
        f"<p>{_ABOUT}</p>",
        _table("Run", ("", ""), _run_rows(facts)),
        _table(
            "Invariants",
            ("", "Promise", "Checked", "Failed"),
            [_invariant_row(each, tally) for each in INVARIANTS],
        ),
        _table(
            "Faults on the wire, and how the calls under them ended",
            ("Fault", "Times", "Endings"),
            [
                (fault, times, _together(tally.ends[fault]))
                for fault, times in sorted(tally.faults.items())
            ],
        ),
        _table("All endings", ("Ending", "Times"), tally.endings.most_common()),
    ]
    if circumstances.exempt:
        rows = [(str(fault), reason) for fault, reason in circumstances.exempt.items()]
        parts.append(_table("Left out, with the reason", ("Fault", "Reason"), rows))
    if tally.notes:
        parts.append(_table("Notes", ("",), [(note,) for note in tally.notes]))
    if tally.failures:
        shown = [(f.invariant, f.where, f.what, f.again) for f in tally.failures[:_SHOWN]]
        parts.append(_table("Failures", ("", "Where", "What", "See it again"), shown))
        if len(tally.failures) > _SHOWN:
            parts.append(f"<p>{len(tally.failures) - _SHOWN} more stand in the JSON file.</p>")
    parts.append(
        _table("How each was looked at", ("", "How"), [(i.number, i.looked_at) for i in INVARIANTS])
    )
    return _PAGE.replace("{title}", f"{_text(tally.driver)} - Rekam driver conformance").replace(
        "{body}", "\n".join(parts)
    )


def _verdict(tally: Tally) -> str:
    good = conforms(tally)
    words = "Conforms" if good else "Does not conform"
    counts = f"{tally.tried} faults tried, {tally.held} of {len(tally.checked)} invariants held."
    return f'<p class="verdict {"good" if good else "bad"}">{words}: {counts}</p>'


def _together(pairs: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in pairs.items())


def _run_rows(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        ("Device, as it said", facts["device"]),
        ("Date (UTC)", facts["begun_at"]),
        ("Took", f"{facts['took_s']} s"),
        ("Command", facts["command"]),
        ("Extent", facts["extent"]),
        ("Versions", _together(facts["versions"])),
        ("Machine", _together(facts["machine"])),
    ]


def _invariant_row(invariant: Invariant, tally: Tally) -> tuple[object, ...]:
    checked = tally.checked[invariant.number]
    return (
        invariant.number,
        invariant.name,
        checked or "not applicable",
        tally.failed(invariant.number) if checked else "",
    )


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    cells = "".join(f"<th>{_text(name)}</th>" for name in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    top = f"<tr>{cells}</tr>" if any(head) else ""
    return f"<h2>{_text(title)}</h2><table>{top}{lines}</table>"


def _text(value: object) -> str:
    return html.escape(str(value))


_PAGE: Final = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body{font:14px/1.45 "DejaVu Sans",sans-serif;margin:2em auto;max-width:60em;color:#111;background:#fff}
h1{font-size:1.5em}h2{font-size:1.1em;margin:1.4em 0 .4em}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.25em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
.verdict{font-weight:bold;padding:.6em .8em;border:2px solid}.good{border-color:#1a6b2d}.bad{border-color:#a01616}
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}h2{break-after:avoid}}
</style></head><body>
{body}
</body></html>
"""
