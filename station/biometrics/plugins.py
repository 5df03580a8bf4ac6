"""Engines a site brings along: found by entry point, loaded only by allow-list, checked before use.

A part is an object with ``API_VERSION`` and ``create()`` under the entry point group of its port. It runs
inside this process, so only names on the list of the settings are ever loaded. A part that is chosen and
does not work is a typed error at the start: the built-in one never takes its place silently.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Final, TypeVar, cast

import numpy as np

from station.biometrics.builtin import Parts, StationMatcher, station_locator
from station.biometrics.face.locator import LocatorBroken
from station.biometrics.face.model_locator import ModelLocator, opened, read_model
from station.biometrics.ports import (
    Comparison,
    FaceLocator,
    Matcher,
    MinutiaeExtractor,
    QualityScorer,
)
from station.biometrics.verdict import Verdict
from station.devices import Pixels
from station.errors import StationError
from station.minutiae import Template
from station.settings import EngineSettings

API_VERSION: Final = 1
GROUP: Final = "rekam.biometrics."  # + quality, minutiae, matcher, face_locator
_OWN: Final = "rekam."  # ids of the built-in parts
_TEST_SIDE: Final = 128  # pixels of the blank picture a part is tried on

T = TypeVar("T")


class EngineRefused(StationError):
    """A chosen part cannot be used: ``part`` is the settings' key, ``reason`` says why."""

    code = "ENGINE_REFUSED"


def parts_of(settings: EngineSettings, found: Iterable[EntryPoint] | None = None) -> Parts:
    """Return the parts the settings choose, each tried once; EngineRefused.

    ``found`` replaces the installed entry points (of all groups).
    """
    parts = Parts(matcher=StationMatcher(settings.false_match_rate))
    if settings.quality:
        made = _created("quality", settings.quality, settings, found)
        if not isinstance(made, QualityScorer):
            raise EngineRefused(part="quality", name=settings.quality, reason="not a part")
        scorer = _Scorer(made)
        scorer.judge(_blank(), 500)
        parts = replace(parts, quality=scorer)
    if settings.minutiae:
        made = _created("minutiae", settings.minutiae, settings, found)
        if not isinstance(made, MinutiaeExtractor):
            raise EngineRefused(part="minutiae", name=settings.minutiae, reason="not a part")
        extractor = _Extractor(made)
        extractor.extract(_blank(), 500)
        parts = replace(parts, minutiae=extractor)
    if settings.matcher:
        made = _created("matcher", settings.matcher, settings, found)
        if not isinstance(made, Matcher):
            raise EngineRefused(part="matcher", name=settings.matcher, reason="not a part")
        matcher = _Matcher(made)
        nothing = parts.minutiae.extract(_blank(), 500)
        matcher.compare(nothing, nothing)
        parts = replace(parts, matcher=matcher)
    if settings.face_locator:
        parts = replace(parts, locator=_locators(settings, found))
    if settings.face_model:
        parts = replace(parts, locator=_model_locators(settings))
    return replace(parts, plugged=_chosen(settings))


def _locators(
    settings: EngineSettings, found: Iterable[EntryPoint] | None
) -> Callable[[], FaceLocator]:
    part, name = "face_locator", settings.face_locator
    create = _maker(part, name, settings, found)
    locator = _guarded(part, name, create)
    if not all(callable(getattr(locator, verb, None)) for verb in ("find", "follow")):
        raise EngineRefused(part=part, name=name, reason="not a part")
    make = cast("Callable[[], FaceLocator]", create)
    _guarded(part, name, lambda: make().find(_blank()))
    return make


def _model_locators(settings: EngineSettings) -> Callable[[], FaceLocator]:
    """Return what makes locators of the site's face model, tried once; LocatorBroken."""
    path, sha256 = Path(settings.face_model), settings.face_model_sha256
    try:
        model = read_model(path, sha256)  # read once: later locators load these very bytes
        ModelLocator(opened(model))
    except LocatorBroken:
        if settings.face_model_fallback:
            return station_locator
        raise
    return lambda: ModelLocator(opened(model))


def _chosen(settings: EngineSettings) -> tuple[str, ...]:
    keys = ("quality", "minutiae", "matcher", "face_locator")
    return tuple(key for key in keys if getattr(settings, key))


