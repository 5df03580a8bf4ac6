"""The key of everything kept: durable before the first sample is, and never replaced silently."""

import os
from pathlib import Path

import pytest

from station.errors import StoreCorrupt
from ui.app import _store_key


class Wrapping:
    """A keystore whose wrapping can be seen through."""

    def wrap(self, key):
        return b"wrapped" + key

    def unwrap(self, data):
        return data.removeprefix(b"wrapped")


def test_the_store_key_is_synced_with_its_name_before_it_is_used(tmp_path, monkeypatch):
    synced = []
    real = os.fsync

    def fsync(number):
        synced.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    key = _store_key(tmp_path / "desk", Wrapping())
    assert any("store.key" in name for name in synced)
    assert str(tmp_path / "desk") in synced
    assert _store_key(tmp_path / "desk", Wrapping()) == key
    assert (tmp_path / "desk" / "store.key").stat().st_mode & 0o077 == 0


def test_a_lost_store_key_is_told_and_no_new_one_is_made(tmp_path):
    (tmp_path / "store").mkdir()
    with pytest.raises(StoreCorrupt):
        _store_key(tmp_path, Wrapping())
    assert not (tmp_path / "store.key").exists()
