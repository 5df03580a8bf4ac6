"""Painted buttons: the one primary action, the ones beside it with their key, and quiet ones."""

from enum import StrEnum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from ui.icons import paint_icon
from ui.theme import Theme

RING = 5  # 2 px gap and 3 px ink around a button that has the focus
COMPACT = 1.2  # from this scale on, padding and pictograms give way to the words


class Kind(StrEnum):
    """How loud a button is."""

    PRIMARY = "primary"
    PLAIN = "plain"
    LINK = "link"


class KeyButton(QPushButton):
    """A button with an optional pictogram and the key that does the same, painted from the theme."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        key: str = "",
        icon: str = "",
        kind: Kind = Kind.PLAIN,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        if kind is Kind.PLAIN and theme.text_scale >= 1.4:
            icon = ""
        self._theme, self._key, self._icon, self._kind = theme, key, icon, kind
        self._height = theme.text(56 if kind is Kind.PRIMARY else 48)
        size = 20 if kind is Kind.PRIMARY else 14 if theme.text_scale >= 1.4 else 16
        self.setFont(theme.font(size, 600 if kind is Kind.PRIMARY else 500))
        self._ring = 0 if kind is Kind.LINK else RING
        self._pad = (
            12
            if kind is Kind.LINK or theme.text_scale >= 1.4
            else 20
            if kind is Kind.PRIMARY
            else 18
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def show_words(self, text: str, key: str | None = None, icon: str | None = None) -> None:
        """Change the verb, its key and its pictogram."""
        self.setText(text)
        self.setAccessibleName(text)
        self._key = self._key if key is None else key
        self._icon = self._icon if icon is None or not self._icon else icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for pictogram, words and key cap, ring included."""
        t = self._theme
        inner = self.fontMetrics().horizontalAdvance(self.text())
        if self._kind is Kind.LINK:
            inner += t.text(24) + (t.text(28) if self._icon else 0)
        else:
            inner += t.text(2 * self._pad)
            inner += t.text(32) if self._icon else 0
            inner += self._cap_width() + t.text(12) if self._key else 0
        return QSize(inner + 2 * self._ring, self._height + 2 * self._ring)

    def minimumSizeHint(self) -> QSize:
        """Never clip the verb."""
        return self.sizeHint()

    def _cap_width(self) -> int:
        return QFontMetrics(self._theme.font(14, 500)).horizontalAdvance(
            self._key
        ) + self._theme.text(16)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Return ground, edge and ink for the present state."""
        c = self._theme.colour
        clear = QColor(Qt.GlobalColor.transparent)
        if not self.isEnabled():
            return (c("track") if self._kind is Kind.PRIMARY else clear), c("line"), c("empty")
        lit = self.isDown() or self.underMouse()
        if self._kind is Kind.PRIMARY:
            ground = c("primary_hover" if lit else "primary")
            return ground, ground, c("on_primary")
        if self._kind is Kind.LINK:
            return (c("primary_tint") if lit else clear), clear, c("primary")
        return c("primary_tint" if lit else "panel"), c("control"), c("ink")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, ring, pictogram, words and key cap."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, ink = self._colours()
        body = QRectF(self.rect()).adjusted(self._ring, self._ring, -self._ring, -self._ring)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("ink"), 3))
            painter.setBrush(self._theme.colour("panel"))
            out = 3.5 if self._ring else -1.5
            painter.drawRoundedRect(body.adjusted(-out, -out, out, out), 11, 11)
            if not self._ring:
                body = body.adjusted(4, 4, -4, -4)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        self._paint_inside(painter, body, ink)

    def _paint_inside(self, painter: QPainter, body: QRectF, ink: QColor) -> None:
        t = self._theme
        left = body.left() + t.text(
            12 if self._kind is Kind.LINK else 20 if self._kind is Kind.PRIMARY else 18
        )
        if self._icon:
            px = t.text(20 if self._kind is Kind.LINK else 22)
            spot = QRectF(left - t.text(2), body.center().y() - px / 2, px, px)
            quiet = self._kind is Kind.PLAIN and self.isEnabled()
            paint_icon(painter, spot, self._icon, t.colour("quiet") if quiet else ink)
            left += t.text(28 if self._kind is Kind.LINK else 33)
        painter.setPen(ink)
        painter.setFont(self.font())
        centred = not self._icon and not self._key
        box = body if centred else QRectF(left, body.top(), body.right() - left, body.height())
        flags = Qt.AlignmentFlag.AlignVCenter | (
            Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
        )
        painter.drawText(box, flags, self.text())
        if self._key:
            self._paint_cap(painter, body, ink)

    def _paint_cap(self, painter: QPainter, body: QRectF, ink: QColor) -> None:
        t, width, height = self._theme, self._cap_width(), self._theme.text(24)
        inset = t.text(12)
        cap = QRectF(body.right() - inset - width, body.center().y() - height / 2, width, height)
        quiet = self._kind is not Kind.PRIMARY
        painter.setPen(QPen(t.colour("control") if quiet else ink, 1))
        painter.setBrush(t.colour("ground") if quiet else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(t.colour("quiet") if quiet and self.isEnabled() else ink)
        painter.setFont(t.font(14, 500))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)
