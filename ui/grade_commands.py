"""The commands over the table of device grades."""

from pathlib import Path
from typing import Annotated

import typer

from station.errors import StationError

grades_app = typer.Typer(help="Tabel kelas alat: model mana yang boleh merekam.")

Table = Annotated[Path, typer.Argument(help="Berkas tabel (JSON).")]


@grades_app.command("check")
def grades_check(
    table: Table,
    keys: Annotated[Path, typer.Option(help="Folder kunci meja atau pusat (latihan).")],
) -> None:
    """Verify a table and its signature; prints the grades."""
    from ui.grade_table import as_json, checked

    try:
        typer.echo(as_json(checked(table, keys)))
    except (StationError, OSError) as cause:
        typer.echo(f"ditolak: {cause}", err=True)
        raise typer.Exit(1) from cause


@grades_app.command("sign")
def grades_sign(
    table: Table,
    keys: Annotated[Path, typer.Option(help="Folder kunci pusat (latihan).")],
) -> None:
    """Sign a table with rehearsal keys; the signature lies beside it."""
    from ui.grade_table import signed

    try:
        typer.echo(str(signed(table, keys)))
    except (StationError, OSError) as cause:
        typer.echo(f"ditolak: {cause}", err=True)
        raise typer.Exit(1) from cause
