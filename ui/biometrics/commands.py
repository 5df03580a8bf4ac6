"""The command line of the biometric engine: ``rekam biometrics …``, one JSON object per line."""

import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from station.devices import Eye, FingerPosition, Modality
from ui.biometrics.lines import error_of, write
from ui.biometrics.options import (
    Backdrop,
    Draw,
    Expected,
    Files,
    Finger,
    Jobs,
    Of,
    PictureCoding,
    Ppi,
    Rate,
    Shown,
    Side,
    Target,
    TemplateForm,
    What,
)
from ui.biometrics.run import GOOD, SOME_FAILED, Pace, quiet_pipe, run_all, worked

biometrics_app = typer.Typer(
    help="Mesin biometrik: menilai, mencari minutiae, mencocokkan, mengubah berkas. Hasil: baris JSON.",
    no_args_is_help=True,
)
Item = TypeVar("Item")


@biometrics_app.callback()
def engine(
    settings: Annotated[
        Path | None,
        typer.Option(
            envvar="REKAM_ENGINE",
            exists=True,
            dir_okay=False,
            help="Pengaturan meja: memakai mesin yang dipilih di [engine]; kosong = mesin stasiun.",
        ),
    ] = None,
) -> None:
    """Mesin biometrik: menilai, mencari minutiae, mencocokkan, mengubah berkas. Hasil: baris JSON."""
    if settings is not None:
        from ui.biometrics.engine import choose

        _read_or_refuse(lambda: choose(settings))


