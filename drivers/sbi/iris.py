"""The iris scanner behind a MOSIP device service: preview stream, signed capture, hash chain."""

import datetime as dt
import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import cv2
import numpy as np
from cryptography import x509

from drivers.sbi import jws
from drivers.sbi.service import PORTS, SbiService, discover, error_code, raise_for_error
from station.clock import CancelToken, Clock, Deadline
from station.devices import (
    DeviceInfo,
    Eye,
    Frame,
    Grade,
    Health,
    HealthState,
    ImageCapture,
    Pixels,
    Sink,
)
from station.errors import (
    AuthFailed,
    DeviceBusy,
    DeviceError,
    DeviceNotFound,
    DeviceRemoved,
    DeviceTimeout,
    FormatError,
    NoSubject,
    NotSupported,
    ProtocolError,
)
from station.formats import iris_image, jpeg2000

_LOG = logging.getLogger(__name__)
_SUB_ID: Final[Mapping[frozenset[Eye], str]] = {
    frozenset({Eye.LEFT}): "1",
    frozenset({Eye.RIGHT}): "2",
    frozenset(Eye): "3",
}
_NAMES: Final = {Eye.LEFT: "Left", Eye.RIGHT: "Right"}
_EYES: Final = {name: eye for eye, name in _NAMES.items()}
_CLOCK_SKEW: Final = dt.timedelta(minutes=5)
EMULATED_MODEL: Final = "EMU-IRIS"  # what our emulator calls itself in its signed identity
# One request asks for so long; the device then gives its best, or says that nobody looked.
_SLICE_S: Final = 3.0
_ANSWER_S: Final = 8.0  # for judging, signing and sending, on top; the reference client waits 40
_BUSY_AGAIN_S: Final = 0.2
_NOBODY: Final = frozenset({"101", "701"})
_PREVIEW_END_S: Final = 0.2


