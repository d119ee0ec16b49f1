"""Why something was not done to a row of the sheet page, in the reader's language."""

from pushline.errors import GiveUpRow
from pushline.model import Sentence

SENTENCES: dict[str, tuple[str, str]] = {
    "unknown_row": (
        "There is no row {code} in the sheet any more: load the page again.",
        "Строки {code} в таблице больше нет: обновите страницу.",
    ),
    "unknown_cell": (
        "There is no column “{column}”, or its text is too long. Take the names of the sheet.",
        "Нет столбца «{column}», или его текст слишком длинный. Возьмите названия из таблицы.",
    ),
    "too_many": (
        "At most {most} at once: import a file for more.",
        "За один раз можно не больше {most}: загрузите файл.",
    ),
    "code_taken": (
        "There is a row {code} already: change its cells instead of making it again.",
        "Строка {code} уже есть: измените её, а не создавайте снова.",
    ),
    "row_without_brief": (
        "{code} was never saved as a brief: mend its red cells first, or remove the row.",
        "{code} ещё не сохранён как бриф: сначала исправьте красные ячейки или удалите строку.",
    ),
    "row_out_of_step": (
        "{code} has red cells that are not saved: mend them first.",
        "В {code} есть красные ячейки, они не сохранены: сначала исправьте их.",
    ),
    "row_not_ready": (
        "{code} cannot go on yet, so much is to be mended: {count}.",
        "{code} пока не может идти дальше. Нужно исправить: {count}.",
    ),
    "row_stays": (
        "{code} is {status} and stays in the sheet: cancel it instead.",
        "{code}: {status_ru}, строка остаётся в таблице. Отмените бриф.",
    ),
    "step_impossible": (
        "{code} is {status} and cannot become “{to}”.",
        "{code}: {status_ru}, перейти в «{to_ru}» нельзя.",
    ),
    "step_of_others": (
        "{code}: from “{status}” to “{to}” is the step of {who}: ask them.",
        "{code}: из «{status_ru}» в «{to_ru}» переводит {who_ru}: попросите их.",
    ),
    "approval_not_due": (
        "{code} is {status}: only a brief whose audience is ready can be approved.",
        "{code}: {status_ru}. Согласовать можно бриф, у которого готова аудитория.",
    ),
    "approval_outdated": (
        "{code} was changed since it was shown to you: look at it again.",
        "{code} изменили после того, как вам его показали: посмотрите ещё раз.",
    ),
    "approval_needs_four_eyes": (
        "You wrote part of {code}: somebody else has to approve it.",
        "Вы писали часть {code}: согласовать должен кто-то другой.",
    ),
    "number_not_typed": (
        "This goes to {reach} people: type that number to approve it.",
        "Это получат {reach} человек: введите это число, чтобы согласовать.",
    ),
}


class RowRefused(GiveUpRow):
    """Something cannot be done to a row; `sentence` says why and the way out in two languages."""

    def __init__(self, key: str, **words: object) -> None:
        self.key = key
        self.sentence = Sentence.say(SENTENCES, key, **words)
        super().__init__(self.sentence.en)
