"""RCAPTURE of an emulated service: the rules of use, the best frame, the record, the signature, the chain."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from drivers.emulation.sbi_device import SUCCESS, EmulatedDevice, moment
from drivers.emulation.sbi_lies import Lies
from drivers.emulation.sbi_sensors import PPI, Shot, Sight
from drivers.emulation.sbi_subject import Subject
from drivers.emulation.sbi_words import Asked, Order, Refused
from drivers.sbi import jws
from drivers.sbi.identity import Kind
from drivers.sbi.pictures import EYES, POSITIONS
from drivers.sbi.rules import next_hash
from drivers.sbi.sample import stamp
from station.clock import Deadline
from station.devices import Pixels
from station.formats import face_image, finger_image, iris_image, jpeg2000
from station.formats.capture_head import CaptureHead, Quality, date_of
from station.formats.codes import Coding

_REMEMBERED: Final = 16
_CLOSED: Final[Mapping[str, tuple[str, str]]] = {
    "Not Registered": ("100", "Device not registered"),
    "Not Ready": ("110", "Device is not ready"),
}


class Capturing:
    """Carries out capture requests; ``pause`` waits a frame and says whether the service ends."""

    def __init__(self, subject: Subject, pause: Callable[[], bool], lies: Lies) -> None:
        self._subject, self._pause, self._lies = subject, pause, lies
        self._encoded: dict[int, tuple[Pixels, bytes]] = {}

    def answer(
        self,
        asked: Asked,
        devices: Sequence[EmulatedDevice],
        gone: Callable[[], bool],
        lie: str = "",
    ) -> dict[str, Any]:
        """Return the biometrics; Refused. The chain runs through all entries of the request.

        ``lie`` is told in this answer only.
        """
        lies = self._lies.told(lie)
        items: list[dict[str, Any]] = []
        previous = asked.orders[0].previous
        for order in asked.orders:
            shots = self._taken(order, asked.timeout_s, devices, gone)
            for shot in shots:
                item, previous = self._item(asked, order, shot, previous, lies)
                items.append(item)
        return {"biometrics": lies.items(items)}

    def _taken(
        self,
        order: Order,
        timeout_s: float,
        devices: Sequence[EmulatedDevice],
        gone: Callable[[], bool],
    ) -> tuple[Shot, ...]:
        device = order.device
        if device.status in _CLOSED:
            raise Refused(*_CLOSED[device.status])
        streamed = device.streams()
        others = any(each.streams() for each in devices if each is not device)
        if (streamed and order.sub_id not in streamed) or (others and not streamed):
            raise Refused("702", "Live streaming deviceId and deviceSubId different")
        if device.status == "Busy" and not streamed:
            raise Refused("111", "Device is busy")
        if not device.capturing.acquire(blocking=False):
            raise Refused("703", "RCapture process already in progress")
        try:
            return self._best(order, Deadline.after(timeout_s), gone, watched=bool(streamed))
        finally:
            device.capturing.release()

    def _best(
        self, order: Order, deadline: Deadline, gone: Callable[[], bool], *, watched: bool
    ) -> tuple[Shot, ...]:
        """Return the best shots until the asked score; at the timeout also those below it."""
        device = order.device
        best: dict[str, Shot] = {}
        first = True
        while first or not deadline.passed():
            sight = device.sensor.see(self._subject, order.names)
            if sight is not None:
                device.last_score = sight.score
                best = _better(device.kind, best, sight, device.forced_score)
            if first:  # what had to be drawn first does not count as waiting
                deadline = Deadline(max(deadline.at, Deadline.after(0.05).at))
                first = False
            enough = _score(device.kind, best.values()) >= order.score
            if len(best) == max(1, len(order.names)) and enough:
                break
            if watched and not device.streams():
                raise Refused("700", "Live streaming was stopped")
            if gone() or self._pause():
                break
        if len(best) != max(1, len(order.names)):
            raise Refused("701", "Capture timeout")
        return tuple(best[name] for name in (order.names or ("",)))

    def _item(
        self, asked: Asked, order: Order, shot: Shot, previous: str, lies: Lies
    ) -> tuple[dict[str, Any], str]:
        device = order.device
        taken_at = moment(device.clock, lies.age())
        record = self.record(device.kind, shot, taken_at)
        digest = next_hash(device.manner.hashes, previous, record)
        data: dict[str, Any] = {
            "digitalId": device.signed_identity(),
            "deviceCode": device.device_id,
            "deviceServiceVersion": device.manner.version,
            "bioType": device.kind.type_name,
            "bioSubType": shot.name,
            "purpose": asked.purpose,
            "env": asked.env,
            "bioValue": jws.encode64(record),
            "transactionId": asked.transaction,
            "timestamp": stamp(taken_at),
            "requestedScore": device.manner.number(order.score),
            "qualityScore": device.manner.number(shot.score),
        }
        token = lies.token(data, device)
        item: dict[str, Any] = {
            "specVersion": device.manner.version,
            "data": token,
            "hash": lies.hash(digest),
            "error": dict(SUCCESS),
        }
        if device.manner.version == "1.0":
            item["additionalInfo"] = {}
        return item, digest

    def record(self, kind: Kind, shot: Shot, at: dt.datetime) -> bytes:
        """Return the ISO/IEC 19794 record of a shot, its picture lossless."""
        data = self._jp2(shot.pixels)
        height, width = shot.pixels.shape[:2]
        if kind is Kind.IRIS:
            eye = iris_image.IrisImage(
                EYES[shot.name], data, "image/jp2", width, height, shot.score, at
            )
            return iris_image.encode(eye)
        head = CaptureHead(date_of(at), qualities=(Quality(shot.score),))
        if kind is Kind.FACE:
            face = face_image.FaceImage(Coding.JP2_LOSSLESS, width, height, data, head)
            return face_image.encode(face_image.FaceImageRecord(2011, (face,)))
        position = POSITIONS.get(shot.name)
        finger = finger_image.FingerImage(
            position=position.value if position is not None else 0,
            coding=Coding.JP2_LOSSLESS,
            width=width,
            height=height,
            data=data,
            head=head,
            scan_x=PPI,
            scan_y=PPI,
            image_x=PPI,
            image_y=PPI,
        )
        return finger_image.encode(finger_image.FingerImageRecord(2011, (finger,)))

    def _jp2(self, pixels: Pixels) -> bytes:
        kept = self._encoded.get(id(pixels))
        if kept is None:
            kept = self._encoded[id(pixels)] = (pixels, jpeg2000.encode(pixels))
            while len(self._encoded) > _REMEMBERED:
                del self._encoded[next(iter(self._encoded))]
        return kept[1]


def _better(kind: Kind, best: dict[str, Shot], sight: Sight, forced: int | None) -> dict[str, Shot]:
    """Eyes are chosen one by one, fingers of a slap together by their average."""
    shots = [
        shot if forced is None else Shot(shot.name, shot.pixels, forced) for shot in sight.shots
    ]
    if kind is not Kind.IRIS:
        new = {shot.name: shot for shot in shots}
        return new if _score(kind, new.values()) > _score(kind, best.values()) or not best else best
    for shot in shots:
        if shot.name not in best or shot.score > best[shot.name].score:
            best[shot.name] = shot
    return best


def _score(kind: Kind, shots: "Sequence[Shot] | Any") -> float:  # noqa: ANN401 - a dict's values
    scores = [shot.score for shot in shots]
    if not scores:
        return -1
    return min(scores) if kind is Kind.IRIS else sum(scores) / len(scores)
