"""Slaps, faces, single fingers and irises through the driver: the exact pictures, labelled, or a typed error."""

import threading

import numpy as np
import pytest

from drivers.contract import DriverRefused, Hints, Reference, Site
from drivers.emulation.sbi_device import Manner
from drivers.sbi.driver import DRIVER
from drivers.sbi.identity import Kind
from drivers.sbi.rules import Habits, HashChain, HashForm, Numbers, ServiceRules, next_hash
from station.biometrics.finger.slap import segment
from station.capabilities import Described
from station.clock import CancelToken, Deadline, SystemClock
from station.devices import (
    DeviceState,
    Eye,
    FingerPosition,
    Frame,
    Grade,
    Progress,
    Quality,
    Slap,
    StateChanged,
)
from station.errors import AuthFailed, NoSubject, NotSupported
from tests.drivers.sbi.conftest import serving

CLOCK = SystemClock()
NOBODY = frozenset()


def opened(service, kind, authority, rules=None, **reference):
    site = Site(CLOCK, (authority.root,), services=rules or ServiceRules())
    device = DRIVER.create(Reference("sbi", str(service.port), kind, **reference), site)
    device.open(Deadline.after(5))
    return device


def slap_of(device, slap=Slap.RIGHT_FOUR, missing=NOBODY, sink=lambda _: None, seconds=40):
    return device.capture_slap(slap, missing, sink, CancelToken(), Deadline.after(seconds))


@pytest.mark.parametrize(
    ("name", "slap"), [("new_service", Slap.RIGHT_FOUR), *(("old_service", s) for s in Slap)]
)
def test_a_slap_comes_finger_by_finger_exactly_as_the_platen_showed_it(
    request, authority, person, name, slap
):
    service = request.getfixturevalue(name)
    device = opened(service, "finger.slap", authority)
    taken = slap_of(device, slap)
    truth = segment(person.hand(slap.fingers), 500, slap.fingers)
    cuts = {finger.position: finger.cut for finger in truth.fingers}
    assert [capture.position for capture in taken] == list(slap.fingers)
    for capture in taken:
        assert np.array_equal(capture.pixels, cuts[capture.position])
        assert (capture.ppi, capture.depth) == (500, 8)
        assert capture.evidence.count(b".") == 2
        assert not capture.pixels.flags.writeable
    assert len({capture.frame_id for capture in taken}) == len(taken)
    device.close()


def test_missing_fingers_are_told_to_the_device_and_not_returned(service, authority, person):
    missing = frozenset({FingerPosition.LEFT_LITTLE, FingerPosition.LEFT_INDEX})
    person.missing = missing
    device = opened(service, "finger.slap", authority)
    taken = slap_of(device, Slap.LEFT_FOUR, missing)
    assert [each.position.name for each in taken] == ["LEFT_MIDDLE", "LEFT_RING"]
    with pytest.raises(NotSupported):
        slap_of(device, Slap.THUMBS, Slap.THUMBS.fingers)
    device.close()


def test_the_events_of_a_slap_are_in_order_and_end_with_ready(old_service, authority):
    device = opened(old_service, "finger.slap", authority)
    events = []
    slap_of(device, sink=events.append)
    states = [event.state for event in events if isinstance(event, StateChanged)]
    assert states == [
        DeviceState.ARMED,
        DeviceState.WAIT_SUBJECT,
        DeviceState.ACQUIRING,
        DeviceState.TRANSFER,
        DeviceState.READY,
    ]
    assert events[-1] == StateChanged(DeviceState.READY)
    assert len([event for event in events if isinstance(event, Quality)]) == 4
    progress = [event.done for event in events if isinstance(event, Progress)]
    assert progress == sorted(progress)
    assert any(isinstance(event, Frame) for event in events)
    assert device.state is DeviceState.READY
    device.close()


def test_a_face_is_the_camera_s_picture_in_colour(new_service, authority, person):
    device = opened(new_service, "face", authority)
    new_service.devices[2].sensor.see(
        person, ()
    )  # drawn and judged: on a busy machine that takes long
    events = []
    taken = device.capture_face(events.append, CancelToken(), Deadline.after(40))
    assert np.array_equal(taken.pixels, person.face())
    assert all(event.pixels.ndim == 3 for event in events if isinstance(event, Frame))
    # The exception photo is the same camera, told which fingers are missing.
    missing = [FingerPosition.LEFT_RING]
    photo = device.capture_face(lambda _: None, CancelToken(), Deadline.after(40), missing)
    assert photo.pixels.shape == taken.pixels.shape
    device.close()


