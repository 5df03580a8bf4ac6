"""From a confirmed enrolment to a sealed packet: keys, areas and limits brought together for the store."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from station.audit.chain import Action
from station.audit.log import AuditLog
from station.biometrics.finger.prepared import Prepared
from station.capture.session import EnrolmentSession
from station.clock import Clock
from station.devices import FingerPosition
from station.errors import StoreError
from station.keys.port import KeyStore
from station.keys.roles import Role
from station.minutiae import Template
from station.packet.context import Limits, SealContext
from station.packet.lint import Finding, approvers, lint
from station.person.bundle import MasterData
from station.person.person import from_json
from station.settings import Settings
from station.store.duplicates import Duplicate, duplicates
from station.store.sealing import SealedRecord, seal_and_store
from station.store.store import Store

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sealer:
    """Lints and seals the enrolments of this desk; all calls block."""

    store: Store
    keys: KeyStore
    settings: Settings
    master: MasterData
    audit: AuditLog
    clock: Clock
    limits: Limits = field(default_factory=Limits)
    software: str = "rekam"

    def findings(self, session: EnrolmentSession, operator: str) -> tuple[Finding, ...]:
        """Return what the centre would refuse."""
        return lint(session.state, session.plan, self._context(session, operator))

    def duplicates(self, session: EnrolmentSession) -> tuple[Duplicate, ...]:
        """Return the records of other people at this desk that have this applicant's fingers."""
        nik = from_json(session.state.started.person_json.encode()).nik
        return duplicates(self.store, nik, _prints(session))

    def seal(self, session: EnrolmentSession, operator: str) -> SealedRecord:
        """Seal, store, queue and shred; "saved" may be shown when this returns."""
        context = self._context(session, operator)
        draft = self.store.drafts.get(session.draft.id)
        sealed = seal_and_store(self.store, draft, session.plan, context, _prints(session))
        nik = from_json(session.state.started.person_json.encode()).nik
        try:
            self.audit.append(
                Action.SEALED, operator, nik=nik, packet_id=sealed.packet.id, seq=sealed.packet.seq
            )
        except StoreError as error:
            # Sealed, queued and shredded: a full disk must not make it look as if it were not.
            _LOG.error("sealing not noted in the audit log: %s", error.code)
        return sealed

    def _context(self, session: EnrolmentSession, operator: str) -> SealContext:
        started = session.state.started
        person = from_json(started.person_json.encode())
        second = sorted(approvers(session.state))
        checkpoint = self.audit.checkpoint(self.settings.station_id)
        earlier = self.store.records.of_nik(person.nik)
        return SealContext(
            record_id=earlier[-1].record_id if earlier else session.state.id,
            station_id=self.settings.station_id,
            station_area=self.settings.area,
            domicile_area=person.address.district_code,
            machine=self.keys.signer(Role.MACHINE),
            operator=self.keys.signer(Role.OPERATOR, operator),
            recipients=self.keys.recipients(),
            clock=self.clock,
            supervisor=self.keys.signer(Role.SUPERVISOR, second[0]) if second else None,
            audit_root=checkpoint.root.hex(),
            audit_seq=checkpoint.size,
            software=self.software,
            limits=self.limits,
            knows_area=lambda area: bool(self.master.regions.get(area)),
        )


def _prints(session: EnrolmentSession) -> Mapping[FingerPosition, Template | Prepared]:
    """Return the fingers the search can read; a site's own matcher may have templates it cannot."""
    return {
        position: template
        for position, template in session.finger_templates().items()
        if isinstance(template, Template | Prepared)
    }
