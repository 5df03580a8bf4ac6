"""Who collects garbage, and where."""

import gc
import threading
import weakref

import pytest

from ui.garbage import GuiThreadGarbage


class Knot:
    """Garbage that only a collector can take, and that notes on which thread it goes."""

    def __init__(self, gone: list[str]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: gone.append(threading.current_thread().name))


@pytest.fixture
def garbage(qtbot):
    taken = GuiThreadGarbage()
    yield taken
    taken.stop()
    assert gc.isenabled()


def test_garbage_made_by_a_worker_goes_on_the_gui_thread(garbage, qtbot):
    gone: list[str] = []

    def work() -> None:
        for _ in range(5_000):
            Knot(gone)

    worker = threading.Thread(target=work, name="worker")
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: len(gone) >= 5_000, timeout=5_000)
    assert set(gone) == {threading.main_thread().name}


def test_nothing_is_collected_while_little_is_due(garbage, monkeypatch):
    gc.collect()
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(gc, "get_count", lambda: (1, 0, 0))
    garbage.collect_due()
    assert collected == []
