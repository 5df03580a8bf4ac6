"""Selesai: saved, the code to take home, what happens next."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.icons import State
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import Glyph, Panel, rule
from ui.widgets.qr import QrCode
from ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class DoneView:
    """What was saved and what the applicant takes home."""

    name: str
    nik: str
    code: str
    qr: str
    saved: str
    next_lines: tuple[str, ...]
    packet_line: str
    ticket: str = ""


class DonePage(Page):
    """The big check at the left, the receipt at the right."""

    with_coach = False

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Selesai")
        self.help_lines = (
            self.tr("Rekaman sudah tersimpan di meja ini dan disegel."),
            self.tr("F7 mencetak tanda terima; F8 menyimpannya sebagai PDF."),
            self.tr("Enter: orang berikutnya."),
        )
        self._saved = label(theme, "", 28, 600, "good", wrap=True)
        self._name = label(theme, "", 28, 600, wrap=True)
        self._nik = label(theme, "", 20, 500, "quiet", spacing=1.0)
        self._next = QVBoxLayout()
        self._packet = label(theme, "", 14, tone="quiet", wrap=True)
        self._code = label(theme, "", 40, 600, spacing=1.0)
        self._ticket = label(theme, "", 16, tone="quiet")
        self._qr = QrCode(theme, 232)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 24, 24, 24)
        row.setSpacing(24)
        row.addWidget(self._made_left(), 1)
        row.addWidget(self._made_receipt())

    def _made_left(self) -> QWidget:
        panel, body = Panel(), QWidget()
        around = QVBoxLayout(panel)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scrolled(body))
        column = QVBoxLayout(body)
        column.setContentsMargins(40, 20, 40, 20)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(Glyph(self.theme, State.DONE, 96 if self.theme.text_scale <= 1.1 else 64))
        column.addSpacing(12)
        column.addWidget(self._saved)
        column.addSpacing(12)
        column.addWidget(self._name)
        column.addWidget(self._nik)
        column.addSpacing(20)
        column.addWidget(rule())
        column.addSpacing(12)
        column.addWidget(label(self.theme, self.tr("Selanjutnya"), 14, 500, "quiet"))
        column.addLayout(self._next)
        column.addStretch(2)
        column.addWidget(self._packet)
        return panel

    def _made_receipt(self) -> QWidget:
        panel = Panel()
        panel.setFixedWidth(self.theme.wide(344))
        column = QVBoxLayout(panel)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(1)
        column.addWidget(label(self.theme, self.tr("Tanda terima"), 20, 600), 0, centre)
        column.addWidget(self._qr, 0, centre)
        column.addWidget(self._code, 0, centre)
        note = label(
            self.theme, self.tr("Sebutkan kode ini di loket."), 16, tone="quiet", wrap=True
        )
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(note)
        column.addWidget(self._ticket, 0, centre)
        free = Panel("good")
        inside = QVBoxLayout(free)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.setSpacing(0)
        for text, px, weight, tone in (
            (self.tr("GRATIS"), 20, 600, "good"),
            (self.tr("Tidak dipungut biaya apa pun."), 14, 400, "ink"),
        ):
            words = label(self.theme, text, px, weight, tone, wrap=True)
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(words)
        column.addSpacing(8)
        column.addWidget(free)
        column.addStretch(1)
        return panel

    def show_done(self, view: DoneView) -> None:
        """Show one sealed record."""
        self._saved.setText(view.saved)
        self._name.setText(view.name)
        self._nik.setText(view.nik)
        self._packet.setText(view.packet_line)
        self._code.setText(view.code)
        # The code keeps its column: a longer code gets smaller letters.
        for px in (40, 28, 20):
            self._code.setFont(self.theme.font(px, 600, spacing=1.0))
            if self._code.sizeHint().width() <= self.theme.wide(344) - 48:
                break
        self._qr.show_text(view.qr)
        self._ticket.setText(self.tr("Tiket {ticket}").format(ticket=view.ticket))
        self._ticket.setVisible(bool(view.ticket))
        clear_layout(self._next)
        self._next.setSpacing(8)
        for number, line in enumerate(view.next_lines, 1):
            block = QWidget()
            row = QHBoxLayout(block)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(16)
            row.addWidget(
                label(self.theme, str(number), 20, 600, "primary"), 0, Qt.AlignmentFlag.AlignTop
            )
            row.addWidget(label(self.theme, line, 20, wrap=True), 1)
            self._next.addWidget(block)
