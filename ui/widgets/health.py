"""The health strip: a pictogram per device with a dot that says its state by shape and colour."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from station.devices import HealthState
from ui.icons import paint_icon
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One device, the line or the queue: ``icon`` names a pictogram, ``name`` is read aloud."""

    key: str
    icon: str
    name: str
    state: HealthState


def paint_dot(painter: QPainter, centre: QPointF, state: HealthState, theme: Theme) -> None:
    """Draw a filled green disc, a hollow amber ring or a red square, 9 px."""
    painter.setPen(QPen(theme.colour("panel"), 1.5))
    if state is HealthState.READY:
        painter.setBrush(theme.colour("good"))
        painter.drawEllipse(centre, 5, 5)
    elif state is HealthState.ATTENTION:
        painter.setBrush(theme.colour("panel"))
        painter.drawEllipse(centre, 5.5, 5.5)
        painter.setPen(QPen(theme.colour("attention"), 2.2))
        painter.drawEllipse(centre, 3.8, 3.8)
    else:
        painter.setBrush(theme.colour("stop"))
        painter.drawRect(QRectF(centre.x() - 5, centre.y() - 5, 10, 10))


class HealthButton(QPushButton):
    """One place in the strip."""

    def __init__(self, theme: Theme, item: HealthItem) -> None:
        super().__init__()
        self._theme = theme
        self._item = item
        self.setFixedSize(QSize(40, theme.text(56)))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_item(item)

    @property
    def key(self) -> str:
        """Which device."""
        return self._item.key

    def show_item(self, item: HealthItem) -> None:
        """Show a new state."""
        self._item = item
        words = {
            HealthState.READY: QCoreApplication.translate("HealthStrip", "siap"),
            HealthState.ATTENTION: QCoreApplication.translate("HealthStrip", "perlu dilihat"),
            HealthState.ABSENT: QCoreApplication.translate("HealthStrip", "tidak ada"),
        }
        self.setAccessibleName(f"{item.name}: {words[item.state]}")
        self.setToolTip(self.accessibleName())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw pictogram, dot and focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.rect().center())
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("primary_tint"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 6, -2, -6), 8, 8)
        spot = QRectF(middle.x() - 12, middle.y() - 12, 24, 24)
        paint_icon(painter, spot, self._item.icon, self._theme.colour("quiet"))
        paint_dot(painter, middle + QPointF(11, 8), self._item.state, self._theme)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("ink"), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 6, -2, -6), 8, 8)


class HealthStrip(QWidget):
    """All devices in a row; pressing one asks for its place on the device page."""

    pressed = Signal(str)  # HealthItem.key

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._buttons: dict[str, HealthButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def show_health(self, items: tuple[HealthItem, ...]) -> None:
        """Show the devices in the order given."""
        if tuple(self._buttons) == tuple(item.key for item in items):
            for item in items:
                self._buttons[item.key].show_item(item)
            return
        for old in self._buttons.values():
            self._row.removeWidget(old)
            old.deleteLater()
        self._buttons = {}
        for item in items:
            button = HealthButton(self._theme, item)
            button.clicked.connect(self._report)
            self._buttons[item.key] = button
            self._row.addWidget(button)

    def _report(self) -> None:
        sender = self.sender()
        if isinstance(sender, HealthButton):
            self.pressed.emit(sender.key)
