import errno
import os
import random
import shutil
import subprocess
import threading

import pytest

from station.capture import events as ev
from station.clock import FixedClock
from station.errors import DiskFull, DiskReadOnly, StoreCorrupt, StoreError, WrongStoreKey
from station.store import disk
from station.store.database import Database, refuse_unfit_library
from station.store.store import open_store
from tests.station.packet.builders import NOW, started

KEY = b"k" * 32
CLOCK = FixedClock(NOW)


@pytest.fixture
def database(tmp_path):
    opened = Database(tmp_path / "x.db", KEY)
    yield opened
    opened.close()


def test_an_sqlite_with_the_wal_reset_bug_or_without_ciphers_is_refused():
    refuse_unfit_library("3.51.3", "SQLite3 Multiple Ciphers 2")
    for version, ciphers in (("3.51.2", "x"), ("3.40.1", "x"), ("3.54.0", "")):
        with pytest.raises(StoreError):
            refuse_unfit_library(version, ciphers)


def test_the_database_runs_in_wal_with_full_sync_and_secure_delete(database):
    read = lambda name: database.row(f"PRAGMA {name}")[0]  # noqa: E731
    assert (read("journal_mode"), read("synchronous"), read("secure_delete")) == ("wal", 2, 1)
    assert (read("foreign_keys"), read("cipher")) == (1, "chacha20")


def test_nothing_in_the_file_is_in_clear(tmp_path, database):
    database.set_meta("marker", "PENANDA-RAHASIA")
    database.close()
    for path in tmp_path.iterdir():
        assert b"PENANDA" not in path.read_bytes()
        assert not path.read_bytes().startswith(b"SQLite format 3")


def test_a_wrong_key_is_typed_and_told_from_damage(tmp_path):
    open_store(tmp_path / "s", KEY, CLOCK).close()
    with pytest.raises(WrongStoreKey):
        open_store(tmp_path / "s", b"w" * 32, CLOCK)
    with pytest.raises(WrongStoreKey):
        open_store(tmp_path / "s", b"short", CLOCK)
    with pytest.raises(WrongStoreKey):
        Database(tmp_path / "s" / "station.db", b"w" * 32)
    path = tmp_path / "s" / "station.db"
    data = bytearray(path.read_bytes())
    data[40] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(StoreCorrupt):
        open_store(tmp_path / "s", KEY, CLOCK)


def test_every_bit_flip_in_the_database_is_found(tmp_path):
    database = Database(tmp_path / "x.db", KEY)
    for number in range(200):
        database.set_meta(f"key-{number}", os.urandom(300))
    database.close()
    good, rng = (tmp_path / "x.db").read_bytes(), random.Random(4)
    for turn in range(60):
        bad = bytearray(good)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        path = tmp_path / f"{turn}.db"
        path.write_bytes(bytes(bad))
        with pytest.raises((StoreCorrupt, WrongStoreKey)):  # noqa: PT012
            flipped = Database(path, KEY)
            try:
                flipped.check()
            finally:
                flipped.close()


def test_a_failed_transaction_changes_nothing_and_the_next_one_works(database):
    with pytest.raises(ValueError, match="stop"):  # noqa: PT012, SIM117
        with database.transaction():
            database.set_meta("a", 1)
            with database.transaction():
                database.set_meta("b", 2)
            raise ValueError("stop")
    assert database.meta("a") is None
    assert database.meta("b") is None
    database.set_meta("a", 3)
    assert database.meta("a") == 3


