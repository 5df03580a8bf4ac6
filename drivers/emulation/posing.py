"""How an emulated module is told to behave, and what it is told to claim of itself."""

from collections.abc import Collection


class Posing:
    """A module with a status and claims out of its family's own tables; the first status is the ordinary one."""

    def __init__(self, statuses: Collection[str], claims: Collection[str]) -> None:
        self._statuses = statuses
        self._claims = claims
        self._status = next(iter(statuses))

    def check_status(self, name: str) -> None:
        """Raise ValueError for a status it cannot have."""
        if name.lower() not in self._statuses:
            raise ValueError(f"status {name}: one of {', '.join(self._statuses)}")

    def set_status(self, name: str) -> None:
        """Behave from now on as a module in this status."""
        self.check_status(name)
        self._status = name.lower()

    def check_claim(self, grade: str) -> None:
        """Raise ValueError for a claim it cannot make."""
        if grade.lower() not in self._claims:
            raise ValueError(f"grade {grade}: one of {', '.join(self._claims)}")
