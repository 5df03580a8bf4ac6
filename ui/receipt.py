"""The receipt the applicant takes home: one document for A6 and for paper 80 mm wide."""

import datetime as dt
import html
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import segno
from PySide6.QtCore import QCoreApplication, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import (
    QImage,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)

from ui.pages.done import DoneView

_MM: Final = 72 / 25.4
A6: Final = "A6"
ROLL_80: Final = "80mm"
# Paper and printable width in millimetres; the roll is as long as its text.
_WIDTHS: Final = {A6: (105.0, 93.0), ROLL_80: (80.0, 72.0)}


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Where, at which desk, by whom and when (in the office's zone)."""

    office: str
    desk: str
    operator: str
    at: dt.datetime


def _tr(text: str) -> str:
    return QCoreApplication.translate("receipt", text)


def _qr_image(text: str) -> QImage:
    """Return a QR code, error correction M, four modules of quiet zone."""
    stream = io.BytesIO()
    segno.make_qr(text, error="m").save(stream, kind="png", scale=8, border=4)
    return QImage.fromData(stream.getvalue())


def _moment(at: dt.datetime) -> str:
    months = _tr(
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    )
    return (
        f"{at.day} {months.split()[at.month - 1]} {at.year}, {at:%H.%M} {at.tzname() or ''}".strip()
    )


def render_receipt(view: DoneView, facts: ReceiptFacts) -> QTextDocument:
    """Return the receipt: who, the short code with its QR, what comes next, and that it costs nothing.

    Long names wrap. The QR is a picture resource of the document; sizes are points.
    """
    document = QTextDocument()
    document.addResource(
        QTextDocument.ResourceType.ImageResource, QUrl("qr.png"), _qr_image(view.qr)
    )
    document.setDefaultStyleSheet(
        "body { font-family: Inter, sans-serif; font-size: 8.5pt; color: #000; }"
        "p { margin: 0 0 3pt 0; } .head { font-size: 11pt; font-weight: 600; }"
        ".name { font-size: 10pt; font-weight: 600; } .code { font-size: 17pt; font-weight: 600; }"
        ".free { font-size: 12pt; font-weight: 600; } .small { font-size: 7pt; }"
    )
    document.setDocumentMargin(0)
    safe = html.escape
    lines = "".join(
        f"<p>{number}. {safe(line)}</p>" for number, line in enumerate(view.next_lines, 1)
    )
    ticket = f"<p>{safe(_tr('Nomor tiket'))}: {safe(view.ticket)}</p>" if view.ticket else ""
    document.setHtml(
        f"<body><p class='head'>{safe(_tr('Tanda terima perekaman KTP-el'))}</p>"
        f"<p>{safe(facts.office)} · {safe(facts.desk)}</p>"
        f"<p>{safe(_moment(facts.at))}</p><hr/>"
        f"<p class='name'>{safe(_breakable(view.name))}</p><p>NIK {safe(view.nik)}</p>{ticket}"
        f"<p align='center'><img src='qr.png' width='104' height='104'/></p>"
        f"<p align='center' class='code'>{safe(view.code)}</p>"
        f"<p><b>{safe(view.saved)}</b></p>{lines}<hr/>"
        f"<p class='free'>{safe(_tr('GRATIS'))}</p>"
        f"<p>{safe(_tr('Perekaman dan penerbitan KTP-el tidak dipungut biaya.'))}</p>"
        f"<p class='small'>{safe(view.packet_line)}<br/>"
        f"{safe(_tr('Petugas'))}: {safe(facts.operator)}</p></body>"
    )
    return document


def _breakable(name: str) -> str:
    """Return a name in which even one very long word may break (zero width spaces every 16 letters)."""
    return " ".join(
        "\u200b".join(word[i : i + 16] for i in range(0, len(word), 16)) for word in name.split()
    )


def _laid_out(document: QTextDocument, size: str) -> tuple[QTextDocument, QPageSize, float]:
    """Return a copy set to the paper's width, its page, and the margin in millimetres."""
    paper, width = _WIDTHS[size]
    copy = document.clone()
    copy.addResource(
        QTextDocument.ResourceType.ImageResource,
        QUrl("qr.png"),
        document.resource(QTextDocument.ResourceType.ImageResource, QUrl("qr.png")),
    )
    margin = (paper - width) / 2
    copy.setTextWidth(width * _MM)
    if size == A6:
        return copy, QPageSize(QPageSize.PageSizeId.A6), margin
    height = copy.size().height() / _MM + 2 * margin
    page = QPageSize(QSizeF(paper, height), QPageSize.Unit.Millimeter, "80mm")
    return copy, page, margin


def save_pdf(document: QTextDocument, path: Path, size: str = A6) -> None:
    """Write the receipt as a PDF, ``size`` A6 or ROLL_80; OSError when the file cannot be written."""
    copy, page, margin = _laid_out(document, size)
    writer = QPdfWriter(str(path))
    writer.setTitle(_tr("Tanda terima perekaman KTP-el"))
    writer.setResolution(300)
    writer.setPageSize(page)
    writer.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout.Unit.Millimeter)
    copy.print_(writer)
    if not path.exists() or path.stat().st_size == 0:
        raise OSError(f"receipt not written: {path}")


def print_document(document: QTextDocument) -> bool:
    """Print on the machine's default printer without a dialog; return False when there is none."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    chosen = QPrinterInfo.defaultPrinter()
    if chosen.isNull():
        return False
    printer = QPrinter(chosen, QPrinter.PrinterMode.HighResolution)
    narrow = printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter).width() <= 82
    copy, page, margin = _laid_out(document, ROLL_80 if narrow else A6)
    printer.setPageSize(page)
    printer.setPageMargins(QMarginsF(margin, margin, margin, margin), QPageLayout.Unit.Millimeter)
    copy.print_(printer)
    return printer.printerState() is not QPrinter.PrinterState.Error
