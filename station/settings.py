"""What a site decides: read once from a TOML file, checked, then passed in; no module reads it twice."""

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from station.errors import StationError


class SettingsRefused(StationError):
    """The settings file is damaged or holds an impossible value; ``where`` names the line's key."""

    code = "SETTINGS"


class Profile(StrEnum):
    """Whether real packets may leave this desk."""

    REHEARSAL = "rehearsal"
    PRODUCTION = "production"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


DriverName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)*$")]
_SHORT_DRIVERS: Final = {"sfm": "finger.sfm", "zfm": "finger.zfm"}


class SerialNumbers(_Strict):
    """Serial numbers by place: of devices that cannot tell theirs, or that alone are wanted there."""

    camera: str = ""
    finger: str = ""
    iris: str = ""
    pad: str = ""
    card_reader: str = ""


class ServiceDialect(_Strict):
    """How one device behind a service differs from the usual: by what its maker says, never by trying."""

    serial: Annotated[str, Field(min_length=1)]
    numbers: Annotated[str, Field(pattern="^(strings|integers)$")] = "strings"
    hashes: Annotated[str, Field(pattern="^(raw|text)$")] = "raw"


class ServiceSettings(_Strict):
    """What the site asks of device services (MOSIP SBI)."""

    # Which environment their devices must be registered for; empty = the one they sign.
    env: Annotated[str, Field(pattern="^(Staging|Developer|Pre-Production|Production)?$")] = ""
    chain: bool = True  # each capture names the hash of the one before, whatever the device
    dialects: tuple[ServiceDialect, ...] = ()


class DeviceSettings(_Strict):
    """Where the devices are, and whose drivers may run. Empty = none configured."""

    camera: str = ""  # an index ("0"), a path or a stream URL
    camera_driver: DriverName = "camera.cv"
    finger: str = ""  # a pyserial URL; "auto" = wherever its driver finds it
    finger_protocol: DriverName = "sfm"  # sfm, zfm, or a driver's whole name
    finger_model: str = ""
    iris: str = ""  # what a driver other than "sbi" understands
    iris_driver: DriverName = "sbi"
    iris_port: int = 0  # 0 = search 4501..4600
    iris_roots: tuple[str, ...] = ()  # PEM files of provisioned trust roots
    # A pyserial URL, a hidraw path, "auto"; in the window "screen" (mouse, finger, pen) or "tablet" (pen only).
    pad: str = ""
    pad_driver: DriverName = "signature.topaz"

    services: ServiceSettings = ServiceSettings()
    pad_model: str = "SigLite 1x5"
    card_reader: str = ""  # name pattern of the applicant's reader; empty = the first
    card_reader_driver: DriverName = "reader.pcsc"
    serials: SerialNumbers = SerialNumbers()
    allowed: tuple[str, ...] = ()  # other people's drivers that may be loaded at all
    isolated: tuple[str, ...] = ()  # drivers that run in a process of their own
    grades: str = ""  # file of the signed grade table; empty = no device may enrol

    @property
    def finger_driver(self) -> str:
        """The whole name of the finger scanner's driver."""
        return _SHORT_DRIVERS.get(self.finger_protocol, self.finger_protocol)

    @field_validator("finger_protocol")
    @classmethod
    def _known_protocol(cls, name: str) -> str:
        if "." not in name and name not in {*_SHORT_DRIVERS, "sbi"}:
            message = "unknown protocol"
            raise ValueError(message)
        return name


class EngineSettings(_Strict):
    """Which biometric parts are used: names of installed entry points, empty = the station's own."""

    quality: str = ""
    minutiae: str = ""
    matcher: str = ""
    face_locator: str = ""
    face_model: str = (
        ""  # path of a YuNet-style ONNX file, for the station's own five-point locator
    )
    face_model_sha256: Annotated[str, Field(pattern="^([0-9a-fA-F]{64})?$")] = ""
    face_model_fallback: bool = False  # use the built-in locator when the model cannot be used
    allowed: tuple[str, ...] = ()  # names that may be loaded at all: they run inside the desk
    # Of the station's own matcher: how many comparisons of different fingers may pass as one.
    false_match_rate: Annotated[float, Field(ge=1e-8, le=1e-2)] = 1e-4
    finger_score: Annotated[int, Field(ge=0, le=100)] | None = None  # from which a finger is good

    @model_validator(mode="after")
    def _scale_has_its_threshold(self) -> "EngineSettings":
        if (
            self.quality and self.finger_score is None
        ):  # another scale: the station's 40 says nothing
            message = "a scorer of one's own needs finger_score"
            raise ValueError(message)
        if bool(self.face_model) != bool(self.face_model_sha256):
            message = "a face model needs its hash"
            raise ValueError(message)
        if self.face_model and self.face_locator:
            message = "one face locator only"
            raise ValueError(message)
        return self


class Settings(_Strict):
    """One desk of one office."""

    station_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{3,32}$")] = "KTP-6101-07"
    desk: Annotated[str, Field(min_length=1, max_length=12)] = "07"
    office: str = "Disdukcapil Kab. Sambas"
    area: Annotated[str, Field(pattern=r"^\d\d\.\d\d(\.\d\d)?$")] = "61.01.01"
    zone: str = "Asia/Pontianak"
    profile: Profile = Profile.PRODUCTION
    centre_url: str = ""
    language: Annotated[str, Field(pattern="^(id|en)$")] = "id"
    text_scale: Annotated[float, Field(ge=1.0, le=2.0)] = 1.0
    dark: bool = False
    auto_advance: bool = True
    retention_days: Annotated[int, Field(ge=1)] = 14
    devices: DeviceSettings = DeviceSettings()
    engine: EngineSettings = EngineSettings()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError) as cause:
            message = "unknown time zone"
            raise ValueError(message) from cause
        return name

    @property
    def zone_info(self) -> ZoneInfo:
        """The office's time zone: ages and dates are counted in it."""
        return ZoneInfo(self.zone)


def load_settings(path: Path) -> Settings:
    """Return the settings in a TOML file, or the defaults when there is none; SettingsRefused."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise SettingsRefused(where="syntax") from cause
    try:
        return Settings.model_validate(raw)
    except ValidationError as cause:
        first = cause.errors()[0]
        raise SettingsRefused(where=".".join(str(part) for part in first["loc"])) from cause
