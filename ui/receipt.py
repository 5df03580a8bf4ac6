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
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from ui.pages.done import DoneView

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


translate = QCoreApplication.translate


def _qr_image(text: str) -> QImage:
    """Return a QR code, error correction M, four modules of quiet zone."""
    stream = io.BytesIO()
    segno.make_qr(text, error="m").save(stream, kind="png", scale=8, border=4)
    return QImage.fromData(stream.getvalue())


def _moment(at: dt.datetime) -> str:
    months = translate(
        "receipt",
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
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
        ".free { font-size: 12pt; font-weight: 600; } .small { font-size: 7pt; } .saved { font-weight: 600; }"
    )
    document.setDocumentMargin(0)
    safe = html.escape
    lines = "".join(
        f"<p>{number}. {safe(line)}</p>" for number, line in enumerate(view.next_lines, 1)
    )
    ticket = (
        f"<p>{safe(translate('receipt', 'Nomor tiket'))}: {safe(view.ticket)}</p>"
        if view.ticket
        else ""
    )
    document.setHtml(
        f"<body><p class='head'>{safe(translate('receipt', 'Tanda terima perekaman KTP-el'))}</p>"
        f"<p>{safe(facts.office)} · {safe(facts.desk)}</p>"
        f"<p>{safe(_moment(facts.at))}</p><hr/>"
        f"<p class='name'>{safe(_breakable(view.name))}</p><p>NIK {safe(view.nik)}</p>{ticket}"
        f"<p align='center'><img src='qr.png' width='104' height='104'/></p>"
        f"<p align='center' class='code'>{safe(view.code)}</p>"
        f"<p class='saved'>{safe(view.saved)}</p>{lines}<hr/>"
        f"<p class='free'>{safe(translate('receipt', 'GRATIS'))}</p>"
        f"<p>{safe(translate('receipt', 'Perekaman dan penerbitan KTP-el tidak dipungut biaya.'))}</p>"
        f"<p class='small'>{safe(view.packet_line)}<br/>"
        f"{safe(translate('receipt', 'Petugas'))}: {safe(facts.operator)}</p></body>"
    )
    return document


def _breakable(name: str) -> str:
    """Return a name in which even one very long word may break (zero width spaces every 16 letters)."""
    return " ".join(
        "\u200b".join(word[i : i + 16] for i in range(0, len(word), 16)) for word in name.split()
    )


def _laid_out(document: QTextDocument, device: QPagedPaintDevice, size: str) -> QTextDocument:
    """Set the page of a device at rest and return a copy laid out for it, as wide as its paper prints.

    The roll's page is as long as the text; on A6 a longer text is drawn smaller, never on a second page.
    """
    paper, width = _WIDTHS[size]
    margin = (paper - width) / 2
    copy = document.clone()
    qr = QUrl("qr.png")
    kind = QTextDocument.ResourceType.ImageResource
    copy.addResource(kind, qr, document.resource(kind, qr))
    copy.documentLayout().setPaintDevice(device)
    copy.setTextWidth(width / 25.4 * device.logicalDpiX())
    page = QPageSize(QPageSize.PageSizeId.A6)
    if size == ROLL_80:
        height = copy.size().height() / device.logicalDpiY() * 25.4 + 2 * margin
        page = QPageSize(
            QSizeF(paper, height),
            QPageSize.Unit.Millimeter,
            "80mm",
            QPageSize.SizeMatchPolicy.ExactMatch,
        )
    device.setPageLayout(
        QPageLayout(
            page,
            QPageLayout.Orientation.Portrait,
            QMarginsF(margin, margin, margin, margin),
            QPageLayout.Unit.Millimeter,
        )
    )
    return copy


def _paint(copy: QTextDocument, device: QPagedPaintDevice) -> bool:
    painter = QPainter()
    if not painter.begin(device):
        return False
    room = painter.viewport().height()
    scale = min(1.0, room / max(1.0, copy.size().height()))
    painter.scale(scale, scale)
    copy.drawContents(painter)
    return painter.end()


def save_pdf(document: QTextDocument, path: Path, size: str = A6) -> None:
    """Write the receipt as a PDF, ``size`` A6 or ROLL_80; OSError when the file cannot be written."""
    if not path.parent.is_dir():
        message = f"no folder for the receipt: {path.parent.name}"
        raise OSError(message)
    writer = QPdfWriter(str(path))
    writer.setTitle(translate("receipt", "Tanda terima perekaman KTP-el"))
    writer.setResolution(300)
    if not _paint(_laid_out(document, writer, size), writer):
        message = f"receipt not written: {path.name}"
        raise OSError(message)


def print_document(document: QTextDocument) -> bool:
    """Print on the machine's default printer without a dialog; return False when there is none."""
    from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

    chosen = QPrinterInfo.defaultPrinter()
    if chosen.isNull():
        return False
    printer = QPrinter(chosen, QPrinter.PrinterMode.HighResolution)
    narrow = printer.pageLayout().pageSize().size(QPageSize.Unit.Millimeter).width() <= 82
    return _paint(_laid_out(document, printer, ROLL_80 if narrow else A6), printer)
