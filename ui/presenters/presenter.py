"""What every presenter is: it stands between one page and the services, and speaks through the shell."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from ui.pages.page import Page
from ui.widgets.action_bar import Action

if TYPE_CHECKING:
    from ui.presenters.shell import Shell

T = TypeVar("T")


class Presenter(QObject):
    """Owns one page. ``enter`` shows it, ``leave`` stops whatever runs for it, ``act`` obeys an action."""

    def __init__(self, shell: "Shell", page: Page) -> None:
        super().__init__(shell)
        self.shell = shell
        self.page = page

    def enter(self) -> None:
        """Show the page in its present state; called each time it comes on the stage."""

    def leave(self) -> None:
        """Stop streams and captures; called before another page comes on the stage."""

    def act(self, action: str) -> None:
        """Obey an action of the bar, by its id."""

    def take(self) -> None:
        """Obey the space bar."""

    def message_pressed(self, key: str) -> None:
        """Obey the button of the message bar; ``key`` is the message's."""

    def look_again(self) -> None:
        """Obey F5: look for the devices of this page again."""

    def attempt_pressed(self, number: int) -> None:
        """Obey a press on the thumbnail of an attempt."""

    def busy_run(self, lane: str, job: Callable[[], T], then: Callable[[T], object]) -> None:
        """Do a job away from the window with actions held; failures go to the message bar.

        When another page came on the stage meanwhile, or the desk was locked, the job's work is done
        but ``then`` is not called: it would act behind the page that is shown now.
        """
        self.shell.window.set_busy(True)
        then, failed = self.while_here(then), self.while_here(self.failed, self.shell.fail)

        def done(result: T) -> None:
            self.shell.window.set_busy(False)
            then(result)

        def refused(error: Exception) -> None:
            self.shell.window.set_busy(False)
            failed(error)

        self.shell.tasks.run(lane, job, done, refused)

    def while_here(
        self, then: Callable[[T], object], elsewhere: Callable[[T], object] | None = None
    ) -> Callable[[T], object]:
        """Return ``then``, bound to this visit of the page: later ``elsewhere`` is called, or nothing."""
        visit = self.shell.visit

        def call(result: T) -> object:
            if self.shell.visit == visit:
                return then(result)
            return elsewhere(result) if elsewhere is not None else None

        return call

    def failed(self, error: Exception) -> None:
        """Tell what happened and the next step; a page may know more."""
        self.shell.fail(error)

    def back_action(self) -> Action:
        """The action that goes one step back."""
        return Action("back", self.tr("Kembali"), "Esc", "left")

    def help_action(self) -> Action:
        """The action that opens the page's help."""
        return Action("help", self.tr("Bantuan"), "F1", "help")
