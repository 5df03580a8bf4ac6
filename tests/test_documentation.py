"""What the pages promise exists: links, commands, options, make targets; and they speak of this repository only."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.main import get_command

from drivers.emulation.catalogue import CATALOGUE
from drivers.emulation.centre.faults import Fault as CentreFault
from drivers.emulation.faults import Fault as LineFault
from drivers.emulation.likeness import HOW
from drivers.emulation.mjpeg import CameraFault
from station.operators.demo import DEMO_PINS
from station.settings import DeviceSettings, EngineSettings, Settings
from ui.cli import app

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md"))]
TECHNICIAN = ROOT / "docs" / "panduan-teknisi.md"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"`rekam((?: +[^`\n]*)?)`")
FENCE = re.compile(r"```\w*\n(.*?)```", re.DOTALL)
LARGEST_PICTURE = 300_000  # bytes
LARGEST_SEEN = 150_000


def read(page):
    return page.read_text("utf-8")


def name_of(page):
    return page.relative_to(ROOT).as_posix()


def links(page):
    prose = FENCE.sub("", read(page))
    return [target for target in LINK.findall(prose) if not re.match(r"[a-z]+:", target)]


def rekam_lines(page):
    """Return what follows ``rekam`` wherever a page shows it as something to type."""
    text = read(page)
    found = INLINE.findall(FENCE.sub("", text))
    for block in FENCE.findall(text):
        found += re.findall(r"^rekam\b(.*)$", block, re.MULTILINE)
    return [line.split("#")[0].strip() for line in found]


def refused(words):
    """Return what the command line does not know among these words, '' when it knows all."""
    command, rest = get_command(app), list(words)
    while rest and isinstance(command, typer.core.TyperGroup) and not rest[0].startswith("-"):
        known = command.commands.get(rest[0])
        if known is None:
            return rest[0]
        command, rest = known, rest[1:]
    options = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
    flags = [word.split("=")[0] for word in rest if word.startswith("-")]
    return next((flag for flag in flags if flag not in options | {"--help"}), "")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page):
    missing = [
        target
        for target in links(page)
        if target.split("#")[0] and not (page.parent / target.split("#")[0]).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_rekam_command_and_option_on_a_page_exists(page):
    bad = []
    for line in rekam_lines(page):
        words = line.replace("[", " ").replace("]", " ").replace(",", " ").split()
        if unknown := refused(words):
            bad.append((line, unknown))
    assert bad == []


def test_the_readme_shows_commands_at_all():
    assert any(line.startswith("demo --headless --out DIR") for line in rekam_lines(README))
    assert len(rekam_lines(TECHNICIAN)) > 8


def test_an_invented_command_or_option_is_noticed():
    assert refused(["demo", "--headless"]) == ""
    assert refused(["packet", "open", "X", "--keys", "K"]) == ""
    assert refused(["invented"]) == "invented"
    assert refused(["demo", "--invented"]) == "--invented"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_on_a_page_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    code = "\n".join([*FENCE.findall(read(page)), *re.findall(r"`([^`\n]+)`", read(page))])
    named = set(re.findall(r"\bmake ([a-z-]+)", code))
    assert named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_page_names_a_place_outside_the_repository(page):
    text = read(page)
    assert not re.search(r"(?<![\w~.])/(?:work|home|root|tmp|Users)/", text)
    assert not re.search(r"(?<!\w)(?:\.\./)*(?:shared|reference)/[\w.-]+\.md", text)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_modules_named_on_a_page_exist(page):
    places = set(re.findall(r"`((?:station|drivers|ui|tests|packaging)/[\w/.-]+)`", read(page)))
    assert {place for place in places if not (ROOT / place).exists()} == set()


def pictures_of(pages):
    return {(page.parent / target).resolve() for page in pages for target in links(page)}


def test_pictures_are_small_all_used_and_those_of_the_desk_have_its_size():
    pictures = sorted((ROOT / "docs" / "pictures").glob("*"))
    biometric = [page for page in PAGES if "biometrics" in page.as_posix()]
    used, desk = pictures_of(PAGES), pictures_of(set(PAGES) - set(biometric))
    assert pictures
    for picture in pictures:
        assert picture.resolve() in used, picture.name
        if picture.resolve() not in desk:  # what an engine saw: as large as what it looked at
            assert picture.stat().st_size < LARGEST_SEEN, picture.name
            continue
        assert picture.stat().st_size < LARGEST_PICTURE, picture.name
        with Image.open(picture) as opened:
            assert opened.size == (1366, 768), picture.name


def test_the_readme_gives_every_demo_account_its_pin():
    rows = dict(re.findall(r"^\| `(\w+)` \| (\d{6}) \|", read(README), re.MULTILINE))
    assert rows == {str(who): pin for who, pin in DEMO_PINS.items()}


def test_the_technicians_guide_names_every_setting():
    cells = re.findall(r"^\|(.*?)\|", read(TECHNICIAN), re.MULTILINE)
    named = {word for cell in cells for word in re.findall(r"`(\w+)`", cell)}
    wanted = (
        set(Settings.model_fields)
        | set(DeviceSettings.model_fields)
        | set(EngineSettings.model_fields)
    ) - {"devices", "engine"}
    assert wanted - named == set()


def test_the_settings_shown_in_the_technicians_guide_are_accepted():
    shown = re.search(r"```toml\n(.*?)```", read(TECHNICIAN), re.DOTALL)
    assert shown is not None
    settings = Settings.model_validate(tomllib.loads(shown[1]))
    assert settings.profile.value == "rehearsal"


def test_the_technicians_guide_names_every_fault_and_emulator():
    text = read(TECHNICIAN)
    wanted = {fault.name for fault in (*LineFault, *CameraFault)}
    wanted |= {fault.value for fault in CentreFault} | set(HOW) | set(CATALOGUE)
    assert {name for name in wanted if f"`{name}`" not in text} == set()


def test_every_decision_is_reachable_from_the_architecture():
    page = ROOT / "docs" / "architecture.md"
    linked = {Path(target).name for target in links(page) if target.startswith("decisions/")}
    assert {path.name for path in (ROOT / "docs" / "decisions").glob("*.md")} <= linked


def test_the_architecture_names_every_command():
    group = get_command(app)
    named = {line.split()[0] for line in rekam_lines(ROOT / "docs" / "architecture.md") if line}
    assert set(group.commands) <= named
