"""Cari: one field for NIK, name or ticket; the answer is one sentence; today's queue at the right."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.icons import State
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.button import COMPACT, KeyButton, Kind
from ui.widgets.facts import FactView, fact
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.nik_field import QueryField, QueryView
from ui.widgets.pictures import Glyph, Panel, Pictogram, rule
from ui.widgets.rows import PressRow, RowView
from ui.widgets.text import ElidedLabel, label, set_tone


@dataclass(frozen=True, slots=True)
class AnswerView:
    """The answer in one sentence; ``kind`` is 'good', 'attention', 'stop' or 'tint' (asking now)."""

    kind: str
    sentence: str
    detail: str = ""
    source: str = ""  # where the answer comes from, and when


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Who it is, and the few facts that matter before recording."""

    name: str
    line: str
    facts: tuple[FactView, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueView:
    """Today's queue."""

    date: str
    counts: tuple[tuple[str, str], ...]  # (figure, word)
    rows: tuple[RowView, ...] = ()
    all_text: str = ""  # "Lihat semua 63 orang"; '' = nothing more to see


_ANSWER_GLYPH = {
    "good": (State.DONE, "good"),
    "attention": (State.LOOK, "attention"),
    "stop": (State.STOP, "stop"),
    "tint": (State.NOW, "primary"),
}


class AnswerBand(Panel):
    """96 px: a glyph, a sentence of 28 px, the detail, where the answer comes from."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("good")
        self._theme = theme
        self._glyph = Glyph(theme, State.DONE, 48)
        self._sentence = label(theme, "", 28, 600, "good", wrap=True)
        self._long = label(theme, "", 20, 600, "good", wrap=True)
        self._detail = label(theme, "", 16, wrap=True)
        self._source = label(theme, "", 14, tone="quiet", wrap=True)
        self._source.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._source.setFixedWidth(theme.text(170))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(20)
        row.addWidget(self._glyph)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._sentence)
        words.addWidget(self._long)
        words.addWidget(self._detail)
        row.addLayout(words, 1)
        row.addWidget(self._source)
        self.setMinimumHeight(theme.text(96))

    def show_answer(self, view: AnswerView) -> None:
        """Show one answer."""
        state, tone = _ANSWER_GLYPH[view.kind]
        set_tone(self, view.kind)
        self._glyph.show_state(state)
        # A long sentence keeps the band calm at 20 px instead of filling it at 28.
        is_long = len(view.sentence) > 36
        for part, shown in ((self._sentence, not is_long), (self._long, is_long)):
            part.setText(view.sentence)
            part.setVisible(shown)
            set_tone(part, tone)
        self._detail.setText(view.detail)
        self._detail.setVisible(bool(view.detail))
        self._source.setText(view.source)
        self._source.setVisible(bool(view.source))


class QueueColumn(QWidget):
    """Today's queue: three figures, the next people, a way to all of them."""

    person_requested = Signal(str)
    all_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._date = label(theme, "", 14, tone="quiet")
        self._figures = QHBoxLayout()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._empty = label(
            theme,
            self.tr("Belum ada antrean. Cari lewat NIK atau nama."),
            16,
            tone="quiet",
            wrap=True,
        )
        self._all = KeyButton(theme, "", icon="list", kind=Kind.LINK)
        self._all.clicked.connect(self.all_requested)
        self._compose()

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 20, 8, 8)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.addWidget(label(self._theme, self.tr("Antrean hari ini"), 20, 600), 1)
        head.addWidget(self._date)
        column.addLayout(head)
        panel = Panel("ground")
        panel.setLayout(self._figures)
        self._figures.setContentsMargins(12, 8, 12, 8)
        around = QHBoxLayout()
        around.setContentsMargins(16, 0, 16, 8)
        around.addWidget(panel)
        column.addLayout(around)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self._rows)
        inner.addStretch(1)
        self._empty.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._empty)
        column.addWidget(scrolled(body), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 0, 0, 0)
        foot.addWidget(self._all)
        foot.addStretch(1)
        column.addLayout(foot)

    def show_queue(self, view: QueueView) -> None:
        """Show the figures and the people."""
        self._date.setText(view.date)
        clear_layout(self._figures)
        for number, (figure, word) in enumerate(view.counts):
            if number:
                self._figures.addWidget(rule(vertical=True))
            block = QWidget()
            lines = QVBoxLayout(block)
            lines.setContentsMargins(4, 0, 0, 0)
            lines.setSpacing(0)
            lines.addWidget(label(self._theme, figure, 28, 600))
            lines.addWidget(label(self._theme, word, 14, 500, "quiet"))
            self._figures.addWidget(block, 1)
        clear_layout(self._rows)
        for row_view in view.rows:
            row = PressRow(self._theme, row_view)
            row.clicked.connect(self._report)
            self._rows.addWidget(row)
        self._empty.setVisible(not view.rows)
        self._all.show_words(view.all_text)
        self._all.setVisible(bool(view.all_text))

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, PressRow):
            self.person_requested.emit(sender.key)


