"""Loket kartu: card, finger, hand-over; each place fills in its turn, a refused card gets its own calm page."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.icons import State
from ui.pages.capture import CapturePage
from ui.theme import Theme
from ui.widgets.bar import Bar
from ui.widgets.chip_card import ChipCard, GivingHand
from ui.widgets.layouts import clear_layout
from ui.widgets.pictures import Glyph, Panel, Pictogram, rule
from ui.widgets.place import ACTIVE, DONE, WAITING, Place, PlaceRow, PlaceRows
from ui.widgets.print_card import PrintPicture
from ui.widgets.rows import PressRow, RowView
from ui.widgets.text import label, set_tone

__all__ = [
    "CardPlace", "CounterPage", "CounterPerson", "CounterView", "FingerPlace", "HandoverPlace",
    "PlaceRow", "RefusedView",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardPlace:
    """The first place: whose card it is and what the chip said."""

    state: str = WAITING
    holder: str = ""
    nik: str = ""
    photo: Pixels | None = field(default=None, repr=False)
    rows: tuple[PlaceRow, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FingerPlace:
    """The second place: the finger against the print in the card."""

    state: str = WAITING
    instruction: str = ""
    pixels: Pixels | None = field(default=None, repr=False)
    rows: tuple[PlaceRow, ...] = ()
    tries_text: str = ""
    tries_used: int = 0
    tries_total: int = 3
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HandoverPlace:
    """The third place: activated, signed for, handed over."""

    state: str = WAITING
    rows: tuple[PlaceRow, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CounterPerson:
    """One printed card that waits for its owner."""

    record_id: str
    name: str
    nik: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class CounterView:
    """The batch and the three places; ``people`` are picked from while no card is being handled."""

    batch_title: str
    batch_note: str
    done: int
    refused: int
    left: int
    card: CardPlace
    finger: FingerPlace
    handover: HandoverPlace
    people: tuple[CounterPerson, ...] = ()
    selected: str = ""


@dataclass(frozen=True, slots=True)
class RefusedView:
    """A card that must not be handed over, and the box it goes in."""

    title: str
    reason: str
    box: str
    next_step: str


class _BatchBar(QWidget):
    """Handed over, refused and left as one bar."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts = (0, 0, 0)
        self.setFixedHeight(16)
        self.setMinimumWidth(80)

    def show_counts(self, done: int, refused: int, left: int) -> None:
        self._counts = (done, refused, left)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("track"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        total = sum(self._counts)
        if not total:
            return
        done, refused, _left = self._counts
        first = self.width() * done / total
        painter.setBrush(self._theme.colour("good"))
        painter.setClipRect(QRectF(0, 0, first, 16))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setClipping(False)
        if refused:
            width = max(3.0, self.width() * refused / total)
            painter.fillRect(QRectF(first + 2, 0, width, 16), self._theme.colour("stop"))


class _BatchStrip(Panel):
    """88 px: which box, how far, three figures."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = label(theme, "", 20, 600, wrap=True)
        self._note = label(theme, "", 16, tone="quiet", wrap=True)
        self._bar = _BatchBar(theme)
        self._figures = {key: label(theme, "0", 20, 600) for key in ("done", "refused", "left")}
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 24, 12)
        row.setSpacing(12)
        row.addWidget(Pictogram(theme, "box", 32))
        row.addSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._note)
        row.addLayout(words, 6)
        row.addSpacing(12)
        row.addWidget(self._bar, 4 if theme.text_scale <= 1.1 else 2)
        for key, state, word in (
            ("done", State.DONE, self.tr("diserahkan")), ("refused", State.STOP, self.tr("ditolak")),
            ("left", State.TO_COME, self.tr("tersisa")),
        ):  # fmt: skip
            row.addSpacing(12)
            row.addWidget(Glyph(theme, state))
            row.addWidget(self._figures[key])
            row.addWidget(label(theme, word, 14, tone="quiet"))
        self.setMinimumHeight(theme.text(88))

    def show_batch(self, view: CounterView) -> None:
        """Show the batch."""
        self._title.setText(view.batch_title)
        self._note.setText(view.batch_note)
        self._bar.show_counts(view.done, view.refused, view.left)
        for key, count in (("done", view.done), ("refused", view.refused), ("left", view.left)):
            self._figures[key].setText(str(count))


class _CardColumn(Place):
    """The card, or the list to pick a person from."""

    person_selected = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 1, "")
        self._title = self.tr("Kartu")
        self.setAccessibleName(self._title)
        self._card = ChipCard(theme)
        self._caption = label(theme, self.tr("Pemilik kartu"), 14, tone="quiet")
        self._holder = label(theme, "", 20, 600, wrap=True)
        self._rule = rule()
        self._rows = PlaceRows(theme)
        self._hint = label(theme, "", 14, tone="quiet", wrap=True)
        self._bar = Bar(theme)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        for widget in (self._card, self._caption, self._holder, self._rule, self._rows, self._bar):
            self.body.addWidget(widget)
        self.body.addWidget(
            self._hint
        )  # above the list: a long queue must not push it out of sight
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self._bar.hide()

    def show_place(self, view: CardPlace, people: tuple[CounterPerson, ...], selected: str) -> None:
        """Show the card at work, or who may be picked."""
        self.show_state(view.state)
        picking = not view.holder and view.state == ACTIVE and bool(people)
        self._card.show_card(view.nik, view.photo)
        self._holder.setText(view.holder)
        # A long name gets smaller letters rather than pushing the facts out of sight.
        self._holder.setFont(self._theme.font(20 if len(view.holder) <= 24 else 16, 600))
        self._rows.show_rows(view.rows)
        for widget in (self._card, self._rows):
            widget.setVisible(not picking)
        owner: tuple[QWidget, ...] = (self._caption, self._holder, self._rule)
        for part in owner:
            part.setVisible(bool(view.holder))
        self._hint.setText(view.hint)
        self._hint.setVisible(bool(view.hint))
        self._show_people(people if picking else (), selected)

    def _show_people(self, people: tuple[CounterPerson, ...], selected: str) -> None:
        held = next((r.key for r in self.rows() if r.hasFocus()), "")
        clear_layout(self._list)
        for person in people:
            row = PressRow(
                self._theme,
                RowView(
                    person.record_id,
                    person.name,
                    " · ".join(p for p in (person.nik, person.note) if p),
                    state=State.NOW if person.record_id == selected else State.TO_COME,
                    current=person.record_id == selected,
                ),
                8,
            )
            row.clicked.connect(self._report)
            self._list.addWidget(row)
            if person.record_id == held:
                row.setFocus()

    def rows(self) -> tuple[PressRow, ...]:
        """Return the people as shown."""
        made = (self._list.itemAt(i) for i in range(self._list.count()))
        return tuple(w for item in made if item and isinstance(w := item.widget(), PressRow))

    def show_share(self, share: float | None) -> None:
        """Show how far the chip has been read; None hides the bar."""
        self._bar.setVisible(share is not None)
        self._bar.show_fraction(share or 0.0)

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, PressRow):
            self.person_selected.emit(sender.key)


class _Tries(QWidget):
    """One bar per try."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._used, self._total = 0, 3
        self.setFixedHeight(8)

    def show_tries(self, used: int, total: int) -> None:
        self._used, self._total = used, max(1, total)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pitch = (min(self.width(), 64 * self._total) + 8) / self._total
        for number in range(self._total):
            painter.setBrush(self._theme.colour("primary" if number < self._used else "track"))
            painter.drawRoundedRect(QRectF(number * pitch, 0, pitch - 8, 8), 4, 4)


class _FingerColumn(Place):
    """The live print beside one instruction."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 2, "")
        self._title = self.tr("Jari")
        self.setAccessibleName(self._title)
        self._plate = Panel("ground")
        self._picture = PrintPicture(theme)
        plate = QVBoxLayout(self._plate)
        plate.setContentsMargins(0, 0, 0, 0)
        plate.addWidget(self._picture)
        self._plate.setMinimumHeight(150)
        self._plate.setMaximumHeight(300)
        self._instruction = label(theme, "", 28 if theme.text_scale <= 1.1 else 22, 600, wrap=True)
        self._rows = PlaceRows(theme)
        self._caption = label(theme, self.tr("Percobaan"), 14, tone="quiet")
        self._tries_text = label(theme, "", 14)
        self._tries = _Tries(theme)
        self._hint_panel = Panel("tint")
        self._hint = label(theme, "", 16, wrap=True)
        across = QHBoxLayout()
        across.setSpacing(24)
        across.addWidget(self._plate, 208)
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self._instruction)
        words.addWidget(self._rows)
        tries = QHBoxLayout()
        tries.addWidget(self._caption, 1)
        tries.addWidget(self._tries_text)
        words.addLayout(tries)
        words.addWidget(self._tries)
        words.addStretch(1)
        across.addLayout(words, 208)
        self.body.addLayout(across, 1)
        self.body.addWidget(self._hint_panel)
        hint = QHBoxLayout(self._hint_panel)
        hint.setContentsMargins(16, 10, 16, 10)
        hint.setSpacing(16)
        hint.addWidget(Pictogram(theme, "hand", 28))
        hint.addWidget(self._hint, 1)

    def show_place(self, view: FingerPlace) -> None:
        """Show the finger's place."""
        self.show_state(view.state)
        self._picture.show_pixels(view.pixels)
        self._plate.setVisible(view.state != WAITING)
        self._instruction.setText(view.instruction)
        self._instruction.setVisible(bool(view.instruction))
        self._rows.show_rows(view.rows)
        for widget in (self._caption, self._tries_text, self._tries):
            widget.setVisible(bool(view.tries_text))
        self._tries_text.setText(view.tries_text)
        self._tries.show_tries(view.tries_used, view.tries_total)
        self._hint.setText(view.hint)
        self._hint_panel.setVisible(bool(view.hint))

    def show_share(self, share: float | None) -> None:
        """Show how far the picture has come."""
        self._picture.show_share(share or 0.0)


class _HandoverColumn(Place):
    """The last place."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, 3, "")
        self._title = self.tr("Serah terima")
        self.setAccessibleName(self._title)
        self._drawing = GivingHand(theme)
        self._caption = label(theme, self.tr("Sesudah jari cocok"), 14, tone="quiet")
        self._verb = label(theme, self.tr("Serahkan kartu"), 20, 600, "quiet", wrap=True)
        self._rows = PlaceRows(theme)
        self._bar = Bar(theme)
        self._hint = label(theme, "", 14, tone="quiet", wrap=True)
        for widget in (
            self._drawing,
            self._caption,
            self._verb,
            rule(),
            self._rows,
            self._bar,
            self._hint,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self._bar.hide()

    def show_place(self, view: HandoverPlace) -> None:
        """Show the hand-over."""
        self.show_state(view.state)
        set_tone(self._verb, "ink" if view.state == ACTIVE else "quiet")
        self._drawing.show_tone({ACTIVE: "primary", DONE: "good"}.get(view.state, "empty"))
        self._caption.setVisible(view.state == WAITING)
        self._rows.show_rows(view.rows)
        self._hint.setText(view.hint)
        self._hint.setVisible(bool(view.hint))

    def show_share(self, share: float | None) -> None:
        """Show how far the activation is."""
        self._bar.setVisible(share is not None)
        self._bar.show_fraction(share or 0.0)


class _Refused(QWidget):
    """The calm red page: what is wrong, and which box the card goes in."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._title = label(theme, "", 28, 600, "stop", wrap=True)
        self._reason = label(theme, "", 20, wrap=True)
        self._box = label(theme, "", 40, 600, wrap=True)
        self._next = label(theme, "", 20, wrap=True)
        around = QVBoxLayout(self)
        around.setContentsMargins(24, 24, 24, 24)
        panel = Panel("stop")
        around.addWidget(panel)
        column = QVBoxLayout(panel)
        column.setContentsMargins(48, 32, 48, 32)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(Glyph(theme, State.STOP, 72))
        column.addWidget(self._title)
        column.addWidget(self._reason)
        column.addSpacing(16)
        box = Panel()
        row = QHBoxLayout(box)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(20)
        row.addWidget(Pictogram(theme, "box", 48, "stop"))
        words = QVBoxLayout()
        words.addWidget(label(theme, self.tr("Masukkan kartu ke"), 16, tone="quiet"))
        words.addWidget(self._box)
        row.addLayout(words, 1)
        column.addWidget(box)
        column.addSpacing(8)
        column.addWidget(self._next)
        column.addStretch(2)

    def show_refused(self, view: RefusedView) -> None:
        """Show one refusal."""
        self._title.setText(view.title)
        self._reason.setText(view.reason)
        self._box.setText(view.box)
        self._next.setText(view.next_step)


class CounterPage(CapturePage):
    """The batch strip and three places in a row; no coach."""

    with_coach = False

    person_selected = Signal(str)  # CounterPerson.record_id

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Loket kartu")
        self.help_lines = (
            self.tr("Pilih pemilik kartu, lalu letakkan kartu di pembaca."),
            self.tr(
                "Jari dicocokkan dengan isi chip. Tidak cocok: lap jari, baca ulang, atau jari lain."
            ),
            self.tr("Kartu rusak atau bukan miliknya: F8, lalu masukkan ke kotak yang disebut."),
        )
        self._work = QWidget()
        self._refused = _Refused(theme)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._work)
        self._stack.addWidget(self._refused)
        self._strip = _BatchStrip(theme)
        self._card = _CardColumn(theme)
        self._finger = _FingerColumn(theme)
        self._handover = _HandoverColumn(theme)
        self._card.person_selected.connect(self.person_selected)
        column = QVBoxLayout(self._work)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(self._strip)
        self._places = QHBoxLayout()
        self._places.setSpacing(24)
        for place in (self._card, self._finger, self._handover):
            self._places.addWidget(place)
        column.addLayout(self._places, 1)
        self._share_out("finger")

    def first_focus(self) -> QWidget | None:
        """Begin in the list of people while somebody is to be picked."""
        panel = super().first_focus()
        rows = self._card.rows()
        return panel or next((row for row in rows if row.isEnabled()), None)

    def _share_out(self, wide: str) -> None:
        """Give the place where the work is the most room."""
        for number, key in enumerate(("card", "finger", "handover")):
            self._places.setStretch(number, 494 if key == wide else 288)

    def people(self) -> tuple[PressRow, ...]:
        """Return the rows to pick from."""
        return self._card.rows()

    def show_counter(self, view: CounterView) -> None:
        """Show batch and places."""
        self._strip.show_batch(view)
        self._card.show_place(view.card, view.people, view.selected)
        self._finger.show_place(view.finger)
        self._handover.show_place(view.handover)
        self._share_out("card" if self._card.rows() else "finger")

    def show_progress(self, step: str, done: int, total: int) -> None:
        """Show how far "card", "finger" or "handover" is; a finished or unknown total hides the bar."""
        share = done / total if 0 < done < total else None
        self._card.show_share(share if step == "card" else None)
        self._finger.show_share(share if step == "finger" else None)
        self._handover.show_share(share if step == "handover" else None)

    def show_refused(self, view: RefusedView | None) -> None:
        """Open the red page, or go back to the places."""
        if view is not None:
            self._refused.show_refused(view)
        self._stack.setCurrentWidget(self._work if view is None else self._refused)
        self._exemption.raise_()
        self.setAccessibleDescription(view.title if view else "")
