"""Tinjau: everything on one page as it will be sent, and whether the centre will accept it."""

from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.icons import State
from ui.pages.data import DataView
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.backdrop import backdrop_colour
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.picture_box import PictureBox
from ui.widgets.pictures import ColourPatch, Glyph, Panel, rule
from ui.widgets.text import ElidedLabel, label, set_tone
from ui.widgets.verdict import VerdictColumn, VerdictRow, VerdictView

__all__ = ["ReviewEye", "ReviewFinger", "ReviewPage", "ReviewView", "VerdictRow", "VerdictView"]

_TONES = {State.DONE: "good", State.LOOK: "attention", State.STOP: "stop"}


@dataclass(frozen=True, slots=True)
class ReviewFinger:
    """One print as it will be sent."""

    finger: str
    pixels: Pixels | None = field(repr=False)
    state: State
    score: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewEye:
    """One iris as it will be sent."""

    pixels: Pixels | None = field(repr=False)
    state: State
    score: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """The whole record."""

    photo: Pixels | None = field(repr=False)
    photo_state: State
    photo_note: str
    backdrop: str
    backdrop_note: str
    data: DataView
    data_state: State
    right_eye: ReviewEye
    left_eye: ReviewEye
    signature: Pixels | None = field(repr=False)
    signature_state: State
    signature_note: str
    fingers: tuple[
        ReviewFinger, ...
    ]  # anatomical: left little .. left thumb, right thumb .. little


class _Mark(QWidget):
    """A glyph and a word in the state's tone."""

    def __init__(self, theme: Theme, px: int = 14) -> None:
        super().__init__()
        self._glyph = Glyph(theme, State.TO_COME, 20)
        self._word = ElidedLabel(theme, "", px, 600)
        self._theme = theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._glyph)
        row.addWidget(self._word, 1)

    def show_mark(self, state: State, word: str) -> None:
        """Show one mark."""
        self._glyph.show_state(state)
        self._word.setText(word)
        self._word.setVisible(bool(word))
        set_tone(self._word, _TONES.get(state, "quiet"))
        self._word.setMinimumWidth(
            min(self._word.fontMetrics().horizontalAdvance(word), self._theme.text(84))
        )


class _Card(Panel):
    """A titled card with a mark at the right of its title."""

    def __init__(self, theme: Theme, title: str) -> None:
        super().__init__()
        self.mark = _Mark(theme)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(label(theme, title, 16, 600), 1)
        head.addWidget(self.mark)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.body.addLayout(head)


