"""Perangkat: one card per place of the desk, and beside them all that is known of the chosen one."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.device_detail import DetailView, DeviceDetail
from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.button import KeyButton
from ui.widgets.device_tile import DeviceTile, TileView
from ui.widgets.layouts import clear_layout, scrolled
from ui.widgets.text import label


@dataclass(frozen=True, slots=True)
class DeviceCard:
    """One place of the desk: the card in the list, and the details shown when it is chosen."""

    tile: TileView
    detail: DetailView


class DevicesPage(Page):
    """All places of the desk; the arrow keys choose one, its details and buttons stand at the right."""

    test_requested = Signal(str)  # TileView.key
    identify_requested = Signal(str)
    calibrate_requested = Signal(str)
    accept_requested = Signal(str, str)  # key, serial number of the device that waits

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.title = self.tr("Perangkat")
        self.help_lines = (
            self.tr(
                "Panah atas dan bawah memilih alat. Kolom kanan berisi semua tentang alat itu."
            ),
            self.tr(
                "Hijau: siap. Jam: sedang menyala. Kuning: perlu dilihat. Merah: tidak terlihat."
            ),
            self.tr("Cabut dan colok terlihat sendiri; F5 mencari saat itu juga."),
            self.tr("Alat latihan tidak pernah masuk ke rekaman sungguhan."),
        )
        self._cards: dict[str, DeviceCard] = {}
        self._tiles: dict[str, DeviceTile] = {}
        self._chosen = ""
        self._summary = label(theme, "", 16, tone="quiet")
        self._list = QVBoxLayout()
        self._detail = DeviceDetail(theme)
        self._detail.asked.connect(self._ask)
        self.side = self._detail
        self._compose()

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(label(self.theme, self.title, 28, 600))
        head.addWidget(self._summary, 1, Qt.AlignmentFlag.AlignBaseline)
        column.addLayout(head)
        body = QWidget()
        around = QVBoxLayout(body)
        around.setContentsMargins(0, 0, 0, 16)
        self._list.setSpacing(8)
        around.addLayout(self._list)
        around.addStretch(1)
        self._area = scrolled(body)
        column.addWidget(self._area, 1)

    @property
    def chosen(self) -> str:
        """Key of the device whose details are shown."""
        return self._chosen

    def card(self, key: str) -> DeviceCard:
        """Return what a card says; KeyError when it is not shown."""
        return self._cards[key]

    def tile(self, key: str) -> DeviceTile:
        """Return one card of the list; KeyError when it is not shown."""
        return self._tiles[key]

    def button(self, what: str) -> KeyButton:
        """Return the button of the chosen device for "test", "identify" or "calibrate"."""
        return self._detail.button(what)

    def first_focus(self) -> QWidget | None:
        """Begin in the list, so that the arrow keys work at once."""
        return self._tiles.get(self._chosen)

    def show_devices(self, cards: tuple[DeviceCard, ...], summary: str = "") -> None:
        """Show the places; what did not change is not painted again."""
        if self._summary.text() != summary:
            self._summary.setText(summary)
        self._cards = {card.tile.key: card for card in cards}
        if tuple(self._tiles) != tuple(self._cards):
            self._rebuild(cards)
        for key, card in self._cards.items():
            self._tiles[key].show_view(card.tile)
        if self._chosen in self._cards:
            self._detail.show_detail(self._cards[self._chosen].detail)

    def choose(self, key: str) -> None:
        """Show one device's details and lead the focus to its card."""
        if key in self._tiles:
            self._show_chosen(key)
            self._tiles[key].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn the facts of the chosen device; every other key is the desk's."""
        turns = {int(Qt.Key.Key_PageUp): -1, int(Qt.Key.Key_PageDown): 1}
        if event.key() in turns:
            self._detail.turn(turns[event.key()])
        else:
            super().keyPressEvent(event)

    def press_cap(self, cap: str) -> None:
        """Test, identify or calibrate the chosen device by its key."""
        self._detail.press_cap(cap)

    def _show_chosen(self, key: str) -> None:
        self._chosen = key
        for other, tile in self._tiles.items():
            tile.show_current(current=other == key)
        self._detail.show_detail(self._cards[key].detail)
        self._area.ensureWidgetVisible(self._tiles[key], 0, 8)

    def _step(self, by: int) -> None:
        keys = tuple(self._tiles)
        at = keys.index(self._chosen) + by
        if 0 <= at < len(keys):
            self.choose(keys[at])

    def _ask(self, what: str, key: str) -> None:
        signals = {
            "test": self.test_requested,
            "identify": self.identify_requested,
            "calibrate": self.calibrate_requested,
        }
        signals[what].emit(key)

    def _rebuild(self, cards: tuple[DeviceCard, ...]) -> None:
        clear_layout(self._list)
        self._tiles = {}
        for card in cards:
            tile = DeviceTile(self.theme, card.tile)
            tile.chosen.connect(self._show_chosen)
            tile.accepted.connect(self.accept_requested)
            tile.stepped.connect(self._step)
            self._tiles[card.tile.key] = tile
            self._list.addWidget(tile)
        for tile in self._tiles.values():
            tile.align(max(other.name_width for other in self._tiles.values()))
        if self._tiles:
            chosen = self._chosen if self._chosen in self._tiles else next(iter(self._tiles))
            self._show_chosen(chosen)
