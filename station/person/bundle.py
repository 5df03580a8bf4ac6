"""The master-data bundle: region table and code tables, versioned, valid from a day, signed by the centre.

A signed bundle is a JSON object ``{"format", "algorithm", "payload", "signature"}``: payload and
signature in base64, the signature over a fixed label, a zero byte and the payload bytes. ES256
signatures are DER, over SHA-256. The payload is the JSON of ``payload_of``.
"""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from station.errors import MasterDataRefused
from station.person.codes import CodeTables, code_tables
from station.person.importer import read_rows
from station.person.regions import CODE, Level, Region, RegionTable, parent_of

FORMAT: Final = "rekam-master-data-1"
_LABEL: Final = FORMAT.encode() + b"\0"
_DEMO: Final = Path(__file__).parent / "data"

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey
PrivateKey = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class MasterData:
    """One bundle in use. Versions only grow."""

    version: int
    valid_from: dt.date
    decree: str
    regions: RegionTable
    codes: CodeTables


def load_demo_bundle() -> MasterData:
    """Return the bundle that comes with the program: 82 regions and a few invented retired ones."""
    about = json.loads((_DEMO / "demo_bundle.json").read_text("utf-8"))
    rows = read_rows((_DEMO / "demo_regions.csv").read_bytes())
    # Not a table of its own: the parents of its rows stand among the current ones.
    retired = (_DEMO / "demo_retired.csv").read_text("utf-8").splitlines()[1:]
    rows |= {code: Region(code, name, retired=True) for code, _, name in _split(retired)}
    codes = json.loads((_DEMO / "demo_codes.json").read_text("utf-8"))
    about["regions"] = [[row.code, row.name, row.retired] for row in rows.values()]
    return _master_data(about | {"codes": codes})


def payload_of(data: MasterData) -> bytes:
    """Return the canonical JSON of a bundle, as it is signed."""
    tables = {
        name: [
            {"valid_from": since.isoformat(), "codes": {str(c): w for c, w in words.items()}}
            for since, words in table.editions
        ]
        for name, table in data.codes.tables.items()
    }
    payload = {
        "version": data.version,
        "valid_from": data.valid_from.isoformat(),
        "decree": data.decree,
        "coverage": {prefix: int(level) for prefix, level in data.regions.coverage.items()},
        "regions": [[row.code, row.name, row.retired] for row in data.regions],
        "codes": tables,
    }
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sign_bundle(payload: bytes, key: PrivateKey) -> bytes:
    """Wrap and sign a payload: the data centre's half, used by its simulator."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        algorithm, signature = "Ed25519", key.sign(_LABEL + payload)
    else:
        algorithm, signature = "ES256", key.sign(_LABEL + payload, ec.ECDSA(hashes.SHA256()))
    wrapped = {
        "format": FORMAT,
        "algorithm": algorithm,
        "payload": base64.b64encode(payload).decode(),
        "signature": base64.b64encode(signature).decode(),
    }
    return json.dumps(wrapped).encode()


def open_bundle(signed: bytes, key: PublicKey, running: MasterData, today: dt.date) -> MasterData:
    """Verify a signed bundle and return it; whatever is refused, ``running`` stays in use.

    Raises:
        MasterDataRefused: with reason FORMAT, SIGNATURE, CONTENT, OLDER, NOT_YET_VALID, or one of
            the code tables' and regions' own.
    """
    payload = _verified(signed, key)
    try:
        offered = _master_data(json.loads(payload))
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise MasterDataRefused(reason="CONTENT") from cause
    if offered.version <= running.version:
        raise MasterDataRefused(reason="OLDER", offered=offered.version, running=running.version)
    if offered.valid_from > today:
        raise MasterDataRefused(reason="NOT_YET_VALID", valid_from=offered.valid_from.isoformat())
    return offered


def _verified(signed: bytes, key: PublicKey) -> bytes:
    try:
        wrapped = json.loads(signed)
        algorithm, label = wrapped["algorithm"], wrapped["format"]
        payload = base64.b64decode(wrapped["payload"], validate=True)
        signature = base64.b64decode(wrapped["signature"], validate=True)
    except (ValueError, KeyError, TypeError, binascii.Error) as cause:
        raise MasterDataRefused(reason="FORMAT") from cause
    # The key decides the algorithm; the file may only agree.
    edwards = isinstance(key, ed25519.Ed25519PublicKey)
    if label != FORMAT or algorithm != ("Ed25519" if edwards else "ES256"):
        raise MasterDataRefused(reason="FORMAT")
    try:
        if isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, _LABEL + payload)
        else:
            key.verify(signature, _LABEL + payload, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as cause:
        raise MasterDataRefused(reason="SIGNATURE") from cause
    return payload


def _master_data(raw: Mapping[str, Any]) -> MasterData:
    version, valid_from = int(raw["version"]), dt.date.fromisoformat(raw["valid_from"])
    rows: dict[str, Region] = {}
    for code, name, retired in raw["regions"]:
        if not CODE.fullmatch(code) or code in rows:
            raise MasterDataRefused(reason="REGIONS", region=str(code))
        rows[code] = Region(code, str(name), retired=bool(retired))
    for code in rows:
        if (parent := parent_of(code)) and parent not in rows:
            raise MasterDataRefused(reason="NO_PARENT", region=code)
    coverage = {str(prefix): Level(level) for prefix, level in raw["coverage"].items()}
    decree = str(raw["decree"])
    table = RegionTable(str(version), decree, valid_from, coverage, rows)
    return MasterData(version, valid_from, decree, table, code_tables(raw["codes"]))


def _split(lines: list[str]) -> list[tuple[str, str, str]]:
    return [line.partition(",") for line in lines]
