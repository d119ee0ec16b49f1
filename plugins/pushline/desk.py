"""The desk where sheets are handed in: puts the rooms of briefs, messages and audiences together.

Whoever takes rows (CLI, page, Google Sheets, API) opens a desk and gets the same rules.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from pushline.audience.catalogue import Catalogue
from pushline.brief import approval, examples, import_briefs, write_sheet
from pushline.brief.check_row import CheckedRow, check_row
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import SheetFile
from pushline.brief.versions import Brief
from pushline.database.sql import Query
from pushline.message.checks import MessageChecks
from pushline.message.links import LinkRules
from pushline.model import LANGUAGES, AudienceCatalogue
from pushline.policy import load_policy
from pushline.settings import Settings, get_settings

GET_SHEET_SETTING = Query("brief/get_sheet_setting")


@dataclass(frozen=True, slots=True)
class Desk:
    """The rules, audiences and text checks that hold at one moment."""

    rules: Rules
    audiences: AudienceCatalogue
    texts: MessageChecks

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
    rules = Rules(
        zone=ZoneInfo(stored.project_zone),
        default_language=language,
        quiet_hours=quiet,
        goal_events=_words(chosen.goal_events),
    )
    return Desk(rules, dict(Catalogue()), make_text_checks(chosen))


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
