"""Which files of which package the pages load. Add a package here and in package.json."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm, and what is taken of it: path in the package -> path in our folder."""

    name: str
    licence_file: str
    files: Mapping[str, str]

    @property
    def folder(self) -> str:
        """Where its files stand, below static/vendor."""
        return self.name.removeprefix("@").replace("/", "-")


PACKAGES = (
    Package(
        "tabulator-tables",
        licence_file="LICENSE",
        files={
            "dist/js/tabulator_esm.min.js": "tabulator.js",
            "dist/css/tabulator_simple.min.css": "tabulator.css",
        },
    ),
)
