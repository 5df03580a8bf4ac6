"""Every port works through a helper as if the driver were here."""

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pytest

from drivers.contract import DriverRefused, Hints, Reference, Site
from drivers.isolation import IsolatedDriver, isolated
from station.capabilities import Adjustable, Calibratable, Described, Identifiable
from station.clock import CancelToken, Deadline, FixedClock, SystemClock
from station.devices import (
    DeviceState,
    Eye,
    FingerPosition,
    Frame,
    Grade,
    HealthState,
    Modality,
    PenPoint,
    Progress,
    Slap,
    StateChanged,
    SubjectPresent,
)
from station.errors import NotSupported
from station.guidance import Guidance
from tests.drivers.isolation.nasty import CAPABILITIES, colour, picture

SITE = Site(SystemClock())


def until(seconds=10.0):
    return Deadline.after(seconds)


def test_a_finger_arrives_bit_for_bit_with_its_events_in_order(make):
    scanner, events = make("finger"), []
    capture = scanner.capture(events.append, CancelToken(), until())
    assert np.array_equal(capture.pixels, picture())
    assert not capture.pixels.flags.writeable
    assert (capture.ppi, capture.depth, capture.frame_id, capture.evidence) == (
        500,
        8,
        4,
        b"signed",
    )
    assert capture.device == scanner.info
    assert events == [
        StateChanged(DeviceState.ARMED),
        StateChanged(DeviceState.WAIT_SUBJECT),
        Guidance.PRESS_HARDER,
        SubjectPresent(True),
        Progress(10, 20),
        StateChanged(DeviceState.READY),
    ]


def test_irises_arrive_labelled_with_their_previews(make):
    events = []
    captures = make("iris").capture((Eye.RIGHT, Eye.LEFT), events.append, CancelToken(), until())
    assert [c.eye for c in captures] == [Eye.RIGHT, Eye.LEFT]
    for capture in captures:
        assert np.array_equal(capture.pixels, picture(seed=capture.eye.value))
    frames = [event for event in events if isinstance(event, Frame)]
    assert frames
    for frame in frames:
        assert np.array_equal(frame.pixels, picture(480, 640, frame.id))


def test_a_slap_arrives_as_one_picture_for_each_finger_that_is_there(make):
    captures = make("slap").capture_slap(
        Slap.LEFT_FOUR, [FingerPosition.LEFT_RING], lambda event: None, CancelToken(), until()
    )
    assert {c.position for c in captures} == set(Slap.LEFT_FOUR.fingers) - {
        FingerPosition.LEFT_RING
    }
    for capture in captures:
        assert np.array_equal(capture.pixels, picture(seed=capture.position.value))


def test_a_face_arrives_in_colour(make):
    capture = make("face").capture_face(lambda event: None, CancelToken(), until())
    assert np.array_equal(capture.pixels, colour())


def test_a_signature_arrives_point_by_point(make):
    events = []
    capture = make("pad").capture(events.append, CancelToken(), until())
    assert len(capture.points) == 100
    assert [event for event in events if isinstance(event, PenPoint)] == list(capture.points)
    assert capture.dropped == 3


def test_a_stream_shows_whole_frames_and_leaves_the_camera_free(make):
    camera = make("camera")
    for _ in range(2):
        token = CancelToken()
        seen = []
        for frame in camera.frames(token):
            assert np.array_equal(frame.pixels, colour(120, 160, frame.id))
            seen.append(frame.id)
            if len(seen) == 20:
                token.cancel()
        assert seen == sorted(set(seen))
        assert len(seen) == 20


def test_a_stream_cancelled_before_it_begins_is_an_empty_one(make):
    token = CancelToken()
    token.cancel()
    assert list(make("camera").frames(token)) == []


def test_a_slow_reader_sees_the_newest_frame(make):
    pause = CancelToken()
    for before, after in itertools.pairwise(
        itertools.islice(make("camera").frames(CancelToken()), 4)
    ):
        assert after.id > before.id
        assert SITE.clock.monotonic() - after.t_mono < 0.1
        pause.wait(0.2)


def test_a_stream_nobody_reads_to_its_end_can_be_begun_again(make):
    camera = make("camera")
    pid = camera.helper_pid
    for _ in range(3):
        stream = camera.frames(CancelToken())
        next(stream)
        stream.close()
    assert camera.helper_pid == pid


def test_only_what_the_device_has_stands_beside_the_port(make):
    finger, iris = make("finger"), make("iris")
    for extra in (Described, Identifiable, Adjustable, Calibratable):
        assert isinstance(finger, extra)
        assert not isinstance(iris, extra)
    assert finger.capabilities == CAPABILITIES
    finger.identify(until())
    assert finger.calibrate(until()).good
    assert finger.adjust("gain", 3) == 3
    assert finger.options() == {"gain": 3}
    finger.adjust("width", 40)
    assert finger.capabilities.width == 40
    assert finger.self_test(until()).state is HealthState.READY


def test_a_foreign_driver_is_known_by_its_loaded_name_and_signed_grade_alone(make):
    listed = {("acme.finger", "ACME", "Slim", "*"): Grade.ENROLMENT}
    claimed = make("finger").info
    assert (claimed.driver, claimed.grade) == ("acme.finger", Grade.VERIFICATION)
    assert make("finger", site=Site(SITE.clock, (), listed)).info.grade is Grade.ENROLMENT


def test_the_helper_lives_in_the_time_of_the_desk(make):
    desk = FixedClock(dt.datetime(2031, 5, 1, tzinfo=dt.UTC))
    scanner = make("finger", site=Site(desk))
    capture = scanner.capture(lambda event: None, CancelToken(), until())
    assert abs((capture.captured_at - desk.now()).total_seconds()) < 60


def test_a_driver_off_the_list_is_not_loaded_anywhere(installed):
    with pytest.raises(DriverRefused) as refused:
        isolated(Reference("acme.finger", "good"), SITE, [])
    assert refused.value.facts["reason"] == "not allowed"


def test_a_card_reader_is_refused_with_words(make):
    with pytest.raises(NotSupported, match="cannot be isolated"):
        make("card")


def test_one_of_our_own_drivers_runs_in_a_helper_too():
    device = isolated(Reference("finger.sfm", "/dev/none"), SITE)
    assert device.info.driver == "finger.sfm"
    with pytest.raises(Exception, match="DEVICE_NOT_FOUND"):
        device.open(until())
    device.close()


def test_discovery_runs_in_a_helper(installed):
    driver = IsolatedDriver("acme.finger", Modality.FINGER, ["acme.finger"])
    found = driver.discover(Hints(("here", "there")))
    assert [(r.driver, r.address, r.label) for r in found] == [
        ("acme.finger", "here", "nasty"),
        ("acme.finger", "there", "nasty"),
    ]
    assert dataclasses.is_dataclass(found[0])
