"""The header: product and desk, rehearsal badge, the applicant, the health strip, operator and lock."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.theme import Theme
from ui.widgets.health import HealthItem, HealthStrip
from ui.widgets.pictures import Pictogram, rule
from ui.widgets.text import ElidedLabel, label, masked_nik, nik_groups


@dataclass(frozen=True, slots=True)
class PersonView:
    """Who stands before the desk."""

    name: str
    nik: str
    masked: bool = False


class Brand(QWidget):
    """Product name and desk on the dark block above the rail."""

    def __init__(self, theme: Theme, desk: str) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedWidth(theme.wide(200))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 12, 0)
        row.setSpacing(12)
        name = label(theme, "Rekam", 20, 600, "on_primary")
        self._desk = ElidedLabel(theme, desk, 14, 500)
        for part in (name, self._desk):
            palette = part.palette()
            palette.setColor(part.foregroundRole(), theme.colour("on_brand"))
            part.setPalette(palette)
            part.setProperty("tone", None)
        row.addWidget(name)
        row.addWidget(self._divider())
        row.addWidget(self._desk, 1)

    def _divider(self) -> QWidget:
        line = QWidget()
        line.setFixedSize(1, self._theme.text(20))
        line.setStyleSheet(f"background: {self._theme.tokens.control};")
        return line

    def show_desk(self, desk: str) -> None:
        """Name the desk."""
        self._desk.setText(desk)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the block."""
        QPainter(self).fillRect(self.rect(), self._theme.colour("brand"))


class RehearsalBadge(QWidget):
    """Striped, so that nobody takes a rehearsal for the real thing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("Latihan: alat atau pusat ditiru"))
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return room for stripes and word."""
        t = self._theme
        return QSize(t.text(122 if self.tr("LATIHAN") == "LATIHAN" else 142), t.text(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw frame, stripes and the word."""
        t, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame, amber = QPainterPath(), t.colour("attention")
        frame.addRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 6, 6)
        painter.fillPath(frame, t.colour("attention_tint"))
        painter.save()
        painter.setClipPath(frame)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(amber)
        height, slope, wide = self.height(), self.height() * 0.45, t.text(8)
        for left in (-t.text(2), t.text(14)):
            corners = (
                (left + slope, 0),
                (left + slope + wide, 0),
                (left + wide, height),
                (left, height),
            )
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.restore()
        painter.setPen(QPen(amber, 1.5))
        painter.drawPath(frame)
        painter.setFont(t.font(14, 600, spacing=0.6))
        box = QRectF(self.rect()).adjusted(t.text(38), 0, -t.text(6), 0)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.tr("LATIHAN")
        )


class LockButton(QPushButton):
    """Locks the desk."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName(self.tr("Kunci meja (F9)"))
        self.setToolTip(self.accessibleName())
        self.setFixedSize(theme.text(48), theme.text(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lock."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("ink"), 3))
            painter.drawRoundedRect(body, 8, 8)
        centre = body.center()
        paint_icon(
            painter,
            QRectF(centre.x() - 11, centre.y() - 11, 22, 22),
            "lock",
            self._theme.colour("ink"),
        )


class Header(QWidget):
    """56 px across the top."""

    health_pressed = Signal(str)
    lock_requested = Signal()

    def __init__(self, theme: Theme, desk: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.text(56))
        self._brand = Brand(theme, desk)
        self._badge = RehearsalBadge(theme)
        self._idle = label(theme, self.tr("Belum ada pemohon di meja ini"), tone="quiet")
        self._idle.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._name = ElidedLabel(theme, "", 16, 600)
        self._nik = label(theme, "", 14, tone="quiet", spacing=0.5)
        self._health = HealthStrip(theme)
        self._health.pressed.connect(self.health_pressed)
        self._divider = rule(vertical=True)
        self._operator = label(theme, "", 14, 500)
        self._operator_icon = Pictogram(theme, "person", 20, "quiet")
        self._lock = LockButton(theme)
        self._lock.clicked.connect(self.lock_requested)
        self._compose()
        self.show_person(None)
        self.show_operator("")
        self.show_rehearsal(on=False)

    def _compose(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 8, 0)
        row.setSpacing(0)
        row.addWidget(self._brand)
        row.addSpacing(24)
        row.addWidget(self._badge)
        row.addSpacing(24)
        person = QVBoxLayout()
        person.setSpacing(0)
        person.addStretch(1)
        for line in (self._idle, self._name, self._nik):
            person.addWidget(line)
        person.addStretch(1)
        row.addLayout(person, 1)
        row.addSpacing(16)
        row.addWidget(self._health)
        row.addSpacing(8)
        self._divider.setFixedHeight(self._theme.text(32))
        row.addWidget(self._divider)
        row.addSpacing(16)
        row.addWidget(self._operator_icon)
        row.addSpacing(8)
        row.addWidget(self._operator)
        row.addSpacing(4)
        row.addWidget(self._lock)

    def show_person(self, person: PersonView | None) -> None:
        """Show who is recorded now; None when nobody is."""
        self._idle.setVisible(person is None)
        self._name.setVisible(person is not None)
        self._nik.setVisible(person is not None)
        self._name.setText(person.name if person else "")
        write = masked_nik if person and person.masked else nik_groups
        self._nik.setText(write(person.nik) if person else "")

    def show_health(self, items: tuple[HealthItem, ...]) -> None:
        """Show the devices' states."""
        self._health.show_health(items)

    def show_operator(self, name: str) -> None:
        """Name the operator; '' when nobody is signed in."""
        self._operator.setText(name)
        for part in (self._operator, self._operator_icon, self._lock, self._divider):
            part.setVisible(bool(name))
        self._idle.setText(self.tr("Belum ada pemohon di meja ini") if name else "")

    def show_desk(self, desk: str) -> None:
        """Name the desk."""
        self._brand.show_desk(desk)

    def show_rehearsal(self, *, on: bool) -> None:
        """Show the striped badge whenever anything is emulated."""
        self._badge.setVisible(on)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and the hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))
