"""Links from corpus/links.tsv and Liquid bombs: accepted as written there, or a sentence."""

import json
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pushline.message.checks import MessageChecks
from pushline.message.links import LinkRules, check_link
from pushline.message.liquid import TextNotRendered, check_template, render
from pushline.message.text_fit import fit, split_graphemes
from pushline.message.utm import remove_utm, tag_link, typed_utm_names
from pushline.model import AudienceColumn
from tests.hostile.conftest import CORPUS

RULES = LinkRules(hosts=("shop.example.kz", "дүкен.қаз"), app_schemes=("app",))
TAGS = {"source": "crm", "campaign": "sale_1", "variant": "a", "campaign_code": "C-2026-001"}
COLUMNS = {"a": AudienceColumn("a"), "n": AudienceColumn("n", type="int")}


def read_links() -> list[tuple[str, str, str]]:
    """(link, code or tagged link, what it tries)."""
    lines = (CORPUS / "links.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(json.loads(link), answer, tries) for link, answer, tries in rows]


@pytest.mark.parametrize(("link", "answer", "tries"), read_links())
def test_link_is_tagged_or_refused_as_the_corpus_says(link: str, answer: str, tries: str):
    found = check_link(link, RULES)
    assert (found[0].code if found else tag_link(link, **TAGS)) == answer, tries
    if found:
        assert "{" not in found[0].sentence.en.replace("{{", "")
    else:
        assert tag_link(answer, **TAGS) == answer


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_tagging_keeps_query_and_fragment_and_happens_once(tail: str):
    link = f"https://shop.example.kz/{tail}"
    if check_link(link, RULES):
        return
    tagged = tag_link(link, **TAGS)
    assert tag_link(tagged, **TAGS) == tagged
    assert tagged.partition("#")[2] == link.partition("#")[2]
    assert tagged.startswith(link.partition("#")[0])
    assert typed_utm_names(remove_utm(tagged)) == ()
    assert not check_link(remove_utm(tagged), RULES)


BOMBS = {
    "reversed range": "{% for i in (1..99999999999) reversed %}x{% break %}{% endfor %}",
    "offset": "{% for i in (1..99999999999) limit: 1 offset: 99999999998 %}x{% endfor %}",
    "range by a variable": "{% assign k = 99999999999 %}{% for i in (1..k) reversed %}{% endfor %}",
    "range behind quotes": "{% for i in ('1'..99999999999) reversed %}{% endfor %}",
    "range in a filter": "{{ (1..99999999999) | join: ',' }}",
    "squares": "{% assign x = 99999999 %}" + "{% assign x = x | times: x %}" * 60 + "ok",
    "squares of negatives": "{% assign x = -9999999 %}" + "{% assign x = x | times: x %}" * 60,
    "doubling": "{% assign x = 'aaaaaaaaaa' %}" + "{% assign x = x | append: x %}" * 60,
    "doubling backwards": "{% assign x = 'aaaaaaaaaa' %}" + "{% assign x = x | prepend: x %}" * 60,
    "deep index": "{{ " + "a[" * 600 + "'x'" + "]" * 600 + " }}",
    "deep parentheses": "{% if " + "(" * 600 + "a" + ")" * 600 + " %}x{% endif %}",
    "nested loops": "{% for i in (1..9) %}" * 9 + "x" + "{% endfor %}" * 9,
    "long loops": "{% for i in (1..190) %}" + "x" * 100 + "{% endfor %}",
    "include": "{% include 'x' %}",
    "render itself": "{% render 'x' %}",
    "capture": "{% capture x %}{{ a }}{% endcapture %}{{ x }}",
    "macro": "{% macro x %}{% endmacro %}",
    "endless tags": "{% if a %}" * 200,
    "endless cases": "{% case a %}" + "{% when 'x' %}" * 140,
    "open braces": "{{" * 900,
    "open tags": "{%" * 900,
    "wide dates": "{{ 'now' | date: '" + "%9999c" * 300 + "' }}{{",
    "infinity": "{{ 1e999 | ceil }}",
}
# In a process of its own, which gets a gigabyte and ten seconds of the processor.
CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, (2**30, 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
from pushline.message.liquid import TextNotRendered, check_template, render
for text in sys.stdin.read().split("\\0"):
    codes = [finding.code for finding in check_template(text, None)]
    try:
        size = len(render(text, {"a": "x" * 4000}))
    except TextNotRendered as error:
        size = str(error)
    print(repr((codes, size)))
"""


def test_liquid_bombs_end_within_a_gigabyte_and_ten_seconds():
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        input="\0".join(BOMBS.values()),
        capture_output=True,
        text=True,
        check=False,
    )
    answers = done.stdout.splitlines()
    assert done.returncode == 0, (list(BOMBS)[len(answers)], done.stderr[-500:])
    for name, answer in zip(BOMBS, answers, strict=True):
        codes, size = eval(answer)  # noqa: S307 - our own repr
        assert codes or isinstance(size, str), (name, answer)


@settings(max_examples=30)
@given(st.text("{}%| abin()'\".:=<>[]0123456789-#forendifassignelsecasewhen", max_size=120))
def test_any_liquid_gets_a_verdict(text: str):
    found = check_template(text, COLUMNS)
    assert all(finding.sentence.en for finding in found)
    with suppress(TextNotRendered):
        assert len(render(text, {"a": "x", "n": 5})) <= 4_000


@given(st.text(max_size=300), st.sampled_from(["title", "body"]))
def test_any_text_is_measured(text: str, place):
    judged = fit(text, place)
    assert judged.graphemes == len(split_graphemes(text))
    assert judged.colour in {"green", "yellow", "orange", "red"}
    assert all(finding.sentence.en for finding in judged.findings)
    assert MessageChecks().check_fit("{{ a }}" + text, place, COLUMNS) is not None


ZALGO = {
    "marks": "a" + "\u0301" * 1_999,
    "joined": "👨\u200d" * 999,
    "flags": "🇰" * 999,
    "no breaks": "Ж" * 2_000,
    "turned": "\u202e" * 2_000,
    "lines": "\n" * 2_000,
}


@pytest.mark.parametrize("name", ZALGO)
def test_extreme_texts_are_measured(name: str):
    assert fit(ZALGO[name], "body").colour in {"green", "yellow", "orange", "red"}
