"""Why something was not done to a row of the sheet page, in the reader's language."""

from pushline.brief.refusal_sentences import REFUSALS
from pushline.errors import GiveUpRow
from pushline.sentence import Sentence


class RowRefused(GiveUpRow):
    """Something cannot be done to a row; `sentence` says why and the way out."""

    sentence: Sentence

    def __init__(self, key: str, **words: object) -> None:
        self.key = key
        super().__init__(sentence=Sentence.say(REFUSALS, key, **words))
