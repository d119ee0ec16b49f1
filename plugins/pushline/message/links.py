"""Where a push may lead: an allow-list of schemes and hosts, and no tricks in the address."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from pushline.message.sentences import SENTENCES
from pushline.message.utm import remove_utm, typed_utm_names
from pushline.model import Finding
from pushline.sentence import Sentence

# Letters and signs by their category, yet blank: fillers of Hangul, the empty Braille pattern.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRAWN_AS_NOTHING = frozenset("\u115f\u1160\u3164\uffa0\u2800")


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What links may be: https to exactly these hosts, and the app's own schemes."""

    hosts: tuple[str, ...] = ("shop.example.kz",)
    app_schemes: tuple[str, ...] = ("app",)
    image_hosts: tuple[str, ...] = ()

    @property
    def allowed_starts(self) -> str:
        """Return the allowed starts, for sentences: https:// or app://."""
        return ", ".join(f"{scheme}://" for scheme in ("https", *self.app_schemes))


def check_link(link: str, rules: LinkRules) -> list[Finding]:
    """Say what is wrong with the link of a brief; an empty list means nothing."""
    finding = next(_find_faults(link, rules, rules.hosts), None)
    if finding:
        return [finding]
    names = typed_utm_names(link)
    if names:
        words = {"names": ", ".join(dict.fromkeys(names))}
        return [_finding("link_utm", fix=remove_utm(link), **words)]
    return []


def check_image(link: str, rules: LinkRules) -> list[Finding]:
    """Say what is wrong with the address of a picture: https only, hosts as for links or more."""
    if link.casefold().startswith("http://"):
        return [_finding("image_https", fix="https://" + link[len("http://") :])]
    only_web = LinkRules(hosts=rules.hosts, app_schemes=(), image_hosts=rules.image_hosts)
    finding = next(_find_faults(link, only_web, (*rules.hosts, *rules.image_hosts)), None)
    return [finding] if finding else []


def _find_faults(link: str, rules: LinkRules, hosts: tuple[str, ...]) -> Iterator[Finding]:
    """Yield faults, the most telling first; later ones may assume that earlier ones are absent."""
    yield from _find_bad_letters(link)
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        yield _finding("link_not_parsed", example=_example(rules, hosts))
        return
    yield from _find_wrong_start(parts, rules, hosts)
    if "@" in parts.netloc:
        yield _finding("link_userinfo")
    if port is not None:
        yield _finding("link_port", port=str(port))
    if parts.scheme == "https":
        yield from _find_wrong_host(parts.hostname or "", hosts)
    if "//" in unquote(parts.path):
        yield _finding("link_double_slash")
    if _CONTROL.search(unquote(link)):
        yield _finding("link_has_space")


def _find_bad_letters(link: str) -> Iterator[Finding]:
    if "{{" in link or "{%" in link:
        yield _finding("link_liquid")
    if any(_is_blank_or_hidden(letter) for letter in link):
        yield _finding("link_has_space")
    if "\\" in link or "\\" in unquote(link):
        yield _finding("link_has_backslash")


def _find_wrong_start(
    parts: SplitResult, rules: LinkRules, hosts: tuple[str, ...]
) -> Iterator[Finding]:
    if not parts.scheme:
        yield _finding("link_not_parsed", example=_example(rules, hosts))
    elif parts.scheme == "http" and (parts.hostname or "") in hosts:
        fix = parts._replace(scheme="https").geturl()
        yield _finding("link_scheme", fix=fix, scheme="http", allowed=rules.allowed_starts)
    elif parts.scheme not in {"https", *rules.app_schemes}:
        yield _finding("link_scheme", scheme=parts.scheme, allowed=rules.allowed_starts)
    elif not parts.netloc:
        yield _finding("link_not_parsed", example=_example(rules, hosts))


def _find_wrong_host(host: str, hosts: tuple[str, ...]) -> Iterator[Finding]:
    if _mixes_scripts(host):
        yield _finding("link_mixed_scripts", host=host)
    if _plain_host(host) not in {_plain_host(ours) for ours in hosts}:
        yield _finding("link_host", host=host, allowed=", ".join(hosts))


def _mixes_scripts(host: str) -> bool:
    """Tell whether one label of the host, decoded, has letters of two alphabets."""
    return any(
        len({unicodedata.name(letter, "?").split()[0] for letter in label if letter.isalpha()}) > 1
        for label in _decoded_labels(host)
    )


def _decoded_labels(host: str) -> Iterator[str]:
    for label in host.split("."):
        if label.startswith("xn--"):
            try:
                yield label.encode("ascii").decode("idna")
            except UnicodeError:
                yield label
        else:
            yield label


def _plain_host(host: str) -> str:
    return ".".join(_decoded_labels(host.casefold().removesuffix(".")))


def _is_blank_or_hidden(letter: str) -> bool:
    # Zs spaces, Cc control, Cf zero width and direction marks, Cs halves of letters
    return letter in _DRAWN_AS_NOTHING or unicodedata.category(letter) in {
        *("Zs", "Zl", "Zp"),
        *("Cc", "Cf", "Cs", "Co", "Cn"),
    }


def _example(rules: LinkRules, hosts: tuple[str, ...]) -> str:
    if hosts:
        return f"https://{hosts[0]}/…"
    return f"{rules.app_schemes[0]}://…" if rules.app_schemes else "https://…"


def _finding(code: str, fix: str | None = None, **words: object) -> Finding:
    return Finding(code, Sentence.say(SENTENCES, code, **words), fix=fix)
