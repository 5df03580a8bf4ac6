"""The one place that owns threads: a lane per device or service, results delivered on the GUI thread."""

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from station.clock import CancelToken, Deadline
from station.errors import OperatorCancelled, StationError

log = logging.getLogger(__name__)
T = TypeVar("T")
Then = Callable[[T], object]
Failed = Callable[[Exception], object]
Loop = Callable[[CancelToken, Then[T]], object]


@dataclass(frozen=True, slots=True)
class _Delivery:
    """A call to be made on the GUI thread."""

    call: Callable[[], object]
    owner: object


def _owner(receiver: Callable[..., object] | None) -> object:
    return getattr(receiver, "__self__", None)


class Mailbox(QObject, Generic[T]):
    """One place for the newest item: putting never blocks and never queues, the GUI thread takes it."""

    _posted = Signal()

    def __init__(self, receiver: Then[T], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receiver = receiver
        self._lock = threading.Lock()
        self._item: T | None = None
        self._waiting = False
        self._posted.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def put(self, item: T) -> None:
        """Leave an item, replacing one that was not taken yet; any thread."""
        with self._lock:
            self._item = item
            first, self._waiting = not self._waiting, True
        if first:
            self._posted.emit()

    @Slot()
    def _take(self) -> None:
        with self._lock:
            item, self._item, self._waiting = self._item, None, False
        owner = _owner(self._receiver)
        if item is not None and not (isinstance(owner, QObject) and not isValid(owner)):
            self._receiver(item)


class _Lane:
    """One thread that does one job after the other; a daemon, so that a hung driver cannot hold the exit."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def put(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def stop(self) -> None:
        self._jobs.put(None)

    def join(self, deadline: Deadline) -> bool:
        self._thread.join(deadline.left())
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()


class Tasks(QObject):
    """Runs blocking calls away from the GUI thread and brings their results back to it.

    Jobs of one lane run one after the other in the order asked (a device has one owner); lanes run
    beside each other. ``then`` and ``failed`` are called on the thread this object lives in. A job that
    ends with OperatorCancelled is silent. After ``shutdown`` nothing is delivered any more.
    """

    _ready = Signal(object)  # _Delivery

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[str, _Lane] = {}
        self._tokens: set[CancelToken] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: str,
        job: Callable[[], T],
        then: Then[T] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Do ``job`` on its lane; its result goes to ``then``, its exception to ``failed``."""
        self._lane(lane).put(lambda: self._do(job, then, failed))

    def stream(
        self,
        lane: str,
        loop: Loop[T],
        newest: Then[T],
        failed: Failed | None = None,
        ended: Callable[[], object] | None = None,
    ) -> CancelToken:
        """Run ``loop(cancel, put)`` until the returned token is cancelled; of what it puts, the newest wins."""
        token = CancelToken()
        mailbox: Mailbox[T] = Mailbox(newest, self)
        with self._lock:
            self._tokens.add(token)

        def job() -> None:
            try:
                token.check()
                loop(token, mailbox.put)
            finally:
                with self._lock:
                    self._tokens.discard(token)
                self._post(mailbox.deleteLater, mailbox)
                if ended is not None:
                    self._post(ended, _owner(ended))

        self._lane(lane).put(lambda: self._do(job, None, failed))
        return token

    def tell(self, call: Callable[[], object]) -> None:
        """Make a call on the GUI thread; from any thread, in the order told."""
        self._post(call, None)

    def shutdown(self, deadline: Deadline) -> tuple[str, ...]:
        """Cancel streams, drop what waits, join until the deadline; return the lanes still hanging."""
        self._closed = True
        with self._lock:
            tokens = tuple(self._tokens)
        for token in tokens:
            token.cancel()
        for lane in self._lanes.values():
            lane.stop()
        return tuple(name for name, lane in self._lanes.items() if not lane.join(deadline))

    def _lane(self, name: str) -> _Lane:
        if name not in self._lanes:
            self._lanes[name] = _Lane(name)
        return self._lanes[name]

    def _do(self, job: Callable[[], T], then: Then[T] | None, failed: Failed | None) -> None:
        if self._closed:
            return
        try:
            result = job()
        except OperatorCancelled:
            return
        except Exception as error:  # noqa: BLE001 - the top guard of every worker thread
            self._report(error, failed)
        else:
            if then is not None:
                self._post(lambda: then(result), _owner(then))

    def _report(self, error: Exception, failed: Failed | None) -> None:
        log.warning(
            "a task failed: %s", error if isinstance(error, StationError) else type(error).__name__
        )
        if failed is not None:
            self._post(lambda: failed(error), _owner(failed))

    def _post(self, call: Callable[[], object], owner: object) -> None:
        if not self._closed and isValid(self):
            self._ready.emit(_Delivery(call, owner))

    @Slot(object)
    def _deliver(self, delivery: object) -> None:
        told = cast("_Delivery", delivery)
        gone = isinstance(told.owner, QObject) and not isValid(told.owner)
        if not self._closed and not gone:
            told.call()
