"""The command line: what it offers, and that a technician gets lines instead of tracebacks."""

import subprocess
import sys

from typer.testing import CliRunner

from ui.cli import app

run = CliRunner()


def test_the_commands_of_the_manual_exist():
    text = run.invoke(app, ["--help"]).output
    for command in ("demo", "centre", "emulate", "doctor", "packet"):
        assert command in text


def test_the_doctor_says_one_line_per_check_and_a_next_step_for_what_is_missing(tmp_path):
    lines = run.invoke(app, ["doctor", "--folder", str(tmp_path)]).output.splitlines()
    assert len(lines) >= 7
    assert any("settings.toml" in line and "->" in line for line in lines)
    assert all(line.startswith(("baik", "lihat", "SALAH")) for line in lines)


def test_an_unknown_emulator_is_refused_with_the_known_names():
    result = run.invoke(app, ["emulate", "gt-511c3"])
    assert result.exit_code == 2
    assert "finger.sfm" in result.output


def test_a_file_that_is_no_packet_is_refused_in_one_line(tmp_path):
    broken = tmp_path / "x.ktp"
    broken.write_bytes(b"not a packet")
    told = subprocess.run(
        [sys.executable, "-m", "ui.cli", "packet", "verify", str(broken), "--keys", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert told.stderr.splitlines()[-1].startswith("ditolak")


def test_a_production_profile_is_refused_and_never_gets_software_keys(tmp_path):
    (tmp_path / "rekam").mkdir()
    (tmp_path / "rekam" / "settings.toml").write_text('profile = "production"\n', "utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "ui.cli"],
        env={
            "XDG_DATA_HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin",
            "QT_QPA_PLATFORM": "offscreen",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "KEY_REFUSED" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_region_table_is_counted_before_anyone_accepts_it(tmp_path):
    table = tmp_path / "wilayah.csv"
    table.write_text("kode,nama\n61,KALIMANTAN BARAT\n61.99,KABUPATEN BARU\n", "utf-8")
    told = run.invoke(app, ["regions", str(table)])
    assert told.exit_code == 0
    assert "added: 1" in told.output


def test_a_region_table_with_a_double_code_is_refused_with_its_line(tmp_path):
    table = tmp_path / "wilayah.csv"
    table.write_text("kode,nama\n61,A\n61,B\n", "utf-8")
    told = run.invoke(app, ["regions", str(table)])
    assert told.exit_code == 1
    assert "3" in told.output
