"""The centre's door: HTTP routes over reception, uploads and ledger. No work is done on the event loop."""

import asyncio
import base64
import binascii
import json
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from drivers.emulation.centre.centre import Centre
from drivers.emulation.centre.faults import Fault, Faults
from drivers.emulation.centre.uploads import Drop, Uploads
from station.errors import KeyRefused, PacketRefused, StationError

_JSON = "application/json"
_MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class _Door:
    """The routes that are not tus."""

    centre: Centre
    faults: Faults

    async def announce(self, request: Request) -> Response:
        """POST /v1/announce: the signed routing index, before the bytes."""
        try:
            wire = json.loads(await request.body())
            routing = base64.b64decode(wire["routing"], validate=True)
            signature = base64.b64decode(wire["signature"], validate=True)
            row = await asyncio.to_thread(self.centre.read_routing, routing, signature)
        except (ValueError, KeyError, TypeError, binascii.Error):
            return Response("MALFORMED", 400)
        except (PacketRefused, KeyRefused) as error:
            return Response(_code(error), 403)
        if self.centre.reception.conflicts(row.packet_id, row.sha256):
            return Response("HASH_CONFLICT", 409)
        receipt = await asyncio.to_thread(self.centre.reception.announce, row)
        return self._with_receipt(receipt, 202)

    async def receipt(self, request: Request) -> Response:
        """GET /v1/receipts/{packet_id}."""
        held = self.centre.ledger.packet(request.path_params["packet_id"])
        if held is None:
            return Response("NO_RECEIPT", 404)
        return self._with_receipt(await asyncio.to_thread(self.centre.reception.receipt, held), 404)

    def _with_receipt(self, receipt: bytes, otherwise: int) -> Response:
        if not receipt:
            return Response(status_code=otherwise)
        if self.faults.take(Fault.LOST_RECEIPT):
            return Drop()
        return Response(receipt, media_type=_JSON)

    async def status(self, request: Request) -> Response:
        """GET /v1/status?station=&after=&limit=: the signed feed."""
        query = request.query_params
        after, limit = query.get("after", "0"), query.get("limit", str(_MOST_EVENTS))
        if not (after.isdecimal() and limit.isdecimal() and query.get("station")):
            return Response("BAD_QUERY", 400)
        count = max(1, min(int(limit), _MOST_EVENTS))
        page = await asyncio.to_thread(self.centre.feed_page, query["station"], int(after), count)
        return Response(page, media_type=_JSON)

    async def activate(self, request: Request) -> Response:
        """POST /v1/activations: a signed activation report."""
        body = await request.body()
        try:
            await asyncio.to_thread(self.centre.accept_activation, body)
        except StationError as error:
            return Response(_code(error), 422)
        return Response(status_code=204)

    async def blanks(self, request: Request) -> Response:
        """GET /v1/blanks?station=: the signed list of card blanks issued to the desk."""
        station = request.query_params.get("station", "")
        return Response(await asyncio.to_thread(self.centre.blanks_list, station), media_type=_JSON)

    async def card(self, request: Request) -> Response:
        """GET /v1/cards/{record_id}: card contents sealed to the desk."""
        sealed = self.centre.ledger.card(request.path_params["record_id"])
        if not sealed:
            return Response("NO_CARD", 404)
        return Response(sealed, media_type="application/cms")

    async def show_faults(self, _request: Request) -> Response:
        """GET /admin/faults."""
        return JSONResponse(dict(self.faults.armed()))

    async def set_fault(self, request: Request) -> Response:
        """POST /admin/faults/{name}?amount=: put a fault in force."""
        name, amount = request.path_params["name"], request.query_params.get("amount", "")
        if name not in set(Fault) or (amount and not amount.isdecimal()):
            return Response("UNKNOWN_FAULT", 404)
        self.faults.arm(Fault(name), int(amount) if amount else None)
        return Response(status_code=204)

    async def health(self, _request: Request) -> Response:
        """GET /v1/health."""
        return JSONResponse(self.centre.counts())


def _code(error: StationError) -> str:
    return str(error.facts.get("reason", error.code))


class _Busy:
    """Answers 503 while the fault asks for it; the admin door stays open."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        admin = scope.get("path", "").startswith("/admin/")
        if scope["type"] == "http" and not admin and self._faults.take(Fault.REFUSE):
            await Response("BUSY", 503)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def create_app(centre: Centre) -> ASGIApp:
    """Return the ASGI application of a centre that is already at work."""
    door = _Door(centre, centre.faults)
    tus = Uploads(
        centre.folder / "uploads",
        centre.faults,
        centre.reception.conflicts,
        centre.reception.finish,
    )
    routes = [
        Route("/files", tus.create, methods=["POST"]),
        Route("/files/{name}", tus.head, methods=["HEAD"], name="upload"),
        Route("/files/{name}", tus.patch, methods=["PATCH"]),
        Route("/v1/announce", door.announce, methods=["POST"]),
        Route("/v1/receipts/{packet_id}", door.receipt),
        Route("/v1/status", door.status),
        Route("/v1/activations", door.activate, methods=["POST"]),
        Route("/v1/blanks", door.blanks),
        Route("/v1/cards/{record_id}", door.card),
        Route("/v1/health", door.health),
        Route("/admin/faults", door.show_faults),
        Route("/admin/faults/{name}", door.set_fault, methods=["POST"]),
    ]
    return _Busy(Starlette(routes=routes), centre.faults)