def test_a_single_finger_has_the_position_nobody_knows(person, authority):
    service = serving(person, authority, kinds=(Kind.FINGER,))
    try:
        device = opened(service, "finger.single", authority)
        taken = device.capture(lambda _: None, CancelToken(), Deadline.after(40))
        assert np.array_equal(taken.pixels, person.finger())
        assert taken.position is None
        device.close()
    finally:
        service.stop()


def test_both_dialects_and_levels_are_told_as_capabilities(service, authority):
    device = opened(service, "iris", authority)
    assert isinstance(device, Described)
    told = {option.name: option.choices[0] for option in device.capabilities.options}
    assert told["spec_version"] == service.manner.version
    assert told["certification"] == service.manner.level
    assert told["hash_chain"] == "raw"
    assert not any(option.writable for option in device.capabilities.options)
    assert device.info.grade is Grade.EMULATED
    device.close()


def test_two_devices_of_one_service_capture_side_by_side(old_service, authority):
    iris = opened(old_service, "iris", authority)
    slap = opened(old_service, "finger.slap", authority)
    taken = {}

    def look():
        taken["eyes"] = iris.capture(
            (Eye.LEFT, Eye.RIGHT), lambda _: None, CancelToken(), Deadline.after(40)
        )

    worker = threading.Thread(target=look)
    worker.start()
    taken["fingers"] = slap_of(slap, seconds=40)
    worker.join(40)
    assert (len(taken["eyes"]), len(taken["fingers"])) == (2, 4)
    iris.close()
    slap.close()


def test_a_one_eye_camera_is_asked_eye_by_eye_each_with_its_own_preview(person, authority):
    service = serving(person, authority, kinds=(Kind.IRIS,))
    service.devices[0].sub_type = "Single"
    asked, truth = [], service.capture

    def capture(body, gone):
        asked.append((body["bio"][0]["deviceSubId"], service.devices[0].streams()))
        return truth(body, gone)

    service.capture = capture
    try:
        device = opened(service, "iris", authority)
        eyes = (Eye.RIGHT, Eye.LEFT)
        taken = device.capture(eyes, lambda _: None, CancelToken(), Deadline.after(40))
        assert tuple(each.eye for each in taken) == eyes
        assert asked == [("2", (2,)), ("1", (1,))]
        device.close()
    finally:
        service.stop()


def test_the_chain_runs_across_the_devices_of_a_desk(old_service, authority):
    chain = HashChain()
    rules = ServiceRules(chain=chain)
    iris = opened(old_service, "iris", authority, rules)
    slap = opened(old_service, "finger.slap", authority, rules)
    iris.capture((Eye.LEFT,), lambda _: None, CancelToken(), Deadline.after(10))
    first = chain.last
    assert len(first) == 64
    slap_of(slap)
    assert chain.last not in {"", first}
    iris.capture((Eye.LEFT,), lambda _: None, CancelToken(), Deadline.after(10))
    chain.restart()
    slap_of(slap)  # a new beginning is understood as well
    iris.close()
    slap.close()


def test_text_hashes_are_believed_only_of_a_device_configured_so(person, authority):
    manner = Manner(numbers=Numbers.INTEGERS, hashes=HashForm.TEXT)
    service = serving(person, authority, kinds=(Kind.SLAP,), manner=manner, serial="T-1")
    try:
        usual = opened(service, "finger.slap", authority)
        with pytest.raises(AuthFailed) as refused:
            slap_of(usual)
        assert refused.value.facts["what"] == "hash chain"
        habits = {"T-1": Habits(Numbers.INTEGERS, HashForm.TEXT)}
        known = opened(service, "finger.slap", authority, ServiceRules(habits=habits))
        assert len(slap_of(known)) == 4
        assert known.dialect.hashes is HashForm.TEXT
    finally:
        service.stop()


