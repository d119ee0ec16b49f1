"""Whatever a reader of the page is told is in their language: English, Russian or Kazakh."""

import ast
import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

import pushline
from pushline.brief.column_words import COLUMN_WORDS, REPORT_WORDS
from pushline.brief.notes import read_holidays
from pushline.brief.status import LABELS
from pushline.report.run_sentences import explain_note
from pushline.sentence import Sentence, pick_wording
from pushline.web.context import HERE, LANGUAGES
from tests.factories import create_run
from tests.languages import FIELD, KAZAKH, find_foreign

from .conftest import SignIn

# Words that Russian and Kazakh share.
SHARED = frozenset(
    (
        *("аудитория", "бриф", "триггер", "триггерлер", "маркетинг", "бизнес", "идея", "файл"),
        *("телефон", "триггеры", "тег", "вариант"),
    )
)


def list_rooms() -> Iterator[tuple[str, str, Sentence]]:
    """Yield every sentence of the rooms: (catalogue, id, the three wordings)."""
    for module in pkgutil.walk_packages(pushline.__path__, "pushline."):
        if not module.name.endswith("sentences"):
            continue
        for name, catalogue in vars(importlib.import_module(module.name)).items():
            if isinstance(catalogue, dict) and name.strip("_").isupper():
                for code, wordings in catalogue.items():
                    yield f"{module.name}.{name}", code, Sentence(*wordings)
    for key, (header, hint) in COLUMN_WORDS.items():
        yield "header", key, header
        yield "hint", key, hint
    yield from (("report column", key, header) for key, header in REPORT_WORDS.items())
    yield from (("status", key, label) for key, label in LABELS.items())
    yield from (("holiday", key, Sentence(**names)) for key, names in read_holidays().items())


def list_page() -> Iterator[tuple[str, str, Sentence]]:
    """Yield every text of the page's catalogue; of plurals the form `other`."""
    found: list[dict[str, Any]] = [
        json.loads((HERE / "catalogue" / f"{language}.json").read_text(encoding="utf-8"))
        for language in LANGUAGES
    ]
    for key in found[0]:
        if not key.startswith("shell.language_"):
            texts = [words[key] for words in found]
            shown = [it["other"] if isinstance(it, dict) else it for it in texts]
            yield "page", key, Sentence(*shown)


ALL = [*list_rooms(), *list_page()]


def test_every_sentence_has_the_same_fields_in_every_language():
    assert len(ALL) > 700
    for place, code, sentence in ALL:
        fields = [set(FIELD.findall(text)) for text in sentence.as_dict().values()]
        # What the machine itself said is quoted in English alone.
        assert fields[0] - {"told"} == fields[1] - {"told"}, (place, code)
        assert fields[1] == fields[2], (place, code)


def test_no_sentence_speaks_another_language():
    for place, code, sentence in ALL:
        for language in ("ru", "kk"):
            text = sentence.text(language)
            assert text.strip(), (place, code)
            foreign = find_foreign(text, language)
            if code == "kk_letters":
                foreign = [word for word in foreign if word not in KAZAKH]
            assert not foreign, (place, code, language, foreign)


def test_kazakh_is_not_russian():
    for place, code, sentence in ALL:
        words = re.findall(r"[а-яё]{4,}", FIELD.sub("", sentence.kk).casefold())
        if sentence.kk == sentence.ru and place != "holiday":
            assert set(words) <= SHARED, (place, code, sentence.kk)


def test_sentences_end_and_begin_like_sentences():
    for place, code, sentence in ALL:
        if place.endswith(("brief.sentences.SENTENCES", "REFUSALS")) and code[:5] != "type_":
            if code == "did_you_mean":
                continue
            ends = {text[-1] for text in sentence.as_dict().values()}
            assert ends <= {".", "?", ":"}, (place, code)


REFUSED: list[tuple[str, str, Any, int]] = [
    ("GET", "api/briefs/C-2026-999/preview", None, 404),
    ("GET", "api/briefs/C-2026-999/approval", None, 404),
    ("POST", "api/briefs/C-2026-999/move", {"to": "texts_ready"}, 404),
    ("POST", "api/briefs/C-2026-999/copy", {}, 404),
    ("POST", "api/briefs/remove", {"codes": ["C-2026-999"]}, 404),
    (
        *("POST", "api/briefs/C-2026-999/approve"),
        {"version": 1, "content_hash": "x", "expected_reach": 20_000},
        404,
    ),
    ("POST", "api/cells", {"changes": 1}, 422),
    ("POST", "api/rows", {"cells": [{"no_such": "x"}]}, 409),
    ("POST", "api/rows", {"copy_of": "C-2026-999"}, 404),
    ("POST", "api/check", {"code": "C-2026-999", "cells": {}}, 404),
    ("GET", "api/overlap?a=C-2026-998&b=C-2026-999", None, 404),
    ("POST", "api/reach/C-2026-999", {}, 404),
    ("GET", "api/results/999999", None, 404),
    ("GET", "api/stop/run/999999", None, 404),
    ("POST", "api/stop/run/999999", {}, 404),
    ("GET", "api/calendar?from=2026-01-01&to=2027-01-01", None, 422),
    ("POST", "api/import", None, 422),
    ("GET", "briefs/C-2026-999", None, 404),
    ("GET", "static/no_such.js", None, 404),
    ("GET", "fonts/no_such.ttf", None, 404),
]


