"""What the frame knows of a page: a name, whether the coach stands beside it, its help."""

from PySide6.QtWidgets import QWidget

from ui.theme import Theme


class Page(QWidget):
    """A view without services: methods show things, signals say what the operator asked.

    ``title`` is announced when the page opens; ``with_coach`` keeps the coach's column; ``side`` is the
    page's own right column instead (its fixed width counts); ``help_lines`` is what F1 shows. With
    neither coach nor side the page has the whole width.
    """

    with_coach = False

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.title = ""
        self.side: QWidget | None = None
        self.help_lines: tuple[str, ...] = ()

    def first_focus(self) -> QWidget | None:
        """Return the widget that has the focus when the page opens; None for the primary action."""
        return None

    def press_cap(self, cap: str) -> None:
        """Press the page's own button with this key cap, if it has one."""
