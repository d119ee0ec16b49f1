"""What readers of the page are told when a run cannot be stopped: English, Russian, Kazakh."""

from pushline.sentence import Wordings

SENTENCES: dict[str, Wordings] = {
    "unknown_run": (
        "There is no run {run}.",
        "Рассылки {run} нет: обновите страницу.",
        "{run} жіберілімі жоқ: бетті жаңартыңыз.",
    ),
    "nothing_left": (
        "Run {run} has ended before: nothing is left to cancel.",
        "Рассылка {run} уже закончилась: останавливать нечего.",
        "{run} жіберілімі аяқталған: тоқтататын ештеңе қалмады.",
    ),
}
