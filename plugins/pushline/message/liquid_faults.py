"""What is wrong with the Liquid of a text, in words of its writers: the parser's are for us."""

import re

from pushline.message.sentences import LIQUID_FAULTS
from pushline.sentence import Sentence

# (what the parser says, our fault, the word that its group fills); the first that fits.
_PATTERNS: tuple[tuple[str, str, str], ...] = (
    (r"expected tag end(\w+),", "never_closed", "name"),
    (r"(comment) tag was never closed", "never_closed", "name"),
    (r"unexpected tag 'end of expression'", "some_tag_open", ""),
    (r"unexpected tag '(\w+)'", "unknown_tag", "name"),
    (r"missing tag name or closing", "no_tag", ""),
    (r"unexpected (?:\"'\"|'\"')", "open_quote", ""),
    (r"unexpected '(.+)'$", "stray_sign", "sign"),
    (r"unknown operator '(.+)'", "stray_sign", "sign"),
    (r"expected end of expression, found '(.+)'", "stray_sign", "sign"),
    (r"expected end of expression", "two_words", ""),
    (r"expected word, found end", "no_filter", ""),
    (r"expected '='", "no_equals", ""),
    (
        r"missing expression|expected a primitive expression|an identifier, found end",
        "nothing_inside",
        "",
    ),
    (r"path segment|expected a dot or bracket|unbalanced parentheses", "bad_path", ""),
    (r"'([\w.-]+)' is undefined", "no_field", "name"),
    (r"can't divide by|division by zero", "by_zero", ""),
    (r"are not supported between", "not_comparable", ""),
    (r"expected an? (?:integer|int|float)|could not cast", "not_a_number", ""),
    (r"loop iteration limit", "many_rounds", ""),
    (r"output stream limit|namespace limit", "long_output", ""),
    (r"nesting limit|context depth|recursion", "deep", ""),
)


def explain_fault(error: BaseException) -> Sentence:
    """Return what is wrong, for {detail} of a sentence; without a capital and a full stop."""
    detail = getattr(error, "detail", None)
    if isinstance(detail, Sentence):
        return detail
    if isinstance(error, RecursionError):
        return Sentence.say(LIQUID_FAULTS, "deep")
    lines = str(error).splitlines()
    text = lines[0].rstrip(".") if lines else ""
    for pattern, code, word in _PATTERNS:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            words = {word: found[1]} if word else {}
            return Sentence.say(LIQUID_FAULTS, code, **words)
    return Sentence.say(LIQUID_FAULTS, "other")
