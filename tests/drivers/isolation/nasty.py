"""A third party's driver that does to its process whatever its address says."""

import ctypes
import dataclasses
import datetime as dt
import os
import sys
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np

from drivers.contract import API_VERSION, Reference
from station.capabilities import Calibration, Capabilities, Option, OptionKind
from station.devices import (
    DeviceInfo,
    DeviceState,
    Eye,
    Frame,
    Grade,
    Health,
    HealthState,
    ImageCapture,
    Modality,
    PenPoint,
    Progress,
    SignatureCapture,
    StateChanged,
    SubjectPresent,
)
from station.errors import AuthFailed, DeviceTimeout, NoSubject, StationError
from station.guidance import Guidance

NAME = "acme.nasty"
LIBC = ctypes.CDLL(None)
HOLDING = ctypes.PyDLL(None)  # keeps the interpreter lock
SECRET = "ridges-of-a-person"


class SdkError(Exception):
    """The vendor's own kind of exception."""


class OddError(StationError):
    code = "ACME_ODD"


def picture(height=64, width=48, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width), np.uint8)


def colour(height=64, width=48, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


class Bad:
    """What the pictures of a lying driver are."""

    float64 = picture().astype(np.float64)
    four_dimensions = np.zeros((2, 2, 2, 2), np.uint8)
    empty = np.zeros((0, 5), np.uint8)
    two_channels = np.zeros((5, 5, 2), np.uint8)
    other_size = picture(65, 48)
    colour = colour()
    a_list = ((1, 2), (3, 4))
    nothing = None
    huge = np.broadcast_to(np.uint8(7), (16_000, 16_000))


class Device:
    def __init__(self, reference, site):
        self.site = site
        self.what, _, self.argument = reference.address.partition("=")
        self.told = Path(self.argument) if self.what == "told" else None
        serial = self.argument if self.what == "serial" else "N-1"
        self.info = DeviceInfo(
            "finger.sfm", "ACME", "Slim", serial, "1.0", "acme:0", Grade.ENROLMENT
        )

    def first_time(self):
        """Whether this is the first process that comes here."""
        try:
            Path(self.argument).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def open(self, deadline):
        if self.what == "open-hangs":
            LIBC.sleep(60)
        if self.what == "open-dies":
            os._exit(7)
        if self.what == "serial":
            path = Path(self.argument)
            path.write_text(path.read_text() + "I")
            self.info = DeviceInfo(
                "x", "ACME", "Slim", path.read_text(), "1.0", "acme:0", Grade.VERIFICATION
            )

    def close(self):
        if self.what == "close-hangs":
            LIBC.sleep(60)
        if self.what == "close-notes":
            Path(self.argument).write_text("closed")

    def self_test(self, deadline):
        if self.what == "test-dies":
            LIBC.abort()
        return Health(HealthState.READY, detail=str(os.getpid()))

    def listen(self):
        """Take the next misdeed from a file, so that one process can be tried with many."""
        if self.told is not None:
            self.what, _, self.argument = self.told.read_text().partition("=")

    def misbehave(self, sink, cancel, deadline):
        what = self.what
        if what.endswith("-once") and not self.first_time():
            return
        match what.removesuffix("-once"):
            case "hangs":
                LIBC.sleep(60)
            case "hangs-holding":
                HOLDING.sleep(60)
            case "segfaults":
                ctypes.string_at(0)
            case "aborts":
                LIBC.abort()
            case "exits":
                os._exit(3)
            case "raises":
                raise SdkError(SECRET)
            case "raises-odd":
                raise OddError(note=SECRET)
            case "rejects":
                raise AuthFailed(reason="password", tries=2, note="{" + SECRET * 20)
            case "no-subject":
                cancel.wait(deadline.left())
                raise NoSubject(driver="acme")
            case "times-out":
                raise DeviceTimeout(driver="acme", reason="own clock")
            case "floods":
                for _ in range(400):
                    sys.stderr.write(SECRET * 100)
                    os.write(1, b"x" * 10_000)
            case "floods-events":
                while not cancel.cancelled:
                    sink(Progress(1, 2))
            case "waits":
                cancel.wait(deadline.left())
                cancel.check()
            case "deaf":  # comes back late, and ends its own wait
                threading.Event().wait(0.6)
            case "bad-event":
                sink(("not", "an", "event"))
            case "bad-frame":
                sink(Frame(1, picture().astype(float), 1.0))

    def pixels(self):
        return getattr(Bad, self.argument) if self.what == "bad" else picture()

    def image(self, pixels, **more):
        fields = {
            "ppi": 500,
            "depth": 8,
            "frame_id": 4,
            "captured_at": self.site.clock.now(),
            "device": self.info,
            **more,
        }
        if self.what == "lies":
            name, _, value = self.argument.partition(":")
            fields[name] = eval(value, {"dt": dt})
        return ImageCapture(pixels, **fields)


CAPABILITIES = Capabilities(
    Modality.FINGER,
    width=48,
    height=64,
    ppi=Fraction(500),
    options=(Option("gain", OptionKind.NUMBER, "dB", 0.0, 9.5, 0.5),),
)


class Finger(Device):
    gain = 1.5
    capabilities = CAPABILITIES

    def capture(self, sink, cancel, deadline):
        sink(StateChanged(DeviceState.ARMED))
        sink(StateChanged(DeviceState.WAIT_SUBJECT))
        sink(Guidance.PRESS_HARDER)
        self.listen()
        self.misbehave(sink, cancel, deadline)
        sink(SubjectPresent(True))
        sink(Progress(10, 20))
        capture = self.image(self.pixels(), evidence=b"signed")
        sink(StateChanged(DeviceState.READY))
        return capture

    def identify(self, deadline):
        if self.what == "identify-dies":
            os.kill(os.getpid(), 9)

    def calibrate(self, deadline):
        return Calibration(True, "flat")

    def options(self):
        return {"gain": self.gain}

    def adjust(self, name, value):
        if name == "width":
            self.capabilities = dataclasses.replace(CAPABILITIES, width=value)
        self.gain = value
        return value


class Iris(Device):
    def capture(self, eyes, sink, cancel, deadline):
        for number in range(5):
            sink(Frame(number, picture(480, 640, number), 1.0 * number))
        self.misbehave(sink, cancel, deadline)
        given = (Eye.LEFT,) if self.what == "one-eye" else eyes
        return tuple(self.image(picture(seed=eye.value), eye=eye, ppi=0) for eye in given)


class Slap(Device):
    def capture_slap(self, slap, missing, sink, cancel, deadline):
        given = [finger for finger in slap.fingers if finger not in missing]
        if self.what == "twice":
            given[0] = given[1]
        return tuple(self.image(picture(seed=f.value), position=f) for f in given)


class Face(Device):
    def capture_face(self, sink, cancel, deadline):
        sink(Frame(1, colour(), 1.0))
        return self.image(picture() if self.what == "grey" else colour())


class Pad(Device):
    def capture(self, sink, cancel, deadline):
        points = tuple(PenPoint(n * 5_000, n, 2 * n, 0.5, n < 90) for n in range(100))
        for point in points:
            sink(point)
        if self.what == "backwards":
            points = points[::-1]
        return SignatureCapture(points, 3, self.site.clock.now(), self.info)


class Camera(Device):
    def frames(self, cancel):
        number = 0
        while not cancel.wait(0.005):
            number += 1
            if number == 5:
                self.misbehave(lambda event: None, cancel, None)
            shown = number if self.what != "same-number" else 1
            yield Frame(shown, colour(120, 160, number), self.site.clock.monotonic())


class Card(Device):
    def connect(self):
        raise NotImplementedError


KINDS = {
    "finger": (Finger, Modality.FINGER),
    "iris": (Iris, Modality.IRIS),
    "slap": (Slap, Modality.FINGER),
    "face": (Face, Modality.FACE),
    "pad": (Pad, Modality.SIGNATURE),
    "camera": (Camera, Modality.FACE),
    "card": (Card, Modality.CARD),
}


class NastyDriver:
    API_VERSION = API_VERSION
    name = NAME

    def __init__(self, kind):
        self.kind, self.modality = KINDS[kind]

    def discover(self, hints):
        return [Reference(NAME, address, label="nasty") for address in hints.addresses]

    def create(self, reference, site):
        if reference.address == "create-dies":
            ctypes.string_at(0)
        return self.kind(reference, site)


FINGER, IRIS, SLAP = NastyDriver("finger"), NastyDriver("iris"), NastyDriver("slap")
FACE, PAD, CAMERA, CARD = (
    NastyDriver("face"),
    NastyDriver("pad"),
    NastyDriver("camera"),
    NastyDriver("card"),
)
