"""The invented person before the devices: which body, how dressed, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from drivers.emulation.scenes.face import Backdrop, FaceIdentity

Sex = Literal["female", "male"]
_SEXES: Final[Mapping[str, Sex]] = {"F": "female", "M": "male", "female": "female", "male": "male"}
_BACKDROPS: Final[Mapping[str, Backdrop]] = {name: name for name in get_args(Backdrop)}


@dataclass(frozen=True, slots=True)
class Body:
    """What the stage must know to play a person; ``body`` seeds face, fingers, eyes and hand."""

    body: int
    name: str
    sex: Sex = "female"
    hijab: bool = False
    glasses: bool = False
    backdrop: Backdrop = "red"
    missing: frozenset[str] = field(default_factory=frozenset)  # FingerPosition names
    blind: frozenset[str] = field(default_factory=frozenset)  # Eye names
    cannot_sign: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Body":
        """Return the body described by a command; KeyError or ValueError when it is not one."""
        return cls(
            body=int(data["body"]),
            name=str(data["name"]),
            sex=_SEXES[str(data.get("sex", "F"))],
            hijab=bool(data.get("hijab", False)),
            glasses=bool(data.get("glasses", False)),
            backdrop=_BACKDROPS[str(data.get("backdrop", "red"))],
            missing=frozenset(data.get("missing", ())),
            blind=frozenset(data.get("blind", ())),
            cannot_sign=bool(data.get("cannot_sign", False)),
        )

    @property
    def face(self) -> FaceIdentity:
        """Who the photo camera sees."""
        return FaceIdentity(body=self.body, hijab=self.hijab, glasses=self.glasses, sex=self.sex)
