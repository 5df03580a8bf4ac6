"""The shell: which presenter is on the stage, who is signed in, and where keys and messages go."""

import logging
from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from station.audit.chain import Action as AuditAction
from station.audit.chain import Detail
from station.device_report import Condition
from station.devices import Health, HealthState, Modality
from station.errors import StationError
from station.operators.account import OperatorId, Right
from ui.desk import Desk
from ui.device_words import device_word
from ui.messages import DESTINATIONS, message_for
from ui.presenters.presenter import Presenter
from ui.tasks import Tasks
from ui.widgets.health import HealthItem
from ui.widgets.message_bar import MessageView
from ui.widgets.rail import RailFoot, RailItem, RailView
from ui.window import DeskWindow

_LOG = logging.getLogger(__name__)

_IDLE_LOCK_MS: Final = 5 * 60 * 1000  # nothing is lost by locking: the work stays where it is
_NEEDS: Final[Mapping[str, Right]] = {"counter": Right.HAND_OVER}

DEVICE_ICONS: Final[Mapping[Modality, str]] = {
    Modality.FACE: "camera",
    Modality.FINGER: "finger",
    Modality.IRIS: "eye",
    Modality.SIGNATURE: "pen",
    Modality.CARD: "card",
}

_CONDITIONS: Final[Mapping[HealthState, Condition]] = {
    HealthState.READY: Condition.READY,
    HealthState.ATTENTION: Condition.ATTENTION,
    HealthState.ABSENT: Condition.ABSENT,
}


