"""The tree of typed errors: a stable code and facts, never a sentence for the screen.

The interface maps ``code`` to words and a next step (``ui.messages``); log, screen and tests share the
code. Facts are small and never personal: no NIK, no name, no biometric data.
"""

from collections.abc import Mapping

Fact = str | int | float


class StationError(Exception):
    """Something a person can meet at the desk; ``code`` is stable, ``facts`` fill the message."""

    code = "STATION"

    def __init__(self, **facts: Fact) -> None:
        self.facts: Mapping[str, Fact] = facts
        super().__init__(f"{self.code} {dict(facts)}" if facts else self.code)


class OperatorCancelled(Exception):
    """The operator or the application stopped the action; silent, not an error."""


class DeviceError(StationError):
    """A device did not do its part; ``retryable`` says whether the same call may work again."""

    code = "DEVICE"
    retryable = False


class DeviceNotFound(DeviceError):
    """No such device at the configured place."""

    code = "DEVICE_NOT_FOUND"
    retryable = True


class DeviceBusy(DeviceError):
    """Another program or another call holds the device."""

    code = "DEVICE_BUSY"
    retryable = True


class DeviceRemoved(DeviceError):
    """The device went away while it was used."""

    code = "DEVICE_REMOVED"
    retryable = True


class DeviceTimeout(DeviceError):
    """The deadline passed before the device answered."""

    code = "DEVICE_TIMEOUT"
    retryable = True


class ProtocolError(DeviceError):
    """The device sent bytes that are not of its protocol."""

    code = "DEVICE_PROTOCOL"
    retryable = True


class ChecksumError(ProtocolError):
    """A frame arrived damaged, also after the one repeat the protocol allows."""

    code = "DEVICE_CHECKSUM"


class DeviceRejected(DeviceError):
    """The device understood and refused."""

    code = "DEVICE_REJECTED"


class AuthFailed(DeviceRejected):
    """The device refused our password or we refused its signature."""

    code = "DEVICE_AUTH"


class NotSupported(DeviceError):
    """The device cannot do what was asked."""

    code = "DEVICE_NOT_SUPPORTED"


class HardwareFault(DeviceError):
    """The device reports, or shows, that it is broken."""

    code = "DEVICE_FAULT"


class LampStuck(HardwareFault):
    """A lamp did not confirm that it is out: it must be unplugged now."""

    code = "LAMP_STUCK"


class NoSubject(DeviceError):
    """Nobody put a finger, eye or pen there before the deadline: guidance, not a fault."""

    code = "NO_SUBJECT"
    retryable = True


class GradeRefused(DeviceError):
    """The device's grade does not allow enrolment (verification-only sensor, or emulated in production)."""

    code = "DEVICE_GRADE"


class OtherDevice(DeviceError):
    """Another serial number than before stands there: the operator must say yes first."""

    code = "DEVICE_OTHER"


class CaptureRefused(StationError):
    """The capture flow refuses an action in its present state."""

    code = "CAPTURE_REFUSED"


class TransitionRefused(StationError):
    """A status change outside the table, or one this station may not cause."""

    code = "TRANSITION_REFUSED"


class MasterDataRefused(StationError):
    """A master-data bundle or region table is damaged, unsigned or older than the running one."""

    code = "MASTER_DATA"


class FormatError(StationError):
    """Bytes are not a valid record of their format; ``offset`` says where."""

    code = "FORMAT"


class StoreError(StationError):
    """The local store could not keep or give back what was asked."""

    code = "STORE"


class DiskFull(StoreError):
    """Not enough free space; nothing was half-written."""

    code = "DISK_FULL"


class DiskReadOnly(StoreError):
    """The disk refuses writing; what is stored stays readable."""

    code = "DISK_READ_ONLY"


class StoreCorrupt(StoreError):
    """Stored bytes fail their check; they are set aside, never silently dropped."""

    code = "STORE_CORRUPT"


class WrongStoreKey(StoreError):
    """The store does not open with this key."""

    code = "STORE_KEY"


class KeyRefused(StationError):
    """A key or certificate is missing, expired, of the wrong role, or a development key in production."""

    code = "KEY_REFUSED"


class PacketRefused(StationError):
    """A packet cannot be sealed, or does not verify; ``reason`` names the rule."""

    code = "PACKET"


class LineError(StationError):
    """The line to the centre is down or too slow; the queue keeps everything."""

    code = "LINE_DOWN"


class CentreRefused(StationError):
    """The centre answered and refused; ``reason`` is its code."""

    code = "CENTRE_REFUSED"


class ReceiptRefused(StationError):
    """A receipt or feed does not verify against the centre's certificate."""

    code = "RECEIPT_REFUSED"


class SignInRefused(StationError):
    """Unknown operator, wrong PIN, or locked; ``tries_left`` or ``wait_s`` says more."""

    code = "SIGN_IN"


class ApprovalRefused(StationError):
    """A second person's approval is missing, is the same person, or lacks the role."""

    code = "APPROVAL"


class CardError(StationError):
    """The card or its reader did not do its part."""

    code = "CARD"


class CardOutcomeUnknown(CardError):
    """A command was cut: it may or may not have reached the chip."""

    code = "CARD_OUTCOME_UNKNOWN"


class NoReader(CardError):
    """No card reader, or its service does not run."""

    code = "CARD_NO_READER"


class NoCard(CardError):
    """No card on the reader before the deadline."""

    code = "CARD_ABSENT"


class UnknownCard(CardError):
    """The chip is of another kind, or its serial is not in the card register. Nothing was written."""

    code = "CARD_UNKNOWN"


class CardSwapped(CardError):
    """Another card lies on the reader than the one the work began with."""

    code = "CARD_SWAPPED"


class CardStateRefused(CardError):
    """The chip is not in the state this step needs."""

    code = "CARD_STATE"


class CardDamaged(CardError):
    """Read-back differs from what was written, or both control copies are broken."""

    code = "CARD_DAMAGED"


class CardVerificationFailed(CardError):
    """Signature, hash or lifecycle of the chip does not verify; ``reason`` names which."""

    code = "CARD_VERIFY"


class HolderRefused(CardError):
    """The finger does not match the chip; ``tries_left`` says how many tries remain."""

    code = "CARD_HOLDER"
