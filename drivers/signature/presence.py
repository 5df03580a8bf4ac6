"""The pen comes and goes: what a pad tells of it, and the states of a capture that follow from it."""

from drivers.owned import Session
from station.clock import Clock
from station.devices import DeviceState, SubjectPresent


class PenPresence:
    """Watches the pen during one capture; a pad has no transfer, its points arrive as they are made."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock
        self._near = False
        self._acquiring = False
        self._seen_at = clock.monotonic()
        self._silent = 0
        session.move(DeviceState.WAIT_SUBJECT)

    def see(self, *, near: bool) -> None:
        """Take what one report says of the pen."""
        if near:
            self._seen_at = self._clock.monotonic()
        if near is self._near:
            return
        self._near = near
        self._session(SubjectPresent(present=near))
        if near and not self._acquiring:
            self._acquiring = True
            self._session.move(DeviceState.ACQUIRING)

    @property
    def near(self) -> bool:
        """Whether the last report said that the pen is there."""
        return self._near

    def listened(self, *, heard: bool) -> None:
        """Note one read: what has arrived and waits for a slow reader is no absence of the pen."""
        self._silent = 0 if heard else self._silent + 1

    @property
    def silent(self) -> bool:
        """Whether the pad says nothing, or nothing of a pen that is near."""
        return self._silent > 1 or not self._near

    def away_s(self) -> float:
        """Return the seconds since the pen was last near."""
        return self._clock.monotonic() - self._seen_at
