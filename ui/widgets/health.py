"""The health strip: a pictogram per device with a dot that says its state by shape and colour."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from station.device_report import Condition
from ui.icons import paint_icon
from ui.theme import Theme


@dataclass(frozen=True, slots=True)
class HealthItem:
    """One device, the line or the queue: ``icon`` names a pictogram, ``name`` is read aloud."""

    key: str
    icon: str
    name: str
    condition: Condition


def paint_dot(painter: QPainter, centre: QPointF, condition: Condition, theme: Theme) -> None:
    """Draw a condition, 10 px: no two share their shape.

    A filled disc is ready, a hollow ring asks for attention, a diamond for a yes, a dotted ring will come
    by itself, a square is not there, a dash is not used at this desk.
    """
    painter.setPen(QPen(theme.colour("panel"), 1.5))
    if condition is Condition.READY:
        painter.setBrush(theme.colour("good"))
        painter.drawEllipse(centre, 5, 5)
    elif condition in {Condition.ATTENTION, Condition.WAIT}:
        tone = theme.colour("attention" if condition is Condition.ATTENTION else "primary")
        painter.setBrush(theme.colour("panel"))
        painter.drawEllipse(centre, 5.5, 5.5)
        painter.setPen(QPen(tone, 2.2 if condition is Condition.ATTENTION else 1.6))
        painter.drawEllipse(centre, 3.8, 3.8)
        if condition is Condition.WAIT:
            painter.setBrush(tone)
            painter.drawEllipse(centre, 0.8, 0.8)
    elif condition is Condition.OTHER_DEVICE:
        painter.setBrush(theme.colour("attention"))
        corners = (QPointF(0, -6.5), QPointF(6.5, 0), QPointF(0, 6.5), QPointF(-6.5, 0))
        painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))
    elif condition is Condition.UNCONFIGURED:
        painter.setBrush(theme.colour("empty"))
        painter.drawRect(QRectF(centre.x() - 5, centre.y() - 2, 10, 4))
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

    @property
    def item(self) -> HealthItem:
        """What it shows."""
        return self._item

    def show_item(self, item: HealthItem) -> None:
        """Show a new state."""
        self._item = item
        words = {
            Condition.READY: QCoreApplication.translate("HealthStrip", "siap"),
            Condition.WAIT: QCoreApplication.translate("HealthStrip", "sedang menyala"),
            Condition.ATTENTION: QCoreApplication.translate("HealthStrip", "perlu dilihat"),
            Condition.OTHER_DEVICE: QCoreApplication.translate("HealthStrip", "alat lain tercolok"),
            Condition.ABSENT: QCoreApplication.translate("HealthStrip", "tidak ada"),
            Condition.UNCONFIGURED: QCoreApplication.translate("HealthStrip", "tidak dipasang"),
        }
        self.setAccessibleName(f"{item.name}: {words[item.condition]}")
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
        paint_dot(painter, middle + QPointF(11, 8), self._item.condition, self._theme)
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

    def button(self, key: str) -> HealthButton:
        """Return one place; KeyError when it is not shown."""
        return self._buttons[key]

    def show_health(self, items: tuple[HealthItem, ...]) -> None:
        """Show the devices in the order given."""
        if tuple(self._buttons) == tuple(item.key for item in items):
            for item in items:
                if self._buttons[item.key].item != item:
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
