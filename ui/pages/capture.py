"""What the capture pages share: the exemption opens over the stage, beside the work."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.pages.page import Page
from ui.theme import Theme
from ui.widgets.exemption import ExemptionPanel, ExemptionView


class CapturePage(Page):
    """A page that takes something from the applicant, or leaves it out with a reason."""

    exemption_given = Signal(object)  # ExemptionAnswer
    exemption_cancelled = Signal()
    with_coach = True

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._exemption = ExemptionPanel(theme, self)
        self._exemption.given.connect(self.exemption_given)
        self._exemption.cancelled.connect(self.exemption_cancelled)

    @property
    def exemption(self) -> ExemptionPanel:
        """The panel, for those who work it from outside."""
        return self._exemption

    def show_exemption(self, view: ExemptionView | None) -> None:
        """Open the panel beside the work, or close it and give the focus back."""
        if view is None:
            if self._exemption.isVisibleTo(self):
                held = self._exemption.isAncestorOf(self._focused())
                self._exemption.forget()
                if held:
                    self._return_focus()
            return
        self._exemption.show_view(view)
        self._lay_panel()

    def first_focus(self) -> QWidget | None:
        """Begin in the panel while it is open."""
        return self._exemption if self._exemption.isVisibleTo(self) else None

    def _focused(self) -> QWidget:
        return self.window().focusWidget() or self

    def _return_focus(self) -> None:
        bar = getattr(self.window(), "action_bar", None)
        if bar is not None:
            bar.focus_primary()

    def _lay_panel(self) -> None:
        width = min(self.width() - 48, self.theme.text(400))
        self._exemption.setGeometry(self.width() - width - 24, 24, width, self.height() - 48)

    def forget(self) -> None:
        """Show nothing of the person any more; the default has nothing to forget."""

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave no picture of a person behind on a page that is put away (not when minimized)."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.forget()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the panel on the stage."""
        super().resizeEvent(event)
        self._lay_panel()