class SbiIrisScanner:
    """One iris device of one service.

    ``roots`` are the provisioned trust roots; ``grade_of`` gives the grade of a make and model. A
    device whose model says it is our emulator is EMULATED whatever the table says.
    """

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        clock: Clock,
        *,
        port: int | None = None,
        grade_of: Callable[[str, str], Grade] = lambda _make, _model: Grade.VERIFICATION,
        requested_score: int = 60,
    ) -> None:
        self._roots = tuple(roots)
        self._clock = clock
        self._port = port
        self._grade_of = grade_of
        self._requested_score = requested_score
        self._service: SbiService | None = None
        self._found: dict[str, Any] = {}
        self._owner = threading.Lock()
        self._info = DeviceInfo("sbi", "", "", "", "", "http://127.0.0.1", Grade.VERIFICATION)

    @property
    def info(self) -> DeviceInfo:
        """Who this is; complete after open."""
        return self._info

    def open(self, deadline: Deadline) -> None:
        """Find the service and identify the device.

        DeviceNotFound, DeviceBusy while it is not ready, NotSupported when it is not registered.
        """
        ports = range(self._port, self._port + 1) if self._port else PORTS
        found = discover("Iris", ports)
        deadline.check(device="sbi")
        if not found:
            raise DeviceNotFound(device="iris")
        service, self._found = found[0]
        raise_for_error(self._found)
        status = str(self._found.get("deviceStatus", ""))
        if status not in {"Ready", "Busy"}:
            refusal = NotSupported if status == "Not Registered" else DeviceBusy
            raise refusal(device="iris", what="status")
        self._service = service
        identity = _payload_json(str(self._found.get("digitalId", "")))
        make, model = str(identity.get("make", "")), str(identity.get("model", ""))
        emulated = model == EMULATED_MODEL
        self._info = DeviceInfo(
            driver="sbi",
            make=make,
            model=model,
            serial=str(identity.get("serialNo", "")),
            firmware=str(self._found.get("serviceVersion", "")),
            transport=self._service.url,
            grade=Grade.EMULATED if emulated else self._grade_of(make, model),
        )

    def close(self) -> None:
        """Forget the service; HTTP connections live only as long as their call."""
        self._service = None

    def self_test(self, deadline: Deadline) -> Health:
        """Ask the service for its devices."""
        try:
            self.open(deadline)
        except DeviceBusy as cause:
            return Health(HealthState.ATTENTION, cause.code)
        except DeviceError as cause:
            return Health(HealthState.ABSENT, cause.code)
        return Health(HealthState.READY)

    def capture(
        self, eyes: Sequence[Eye], sink: Sink, cancel: CancelToken, deadline: Deadline
    ) -> tuple[ImageCapture, ...]:
        """Stream previews to the sink while the device looks for its best frames of the asked eyes.

        NoSubject when nobody looked in by the deadline; AuthFailed when what the device says is not signed
        by a provisioned root or not about this request.
        """
        if frozenset(eyes) not in _SUB_ID or len(set(eyes)) != len(eyes):
            raise NotSupported(device="iris", what="eyes")
        if not self._owner.acquire(blocking=False):
            raise DeviceBusy(device="iris")
        preview_end = CancelToken()
        preview: threading.Thread | None = None
        try:
            if self._service is None:
                self.open(deadline)
            assert self._service is not None  # noqa: S101 - open() either sets it or raises
            preview = threading.Thread(
                target=self._preview,
                args=(self._service, frozenset(eyes), sink, preview_end, deadline),
                name="sbi-preview",
                daemon=True,
            )
            preview.start()
            return self._capture(self._service, tuple(eyes), cancel, deadline)
        except (DeviceNotFound, DeviceRemoved, DeviceTimeout):
            self._service = None
            raise
        finally:
            preview_end.cancel()
            if preview is not None:
                preview.join(_PREVIEW_END_S)
            self._owner.release()

    def _preview(
        self,
        service: SbiService,
        eyes: frozenset[Eye],
        sink: Sink,
        end: CancelToken,
        deadline: Deadline,
    ) -> None:
        """Feed the sink; a broken preview never ends the capture, only the picture stands still."""
        body = {
            "deviceId": self._found.get("deviceId", ""),
            "deviceSubId": _SUB_ID[eyes],
            "timeout": str(int(deadline.left() * 1000)),
        }
        number = 0
        try:
            for jpeg in service.stream(body, end, deadline):
                try:
                    pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
                except cv2.error:  # a picture of impossible size
                    continue
                if pixels is None or end.cancelled:
                    continue
                number += 1
                grey: Pixels = np.asarray(pixels, np.uint8)
                grey.flags.writeable = False
                sink(Frame(number, grey, self._clock.monotonic()))
        except DeviceError as cause:
            _LOG.info("iris preview ended: %s", cause.code)

    def _capture(
        self,
        service: SbiService,
        eyes: tuple[Eye, ...],
        cancel: CancelToken,
        deadline: Deadline,
    ) -> tuple[ImageCapture, ...]:
        """Ask in slices of time until somebody looked in; a device still busy is asked again."""
        waiting: DeviceError = DeviceTimeout(device="iris")
        while True:
            cancel.check()
            left = deadline.left()
            if left <= 0:
                raise waiting
            slice_s = min(left, _SLICE_S)
            request = self._request(eyes, int(slice_s * 1000))
            answer_s = min(slice_s + _ANSWER_S, left + 0.15)
            answer = service.ask("RCAPTURE", "/capture", request, answer_s, cancel)
            try:
                captures = self._read(answer, request, eyes)
            except DeviceBusy as cause:
                # A capture cut short by our cancel may go on inside the service for its slice of time.
                waiting = cause
                cancel.wait(min(_BUSY_AGAIN_S, deadline.left()))
                continue
            if captures:
                return captures
            waiting = NoSubject()

    def _request(self, eyes: tuple[Eye, ...], timeout_ms: int) -> dict[str, Any]:
        subs = [_NAMES[eye] for eye in eyes]
        return {
            "env": "Developer",
            "purpose": "Registration",
            "specVersion": "0.9.5",
            "timeout": str(timeout_ms),
            "captureTime": stamp(self._clock.now()),
            "transactionId": secrets.token_hex(8),
            "bio": [
                {
                    "type": "Iris",
                    "count": str(len(eyes)),
                    "bioSubType": subs,
                    "exception": [name for eye, name in _NAMES.items() if eye not in eyes],
                    "requestedScore": str(self._requested_score),
                    "deviceId": self._found.get("deviceId", ""),
                    "deviceSubId": _SUB_ID[frozenset(eyes)],
                    "previousHash": "",
                }
            ],
            "customOpts": [],
        }

    def _read(
        self, answer: object, request: Mapping[str, Any], eyes: tuple[Eye, ...]
    ) -> tuple[ImageCapture, ...]:
        raise_for_error(answer)
        items = answer.get("biometrics") if isinstance(answer, dict) else None
        if not isinstance(items, list) or not items:
            raise ProtocolError(what="no biometrics in the answer")
        captures: dict[Eye, ImageCapture] = {}
        previous = hashlib.sha256(b"").digest()
        for item in items:
            if not isinstance(item, dict):
                raise ProtocolError(what="biometrics entry")
            if error_code(item) in _NOBODY:
                return ()  # nobody there in this slice of time: ask again
            raise_for_error(item)
            capture, previous = self._sample(item, request, previous)
            if capture.eye is None or capture.eye in captures:
                raise ProtocolError(what="eye label")
            captures[capture.eye] = capture
        if set(captures) != set(eyes):
            raise ProtocolError(what="other eyes than asked")
        return tuple(captures[eye] for eye in eyes)

    def _sample(
        self, item: Mapping[str, Any], request: Mapping[str, Any], previous: bytes
    ) -> tuple[ImageCapture, bytes]:
        token = str(item.get("data", ""))
        signed = jws.verify(token, self._roots, self._clock.now())
        data = signed.payload
        for name in ("transactionId", "env", "purpose"):
            if data.get(name) != request[name]:
                raise AuthFailed(what=name)
        if data.get("deviceCode") != self._found.get("deviceCode"):
            raise AuthFailed(what="deviceCode")
        taken = _time(str(data.get("timestamp", "")))
        if abs(taken - self._clock.now()) > _CLOCK_SKEW:
            raise AuthFailed(what="timestamp")
        self._recognise(str(data.get("digitalId", "")))
        iso = jws.decode64(str(data.get("bioValue", "")))
        digest = hashlib.sha256(previous + hashlib.sha256(iso).digest()).digest()
        if digest.hex().upper() != str(item.get("hash", "")).upper():
            raise AuthFailed(what="hash chain")
        eye, pixels = _image(iso)
        if _EYES.get(str(data.get("bioSubType", ""))) is not eye:
            raise ProtocolError(what="eye label")
        capture = ImageCapture(
            pixels=pixels,
            ppi=0,
            depth=8,
            frame_id=0,
            captured_at=taken,
            device=self._info,
            eye=eye,
            evidence=token.encode("ascii"),
        )
        return capture, digest

    def _recognise(self, token: str) -> None:
        """Compare the signed identity in a sample with the unsigned one the grade was given to."""
        said = jws.verify(token, self._roots, self._clock.now()).payload
        known = {"make": self._info.make, "model": self._info.model, "serialNo": self._info.serial}
        for name, value in known.items():
            if str(said.get(name, "")) != value:
                raise AuthFailed(what="digitalId")


def _image(record: bytes) -> tuple[Eye, Pixels]:
    """Return the eye and the read-only grey picture of an ISO record; ProtocolError."""
    try:
        image = iris_image.decode(record)
        if image.media_type != "image/jp2":
            raise ProtocolError(what="image format")
        pixels = jpeg2000.decode(image.data)
    except FormatError as cause:
        raise ProtocolError(what="image record") from cause
    if pixels.shape != (image.height, image.width):
        raise ProtocolError(what="image size")
    pixels.flags.writeable = False
    return image.eye, pixels


def _payload_json(text: str) -> dict[str, Any]:
    """Return the JSON of a digitalId: plain base64url, or the payload of a JWS."""
    parts = text.split(".")
    part = parts[1] if len(parts) == 3 else text
    return jws.read_json(part) if part else {}


def stamp(at: dt.datetime) -> str:
    """Return a time as device services write it."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError as cause:
        raise ProtocolError(what="timestamp") from cause
