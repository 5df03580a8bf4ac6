"""Perangkat: one card per device: how it is, who it is, what to do next, and a test."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station.devices import HealthState
from ui.icons import State
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.button import RING, KeyButton
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.pictures import Glyph, Panel, Pictogram
from ui.widgets.text import ElidedLabel, label, set_tone


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One device in words; ``facts`` are (caption, text): serial number, grade, last quality, path."""

    key: str
    icon: str
    name: str
    model: str
    state: HealthState
    state_text: str
    facts: tuple[tuple[str, str], ...] = ()
    next_step: str = ""
    testing: bool = False
    testable: bool = True


_STATES = {
    HealthState.READY: (State.DONE, "good"),
    HealthState.ATTENTION: (State.LOOK, "attention"),
    HealthState.ABSENT: (State.STOP, "stop"),
}


class DevicePanel(Panel):
    """One card."""

    test_requested = Signal(str)

    def __init__(self, theme: Theme, view: DeviceCard) -> None:
        super().__init__()
        self._theme, self._view = theme, view
        self._state = Glyph(theme)
        self._state_text = label(theme, "", 16, 600, wrap=True)
        self._facts = QGridLayout()
        self._next = label(theme, "", 14, 500, "ink", wrap=True)
        self._test = KeyButton(theme, self.tr("Uji alat"), icon="refresh")
        self._test.clicked.connect(self._ask_test)
        self._icon = Pictogram(theme, view.icon, 28)
        self._name = ElidedLabel(theme, view.name, 20, 600)
        self._model = ElidedLabel(theme, view.model, 14, tone="quiet")
        self._compose()
        self.show_device(view)

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20 - RING, 12)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(16)
        plate = Panel("tint")
        plate.setFixedSize(self._theme.text(48), self._theme.text(48))
        inner = QHBoxLayout(plate)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignCenter)
        head.addWidget(plate)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._model)
        head.addLayout(words, 1)
        column.addLayout(head)
        state = QHBoxLayout()
        state.setSpacing(12)
        state.addWidget(self._state)
        state.addWidget(self._state_text, 1)
        column.addLayout(state)
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        column.addLayout(self._facts)
        column.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._next, 1)
        foot.addWidget(self._test)
        column.addLayout(foot)

    @property
    def test_button(self) -> KeyButton:
        """The button that tests this device."""
        return self._test

    def show_device(self, view: DeviceCard) -> None:
        """Show the device as it is now."""
        self._view = view
        glyph, tone = _STATES[view.state]
        self._name.setText(view.name)
        self._model.setText(view.model)
        self._icon.show_icon(view.icon)
        self._state.show_state(State.NOW if view.testing else glyph)
        self._state_text.setText(self.tr("Sedang diuji…") if view.testing else view.state_text)
        set_tone(self._state_text, "primary" if view.testing else tone)
        clear_layout(self._facts)
        for number, (caption, text) in enumerate(view.facts):
            self._facts.addWidget(label(self._theme, caption, 14, tone="quiet"), number, 0)
            self._facts.addWidget(ElidedLabel(self._theme, text, 14, 500), number, 1)
        self._next.setText(view.next_step)
        self._test.setAccessibleName(self.tr("Uji {name}").format(name=view.name))
        self._test.setVisible(view.testable)
        self._test.setEnabled(not view.testing)

    def _ask_test(self) -> None:
        self.test_requested.emit(self._view.key)


class DevicesPage(Page):
    """All devices of the desk, three beside each other."""

    self_test_requested = Signal(str)  # DeviceCard.key

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Perangkat")
        self.help_lines = (
            self.tr("Hijau: siap. Kuning: perlu dilihat. Merah: tidak ada."),
            self.tr("Setelah mencolokkan alat, tekan F5 untuk mencarinya lagi."),
            self.tr("Alat latihan tidak pernah masuk ke rekaman sungguhan."),
        )
        self._panels: dict[str, DevicePanel] = {}
        self._columns = 3 if theme.text_scale < 1.2 else 2
        self._summary = label(theme, "", 16, tone="quiet")
        self._grid = QGridLayout()
        self._compose()

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 0)
        column.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(label(self.theme, self.title, 28, 600))
        head.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBaseline)
        column.addLayout(head)
        body = QWidget()
        around = QVBoxLayout(body)
        around.setContentsMargins(0, 0, 0, 24)
        self._grid.setSpacing(16)
        around.addLayout(self._grid)
        around.addStretch(1)
        column.addWidget(scrolled(body), 1)

    def panel(self, key: str) -> DevicePanel:
        """Return one device's card; KeyError when it is not shown."""
        return self._panels[key]

    def show_devices(self, cards: tuple[DeviceCard, ...], summary: str = "") -> None:
        """Show the devices; cards that stay keep their focus."""
        self._summary.setText(summary)
        if tuple(self._panels) != tuple(card.key for card in cards):
            self._rebuild(cards)
        for card in cards:
            self._panels[card.key].show_device(card)

    def show_device(self, card: DeviceCard) -> None:
        """Show one device anew."""
        self._panels[card.key].show_device(card)

    def focus_device(self, key: str) -> None:
        """Lead to one device, for example from the health strip."""
        if key in self._panels:
            self._panels[key].test_button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _rebuild(self, cards: tuple[DeviceCard, ...]) -> None:
        clear_layout(self._grid)
        self._panels = {}
        for number, card in enumerate(cards):
            panel = DevicePanel(self.theme, card)
            panel.test_requested.connect(self.self_test_requested)
            self._panels[card.key] = panel
            self._grid.addWidget(panel, number // self._columns, number % self._columns)
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 1)
