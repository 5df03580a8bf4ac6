"""The emulated service against a client of its own: the wire, the rules of use, the codes."""

import threading
import time

import cv2
import numpy as np
import pytest

from drivers.emulation.sbi_device import Manner
from tests.drivers.sbi import raw
from tests.drivers.sbi.conftest import serving

FINGERS = ["Right IndexFinger", "Right MiddleFinger", "Right RingFinger", "Right LittleFinger"]


@pytest.fixture
def slap(service):
    return raw.device_of(service.port, "Finger")


def capture(service, body):
    status, answer = raw.ask(service.port, "RCAPTURE", "/capture", body)
    assert status == 200
    return answer["biometrics"]


def code(service, body):
    (item,) = capture(service, body)
    assert item["data"] == ""
    return item["error"]["errorCode"]


def test_discovery_lists_the_asked_type_in_the_words_of_its_version(service):
    new = service.manner.version == "1.0"
    verb = "SBIDISC" if new else "MOSIPDISC"
    _, everything = raw.ask(service.port, verb, "/device", {"type": "Biometric Device"})
    assert len(everything) == 3
    (face,) = (each for each in everything if b'"Full face"' in raw.unbase(each["digitalId"]))
    assert ("serialNo" in face) is new
    assert ("deviceId" in face) is not new
    assert face["specVersion"][0] == service.manner.version
    assert face["callbackId"] == f"http://127.0.0.1:{service.port}/"
    assert face["deviceStatus"] == "Ready"
    assert face["error"]["errorCode"] == "0"
    assert len(raw.ask(service.port, "MOSIPDISC", "/device", {"type": "Iris"})[1]) == 1


def test_each_device_signs_what_it_is(service, authority):
    _, told = raw.ask(service.port, "MOSIPDINFO", "/info")
    signer = "Rekam EMU FTM" if service.manner.level == "L1" else "Rekam EMU Device"
    for item in told:
        info, by = raw.opened(item["deviceInfo"], authority.root)
        assert by == "Rekam EMU Device"
        assert (info["env"], info["firmware"]) == ("Developer", "EMU 1.0")
        identity, by = raw.opened(info["digitalId"], authority.root)
        assert by == signer
        assert identity["model"].startswith("EMU-")
        assert item["error"]["errorCode"] == "0"
    assert len(told) == 3


def test_a_slap_without_its_missing_finger_is_signed_finger_by_finger(
    service, slap, authority, person
):
    from station.devices import FingerPosition

    person.missing = frozenset({FingerPosition.RIGHT_RING})
    body = raw.request(slap, bio_count=3, bio_exception=["Right RingFinger"])
    items, previous, names = capture(service, body), "", []
    for item in items:
        data, _ = raw.opened(item["data"], authority.root)
        record = raw.unbase(data["bioValue"])
        assert record.startswith(b"FIR\x00020\x00")
        previous = raw.link(previous, record)
        assert item["hash"] == previous
        assert (data["transactionId"], data["env"], data["bioType"]) == (
            "1234567890",
            "Developer",
            "Finger",
        )
        names.append(data["bioSubType"])
        assert 0 <= int(data["qualityScore"]) <= 100
        assert ("additionalInfo" in item) is (service.manner.version == "1.0")
    assert names == [FINGERS[0], FINGERS[1], FINGERS[3]]


def test_the_chain_runs_on_over_entries_and_requests(old_service, authority):
    slap = raw.device_of(old_service.port, "Finger")
    iris = raw.device_of(old_service.port, "Iris")
    before = "AB" * 32
    body = raw.request(slap, bio_previousHash=before)
    eyes = raw.request(iris, bio_type="Iris", bio_count="2", bio_deviceSubId="3")["bio"][0]
    body["bio"].append(eyes)
    items = capture(old_service, body)
    assert len(items) == 6
    for item in items:
        data, _ = raw.opened(item["data"], authority.root)
        before = raw.link(before, raw.unbase(data["bioValue"]))
        assert item["hash"] == before


def test_numbers_as_numbers_and_single_items_are_understood(service, slap):
    body = raw.request(slap, timeout=8000, bio_count=4, bio_deviceSubId=2, bio_requestedScore=40)
    body["bio"][0]["bioSubType"] = ",".join(FINGERS)
    body["bio"] = body["bio"][0]
    assert len(capture(service, body)) == 4


