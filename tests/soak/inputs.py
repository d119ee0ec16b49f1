"""Fuzzing without end: parsers and the contained reader on inputs that nobody has seen yet."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pushline.audience.guard import check_statement
from pushline.audience.header import parse_file
from pushline.brief.check_row import check_row
from pushline.brief.notes import Rules
from pushline.brief.read_sheet import read_bytes
from pushline.brief.sheet import COLUMNS
from pushline.brief.slots import PlannedRow, make_calendar
from pushline.errors import PushlineError
from pushline.message.checks import MessageChecks
from pushline.message.links import LinkRules, check_link
from pushline.message.liquid import check_template, render
from pushline.message.text_fit import fit
from pushline.message.utm import tag_link
from tests.hostile.conftest import HostileWorld, hostile_world
from tests.hostile.mutations import mutate
from tests.hostile.sheets import PLAIN
from tests.hostile.test_messages import BOMBS, TAGS, read_links
from tests.soak.figures import Figures

LETTERS = "ab{}%|()[]<>'\"\\/:;.,=&?#@!+-_ \t\n\0\u200b\u202e\u2028\ud800aәЖ👨\u200d👩🇰🇿0123456789"
RULES = LinkRules(hosts=("shop.example.kz", "дүкен.қаз"), app_schemes=("app",))
NOW = datetime(2026, 8, 1, 6, tzinfo=UTC)
SLOW = 5.0  # seconds of the processor for one input
_DATES = ("promo_start", "promo_end", "send_at")
SERVED = 40  # parsed inputs for each one that goes to the server


def run(until: float, figures: Figures) -> None:
    """Try inputs until time.monotonic() reaches `until`; each has a seed that repeats it."""
    figures.count("inputs tried", 0)
    seed = time.time_ns() % 2**48
    with _world() as world:
        while time.monotonic() < until:
            for step in range(SERVED):
                _try(_PARSERS[step % len(_PARSERS)], seed := seed + 1, figures)
            _serve(world, seed := seed + 1, figures)


@contextmanager
def _world() -> Iterator[HostileWorld]:
    with TemporaryDirectory() as folder, hostile_world(Path(folder)) as world:
        yield world


def _try(parse: Callable[[Random], object], seed: int, figures: Figures) -> None:
    started = time.process_time()
    try:
        parse(_random(seed))
    except PushlineError:
        pass  # a verdict in words
    except Exception:  # noqa: BLE001 - that is what is looked for
        figures.record_violation("inputs without a verdict", f"{parse.__name__} {seed}: {_last()}")
    if time.process_time() - started > SLOW:
        figures.record_violation("inputs that took too long", f"{parse.__name__} {seed}")
    figures.count("inputs tried")


def _serve(world: HostileWorld, seed: int, figures: Figures) -> None:
    """What passes the guard must be harmless under the contained reader."""
    rng = _random(seed)
    before = world.state()
    try:
        world.read(world.guarded(mutate(rng).encode()))
    except PushlineError:
        pass
    except Exception:  # noqa: BLE001 - that is what is looked for
        figures.record_violation("inputs without a verdict", f"statement {seed}: {_last()}")
    world.wait_for_the_last_session()
    if world.state() != before or not world.planner_locks_are_free():
        figures.record_violation("harm done by an audience", f"statement {seed}")
    figures.count("inputs tried")


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - to be repeated, not to be secret


def _last() -> str:
    return "".join(traceback.format_exception_only(*sys.exc_info()[:2])).strip()[:300]


def _text(rng: Random, longest: int = 200) -> str:
    return "".join(rng.choices(LETTERS, k=rng.randint(0, longest)))


def _damage(text: str, rng: Random) -> str:
    for _ in range(rng.randint(0, 4)):
        place = rng.randint(0, len(text))
        text = text[:place] + _text(rng, 4) + text[place + rng.randint(0, 3) :]
    return text


def _parse_statement(rng: Random) -> object:
    return check_statement.__wrapped__(mutate(rng), "here")


def _parse_header(rng: Random) -> object:
    header = "-- title: a\n-- owner: b\n-- param days int default 30: c\nSELECT 1 AS user_id"
    return parse_file.__wrapped__("x", "here", _damage(header, rng))


def _parse_csv(rng: Random) -> object:
    text = _damage("idea,link,Когда\nx,app://a,2026-08-15 11:00\n", rng)
    encoding = rng.choice(("utf-8", "utf-16", "cp1251", "utf-8-sig"))
    return read_bytes(text.encode(encoding, "replace"), "a.csv")


def _parse_xlsx(rng: Random) -> object:
    content = bytearray(PLAIN)
    for _ in range(rng.randint(1, 8)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    return read_bytes(bytes(content), "a.xlsx")


def _parse_row(rng: Random) -> object:
    values = (_text(rng), rng.random() * 10**9, rng.randint(-9, 10**12), None, True, NOW)
    cells = {key: rng.choice(values) for key in rng.sample(list(COLUMNS), 8)}
    for key in rng.sample(_DATES, rng.randint(0, len(_DATES))):
        cells[key] = _moment(rng) if key == "send_at" else _moment(rng)[:10]
    if rng.random() < 0.5:
        cells["repeat"] = _repeat(rng)
        make_calendar(
            [PlannedRow("C-2026-001", "idea", {key: str(cell) for key, cell in cells.items()})],
            Rules(),
            first=NOW.date(),
            after=NOW.date() + timedelta(days=31),
            minimum_gap=None,
        )
    return check_row(cells, now=NOW, rules=Rules(), audiences={}, texts=MessageChecks(), number=2)


def _moment(rng: Random) -> str:
    """A time of any year; most of them stand where something may overflow."""
    year = rng.choice((1, 2, 1899, 1999, 2000, 2026, 2027, 2036, 2037, 9998, 9999))
    return f"{year:04}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} {rng.randint(0, 23):02}:59"


def _repeat(rng: Random) -> str:
    frequency = rng.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY"))
    ends = ("", ";COUNT=1000", ";UNTIL=99991231T235959Z", ";UNTIL=00010101", ";BYMONTHDAY=31")
    return f"FREQ={frequency};INTERVAL={rng.choice((1, 7, 366))}{rng.choice(ends)}"


def _parse_link(rng: Random) -> object:
    link = _damage(rng.choice(_LINKS), rng)
    if not check_link(link, RULES):
        tagged = tag_link(link, **TAGS)
        if tag_link(tagged, **TAGS) != tagged or tagged.partition("#")[2] != link.partition("#")[2]:
            raise AssertionError(link)
    return link


def _parse_liquid(rng: Random) -> object:
    text = _damage(rng.choice(_LIQUID), rng)[:2_000]
    check_template(text, None)
    return render(text, {"a": _text(rng), "x": 5})


def _parse_text(rng: Random) -> object:
    return fit(_text(rng, 2_000), rng.choice(("title", "body")))


_LINKS = [link for link, _, _ in read_links()]
_LIQUID = [*BOMBS.values(), "{{ a | default: 'друг' }}", "{% if a %}{{ a | upcase }}{% endif %}"]
_PARSERS = (
    *(_parse_statement, _parse_header, _parse_csv, _parse_xlsx),
    *(_parse_row, _parse_link, _parse_liquid, _parse_text),
)