def test_every_refusal_of_a_route_is_told_in_the_language(sign_in: SignIn, configured_db: Engine):
    client = sign_in("admin")
    for method, path, body, status in REFUSED:
        told = {}
        for language in LANGUAGES:
            answer = client.request(
                method, f"/{path}", json=body, headers={"accept-language": language}
            )
            assert answer.status_code == status, (path, answer.text)
            told[language] = answer.json()["detail"]
        assert len(set(told.values())) == len(LANGUAGES), told
        for language in ("ru", "kk"):
            # The sentence of this very refusal, not one that fits them all.
            assert status != 404 or "C-2026-" not in path or "C-2026-99" in told[language], told
            text = re.sub(r"no_such|\(body[^)]*\)|C-\d{4}-\d{3}", "", told[language])
            assert not find_foreign(text, language), told


def test_saves_are_refused_in_the_language(sign_in: SignIn, configured_db: Engine):
    client = sign_in("admin")
    code = client.post("/api/rows", json={}).json()["rows"][0]["code"]
    change = {"code": code, "column": "audience", "value": "x", "base": 0}
    lost = change | {"code": "C-2026-998"}
    long = change | {"column": "idea", "value": "x" * 33_000}
    told = []
    for language in LANGUAGES:
        headers = {"accept-language": language}
        kinds = {}
        for role, one in (("marketer", change), ("admin", lost), ("admin", long)):
            body = {"changes": [one]}
            answer = sign_in(role).post("/api/cells", json=body, headers=headers).json()
            kinds |= {it["kind"]: it["sentence"] for it in answer["refused"]}
        assert set(kinds) == {"right", "unknown", "too_long"}
        told.append(kinds)
    for english, russian, kazakh in zip(*(kinds.values() for kinds in told), strict=True):
        assert len({english, russian, kazakh}) == len(LANGUAGES)
        assert not find_foreign(russian.replace("C-2026-998", ""), "ru")
        assert not find_foreign(kazakh.replace("C-2026-998", ""), "kk")


@pytest.mark.parametrize(
    ("note", "russian", "kazakh"),
    [
        ("", "", ""),
        ("cancelled by Aigul", "остановил(а) Aigul", "тоқтатқан: Aigul"),
        (
            "Would reach 12000 users; approved for 800 to 1200.",
            "Получили бы 12\u202f000 человек; согласовано от 800 до 1\u202f200.",
            "12\u202f000 адам алар еді; мақұлданғаны 800 мен 1\u202f200 аралығы.",
        ),
        (
            "UndefinedTable: relation is away",
            "ошибка планирования, её видит команда данных в Airflow",
            "жоспарлау қатесі, оны деректер командасы Airflow-та көреді",
        ),
    ],
)
def test_notes_of_runs_are_told_in_the_language(note: str, russian: str, kazakh: str):
    english = explain_note(note, "en").replace("\u202f", "")
    # People stop a run, and read so; what is cancelled is a brief.
    assert english == note.replace("cancelled by", "stopped by")
    assert (explain_note(note, "ru"), explain_note(note, "kk")) == (russian, kazakh)


def test_the_notes_are_those_that_sql_writes():
    folder = HERE.parents[2] / "sql"
    written = " ".join(file.read_text(encoding="utf-8") for file in folder.glob("*/*_run*.sql"))
    for words in (
        "expired before it was planned",
        "expired before all of it was planned",
        "'cancelled by '",
        "Nobody is in the audience.",
        "Would reach %s users; approved for %s to %s.",
        "%s refused the reach of %s users.",
    ):
        assert words in written


def test_runs_page_speaks_the_language(sign_in: SignIn, configured_db: Engine):
    with configured_db.begin() as conn:
        run_id = create_run(conn, title="Қыс")
    page = sign_in("viewer").get(f"/runs/{run_id}", headers={"accept-language": "kk"}).text
    assert "кезекке қойылды" in page
    assert "поставлено" not in page


def test_what_was_kept_before_kazakh_is_read_in_russian():
    kept: Mapping[str, str] = {"en": "Fill it.", "ru": "Заполните."}
    assert [pick_wording(kept, language) for language in ("en", "ru", "kk")] == [
        "Fill it.",
        "Заполните.",
        "Заполните.",
    ]


def test_no_route_makes_a_sentence_of_its_own():
    """An answer's detail comes from a catalogue; templates hold no words but those they ask for."""
    for file in Path(HERE).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "HTTPException":
                literals = [it for it in ast.walk(node) if isinstance(it, ast.Constant)]
                told = [it.value for it in literals if isinstance(it.value, str)]
                asks = "say" in ast.dump(node)
                assert asks or not told, (file.name, told)
                assert "'str'" not in ast.dump(node), file.name
    for file in (HERE / "templates").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        # Attributes that are put together before they are used.
        prepared = r"\{% set \w+ %\}.*?endset %\}|\{% macro describe.*?endmacro -?%\}"
        text = re.sub(prepared, "", text, flags=re.DOTALL)
        text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
        texts = re.findall(r">([^<>]*)<", text)
        assert not [it for it in texts if re.search(r"[^\W\d_]{3,}", it)], file.name
