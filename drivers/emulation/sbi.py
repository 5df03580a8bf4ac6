"""A MOSIP device service with one two-eye iris scanner: SBI 0.9.5 over loopback HTTP, own test CA."""

import datetime as dt
import hashlib
import json
import select
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import cv2
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from drivers.sbi import jws
from drivers.sbi.iris import EMULATED_MODEL, stamp
from drivers.sbi.service import PORTS
from station.biometrics.iris import judge as iris_judge
from station.clock import Clock, Deadline
from station.devices import Eye, Pixels
from station.formats import iris_image, jpeg2000

_BOUNDARY: Final = "--BoundaryString"
_EYES: Final = {"Left": Eye.LEFT, "Right": Eye.RIGHT}
_SUBS: Final = {"1": ("Left",), "2": ("Right",), "3": ("Left", "Right")}


@dataclass(frozen=True, slots=True)
class TestAuthority:
    """The emulator's own certificate authority and device key."""

    root: x509.Certificate
    device_key: rsa.RSAPrivateKey
    device: x509.Certificate

    @classmethod
    def make(cls, now: dt.datetime) -> "TestAuthority":
        """Return a fresh authority; about 0.2 s."""
        root_key = rsa.generate_private_key(65537, 2048)
        root = _certificate(
            "Rekam EMU Root", root_key.public_key(), "Rekam EMU Root", root_key, now
        )
        key = rsa.generate_private_key(65537, 2048)
        device = _certificate("Rekam EMU-IRIS", key.public_key(), "Rekam EMU Root", root_key, now)
        return cls(root, key, device)


