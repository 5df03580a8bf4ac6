"""Masuk: who works here, and is the desk ready; also the lock."""

from station.audit.chain import Action as AuditAction
from station.device_report import Condition
from station.errors import SignInRefused
from station.operators.account import Account, OperatorId, Right
from ui.device_words import device_word
from ui.icons import State
from ui.messages import message_for
from ui.pages.sign_in import MorningCheck, SignInPage
from ui.presenters.presenter import Presenter
from ui.presenters.search import SearchPresenter
from ui.presenters.shell import DEVICE_ICONS, Shell
from ui.widgets.action_bar import Action, Actions
from ui.widgets.coach import CheckView
from ui.widgets.rail import RailView


class SignInPresenter(Presenter):
    """Signs in, locks and unlocks; a locked desk keeps its place."""

    def __init__(self, shell: Shell, search: SearchPresenter) -> None:
        self._search = search
        self.view = SignInPage(shell.window.theme)
        super().__init__(shell, self.view)
        self.view.changed.connect(self._show_actions)
        shell.health_changed.connect(self.show_check)
        self._locked_place = ""
        self._locked_operator = ""

    def enter(self) -> None:
        """Show an empty sign-in, or the lock."""
        self.view.clear()
        self.shell.window.set_rail(RailView())
        self.shell.window.set_person(None)
        desk = self.shell.desk
        heading = self.tr("Meja terkunci") if self._locked_place else self.tr("Selamat bertugas")
        self.view.show_heading(
            heading,
            self.tr("Meja {desk} · {office}").format(
                desk=desk.settings.desk, office=desk.settings.office
            ),
        )
        if self._locked_operator:
            self.view.show_operator(self._locked_operator)
            self.view.first_focus().setFocus()  # only the PIN is missing
        self.show_check()
        self._show_actions()

    def act(self, action: str) -> None:
        """Sign in, or note where the desk was locked."""
        if action == "sign-in":
            self._sign_in()
        elif action.startswith("lock:"):
            self._lock(action.partition(":")[2])

    def _show_actions(self) -> None:
        text = self.tr("Buka kunci") if self._locked_place else self.tr("Masuk")
        self.shell.window.set_actions(
            Actions(
                Action("sign-in", text, "Enter", enabled=self.view.complete),
                (self.help_action(),),
            )
        )

    def _sign_in(self) -> None:
        typed = self.view.credentials()
        accounts = self.shell.desk.accounts
        if self._locked_operator and typed.operator != self._locked_operator:
            self.view.show_refusal(self.tr("Meja ini dikunci oleh petugas lain."))
            return
        self.busy_run(
            "accounts",
            lambda: accounts.check_pin(OperatorId(typed.operator), typed.pin),
            self._signed_in,
        )

    def _signed_in(self, account: Account) -> None:
        desk = self.shell.desk
        desk.operator = str(account.id)
        self.shell.window.set_operator(account.name)
        place, self._locked_place, self._locked_operator = self._locked_place, "", ""
        self.shell.note(AuditAction.UNLOCKED if place else AuditAction.SIGN_IN)
        self.view.clear()
        if place.startswith("step:"):
            self.shell.presenter("enrolment").act("resume")
        else:
            sees = self.shell.may(Right.SEE_PEOPLE)
            self.shell.show(place or ("search" if sees else "devices"))
            if not place and sees:
                self._search.offer_unfinished()

    def failed(self, error: Exception) -> None:
        """Say below the PIN why it did not work."""
        if isinstance(error, SignInRefused):
            words = message_for(error)
            self.view.show_refusal(f"{words.happened} {words.next_step}")
            self.shell.note(AuditAction.SIGN_IN_FAILED)
            self._show_actions()
        else:
            self.shell.fail(error)

    def _lock(self, place: str) -> None:
        desk = self.shell.desk
        self._locked_place, self._locked_operator = place, desk.operator
        self.shell.note(AuditAction.LOCKED)
        desk.operator = ""
        self.shell.window.set_operator("")

    def show_check(self) -> None:
        """Show the morning check: devices, line, queue, keys."""
        words = {
            Condition.READY: (State.DONE, self.tr("siap")),
            Condition.WAIT: (State.WAIT, self.tr("sedang diperiksa")),
            Condition.ATTENTION: (State.LOOK, self.tr("perlu dilihat")),
            Condition.OTHER_DEVICE: (State.OTHER, self.tr("alat lain")),
            Condition.ABSENT: (State.STOP, self.tr("tidak ada")),
            Condition.UNCONFIGURED: (State.EXEMPT, self.tr("tidak dipasang")),
        }
        names = (
            *((modality.value, device_word(modality.value)) for modality in DEVICE_ICONS),
            ("line", self.tr("Jaringan ke pusat")),
            ("disk", self.tr("Ruang simpan")),
        )
        rows = tuple(CheckView(name, *words[self.shell.condition(key)]) for key, name in names)
        absent = sum(row.state is State.STOP for row in rows)
        look = sum(row.state not in {State.DONE, State.EXEMPT} for row in rows)
        verdict, state = self.tr("Semua siap"), State.DONE
        if absent:
            verdict, state = self.tr("{n} alat belum terlihat").format(n=absent), State.LOOK
        elif look:
            verdict, state = self.tr("Hampir siap"), State.LOOK
        self.view.show_check(MorningCheck(verdict, state, rows, self._note()))

    def _note(self) -> str:
        notices = " · ".join(self.shell.desk.notices)
        if not notices or not self.shell.desk.rehearsal:
            return notices
        return self.tr("Latihan: masuk sebagai {who}").format(who=notices)
