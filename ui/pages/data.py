"""Data: what SIAK says, large and read-only, in the order of the card."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.icons import State
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.backdrop import backdrop_colour
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import ColourPatch, Glyph, Panel, Pictogram, rule
from ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class DataRow:
    """One line of the card."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class DataView:
    """Everything the register says that the operator may see."""

    name: str
    nik: str
    rows: tuple[DataRow, ...] = ()
    notes: tuple[str, ...] = ()  # attention lines
    backdrop: str = ""  # "red", "blue", "orange" or ""
    backdrop_text: str = ""
    card_text: str = ""


class DataPage(Page):
    """One card with the person's data; the notes above it, what follows below it."""

    with_coach = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Data")
        self.help_lines = (
            self.tr("Bacakan data ini bersama pemohon. Layar ini hanya menampilkan data SIAK."),
            self.tr("Benar: tekan Enter. Ada yang salah: tekan F8, data diperbaiki di loket SIAK."),
        )
        self._notes = QVBoxLayout()
        self._name = label(theme, "", 28, 600, wrap=True)
        self._nik = label(theme, "", 20, 500, "quiet", spacing=1.0)
        self._nik.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self._rows = QGridLayout()
        self._patch = ColourPatch("#FFFFFF", theme.text(24))
        self._backdrop = label(theme, "", 16, 500, wrap=True)
        self._card = label(theme, "", 16, 500, wrap=True)
        self._compose()

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addLayout(self._notes)
        card, inside = Panel(), QWidget()
        around = QVBoxLayout(card)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scrolled(inside))
        body = QVBoxLayout(inside)
        body.setContentsMargins(24, 20, 24, 20)
        body.setSpacing(4)
        body.addWidget(self._name)
        body.addWidget(self._nik)
        body.addSpacing(12)
        body.addWidget(rule())
        body.addSpacing(8)
        self._rows.setHorizontalSpacing(24)
        self._rows.setVerticalSpacing(0)
        self._rows.setColumnMinimumWidth(0, self.theme.text(150))
        self._rows.setColumnStretch(1, 1)
        body.addLayout(self._rows)
        body.addStretch(1)
        column.addWidget(card, 1)
        column.addWidget(self._made_foot())

    def _made_foot(self) -> Panel:
        foot = Panel()
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(12)
        row.addWidget(self._patch)
        row.addWidget(self._backdrop, 2)
        row.addWidget(rule(vertical=True))
        row.addSpacing(4)
        row.addWidget(Pictogram(self.theme, "card", 24, "primary"))
        row.addWidget(self._card, 3)
        foot.setMinimumHeight(self.theme.text(64))
        return foot

    def show_data(self, view: DataView) -> None:
        """Show one person's data."""
        self._name.setText(view.name)
        self._nik.setText(view.nik)
        self._nik.setAccessibleName(self.tr("NIK {nik}").format(nik=view.nik))
        self._backdrop.setText(view.backdrop_text)
        self._backdrop.setVisible(bool(view.backdrop_text))
        self._patch.show_colour(backdrop_colour(view.backdrop))
        self._patch.setVisible(bool(view.backdrop))
        self._card.setText(view.card_text)
        clear_layout(self._rows)
        for number, row in enumerate(view.rows):
            for column, (text, tone, weight) in enumerate(
                ((row.label, "quiet", 400), (row.value, "ink", 500))
            ):
                words = label(self.theme, text, 16, weight, tone, wrap=True)
                words.setMinimumHeight(self.theme.text(34))
                words.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
                if column:
                    words.setAccessibleName(f"{row.label}: {row.value}")
                self._rows.addWidget(words, number, column)
        clear_layout(self._notes)
        for text in view.notes:
            self._notes.addWidget(self._note(text))

    def _note(self, text: str) -> Panel:
        panel = Panel("attention")
        row = QHBoxLayout(panel)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        row.addWidget(Glyph(self.theme, State.LOOK), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(self.theme, text, 16, 500, wrap=True), 1)
        return panel
