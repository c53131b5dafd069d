"""The style sheets and modules that the browser gets: rules that no build step keeps."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from casefiles.core.templatetags.ui import import_map
from tools import install_browser_files as installer

STATIC = Path(settings.STATICFILES_DIRS[0])
TEMPLATES = settings.BASE_DIR / "templates"
STYLES = sorted((STATIC / "css").rglob("*.css"))
# What is not a page of the application has a sheet of its own: the dossier is paper, the admin is Django's.
OF_THEIR_OWN = {
    "custody_document.css",
    "dossier.css",
    "dossier_drawings.css",
    "dossier_fonts.css",
    "drawn_network.css",
    "admin.css",
}
MODULES = sorted((STATIC / "js").rglob("*.js"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
SVG_NAMESPACE = "http://www.w3.org/2000/svg"


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_only_the_tokens_hold_colours_and_font_names(path: Path) -> None:
    if path.name in {"tokens.css", "fonts.css"} or path.name.startswith(("dossier", "custody_document", "drawn_")):
        return
    css = without_comments(path.read_text(encoding="utf-8"))

    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|IBM Plex|Source Serif", css)


def test_the_main_style_sheet_imports_every_other_into_a_layer() -> None:
    imports = re.findall(
        r'@import url\("([^"]+)"\) layer\(\w+\);', (STATIC / "css/app.css").read_text(encoding="utf-8")
    )

    others = {path.relative_to(STATIC / "css").as_posix() for path in STYLES} - {"app.css"}
    assert sorted(imports) == sorted(others - OF_THEIR_OWN)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_what_a_style_sheet_fetches_is_ours_or_gets_installed(path: Path) -> None:
    installed = {(STATIC / "vendor" / name).resolve() for name in installer.FILES}
    for address in re.findall(r'url\("([^"]+)"\)', path.read_text(encoding="utf-8")):
        target = (path.parent / address).resolve()
        assert target in installed or target.is_file()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_module_makes_markup_or_code_from_text(path: Path) -> None:
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|localStorage|setHTMLUnsafe"

    assert not re.findall(banned, path.read_text(encoding="utf-8"))


def test_every_module_that_is_imported_is_in_the_import_map() -> None:
    known = import_map()["imports"]
    for path in MODULES:
        for name in re.findall(r'from "([^"]+)"', path.read_text(encoding="utf-8")):
            assert name in known

    assert len(known) == len(MODULES)


def test_our_modules_stay_under_forty_kilobytes() -> None:
    first = {path for path in MODULES if path.parent.name in {"js", "lib"} or path.stem in ELEMENTS_OF_EVERY_PAGE}

    assert sum(path.stat().st_size for path in first) < 40_000


ELEMENTS_OF_EVERY_PAGE = {"file-drop", "moment-input", "search-picker", "theme-toggle", "unsaved-guard"}


@pytest.mark.parametrize("path", [*STYLES, *MODULES, *PAGES], ids=lambda path: path.name)
def test_no_file_names_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace(SVG_NAMESPACE, "").replace("https://example.org", "")

    assert not re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", text)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_every_icon_of_a_template_is_in_the_sprite(path: Path) -> None:
    names = re.findall(r'(?:{% icon |\bicon=)"([a-z0-9-]+)"', path.read_text(encoding="utf-8"))

    assert set(names) <= set(installer.ICONS)
