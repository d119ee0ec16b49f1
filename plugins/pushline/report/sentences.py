"""The words of the reports, English and Russian: reasons, states and the sentences of `why`."""

from pushline.model import Sentence

# The states of a push in the order in which funnels show them.
ENDS = (
    "waiting",
    "claimed",
    "accepted",
    "rejected",
    "unknown",
    "withheld",
    "expired",
    "cancelled",
)

_NAMES: dict[str, tuple[str, str]] = {
    "audience": ("audience", "аудитория"),
    "enqueued": ("enqueued", "поставлено в очередь"),
    "not_planned_yet": ("not planned yet", "ещё не запланировано"),
    "waiting": ("waiting", "ждёт отправки"),
    "claimed": ("claimed, being sent", "отправляется"),
    "accepted": ("accepted by the provider", "принято провайдером"),
    "rejected": ("rejected by the provider", "отклонено провайдером"),
    "unknown": ("unknown: no answer came", "неизвестно: ответа нет"),
    "withheld": ("withheld at the last check", "удержано при последней проверке"),
    "expired": ("expired", "истекло"),
    "cancelled": ("cancelled", "отменено"),
}

# Reasons that senders give for a push withheld; takers may have others, shown as they wrote them.
WITHHELD: dict[str, tuple[str, str]] = {
    "logged_out": ("logged out on the device", "вышел из аккаунта на устройстве"),
    "opted_out": ("withdrew the consent", "отозвал согласие"),
    "erased": ("asked to be erased", "попросил удалить свои данные"),
}

# In the fixed order of judging, as push.reason has them.
REASONS: dict[str, tuple[str, str]] = {
    "excluded": (
        "is in an audience that this brief leaves out",
        "входит в аудиторию, которую этот бриф исключает",
    ),
    "over_max_users": (
        "fell outside the brief's limit of users",
        "не вошёл в ограничение брифа по числу людей",
    ),
    "unknown_user": ("is not known to Pushline", "неизвестен Pushline"),
    "erased": ("asked to be erased", "попросил удалить свои данные"),
    "no_consent": (
        "has not agreed to this kind of push",
        "не давал согласия на такие пуши",
    ),
    "unreachable": (
        "has no device with a working push address",
        "нет устройства с рабочим адресом для пушей",
    ),
    "control_global": (
        "is in the global control group",
        "входит в глобальную контрольную группу",
    ),
    "no_text": (
        "reads no language that the brief has a text for",
        "не читает ни на одном из языков, на которых есть текст",
    ),
    "throttled": (
        "would come after the deadline at the brief's pushes per minute",
        "при заданной скорости отправки очередь дошла бы после срока",
    ),
    "local_time_passed": (
        "the local hour had passed, and the next one is after the deadline",
        "нужный час по местному времени прошёл, а следующий — уже после срока",
    ),
    "quiet_hours": (
        "it is quiet time where the user lives",
        "там, где человек живёт, тихие часы",
    ),
    "minimum_gap": (
        "another push is too close in time",
        "слишком близко по времени к другому пушу",
    ),
    "own_limit": (
        "reached the limit that the user chose",
        "достиг лимита, который выбрал сам",
    ),
    "capped": ("reached a cap rule", "достиг ограничения частоты"),
    "cool_down": ("got the same trigger recently", "недавно уже получил этот же триггер"),
    "control_campaign": (
        "is in the control group of this brief",
        "входит в контрольную группу этого брифа",
    ),
    "run_cancelled": (
        "the run was cancelled before this user was decided",
        "рассылку отменили до того, как очередь дошла до этого человека",
    ),
    "run_expired": (
        "the run expired before this user was decided",
        "срок рассылки истёк до того, как очередь дошла до этого человека",
    ),
}

