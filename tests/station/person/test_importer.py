"""The import of the full region table: strict, complete, and nothing is ever lost."""

import datetime as dt
import time

import pytest

from station.errors import MasterDataRefused
from station.person.bundle import load_demo_bundle
from station.person.importer import import_regions, read_rows
from station.person.regions import Known, Level

RUNNING = load_demo_bundle().regions
SMALL = "kode,nama\n61,Kalimantan Barat\n61.01,Kabupaten Sambas\n"


def imported(text, running=RUNNING):
    return import_regions(
        text.encode(),
        running,
        version="2026001",
        decree="Kepmendagri 1 Tahun 2026",
        valid_from=dt.date(2026, 1, 1),
        coverage={"": Level.VILLAGE},
    )


def full_table():
    """A table of the real size: 38 provinces, 514 kab/kota, 7,285 kecamatan, 83,762 villages."""
    provinces = [f"{11 + n}" for n in range(38)]
    regencies = [f"{provinces[n % 38]}.{n // 38 + 1:02d}" for n in range(514)]
    districts = [f"{regencies[n % 514]}.{n // 514 + 1:02d}" for n in range(7285)]
    villages = [f"{districts[n % 7285]}.{2001 + n // 7285}" for n in range(83762)]
    codes = [*provinces, *regencies, *districts, *villages]
    return "kode,nama\n" + "".join(f"{code},Nama {code}\n" for code in codes)


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("", "HEADER", 1),
        ("code,name\n61,X\n", "HEADER", 1),
        ("kode;nama\n61;X\n", "HEADER", 1),
        ("kode,nama\n", "EMPTY", 1),
        (SMALL + "61.1,Pendek\n", "CODE", 4),
        (SMALL + "6101,Tanpa titik\n", "CODE", 4),
        (SMALL + "６1.02,Lebar\n", "CODE", 4),
        (SMALL + "61.02\n", "COLUMNS", 4),
        (SMALL + "61.02,\n", "COLUMNS", 4),
        (SMALL + "61.02,A,B\n", "COLUMNS", 4),
        (SMALL + "61.01,Lagi\n", "DUPLICATE", 4),
        (SMALL + "61.02.01,Yatim\n", "NO_PARENT", 4),
        (SMALL + "\n", "COLUMNS", 4),
        (SMALL + '61.02,"Terbuka\n', "NOT_CSV", 4),
    ],
)
def test_a_bad_row_is_refused_with_its_line(text, reason, line):
    with pytest.raises(MasterDataRefused) as caught:
        imported(text)
    assert caught.value.facts["reason"] == reason
    assert caught.value.facts["line"] == line


def test_a_table_that_is_not_utf8_is_refused():
    with pytest.raises(MasterDataRefused) as caught:
        read_rows(b"kode,nama\n61,Kalimantan\xff\n")
    assert caught.value.facts["reason"] == "NOT_UTF8"


def test_a_parent_may_stand_below_its_child():
    rows = read_rows(b"kode,nama\n61.01,Kabupaten Sambas\n61,Kalimantan Barat\n")
    assert list(rows) == ["61.01", "61"]


def test_counts_are_known_before_the_table_is_taken():
    text = SMALL.replace("Kabupaten Sambas", "Kabupaten Sambas Baru") + "61.15,Kabupaten Baru\n"
    report = imported(text)
    assert report.added == ("61.15",)
    assert report.renamed == ("61.01",)
    assert report.counts["retired"] == 82 - 2
    assert RUNNING.name("61.01") == "Kabupaten Sambas"


def test_a_code_that_disappears_is_retired_with_its_name_and_never_deleted():
    table = imported(SMALL).table
    assert table.knows("61.01.04") is Known.RETIRED
    assert table.name("61.01.04") == "Tebas"
    assert table.knows("91.90.01") is Known.RETIRED
    assert {row.code for row in RUNNING} <= {row.code for row in table}


def test_a_retired_code_can_come_back():
    gone = imported(SMALL).table
    back = imported(SMALL + "61.02,Kabupaten Mempawah\n", gone)
    assert back.revived == ("61.02",)
    assert back.table.knows("61.02") is Known.CURRENT


def test_the_full_size_is_read_in_a_few_seconds():
    text = full_table()
    start = time.perf_counter()
    report = imported(text)
    took = time.perf_counter() - start
    assert sum(not row.retired for row in report.table) == 91_599
    assert took < 5.0
