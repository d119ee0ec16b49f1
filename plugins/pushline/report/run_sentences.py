"""What is said of a run: the note beside its status, and numbers that do not add up."""

import re

from pushline.sentence import Sentence, Wordings

RUN_SENTENCES: dict[str, Wordings] = {
    "unknown_run": (
        "There is no run {run}: load the page again.",
        "Рассылки {run} нет: обновите страницу.",
        "{run} жіберілімі жоқ: бетті жаңартыңыз.",
    ),
    "parts": (
        "audience {whole} is not {sum}, the sum of its parts",
        "аудитория {whole} не равна сумме частей {sum}",
        "аудитория {whole} бөліктерінің қосындысына ({sum}) тең емес",
    ),
    "states": (
        "enqueued {whole} is not {sum}, the sum of its states",
        "в очереди {whole}, а сумма состояний {sum}",
        "кезекте {whole}, ал күйлерінің қосындысы {sum}",
    ),
    "expired_before": (
        "expired before it was planned",
        "срок истёк до планирования",
        "жоспарланғанша мерзімі өтті",
    ),
    "expired_partly": (
        "expired before all of it was planned",
        "срок истёк, пока планировали",
        "жоспарланып біткенше мерзімі өтті",
    ),
    "expired_unapproved": (
        "expired while its approval was taken back",
        "срок истёк, пока согласование было отозвано",
        "мақұлдауы қайтарылып тұрғанда мерзімі өтті",
    ),
    "unapproved": (
        "Its approval was taken back. Approved again in time, the rest is planned by itself.",
        "Согласование отозвано. Если согласовать снова вовремя, остальное спланируется само.",
        "Мақұлдауы қайтарылды. Уақытында қайта мақұлданса, қалғаны өздігінен жоспарланады.",
    ),
    "cancelled_by": (
        "stopped by {who}",
        "остановил(а) {who}",
        "тоқтатқан: {who}",
    ),
    "nobody": (
        "Nobody is in the audience.",
        "В аудитории никого нет.",
        "Аудиторияда ешкім жоқ.",
    ),
    "held": (
        "Would reach {reach} users; approved for {low} to {high}.",
        "Получили бы {reach} человек; согласовано от {low} до {high}.",
        "{reach} адам алар еді; мақұлданғаны {low} мен {high} аралығы.",
    ),
    "refused": (
        "{who} refused the reach of {reach} users.",
        "{who}: охват {reach} человек отклонён.",
        "{who}: {reach} адамға жіберуден бас тартты.",
    ),
    "broken": (
        "{told}",
        "ошибка планирования, её видит команда данных в Airflow",
        "жоспарлау қатесі, оны деректер командасы Airflow-та көреді",
    ),
}

# As SQL writes notes beside a status (sql/plan, sql/send_queue).
_NOTES: tuple[tuple[str, str], ...] = (
    (r"expired before it was planned", "expired_before"),
    (r"expired before all of it was planned", "expired_partly"),
    (r"expired while its approval was taken back", "expired_unapproved"),
    (
        r"Its approval was taken back\. Approved again in time, the rest is planned by itself\.",
        "unapproved",
    ),
    (r"cancelled by (?P<who>.+)", "cancelled_by"),
    (r"Nobody is in the audience\.", "nobody"),
    (r"Would reach (?P<reach>\d+) users; approved for (?P<low>\d+) to (?P<high>\d+)\.", "held"),
    (r"(?P<who>.+) refused the reach of (?P<reach>\d+) users\.", "refused"),
)


def explain_note(note: str, language: str) -> str:
    """Return the note of a run in a language; what stopped it in words only for its English.

    An error that set a run aside is written for the data team; others are told where it stands.
    """
    if not note:
        return ""
    for pattern, code in _NOTES:
        found = re.fullmatch(pattern, note, re.DOTALL)
        if found:
            words = {name: _number(word) for name, word in found.groupdict().items()}
            return Sentence.say(RUN_SENTENCES, code, **words).text(language)
    return Sentence.say(RUN_SENTENCES, "broken", told=note).text(language)


def _number(word: str) -> str | int:
    return int(word) if word.isdecimal() and len(word) < 16 else word