def test_odd_headers_and_chunked_bodies_are_read(service):
    headers = {"Content-Type": "Content-Type; charset=UTF-8"}
    assert raw.ask(service.port, "MOSIPDISC", "/device", {"type": "Iris"}, headers)[0] == 200
    import http.client

    line = http.client.HTTPConnection("127.0.0.1", service.port, timeout=5)
    line.request("MOSIPDISC", "/device", iter([b'{"type":', b'"Iris"}']), encode_chunked=True)
    assert b"deviceStatus" in line.getresponse().read()
    line.close()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"transactionId": "abc"}, "112"),
        ({"transactionId": "no spaces here"}, "112"),
        ({"transactionId": "x" * 51}, "112"),
        ({"bio_count": "3"}, "109"),
        ({"bio_count": "4", "bio_exception": ["Right Thumb"]}, "118"),
        ({"bio_exception": ["Right RingFinger"]}, "109"),
        ({"bio_exception": ["Sixth Finger"]}, "117"),
        ({"bio_bioSubType": ["LF_INDEX"]}, "119"),
        ({"bio_deviceSubId": "7"}, "109"),
        ({"bio_type": "FIR"}, "114"),
        ({"bio_type": "Iris"}, "120"),
        ({"env": "Mars"}, "115"),
        ({"purpose": "Auth"}, "706"),
        ({"purpose": "Fun"}, "121"),
        ({"bio_deviceId": "", "bio_serialNo": ""}, "704"),
        ({"bio_deviceId": "X", "bio_serialNo": "X"}, "705"),
    ],
)
def test_a_wrong_request_gets_its_code_inside_http_200(service, slap, changes, expected):
    assert code(service, raw.request(slap, **changes)) == expected


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/device"),
        ("POST", "/capture"),
        ("MOSIPINFO", "/info"),
        ("PUT", "/info"),
        ("X", "/"),
    ],
)
def test_a_wrong_verb_is_405_in_json(service, verb, path):
    status, answer = raw.ask(service.port, verb, path)
    assert status == 405
    assert answer["error"]["errorCode"] == "405"


def test_a_stream_shows_marked_frames_at_three_a_second_or_more(service, slap):
    named = {name: slap[name] for name in ("deviceId", "serialNo") if name in slap}
    with raw.Stream(service.port, {**named, "deviceSubId": "2", "timeout": "9000"}) as stream:
        assert stream.reply.version == 10
        assert (
            stream.reply.getheader("Content-Type")
            == "multipart/x-mixed-replace; boundary=--BoundaryString"
        )
        stream.frame()
        began = time.monotonic()
        frames = [stream.frame() for _ in range(6)]
        assert 6 / (time.monotonic() - began) >= 3
    picture = cv2.imdecode(np.frombuffer(frames[-1], np.uint8), cv2.IMREAD_COLOR).astype(int)
    assert (abs(picture[..., 1] - picture[..., 2]) > 60).any()  # the mark is in colour


def test_a_stream_of_nothing_ends_when_its_reader_leaves(old_service, person):
    person.touches = False
    slap = raw.device_of(old_service.port, "Finger")
    before = threading.active_count()
    raw.Stream(old_service.port, {"deviceId": slap["deviceId"], "deviceSubId": "2"}).close()
    until = time.monotonic() + 5
    while threading.active_count() > before:
        assert time.monotonic() < until
        threading.Event().wait(0.02)


def test_a_capture_of_the_streamed_device_is_taken_though_it_says_busy(old_service):
    slap = raw.device_of(old_service.port, "Finger")
    body = {"deviceId": slap["deviceId"], "deviceSubId": "2"}
    with raw.Stream(old_service.port, body) as stream:
        stream.frame()
        assert raw.device_of(old_service.port, "Finger")["deviceStatus"] == "Busy"
        assert len(capture(old_service, raw.request(slap))) == 4
        assert code(old_service, raw.request(slap, bio_deviceSubId="1")) == "702"
        iris = raw.device_of(old_service.port, "Iris")
        eyes = raw.request(iris, bio_type="Iris", bio_count="2", bio_deviceSubId="3")
        assert code(old_service, eyes) == "702"
    assert len(capture(old_service, raw.request(slap))) == 4


def test_a_second_capture_is_703_and_a_stopped_stream_700(old_service, person):
    slap = raw.device_of(old_service.port, "Finger")
    person.touches = False
    codes = []

    def wait():
        codes.append(code(old_service, raw.request(slap)))

    stream = raw.Stream(old_service.port, {"deviceId": slap["deviceId"], "deviceSubId": "2"})
    worker = threading.Thread(target=wait)
    worker.start()
    until = time.monotonic() + 3
    while not old_service.devices[1].capturing.locked():
        assert time.monotonic() < until
        threading.Event().wait(0.01)
    assert code(old_service, raw.request(slap)) == "703"
    stream.close()
    worker.join(3)
    assert codes == ["700"]


def test_nobody_by_the_timeout_is_701_and_a_poor_hand_is_given_anyway(old_service, person):
    slap = raw.device_of(old_service.port, "Finger")
    _, said = raw.ask(
        old_service.port, "POST", "/admin/score", {"type": "Finger", "qualityScore": "20"}
    )
    assert said["errorCode"] == "0"
    began = time.monotonic()
    items = capture(old_service, raw.request(slap, timeout="600", bio_requestedScore="60"))
    assert time.monotonic() - began >= 0.55
    assert len(items) == 4
    raw.ask(old_service.port, "POST", "/admin/score", {"type": "Finger", "fromIso": True})
    person.touches = False
    assert code(old_service, raw.request(slap, timeout="300")) == "701"


