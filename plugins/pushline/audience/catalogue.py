"""The audience and trigger files there are."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pushline.audience.guard import check_statement, find_parameters
from pushline.audience.header import RESERVED, AudienceFile, parse_file
from pushline.errors import BadQueryFile, GiveUpRow
from pushline.model import AudienceCard
from pushline.settings import get_settings

Folder = str
AUDIENCES: Folder = "audiences"
TRIGGERS: Folder = "triggers"
LARGEST_FILE = 200_000


class Catalogue(Mapping[str, AudienceCard]):
    """The files of sql/audiences (or sql/triggers) by name; a broken one is listed apart.

    Files are read when asked, so a file dropped into the folder is there at once.
    """

    def __init__(self, folder: Folder = AUDIENCES, sql_dir: Path | None = None) -> None:
        self.folder = folder
        self._sql_dir = sql_dir

    @property
    def _path(self) -> Path:
        return (self._sql_dir or get_settings().sql_dir) / self.folder

    def names(self) -> list[str]:
        """Every file's name, whether it can be used or not."""
        return sorted(path.stem for path in self._path.glob("*.sql"))

    def file(self, name: str) -> AudienceFile:
        """Return a file that passed the guard.

        Raises GiveUpRow when there is no such file, BadQueryFile when it breaks the rules.
        """
        if not name.replace("_", "").isalnum():
            raise GiveUpRow(f"{name!r} is no name of an audience.")
        where = f"sql/{self.folder}/{name}.sql"
        path = self._path / f"{name}.sql"
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise BadQueryFile(
                    f"{where} is bigger than {LARGEST_FILE // 1000} KB. "
                    "Put long lists of values into a table and join it."
                )
            source = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise GiveUpRow(
                f"There is no {where}. `pushline audience list` shows what there is."
            ) from None
        except UnicodeDecodeError:
            raise BadQueryFile(f"{where} is not UTF-8; save it as UTF-8.") from None
        except OSError as error:
            raise BadQueryFile(f"{where} cannot be opened: {error.strerror}.") from None
        file = parse_file(name, where, source)
        columns = check_statement(file.statement, where)
        _check_header(file, columns)
        return file

    def broken(self) -> dict[str, str]:
        """Return what is wrong with each file that cannot be used, in words."""
        faults = {}
        for name in self.names():
            try:
                self.file(name)
            except (BadQueryFile, GiveUpRow) as error:
                faults[name] = str(error)
        return faults

    def sql_hash(self, name: str) -> str:
        """Return the sha256 (hex) of one file; approval binds to hash_sql_texts of several."""
        return self.file(name).sha256

    def __getitem__(self, name: str) -> AudienceCard:
        try:
            return self.file(name).card()
        except (BadQueryFile, GiveUpRow):
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        faults = self.broken()
        return iter([name for name in self.names() if name not in faults])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _check_header(file: AudienceFile, columns: tuple[str, ...]) -> None:
    """Compare the header with the text: parameters both ways, columns as far as the text tells."""
    used = {name for _, _, name in find_parameters(file.statement)} - set(RESERVED)
    declared = set(file.parameters)
    if used - declared:
        names = ", ".join(f":{name}" for name in sorted(used - declared))
        raise BadQueryFile(
            f"{file.where} uses {names}; add `-- param NAME TYPE default VALUE: text`."
        )
    if declared - used:
        names = ", ".join(sorted(declared - used))
        raise BadQueryFile(f"{file.where}: the header has {names}, the SELECT does not use it.")
    if "*" not in columns:
        missing = sorted(set(file.columns) - set(columns))
        if missing:
            raise BadQueryFile(
                f"{file.where}: the header promises {', '.join(missing)}, "
                "the SELECT does not return it."
            )


def catalogue_for(source_kind: str) -> Catalogue:
    """Return the catalogue that the audience of a run of this kind comes from."""
    return Catalogue(TRIGGERS if source_kind == "trigger" else AUDIENCES)