def _certificate(
    name: str,
    public: rsa.RSAPublicKey,
    issuer: str,
    issuer_key: rsa.RSAPrivateKey,
    now: dt.datetime,
) -> x509.Certificate:
    def x500(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    return (
        x509.CertificateBuilder()
        .subject_name(x500(name))
        .issuer_name(x500(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


class SbiEmulator:
    """Serves eyes given by ``look(eye) -> grey image or None`` (None: nobody looks in)."""

    def __init__(
        self,
        look: Callable[[Eye], Pixels | None],
        authority: TestAuthority,
        clock: Clock,
        *,
        serial: str = "EMU-0001",
        ports: range = PORTS,
        fps: float = 6.0,
    ) -> None:
        self._look = look
        self._authority = authority
        self._clock = clock
        self._serial = serial
        self._interval = 1.0 / fps
        self._capturing = threading.Lock()
        self._stop = threading.Event()
        self.status = "Ready"  # Ready, Busy, Not Ready, Not Registered
        self.error = ""  # an errorCode for the next captures, "" = none
        # Lies told on purpose: "hash", "signature", "transaction", "label", "identity", "stale".
        self.tamper = ""
        self._server = _bind(ports, self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="sbi", daemon=True
        )

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """End everything and free the port."""
        self._stop.set()
        if self._thread.is_alive():  # shutdown() waits for ever for a loop that never ran
            self._server.shutdown()
        self._server.server_close()
        if self._thread.ident is not None:
            self._thread.join(2.0)

    def discovery(self, body: Mapping[str, Any]) -> object:
        """Answer MOSIPDISC."""
        if body.get("type") not in {"Iris", "Biometric Device"}:
            return []
        return [
            {
                "deviceId": "EMU-IRIS-1",
                "deviceStatus": self.status,
                "certification": "L0",
                "serviceVersion": "0.9.5",
                "deviceSubId": ["1", "2", "3"],
                "callbackId": f"http://127.0.0.1:{self.port}/",
                "digitalId": jws.encode64(json.dumps(self._identity()).encode()),
                "deviceCode": "EMU-IRIS-1",
                "specVersion": ["0.9.5"],
                "purpose": "Registration",
                "error": {"errorCode": "0", "errorInfo": "Success"},
            }
        ]

    def capture(self, body: Mapping[str, Any], gone: Callable[[], bool]) -> object:
        """Answer RCAPTURE: the best frames until the asked score, the timeout, or the asker is ``gone``."""
        if not self._capturing.acquire(blocking=False):
            return _failure("703", "capture already running")
        try:
            return self._capture(body, gone)
        finally:
            self._capturing.release()

    def frames(self, body: Mapping[str, Any], send: Callable[[bytes], bool]) -> None:
        """Answer STREAM: both eyes side by side as the scanner sees them, until the reader leaves."""
        names = _SUBS.get(str(body.get("deviceSubId", "3")), ("Left", "Right"))
        deadline = Deadline.after(int(str(body.get("timeout", "300000"))) / 1000)
        while not self._stop.wait(self._interval) and not deadline.passed():
            pictures = [self._look(_EYES[name]) for name in reversed(names)]
            # As seen from the front: the applicant's right eye is on the left of the picture.
            shown = [picture for picture in pictures if picture is not None]
            if not shown:
                continue
            both = cv2.hconcat(
                [cv2.resize(eye, (480, 360), interpolation=cv2.INTER_AREA) for eye in shown]
            )
            _, jpeg = cv2.imencode(".jpg", both, [cv2.IMWRITE_JPEG_QUALITY, 80])
            data = jpeg.tobytes()
            head = f"{_BOUNDARY}\r\nContent-Type:image/jpeg\r\nContent-Length:{len(data)}\r\n\r\n"
            if not send(head.encode("ascii") + data + b"\r\n\r\n"):
                return

    def _capture(self, body: Mapping[str, Any], gone: Callable[[], bool]) -> object:
        if self.error:
            return _failure(self.error, "asked for by the script")
        ask = (body.get("bio") or [{}])[0]
        names = tuple(str(name) for name in ask.get("bioSubType", []))
        if not names or int(str(ask.get("count", "0"))) != len(names):
            return _failure("109", "count")
        if not 4 <= len(str(body.get("transactionId", ""))) <= 50:
            return _failure("112", "transactionId")
        wanted = int(str(ask.get("requestedScore", "60")))
        deadline = Deadline.after(int(str(body.get("timeout", "5000"))) / 1000)
        best: dict[str, tuple[int, Pixels]] = {}
        while not deadline.passed():
            for name in names:
                picture = self._look(_EYES[name])
                if picture is None:
                    continue
                verdict = iris_judge.judge(picture, _EYES[name]).verdict
                # A device's score counts the geometry in: an eye too far away is no good picture.
                score = verdict.score if verdict.usable else verdict.score // 2
                if name not in best or score > best[name][0]:
                    best[name] = (score, picture)
            if len(best) == len(names) and all(score >= wanted for score, _ in best.values()):
                break
            if gone() or self._stop.wait(self._interval):
                break
        if len(best) != len(names):
            return _failure("701", "capture timeout")
        return self._answer(body, names, best)

    def _answer(
        self,
        body: Mapping[str, Any],
        names: tuple[str, ...],
        best: Mapping[str, tuple[int, Pixels]],
    ) -> object:
        previous = hashlib.sha256(b"").digest()
        items = []
        for name in names:
            score, picture = best[name]
            now = self._clock.now() - dt.timedelta(hours=self.tamper == "stale")
            record = iris_image.IrisImage(
                _EYES[name],
                jpeg2000.encode(picture),
                "image/jp2",
                picture.shape[1],
                picture.shape[0],
                score,
                now,
            )
            iso = iris_image.encode(record)
            previous = hashlib.sha256(previous + hashlib.sha256(iso).digest()).digest()
            label = {"Left": "Right", "Right": "Left"}[name] if self.tamper == "label" else name
            transaction = "XXXX" if self.tamper == "transaction" else body["transactionId"]
            data = {
                "digitalId": jws.sign(
                    self._identity() | ({"serialNo": "0"} if self.tamper == "identity" else {}),
                    self._authority.device_key,
                    [self._authority.device],
                ),
                "deviceCode": "EMU-IRIS-1",
                "deviceServiceVersion": "0.9.5",
                "bioType": "Iris",
                "bioSubType": label,
                "purpose": body.get("purpose"),
                "env": body.get("env"),
                "bioValue": jws.encode64(iso),
                "transactionId": transaction,
                "timestamp": stamp(now),
                "requestedScore": "60",
                "qualityScore": str(score),
            }
            token = jws.sign(data, self._authority.device_key, [self._authority.device])
            if self.tamper == "signature":
                token = token[:-8] + ("A" * 8 if not token.endswith("A" * 8) else "B" * 8)
            digest = "00" * 32 if self.tamper == "hash" else previous.hex().upper()
            items.append(
                {
                    "specVersion": "0.9.5",
                    "data": token,
                    "hash": digest,
                    "error": {"errorCode": "0", "errorInfo": "Success"},
                }
            )
        return {"biometrics": items}

    def _identity(self) -> dict[str, Any]:
        return {
            "serialNo": self._serial,
            "make": "Rekam",
            "model": EMULATED_MODEL,
            "type": "Iris",
            "deviceSubType": "Double",
            "deviceProvider": "Rekam",
            "deviceProviderId": "REKAM",
            "dateTime": stamp(self._clock.now()),
        }


def _failure(code: str, info: str) -> object:
    return {
        "biometrics": [
            {
                "specVersion": "0.9.5",
                "data": "",
                "hash": "",
                "error": {"errorCode": code, "errorInfo": info},
            }
        ]
    }


def _bind(ports: range, emulator: SbiEmulator) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_MOSIPDISC(self) -> None:
            self._json(emulator.discovery(self._body()))

        def do_RCAPTURE(self) -> None:
            self._json(emulator.capture(self._body(), self._gone))

        def do_STREAM(self) -> None:
            body = self._body()
            self.protocol_version = "HTTP/1.0"
            self.send_response(200, "OK")
            self.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
            self.end_headers()
            self.close_connection = True
            emulator.frames(body, self._send)

        def _send(self, data: bytes) -> bool:
            try:
                self.wfile.write(data)
            except OSError:
                return False
            return True

        def _gone(self) -> bool:
            ready, _, _ = select.select([self.connection], [], [], 0)
            return bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)

        def _body(self) -> dict[str, Any]:
            length = min(int(self.headers.get("Content-Length") or 0), 1 << 20)
            try:
                value = json.loads(self.rfile.read(length) or b"{}")
            except ValueError:
                return {}
            return value if isinstance(value, dict) else {}

        def _json(self, answer: object) -> None:
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self._send(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - signature of the base
            """Say nothing: requests carry identities."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        allow_reuse_address = False

        def handle_error(self, request: object, client_address: object) -> None:
            """A reader that went away is normal."""

    for port in ports:
        try:
            return Server(("127.0.0.1", port), Handler)
        except OSError:  # taken by another service: SBI services take the first free port
            continue
    message = "no free port for a device service"
    raise OSError(message)
