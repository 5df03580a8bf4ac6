"""The table of emulators: every line leads to a builder, and nothing is loaded before it is asked for."""

import subprocess
import sys
from importlib import import_module

import pytest

from drivers.emulation import catalogue
from drivers.emulation.emulated import Diary, Order
from station.clock import SystemClock


@pytest.mark.parametrize("name", sorted(catalogue.CATALOGUE))
def test_every_name_leads_to_a_builder(name):
    module, function = catalogue.CATALOGUE[name].split(":")
    assert callable(getattr(import_module(module), function))


def test_all_devices_of_the_desk_have_an_emulator():
    wanted = "finger.zfm finger.sfm sbi iris.uvc camera signature.topaz signature.stu card sam"
    assert set(wanted.split()) <= set(catalogue.CATALOGUE)


def test_an_unknown_name_is_answered_with_those_there_are():
    clock = SystemClock()
    with pytest.raises(catalogue.UnknownEmulator, match=r"finger\.zfm"):
        catalogue.build("gt511c3", Order(clock, Diary(None, clock)))


def test_one_emulator_does_not_load_the_others():
    heavy = ("drivers.emulation.sbi", "drivers.emulation.stage", "starlette", "smartcard")
    code = (
        "import sys, drivers.emulation.catalogue, drivers.emulation.finger_modules\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
