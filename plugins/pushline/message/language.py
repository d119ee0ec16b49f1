"""Which language a person is written to."""

from collections.abc import Collection, Iterable


def choose_language(locale: str | None, filled: Iterable[str], default: str) -> str | None:
    """Return the language of the text for a person, or None if the brief has no text at all.

    The locale itself (kk-KZ), then its base language (kk), then the project's default, then the
    first filled language in the brief's order.
    """
    order = [language for language in filled if language]
    known: Collection[str] = set(order)
    wanted = (locale or "").strip().replace("_", "-").casefold()
    for candidate in (wanted, wanted.partition("-")[0], default):
        if candidate in known:
            return candidate
    return order[0] if order else None
