"""``rekam conform``: qualify one driver and leave a report; exit code 0 conforms, 1 does not, 2 wrong use."""

import shlex
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from station.clock import SystemClock

if TYPE_CHECKING:
    from drivers.conformance.report import Circumstances
    from drivers.conformance.tally import Tally

# Rigs of drivers that need Qt: the kit itself may not know them.
QT_RIGS: Final[Mapping[str, str]] = {"signature.tablet": "ui.devices.tablet_rig:make_rig"}

Driver = Annotated[str, typer.Argument(help="Nama driver: finger.zfm, sbi, reader.pcsc, ...")]
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
    driver: Driver,
    rig: RigPlace = "",
    out: Out = None,
    random: Random = 0,
    short: Short = False,  # noqa: FBT002 - a flag on the command line is a bool by position
    seed: Seed = 1,
    lanes: Lanes = 4,
    only: Only = None,
) -> None:
    """Uji satu driver terhadap semua gangguan kabel; hasilnya laporan untuk lampiran tender."""
    from drivers.conformance.cases import Case
    from drivers.conformance.find import RigNotFound, find_rig
    from drivers.conformance.kit import Extent, qualify
    from drivers.conformance.report import Circumstances, conforms

    try:
        make_rig = find_rig(driver, rig, QT_RIGS)
        cases = tuple(Case.parse(text) for text in only or ())
    except (RigNotFound, ValueError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from wrong
    extent = Extent(short, random, seed, lanes, cases, others=not cases)
    begun_at, began = SystemClock().now(), time.monotonic()
    try:
        tally = qualify(make_rig, extent, typer.echo)
    except RuntimeError as broken:
        typer.echo(f"{broken}: {broken.__cause__!r}", err=True)
        raise typer.Exit(2) from broken
    circumstances = Circumstances(
        begun_at=begun_at,
        took_s=time.monotonic() - began,
        command=shlex.join(["rekam", *sys.argv[1:]]),
        extent="named cases" if cases else "short" if short else "every fault at every packet",
        exempt=make_rig().exempt,
    )
    _print_table(tally)
    if out is not None:
        _write(out, tally, circumstances)
    raise typer.Exit(0 if conforms(tally) else 1)


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
    typer.echo(
        f"{tally.driver}: {tally.tried} faults tried, "
        f"{tally.held} of {len(tally.checked)} invariants held"
    )


def _write(out: Path, tally: "Tally", circumstances: "Circumstances") -> None:
    from drivers.conformance.report import as_html, as_json

    out.mkdir(parents=True, exist_ok=True)
    day = circumstances.begun_at.strftime("%Y%m%d-%H%M%S")
    for suffix, text in (("json", as_json), ("html", as_html)):
        path = out / f"conformance-{tally.driver}-{day}.{suffix}"
        path.write_text(text(tally, circumstances), encoding="utf-8")
        typer.echo(str(path))
