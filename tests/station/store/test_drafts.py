import dataclasses
import random

import pytest

from station.capture import events as ev
from station.capture.slots import Slot
from station.clock import FixedClock
from station.errors import DiskFull, StoreCorrupt, StoreError
from station.store import disk, space
from station.store.store import open_store
from tests.station.packet.builders import NOW, sample, started

KEY = b"k" * 32
MARKER = b"PENANDA-RAHASIA-" * 64


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def store(tmp_path, clock):
    opened = open_store(tmp_path / "store", KEY, clock)
    yield opened
    opened.close()


def files_under(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_appended_and_kept_is_there_after_a_restart(tmp_path, clock):
    store = open_store(tmp_path / "store", KEY, clock)
    draft = store.new_draft(started(clock))
    sha256 = draft.keep(b"bytes of a finger")
    taken = ev.AttemptTaken(sample(Slot.RIGHT_INDEX, sha256, 17))
    draft.append(taken)
    first = draft.events()
    store.close()
    store = open_store(tmp_path / "store", KEY, clock)
    again = store.drafts.get(draft.id)
    assert again.events() == first
    assert first[1] == taken
    assert again.read(sha256) == b"bytes of a finger"
    store.close()


def test_a_sample_is_never_on_the_disk_in_clear(store, clock):
    draft = store.new_draft(started(clock))
    draft.keep(MARKER)
    for path in files_under(store.folder):
        assert MARKER[:16] not in path.read_bytes()


def test_the_same_sample_twice_is_kept_once(store, clock):
    draft = store.new_draft(started(clock))
    assert draft.keep(b"x" * 100) == draft.keep(b"x" * 100)
    assert len(list((store.folder / "drafts" / draft.id).iterdir())) == 1


def test_every_bit_flip_in_a_sample_is_found(store, clock):
    draft = store.new_draft(started(clock))
    sha256 = draft.keep(b"bytes of a finger" * 20)
    path = next((store.folder / "drafts" / draft.id).iterdir())
    good, rng = path.read_bytes(), random.Random(3)
    for _ in range(200):
        bad = bytearray(good)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        path.write_bytes(bytes(bad))
        with pytest.raises(StoreCorrupt):
            draft.read(sha256)


def test_a_sample_moved_to_another_draft_does_not_open(store, clock):
    one, two = store.new_draft(started(clock)), store.new_draft(started(clock))
    sha256 = one.keep(b"finger of one")
    path = store.folder / "drafts" / one.id / f"{sha256}.sample"
    (store.folder / "drafts" / two.id / path.name).write_bytes(path.read_bytes())
    with pytest.raises(StoreCorrupt):
        two.read(sha256)


def test_a_lying_disk_is_found_before_the_sample_is_acknowledged(store, clock, monkeypatch):
    draft = store.new_draft(started(clock))
    honest = disk.read_from_disk
    monkeypatch.setattr(disk, "read_from_disk", lambda path: honest(path)[:-1] + b"\0")
    with pytest.raises(StoreCorrupt):
        draft.keep(b"bytes of a finger")
    monkeypatch.setattr(disk, "read_from_disk", honest)
    assert list((store.folder / "drafts" / draft.id).iterdir()) == []
    assert draft.read(draft.keep(b"bytes of a finger")) == b"bytes of a finger"


def test_after_shredding_neither_marker_nor_key_is_found_anywhere(store, clock):
    begun = dataclasses.replace(started(clock), person_json='{"n":"PENANDA-RAHASIA-ORANG"}')
    draft = store.new_draft(begun)
    draft.keep(MARKER)
    wrapped = store.database.row("SELECT wrapped_key FROM draft WHERE id=?", (draft.id,))[0]
    sealed_event = store.database.row("SELECT body FROM draft_event")[0]
    assert wrapped in store.database.image()  # the search itself works
    draft.shred()
    draft.shred()  # idempotent
    pages = store.database.image()
    for trace in (wrapped, sealed_event, b"PENANDA-RAHASIA", draft.id.encode()):
        assert trace not in pages
    for path in files_under(store.folder):
        assert b"PENANDA-RAHASIA" not in path.read_bytes()
    assert (store.folder / "station.db-wal").stat().st_size == 0
    assert not (store.folder / "drafts" / draft.id).exists()
    with pytest.raises(StoreError):
        draft.append(ev.DataConfirmed("rina", NOW))


def test_a_copied_sample_file_is_noise_once_the_draft_is_shredded(store, clock):
    draft = store.new_draft(started(clock))
    sha256 = draft.keep(MARKER)
    copy = next((store.folder / "drafts" / draft.id).iterdir()).read_bytes()
    draft.shred()
    with pytest.raises(StoreError):
        store.drafts.get(draft.id)
    assert MARKER[:16] not in copy
    with pytest.raises(StoreCorrupt):
        draft.read(sha256)


def test_a_new_person_is_refused_below_two_hundred_megabytes(store, clock, monkeypatch):
    monkeypatch.setattr(space, "free_bytes", lambda _folder: 199_000_000)
    with pytest.raises(DiskFull) as refused:
        space.refuse_when_short(store.folder, space.free_bytes)
    assert refused.value.facts == {"what": "space", "free_mb": 199, "need_mb": 200}
    space.refuse_when_short(store.folder, lambda _folder: 200_000_000)


def test_the_sweep_removes_samples_nobody_acknowledged_and_keeps_the_others(tmp_path, clock):
    store = open_store(tmp_path / "store", KEY, clock)
    draft = store.new_draft(started(clock))
    used = draft.keep(b"acknowledged")
    draft.append(ev.AttemptTaken(sample(Slot.RIGHT_INDEX, used, 12)))
    lost = draft.keep(b"the event never came")
    (store.folder / "packets" / "x.ktp.tmp").write_bytes(b"torn")
    (store.folder / "packets" / "stranger.ktp").write_bytes(b"whose is it")
    store.close()
    store = open_store(tmp_path / "store", KEY, clock)
    again = store.drafts.get(draft.id)
    assert (store.swept.torn, store.swept.remains) == (1, 1)
    assert store.swept.set_aside == ["stranger"]
    assert (store.folder / "aside" / "stranger.ktp").read_bytes() == b"whose is it"
    assert again.read(used) == b"acknowledged"
    with pytest.raises(StoreCorrupt):
        again.read(lost)
    store.close()
    store = open_store(tmp_path / "store", KEY, clock)
    assert store.swept.quiet
    store.close()
