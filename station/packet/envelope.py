"""CMS AuthEnvelopedData with AES-256-GCM (RFC 5083, 5084) to RSA and EC recipients; stock openssl opens it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from asn1crypto import algos, cms, core
from asn1crypto import keys as asn1_keys
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from station.errors import KeyRefused, PacketRefused
from station.keys.port import Opener
from station.packet.signed import MALFORMED, issuer_and_serial

MOST_BYTES: Final = 17_000_000
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
_AES256_GCM: Final = "2.16.840.1.101.3.4.1.46"
_AES256_WRAP: Final = "2.16.840.1.101.3.4.1.45"
_ECDH_X963_SHA256: Final = "1.3.132.1.11.1"  # dhSinglePass-stdDH-sha256kdf-scheme
_OAEP: Final = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


class _GcmParameters(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """RFC 5084. The tag length is always written: its default is 12."""

    _fields = [("nonce", core.OctetString), ("icv_len", core.Integer)]  # noqa: RUF012 - asn1crypto's way


class _SharedInfo(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """ECC-CMS-SharedInfo of RFC 5753, without entityUInfo."""

    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("key_info", cms.KeyEncryptionAlgorithm),
        ("supp_pub_info", core.OctetString, {"explicit": 2}),
    ]


@dataclass(frozen=True, slots=True)
class ContentKey:
    """The key of one envelope, held only until the written file was read back."""

    raw: bytes = field(repr=False)


def seal(data: bytes, recipients: Sequence[x509.Certificate]) -> tuple[bytes, ContentKey]:
    """Encrypt to every recipient; return the DER and the content key. PacketRefused without recipients."""
    if not recipients:
        raise PacketRefused(reason="NO_RECIPIENT")
    key, nonce = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_NONCE_BYTES)
    locked = AESGCM(key).encrypt(nonce, data, None)
    envelope = cms.AuthEnvelopedData(
        {
            "version": "v0",
            "recipient_infos": [_recipient_info(item, key) for item in recipients],
            "auth_encrypted_content_info": {
                "content_type": "data",  # with another type or authAttrs openssl 3.0 fails to parse
                "content_encryption_algorithm": {
                    "algorithm": _AES256_GCM,
                    "parameters": _GcmParameters({"nonce": nonce, "icv_len": _TAG_BYTES}),
                },
                "encrypted_content": locked[:-_TAG_BYTES],
            },
            "mac": locked[-_TAG_BYTES:],
        }
    )
    content = cms.ContentInfo({"content_type": "authenticated_enveloped_data", "content": envelope})
    return bytes(content.dump()), ContentKey(key)


def open_with(data: bytes, opener: Opener) -> bytes:
    """Return the content for one recipient's key.

    Recipient entries of kinds unknown here are passed over, so that later ones may be added. Raises
    PacketRefused (NOT_A_RECIPIENT, TAG, ENVELOPE_FORM, ...).
    """
    try:
        envelope = _load(data)
        key = _content_key(envelope, opener)
    except MALFORMED as cause:
        raise PacketRefused(reason="ENVELOPE_FORM") from cause
    return _unlocked(envelope, key)


def open_again(data: bytes, key: ContentKey) -> bytes:
    """Return the content with the key that sealed it: the check of a written file."""
    return _unlocked(_load(data), key.raw)


def recipient_count(data: bytes) -> int:
    """Return how many recipients an envelope names."""
    try:
        return len(_load(data)["recipient_infos"])
    except MALFORMED as cause:
        raise PacketRefused(reason="ENVELOPE_FORM") from cause


def _recipient_info(certificate: x509.Certificate, content_key: bytes) -> Any:  # noqa: ANN401 - asn1crypto has no types
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return cms.RecipientInfo("ktri", _for_rsa(certificate, key, content_key))
    if isinstance(key, ec.EllipticCurvePublicKey):
        return cms.RecipientInfo("kari", _for_ec(certificate, key, content_key))
    raise PacketRefused(reason="RECIPIENT_KIND")


def _for_rsa(certificate: x509.Certificate, key: rsa.RSAPublicKey, content_key: bytes) -> Any:  # noqa: ANN401 - asn1crypto has no types
    parameters = algos.RSAESOAEPParams(
        {
            "hash_algorithm": {"algorithm": "sha256"},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        }
    )
    return cms.KeyTransRecipientInfo(
        {
            "version": "v0",
            "rid": {"issuer_and_serial_number": issuer_and_serial(certificate)},
            "key_encryption_algorithm": {"algorithm": "rsaes_oaep", "parameters": parameters},
            "encrypted_key": key.encrypt(content_key, _OAEP),
        }
    )


def _for_ec(
    certificate: x509.Certificate, key: ec.EllipticCurvePublicKey, content_key: bytes
) -> Any:  # noqa: ANN401 - asn1crypto has no types
    once = ec.generate_private_key(key.curve)
    public = once.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    wrapped = aes_key_wrap(_derived(once.exchange(ec.ECDH(), key)), content_key)
    return cms.KeyAgreeRecipientInfo(
        {
            "version": "v3",
            "originator": cms.OriginatorIdentifierOrKey(
                "originator_key", asn1_keys.PublicKeyInfo.load(public)
            ),
            "key_encryption_algorithm": {
                "algorithm": _ECDH_X963_SHA256,
                "parameters": cms.KeyEncryptionAlgorithm({"algorithm": _AES256_WRAP}),
            },
            "recipient_encrypted_keys": [
                {
                    "rid": {"issuer_and_serial_number": issuer_and_serial(certificate)},
                    "encrypted_key": wrapped,
                }
            ],
        }
    )


def _derived(secret: bytes) -> bytes:
    info = _SharedInfo(
        {
            "key_info": {"algorithm": _AES256_WRAP},
            "supp_pub_info": (_KEY_BYTES * 8).to_bytes(4, "big"),
        }
    )
    return X963KDF(hashes.SHA256(), _KEY_BYTES, info.dump()).derive(secret)


def _load(data: bytes) -> Any:  # noqa: ANN401 - asn1crypto has no types
    if len(data) > MOST_BYTES:
        raise PacketRefused(reason="ENVELOPE_SIZE")
    try:
        content = cms.ContentInfo.load(data, strict=True)
        if content["content_type"].native != "authenticated_enveloped_data":
            raise PacketRefused(reason="ENVELOPE_FORM")
        envelope = content["content"]
        algorithm = envelope["auth_encrypted_content_info"]["content_encryption_algorithm"]
        inner = envelope["auth_encrypted_content_info"]["content_type"].native
        if algorithm["algorithm"].dotted != _AES256_GCM or inner != "data":
            raise PacketRefused(reason="ENVELOPE_ALGORITHM")
        if not isinstance(envelope["auth_attrs"], core.Void):
            raise PacketRefused(reason="ENVELOPE_ATTRIBUTES")
    except MALFORMED as cause:
        raise PacketRefused(reason="ENVELOPE_FORM") from cause
    return envelope


def _content_key(envelope: Any, opener: Opener) -> bytes:  # noqa: ANN401 - asn1crypto has no types
    mine = issuer_and_serial(opener.certificate).dump()
    for info in envelope["recipient_infos"]:
        if info.name == "ktri" and info.chosen["rid"].chosen.dump() == mine:
            return _from_rsa(info.chosen, opener)
        if info.name == "kari":
            for entry in info.chosen["recipient_encrypted_keys"]:
                if entry["rid"].chosen.dump() == mine:
                    return _from_ec(info.chosen, entry["encrypted_key"].native, opener)
    raise PacketRefused(reason="NOT_A_RECIPIENT")


def _from_rsa(info: Any, opener: Opener) -> bytes:  # noqa: ANN401 - asn1crypto has no types
    if info["key_encryption_algorithm"]["algorithm"].native != "rsaes_oaep":
        raise PacketRefused(reason="RECIPIENT_ALGORITHM")
    try:
        return opener.decrypt(info["encrypted_key"].native)
    except KeyRefused as cause:
        raise PacketRefused(reason="CONTENT_KEY") from cause


def _from_ec(info: Any, wrapped: bytes, opener: Opener) -> bytes:  # noqa: ANN401 - asn1crypto has no types
    if info["key_encryption_algorithm"]["algorithm"].dotted != _ECDH_X963_SHA256:
        raise PacketRefused(reason="RECIPIENT_ALGORITHM")
    originator = info["originator"].chosen
    public = originator.untag().dump()
    peer = serialization.load_der_public_key(public)
    if not isinstance(peer, ec.EllipticCurvePublicKey):
        raise PacketRefused(reason="RECIPIENT_ALGORITHM")
    try:
        return aes_key_unwrap(_derived(opener.agree(peer)), wrapped)
    except (KeyRefused, InvalidUnwrap) as cause:
        raise PacketRefused(reason="CONTENT_KEY") from cause


def _unlocked(envelope: Any, key: bytes) -> bytes:  # noqa: ANN401 - asn1crypto has no types
    try:
        inner = envelope["auth_encrypted_content_info"]
        raw = inner["content_encryption_algorithm"]["parameters"]
        parameters = _GcmParameters.load(raw.dump(), strict=True)
        nonce, tag = parameters["nonce"].native, envelope["mac"].native
        if (len(nonce), len(tag), parameters["icv_len"].native) != (_NONCE_BYTES, _TAG_BYTES, _TAG_BYTES):  # fmt: skip
            raise PacketRefused(reason="ENVELOPE_ALGORITHM")
        return AESGCM(key).decrypt(nonce, inner["encrypted_content"].native + tag, None)
    except InvalidTag as cause:
        raise PacketRefused(reason="TAG") from cause
    except MALFORMED as cause:
        raise PacketRefused(reason="ENVELOPE_FORM") from cause