@biometrics_app.command("quality")
def quality(
    files: Files,
    modality: Of = None,
    ppi: Ppi = None,
    eye: Annotated[Side, typer.Option(help="Mata mana, bila rekaman tidak mengatakannya.")] = (
        Side.RIGHT
    ),
    backdrop: Annotated[
        Backdrop | None, typer.Option(help="Latar foto yang diminta; kosong = tidak dituntut.")
    ] = None,
    draw: Draw = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Menilai mutu: nilai 0 sampai 100, semua ukuran dengan batasnya, dan saran."""
    from station.biometrics.face.measure import BackdropColour
    from ui.biometrics.quality import QualityJob

    job = QualityJob(
        _modality(modality), ppi, Eye[eye.name],
        BackdropColour(backdrop.value) if backdrop else None,
        _planned(files, draw, ".png"),
    )  # fmt: skip
    _finish(lambda: run_all(job, files, Pace(jobs, progress)))


@biometrics_app.command("minutiae")
def minutiae(
    files: Files,
    ppi: Ppi = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder untuk berkas template; kosong = daftar pada baris.")
    ] = None,
    form: Annotated[
        TemplateForm, typer.Option("--format", help="Bentuk berkas template.")
    ] = TemplateForm.JSON,
    finger: Annotated[Finger | None, typer.Option(help="Jari pada rekaman ISO.")] = None,
    best: Annotated[int | None, typer.Option(min=1, max=255, help="Paling banyak sekian.")] = None,
    draw: Draw = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Mencari minutiae: jumlah dan daftar, atau berkas template dengan --out."""
    from ui.biometrics.minutiae import SUFFIXES, MinutiaeJob

    job = MinutiaeJob(
        ppi, form.value, _position(finger), best,
        _planned(files, out, SUFFIXES[form.value]), _planned(files, draw, ".png"),
    )  # fmt: skip
    _finish(lambda: run_all(job, files, Pace(jobs, progress)))


@biometrics_app.command("match")
def match(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Yang pertama dicocokkan dengan setiap yang lain.")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option(help="Tabel CSV: dua kolom, satu pasangan sebaris.")
    ] = None,
    modality: Of = None,
    ppi: Ppi = None,
    fmr: Rate = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Mencocokkan 1:1: skor, keputusan, dan tingkat salah cocok (FMR) di balik ambangnya."""
    from ui.biometrics.match import PrepareJob, batches, compared_all, crashed, pairs_of

    _decide_at(fmr)
    wanted = _read_or_refuse(lambda: pairs_of(pairs)) if pairs else []
    if files:
        wanted += [(str(files[0]), str(other)) for other in files[1:]]
    if not wanted:
        _refuse("perlu dua berkas, atau --pairs TABEL.csv")
    names = list(dict.fromkeys(name for pair in wanted for name in pair))

    def work() -> int:
        pace = Pace(jobs, progress)
        prepare = PrepareJob(_modality(modality), ppi)
        ready = {each.path: each for each in worked(prepare, names, jobs, crashed)}
        return run_all(compared_all, batches(wanted, ready, jobs), pace)

    _finish(work)


@biometrics_app.command("search")
def search(
    files: Files,
    gallery: Annotated[Path | None, typer.Option(help="Folder sidik jari yang dicari.")] = None,
    index: Annotated[Path | None, typer.Option(help="Indeks galeri yang pernah disimpan.")] = None,
    save_index: Annotated[Path | None, typer.Option(help="Simpan indeks galeri ke sini.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Calon paling banyak.")] = 10,
    skip_same: Annotated[
        bool, typer.Option("--skip-same", help="Lewati berkas yang sama di galeri.")
    ] = False,
    ppi: Ppi = None,
    fmr: Rate = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Mencari 1:N: setiap sidik jari terhadap satu galeri, yang paling mirip dulu."""
    from ui.biometrics.gallery import checked, restore, save
    from ui.biometrics.search import SearchJob, built

    _decide_at(fmr)
    if (gallery is None) == (index is None):
        _refuse("perlu --gallery FOLDER atau --index BERKAS")

    def work() -> int:
        code = GOOD
        if index is not None:
            people = checked(restore(index))
        else:
            assert gallery is not None  # noqa: S101 - one of the two, checked above
            people, errors = built(gallery, ppi, jobs)
            for line in errors:
                code = SOME_FAILED
                write(line)
        if save_index is not None:
            save(people, save_index)
        job = SearchJob(people, ppi, limit, skip_same)
        return max(code, run_all(job, files, Pace(jobs, progress)))

    _finish(work)


@biometrics_app.command("segment")
def segment(
    files: Files,
    modality: Of = None,
    ppi: Ppi = None,
    fingers: Annotated[
        Expected | None,
        typer.Option(help="Jari yang diminta; kosong = lebar gambar yang menentukan."),
    ] = None,
    exempt: Annotated[
        list[Finger] | None, typer.Option(help="Jari yang dikecualikan; boleh berulang.")
    ] = None,
    draw: Draw = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Mencari letak: jari pada gambar, lingkar iris, wajah dan mata."""
    from ui.biometrics.segment import SegmentJob
    from ui.biometrics.slap import GROUPS

    job = SegmentJob(
        _modality(modality), ppi, _planned(files, draw, ".png"),
        (GROUPS.get(fingers.value) or frozenset({FingerPosition[fingers.name]})) if fingers else None,
        frozenset(FingerPosition[each.name] for each in exempt or ()),
    )  # fmt: skip
    _finish(lambda: run_all(job, files, Pace(jobs, progress)))


@biometrics_app.command("portrait")
def portrait(
    files: Files,
    out: Annotated[Path, typer.Option(help="Folder hasil.")],
    upright: Annotated[
        bool, typer.Option("--upright", help="Memutar sampai mata mendatar, paling banyak 15°.")
    ] = False,
    head_share: Annotated[
        float, typer.Option(min=0.5, max=0.95, help="Dagu sampai ubun-ubun, bagian dari tinggi.")
    ] = 0.75,
    backdrop: Annotated[
        Backdrop | None,
        typer.Option(help="Mengganti latar dengan warna ini; ditandai pada hasil. Kosong = asli."),
    ] = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Memotong pas foto 3:4 dari foto: tidak diperbesar, tidak diubah kecuali diminta."""
    from station.biometrics.face.measure import BackdropColour
    from ui.biometrics.portrait import PortraitJob

    job = PortraitJob(
        _planned(files, out, ".png") or {}, upright, head_share,
        BackdropColour(backdrop.value) if backdrop else None,
    )  # fmt: skip
    _finish(lambda: run_all(job, files, Pace(jobs, progress)))


@biometrics_app.command("convert")
def convert(
    files: Files,
    to: Annotated[Target, typer.Option(help="Bentuk hasil.")],
    out: Annotated[Path, typer.Option(help="Folder hasil.")],
    modality: Of = None,
    ppi: Ppi = None,
    quality: Annotated[int, typer.Option(min=1, max=95, help="Mutu JPEG.")] = 92,
    ratio: Annotated[
        float | None, typer.Option(min=1.0, max=200.0, help="Rasio JPEG 2000; kosong = tanpa rugi.")
    ] = None,
    finger: Annotated[Finger | None, typer.Option(help="Jari pada rekaman ISO.")] = None,
    eye: Annotated[Side | None, typer.Option(help="Mata pada rekaman ISO.")] = None,
    coding: Annotated[
        PictureCoding | None,
        typer.Option(help="Kode gambar dalam rekaman; kosong = wsq jari, jpeg wajah, jp2 iris."),
    ] = None,
    jobs: Jobs = 1,
    progress: Shown = None,
) -> None:
    """Mengubah bentuk: gambar, rekaman dan template."""
    from ui.biometrics.convert import FORMS, ConvertJob

    job = ConvertJob(
        to.value, _planned(files, out, FORMS[to.value].suffix) or {}, ppi, quality, ratio,
        _position(finger), Eye[eye.name] if eye else None, _modality(modality),
        coding.value if coding else "",
    )  # fmt: skip
    _finish(lambda: run_all(job, files, Pace(jobs, progress)))


def _decide_at(rate: float | None) -> None:
    if rate is not None:
        from ui.biometrics.engine import choose

        _read_or_refuse(lambda: choose(rate=rate))


def _modality(what: What | None) -> Modality | None:
    return Modality(what.value) if what else None


def _position(finger: StrEnum | None) -> FingerPosition | None:
    return FingerPosition[finger.name] if finger else None


def _planned(files: Sequence[Path], folder: Path | None, suffix: str) -> dict[Path, Path] | None:
    if folder is None:
        return None
    from ui.biometrics.pictures import targets

    return _read_or_refuse(lambda: targets(files, folder, suffix))


def _read_or_refuse(read: Callable[[], Item]) -> Item:
    """Return what is needed before the run begins; without it there is one error line and no run."""
    try:
        return read()
    except Exception as cause:  # noqa: BLE001 - told as a line, never as a traceback
        write({"op": "start", "error": error_of(cause)})
        raise typer.Exit(SOME_FAILED) from None


def _refuse(words: str) -> NoReturn:
    typer.echo(words, err=True)
    raise typer.Exit(2)


def _finish(work: Callable[[], int]) -> NoReturn:
    """Run to the end and leave with the exit code; a reader that has gone is no fault."""
    from ui.biometrics.inputs import decoder

    try:
        code = work()
        sys.stdout.flush()
    except BrokenPipeError:
        quiet_pipe()
        code = GOOD
    except KeyboardInterrupt:
        code = 130
    except Exception as cause:  # noqa: BLE001 - the run itself broke: one line, no traceback
        code = _told_broken(cause)
    finally:
        decoder().close()
    raise typer.Exit(code)


def _told_broken(cause: Exception) -> int:
    """Tell that the run itself broke, on standard error where standard output takes nothing."""
    try:
        write({"op": "run", "error": error_of(cause)})
    except (OSError, AttributeError, ValueError):  # full, closed from the start, closed since
        typer.echo("rekam: keluaran standar tidak bisa ditulis", err=True)
        if sys.stdout is not None:
            quiet_pipe()  # else the interpreter complains once more on leaving
    return SOME_FAILED