def _maker(
    part: str, name: str, settings: EngineSettings, found: Iterable[EntryPoint] | None
) -> Callable[[], object]:
    """Return the ``create`` of an allowed entry point; nothing else is ever imported."""
    group = GROUP + part
    points = entry_points(group=group) if found is None else [p for p in found if p.group == group]
    point = next((each for each in points if each.name == name), None)
    if point is None:
        raise EngineRefused(part=part, name=name, reason="not installed")
    if name not in settings.allowed:
        raise EngineRefused(part=part, name=name, reason="not allowed")
    loaded = _guarded(part, name, point.load, reason="does not load")
    version = getattr(loaded, "API_VERSION", None)
    if version != API_VERSION:
        raise EngineRefused(part=part, name=name, reason="version", found=str(version))
    create = getattr(loaded, "create", None)
    if not callable(create):
        raise EngineRefused(part=part, name=name, reason="not a part")
    return cast("Callable[[], object]", create)


def _created(
    part: str, name: str, settings: EngineSettings, found: Iterable[EntryPoint] | None
) -> object:
    made = _guarded(part, name, _maker(part, name, settings, found))
    algorithm = str(getattr(made, "algorithm", ""))
    if not algorithm or algorithm.startswith(_OWN):
        raise EngineRefused(part=part, name=name, reason="algorithm id")
    return made


def _guarded(part: str, name: str, call: Callable[[], T], *, reason: str = "failed") -> T:
    """Return what foreign code returns; whatever it raises becomes EngineRefused."""
    try:
        return call()
    except StationError:
        raise
    except Exception as cause:
        kind = type(cause).__name__
        raise EngineRefused(part=part, name=name, reason=reason, kind=kind) from cause


@dataclass(frozen=True, slots=True)
class _Scorer:
    inner: QualityScorer

    @property
    def algorithm(self) -> str:
        return self.inner.algorithm

    @property
    def version(self) -> str:
        return self.inner.version

    def judge(self, image: Pixels, ppi: int) -> Verdict:
        name = self.algorithm
        verdict = _guarded("quality", name, lambda: self.inner.judge(image, ppi))
        if not isinstance(verdict, Verdict) or not 0 <= verdict.score <= 100:
            raise EngineRefused(part="quality", name=name, reason="no verdict")
        return replace(verdict, algorithm=name, version=self.version)


@dataclass(frozen=True, slots=True)
class _Extractor:
    inner: MinutiaeExtractor

    @property
    def algorithm(self) -> str:
        return self.inner.algorithm

    @property
    def version(self) -> str:
        return self.inner.version

    def extract(self, image: Pixels, ppi: int) -> Template:
        name = self.algorithm
        template = _guarded("minutiae", name, lambda: self.inner.extract(image, ppi))
        if not isinstance(template, Template):
            raise EngineRefused(part="minutiae", name=name, reason="no template")
        return template


@dataclass(frozen=True, slots=True)
class _Matcher:
    inner: Matcher

    @property
    def algorithm(self) -> str:
        return self.inner.algorithm

    @property
    def version(self) -> str:
        return self.inner.version

    @property
    def threshold(self) -> float:
        return self.inner.threshold

    @property
    def fmr(self) -> float:
        return self.inner.fmr

    def compare(self, probe: Template, reference: Template) -> Comparison:
        name = self.algorithm
        found = _guarded("matcher", name, lambda: self.inner.compare(probe, reference))
        if not isinstance(found, Comparison) or not np.isfinite(found.score):
            raise EngineRefused(part="matcher", name=name, reason="no comparison")
        return found


def _blank() -> Pixels:
    return np.full((_TEST_SIDE, _TEST_SIDE), 255, np.uint8)


def told(parts: Parts) -> Mapping[str, str]:
    """Return which part is in use, by the settings' key: for a technician."""
    own = "rekam.face-locator (built in)"
    return {
        "quality": f"{parts.quality.algorithm} {parts.quality.version}",
        "minutiae": f"{parts.minutiae.algorithm} {parts.minutiae.version}",
        "matcher": f"{parts.matcher.algorithm} {parts.matcher.version}",
        "face_locator": "plugged in" if "face_locator" in parts.plugged else own,
    }
