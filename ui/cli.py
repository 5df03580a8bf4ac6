"""The command line: the desk, the rehearsal, the simulator, the emulators and the technician's tools."""

import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from station.errors import StationError
from ui.biometrics.commands import biometrics_app
from ui.conform import conform
from ui.fault_proxy import faults
from ui.grade_commands import grades_app

app = typer.Typer(
    help="Rekam, stasiun perekaman KTP-el.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,  # it prints local values: personal data does not belong on a terminal
)
packet_app = typer.Typer(help="Memeriksa dan membuka paket tersegel.")
app.add_typer(packet_app, name="packet")
app.add_typer(biometrics_app, name="biometrics")
app.add_typer(grades_app, name="grades")
app.command()(conform)
app.command()(faults)

Seed = Annotated[int, typer.Option(help="Angka awal: angka sama, latihan sama.")]
Folder = Annotated[Path | None, typer.Option(help="Folder kerja; kosong = folder sementara.")]
Camera = Annotated[str, typer.Option(help="Kamera asli: nomor (0), path, atau URL.")]
Pad = Annotated[str, typer.Option(help='"screen" = tetikus, jari atau pena; "tablet" = pena saja.')]
Language = Annotated[str, typer.Option(help="id atau en.")]
Scale = Annotated[float, typer.Option(help="Besar tulisan, 1.0 sampai 2.0.")]
Dark = Annotated[bool, typer.Option("--dark", help="Tema gelap.")]
FingerKind = Annotated[str, typer.Option(help="Protokol scanner jari tiruan: sfm atau zfm.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Catatan lebih banyak.")]


