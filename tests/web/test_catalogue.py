"""The page's words: three languages, the same keys and fields, every plural form."""

import json
import re
from typing import Any

import pytest
from babel import Locale

from pushline.web.context import HERE, LANGUAGES, format_number, say, to_script

CATALOGUES: dict[str, dict[str, Any]] = {
    language: json.loads((HERE / "catalogue" / f"{language}.json").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
FIELD = re.compile(r"\{(\w+)\}")
AREAS = re.compile(r"[a-z]+\.[a-z0-9_-]+")


def fields_of(words: str | dict[str, str]) -> set[str]:
    texts = words.values() if isinstance(words, dict) else [words]
    return {name for text in texts for name in FIELD.findall(text)}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_every_language_has_every_word(language: str):
    assert set(CATALOGUES[language]) == set(CATALOGUES["en"])
    for key, words in CATALOGUES["en"].items():
        assert fields_of(CATALOGUES[language][key]) == fields_of(words), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_whole(language: str):
    forms = set(Locale(language).plural_form.tags) | {"other"}
    for key, words in CATALOGUES[language].items():
        assert AREAS.fullmatch(key), key
        if isinstance(words, dict):
            assert set(words) == forms, key
            assert all(words.values()), key
        else:
            assert words.strip(), key


def test_plurals_follow_the_language():
    key = next(key for key, words in CATALOGUES["ru"].items() if isinstance(words, dict))
    words = CATALOGUES["ru"][key]
    others = dict.fromkeys(fields_of(words) - {"count"}, "x")
    spoken = {count: say("ru", key, count=count, **others) for count in (1, 3, 5, 21)}
    for count, form in ((1, "one"), (3, "few"), (5, "many"), (21, "one")):
        assert spoken[count] == words[form].format(count=count, **others)


def test_numbers_have_narrow_spaces():
    assert format_number(208962) == "208\u202f962"
    assert format_number(True) is True


def test_words_cannot_end_their_script_tag():
    text = to_script({"a": "</script><script>alert(1)</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["a"].startswith("</script>")
