"""Pengiriman: the line now, what still waits, the oldest of it, and each packet's own bar."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.icons import State
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.bar import Bar
from ui.widgets.button import KeyButton
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import Glyph, Panel, rule
from ui.widgets.text import ElidedLabel, label


@dataclass(frozen=True, slots=True)
class LineView:
    """The line to the centre in words; ``detail`` holds speed or since when."""

    state: State
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FigureView:
    """One figure of the strip: caption, figure, unit."""

    caption: str
    figure: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PacketRow:
    """One packet on its way; ``fraction`` is what the centre already holds."""

    key: str
    code: str
    sealed: str
    size: str
    state: State
    state_text: str
    note: str = ""
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class OutboxView:
    """The whole page at one moment."""

    line: LineView
    figures: tuple[FigureView, ...]
    rows: tuple[PacketRow, ...] = ()
    paused: bool = False


_TONES = {State.DONE: "good", State.LOOK: "attention", State.STOP: "stop"}


class _Packet(QWidget):
    """One row of 64 px; rebuilt never, only filled."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setMinimumHeight(theme.text(64))
        self._glyph = Glyph(theme)
        self._code = label(theme, "", 16, 600)
        self._sealed = label(theme, "", 14, tone="quiet")
        self._state = ElidedLabel(theme, "", 16, 500)
        self._note = ElidedLabel(theme, "", 14, tone="quiet")
        self._bar = Bar(theme)
        self._percent = label(theme, "", 14, 500, "quiet")
        self._size = label(theme, "", 16, 500)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 0)
        row.setSpacing(16)
        row.addWidget(self._glyph)
        row.addLayout(_pair(self._code, self._sealed, theme.text(120)))
        row.addLayout(_pair(self._state, self._note, 0), 3)
        row.addWidget(self._bar, 2)
        row.addWidget(self._percent)
        row.addWidget(self._size)
        for part, width in ((self._percent, 48), (self._size, 90)):
            part.setFixedWidth(theme.text(width))
            part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_packet(self, view: PacketRow) -> None:
        """Show one packet."""
        self._glyph.show_state(view.state)
        self._code.setText(view.code)
        self._sealed.setText(view.sealed)
        self._state.setText(view.state_text)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        self._bar.show_fraction(view.fraction, _TONES.get(view.state, "primary"))
        self._percent.setText(f"{view.fraction:.0%}".replace("%", " %"))
        self._size.setText(view.size)


def _pair(upper: QWidget, lower: QWidget, width: int) -> QVBoxLayout:
    pair = QVBoxLayout()
    pair.setSpacing(2)
    pair.addStretch(1)
    pair.addWidget(upper)
    pair.addWidget(lower)
    pair.addStretch(1)
    for part in (upper, lower):
        if width:
            part.setFixedWidth(width)
    return pair


class OutboxPage(Page):
    """What waits to be sent, and how it goes."""

    pause_requested = Signal(bool)  # True = stop sending

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Pengiriman")
        self.help_lines = (
            self.tr("Paket dikirim sendiri. Jaringan putus tidak menghilangkan apa pun."),
            self.tr("Kiriman yang putus diteruskan dari tempatnya berhenti."),
            self.tr(
                "Jaringan lama mati? Rekam terus; panggil pengawas bila sehari belum tersambung."
            ),
        )
        self._paused = False
        self._line_glyph = Glyph(theme, State.DONE, 32)
        self._line = label(theme, "", 20, 600, wrap=True)
        self._line_detail = label(theme, "", 14, tone="quiet", wrap=True)
        self._figures = QHBoxLayout()
        self._pause = KeyButton(theme, self.tr("Jeda kirim"), icon="pause")
        self._pause.clicked.connect(self._ask_pause)
        self._packets: list[_Packet] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._empty = self._made_empty()
        self._compose()

    def _made_empty(self) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.addStretch(1)
        column.addWidget(Glyph(self.theme, State.DONE, 48), 0, Qt.AlignmentFlag.AlignCenter)
        words = label(self.theme, self.tr("Semua paket sudah diterima pusat"), 20, 600)
        column.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        return block

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(label(self.theme, self.title, 28, 600), 1)
        head.addWidget(self._pause)
        column.addLayout(head)
        strip = Panel()
        row = QHBoxLayout(strip)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(16)
        row.addWidget(self._line_glyph)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._line)
        words.addWidget(self._line_detail)
        row.addLayout(words, 2)
        self._figures.setSpacing(24)
        row.addLayout(self._figures, 3)
        strip.setMinimumHeight(self.theme.text(96))
        column.addWidget(strip)
        panel = Panel()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, 1, 1, 1)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 4, 0, 4)
        rows.addLayout(self._list)
        rows.addStretch(1)
        self._scroll = scrolled(body)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._scroll.setAccessibleName(self.tr("Paket yang menunggu"))
        inside.addWidget(self._scroll, 1)
        inside.addWidget(self._empty, 1)
        column.addWidget(panel, 1)

    def show_outbox(self, view: OutboxView) -> None:
        """Show line, figures and packets; packets that stay keep their rows."""
        self._line_glyph.show_state(view.line.state)
        self._line.setText(view.line.text)
        self._line_detail.setText(view.line.detail)
        self._show_figures(view.figures)
        self._show_switch(paused=view.paused)
        self._show_packets(view.rows)

    def _show_figures(self, figures: tuple[FigureView, ...]) -> None:
        clear_layout(self._figures)
        for figure in figures:
            self._figures.addWidget(rule(vertical=True))
            block = QWidget()
            column = QVBoxLayout(block)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(label(self.theme, figure.caption, 14, 500, "quiet"))
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(
                label(self.theme, figure.figure, 28, 600), 0, Qt.AlignmentFlag.AlignBaseline
            )
            line.addWidget(
                label(self.theme, figure.unit, 14, 500, "quiet"), 1, Qt.AlignmentFlag.AlignBaseline
            )
            column.addLayout(line)
            self._figures.addWidget(block, 1)

    def _show_switch(self, *, paused: bool) -> None:
        self._paused = paused
        if paused:
            self._pause.show_words(self.tr("Lanjutkan kirim"), icon="play")
        else:
            self._pause.show_words(self.tr("Jeda kirim"), icon="pause")

    def _show_packets(self, rows: tuple[PacketRow, ...]) -> None:
        while len(self._packets) < len(rows):
            packet = _Packet(self.theme)
            self._packets.append(packet)
            self._list.addWidget(packet)
        for number, packet in enumerate(self._packets):
            packet.setVisible(number < len(rows))
            if number < len(rows):
                packet.show_packet(rows[number])
        self._scroll.setVisible(bool(rows))
        self._empty.setVisible(not rows)

    def _ask_pause(self) -> None:
        self.pause_requested.emit(not self._paused)
