"""What every page and route shares: database, language, words, templates."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from babel import Locale
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates
from markupsafe import Markup
from sqlalchemy import Connection, Engine

from pushline.database.engine import get_engine, transaction
from pushline.database.sql import Query
from pushline.report.run_sentences import explain_note
from pushline.sentence import format_number
from pushline.web.static_files import read_version

HERE = Path(__file__).parent
LANGUAGES = ("en", "ru", "kk")
LIMIT_PAGE = Query("report/limit_page")
# Whoever looks at a page is told within ten seconds that something is in the way.
LONGEST = "7s"
LONGEST_LOCK = "3s"
LANGUAGE_COOKIE = "pushline_language"

templates = Jinja2Templates(HERE / "templates")
templates.env.filters["spaced"] = lambda value: format_number(value)
templates.env.filters["told"] = lambda sentence, language: sentence.text(language)
templates.env.filters["explain_note"] = explain_note
templates.env.filters["in_zone"] = lambda moment, zone: (
    f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
)


def page_engine() -> Engine:
    """Return the engine of pushline_page, as which every page and route works.

    The database is looked for when somebody asks. Raises DatabaseUnreachable or PendingMigrations,
    which `answers` turns into 503.
    """
    return get_engine("page")


def reader_engine() -> Engine:
    """Return the engine that audiences are read by, as pushline_audience; raises the same."""
    return get_engine("audience")


@contextmanager
def reading(longest: str = LONGEST, engine: Engine | None = None) -> Iterator[Connection]:
    """Open a read-only transaction in which everything is of one moment.

    Numbers that add up come from several statements, and planning goes on between them. A statement
    that takes longer than `longest` is ended, so that whoever looks is told in time.
    """
    how = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    with (engine or page_engine()).connect().execution_options(**how) as conn:
        LIMIT_PAGE.one(conn, longest=longest, longest_lock=LONGEST_LOCK)
        yield conn


@contextmanager
def writing(*, to_show: bool = False) -> Iterator[Connection]:
    """Open a transaction that may change briefs and rows of the sheet; commits at its end.

    to_show: somebody only looks, and what they look at is brought up to date first: they are not
    kept waiting. Who saves would rather wait than type it again.
    """
    with transaction(page_engine()) as conn:
        if to_show:
            LIMIT_PAGE.one(conn, longest=LONGEST, longest_lock=LONGEST_LOCK)
        yield conn


def choose_language(request: Request) -> str:
    """Return the page's language: the cookie (Airflow's), else the browser's, else en."""
    asked = [request.cookies.get(LANGUAGE_COOKIE, "")]
    accepted = request.headers.get("accept-language", "")
    asked += [part.strip()[:2].lower() for part in accepted.split(",")]
    return next((language for language in asked if language in LANGUAGES), "en")


# `language: Language` in a route.
Language = Annotated[str, Depends(choose_language)]


@cache
def read_catalogue(language: str) -> Mapping[str, Any]:
    """Return the words of a language: key -> text, or plural form -> text."""
    file = HERE / "catalogue" / f"{language}.json"
    words: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return words


def say(language: str, key: str, **words: Any) -> str:
    """Return the words of a key, filled; whole numbers get narrow spaces.

    A key with plural forms takes `count` and chooses by the language's rule. Raises KeyError for a
    key that the catalogue lacks.
    """
    text = read_catalogue(language if language in LANGUAGES else "en")[key]
    if isinstance(text, dict):
        text = text[Locale(language).plural_form(words["count"])]
    shown = {name: format_number(word) for name, word in words.items()}
    return str(text).format(**shown)


def render(
    request: Request, template: str, /, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """Return a page in the language of the request; `word(key, ...)` says words in it.

    base: the path of the application with a slash at its end; links are relative to it.
    static: the same of the files that pages load.
    """
    language = choose_language(request)
    base = request.scope.get("root_path", "").rstrip("/") + "/"
    return templates.TemplateResponse(
        request,
        template,
        {
            "language": language,
            "languages": LANGUAGES,
            "base": base,
            "static": f"{base}static/{read_version()}/",
            "word": lambda key, **words: say(language, key, **words),
            "catalogue": to_script(read_catalogue(language)),
        }
        | values,
        status_code=status_code,
    )


def to_script(value: object) -> Markup:
    """Return JSON that may stand inside a script tag of data, whatever texts it holds."""
    text = json.dumps(value, ensure_ascii=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - nothing left in it can end the tag