class Shell(QObject):
    """Moves between workplaces and routes what the operator asks to the presenter on the stage."""

    health_changed = Signal()
    step_changed = Signal(str)  # key of the presenter that came on the stage

    def __init__(self, window: DeskWindow, desk: Desk, tasks: Tasks) -> None:
        super().__init__(window)
        self.window = window
        self.desk = desk
        self.tasks = tasks
        self.current: Presenter | None = None
        self.current_key = ""
        self.visit = 0  # counts the pages shown: an answer that comes in another visit is stale
        self._presenters: dict[str, Presenter] = {}
        self._conditions: dict[str, Condition] = {}
        self._idle_foot: RailFoot | None = None
        self.person_time = QElapsedTimer()
        self._message_timer = QTimer(self)
        self._message_timer.setSingleShot(True)
        self._message_timer.timeout.connect(self.clear_message)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self.lock)
        window.set_rehearsal(desk.rehearsal)
        window.set_desk(self.tr("Meja {desk}").format(desk=desk.settings.desk))
        self._connect()

    def _connect(self) -> None:
        window = self.window
        window.action_requested.connect(self._act)
        window.take_requested.connect(self._take)
        window.rail_pressed.connect(self.rail_pressed)
        window.message_pressed.connect(self._message_pressed)
        window.attempt_pressed.connect(self._attempt_pressed)
        window.look_again_requested.connect(self._look_again)
        window.health_pressed.connect(self._health_pressed)
        window.find_requested.connect(self.find)
        window.step_requested.connect(self._step_requested)
        window.lock_requested.connect(self.lock)
        window.supervisor_requested.connect(self.call_supervisor)

    def add(self, key: str, presenter: Presenter) -> None:
        """Register the presenter of a place."""
        self._presenters[key] = presenter

    def presenter(self, key: str) -> Presenter:
        """Return the presenter of a place; KeyError."""
        return self._presenters[key]

    def show(self, key: str) -> None:
        """Bring a place on the stage."""
        if self.current is not None:
            self.current.leave()
        self.clear_message()
        self.visit += 1
        self.current, self.current_key = self._presenters[key], key
        self.touch()
        self.window.show_page(self.current.page)
        self.current.enter()
        self.step_changed.emit(key)

    # -- who may -----------------------------------------------------------------------------------

    def may(self, right: Right) -> bool:
        """Whether who is signed in has a right."""
        account = self.desk.accounts.get(OperatorId(self.desk.operator))
        return account is not None and account.may(right)

    def refuse_role(self) -> None:
        """Say that this is another role's work."""
        self.say(
            MessageView(
                "attention",
                self.tr("Ini bukan tugas peran Anda."),
                self.tr("Minta rekan yang berwenang masuk di meja ini."),
                self.tr("Tutup"),
                "close",
            )
        )

    def touch(self) -> None:
        """Note that somebody works: the idle lock counts from here."""
        if self.desk.operator:
            self._idle.start(_IDLE_LOCK_MS)

    # -- messages --------------------------------------------------------------------------------

    def fail(self, error: Exception, device: Modality | str = "") -> None:
        """Show what happened and the next step; log the code, never a person."""
        code = error.code if isinstance(error, StationError) else "UNEXPECTED"
        if isinstance(error, StationError):
            _LOG.warning("shown to the operator: %s", code)
        else:
            # The text of a foreign exception may quote data: only its type and place are logged.
            where = error.__traceback__
            while where is not None and where.tb_next is not None:
                where = where.tb_next
            place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
            _LOG.error("unexpected %s at %s", type(error).__name__, place)
        self._message_timer.stop()
        self.window.set_message(message_for(error, device))

    def say(self, view: MessageView, *, for_ms: int = 0) -> None:
        """Show a message; with ``for_ms`` it goes by itself."""
        self.window.set_message(view)
        self._message_timer.stop()
        if for_ms:
            self._message_timer.start(for_ms)

    def clear_message(self) -> None:
        """Close the message bar."""
        self._message_timer.stop()
        self.window.set_message(None)

    def note(self, action: AuditAction, *, nik: str = "", **details: Detail) -> None:
        """Write a row of the audit log away from the window; what fails there is shown."""
        audit, operator = self.desk.audit, self.desk.operator
        self.tasks.run(
            "audit", lambda: audit.append(action, operator, nik=nik, **details), None, self.fail
        )

    # -- rail ------------------------------------------------------------------------------------

    def show_idle_rail(self, current: str) -> None:
        """Show the workplaces on the rail."""
        places = (
            ("search", self.tr("Cari"), "search"),
            ("records", self.tr("Rekaman"), "list"),
            ("outbox", self.tr("Pengiriman"), "upload"),
            ("counter", self.tr("Loket kartu"), "card"),
            ("devices", self.tr("Perangkat"), "chip"),
        )
        items = tuple(
            RailItem(key, text, icon=icon, current=key == current) for key, text, icon in places
        )
        self.window.set_rail(RailView(items, self._idle_foot))
        self.window.set_person(None)

    def set_idle_foot(self, foot: RailFoot | None) -> None:
        """Set the figure at the foot of the idle rail."""
        self._idle_foot = foot

    def rail_pressed(self, key: str) -> None:
        """Go where the rail says; within an enrolment its presenter decides."""
        if not self.desk.operator:
            return
        enrolment = self._presenters.get("enrolment")
        if enrolment is not None and key.startswith("step:"):
            enrolment.act(key)
        elif key in self._presenters:
            if self.may(_NEEDS.get(key, Right.SEE_PEOPLE)) or key == "devices":
                self.show(key)
            else:
                self.refuse_role()

    def find(self) -> None:
        """Go to the search page, unless a person sits at the desk."""
        if self.desk.operator and not self.current_key.startswith("step:"):
            self.show("search")

    def _step_requested(self, number: int) -> None:
        enrolment = self._presenters.get("enrolment")
        if enrolment is not None and self.current_key.startswith("step:"):
            enrolment.act(f"step-number:{number}")

    def lock(self) -> None:
        """Lock the desk: nothing is lost, the person's work stays where it is."""
        if not self.desk.operator:
            return
        self._idle.stop()
        self._presenters["sign_in"].act(f"lock:{self.current_key}")
        self.show("sign_in")

    def call_supervisor(self) -> None:
        """Say how to get a supervisor: nothing carries the call to another room yet."""
        self.say(
            MessageView(
                "info",
                self.tr("Angkat tangan untuk memanggil pengawas."),
                self.tr("Meja ini belum bisa memanggil sendiri; pekerjaan tetap tersimpan."),
                self.tr("Tutup"),
                "close",
            )
        )

    # -- health ----------------------------------------------------------------------------------

    def set_condition(self, key: str, condition: Condition) -> None:
        """Note how a device is, and show it in the strip."""
        if self._conditions.get(key) is condition:
            return
        self._conditions[key] = condition
        self.window.set_health(self._health_items())
        self.health_changed.emit()

    def set_health(self, key: str, health: Health) -> None:
        """Note how the line, the queue or the disk is, and show it."""
        self.set_condition(key, _CONDITIONS[health.state])

    def condition(self, key: str) -> Condition:
        """Return how a device, the line, the queue or the disk is."""
        return self._conditions.get(key, Condition.WAIT)

    def _health_items(self) -> tuple[HealthItem, ...]:
        devices = tuple(
            HealthItem(
                modality.value,
                icon,
                device_word(modality.value),
                self.condition(modality.value),
            )
            for modality, icon in DEVICE_ICONS.items()
        )
        return (
            *devices,
            HealthItem("line", "line", self.tr("Jaringan"), self.condition("line")),
            HealthItem("queue", "upload", self.tr("Antrean kirim"), self.condition("queue")),
        )

    def _health_pressed(self, key: str) -> None:
        if self.desk.operator and not self.current_key.startswith("step:"):
            self.show("outbox" if key in {"line", "queue"} else "devices")
            if self.current is not None:
                self.current.act(f"look-at:{key}")

    # -- routing ---------------------------------------------------------------------------------

    def _act(self, action: str) -> None:
        self.touch()
        if action == "help":
            self.window.toggle_help()
        elif action == "supervisor":
            self.call_supervisor()
        elif self.current is not None:
            self.current.act(action)

    def _take(self) -> None:
        self.touch()
        if self.current is not None:
            self.current.take()

    def _message_pressed(self, key: str) -> None:
        self.touch()
        self.clear_message()
        place = DESTINATIONS.get(key)
        if place:
            self._leave_for(place)
        elif place is None and self.current is not None and key != "close":
            self.current.message_pressed(key)

    def _leave_for(self, place: str) -> None:
        """Go where a message's button leads; a person at the desk is resumed from the search."""
        if not self.desk.operator:
            return
        if self.current_key.startswith("step:"):
            self._presenters["enrolment"].act("pause")
        self.show(place)

    def _attempt_pressed(self, number: int) -> None:
        self.touch()
        if self.current is not None:
            self.current.attempt_pressed(number)

    def _look_again(self) -> None:
        self.touch()
        self.clear_message()
        if self.current is not None:
            self.current.look_again()
