"""What a camera gives: one shot after the other, decoded only when somebody looks at it."""

from dataclasses import dataclass, field
from typing import Protocol

from station.devices import Pixels


class Shot(Protocol):
    """One picture that has arrived whole."""

    def pixels(self, *, grey: bool = False, half: bool = False) -> Pixels | None:
        """Return it as read-only (h, w, 3) BGR; None when it turns out to be no picture.

        ``grey`` keeps a one-channel picture one-channel; ``half`` may give half of width and height, where
        that is cheaper than the whole.
        """
        ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What the wire says of the camera behind it."""

    make: str = ""
    model: str = ""
    serial: str = ""  # '' when the camera does not tell
    firmware: str = ""
    width: int = 0
    height: int = 0
    emulated: bool = False


class Source(Protocol):
    """An open camera, stream or file; used by one thread at a time, save ``abort``."""

    @property
    def seen(self) -> Seen:
        """Who it is and how large its pictures are."""
        ...

    def read(self) -> Shot | None:
        """Return the next picture when it is due; None for one that came damaged.

        Raises DeviceRemoved when there will be no more, DeviceTimeout, ProtocolError.
        """
        ...

    def abort(self) -> None:
        """End a blocked read as soon as this source can, from any thread; never raises."""
        ...

    def close(self) -> None:
        """Release it; never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """A shot whose pixels are there already."""

    picture: Pixels = field(repr=False)

    def pixels(self, *, grey: bool = False, half: bool = False) -> Pixels | None:
        """Return the picture as it is; a caller shrinks it as cheaply as this could."""
        del grey, half
        self.picture.flags.writeable = False
        return self.picture
