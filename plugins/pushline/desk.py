"""The desk where sheets are handed in: puts the rooms of briefs, messages and audiences together.

Whoever takes rows (CLI, page, Google Sheets, API) opens a desk and gets the same rules.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pushline.audience.catalogue import AUDIENCES, Catalogue
from pushline.brief import approval, examples, import_briefs, sheet_rows, take_file, write_sheet
from pushline.brief.check_row import CheckedRow, check_row
from pushline.brief.columns import Group
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import SheetFile
from pushline.brief.sentences import SENTENCES as ROW_SENTENCES
from pushline.brief.sheet_store import SheetRecord, SheetRules
from pushline.brief.versions import Brief
from pushline.database.sql import Query
from pushline.message.checks import MessageChecks
from pushline.message.links import LinkRules
from pushline.message.sentences import SENTENCES as TEXT_SENTENCES
from pushline.model import LANGUAGES, AudienceCatalogue
from pushline.policy import load_policy
from pushline.settings import Settings, get_settings

GET_SHEET_SETTING = Query("brief/get_sheet_setting")
# Kept problems hold sentences: other words are written by checking again.
_WORDINGS = hashlib.sha256(repr((ROW_SENTENCES, TEXT_SENTENCES)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Desk:
    """The rules, audiences and text checks that hold at one moment."""

    rules: Rules
    audiences: AudienceCatalogue
    texts: MessageChecks
    mark: str = ""

    @property
    def sheet_rules(self) -> SheetRules:
        """What rows of the sheet page are checked by."""
        return SheetRules(self.rules, self.audiences, self.texts, self.mark)

    def read_sheet(
        self, conn: Connection, *, now: dt.datetime, since: int | None = None
    ) -> tuple[int, list[SheetRecord]]:
        """Return (revision, rows) of the page, all or those changed since; the caller commits."""
        return sheet_rows.read_sheet_rows(conn, self.sheet_rules, since=since, now=now)

    def save_cells(
        self,
        conn: Connection,
        changes: Iterable[sheet_rows.CellChange],
        *,
        by: str,
        groups: Collection[Group],
        returns_approval: bool = False,
        now: dt.datetime,
    ) -> sheet_rows.SavedCells:
        """Save cells of the page by the one rule for conflicts and rights; the caller commits."""
        return sheet_rows.save_cells(
            conn,
            self.sheet_rules,
            changes,
            by=by,
            groups=groups,
            returns_approval=returns_approval,
            now=now,
        )

    def create_rows(
        self,
        conn: Connection,
        rows: Sequence[Mapping[str, str]],
        *,
        by: str,
        now: dt.datetime,
        codes: Sequence[str] = (),
        keys: Sequence[str] = (),
        groups: Collection[Group] | None = None,
    ) -> sheet_rows.SavedCells:
        """Make rows of the page with these cells, red or good; the caller commits."""
        return sheet_rows.create_rows(
            conn, self.sheet_rules, rows, by=by, now=now, codes=codes, keys=keys, groups=groups
        )

    def copy_row(
        self, conn: Connection, code: str, *, by: str, now: dt.datetime, keys: Sequence[str] = ()
    ) -> sheet_rows.SavedCells:
        """Make a row with the cells of another one; the caller commits."""
        return sheet_rows.copy_row(conn, self.sheet_rules, code, by=by, now=now, keys=keys)

    def check(
        self, cells: Mapping[str, object], *, now: dt.datetime, number: int | None = None
    ) -> CheckedRow:
        """Check one row."""
        return check_row(
            cells,
            now=now,
            rules=self.rules,
            audiences=self.audiences,
            texts=self.texts,
            number=number,
        )

    def import_sheet(
        self,
        conn: Connection,
        sheet: SheetFile,
        *,
        by: str,
        now: dt.datetime,
        dry_run: bool = False,
    ) -> import_briefs.ImportReport:
        """Save the good rows of a sheet, report the others; the caller commits."""
        return import_briefs.import_sheet(
            conn,
            sheet,
            by=by,
            now=now,
            rules=self.rules,
            audiences=self.audiences,
            texts=self.texts,
            dry_run=dry_run,
        )

    def take_file(
        self,
        conn: Connection,
        sheet: SheetFile,
        *,
        by: str,
        groups: Collection[Group],
        now: dt.datetime,
        dry_run: bool = False,
        takes_drafts: bool = False,
    ) -> take_file.TakenFile:
        """Take a file that was handed in at the page, by what this person may change.

        takes_drafts: bad rows come into the sheet, red. The caller commits.
        """
        return take_file.take_file(
            conn,
            self.sheet_rules,
            sheet,
            by=by,
            groups=groups,
            now=now,
            dry_run=dry_run,
            takes_drafts=takes_drafts,
        )

    def approve(
        self,
        conn: Connection,
        code: str,
        *,
        by: str,
        now: dt.datetime,
        expected_reach: int,
        band: tuple[int, int] | None = None,
    ) -> Brief:
        """Approve a brief; refused for those who wrote it. The caller commits."""
        return approval.approve_brief(
            conn,
            code,
            by=by,
            now=now,
            expected_reach=expected_reach,
            audiences=self.audiences,
            band=band,
        )

    def load_examples(self, conn: Connection, now: dt.datetime, by: str) -> examples.LoadedExamples:
        """Import the example month, shifted around `now`; the caller commits."""
        return examples.load(
            conn, now, by, rules=self.rules, audiences=self.audiences, texts=self.texts
        )

    def write_template(self, language: str = "ru") -> bytes:
        """Return an empty XLSX with lists of what this installation knows."""
        return write_sheet.write_xlsx(
            audiences=list(self.audiences),
            goal_events=self.rules.goal_events,
            language=language,
        )


def open_desk(conn: Connection, now: dt.datetime, settings: Settings | None = None) -> Desk:
    """Read what holds now: settings, quiet hours of the policy, the audience files."""
    chosen = settings or get_settings()
    stored = GET_SHEET_SETTING.one(conn)
    policy = load_policy(conn, now)
    quiet = None
    if policy.quiet_from is not None and policy.quiet_until is not None:
        quiet = (policy.quiet_from, policy.quiet_until)
    language = stored.default_language if stored.default_language in LANGUAGES else LANGUAGES[0]
    files = _look_at_audiences()
    audiences, broken = _read_audiences(files)
    rules = Rules(
        zone=ZoneInfo(stored.project_zone),
        default_language=language,
        quiet_hours=quiet,
        goal_events=_words(chosen.goal_events),
        broken_audiences=broken,
    )
    links = (chosen.link_hosts, chosen.app_schemes, chosen.image_hosts)
    seen = repr((files, links, rules.zone.key, language, quiet, rules.goal_events, _WORDINGS))
    mark = hashlib.sha256(seen.encode()).hexdigest()[:16]
    return Desk(rules, audiences, make_text_checks(chosen), mark)


_Signature = tuple[tuple[str, int, int], ...]


def _look_at_audiences() -> _Signature:
    """Return what tells that the audience files changed."""
    folder = get_settings().sql_dir / AUDIENCES
    stats = [(str(path), path.stat()) for path in sorted(folder.glob("*.sql"))]
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)


@lru_cache(maxsize=1)
def _read_audiences(_: _Signature) -> tuple[AudienceCatalogue, Mapping[str, str]]:
    """Return the audiences, and what is wrong with the files that are none.

    Parsing them takes 25 ms, too long for each cell that is saved; looking at them does not.
    """
    catalogue = Catalogue()
    broken = catalogue.broken()
    found = {name: catalogue.get(name) for name in catalogue.names() if name not in broken}
    return {name: card for name, card in found.items() if card}, broken


def make_text_checks(settings: Settings) -> MessageChecks:
    """Return the checks of texts and links under the installation's allow-lists."""
    return MessageChecks(
        LinkRules(
            hosts=_words(settings.link_hosts),
            app_schemes=_words(settings.app_schemes),
            image_hosts=_words(settings.image_hosts),
        )
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
