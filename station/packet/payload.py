"""The payload files of a packet: samples, the register's record, and the record's own events."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from station.capture import events as ev
from station.capture.enrolment import Enrolment
from station.capture.plan import CapturePlan
from station.capture.slots import Slot
from station.errors import PacketRefused
from station.packet import canonical
from station.packet.archive import DATA
from station.packet.context import SealContext
from station.packet.lint import chosen, person_of
from station.packet.manifest import ACCEPTED, WAIVED, ExceptionEntry

SUFFIX: Final[Mapping[str, str]] = MappingProxyType(
    {"image/jpeg": ".jpg", "image/x-wsq": ".wsq", "image/jp2": ".jp2", "image/png": ".png"}
)
MEDIA_TYPE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{suffix: media_type for media_type, suffix in SUFFIX.items()},
        ".json": "application/json",
        ".jsonl": "application/jsonl",
    }
)
PERSON: Final = f"{DATA}person.json"
EVENTS: Final = f"{DATA}events.jsonl"
POINTS: Final = f"{DATA}sign_points.json"


def media_type_of(name: str) -> str:
    """Return the media type of a payload file by its suffix."""
    return MEDIA_TYPE[name[name.rindex(".") :]]


def build(
    state: Enrolment,
    events: Sequence[ev.CaptureEvent],
    plan: CapturePlan,
    context: SealContext,
    read_sample: Callable[[str], bytes],
) -> dict[str, bytes]:
    """Return name -> bytes of every payload file; StoreCorrupt when a sample is damaged."""
    files = {
        PERSON: _person(state, context),
        EVENTS: b"".join(ev.to_json(e) + b"\n" for e in events),
    }
    for sample in chosen(state, plan):
        suffix = SUFFIX.get(sample.media_type)
        if suffix is None:
            raise PacketRefused(reason="MEDIA_TYPE", slot=sample.slot.value)
        files[f"{DATA}{sample.slot.value}{suffix}"] = read_sample(sample.sha256)
        if sample.slot is Slot.SIGNATURE and sample.companion_sha256:
            files[POINTS] = read_sample(sample.companion_sha256)
    return files


def exceptions(state: Enrolment, plan: CapturePlan) -> tuple[ExceptionEntry, ...]:
    """Return every slot that is empty, weak or was waived, by slot."""
    found = [
        ExceptionEntry(
            slot=slot.value,
            kind=item.kind.value,
            reason=item.reason,
            operator=item.operator,
            approved_by=item.approved_by,
            return_on=item.return_on.isoformat() if item.return_on else "",
        )
        for slot, item in state.exemptions.items()
    ]
    found += [
        ExceptionEntry(slot.value, ACCEPTED, item.reason, item.operator)
        for slot, item in state.accepted.items()
        if slot not in state.exemptions
    ]
    found += [
        ExceptionEntry(item.slot.value, WAIVED, item.reason, item.operator, item.approved_by)
        for item in state.waivers
    ]
    return tuple(sorted(found, key=lambda item: (item.slot, item.kind, item.reason)))


def _person(state: Enrolment, context: SealContext) -> bytes:
    started = state.started
    return canonical.write(
        {
            "record_id": context.record_id,
            "recording_no": started.recording_no,
            "hold": started.hold,
            "print_from": started.print_from.isoformat() if started.print_from else "",
            "backdrop": started.backdrop,
            "person": person_of(state),
        }
    )
