"""The receipt: what it says, on both papers, also for the longest name."""

import datetime as dt

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument

from tests.robots.steps import LONG, done_view
from ui.receipt import A6, ROLL_80, ReceiptFacts, print_document, render_receipt, save_pdf

FACTS = ReceiptFacts(
    "Kec. Sambas", "Meja 07", "rina",
    dt.datetime(2026, 11, 22, 14, 5, tzinfo=dt.timezone(dt.timedelta(hours=7), "WIB")),
)  # fmt: skip


@pytest.fixture
def receipt(theme):
    return render_receipt(done_view(worst=True), FACTS)


def test_the_receipt_says_who_where_what_next_and_that_it_is_free(receipt):
    text = receipt.toPlainText().replace("\u200b", "")
    for words in (LONG, "610101 520309 0003", "7KQ-4MX", "GRATIS", "Meja 07", "Kec. Sambas",
                  "22 November 2026, 14.05 WIB", "Tersimpan dan disegel", "A-063", "rina"):  # fmt: skip
        assert words in text


def test_the_receipt_carries_its_code_as_a_picture(receipt):
    picture = receipt.resource(QTextDocument.ResourceType.ImageResource, QUrl("qr.png"))
    assert not picture.isNull()
    assert picture.width() == picture.height() > 150


@pytest.mark.parametrize(("size", "width_mm"), [(A6, 105), (ROLL_80, 80)])
def test_the_longest_name_stays_on_one_page_of_either_paper(receipt, tmp_path, size, width_mm):
    path = tmp_path / "tanda.pdf"
    save_pdf(receipt, path, size)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page\n") == 1
    box = data.split(b"/MediaBox [")[1].split(b"]")[0].split()
    assert abs(float(box[2]) * 25.4 / 72 - width_mm) < 1


def test_even_one_word_of_60_letters_wraps(theme):
    from dataclasses import replace

    document = render_receipt(replace(done_view(), name="W" * 60), FACTS)
    document.setTextWidth(72 / 25.4 * 96)
    assert document.idealWidth() <= 72 / 25.4 * 96 + 1


def test_a_folder_that_is_not_there_is_an_error(receipt, tmp_path):
    with pytest.raises(OSError, match="receipt"):
        save_pdf(receipt, tmp_path / "none" / "tanda.pdf")


def test_without_a_printer_nothing_is_printed(receipt, monkeypatch):
    monkeypatch.setattr(
        "PySide6.QtPrintSupport.QPrinterInfo.defaultPrinter",
        staticmethod(lambda: __import__("PySide6.QtPrintSupport", fromlist=["x"]).QPrinterInfo()),
    )
    assert print_document(receipt) is False
