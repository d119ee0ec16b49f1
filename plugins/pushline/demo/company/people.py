"""Raw material for people: the real orders of CDNOW and pools of generated names."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from mimesis import Locale, Person
from mimesis.enums import Gender

from pushline.errors import PushlineError

NAMES_PER_POOL = 400
CDNOW_FILE = "datasets/CDNOW_master.txt"

_ORIGINS = {"kk": Locale.KK, "ru": Locale.RU, "en": Locale.EN}
_GENDERS = {"male": Gender.MALE, "female": Gender.FEMALE}


def cdnow_path() -> Path:
    """The file inside the installed `lifetimes` wheel; the package itself is never imported.

    Raises PushlineError when the wheel is not installed.
    """
    spec = find_spec("lifetimes")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / CDNOW_FILE
        if path.exists():
            return path
    raise PushlineError(
        "The demo company needs the order file of the package `lifetimes`. Run: make install"
    )


def cdnow_orders() -> Iterator[tuple[int, int, str, int, str]]:
    """Orders in the file's order: row from 1, person, day as YYYYMMDD, pieces, dollars."""
    with cdnow_path().open(encoding="ascii") as file:
        next(file)
        for row, line in enumerate(file, start=1):
            person, day, pieces, dollars = line.split()
            yield row, int(person), day, int(pieces), dollars


def name_pool(seed: int) -> Iterator[tuple[str, str, int, str, str]]:
    """Names by origin and gender: origin, gender, position from 0, first name, last name."""
    for origin, locale in _ORIGINS.items():
        person = Person(locale, seed=seed)
        for gender_name, gender in _GENDERS.items():
            for position in range(NAMES_PER_POOL):
                first = person.first_name(gender=gender)
                yield origin, gender_name, position, first, person.last_name(gender=gender)
