"""Why something was not done to a brief or its row of the sheet: English, Russian, Kazakh."""

from pushline.sentence import Wordings

REFUSALS: dict[str, Wordings] = {
    "unknown_row": (
        "There is no row {code} in the sheet any more: load the page again.",
        "Строки {code} в таблице больше нет: обновите страницу.",
        "{code} жолы кестеде енді жоқ: бетті жаңартыңыз.",
    ),
    "unknown_cell": (
        "There is no column “{column}”, or its text is too long. Take the names of the sheet.",
        "Нет столбца «{column}», или его текст слишком длинный. Возьмите названия из таблицы.",
        "«{column}» бағаны жоқ немесе мәтіні тым ұзын. Атауларды кестеден алыңыз.",
    ),
    "too_many": (
        "At most {most} at once: import a file for more.",
        "За один раз можно не больше {most}: загрузите файл.",
        "Бір жолы ең көбі {most} болады: одан көп болса, файл жүктеңіз.",
    ),
    "code_taken": (
        "There is a row {code} already: change its cells instead of making it again.",
        "Строка {code} уже есть: измените её, а не создавайте снова.",
        "{code} жолы бар: жаңасын ашпай, соның ұяшықтарын өзгертіңіз.",
    ),
    "row_without_brief": (
        "{code} was never saved as a brief: mend its red cells first, or remove the row.",
        "{code} ещё не сохранён как бриф: сначала исправьте красные ячейки или удалите строку.",
        "{code} бриф болып әлі сақталмаған: алдымен қызыл ұяшықтарын түзетіңіз немесе жолды алып "
        "тастаңыз.",
    ),
    "row_out_of_step": (
        "{code} has red cells that are not saved: mend them first.",
        "В {code} есть красные ячейки, они не сохранены: сначала исправьте их.",
        "{code} ішінде сақталмаған қызыл ұяшықтар бар: алдымен оларды түзетіңіз.",
    ),
    "row_not_ready": (
        "{code} cannot go on yet, so much is to be mended: {count}.",
        "{code} пока не может идти дальше. Нужно исправить: {count}.",
        "{code} әзірге әрі қарай өте алмайды. Түзететін жер саны: {count}.",
    ),
    "row_stays": (
        "{code} is “{status}” and stays in the sheet: cancel it instead.",
        "{code}: «{status}», строка остаётся в таблице. Отмените бриф.",
        "{code}: «{status}», жол кестеде қалады. Брифтен бас тартыңыз.",
    ),
    "step_impossible": (
        "{code} is “{status}” and cannot become “{to}”.",
        "{code}: «{status}», перейти в «{to}» нельзя.",
        "{code}: «{status}», одан «{to}» күйіне өтуге болмайды.",
    ),
    "step_of_others": (
        "{code}: from “{status}” to “{to}” is the step of {who}: ask them.",
        "{code}: из «{status}» в «{to}» переводит {who}: попросите их.",
        "{code}: «{status}» күйінен «{to}» күйіне {who} өткізеді: солардан сұраңыз.",
    ),
    "approval_not_due": (
        "{code} is “{status}”: only a brief whose audience is ready can be approved.",
        "{code}: «{status}». Согласовать можно бриф, у которого готова аудитория.",
        "{code}: «{status}». Аудиториясы дайын брифті ғана мақұлдауға болады.",
    ),
    "no_reason": (
        "Say what is to be changed, in up to {most} letters.",
        "Напишите, что исправить, не длиннее {most} знаков.",
        "Не өзгерту керегін жазыңыз, {most} таңбадан аспасын.",
    ),
    "send_back_not_due": (
        "{code} is “{status}”: only a brief that waits for approval can be sent back.",
        "{code}: «{status}». Вернуть можно только бриф, который ждёт согласования.",
        "{code}: «{status}». Мақұлдауды күтіп тұрған брифті ғана қайтаруға болады.",
    ),
    "approval_outdated": (
        "{code} was changed since it was shown to you: look at it again.",
        "{code} изменили после того, как вам его показали: посмотрите ещё раз.",
        "{code} сізге көрсетілгеннен кейін өзгерді: қайта қарап шығыңыз.",
    ),
    "approval_needs_four_eyes": (
        "You wrote part of {code}: somebody else has to approve it.",
        "Вы писали часть {code}: согласовать должен кто-то другой.",
        "{code} брифінің бір бөлігін өзіңіз жаздыңыз: оны басқа адам мақұлдауы керек.",
    ),
    "approval_too_late": (
        "The time to send {code} is over: what had not left stays here. Copy the brief to send it "
        "anew.",
        "Время отправки {code} прошло: что не ушло, уже не уйдёт. Чтобы отправить заново, "
        "скопируйте бриф.",
        "{code} жіберетін уақыт өтті: кетпегені енді кетпейді. Қайта жіберу үшін брифті көшіріңіз.",
    ),
    "goes_on_at_once": (
        "The time to send {code} has come: approved now, it leaves within minutes, until {until} "
        "({zone}).",
        "Время отправки {code} уже наступило: после согласования уйдёт в течение нескольких минут, "
        "до {until} ({zone}).",
        "{code} жіберетін уақыт келді: қазір мақұлданса, бірнеше минутта кетеді, {until} дейін "
        "({zone}).",
    ),
    "reach_not_counted": (
        "How many people get {code} as it stands was not counted in the last 15 minutes: count "
        "again, then approve.",
        "Сколько человек получат {code} в этом виде, за последние 15 минут не считали: "
        "пересчитайте и согласуйте.",
        "{code} осы күйінде қанша адамға жететіні соңғы 15 минутта саналмаған: қайта санап, "
        "содан кейін мақұлдаңыз.",
    ),
    "reach_differs": (
        "{code} was counted for {reach} people, you were shown another number: look at it again.",
        "{code}: подсчитано {reach} человек, а вам показали другое число: посмотрите ещё раз.",
        "{code}: {reach} адам саналды, ал сізге басқа сан көрсетілді: қайта қарап шығыңыз.",
    ),
    "number_not_typed": (
        "This goes to {reach} people: type that number to approve it.",
        "Это получат {reach} человек: введите это число, чтобы согласовать.",
        "Мұны {reach} адам алады: мақұлдау үшін осы санды теріңіз.",
    ),
    "unknown_brief": (
        "There is no brief {code}: load the page again.",
        "Брифа {code} нет: обновите страницу.",
        "{code} брифі жоқ: бетті жаңартыңыз.",
    ),
    "brief_started": (
        "{code} is being sent or is over and cannot be edited: stop the rest, or copy the brief.",
        "{code} уже отправляется или завершён, менять нельзя: остановите остаток или скопируйте "
        "бриф.",
        "{code} жіберіліп жатыр немесе аяқталған, өзгертуге болмайды: қалғанын тоқтатыңыз немесе "
        "брифті көшіріңіз.",
    ),
    "nothing_to_withdraw": (
        "{code} has no approval to withdraw.",
        "У {code} нет согласования, отзывать нечего.",
        "{code} мақұлданбаған, қайтарып алатын ештеңе жоқ.",
    ),
    "withdraw_too_late": (
        "{code} is being sent or was sent, it is too late to take the approval back: stop its run "
        "to keep back what has not left yet.",
        "{code} уже отправляется или отправлен: отзывать согласование поздно. Остановите рассылку, "
        "чтобы не ушло остальное.",
        "{code} жіберіліп жатыр немесе жіберілді: мақұлдауды қайтарып алуға кеш. Қалғаны кетпеуі "
        "үшін жіберілімді тоқтатыңыз.",
    ),
    "approved_already": (
        "Version {version} is approved already; nothing to do.",
        "Версия {version} уже согласована, делать ничего не нужно.",
        "{version}-нұсқа мақұлданып қойған, ештеңе істеудің керегі жоқ.",
    ),
    "approval_refused": (
        "This version cannot be approved: look at it again, or let somebody approve it who wrote "
        "none of it.",
        "Эту версию нельзя согласовать: посмотрите её ещё раз или попросите того, кто её не писал.",
        "Бұл нұсқаны мақұлдауға болмайды: қайта қараңыз немесе оны жазбаған адамнан мақұлдауды "
        "сұраңыз.",
    ),
    "move_impossible": (
        "A brief that is “{status}” cannot become “{to}”: load the page again.",
        "Из «{status}» нельзя перейти в «{to}»: обновите страницу.",
        "«{status}» күйінен «{to}» күйіне өтуге болмайды: бетті жаңартыңыз.",
    ),
    "move_of_others": (
        "From “{status}” to “{to}” is the step of others: ask them.",
        "Из «{status}» в «{to}» переводят другие: попросите их.",
        "«{status}» күйінен «{to}» күйіне басқалар өткізеді: солардан сұраңыз.",
    ),
}
