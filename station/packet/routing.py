"""The routing index: what a carrier needs to know of a packet, in clear, signed by the machine, nothing personal."""

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Annotated, ClassVar, Final, Literal

from cryptography.x509 import Certificate
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from station.errors import PacketRefused
from station.keys.port import Signer
from station.keys.roles import Role, has_role, holder, refuse_untrusted
from station.packet import canonical, signed
from station.packet.manifest import KeyId, PacketId, Sha256, Short

SCHEMA: Final = "rekam-routing-1"
AREA: Final = r"^\d{2}\.\d{2}(\.\d{2}(\.\d{4})?)?$"

Area = Annotated[str, Field(pattern=AREA)]


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a packet comes from, where it belongs, and how to know its bytes."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    schema: Literal["rekam-routing-1"]
    packet_id: PacketId
    seq: Annotated[int, Field(ge=1)]
    size: Annotated[int, Field(ge=1)]
    sha256: Sha256  # of the sealed bytes
    recipients: tuple[KeyId, ...]
    station_id: Short
    station_area: Area
    domicile_area: Area
    attempt: Annotated[int, Field(ge=1)]


_ADAPTER: Final = TypeAdapter(Routing)


@dataclass(frozen=True, slots=True)
class SignedRouting:
    """The index as bytes with the machine's detached signature."""

    data: bytes
    signature: bytes


def sign_routing(routing: Routing, machine: Signer, at: dt.datetime) -> SignedRouting:
    """Return the index as canonical JSON with the machine's signature."""
    data = canonical.write(asdict(routing))
    return SignedRouting(data, signed.sign(data, [machine], at))


def read_routing(data: bytes) -> Routing:
    """Return the index without looking at its signature; PacketRefused when malformed."""
    canonical.read(data, "routing")
    try:
        return _ADAPTER.validate_json(data)
    except ValidationError as cause:
        field = ".".join(str(part) for part in cause.errors(include_input=False)[0]["loc"][:1])
        raise PacketRefused(reason="ROUTING", field=field) from None


def verify_routing(
    data: bytes, signature: bytes, authority: Certificate, at: dt.datetime
) -> Routing:
    """Return the index once the station's own machine key signed it; PacketRefused, KeyRefused."""
    found = signed.signers(data, signature)
    if len(found) != 1 or not has_role(found[0], Role.MACHINE):
        raise PacketRefused(reason="ROUTING_SIGNER")
    refuse_untrusted(found[0], authority, at)
    routing = read_routing(data)
    if holder(found[0]) != routing.station_id:
        raise PacketRefused(reason="ROUTING_STATION")
    return routing


def reissue(
    data: bytes,
    machine: Signer,
    at: dt.datetime,
    *,
    station_area: str = "",
    domicile_area: str = "",
) -> SignedRouting:
    """Return a new index for the same bytes: attempt + 1, area codes corrected where given.

    This is how a wrong area code is cured without opening the packet.
    """
    routing = read_routing(data)
    changed = replace(
        routing,
        attempt=routing.attempt + 1,
        station_area=station_area or routing.station_area,
        domicile_area=domicile_area or routing.domicile_area,
    )
    issued = sign_routing(changed, machine, at)
    read_routing(issued.data)  # a corrected code must have the form of one
    return issued
