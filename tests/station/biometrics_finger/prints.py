"""Synthetic prints and templates shared by the tests of this folder; each is computed once."""

from functools import cache

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.biometrics.finger.minutiae import extract
from station.devices import FingerPosition

POSITIONS = tuple(FingerPosition)


def identity(number):
    return FingerIdentity(500 + number // 3, POSITIONS[(number * 3) % 10])


@cache
def template(number, seed):
    return extract(impression(identity(number), seed), 500)