def test_many_threads_write_through_one_connection(database):
    def add(name):
        for _ in range(20):
            with database.transaction():
                database.set_meta(name, database.meta(name, 0) + 1)
                database.set_meta("all", database.meta("all", 0) + 1)

    threads = [threading.Thread(target=add, args=(str(number),)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.meta("all") == 100


def test_a_second_program_on_the_same_store_is_refused(tmp_path):
    store = open_store(tmp_path / "s", KEY, CLOCK)
    with pytest.raises(StoreError) as refused:
        open_store(tmp_path / "s", KEY, CLOCK)
    assert refused.value.facts["reason"] == "IN_USE"
    store.close()
    open_store(tmp_path / "s", KEY, CLOCK).close()


def test_a_store_written_by_a_newer_program_is_refused(tmp_path):
    database = Database(tmp_path / "x.db", KEY)
    database.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(StoreError) as refused:
        Database(tmp_path / "x.db", KEY)
    assert refused.value.facts["reason"] == "NEWER_SCHEMA"


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, DiskReadOnly), (errno.EIO, StoreError)],
)  # fmt: skip
def test_each_failure_of_the_disk_is_typed_and_leaves_nothing_half_written(
    tmp_path, monkeypatch, number, error
):
    def failing(_number):
        raise OSError(number, "injected")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(error) as refused:
        disk.write_durable(tmp_path / "file", b"x" * 1000)
    assert type(refused.value) is error
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path):
    """Mount 3 MB of memory; where that is not allowed, the injected failures above must do."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder = tmp_path / "small"
    folder.mkdir()
    words = [str(mount), "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if not mount or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run([str(umount), "-l", str(folder)], check=True)


def test_a_full_disk_is_typed_and_everything_acknowledged_stays(small_disk):
    store = open_store(small_disk / "s", KEY, CLOCK)
    draft = store.drafts.create(started(CLOCK))
    kept = []
    with pytest.raises(DiskFull):  # noqa: PT012
        for number in range(100):
            kept.append(  # noqa: PERF401 - it is meant to fail halfway
                draft.keep(number.to_bytes(2, "big") * 100_000)
            )
    with pytest.raises(DiskFull):  # noqa: PT012
        for _ in range(5_000):
            store.roll("audit").append(os.urandom(2_000))
    notes = len(store.roll("audit"))
    assert kept
    assert [len(draft.read(sha256)) for sha256 in kept] == [200_000] * len(kept)
    assert list(small_disk.rglob("*.tmp")) == []
    (small_disk / "s" / "drafts" / draft.id / f"{kept[0]}.sample").unlink()
    assert store.roll("audit").append(b"again") == notes + 1
    store.database.check()
    store.close()


def test_on_a_read_only_disk_the_store_opens_for_viewing(small_disk):
    store = open_store(small_disk / "s", KEY, CLOCK)
    draft = store.drafts.create(started(CLOCK))
    sha256 = draft.keep(b"finger")
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    store = open_store(small_disk / "s", KEY, CLOCK)
    assert store.read_only
    assert store.outbox.rows() == ()
    assert store.drafts.get(draft.id).read(sha256) == b"finger"
    for write in (
        lambda: store.roll("audit").append(b"x"),
        lambda: draft.keep(b"other"),
        lambda: store.drafts.get(draft.id).append(ev.DataConfirmed("rina", NOW)),
    ):
        with pytest.raises((DiskReadOnly, StoreError)):
            write()
    store.close()


def test_after_a_kill_a_read_only_disk_still_shows_what_was_acknowledged_last(
    tmp_path, monkeypatch
):
    store = open_store(tmp_path / "s", KEY, CLOCK)
    store.roll("audit").append(b"acknowledged")
    shutil.copytree(tmp_path / "s", tmp_path / "killed")  # the log is not folded in yet
    store.close()
    before = {path: path.read_bytes() for path in (tmp_path / "killed").iterdir() if path.is_file()}
    monkeypatch.setattr(disk, "writable", lambda _folder: False)
    viewed = open_store(tmp_path / "killed", KEY, CLOCK)
    assert viewed.roll("audit").entries() == (b"acknowledged",)
    with pytest.raises(DiskReadOnly):
        viewed.roll("audit").append(b"more")
    viewed.close()
    assert {path: path.read_bytes() for path in before} == before
