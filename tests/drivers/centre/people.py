"""Sealed packets of invented people with real pictures, for the centre to open and search."""

import datetime as dt
import io
import json
import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from drivers.emulation.scenes.finger import FingerIdentity, impression
from station.capture import events as ev
from station.capture.exemption import Exemption, ExemptionKind
from station.capture.sample import Sample
from station.capture.slots import CAPTURE_ORDER, FINGER_OF, Slot
from station.person.person import to_json
from station.person.roster import case_of, load_demo_roster
from station.store.sealing import seal_and_store
from tests.station.packet.builders import NOW, PLAN, context, device, media_type

GIVEN = (Slot.RIGHT_INDEX, Slot.LEFT_INDEX)
ROSTER = load_demo_roster(NOW.date())


@lru_cache(maxsize=32)
def finger_wsq(body, slot, seed):
    out = io.BytesIO()
    Image.fromarray(impression(FingerIdentity(body, FINGER_OF[slot]), seed)).save(out, "WSQ")
    return out.getvalue()


@lru_cache(maxsize=1)
def portrait():
    rows = np.linspace(40, 220, 640)[:, None] * np.ones((1, 480))
    picture = Image.fromarray(np.dstack([rows, rows * 0.8, rows * 0.6]).astype(np.uint8))
    ImageDraw.Draw(picture).ellipse((140, 150, 340, 430), fill=(200, 160, 130))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


@lru_cache(maxsize=1)
def signature():
    picture = Image.new("L", (600, 200), 255)
    points = [(20 + 4 * n, 100 + 60 * ((n * n) % 7 - 3) // 3) for n in range(140)]
    ImageDraw.Draw(picture).line(points, fill=0, width=4)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def picture_of(slot, body, seed):
    if slot is Slot.FACE:
        return portrait()
    if slot is Slot.SIGNATURE:
        return signature()
    if slot in FINGER_OF:
        return finger_wsq(body, slot, seed)
    return random.Random(f"{body}{slot}").randbytes(3000)


def a_draft(store, case, *, body=None, seed=1, changes=None, hold="", until=None):
    entry = case_of(ROSTER, case)
    person = json.loads(to_json(entry.person)) | (changes or {})
    started = ev.Started(
        enrolment_id=str(random.Random(f"{case}{seed}").randbytes(16).hex()),
        person_json=json.dumps(person, sort_keys=True),
        recording_no=1, hold=hold, print_from=until, backdrop="red", operator="rina",
        desk="desk-latihan-1", at=NOW,
    )  # fmt: skip
    text = started.enrolment_id
    parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
    started = ev.Started(**{**_fields(started), "enrolment_id": "-".join(parts)})
    draft = store.new_draft(started)
    draft.append(ev.DataConfirmed("rina", NOW))
    for slot in CAPTURE_ORDER:
        if slot in FINGER_OF and slot not in GIVEN:
            reason = Exemption(slot, ExemptionKind.UNREADABLE, "kulit mengelupas", "rina", NOW)
            draft.append(ev.ExemptionGiven(reason))
            continue
        data = picture_of(slot, body if body is not None else entry.body, seed)
        sha256 = draft.keep(data)
        draft.append(ev.AttemptTaken(_sample(slot, sha256, len(data))))
        if slot is Slot.FACE:
            draft.append(ev.PhotoApproved(sha256, NOW))
        if slot in GIVEN:
            draft.append(ev.Rechecked(slot, sha256, 0.9, matched=True, at=NOW))
    draft.append(ev.Confirmed("rina", NOW))
    return draft


def seal_person(store, keys, clock, case, *, record_id="", area="61.01", **draft):
    return seal_and_store(
        store,
        a_draft(store, case, **draft),
        PLAN,
        context(keys, clock, record_id=record_id or f"rec-{case}", station_area=area),
    )


def in_days(days):
    return NOW.date() + dt.timedelta(days=days)


def _fields(event):
    return {name: getattr(event, name) for name in event.__slots__}


def _sample(slot, sha256, size):
    return Sample(
        slot=slot, attempt=1, sha256=sha256, size=size, media_type=media_type(slot), width=300,
        height=400, ppi=500, depth=8, device=device(), captured_at=NOW, frame_id=1,
        algorithm="test", algorithm_version="1", score=80, usable=True, measures=(),
    )  # fmt: skip