class SearchPage(Page):
    """The first page of every person."""

    query_changed = Signal(str)  # digits without blanks when it is a number, else the text as typed
    person_chosen = Signal(str)  # a row of the matches
    queue_person_requested = Signal(str)
    all_queue_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Cari")
        self.help_lines = (
            self.tr("Ketik NIK 16 angka, sebagian nama, atau nomor tiket."),
            self.tr("Jawaban muncul sendiri begitu NIK lengkap."),
            self.tr(
                "Hijau: tekan Enter untuk mulai. Kuning atau merah: baca kalimatnya kepada pemohon."
            ),
        )
        self._queue = QueueColumn(theme)
        self._queue.person_requested.connect(self.queue_person_requested)
        self._queue.all_requested.connect(self.all_queue_requested)
        self.side = self._queue
        self._field = QueryField(theme)
        self._field.setPlaceholderText(self.tr("NIK, nama, atau tiket"))
        self._field.textEdited.connect(self._report_query)
        self._answer = AnswerBand(theme)
        self._card = Panel()
        self._name = ElidedLabel(theme, "", 28, 600)
        self._line = label(theme, "", 16, tone="quiet", wrap=True)
        self._facts = QGridLayout()
        self._matches = QVBoxLayout()
        self._hint = self._made_hint()
        self._compose()
        self.clear()

    def _made_hint(self) -> Panel:
        hint = Panel()
        inside = QVBoxLayout(hint)
        inside.setContentsMargins(24, 32, 24, 32)
        inside.setSpacing(12)
        inside.addStretch(1)
        inside.addWidget(
            Pictogram(self.theme, "person", 48, "empty"), 0, Qt.AlignmentFlag.AlignCenter
        )
        for text, px, weight, tone in (
            (self.tr("Jawabannya muncul di sini"), 20, 600, "ink"),
            (self.tr("Pilih orang dari antrean, atau ketik NIK-nya."), 16, 400, "quiet"),
        ):
            line = label(self.theme, text, px, weight, tone, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(line)
        inside.addStretch(1)
        return hint

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(6)
        head.addWidget(label(self.theme, self.tr("Siapa yang direkam?"), 28, 600))
        if self.theme.text_scale < COMPACT:
            hint = self.tr("Ketik NIK, nama, atau nomor tiket")
            head.addWidget(label(self.theme, hint, 16, tone="quiet"))
        column.addLayout(head)
        column.addWidget(self._field)
        body = QWidget()
        answer = QVBoxLayout(body)
        answer.setContentsMargins(0, 0, 0, 0)
        answer.setSpacing(0)
        answer.addWidget(self._answer)
        answer.addWidget(self._card, 100)
        answer.addWidget(self._hint, 100)
        answer.addStretch(1)  # an answer about nobody stays a band at the top
        column.addWidget(scrolled(body), 1)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(24, 24, 24, 20)
        inside.setSpacing(4)
        inside.addWidget(self._name)
        inside.addWidget(self._line)
        inside.addSpacing(16)
        self._facts.setHorizontalSpacing(24)
        self._facts.setVerticalSpacing(16)
        self._facts.setColumnStretch(0, 1)
        self._facts.setColumnStretch(1, 1)
        inside.addLayout(self._facts)
        self._matches.setSpacing(0)
        inside.addLayout(self._matches)
        inside.addStretch(1)

    def first_focus(self) -> QWidget:
        """Begin in the field."""
        return self._field

    @property
    def field(self) -> QueryField:
        """The field, for those who type into it from outside."""
        return self._field

    def clear(self) -> None:
        """Empty the field and the answer."""
        self._field.clear()
        self.show_query(QueryView())
        self.show_nothing()

    def show_text(self, text: str) -> None:
        """Put text into the field as if it had been typed."""
        self._field.setText(text)

    def show_query(self, view: QueryView) -> None:
        """Show how the field reads what was typed."""
        self._field.show_query(view)

    def show_nothing(self) -> None:
        """Show no answer yet."""
        self._answer.hide()
        self._card.hide()
        self._hint.show()

    def show_answer(self, view: AnswerView) -> None:
        """Show the answer's sentence."""
        self._hint.hide()
        self._answer.show()
        self._join()
        self._answer.show_answer(view)

    def show_person(self, card: PersonCard | None) -> None:
        """Show who it is below the answer; None when the answer has nobody to show."""
        self._card.setVisible(card is not None)
        self._join()
        clear_layout(self._matches)
        clear_layout(self._facts)
        if card is None:
            return
        self._hint.hide()
        self._name.setText(card.name)
        self._line.setText(card.line)
        self._line.setVisible(bool(card.line))
        for number, view in enumerate(card.facts):
            self._facts.addWidget(fact(self.theme, view), number // 2, number % 2)

    def show_matches(self, title: str, rows: tuple[RowView, ...]) -> None:
        """Show several people a name or ticket stands for; one is to be chosen."""
        self._answer.hide()
        self.show_person(PersonCard(title, ""))
        for view in rows:
            row = PressRow(self.theme, view)
            row.clicked.connect(self._report_match)
            self._matches.addWidget(row)

    def show_queue(self, view: QueueView) -> None:
        """Show today's queue at the right."""
        self._queue.show_queue(view)

    def _join(self) -> None:
        """Let band and card touch when both are there."""
        both = not self._answer.isHidden() and not self._card.isHidden()
        for part, side in ((self._answer, "above"), (self._card, "below")):
            part.setProperty("joined", side if both else "")
            part.style().unpolish(part)
            part.style().polish(part)

    def _report_query(self, text: str) -> None:
        bare = text.replace(" ", "").replace(".", "")
        if bare.isdigit():
            if bare != text:
                self._field.setText(bare)
            self.query_changed.emit(bare)
        else:
            self.query_changed.emit(text.strip())

    def _report_match(self) -> None:
        sender = self.sender()
        if isinstance(sender, PressRow):
            self.person_chosen.emit(sender.key)
