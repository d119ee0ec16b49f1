"""A sentence for a person in every language of the page, and how its words are filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# Numbers on pages and in sentences: 208 962.
NARROW_SPACE = "\u202f"

# One sentence in the three languages of the page, side by side: English, Russian, Kazakh.
Wordings = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence for a person, in every language of the page; says what to do."""

    en: str
    ru: str
    kk: str

    def text(self, language: str = "en") -> str:
        """Return the sentence in `language`; English for one that the page does not speak."""
        return {"ru": self.ru, "kk": self.kk}.get(language, self.en)

    def as_dict(self) -> dict[str, str]:
        """Return the sentence by language, to be kept and read in any of them later."""
        return {"en": self.en, "ru": self.ru, "kk": self.kk}

    @classmethod
    def say(cls, catalogue: Mapping[str, Wordings], code: str, /, **words: object) -> "Sentence":
        """Fill the sentence `code` of a catalogue; a word may be a Sentence of its own.

        Whole numbers get narrow spaces.
        """
        english, russian, kazakh = catalogue[code]
        return cls(
            english.format(**_speak(words, "en")),
            russian.format(**_speak(words, "ru")),
            kazakh.format(**_speak(words, "kk")),
        )

    @classmethod
    def same(cls, text: str) -> "Sentence":
        """Return what is written alike in every language: a name, a number, a sign."""
        return cls(text, text, text)

    @classmethod
    def join(cls, sentences: Iterable["Sentence"], between: str = " ") -> "Sentence":
        """Return sentences one after another."""
        parts = list(sentences)
        return cls(
            *(between.join(part.text(name) for part in parts) for name in ("en", "ru", "kk"))
        )


def pick_wording(kept: Mapping[str, str], language: str) -> str:
    """Return a kept sentence (`Sentence.as_dict`); one kept without Kazakh is read in Russian."""
    return kept.get(language) or kept["en" if language == "en" else "ru"]


def format_number(value: object) -> object:
    """Return a whole number with narrow no-break spaces; anything else as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", NARROW_SPACE)
    return value


def _speak(words: Mapping[str, object], language: str) -> dict[str, object]:
    return {
        name: word.text(language) if isinstance(word, Sentence) else format_number(word)
        for name, word in words.items()
    }
