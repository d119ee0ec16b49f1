"""Faults of the pages that people write: dead links, lost pictures, commands that are not there."""

import re
from collections.abc import Iterator
from pathlib import Path

from scripts.docs.commands_page import list_commands
from scripts.screenshots.pictures import PICTURES

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
# In a block of code or between backticks: what a reader will copy.
_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_PUSHLINE = re.compile(r"(?:^|[\s`]|bin/)pushline((?: [a-z][a-z-]*)+)", re.MULTILINE)
_MAKE = re.compile(r"(?:^\s*|`|[;&] )make ([a-z][a-z-]*)", re.MULTILINE)
LARGEST_PICTURE = 300_000


def _shown(text: str) -> list[tuple[str, str]]:
    """Return the pictures of a page: words, address."""
    return _PICTURE.findall(text)


def list_pages(root: Path) -> list[Path]:
    """Return every Markdown page of the project, the generated ones too."""
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md")])


def _find_dead_links(page: Path, text: str, root: Path) -> Iterator[str]:
    for target in _LINK.findall(text):
        path = target.partition("#")[0]
        if path and "://" not in path and not (page.parent / path).exists():
            yield f"{page.relative_to(root)}: {target} leads nowhere."


def _find_unknown_commands(page: Path, text: str, root: Path, targets: set[str]) -> Iterator[str]:
    commands = [words.split()[1:] for words, _ in list_commands()]
    known = {tuple(words[:length]) for words in commands for length in range(len(words) + 1)}
    groups = {words[0] for words in commands if len(words) == 2}
    for code in _CODE.findall(text):
        for match in _PUSHLINE.finditer(code):
            words = match[1].split()
            length = 2 if words[0] in groups else 1
            if tuple(words[:length]) not in known:
                named = " ".join(words[:length])
                yield f"{page.relative_to(root)}: there is no command `pushline {named}`."
        for target in _MAKE.findall(code):
            if target not in targets:
                yield f"{page.relative_to(root)}: there is no `make {target}`."


# Drawn by `python -m bench.report` from what was measured.
PLOT = "performance.svg"


def _find_lost_pictures(pages: dict[Path, str], root: Path) -> Iterator[str]:
    folder = root / "docs" / "pictures"
    taken = {picture.file_name for picture in PICTURES}
    there = {path.name: path.stat().st_size for path in folder.glob("*")}
    shown = {
        (page.parent / target).name for page, text in pages.items() for _, target in _shown(text)
    }
    for name in sorted(taken - set(there)):
        yield f"docs/pictures/{name} is missing: make screenshots"
    for name in sorted(set(there) - taken - {PLOT}):
        yield f"docs/pictures/{name} is taken by nobody: name it in scripts/screenshots/pictures.py"
    for name in sorted(set(there) - shown):
        yield f"docs/pictures/{name} is shown on no page."
    for name, size in there.items():
        if size > LARGEST_PICTURE:
            yield f"docs/pictures/{name} has more than {LARGEST_PICTURE // 1000} KB."


def _find_wordless_pictures(page: Path, text: str, root: Path) -> Iterator[str]:
    for words, target in _shown(text):
        if not words:
            yield f"{page.relative_to(root)}: say in words what {target} shows."


def find_faults(root: Path) -> list[str]:
    """Return what is wrong with the pages, a sentence each."""
    targets = set(_TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    pages = {page: page.read_text(encoding="utf-8") for page in list_pages(root)}
    faults = list(_find_lost_pictures(pages, root))
    for page, text in pages.items():
        faults += _find_dead_links(page, text, root)
        faults += _find_wordless_pictures(page, text, root)
        faults += _find_unknown_commands(page, text, root, targets)
    return faults