WHY: dict[str, tuple[str, str]] = {
    "unknown": (
        "User {user} is not known: there is no such person in Pushline, and no run had this user "
        "in its audience. Check the number, or whether sync_people has run.",
        "Пользователь {user} неизвестен: в Pushline такого человека нет, и ни в одной аудитории "
        "он не встречался. Проверьте номер и то, что sync_people отработал.",
    ),
    "stranger": (
        "User {user} is not known to Pushline, but was in an audience: see below.",
        "Пользователь {user} в Pushline неизвестен, но попадал в аудиторию: см. ниже.",
    ),
    "erased": (
        "This person asked to be erased: past decisions are no longer kept by name.",
        "Этот человек попросил удалить его данные: прошлые решения по имени больше не хранятся.",
    ),
    "consent": (
        "{purpose}: {answer} since {since} ({source})",
        "{purpose}: {answer} с {since} ({source})",
    ),
    "no_consent": ("{purpose}: never agreed", "{purpose}: согласия не было"),
    "reachable": (
        "reachable: {devices} device(s) with a working address ({platforms})",
        "доступен: устройств с рабочим адресом — {devices} ({platforms})",
    ),
    "not_reachable": (
        "not reachable: no device with a working push address",
        "недоступен: нет устройства с рабочим адресом для пушей",
    ),
    "zone": ("time zone: {zone}", "часовой пояс: {zone}"),
    "project_zone": (
        "time zone: none that is valid (written: {written}), so the project's {zone} holds",
        "часовой пояс не указан или неверен (указано: {written}), действует пояс проекта {zone}",
    ),
    "language": ("language: {language}", "язык: {language}"),
    "no_language": (
        "language: none that is known, so the project's default {language} holds",
        "язык не указан, действует язык проекта: {language}",
    ),
    "own_limit": (
        "own limit: {limit} pushes per 7 days",
        "собственный лимит: {limit} за 7 дней",
    ),
    "control": (
        "in the global control group since {since}: gets no marketing or trigger pushes",
        "в глобальной контрольной группе с {since}: маркетинговых и триггерных пушей не получает",
    ),
    "not_sent": ("Not sent: {reason}.", "Не отправлено: {reason}."),
    "undecided": (
        "In the audience, not planned yet.",
        "В аудитории, ещё не запланировано.",
    ),
    "enqueued": (
        "Enqueued for {when}, variant {variant}, {language}: {state}",
        "Поставлено в очередь на {when}, вариант {variant}, {language}: {state}",
    ),
    "capped_by": ("reached the cap '{title}'", "достиг ограничения «{title}»"),
    "instead": ("Slots taken by: {pushes}.", "Места заняли: {pushes}."),
    "state_waiting": ("waits in the queue.", "ждёт в очереди."),
    "state_claimed": ("is being sent.", "отправляется."),
    "state_accepted": (
        "the provider accepted it{when}.",
        "провайдер принял{when}.",
    ),
    "state_rejected": (
        "the provider rejected it ({reason}).",
        "провайдер отклонил ({reason}).",
    ),
    "state_unknown": (
        "it may have arrived: no answer came.",
        "могло дойти: ответа нет.",
    ),
    "state_withheld": (
        "withheld at the last check ({reason}).",
        "удержано при последней проверке ({reason}).",
    ),
    "state_expired": (
        "nobody sent it in time, so it was dropped.",
        "вовремя не отправлено, поэтому снято.",
    ),
    "state_cancelled": (
        "cancelled before it left.",
        "отменено до отправки.",
    ),
    "receipts": ("Then: {kinds}.", "Затем: {kinds}."),
}


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[1] if language in {"ru", "kk"} else pair[0]


def name_end(name: str, language: str = "en") -> str:
    """Return audience, enqueued, not_planned_yet or a state of a push in words."""
    return _pick(_NAMES[name], language)


def name_withheld(reason: str, language: str = "en") -> str:
    """Return why a sender withheld a push in words; a reason that we do not know as it came."""
    return _pick(WITHHELD[reason], language) if reason in WITHHELD else reason or "?"


def name_reason(code: str, rule_title: str = "", language: str = "en") -> str:
    """Return a reason in words; with the title of the cap rule when it is a cap."""
    return explain_reason(code, rule_title).text(language)


def explain_reason(code: str, rule_title: str = "") -> Sentence:
    """Return a reason in both languages; with the title of the cap rule when it is a cap."""
    if rule_title:
        return Sentence.say(WHY, "capped_by", title=rule_title)
    return Sentence(*REASONS[code])
