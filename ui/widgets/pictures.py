"""Small painted widgets: a pictogram, a state's glyph, a coach's picture, a rule."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QWidget

from station.guidance import Guidance
from ui.icons import State, paint_coaching, paint_icon, paint_state
from ui.theme import Theme


class Pictogram(QWidget):
    """A named pictogram in a tone; decoration, so a screen reader skips it."""

    def __init__(self, theme: Theme, name: str, px: int = 24, tone: str = "primary") -> None:
        super().__init__()
        self._theme, self._name, self._tone = theme, name, tone
        self.setFixedSize(theme.text(px), theme.text(px))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, tone: str | None = None) -> None:
        """Change the picture."""
        self._name, self._tone = name, tone or self._tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        paint_icon(QPainter(self), QRectF(self.rect()), self._name, self._theme.colour(self._tone))


class Glyph(QWidget):
    """A state by shape and colour; the word beside it says the same."""

    def __init__(self, theme: Theme, state: State = State.TO_COME, px: int = 24) -> None:
        super().__init__()
        self._theme, self._state = theme, state
        self.setFixedSize(theme.text(px), theme.text(px))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def state(self) -> State:
        """What it shows."""
        return self._state

    def show_state(self, state: State) -> None:
        """Show another state."""
        self._state = state
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        paint_state(QPainter(self), QRectF(self.rect()), self._state, self._theme)


class CoachPicture(QWidget):
    """The pictogram beside the coach's instruction, 72 px."""

    def __init__(self, theme: Theme, guidance: Guidance = Guidance.NO_SUBJECT) -> None:
        super().__init__()
        self._theme, self._guidance = theme, guidance
        self.setFixedSize(72, 72)

    def show_guidance(self, guidance: Guidance) -> None:
        """Show another instruction's picture."""
        self._guidance = guidance
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it; the one that says all is well is green."""
        tone = "good" if self._guidance is Guidance.READY else "primary"
        paint_coaching(
            QPainter(self), QRectF(self.rect()), self._guidance, self._theme.colour(tone)
        )


class ColourPatch(QFrame):
    """A small square of the colour asked for behind the face."""

    def __init__(self, colour: str = "#B5322B", px: int = 16) -> None:
        super().__init__()
        self.setFixedSize(px, px)
        self.show_colour(colour)

    def show_colour(self, colour: str) -> None:
        """Fill with ``#RRGGBB``; the word beside it names the colour."""
        self.setStyleSheet(f"background: {colour}; border: none; border-radius: 4px;")


def rule(*, vertical: bool = False) -> QFrame:
    """Return a hairline."""
    line = QFrame()
    line.setProperty("rule", True)
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line


class Panel(QFrame):
    """A card: white or tinted ground, one hairline, corners of 8 px."""

    def __init__(self, kind: str = "plain") -> None:
        super().__init__()
        self.setProperty("panel", kind)