def test_both_forms_of_the_chain_begin_with_the_hash_of_nothing():
    import hashlib

    nothing, record = hashlib.sha256(b"").digest(), hashlib.sha256(b"record").digest()
    raw = hashlib.sha256(nothing + record).hexdigest().upper()
    text = hashlib.sha256((nothing.hex() + record.hex()).upper().encode()).hexdigest().upper()
    assert next_hash(HashForm.RAW, "", b"record") == raw
    assert next_hash(HashForm.TEXT, "", b"record") == text
    assert next_hash(HashForm.RAW, raw, b"") != next_hash(HashForm.RAW, raw.lower(), b"x")
    assert next_hash(HashForm.RAW, raw, b"") == next_hash(HashForm.RAW, raw.lower(), b"")


@pytest.mark.parametrize("env", ["Production", "Staging"])
def test_a_device_of_another_environment_than_the_site_s_is_refused(old_service, authority, env):
    with pytest.raises(NotSupported) as refused:
        opened(old_service, "iris", authority, ServiceRules(env=env))
    assert refused.value.facts["what"] == "env"
    opened(old_service, "iris", authority, ServiceRules(env="Developer")).close()


def test_another_serial_number_than_wanted_is_not_this_device(old_service, authority):
    from station.errors import DeviceNotFound

    with pytest.raises(DeviceNotFound):
        opened(old_service, "iris", authority, serial="OTHER")
    device = opened(old_service, "iris", authority, serial="EMU-0001")
    assert device.info.serial == "EMU-0001"
    device.close()


def test_nobody_is_said_as_guidance_once_and_ends_by_the_deadline(old_service, authority, person):
    from station.guidance import Guidance

    person.touches = False
    device = opened(old_service, "finger.slap", authority)
    events = []
    deadline = Deadline.after(0.8)
    with pytest.raises(NoSubject):
        device.capture_slap(Slap.RIGHT_FOUR, (), events.append, CancelToken(), deadline)
    assert deadline.left() == 0
    assert events.count(Guidance.NO_SUBJECT) == 1
    device.close()


def test_discovery_yields_one_reference_per_device_which_create_understands(service, authority):
    found = list(DRIVER.discover(Hints((str(service.port),))))
    assert {reference.model for reference in found} == {"iris", "finger.slap", "face"}
    for reference in found:
        device = DRIVER.create(reference, Site(CLOCK, (authority.root,)))
        device.open(Deadline.after(5))
        assert device.info.serial == reference.serial
        device.close()
    only = list(DRIVER.discover(Hints((str(service.port),), "slap")))
    assert [reference.model for reference in only] == ["finger.slap"]
    assert not list(DRIVER.discover(Hints((str(service.port),), "finger")))


@pytest.mark.parametrize(
    ("address", "model"), [("x", "iris"), ("1/2/\n", "iris"), ("4501", "nose"), ("123456", "")]
)
def test_a_reference_that_means_nothing_is_refused(address, model):
    with pytest.raises(DriverRefused):
        DRIVER.create(Reference("sbi", address, model), Site(CLOCK))


def test_settings_become_rules_also_inside_a_helper():
    from drivers.isolation.orders import Services
    from station.settings import ServiceSettings

    settings = ServiceSettings(
        env="Staging", dialects=({"serial": "S1", "numbers": "integers", "hashes": "text"},)
    )
    rules = ServiceRules.of(settings)
    assert rules.env == "Staging"
    assert rules.habits == {"S1": Habits(Numbers.INTEGERS, HashForm.TEXT)}
    sent = Services.of(rules).rules()
    assert (sent.env, sent.habits, sent.purpose) == (rules.env, rules.habits, rules.purpose)
    assert sent.chain is not None


def test_a_renewed_device_key_is_learnt_from_the_device_s_own_statement(person, authority):
    service = serving(person, authority, kinds=(Kind.SLAP,))
    try:
        device = opened(service, "finger.slap", authority)
        from dataclasses import replace

        from cryptography.hazmat.primitives.asymmetric import rsa

        from drivers.emulation.sbi_authority import certificate

        key = rsa.generate_private_key(65537, 2048)
        renewed = certificate(
            "Rekam EMU Device", key.public_key(), "Rekam EMU Root", authority.root_key, CLOCK.now()
        )
        service.devices[0].authority = replace(authority, device_key=key, device=renewed)
        assert len(slap_of(device)) == 4
        device.close()
    finally:
        service.stop()
