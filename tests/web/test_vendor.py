"""What the pages load: ours or vendored, unchanged since it was taken, with its licence."""

import json
import re
from pathlib import Path

import pytest

from pushline.settings import CHECKOUT
from scripts.vendor.__main__ import HERE, VENDOR, digest_of, read_lock
from scripts.vendor.packages import PACKAGES

WEB = CHECKOUT / "plugins" / "pushline" / "web"
LOCK = read_lock()
HASHES = {name: digest for entry in LOCK for name, digest in entry["files"].items()}
OURS = sorted(
    path
    for kind in ("*.html", "*.css", "*.js")
    for path in WEB.rglob(kind)
    if VENDOR not in path.parents
)
# What makes a browser fetch: an address in a tag, a style or an import.
LOADS = re.compile(
    r"""(?:src|href)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//"""
    r"""|(?:import|from)\s*\(?\s*["'](?:https?:)?//|@import"""
)


def test_every_vendored_file_is_the_one_that_was_taken():
    found = {
        str(path.relative_to(VENDOR)): digest_of(path)
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.lock"
    }
    assert found == HASHES


def test_the_lock_says_what_npm_was_asked_for():
    locked = json.loads((HERE / "package-lock.json").read_text())["packages"]
    wanted = json.loads((HERE / "package.json").read_text())["dependencies"]
    assert {entry["name"]: entry["version"] for entry in LOCK} == wanted
    assert {package.name for package in PACKAGES} == set(wanted)
    for entry in LOCK:
        assert locked[f"node_modules/{entry['name']}"]["version"] == entry["version"]
        assert f"{entry['name'].removeprefix('@').replace('/', '-')}/LICENSE" in entry["files"]
        assert entry["licence"]


@pytest.mark.parametrize("name", HASHES)
def test_a_vendored_file_loads_nothing_from_elsewhere(name: str):
    if Path(name).suffix in {".js", ".css"}:
        assert not LOADS.search((VENDOR / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: str(path.relative_to(WEB)))
def test_a_page_loads_nothing_from_elsewhere(path: Path):
    assert not LOADS.search(path.read_text(encoding="utf-8"))
