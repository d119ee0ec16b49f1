"""UTM parameters: appended once to a link whose other bytes stay as they were."""

import re
from urllib.parse import quote, unquote, urlsplit

# In the order in which they are appended.
UTM_NAMES = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_id")
UTM_SLUG = re.compile(r"[a-z0-9_]{3,40}")
UTM_MEDIUM = "push"

_TRANSLITERATION = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        "a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sch - y - e yu ya "
        "a g q n o u u h i".replace("-", "\0").split(" "),
        strict=True,
    )
)


def tag_link(link: str, *, source: str, campaign: str, variant: str, campaign_code: str) -> str:
    """Return the link with our five UTM parameters appended to its query.

    Path, other parameters, fragment and custom schemes stay byte for byte. Tagging a tagged link
    again changes nothing; a link with UTM parameters of its own gets ours instead (briefs refuse
    such links before, see `typed_utm_names`).
    """
    values = dict(
        zip(UTM_NAMES, (source, UTM_MEDIUM, campaign, variant, campaign_code), strict=True)
    )
    tags = "&".join(f"{name}={quote(value, safe='')}" for name, value in values.items())
    before, _, _ = link.partition("#")
    if before.endswith(tags) and not typed_utm_names(before.removesuffix(tags)):
        return link
    before, hash_sign, fragment = remove_utm(link).partition("#")
    joint = "&" if "?" in before else "?"
    if before.endswith(("?", "&")):
        joint = ""
    return f"{before}{joint}{tags}{hash_sign}{fragment}"


def remove_utm(link: str) -> str:
    """Return the link without UTM parameters, everything else byte for byte."""
    if not typed_utm_names(link):
        return link
    before, hash_sign, fragment = link.partition("#")
    path, _, query = before.partition("?")
    kept = [pair for pair in query.split("&") if not _is_utm(pair)]
    return f"{path}{'?' if kept else ''}{'&'.join(kept)}{hash_sign}{fragment}"


def typed_utm_names(link: str) -> tuple[str, ...]:
    """Return the names of UTM parameters in the query, in any case, encoded or not."""
    query = urlsplit(link).query
    return tuple(unquote(pair.partition("=")[0]) for pair in query.split("&") if _is_utm(pair))


def make_slug(text: str) -> str | None:
    """Return the nearest campaign name that UTM allows («Flash Sale» -> flash_sale), or None."""
    letters = "".join(_TRANSLITERATION.get(letter, letter) for letter in text.casefold())
    slug = re.sub(r"[^a-z0-9]+", "_", letters.replace("\0", "")).strip("_")[:40].strip("_")
    return slug if UTM_SLUG.fullmatch(slug) else None


def _is_utm(pair: str) -> bool:
    # A plus is a space, and `&amp;` comes with links that were copied out of HTML.
    name = unquote(pair.partition("=")[0]).removeprefix("amp;")
    return name.strip(" +").casefold().startswith("utm_")
