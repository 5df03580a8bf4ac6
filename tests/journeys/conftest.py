"""Journeys run off-screen, each module on one rehearsal; keys are made once, since that takes seconds."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil

import pytest

from station.clock import SystemClock
from station.keys.rehearsal import make_rehearsal_keys
from tests.journeys.workplace import Workplace


@pytest.fixture(scope="session")
def rehearsal_keys(tmp_path_factory):
    """Return a folder with one set of rehearsal keys to copy."""
    folder = tmp_path_factory.mktemp("kunci") / "keys"
    make_rehearsal_keys(folder, SystemClock())
    return folder


@pytest.fixture(scope="session")
def with_keys(rehearsal_keys):
    """Return how to furnish a rehearsal's folder with the keys."""

    def furnish(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(rehearsal_keys, folder / "keys")
        return folder

    return furnish


@pytest.fixture(scope="session")
def opened(qapp, with_keys, tmp_path_factory):
    """Return how to open a workplace; what was opened and not closed is closed at the end."""
    places = []

    def open_one(name, **options):
        place = Workplace(with_keys(tmp_path_factory.mktemp(name)), qapp, **options)
        places.append(place)
        return place

    yield open_one
    for place in places:
        place.close()


@pytest.fixture(scope="module")
def place(opened, request):
    """One desk for all tests of a module, with somebody signed in."""
    made = opened(request.module.__name__.rpartition(".")[2])
    made.sign_in()
    yield made
    made.close()
