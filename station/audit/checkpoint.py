"""Checkpoints of the audit log: its length and Merkle root, kept by others, so a cut-off end shows."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from station.audit.chain import AuditRow, ChainBreak, verify


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log when it had ``size`` rows. Manifests carry it and every sync posts it, signed."""

    origin: str  # which station
    size: int
    root: bytes  # 32 bytes, RFC 6962 over the row hashes

    def text(self) -> bytes:
        """Return the lines to sign: origin, size, root in hex, each with a newline."""
        return f"{self.origin}\n{self.size}\n{self.root.hex()}\n".encode()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Return the RFC 6962 tree head: leaf hash 0x00, node hash 0x01, empty tree SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256().digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    # A lone node at the end of a level rises unchanged: the same tree as RFC 6962's split at the
    # largest power of two.
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def checkpoint_of(rows: Sequence[AuditRow], origin: str) -> Checkpoint:
    """Return the checkpoint of a log as it stands."""
    return Checkpoint(origin, len(rows), merkle_root([row.hash for row in rows]))


def verify_against(rows: Sequence[AuditRow], checkpoint: Checkpoint) -> ChainBreak | None:
    """Check the chain and that the log still contains what the checkpoint saw.

    A log shorter than the checkpoint is TRUNCATED at its first missing row; a rewritten one whose
    chain is whole has another ROOT.
    """
    broken = verify(rows)
    if broken:
        return broken
    if len(rows) < checkpoint.size:
        return ChainBreak(len(rows) + 1, "TRUNCATED")
    if merkle_root([row.hash for row in rows[: checkpoint.size]]) != checkpoint.root:
        return ChainBreak(checkpoint.size, "ROOT")
    return None
