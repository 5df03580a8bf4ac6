"""One person as the population record has him or her. The station shows it and never corrects it.

A wrong field stops the recording and goes to the SIAK desk first. The protected "data aib" of the
law is left out: nothing at this station needs it.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from station.errors import FormatError
from station.person.codes import Citizenship, MaritalStatus, Sex
from station.person.names import LONGEST, with_titles
from station.person.nik import Nik, is_nik_shaped

_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Address:
    """An address as on the card. ``village`` and ``district`` are names, ``district_code`` dotted."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    street: str
    rt: str  # three digits; "000" is legal
    rw: str
    village: str
    district: str
    regency: str
    province: str
    district_code: str

    @property
    def rt_rw(self) -> str:
        """RT and RW as the card prints them: ``003/001``."""
        return f"{self.rt}/{self.rw}"


@dataclass(frozen=True, slots=True)
class Parent:
    """Mother or father: the NIK is empty where none is known."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    name: str
    nik: str = ""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A civil certificate: its number, and its date where the law asks for one."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    number: str
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """The fields of article 58(2) of law 24/2013; numbers are codes of the master data's tables.

    Raises:
        ValueError: a field breaks its form. The message names the field, never its content.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    nik: Nik = field(repr=False)
    kk_number: str = field(repr=False)
    full_name: str = field(repr=False)
    sex: Sex
    birthplace: str = field(repr=False)
    birth_date: dt.date = field(repr=False)
    address: Address = field(repr=False)
    mother: Parent = field(repr=False)
    father: Parent = field(repr=False)
    religion: int
    marital_status: MaritalStatus
    family_relation: int
    blood_group: int = 13  # not known
    disability: int = 7  # none
    education: int = 1
    occupation: int = 1
    citizenship: Citizenship = Citizenship.WNI
    title_before: str = ""
    title_after: str = ""
    previous_address: Address | None = field(default=None, repr=False)
    birth_certificate: Certificate | None = field(default=None, repr=False)
    marriage_certificate: Certificate | None = field(default=None, repr=False)
    divorce_certificate: Certificate | None = field(default=None, repr=False)
    itap_until: dt.date | None = None  # foreigners: last day of the permanent stay permit

    def __post_init__(self) -> None:
        checks = {
            "nik": is_nik_shaped(self.nik),
            "kk_number": is_nik_shaped(self.kk_number),
            "full_name": len(self.full_name.strip()) > 0 and len(self.full_name) <= LONGEST,
            "religion": self.religion >= 1,
            "blood_group": self.blood_group >= 1,
        }
        for name, holds in checks.items():
            if not holds:
                raise ValueError(name)

    @property
    def printed_name(self) -> str:
        """The name with its titles, as the card prints it."""
        return with_titles(self.title_before, self.full_name, self.title_after)

    @property
    def ever_married(self) -> bool:
        """Whether the person is or was married."""
        return self.marital_status is not MaritalStatus.SINGLE


_PERSON = TypeAdapter(Person)


def to_json(person: Person) -> bytes:
    """Return the person as UTF-8 JSON; dates are ISO, codes are numbers."""
    return _PERSON.dump_json(person)


def from_json(data: bytes) -> Person:
    """Read what ``to_json`` wrote; an unknown field, a wrong type or form is a FormatError."""
    try:
        return _PERSON.validate_json(data)
    except ValidationError as cause:
        first = cause.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        # The library's error quotes the input: it must not travel on.
        raise FormatError(format="person", field=place, reason=first["type"]) from None
