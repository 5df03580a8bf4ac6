"""A client of device services that shares no line with the driver: http.client, json, hashlib and cryptography."""

import base64
import hashlib
import http.client
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def ask(port, verb, path, body=None, headers=None):
    """Return (HTTP status, decoded JSON)."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        data = None if body is None else json.dumps(body)
        line.request(verb, path, data, headers or {})
        reply = line.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        line.close()


def unbase(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(token, root):
    """Return (payload, signer's common name); raises InvalidSignature."""
    head, payload, signature = token.split(".")
    header = json.loads(unbase(head))
    assert header["alg"] == "RS256"
    leaf = x509.load_der_x509_certificate(base64.b64decode(header["x5c"][0]))
    leaf.verify_directly_issued_by(root)
    leaf.public_key().verify(
        unbase(signature), f"{head}.{payload}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    return json.loads(unbase(payload)), leaf.subject.rfc4514_string().removeprefix("CN=")


def request(device, **changes):
    """Return a capture request to a discovered device; ``bio_`` changes go into its entry."""
    named = {name: device[name] for name in ("deviceId", "serialNo") if name in device}
    bio = {
        "type": "Finger",
        "count": "4",
        "bioSubType": None,
        "exception": None,
        "requestedScore": "40",
        **named,
        "deviceSubId": "2",
        "previousHash": None,
    }
    body = {
        "env": "Developer",
        "purpose": "Registration",
        "specVersion": device["specVersion"][0],
        "timeout": "8000",
        "captureTime": "2026-01-01T08:00:00",
        "transactionId": "1234567890",
        "bio": [bio],
        "customOpts": None,
    }
    for name, value in changes.items():
        inside = name.startswith("bio_")
        (bio if inside else body)[name.removeprefix("bio_")] = value
    return body


def device_of(port, kind, verb="MOSIPDISC"):
    _, found = ask(port, verb, "/device", {"type": kind})
    assert len(found) == 1
    return found[0]


def link(previous, record):
    """Return the next link of the chain on raw bytes."""
    before = bytes.fromhex(previous) if previous else hashlib.sha256(b"").digest()
    return hashlib.sha256(before + hashlib.sha256(record).digest()).hexdigest().upper()


class Stream:
    """A preview stream, read by hand."""

    def __init__(self, port, body):
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._line.request("STREAM", "/stream", json.dumps(body))
        self.reply = self._line.getresponse()

    def frame(self):
        assert self.reply.readline() == b"--BoundaryString\r\n"
        assert self.reply.readline() == b"Content-Type:image/jpeg\r\n"
        name, _, length = self.reply.readline().partition(b":")
        assert name == b"Content-Length"
        assert self.reply.readline() == b"\r\n"
        data = self.reply.read(int(length))
        assert self.reply.read(4) == b"\r\n\r\n"
        return data

    def close(self):
        self.reply.close()
        self._line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