class _FingerCell(QWidget):
    """A print of 68 x 88, its mark and its name."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._box = PictureBox(theme, QSize(68, 88), cover=False)
        self._glyph = Glyph(theme, State.TO_COME, 18)
        self._word = ElidedLabel(theme, "", 14, 600)
        self._name = ElidedLabel(theme, name, 14, tone="quiet")
        self._name.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._spoken = name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._box, 1)
        mark = QHBoxLayout()
        mark.setSpacing(4)
        mark.addStretch(1)
        mark.addWidget(self._glyph)
        mark.addWidget(self._word)
        mark.addStretch(1)
        column.addLayout(mark)
        column.addWidget(self._name)

    def show_finger(self, finger: ReviewFinger) -> None:
        """Show one finger."""
        self._box.show_picture(finger.pixels, finger.state)
        self._glyph.show_state(finger.state)
        word = finger.note if finger.state is State.EXEMPT else _score(finger.score)
        self._word.setText(word)
        set_tone(self._word, _TONES.get(finger.state, "quiet"))
        width = self._word.fontMetrics().horizontalAdvance(word)
        self._word.setFixedWidth(min(width + 2, max(24, self._theme.text(52))))
        self._box.setAccessibleName(", ".join(p for p in (self._spoken, word) if p))


def _score(score: int | None) -> str:
    return "" if score is None else str(score)


class ReviewPage(Page):
    """Photo, data, irises, signature and ten prints; the verdict is the page's own right column."""

    jump_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Tinjau")
        self.help_lines = (
            self.tr("Semua bagian seperti yang akan dikirim. Periksa bersama pemohon."),
            self.tr("Baris dengan panah: tekan untuk kembali ke langkah itu."),
            self.tr("Setelah disegel, isi tidak bisa diubah lagi di meja ini."),
        )
        self._verdict = VerdictColumn(theme)
        self._verdict.jump_requested.connect(self.jump_requested)
        self.side = self._verdict
        self._photo = PictureBox(theme, QSize(190, 254), framed=False)
        self._photo.setAccessibleName(self.tr("Foto"))
        self._patch = ColourPatch()
        self._backdrop = label(theme, "", 14, tone="quiet", wrap=True)
        self._photo_note = label(theme, "", 14, tone="quiet", wrap=True)
        self._name = label(theme, "", 20, 600, wrap=True)
        self._nik = label(theme, "", 16, 400, "quiet", spacing=1.0)
        self._rows = QGridLayout()
        self._eyes = {side: PictureBox(theme, QSize(104, 70)) for side in ("RIGHT", "LEFT")}
        self._eye_marks = {side: _Mark(theme) for side in ("RIGHT", "LEFT")}
        self._signature = PictureBox(theme, QSize(168, 64), cover=False, framed=False)
        self._signature.setAccessibleName(self.tr("Tanda tangan"))
        self._cells: list[_FingerCell] = []
        self._photo_card = _Card(theme, self.tr("Foto"))
        self._data_card = _Card(theme, self.tr("Data dari SIAK"))
        self._iris_card = _Card(theme, self.tr("Iris"))
        self._signature_card = _Card(theme, self.tr("Tanda tangan"))
        self._fill_cards()
        self._compose()

    @property
    def verdict(self) -> VerdictColumn:
        """The right column."""
        return self._verdict

    def _fill_cards(self) -> None:
        theme = self.theme
        self._photo_card.body.addWidget(self._photo, 1)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._patch, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._backdrop, 1)
        self._photo_card.body.addLayout(line)
        self._photo_card.body.addWidget(self._photo_note)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(2)
        column.addWidget(self._name)
        column.addWidget(self._nik)
        column.addSpacing(6)
        column.addWidget(rule())
        column.addSpacing(6)
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(theme.text(4))
        self._rows.setColumnStretch(1, 1)
        column.addLayout(self._rows)
        column.addStretch(1)
        self._data_area = scrolled(inside)
        self._data_card.body.addWidget(self._data_area, 1)
        for side, word in (("RIGHT", self.tr("kanan")), ("LEFT", self.tr("kiri"))):
            row = QHBoxLayout()
            row.setSpacing(10)
            self._eyes[side].setAccessibleName(self.tr("Iris {side}").format(side=word))
            row.addWidget(self._eyes[side], 104)
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addStretch(1)
            words.addWidget(self._eye_marks[side])
            words.addWidget(label(theme, word, 14, tone="quiet"))
            words.addStretch(1)
            row.addLayout(words, 56)
            self._iris_card.body.addLayout(row, 1)
        self._signature_card.body.addWidget(self._signature, 1)

    def _compose(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._photo_card, 224)
        top.addWidget(self._data_card, 342)
        side = QVBoxLayout()
        side.setSpacing(16)
        side.addWidget(self._iris_card, 224)
        side.addWidget(self._signature_card, 136)
        top.addLayout(side, 200)
        column.addLayout(top, 376)
        column.addWidget(self._made_prints(), 200)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        self._area = scrolled(body)
        around.addWidget(self._area)

    def _made_prints(self) -> QWidget:
        band = Panel()
        band.setMinimumHeight(112 + self.theme.text(88))
        row = QHBoxLayout(band)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        names = (
            self.tr("Kelingking"), self.tr("Manis"), self.tr("Tengah"), self.tr("Telunjuk"),
            self.tr("Jempol"),
        )  # fmt: skip
        for number, (title, words) in enumerate(
            (
                (self.tr("Jari tangan kiri"), names),
                (self.tr("Jari tangan kanan"), tuple(reversed(names))),
            )
        ):
            if number:
                row.addWidget(rule(vertical=True))
            hand = QVBoxLayout()
            hand.setSpacing(6)
            hand.addWidget(label(self.theme, title, 16, 600))
            cells = QHBoxLayout()
            cells.setSpacing(8)
            for word in words:
                cell = _FingerCell(self.theme, word)
                self._cells.append(cell)
                cells.addWidget(cell, 1)
            hand.addLayout(cells, 1)
            row.addLayout(hand, 1)
        return band

    def show_review(self, view: ReviewView) -> None:
        """Show the record as it will be sent."""
        self._photo.show_picture(view.photo, view.photo_state)
        self._photo_card.mark.show_mark(view.photo_state, "")
        self._backdrop.setText(view.backdrop_note)
        self._patch.show_colour(backdrop_colour(view.backdrop))
        self._patch.setVisible(bool(view.backdrop) and view.photo is not None)
        self._photo_note.setText(view.photo_note)
        self._photo_note.setVisible(bool(view.photo_note))
        self._data_card.mark.show_mark(
            view.data_state, self.tr("cocok") if view.data_state is State.DONE else ""
        )
        self._show_data(view.data)
        eyes = {"RIGHT": view.right_eye, "LEFT": view.left_eye}
        for side, eye in eyes.items():
            self._eyes[side].show_picture(eye.pixels, eye.state)
            self._eye_marks[side].show_mark(
                eye.state, eye.note if eye.state is State.EXEMPT else _score(eye.score)
            )
        self._signature.show_picture(view.signature, view.signature_state)
        self._signature_card.mark.show_mark(view.signature_state, "")
        self._signature.setToolTip(view.signature_note)
        self._signature.setAccessibleDescription(view.signature_note)
        for cell, finger in zip(self._cells, view.fingers, strict=False):
            cell.show_finger(finger)

    def _show_data(self, data: DataView) -> None:
        self._name.setText(data.name)
        self._nik.setText(data.nik)
        clear_layout(self._rows)
        for number, row in enumerate(data.rows):
            for column, (text, tone) in enumerate(((row.label, "quiet"), (row.value, "ink"))):
                words = label(self.theme, text, 14, 500 if column else 400, tone, wrap=True)
                words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                self._rows.addWidget(words, number, column)
        self._rows.setColumnMinimumWidth(0, self.theme.text(108))

    def show_verdict(self, view: VerdictView) -> None:
        """Show whether the centre will accept it."""
        self._verdict.show_verdict(view)
