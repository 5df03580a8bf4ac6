"""A box with a headed paragraph: the task of the officers, the sentence for the applicant."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from ui.theme import Theme
from ui.widgets.pictures import Panel, Pictogram
from ui.widgets.text import label


class NoteBox(Panel):
    """``kind`` is a panel's ground; the head takes the tone that belongs to it."""

    def __init__(self, theme: Theme, icon: str, kind: str = "ground") -> None:
        super().__init__(kind)
        tone = {"attention": "attention", "stop": "stop", "good": "good"}.get(kind, "primary")
        self._head = label(theme, "", 16, 600, "ink" if tone == "primary" else tone, wrap=True)
        self._text = label(theme, "", 16, wrap=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Pictogram(theme, icon, 20, tone))
        head.addWidget(self._head, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._text)

    def show_note(self, head: str, text: str) -> None:
        """Show head and paragraph; the box hides when there is nothing to say."""
        self._head.setText(head)
        self._text.setText(text)
        self.setVisible(bool(text))
