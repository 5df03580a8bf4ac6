"""A complete enrolment with random sample bytes, and everything sealing needs around it."""

import datetime as dt
import hashlib
import json
import random
from dataclasses import dataclass, field

from station.capture import events as ev
from station.capture.plan import CapturePlan
from station.capture.sample import Sample
from station.capture.slots import CAPTURE_ORDER, Slot
from station.clock import FixedClock
from station.devices import DeviceInfo, Grade
from station.ids import uuid7
from station.keys.rehearsal import OPERATORS, STATION, RehearsalKeys
from station.keys.roles import Role
from station.packet.context import SealContext

NOW = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
PLAN = CapturePlan()
PERSON = {
    "nik": "6101015203050001",
    "full_name": "PENANDA RAHASIA",
    "address": {"district_code": "61.01.01"},
}
MEDIA = {Slot.FACE: "image/jpeg", Slot.SIGNATURE: "image/png"}


def media_type(slot):
    if slot.value.startswith("iris"):
        return "image/jp2"
    return MEDIA.get(slot, "image/x-wsq")


def device(grade=Grade.EMULATED):
    return DeviceInfo("test", "Rekam", "emu", "1", "1", "pty", grade)


@dataclass
class Story:
    """Events of one enrolment with the bytes of its samples."""

    events: list = field(default_factory=list)
    samples: dict = field(default_factory=dict)

    @property
    def id(self):
        return self.events[0].enrolment_id

    def read(self, sha256):
        return self.samples[sha256]

    def keep(self, data):
        sha256 = hashlib.sha256(data).hexdigest()
        self.samples[sha256] = data
        return sha256


def started(clock, *, hold="", person=None):
    return ev.Started(
        enrolment_id=str(uuid7(clock)),
        person_json=json.dumps(person or PERSON, sort_keys=True),
        recording_no=1,
        hold=hold,
        print_from=dt.date(2027, 1, 1) if hold else None,
        backdrop="red",
        operator="rina",
        desk=STATION,
        at=NOW,
    )


def sample(slot, sha256, size, *, companion="", companion_size=0, grade=Grade.EMULATED, attempt=1):
    return Sample(
        slot=slot, attempt=attempt, sha256=sha256, size=size, media_type=media_type(slot), width=10,
        height=10, ppi=500, depth=8, device=device(grade), captured_at=NOW, frame_id=1,
        algorithm="test", algorithm_version="1", score=80, usable=True, measures=(("m", 1.5),),
        companion_sha256=companion, companion_size=companion_size,
    )  # fmt: skip


def attempts(keep, rng, *, size=2_000, slots=CAPTURE_ORDER, grade=Grade.EMULATED):
    for slot in slots:
        data = rng.randbytes(size)
        if slot is Slot.SIGNATURE:
            points = b'{"points":[]}'
            made = sample(
                slot, keep(data), size, companion=keep(points), companion_size=len(points),
                grade=grade,
            )  # fmt: skip
        else:
            made = sample(slot, keep(data), size, grade=grade)
        yield ev.AttemptTaken(made)
        if slot is Slot.FACE:
            yield ev.PhotoApproved(made.sha256, NOW)
        if slot in {Slot.RIGHT_INDEX, Slot.LEFT_INDEX}:
            yield ev.Rechecked(slot, made.sha256, 0.9, matched=True, at=NOW)


def complete_story(clock=None, *, seed=1, size=2_000, grade=Grade.EMULATED, person=None, hold=""):
    rng = random.Random(seed)
    story = Story()
    story.events.append(started(clock or FixedClock(NOW), person=person, hold=hold))
    story.events.append(ev.DataConfirmed("rina", NOW))
    story.events += attempts(story.keep, rng, size=size, grade=grade)
    story.events.append(ev.Confirmed("rina", NOW))
    return story


def context(keys: RehearsalKeys, clock=None, **changes):
    given = {
        "record_id": "record-1",
        "station_id": STATION,
        "station_area": "61.01",
        "domicile_area": "61.01.01",
        "machine": keys.desk.signer(Role.MACHINE),
        "operator": keys.desk.signer(Role.OPERATOR, OPERATORS[0]),
        "recipients": keys.desk.recipients(),
        "clock": clock or FixedClock(NOW),
        "audit_root": "a" * 64,
        "audit_seq": 7,
        "software": "rekam 0.1.0",
    }
    return SealContext(**{**given, **changes})
