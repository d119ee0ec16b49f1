"""The files that pages load, under addresses that change with any of them.

A page names the version of its files in every address, so that a browser keeps them for good and
asks for none again; relative imports between scripts stay within the version.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
_VERSIONED = re.compile(r"(v-[0-9a-f]{12})/(.+)", re.DOTALL)


def read_version(folder: Path = FOLDER) -> str:
    """Return "v-" and twelve hexadecimal digits: the same on every server with the same files.

    Costs a look at the files' times; they are read again only when one has changed.
    """
    files = (path for path in folder.rglob("*") if path.is_file())
    return _digest(folder, tuple(sorted((path, *_look_at(path)) for path in files)))


def split_version(path: str) -> tuple[str, str]:
    """Return version and path of an address; the version is empty where there is none."""
    found = _VERSIONED.fullmatch(path)
    return (found[1], found[2]) if found else ("", path)


def list_scripts(folder: str) -> list[str]:
    """Return the paths of the scripts in a folder of ours, such as "js/grid"."""
    return [f"{folder}/{path.name}" for path in sorted((FOLDER / folder).glob("*.js"))]


def _look_at(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_mtime_ns, seen.st_size


@lru_cache(maxsize=2)
def _digest(folder: Path, files: tuple[tuple[Path, int, int], ...]) -> str:
    digest = hashlib.sha256()
    for path, _, size in files:
        digest.update(f"{path.relative_to(folder).as_posix()}\0{size}\0".encode())
        digest.update(path.read_bytes())
    return f"v-{digest.hexdigest()[:12]}"
