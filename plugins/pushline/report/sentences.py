"""The words of the reports, English, Russian, Kazakh: reasons, states, the sentences of `why`."""

from pushline.sentence import Sentence, Wordings

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

_NAMES: dict[str, Wordings] = {
    "audience": (
        "audience",
        "аудитория",
        "аудитория",
    ),
    "enqueued": (
        "enqueued",
        "поставлено в очередь",
        "кезекке қойылды",
    ),
    "not_planned_yet": (
        "not planned yet",
        "ещё не запланировано",
        "әлі жоспарланған жоқ",
    ),
    "waiting": (
        "waiting",
        "ждёт отправки",
        "жіберуді күтуде",
    ),
    "claimed": (
        "claimed, being sent",
        "отправляется",
        "жіберілуде",
    ),
    "accepted": (
        "accepted by the provider",
        "принято провайдером",
        "провайдер қабылдады",
    ),
    "rejected": (
        "rejected by the provider",
        "отклонено провайдером",
        "провайдер қабылдамады",
    ),
    "unknown": (
        "unknown: no answer came",
        "неизвестно: ответа нет",
        "белгісіз: жауап келмеді",
    ),
    "withheld": (
        "withheld at the last check",
        "удержано при последней проверке",
        "соңғы тексеруде ұсталды",
    ),
    "expired": (
        "expired",
        "истекло",
        "мерзімі өтті",
    ),
    "cancelled": (
        "cancelled",
        "отменено",
        "бас тартылды",
    ),
}

# Reasons that senders give for a push withheld; takers may have others, shown as they wrote them.
WITHHELD: dict[str, Wordings] = {
    "logged_out": (
        "logged out on the device",
        "вышел из аккаунта на устройстве",
        "құрылғыда аккаунттан шыққан",
    ),
    "opted_out": (
        "withdrew the consent",
        "отозвал согласие",
        "келісімін қайтарып алған",
    ),
    "erased": (
        "asked to be erased",
        "попросил удалить свои данные",
        "деректерін өшіруді сұраған",
    ),
}

# In the fixed order of judging, as push.reason has them.
REASONS: dict[str, Wordings] = {
    "excluded": (
        "is in an audience that this brief leaves out",
        "входит в аудиторию, которую этот бриф исключает",
        "осы бриф шығаратын аудиторияда тұр",
    ),
    "over_max_users": (
        "fell outside the brief's limit of users",
        "не вошёл в ограничение брифа по числу людей",
        "брифтегі адам санының шегіне сыймады",
    ),
    "unknown_user": (
        "is not known to Pushline",
        "неизвестен Pushline",
        "Pushline бұл адамды білмейді",
    ),
    "erased": (
        "asked to be erased",
        "попросил удалить свои данные",
        "деректерін өшіруді сұраған",
    ),
    "no_consent": (
        "has not agreed to this kind of push",
        "не давал согласия на такие пуши",
        "мұндай пуштарға келісім бермеген",
    ),
    "unreachable": (
        "has no device with a working push address",
        "нет устройства с рабочим адресом для пушей",
        "пуш жететін құрылғысы жоқ",
    ),
    "control_global": (
        "is in the global control group",
        "входит в глобальную контрольную группу",
        "жалпы бақылау тобында",
    ),
    "no_text": (
        "reads no language that the brief has a text for",
        "не читает ни на одном из языков, на которых есть текст",
        "мәтін бар тілдердің бірінде де оқымайды",
    ),
    "throttled": (
        "would come after the deadline at the brief's pushes per minute",
        "при заданной скорости отправки очередь дошла бы после срока",
        "бұл жіберу жылдамдығымен кезегі мерзімнен кейін келер еді",
    ),
    "local_time_passed": (
        "the local hour had passed, and the next one is after the deadline",
        "нужный час по местному времени прошёл, а следующий — уже после срока",
        "жергілікті сағаты өтіп кеткен, келесісі мерзімнен кейін",
    ),
    "quiet_hours": (
        "it is quiet time where the user lives",
        "там, где человек живёт, тихие часы",
        "тұратын жерінде тыныш сағат",
    ),
    "minimum_gap": (
        "another push is too close in time",
        "слишком близко по времени к другому пушу",
        "басқа пушқа уақыты тым жақын",
    ),
    "own_limit": (
        "reached the limit that the user chose",
        "достиг лимита, который выбрал сам",
        "өзі таңдаған лимитке жетті",
    ),
    "capped": (
        "reached a cap rule",
        "достиг ограничения частоты",
        "жиілік лимитіне жетті",
    ),
    "cool_down": (
        "got the same trigger recently",
        "недавно уже получил этот же триггер",
        "осы триггерді жақында алған",
    ),
    "control_campaign": (
        "is in the control group of this brief",
        "входит в контрольную группу этого брифа",
        "осы брифтің бақылау тобында",
    ),
    "run_cancelled": (
        "the run was cancelled before this user was decided",
        "рассылку отменили до того, как очередь дошла до этого человека",
        "бұл адамға кезек жеткенше жіберілімнен бас тартылды",
    ),
    "run_expired": (
        "the run expired before this user was decided",
        "срок рассылки истёк до того, как очередь дошла до этого человека",
        "бұл адамға кезек жеткенше жіберілімнің мерзімі өтті",
    ),
}

