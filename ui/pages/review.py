"""Tinjau: everything on one page as it will be sent, and whether the centre will accept it."""

from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.icons import State, paint_state
from ui.pages.data import DataView
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.backdrop import backdrop_colour
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.live_picture import whitened
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
        self.hide()  # a card without a mark of its own shows none

    def show_mark(self, state: State, word: str) -> None:
        """Show one mark."""
        self._glyph.show_state(state)
        self._word.setText(word)
        self._word.setVisible(bool(word))
        self.setToolTip(word)
        set_tone(self._word, _TONES.get(state, "quiet"))
        self._word.setMinimumWidth(
            min(self._word.fontMetrics().horizontalAdvance(word) + 6, self._theme.text(72))
        )
        self.show()


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


class _FingerFoot(QWidget):
    """Mark and name below a print, centred; painted, so that ten of them fit side by side."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme, self._name = theme, name
        self._state, self._word = State.TO_COME, ""
        self.setFixedHeight(theme.text(44))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_mark(self, state: State, word: str) -> None:
        self._state, self._word = state, word
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line, px, gap = t.text(22), t.text(18), 4
        painter.setFont(t.font(14, 600))
        metrics = painter.fontMetrics()
        room = self.width()
        word = self._word
        if metrics.horizontalAdvance(word) > room - px - gap:
            word = word.split(maxsplit=1)[0]  # the whole reason stands in the verdict
        glyph = metrics.horizontalAdvance(word) <= room - px - gap
        word = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(word) + (px + (gap if word else 0) if glyph else 0)
        left = (room - width) / 2
        if glyph:  # without it the dash in the empty place still says "exempt"
            paint_state(painter, QRectF(left, (line - px) / 2, px, px), self._state, t)
            left += px + gap
        painter.setPen(t.colour(_TONES.get(self._state, "quiet")))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, 0, room, line), middle, word)
        painter.setFont(t.font(14))
        painter.setPen(t.colour("quiet"))
        name = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, line, room, line), Qt.AlignmentFlag.AlignCenter, name)


class _FingerCell(QWidget):
    """A print of 68 x 88, its mark and its name."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._box = PictureBox(theme, QSize(68, 88), cover=False)
        self._foot = _FingerFoot(theme, name)
        self._spoken = name
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        inset = QHBoxLayout()
        inset.setContentsMargins(4, 0, 4, 0)
        inset.addWidget(self._box)
        column.addLayout(inset, 1)
        column.addWidget(self._foot)

    def show_finger(self, finger: ReviewFinger) -> None:
        """Show one finger."""
        self._box.show_picture(
            None if finger.pixels is None else whitened(finger.pixels), finger.state
        )
        word = finger.note if finger.state is State.EXEMPT else _score(finger.score)
        self._foot.show_mark(finger.state, word)
        self._box.setToolTip(finger.note)
        self._box.setAccessibleName(", ".join(p for p in (self._spoken, word) if p))


def _inked(pixels: Pixels) -> Pixels:
    """Return the part of a signature that has ink, with a little paper around it."""
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)
    rows, columns = np.nonzero(grey < 160)
    if not rows.size:
        return pixels
    top, left = max(0, int(rows.min()) - 8), max(0, int(columns.min()) - 8)
    return pixels[top : int(rows.max()) + 9, left : int(columns.max()) + 9]


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
        self._nik = label(
            theme, "", 16, 400, "quiet", spacing=1.0 if theme.text_scale <= 1.1 else 0.0
        )
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
        large = self.theme.text_scale > 1.1
        top.addWidget(self._photo_card, 190 if large else 224)
        top.addWidget(self._data_card, 376 if large else 342)
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
        # Large text lays the hands one above the other, so that every reason has room.
        stacked = self.theme.text_scale > 1.1
        one = 112 + self.theme.text(88)
        band.setMinimumHeight(2 * one if stacked else one)
        row = QVBoxLayout(band) if stacked else QHBoxLayout(band)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(8)
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
                row.addWidget(rule(vertical=not stacked))
            hand = QVBoxLayout()
            hand.setSpacing(6)
            words_above = label(self.theme, title, 16, 600)
            words_above.setContentsMargins(4, 0, 0, 0)
            hand.addWidget(words_above)
            cells = QHBoxLayout()
            cells.setSpacing(0)
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
        self._signature.show_picture(
            None if view.signature is None else _inked(view.signature), view.signature_state
        )
        self._signature_card.mark.show_mark(view.signature_state, "")
        self._signature.setToolTip(view.signature_note)
        self._signature.setAccessibleDescription(view.signature_note)
        for cell, finger in zip(self._cells, view.fingers, strict=False):
            cell.show_finger(finger)

    def _show_data(self, data: DataView) -> None:
        self._name.setText(data.name)
        self._nik.setText(data.nik)
        clear_layout(self._rows)
        stacked = self.theme.text_scale > 1.1  # large text: each value below its label
        for number, row in enumerate(data.rows):
            for column, (text, tone) in enumerate(((row.label, "quiet"), (row.value, "ink"))):
                words = label(self.theme, text, 14, 500 if column else 400, tone, wrap=True)
                words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                at = (2 * number + column, 0) if stacked else (number, column)
                self._rows.addWidget(words, *at)
        self._rows.setColumnMinimumWidth(0, 0 if stacked else self.theme.text(108))
        self._rows.setColumnStretch(0, 1 if stacked else 0)
        self._rows.setColumnStretch(1, 0 if stacked else 1)

    def show_verdict(self, view: VerdictView) -> None:
        """Show whether the centre will accept it."""
        self._verdict.show_verdict(view)
