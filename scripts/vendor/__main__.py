"""`python -m scripts.vendor`: copy the files of packages.py out of npm, and write vendor.lock.

The versions are those of package-lock.json. The pages load nothing from elsewhere, and users need
no node: only who changes a version runs this.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from scripts.vendor.packages import PACKAGES, Package

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
VENDOR = ROOT / "plugins" / "pushline" / "web" / "static" / "vendor"
LOCK = VENDOR / "vendor.lock"


def digest_of(path: Path) -> str:
    """Return the sha256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_lock() -> list[dict[str, Any]]:
    """Return what vendor.lock says: name, version, licence and hashes of each package."""
    packages: list[dict[str, Any]] = json.loads(LOCK.read_text(encoding="utf-8"))
    return packages


def copy_package(package: Package, modules: Path) -> dict[str, Any]:
    """Copy the files of one package with its licence; return its entry for the lock."""
    source = modules / package.name
    described = json.loads((source / "package.json").read_text(encoding="utf-8"))
    target = VENDOR / package.folder
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    hashes = {}
    licence = HERE / "licences" / f"{package.folder}.txt"
    if package.licence_file:
        licence = source / package.licence_file
    taken = {source / path: name for path, name in package.files.items()} | {licence: "LICENSE"}
    for path, name in taken.items():
        shutil.copyfile(path, target / name)
        hashes[f"{package.folder}/{name}"] = digest_of(target / name)
    return {
        "name": package.name,
        "version": described["version"],
        "licence": described["license"],
        "files": hashes,
    }


def main() -> None:
    """Install what package-lock.json names into a throw-away folder, and copy from there."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, scratch)
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=scratch, check=True)
        entries = [copy_package(one, Path(scratch) / "node_modules") for one in PACKAGES]
    kept = {package.folder for package in PACKAGES}
    for folder in VENDOR.iterdir():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder)
    LOCK.write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")
    for entry in entries:
        print(f"{entry['name']} {entry['version']} ({entry['licence']})")


if __name__ == "__main__":
    main()