WHY: dict[str, Wordings] = {
    "unknown": (
        "User {user} is not known: there is no such person in Pushline, and no run had this user "
        "in its audience. Check the number, or whether sync_people has run.",
        "Пользователь {user} неизвестен: в Pushline такого человека нет, и ни в одной аудитории "
        "он не встречался. Проверьте номер и то, что sync_people отработал.",
        "{user} пайдаланушысы белгісіз: Pushline-да ондай адам жоқ, бірде-бір аудиторияда "
        "кездеспеген. Нөмірін және sync_people орындалғанын тексеріңіз.",
    ),
    "stranger": (
        "User {user} is not known to Pushline, but was in an audience: see below.",
        "Пользователь {user} в Pushline неизвестен, но попадал в аудиторию: см. ниже.",
        "{user} пайдаланушысын Pushline білмейді, бірақ ол аудиторияда болған: төменде қараңыз.",
    ),
    "erased": (
        "This person asked to be erased: past decisions are no longer kept by name.",
        "Этот человек попросил удалить его данные: прошлые решения по имени больше не хранятся.",
        "Бұл адам деректерін өшіруді сұраған: бұрынғы шешімдер енді атымен сақталмайды.",
    ),
    "consent": (
        "{purpose}: {answer} since {since} ({source})",
        "{purpose}: {answer} с {since} ({source})",
        "{purpose}: {answer}, {since} бастап ({source})",
    ),
    "no_consent": (
        "{purpose}: never agreed",
        "{purpose}: согласия не было",
        "{purpose}: келісім болмаған",
    ),
    "reachable": (
        "reachable: {devices} device(s) with a working address ({platforms})",
        "доступен: устройств с рабочим адресом — {devices} ({platforms})",
        "қолжетімді: пуш жететін құрылғы саны — {devices} ({platforms})",
    ),
    "not_reachable": (
        "not reachable: no device with a working push address",
        "недоступен: нет устройства с рабочим адресом для пушей",
        "қолжетімсіз: пуш жететін құрылғысы жоқ",
    ),
    "zone": (
        "time zone: {zone}",
        "часовой пояс: {zone}",
        "уақыт белдеуі: {zone}",
    ),
    "project_zone": (
        "time zone: none that is valid (written: {written}), so the project's {zone} holds",
        "часовой пояс не указан или неверен (указано: {written}), действует пояс проекта {zone}",
        "уақыт белдеуі көрсетілмеген немесе қате (жазылғаны: {written}), жобаның {zone} белдеуі "
        "қолданылады",
    ),
    "language": (
        "language: {language}",
        "язык: {language}",
        "тілі: {language}",
    ),
    "no_language": (
        "language: none that is known, so the project's default {language} holds",
        "язык не указан, действует язык проекта: {language}",
        "тілі көрсетілмеген, жобаның тілі қолданылады: {language}",
    ),
    "own_limit": (
        "own limit: {limit} pushes per 7 days",
        "собственный лимит: {limit} за 7 дней",
        "өз лимиті: 7 күнде {limit}",
    ),
    "control": (
        "in the global control group since {since}: gets no marketing or trigger pushes",
        "в глобальной контрольной группе с {since}: маркетинговых и триггерных пушей не получает",
        "{since} бастап жалпы бақылау тобында: жарнамалық және триггерлік пуштарды алмайды",
    ),
    "not_sent": (
        "Not sent: {reason}.",
        "Не отправлено: {reason}.",
        "Жіберілмеді: {reason}.",
    ),
    "undecided": (
        "In the audience, not planned yet.",
        "В аудитории, ещё не запланировано.",
        "Аудиторияда, әлі жоспарланған жоқ.",
    ),
    "enqueued": (
        "Enqueued for {when}, variant {variant}, {language}: {state}",
        "Поставлено в очередь на {when}, вариант {variant}, {language}: {state}",
        "{when} уақытына кезекке қойылды, {variant} нұсқасы, {language}: {state}",
    ),
    "capped_by": (
        "reached the cap '{title}'",
        "достиг ограничения «{title}»",
        "«{title}» лимитіне жетті",
    ),
    "instead": (
        "Slots taken by: {pushes}.",
        "Места заняли: {pushes}.",
        "Орындарды алғандар: {pushes}.",
    ),
    "state_waiting": (
        "waits in the queue.",
        "ждёт в очереди.",
        "кезекте күтуде.",
    ),
    "state_claimed": (
        "is being sent.",
        "отправляется.",
        "жіберілуде.",
    ),
    "state_accepted": (
        "the provider accepted it{when}.",
        "провайдер принял{when}.",
        "провайдер қабылдады{when}.",
    ),
    "state_rejected": (
        "the provider rejected it ({reason}).",
        "провайдер отклонил ({reason}).",
        "провайдер қабылдамады ({reason}).",
    ),
    "state_unknown": (
        "it may have arrived: no answer came.",
        "могло дойти: ответа нет.",
        "жеткен болуы мүмкін: жауап келмеді.",
    ),
    "state_withheld": (
        "withheld at the last check ({reason}).",
        "удержано при последней проверке ({reason}).",
        "соңғы тексеруде ұсталды ({reason}).",
    ),
    "state_expired": (
        "nobody sent it in time, so it was dropped.",
        "вовремя не отправлено, поэтому снято.",
        "уақытында жіберілмеді, сондықтан алынып тасталды.",
    ),
    "state_cancelled": (
        "cancelled before it left.",
        "отменено до отправки.",
        "жіберілмей тұрып бас тартылды.",
    ),
    "no_decisions": (
        "No run has had this user in its audience yet.",
        "Ни в одной рассылке этого человека ещё не было.",
        "Бұл адам әлі бірде-бір жіберілімде болған жоқ.",
    ),
    "receipts": (
        "Then: {kinds}.",
        "Затем: {kinds}.",
        "Одан кейін: {kinds}.",
    ),
    "marketing": (
        "marketing consent",
        "согласие на рекламу",
        "жарнамаға келісім",
    ),
    "service": (
        "service consent",
        "согласие на сервисные пуши",
        "сервистік пуштарға келісім",
    ),
    "yes": (
        "yes",
        "да",
        "иә",
    ),
    "no": (
        "no",
        "нет",
        "жоқ",
    ),
    "at": (
        " at {at}",
        " {at}",
        " {at}",
    ),
    "no_reason": (
        "no reason given",
        "причина не указана",
        "себебі көрсетілмеген",
    ),
}


def name_end(name: str, language: str = "en") -> str:
    """Return audience, enqueued, not_planned_yet or a state of a push in words."""
    return Sentence(*_NAMES[name]).text(language)


def name_withheld(reason: str, language: str = "en") -> str:
    """Return why a sender withheld a push in words; a reason that we do not know as it came."""
    return Sentence(*WITHHELD[reason]).text(language) if reason in WITHHELD else reason or "?"


def name_reason(code: str, rule_title: str = "", language: str = "en") -> str:
    """Return a reason in words; with the title of the cap rule when it is a cap."""
    return explain_reason(code, rule_title).text(language)


def explain_reason(code: str, rule_title: str = "") -> Sentence:
    """Return a reason in every language; with the title of the cap rule when it is a cap."""
    if rule_title:
        return Sentence.say(WHY, "capped_by", title=rule_title)
    return Sentence(*REASONS[code])
