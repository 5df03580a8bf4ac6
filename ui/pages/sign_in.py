"""Masuk: operator and PIN; the machine's morning check runs beside it."""

from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.icons import State
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.coach import CheckRow, CheckView
from ui.widgets.layouts import clear_layout, scrolled_column
from ui.widgets.pictures import Glyph, Panel
from ui.widgets.text import label, set_tone


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed; the PIN is handed over once and not kept on the page."""

    operator: str
    pin: str

    def __repr__(self) -> str:
        """Keep the PIN out of logs."""
        return f"Credentials(operator={self.operator!r})"


@dataclass(frozen=True, slots=True)
class MorningCheck:
    """The self-check: each line a state, a word and a note; ``verdict`` sums it up."""

    verdict: str
    verdict_state: State
    rows: tuple[CheckView, ...]
    note: str = ""  # said quietly below: nothing is wrong


class CheckColumn(QWidget):
    """The morning check at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._glyph = Glyph(theme, State.NOW, 32)
        self._verdict = label(theme, "", 16, 600, wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column = QVBoxLayout(scrolled_column(self))
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(16)
        column.addWidget(label(theme, self.tr("Pemeriksaan pagi"), 20, 600, wrap=True))
        self._box = Panel("tint")
        inside = QHBoxLayout(self._box)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(12)
        inside.addWidget(self._glyph)
        inside.addWidget(self._verdict, 1)
        column.addWidget(self._box)
        column.addLayout(self._rows)
        self._note = label(theme, "", 14, 500, "quiet", wrap=True)
        column.addWidget(self._note)
        column.addStretch(1)

    def show_check(self, view: MorningCheck) -> None:
        """Show the check as far as it is."""
        kinds = {State.DONE: "good", State.LOOK: "attention", State.STOP: "stop"}
        kind = kinds.get(view.verdict_state, "tint")
        set_tone(self._box, kind)
        set_tone(self._verdict, "primary" if kind == "tint" else kind)
        self._glyph.show_state(view.verdict_state)
        self._verdict.setText(view.verdict)
        self._note.setText(view.note)
        self._note.setVisible(bool(view.note))
        clear_layout(self._rows)
        for check in view.rows:
            row = CheckRow(self._theme)
            row.show_check(check)
            self._rows.addWidget(row)


class SignInPage(Page):
    """The first page of the day."""

    changed = Signal()  # something was typed; whether it is complete says ``complete``

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Masuk")
        self.help_lines = (
            self.tr("Ketik nama petugas dan PIN, lalu tekan Enter."),
            self.tr("Pemeriksaan pagi harus hijau sebelum orang pertama."),
            self.tr("Lupa PIN? Pengawas dapat menggantinya."),
        )
        self._checks = CheckColumn(theme)
        self.side = self._checks
        self._desk = label(theme, "", 16, tone="quiet", wrap=True)
        self._operator = self._made_field(self.tr("Petugas"))
        self._pin = self._made_field("PIN")
        self._pin.setEchoMode(QLineEdit.EchoMode.Password)
        self._pin.setInputMethodHints(
            Qt.InputMethodHint.ImhDigitsOnly | Qt.InputMethodHint.ImhSensitiveData
        )
        self._pin.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d{0,12}"), self))
        self._refusal = label(theme, "", 16, 500, "stop", wrap=True)
        self._heading = label(theme, self.tr("Selamat pagi"), 40, 600, wrap=True)
        self._compose()
        self.show_refusal("")

    def _made_field(self, name: str) -> QLineEdit:
        field = QLineEdit()
        field.setFont(self.theme.font(20, 500))
        field.setAccessibleName(name)
        field.textEdited.connect(self._report)
        return field

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.addStretch(2)
        panel = Panel()
        panel.setFixedWidth(self.theme.wide(480))
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(32, 28, 32, 32)
        inside.setSpacing(8)
        inside.addWidget(self._heading)
        inside.addWidget(self._desk)
        inside.addSpacing(16)
        for text, field in ((self.tr("Petugas"), self._operator), ("PIN", self._pin)):
            caption = label(self.theme, text, 14, 500, "quiet")
            caption.setBuddy(field)
            inside.addWidget(caption)
            inside.addWidget(field)
            inside.addSpacing(8)
        inside.addWidget(self._refusal)
        middle = QHBoxLayout()  # not an alignment: aligned items ignore the height of wrapped text
        middle.addStretch(1)
        middle.addWidget(panel)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(3)

    def first_focus(self) -> QWidget:
        """Begin where something is missing."""
        return self._pin if self._operator.text() else self._operator

    @property
    def complete(self) -> bool:
        """Whether both fields hold something."""
        return bool(self._operator.text().strip()) and bool(self._pin.text())

    def credentials(self) -> Credentials:
        """Return what was typed."""
        return Credentials(self._operator.text().strip(), self._pin.text())

    def show_heading(self, heading: str, desk: str) -> None:
        """Greet, and name desk and shift."""
        self._heading.setText(heading)
        self._desk.setText(desk)

    def show_operator(self, operator: str) -> None:
        """Fill in who was here last."""
        self._operator.setText(operator)

    def show_refusal(self, text: str) -> None:
        """Say below the PIN why it did not work, and empty the PIN; '' takes it away."""
        self._refusal.setText(text)
        self._refusal.setVisible(bool(text))
        self._pin.clear()
        if text:
            self._pin.setFocus()

    def show_check(self, view: MorningCheck) -> None:
        """Show the morning check."""
        self._checks.show_check(view)

    def clear(self) -> None:
        """Forget what was typed."""
        self._operator.clear()
        self.show_refusal("")

    def _report(self) -> None:
        self._refusal.hide()
        self.changed.emit()
