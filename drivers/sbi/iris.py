"""The iris scanner behind a MOSIP device service: preview stream, signed capture, hash chain."""

import datetime as dt
import hashlib
import logging
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import cv2
import numpy as np
from cryptography import x509

from drivers.sbi import jws
from drivers.sbi.service import SbiService, discover, raise_for_error
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
    DeviceTimeout,
    OperatorCancelled,
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
_EMULATED_MODEL: Final = "EMU-IRIS"


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
        """Find the service and identify the device; DeviceNotFound, DeviceBusy."""
        ports = range(self._port, self._port + 1) if self._port else None
        found = discover("Iris", ports) if ports else discover("Iris")
        deadline.check(device="sbi")
        if not found:
            raise DeviceNotFound(device="iris")
        self._service, self._found = found[0]
        status = str(self._found.get("deviceStatus", ""))
        if status not in {"Ready", "Busy"}:
            raise DeviceBusy(device="iris", status=status)
        raise_for_error(self._found)
        identity = _payload_json(str(self._found.get("digitalId", "")))
        make, model = str(identity.get("make", "")), str(identity.get("model", ""))
        emulated = model == _EMULATED_MODEL
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
        """Stream previews to the sink while the device looks for its best frames of the asked eyes."""
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
        except (DeviceError, OperatorCancelled):
            self._service = None
            raise
        finally:
            preview_end.cancel()
            if preview is not None:
                preview.join(2.0)
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
                pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
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
        """Ask in slices of time, so that cancel answers soon and NoSubject can be asked again."""
        while True:
            cancel.check()
            left = deadline.left()
            if left <= 0:
                raise DeviceTimeout(device="iris")
            request = self._request(eyes, int(min(left, 4.0) * 1000))
            answer = _ask_cancellable(service, request, cancel, min(left, 4.0) + 2.0)
            captures = self._read(answer, request, eyes)
            if captures:
                return captures

    def _request(self, eyes: tuple[Eye, ...], timeout_ms: int) -> dict[str, Any]:
        subs = [_NAMES[eye] for eye in eyes]
        return {
            "env": "Developer",
            "purpose": "Registration",
            "specVersion": "0.9.5",
            "timeout": str(timeout_ms),
            "captureTime": _stamp(self._clock.now()),
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
            code = str(item.get("error", {}).get("errorCode", "0"))
            if code.partition("-")[0].strip() in {"101", "701"}:
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
        iso = jws.decode64(str(data.get("bioValue", "")))
        digest = hashlib.sha256(previous + hashlib.sha256(iso).digest()).digest()
        if digest.hex().upper() != str(item.get("hash", "")).upper():
            raise AuthFailed(what="hash chain")
        record = iris_image.decode(iso)
        if _EYES.get(str(data.get("bioSubType", ""))) is not record.eye:
            raise ProtocolError(what="eye label")
        if record.media_type != "image/jp2":
            raise ProtocolError(what="image format")
        pixels = jpeg2000.decode(record.data)
        if pixels.ndim != 2 or pixels.shape != (record.height, record.width):
            raise ProtocolError(what="image size")
        pixels.flags.writeable = False
        capture = ImageCapture(
            pixels=pixels,
            ppi=0,
            depth=8,
            frame_id=0,
            captured_at=taken,
            device=replace(self._info),
            eye=record.eye,
            evidence=token.encode("ascii"),
        )
        return capture, digest


def _ask_cancellable(
    service: SbiService, request: Mapping[str, Any], cancel: CancelToken, timeout_s: float
) -> object:
    """Run the long request aside: http.client cannot be interrupted, the caller can leave it."""
    box: list[object] = []
    done = threading.Event()

    def run() -> None:
        try:
            box.append(service.ask("RCAPTURE", "/capture", request, timeout_s))
        except DeviceError as cause:
            box.append(cause)
        finally:
            done.set()

    threading.Thread(target=run, name="sbi-capture", daemon=True).start()
    cancel.on_cancel(done.set)
    done.wait(timeout_s + 1.0)
    cancel.check()
    if not box:
        raise DeviceTimeout(device="iris")
    if isinstance(box[0], DeviceError):
        raise box[0]
    return box[0]


def _payload_json(text: str) -> dict[str, Any]:
    """Return the JSON of a digitalId: plain base64url, or the payload of a JWS."""
    parts = text.split(".")
    part = parts[1] if len(parts) == 3 else text
    return jws.read_json(part) if part else {}


def _stamp(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> dt.datetime:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    except ValueError as cause:
        raise ProtocolError(what="timestamp") from cause
