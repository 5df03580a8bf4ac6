"""Jari: the two hands around the live print; the finger asked for pulses."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.devices import Pixels
from ui.icons import State
from ui.pages.capture import CapturePage
from ui.theme import Theme
from ui.widgets.hands import FingerMark, Hand
from ui.widgets.pictures import Panel
from ui.widgets.print_card import PrintCard
from ui.widgets.text import label, set_tone

__all__ = ["FingerMark", "FingersPage", "FingersView"]


@dataclass(frozen=True, slots=True)
class FingersView:
    """The ten fingers and the words around them."""

    marks: tuple[FingerMark, ...]  # in the order of work
    asked: str | None = None  # FingerPosition name
    caption: str = ""
    left_note: str = ""
    right_note: str = ""
    progress_text: str = ""
    tries_text: str = ""
    rechecking: bool = False


class _HandColumn(QWidget):
    """A hand with its name and its count below; the hand at work lies on a tint."""

    def __init__(self, theme: Theme, hand: Hand, title: str) -> None:
        super().__init__()
        self.hand = hand
        self._name = label(theme, title, 20, 600)
        self._note = label(theme, "", 14, 500, "quiet", wrap=True)
        self._plate = Panel("tint")
        for line in (self._name, self._note):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        words = QVBoxLayout(self._plate)
        words.setContentsMargins(16, 6, 16, 8)
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._note)
        self._plate.setMinimumWidth(theme.text(190))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(hand, 1)
        column.addWidget(self._plate, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_note(self, note: str, *, at_work: bool) -> None:
        """Show the count, louder while this hand is at work."""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        set_tone(self._plate, "tint" if at_work else "clear")
        set_tone(self._name, "primary" if at_work else "ink")
        set_tone(self._note, "primary" if at_work else "quiet")


class FingersPage(CapturePage):
    """Ten fingers, one at a time, each to be pressed by key, mouse or touch."""

    finger_pressed = Signal(str)  # FingerPosition name

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Jari")
        self.help_lines = (
            self.tr(
                "Jari yang berdenyut yang diminta. Setelah baik, jari berikutnya menyusul sendiri."
            ),
            self.tr("Tekan kuku di gambar untuk meminta jari itu: mengulang atau mengecualikan."),
            self.tr(
                "F2: jari ini dikecualikan, dengan alasan. Yang terbaik dari tiap jari disimpan."
            ),
        )
        words = self._finger_words()
        self._asked: str | None = None
        self._left = _HandColumn(theme, Hand(theme, "LEFT", words), self.tr("Tangan kiri"))
        self._right = _HandColumn(theme, Hand(theme, "RIGHT", words), self.tr("Tangan kanan"))
        self._card = PrintCard(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 16, 16, 16)
        row.setSpacing(4)
        row.addWidget(self._left, 1)
        row.addWidget(self._card)
        row.addWidget(self._right, 1)
        for hand in (self._left.hand, self._right.hand):
            hand.finger_pressed.connect(self.finger_pressed)
        self._exemption.raise_()

    def _finger_words(self) -> dict[str, str]:
        return {
            "LEFT_LITTLE": self.tr("Kelingking kiri"), "LEFT_RING": self.tr("Jari manis kiri"),
            "LEFT_MIDDLE": self.tr("Jari tengah kiri"), "LEFT_INDEX": self.tr("Telunjuk kiri"),
            "LEFT_THUMB": self.tr("Jempol kiri"), "RIGHT_THUMB": self.tr("Jempol kanan"),
            "RIGHT_INDEX": self.tr("Telunjuk kanan"), "RIGHT_MIDDLE": self.tr("Jari tengah kanan"),
            "RIGHT_RING": self.tr("Jari manis kanan"), "RIGHT_LITTLE": self.tr("Kelingking kanan"),
        }  # fmt: skip

    def hand(self, finger: str) -> Hand:
        """Return the hand a finger belongs to."""
        return (self._left if finger.startswith("LEFT") else self._right).hand

    def show_hands(self, view: FingersView) -> None:
        """Show all ten fingers."""
        for hand in (self._left.hand, self._right.hand):
            hand.show_marks(view.marks, view.asked)
        if view.asked != self._asked:
            self._asked = view.asked
            self.show_print(None)  # a new finger begins with an empty place
        states = {mark.finger: mark.state for mark in view.marks}
        self._card.show_waiting(None if view.asked is None else states.get(view.asked, State.NOW))
        asked = view.asked or ""
        self._left.show_note(view.left_note, at_work=asked.startswith("LEFT"))
        self._right.show_note(view.right_note, at_work=asked.startswith("RIGHT"))
        self._card.show_words(
            view.caption, view.progress_text, view.tries_text, rechecking=view.rechecking
        )
        self._card.show_states(
            tuple(State.NOW if m.finger == view.asked else m.state for m in view.marks)
        )

    def forget(self) -> None:
        """Show nothing of the last person."""
        self._asked = None
        self.show_print(None)

    def show_print(self, pixels: Pixels | None) -> None:
        """Show a grey print (h, w), or the empty place."""
        self._card.picture.show_share(0.0)
        self._card.picture.show_pixels(pixels)

    def show_transfer(self, done: int, total: int) -> None:
        """Show how much of the picture has come from the scanner."""
        self._card.picture.show_share(done / total if total > 0 else 0.0)
