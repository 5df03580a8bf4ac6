"""Beside the list of devices: everything known of the chosen one, and what can be asked of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.button import KeyButton
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.note import NoteBox
from ui.widgets.pictures import rule
from ui.widgets.text import ElidedLabel, label


@dataclass(frozen=True, slots=True)
class DetailView:
    """One device; ``facts`` are (caption, text), ``upkeep`` one sentence per work that is due."""

    key: str
    name: str
    model: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    grade_head: str = ""
    grade_note: str = ""
    upkeep: tuple[str, ...] = ()
    testable: bool = True
    identifiable: bool = False
    calibratable: bool = False
    busy: bool = False  # one of the three is running


_CAPS: Final[Mapping[str, str]] = {"test": "F8", "identify": "F7", "calibrate": "F10"}


class DeviceDetail(QWidget):
    """392 px: facts that scroll when they must, and buttons that never do."""

    asked = Signal(str, str)  # what ("test", "identify", "calibrate"), DetailView.key

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFixedWidth(min(theme.wide(392), 432))
        self._theme = theme
        self._view = DetailView("", "")
        self._name = ElidedLabel(theme, "", 20, 600)
        self._model = ElidedLabel(theme, "", 14, tone="quiet")
        self._facts = QGridLayout()
        self._shown_facts: tuple[tuple[str, str], ...] = ()
        self._texts: list[ElidedLabel] = []
        self._grade = NoteBox(theme, "warning", "attention")
        self._upkeep = NoteBox(theme, "gear")
        self._buttons = {
            "test": KeyButton(theme, self.tr("Uji alat"), key=_CAPS["test"], icon="refresh"),
            "identify": KeyButton(theme, self.tr("Kenali alat"), key=_CAPS["identify"], icon="sun"),
            "calibrate": KeyButton(
                theme, self.tr("Kalibrasi"), key=_CAPS["calibrate"], icon="gear"
            ),
        }
        for button in self._buttons.values():
            button.clicked.connect(self._ask)
        self._compose()

    def _compose(self) -> None:
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(24, 20, 24, 8)
        inside.setSpacing(12)
        head = QVBoxLayout()
        head.setSpacing(0)
        head.addWidget(self._name)
        head.addWidget(self._model)
        inside.addLayout(head)
        inside.addWidget(rule())
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(6)
        self._facts.setColumnStretch(1, 1)
        inside.addWidget(self._grade)
        inside.addWidget(self._upkeep)
        inside.addLayout(self._facts)
        inside.addStretch(1)
        foot = QVBoxLayout()
        foot.setContentsMargins(24 - 5, 4, 24 - 5, 12)
        foot.setSpacing(2)
        for button in self._buttons.values():
            line = QHBoxLayout()
            line.addWidget(button, 1)
            foot.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._area = scrolled(body)
        column.addWidget(self._area, 1)
        column.addLayout(foot)

    def button(self, what: str) -> KeyButton:
        """Return the button of "test", "identify" or "calibrate"."""
        return self._buttons[what]

    def press_cap(self, cap: str) -> None:
        """Press the button with this key cap, if it is shown."""
        for what, button in self._buttons.items():
            if _CAPS[what] == cap and button.isVisible():
                button.click()

    def turn(self, pages: int) -> None:
        """Turn the facts up (-1) or down (1) by a page."""
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    def show_detail(self, view: DetailView) -> None:
        """Show one device; nothing is touched when nothing changed."""
        if view == self._view:
            return
        self._view = view
        self._name.setText(view.name)
        self._model.setText(view.model)
        self._model.setVisible(bool(view.model))
        self._show_facts(view.facts)
        self._grade.show_note(view.grade_head, view.grade_note)
        self._upkeep.show_note(self.tr("Perawatan"), "\n".join(view.upkeep))
        offers = {
            "test": (view.testable, self.tr("Uji {name}")),
            "identify": (view.identifiable, self.tr("Buat {name} berkedip atau berbunyi")),
            "calibrate": (view.calibratable, self.tr("Kalibrasi {name}")),
        }
        for what, (offered, words) in offers.items():
            button = self._buttons[what]
            button.setVisible(offered)
            button.setEnabled(offered and not view.busy)
            button.setAccessibleName(words.format(name=view.name))

    def _show_facts(self, facts: tuple[tuple[str, str], ...]) -> None:
        captions = [caption for caption, _text in facts]
        if captions == [caption for caption, _text in self._shown_facts]:
            for target, (_caption, text) in zip(self._texts, facts, strict=True):
                if target.text() != text:
                    target.setText(text)
        else:
            clear_layout(self._facts)
            self._texts = []
            for number, (caption, text) in enumerate(facts):
                self._facts.addWidget(label(self._theme, caption, 14, tone="quiet"), number, 0)
                target = ElidedLabel(self._theme, text, 14, 500)
                target.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
                self._facts.addWidget(target, number, 1)
                self._texts.append(target)
        self._shown_facts = facts

    def _ask(self) -> None:
        for what, button in self._buttons.items():
            if button is self.sender():
                self.asked.emit(what, self._view.key)
