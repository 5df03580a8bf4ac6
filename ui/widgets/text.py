"""Labels in the house's sizes and tones, and how numbers of identity are written."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.theme import Theme


def nik_groups(nik: str) -> str:
    """Return a NIK in groups 6-6-4; what has been typed so far is grouped the same way."""
    return " ".join(part for part in (nik[:6], nik[6:12], nik[12:]) if part)


def masked_nik(nik: str) -> str:
    """Return a NIK of which only area and serial remain readable."""
    return f"{nik[:6]} ●●●●●● {nik[12:]}"


def label(
    theme: Theme,
    text: str = "",
    px: int = 16,
    weight: int = 400,
    tone: str = "ink",
    *,
    wrap: bool = False,
    spacing: float = 0.0,
) -> QLabel:
    """Return a label; it keeps its own text as its name for a screen reader."""
    made = QLabel(text)
    made.setFont(theme.font(px, weight, spacing=spacing))
    made.setProperty("tone", tone)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return made


def set_tone(target: QWidget, tone: str) -> None:
    """Change the colour role of a label or the ground of a panel."""
    name = "tone" if isinstance(target, QLabel) else "panel"
    if target.property(name) != tone:
        font = target.font()
        target.setProperty(name, tone)
        target.style().unpolish(target)
        target.style().polish(target)
        target.setFont(font)  # polishing gives back the font from before; a label keeps its own


class ElidedLabel(QLabel):
    """One line that ends in an ellipsis when there is no room; the whole text stays its name and tooltip."""

    def __init__(
        self, theme: Theme, text: str = "", px: int = 16, weight: int = 400, tone: str = "ink"
    ) -> None:
        super().__init__()
        self.setFont(theme.font(px, weight))
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show the text; the tooltip holds all of it."""
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Be as small as the layout needs."""
        return QSize(0, self.fontMetrics().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = self.fontMetrics()
        fitting = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(
            self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), fitting
        )
