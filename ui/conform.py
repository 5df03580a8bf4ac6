"""``rekam conform``: qualify drivers and leave reports; exit code 0 conform, 1 do not, 2 wrong use."""

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from station.clock import SystemClock

if TYPE_CHECKING:
    from drivers.conformance.kit import Extent
    from drivers.conformance.report import Circumstances
    from drivers.conformance.rig import MakeRig
    from drivers.conformance.tally import Tally

# Rigs of drivers that need Qt: the kit itself may not know them.
QT_RIGS: Final[Mapping[str, str]] = {"signature.tablet": "ui.devices.tablet_rig:make_rig"}

_ALL: Final = "all"

Drivers = Annotated[
    list[str], typer.Argument(help='Nama driver (finger.zfm, sbi, ...) atau "all".')
]
RigPlace = Annotated[str, typer.Option("--rig", help="modul:objek yang membuat rig.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder untuk laporan HTML dan JSON.")]
Random = Annotated[int, typer.Option("--random", min=0, help="Jumlah gangguan di byte acak.")]
Short = Annotated[bool, typer.Option("--short", help="Bentuk pendek: ujung-ujung saja.")]
Seed = Annotated[int, typer.Option("--seed", help="Angka awal gangguan acak.")]
Lanes = Annotated[int, typer.Option("--lanes", min=1, max=16, help="Rig yang bekerja bersamaan.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help='Hanya kasus ini: "capture flip@3".')
]


def conform(
    drivers: Drivers,
    rig: RigPlace = "",
    out: Out = None,
    random: Random = 0,
    short: Short = False,  # noqa: FBT002 - a flag on the command line is a bool by position
    seed: Seed = 1,
    lanes: Lanes = 4,
    only: Only = None,
) -> None:
    """Uji driver terhadap semua gangguan kabel; hasilnya laporan untuk lampiran tender."""
    from drivers.conformance.cases import Case
    from drivers.conformance.find import RigNotFound, find_rig
    from drivers.conformance.kit import Extent
    from drivers.conformance.report import conforms

    try:
        rigs = [find_rig(name, rig, QT_RIGS) for name in _names(drivers)]
        cases = tuple(Case.parse(text) for text in only or ())
        if out is not None:  # before minutes of work, not after
            out.mkdir(parents=True, exist_ok=True)
    except (RigNotFound, ValueError, OSError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from wrong
    extent = Extent(short, random, seed, lanes, cases, rig, others=not cases)
    tallies = [_qualified(make_rig, extent, out) for make_rig in rigs]
    if len(tallies) > 1:
        _print_sum(tallies)
    raise typer.Exit(0 if all(conforms(tally) for tally in tallies) else 1)


def _names(asked: Sequence[str]) -> Sequence[str]:
    if list(asked) != [_ALL]:
        return asked
    from drivers.conformance.find import has_rig
    from drivers.registry import BUILT_IN

    return sorted(name for name in {*BUILT_IN, *QT_RIGS} if has_rig(name, QT_RIGS))


def _qualified(make_rig: "MakeRig", extent: "Extent", out: Path | None) -> "Tally":
    from drivers.conformance.kit import qualify
    from drivers.conformance.report import Circumstances

    begun_at, began = SystemClock().now(), time.monotonic()
    try:
        tally = qualify(make_rig, extent, typer.echo)
    except Exception as broken:  # a third party's rig: whatever it is, nothing was proven
        typer.echo(f"{broken!r}, caused by {broken.__cause__!r}", err=True)
        raise typer.Exit(2) from broken
    _print_table(tally)
    if out is not None:
        words = "short form" if extent.short else "every fault at every packet"
        circumstances = Circumstances(
            begun_at=begun_at,
            took_s=time.monotonic() - began,
            command=shlex.join(["rekam", *sys.argv[1:]]),
            extent="named cases" if extent.only else f"{words}, {extent.random} at random bytes",
            exempt=make_rig().exempt,
        )
        _write(out, tally, circumstances)
    return tally


def _print_table(tally: "Tally") -> None:
    from drivers.conformance.invariants import INVARIANTS

    for each in INVARIANTS:
        checked, failed = tally.checked[each.number], tally.failed(each.number)
        mark = "-" if not checked else "ok" if not failed else "FAIL"
        typer.echo(f"{each.number:3} {mark:4} {checked:6} {failed:5}  {each.name}")
    for failure in tally.failures[:20]:
        typer.echo(
            f"    {failure.invariant}: {failure.where}: {failure.what}\n        {failure.again}"
        )
    typer.echo(_line(tally))


def _line(tally: "Tally") -> str:
    return (
        f"{tally.driver}: {tally.tried} faults tried, "
        f"{tally.held} of {len(tally.checked)} invariants held"
    )


def _print_sum(tallies: "Sequence[Tally]") -> None:
    from drivers.conformance.pytest_kit import counts

    typer.echo("")
    for tally in tallies:
        typer.echo(_line(tally))
    told = [counts(tally) for tally in tallies]
    words = {"faults": "faults tried", "wrong": "wrong results", "leaks": "leaks"}
    figures = {
        name: sum(int(each[name]) for each in told)
        for name in ("faults", "wrong", "hangs", "late", "leaks")
    }
    parts = ", ".join(f"{figure} {words.get(name, name)}" for name, figure in figures.items())
    typer.echo(f"{len(tallies)} drivers, {parts}")


def _write(out: Path, tally: "Tally", circumstances: "Circumstances") -> None:
    from drivers.conformance.report import as_html, as_json

    out.mkdir(parents=True, exist_ok=True)
    day = circumstances.begun_at.strftime("%Y%m%d-%H%M%S")
    for suffix, text in (("json", as_json), ("html", as_html)):
        path = out / f"conformance-{tally.driver}-{day}.{suffix}"
        path.write_text(text(tally, circumstances), encoding="utf-8")
        typer.echo(str(path))
