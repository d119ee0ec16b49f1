"""Which files of which package the pages load. Add a package here and in package.json."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm, and what is taken of it: path in the package -> path in our folder.

    licence_file: None for a package that brings none: it stands in licences/ below this folder.
    """

    name: str
    licence_file: str | None
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
    # A script that sets window.EventCalendar: the package has no module of it all.
    Package(
        "@event-calendar/build",
        licence_file=None,
        files={
            "dist/event-calendar.min.js": "event-calendar.js",
            "dist/event-calendar.min.css": "event-calendar.css",
        },
    ),
    # iPhones draw with San Francisco, which may not be given away; Inter is its nearest free kin.
    Package(
        "@fontsource/inter",
        licence_file="LICENSE",
        files={
            f"files/inter-{letters}-{weight}-normal.woff2": f"{letters}-{weight}.woff2"
            for letters in ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
            for weight in (400, 600)
        },
    ),
)