def _log(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # In a rehearsal the badge on the screen says that keys are in software; once per process is enough.
    logging.getLogger("station.keys.soft").setLevel(logging.ERROR)
    for noisy in ("httpx", "httpcore", "uvicorn"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return sys.platform in {"win32", "darwin"} or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


@app.callback(invoke_without_command=True)
def desk(
    context: typer.Context,
    camera: Camera = "",
    pad: Pad = "",
    folder: Folder = None,
    language: Language = "id",
    text_scale: Scale = 1.0,
    dark: Dark = False,
) -> None:
    """Open the desk. Until production keys are installed it opens as a rehearsal, and says so."""
    if context.invoked_subcommand is not None:
        return
    _log(verbose=False)
    from ui.demo import RunOptions, run_desk, with_site
    from ui.doctor import data_folder

    options = RunOptions(
        folder=folder or data_folder() / "latihan",  # the same each time: a power cut loses nothing
        camera=camera, pad=pad, language=language, text_scale=text_scale, dark=dark,
    )  # fmt: skip
    raise typer.Exit(run_desk(with_site(options, data_folder() / "settings.toml")))


@app.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Tanpa layar.")] = False,
    out: Annotated[Path, typer.Option(help="Tempat hasil dan gambar.")] = Path("build/demo"),
    seed: Seed = 1,
    person: Annotated[str, typer.Option(help="NIK orang latihan.")] = "",
    camera: Camera = "",
    pad: Pad = "",
    finger: FingerKind = "sfm",
    folder: Folder = None,
    language: Language = "id",
    text_scale: Scale = 1.0,
    dark: Dark = False,
    no_pcsc: Annotated[
        bool, typer.Option("--no-pcsc", help="Kartu tiruan di dalam program.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Rehearse with emulated devices: on the screen, or one whole enrolment off-screen."""
    _log(verbose=verbose)
    from ui.demo import RunOptions, play, run_desk

    options = RunOptions(
        folder=folder, camera=camera, pad=pad, language=language, text_scale=text_scale,
        dark=dark, seed=seed, finger=finger, person=person, out=out, pcsc=not no_pcsc,
    )  # fmt: skip
    if headless or not _has_display():
        raise typer.Exit(play(options))
    raise typer.Exit(run_desk(options))


@app.command()
def centre(
    folder: Annotated[Path, typer.Option(help="Tempat simulator menyimpan.")],
    keys: Annotated[Path, typer.Option(help="Folder kunci latihan.")],
    pace: Annotated[float, typer.Option(help="Detik antara dua status.")] = 1.0,
    port: Annotated[int, typer.Option(help="0 = pilih sendiri.")] = 0,
    gallery: Annotated[
        bool, typer.Option("--gallery", help="Isi rekaman lama peserta latihan.")
    ] = False,
    parent_pid: Annotated[int, typer.Option(hidden=True)] = 0,
) -> None:
    """Run the data-centre simulator until interrupted; prints its address as JSON."""
    _log(verbose=False)
    from ui.simulator import serve_centre

    serve_centre(folder, keys, pace=pace, port=port, gallery=gallery, parent_pid=parent_pid)


@app.command()
def emulate(
    device: Annotated[str, typer.Argument(help="Nama alat; nama salah menyebut yang ada.")],
    link: Annotated[Path | None, typer.Option(help="Nama sambungan pty, misalnya ttyEMU0.")] = None,
    port: Annotated[int | None, typer.Option(help="TCP di 127.0.0.1; 0 = pilih sendiri.")] = None,
    seed: Seed = 1,
    script: Annotated[Path | None, typer.Option(help="Naskah TOML.")] = None,
    fault: Annotated[
        list[str] | None, typer.Option(help="NAMA@KAPAN: 3 (paket), b120 (bita), t2.5 (detik).")
    ] = None,
    person: Annotated[str, typer.Option(help="NIK: jari, mata, wajah siapa.")] = "",
    baud: Annotated[int, typer.Option(help="Laju saluran; 0 = bawaan alat.")] = 0,
    paced: Annotated[bool, typer.Option("--paced", help="Bita keluar selaju saluran.")] = False,
    settings: Annotated[list[str] | None, typer.Option("--set", help="NAMA=NILAI.")] = None,
    stdin: Annotated[
        bool, typer.Option("--stdin", help="Baris masuk = langkah naskah; berhenti bila tertutup.")
    ] = False,
    fps: Annotated[float, typer.Option(help="Gambar per detik kamera.")] = 15.0,
) -> None:
    """Run one device emulator as its own process, on its real wire protocol."""
    _log(verbose=False)
    from ui.emulators import EmulatorOptions, EmulatorRefused, serve_emulator

    asked = EmulatorOptions(
        device, link, port, seed, script, fault or (), person, baud, paced, settings or (), fps, stdin
    )  # fmt: skip
    try:
        code = serve_emulator(asked)
    except EmulatorRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(code)


@app.command()
def doctor(
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Keluaran untuk mesin.")] = False,
) -> None:
    """Check machine, drivers, ports and devices: one line each, what is wrong and the next step."""
    from ui.doctor import examine
    from ui.findings import WRONG

    worst, told = 0, []
    for finding in examine(folder):
        worst = max(worst, finding.severity)
        if as_json:
            told.append(finding.as_json())
        else:
            typer.echo(finding.text())
    if as_json:
        typer.echo(json.dumps({"findings": told}, indent=1, ensure_ascii=False))
    raise typer.Exit(1 if worst >= WRONG else 0)


@app.command()
def regions(
    table: Annotated[Path, typer.Argument(help="Tabel wilayah resmi: CSV dengan kolom kode,nama.")],
) -> None:
    """Check the full region table against the running bundle: what would be added, renamed, retired."""
    from ui.master_data import checked_regions

    try:
        for line in checked_regions(table):
            typer.echo(line)
    except (StationError, OSError) as cause:
        typer.echo(f"ditolak: {cause}", err=True)
        raise typer.Exit(1) from cause


@packet_app.command("verify")
def packet_verify(
    packet: Annotated[Path, typer.Argument(help="Berkas .ktp.")],
    keys: Annotated[Path, typer.Option(help="Folder kunci pusat (latihan).")],
) -> None:
    """Open a packet with the centre's key and verify signatures and contents; prints the manifest."""
    from ui.packet_tools import verified

    try:
        typer.echo(json.dumps(verified(packet, keys), indent=1, ensure_ascii=False))
    except (StationError, OSError) as cause:
        typer.echo(f"ditolak: {cause}", err=True)
        raise typer.Exit(1) from cause


@packet_app.command("open")
def packet_open(
    packet: Annotated[Path, typer.Argument(help="Berkas .ktp.")],
    keys: Annotated[Path, typer.Option(help="Folder kunci pusat (latihan).")],
    out: Annotated[Path, typer.Option(help="Folder kosong untuk isinya.")],
) -> None:
    """Open and verify a packet, then write its files into a new folder."""
    from ui.packet_tools import unpack

    try:
        for name in unpack(packet, keys, out):
            typer.echo(name)
    except (StationError, OSError) as cause:
        typer.echo(f"ditolak: {cause}", err=True)
        raise typer.Exit(1) from cause


def main() -> None:
    """Run the command line; a StationError ends with one line, never a traceback."""
    try:
        app()
    except StationError as cause:
        from ui.demo import explain

        typer.echo(explain(cause), err=True)
        sys.exit(1)


def scratch(prefix: str) -> Path:
    """Return a new folder that stays until the machine cleans its temporary files."""
    return Path(tempfile.mkdtemp(prefix=prefix))


if __name__ == "__main__":
    main()
