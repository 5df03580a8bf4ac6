"""Sealing as the desk sees it."""

from types import SimpleNamespace

from station.errors import DiskFull
from tests.station.capture.bench import a_session
from ui import sealing
from ui.sealing import Sealer


def test_a_sealed_record_is_sealed_also_when_the_log_cannot_take_its_row(monkeypatch):
    class FullLog:
        def append(self, *_row, **_details):
            raise DiskFull(what="database")

    done = SimpleNamespace(packet=SimpleNamespace(id="e1", seq=1))
    monkeypatch.setattr(sealing, "seal_and_store", lambda *_call: done)
    monkeypatch.setattr(sealing, "from_json", lambda _text: SimpleNamespace(nik="1"))
    monkeypatch.setattr(Sealer, "_context", lambda *_call: None)
    store = SimpleNamespace(drafts=SimpleNamespace(get=lambda _id: None))
    sealer = Sealer(store, None, None, None, FullLog(), None)
    assert sealer.seal(a_session(), "rina") is done
