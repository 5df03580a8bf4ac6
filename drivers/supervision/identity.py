"""Who a device is, and whether it is the one we knew."""

from dataclasses import dataclass, replace

from station.devices import DeviceInfo


@dataclass(frozen=True, slots=True)
class Identity:
    """One device over the years. ``serial`` '' = it has not told one, or cannot."""

    driver: str
    make: str
    model: str
    serial: str

    @classmethod
    def of(cls, info: DeviceInfo, configured: str = "") -> "Identity":
        """Return who a device says it is; the configured serial stands in where it says none."""
        return cls(info.driver, info.make, info.model, info.serial or configured)

    @property
    def key(self) -> str:
        """The name of its record."""
        return "|".join((self.driver, self.make, self.model, self.serial))

    @classmethod
    def from_key(cls, key: str) -> "Identity":
        """Read a key back; ValueError."""
        return cls(*_four(key.split("|")))

    def may_be(self, other: "Identity") -> bool:
        """Whether both can be one device: same model, and no two different serial numbers."""
        ours, theirs = replace(self, serial=""), replace(other, serial="")
        if not self.serial or not other.serial:
            return ours == theirs
        return self == other

    def fuller(self, other: "Identity") -> "Identity":
        """Return the one of two that knows the serial number, the other one first."""
        return other if other.serial or not self.serial else self


def _four(parts: list[str]) -> tuple[str, str, str, str]:
    if len(parts) != 4:
        raise ValueError(len(parts))
    return parts[0], parts[1], parts[2], parts[3]