@pytest.mark.parametrize(
    ("status", "expected"), [("Not Ready", "110"), ("Not Registered", "100"), ("Busy", "111")]
)
def test_a_device_refuses_in_its_state(old_service, status, expected):
    slap = raw.device_of(old_service.port, "Finger")
    said = {"type": "Finger", "deviceStatus": status}
    assert raw.ask(old_service.port, "POST", "/admin/status", said)[1]["errorCode"] == "0"
    assert code(old_service, raw.request(slap)) == expected
    assert raw.device_of(old_service.port, "Iris")["deviceStatus"] == "Ready"
    _, told = raw.ask(old_service.port, "MOSIPDINFO", "/info")
    unsigned = [each for each in told if each["deviceInfo"].count(".") == 0]
    assert len(unsigned) == (status == "Not Registered")


@pytest.mark.parametrize(
    ("what", "body", "expected"),
    [
        ("status", {"deviceStatus": "Asleep"}, "504"),
        ("score", {"qualityScore": "101"}, "505"),
        ("score", {}, "505"),
        ("delay", {"delay": "soon"}, "506"),
        ("delay", {"delay": "10", "method": ["GET"]}, "507"),
        ("profile", {}, "551"),
    ],
)
def test_the_administrator_is_refused_with_a_code_too(old_service, what, body, expected):
    _, said = raw.ask(old_service.port, "POST", f"/admin/{what}", body)
    assert said["errorCode"] == said["error"]["errorCode"] == expected


def test_a_delay_holds_back_that_verb_alone(old_service):
    body = {"type": "Biometric Device", "delay": "300", "method": ["MOSIPDINFO"]}
    raw.ask(old_service.port, "POST", "/admin/delay", body)
    took = []
    for verb, path in (("MOSIPDISC", "/device"), ("MOSIPDINFO", "/info")):
        began = time.monotonic()
        raw.ask(old_service.port, verb, path, {"type": "Iris"})
        took.append(time.monotonic() - began)
    assert took[0] < 0.25 <= took[1]


def test_the_hash_over_text_and_numbers_as_numbers_are_told_apart(person, authority):
    import hashlib

    from drivers.sbi.rules import HashForm, Numbers

    manner = Manner(numbers=Numbers.INTEGERS, hashes=HashForm.TEXT)
    service = serving(person, authority, manner=manner)
    try:
        slap = raw.device_of(service.port, "Finger")
        items = capture(service, raw.request(slap))
        before = hashlib.sha256(b"").hexdigest().upper()
        for item in items:
            data, _ = raw.opened(item["data"], authority.root)
            assert isinstance(data["qualityScore"], int)
            own = hashlib.sha256(raw.unbase(data["bioValue"])).hexdigest().upper()
            before = hashlib.sha256((before + own).encode()).hexdigest().upper()
            assert item["hash"] == before
    finally:
        service.stop()


def test_stopping_in_the_middle_leaves_no_thread_and_frees_the_port(person, authority):
    service = serving(person, authority)
    slap = raw.device_of(service.port, "Finger")
    stream = raw.Stream(service.port, {"deviceId": slap["deviceId"], "deviceSubId": "2"})
    stream.frame()
    known = set(threading.enumerate())
    service.stop()
    stream.close()
    assert not [
        each for each in known & set(threading.enumerate()) if "process_request" in each.name
    ]
    again = serving(person, authority)
    assert again.port == service.port
    again.stop()


@pytest.mark.parametrize("verb", ["STATUS", "FINGER", "LOOK", "FACE", "QUALITY", "PERSON", "HEAL"])
def test_every_script_verb_is_obeyed_or_refused_by_name(old_service, verb):
    given = {"STATUS": "Ready", "QUALITY": "70", "PERSON": "4", "FINGER": "auto"}
    old_service.act(verb, given.get(verb, ""))
    with pytest.raises(ValueError, match=verb):
        old_service.check("DANCE", "")
    refused = {"STATUS": "Asleep", "FINGER": "sixth", "LOOK": "away", "FACE": "2", "QUALITY": "101"}
    if verb in refused:
        with pytest.raises(ValueError, match=refused[verb]):
            old_service.act(verb, refused[verb])


def test_a_hand_other_than_asked_is_not_given(old_service):
    slap = raw.device_of(old_service.port, "Finger")
    old_service.act("FINGER", "right missing=RIGHT_RING")
    assert code(old_service, raw.request(slap, timeout="400")) == "701"
    old_service.act("FINGER", "auto missing=")
    assert len(capture(old_service, raw.request(slap))) == 4


def test_faults_have_names(old_service):
    with pytest.raises(ValueError, match="truncate"):
        old_service.suffer("melt", "0")
    with pytest.raises(ValueError, match="hash@x"):
        old_service.suffer("hash", "x")
    for name in ("hash", "700", "huge-length", "HANG_IN_HEAD"):
        old_service.suffer(name, "b10")
    old_service.heal()
    assert len(capture(old_service, raw.request(raw.device_of(old_service.port, "Finger")))) == 4
