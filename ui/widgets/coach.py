"""The coach: one instruction, one measure, up to five checks, the attempts so far."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station.guidance import Guidance
from ui.icons import State
from ui.theme import Theme
from ui.widgets.attempts import Attempts, AttemptView
from ui.widgets.layouts import scrolled_column
from ui.widgets.meter import Meter, MeterView
from ui.widgets.pictures import CoachPicture, Glyph, rule
from ui.widgets.text import label, set_tone

CHECKS = 5


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check in a short word; ``note`` stands at the right edge."""

    text: str
    state: State
    note: str = ""


@dataclass(frozen=True, slots=True)
class CoachView:
    """All the coach shows at one moment."""

    instruction: str  # two lines at most
    pictogram: Guidance = Guidance.NO_SUBJECT
    meter: MeterView | None = None
    checks: tuple[CheckView, ...] = ()
    attempts: tuple[AttemptView, ...] = ()
    attempts_caption: str = ""


class CheckRow(QWidget):
    """A glyph, a word, a quiet note."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._glyph = Glyph(theme)
        self._text = label(theme)
        self._note = label(theme, px=14, weight=500, tone="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._glyph)
        row.addWidget(self._text, 1)
        row.addWidget(self._note)
        self.setFixedHeight(max(40, theme.text(26)))  # larger text eats the air, not the attempts

    def show_check(self, view: CheckView) -> None:
        """Show one check; the one to look at stands out."""
        self._glyph.show_state(view.state)
        loud = view.state in (State.LOOK, State.STOP, State.NOW)
        set_tone(self._text, "quiet" if view.state is State.TO_COME else "ink")
        self._text.setFont(self._theme.font(16, 600 if loud else 400))
        self._text.setText(view.text)
        self._note.setText(view.note)


class CoachColumn(QWidget):
    """The right column during a capture, 320 px."""

    attempt_pressed = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._view: CoachView | None = None
        self._picture = CoachPicture(theme)
        self._instruction = label(theme, px=28, weight=600, wrap=True)
        self._instruction.setMinimumHeight(theme.text(76))
        self._meter = Meter(theme)
        self._rows = tuple(CheckRow(theme) for _ in range(CHECKS))
        self._caption = label(theme, px=14, weight=500, tone="quiet")
        self._attempts = Attempts(theme)
        self._attempts.attempt_pressed.connect(self.attempt_pressed)
        self._rules = (rule(), rule())
        self._compose()

    def _compose(self) -> None:
        column = QVBoxLayout(scrolled_column(self))
        column.setContentsMargins(24, 16, 24, 8)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addWidget(self._instruction, 1)
        column.addLayout(top)
        column.addSpacing(16)
        column.addWidget(self._meter)
        column.addWidget(self._rules[0])
        checks = QVBoxLayout()
        checks.setSpacing(0)
        for row in self._rows:
            checks.addWidget(row)
        column.addLayout(checks)
        column.addWidget(self._rules[1])
        column.addSpacing(8)
        column.addWidget(self._caption)
        column.addWidget(self._attempts)
        column.addStretch(1)

    def show_coach(self, view: CoachView) -> None:
        """Show one moment of the capture; a new instruction is announced to a screen reader."""
        if view == self._view:
            return
        told = self._view.instruction if self._view else ""
        self._view = view
        self._picture.show_guidance(view.pictogram)
        self._instruction.setText(view.instruction)
        if view.instruction != told:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, view.instruction))
        self._show_measure(view)
        self._caption.setText(view.attempts_caption)
        self._caption.setVisible(bool(view.attempts))
        self._attempts.show_attempts(view.attempts)
        self._attempts.setVisible(bool(view.attempts))
        self._rules[1].setVisible(bool(view.attempts) and bool(view.checks))

    def _show_measure(self, view: CoachView) -> None:
        self._meter.setVisible(view.meter is not None)
        if view.meter is not None:
            self._meter.show_meter(view.meter)
        self._rules[0].setVisible(view.meter is not None and bool(view.checks))
        for index, row in enumerate(self._rows):
            row.setVisible(index < len(view.checks))
            if index < len(view.checks):
                row.show_check(view.checks[index])
