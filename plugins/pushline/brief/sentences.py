"""Every sentence about a row of the sheet: English, Russian, Kazakh; each says the way out."""

from pushline.brief.file_sentences import FILE_SENTENCES
from pushline.sentence import Wordings

_ROW_SENTENCES: dict[str, Wordings] = {
    # cells
    "required": (
        "“{header}” is empty. Fill it before the brief can go on.",
        "Поле «{header}» пусто. Заполните его, чтобы двигаться дальше.",
        "«{header}» бос. Әрі қарай өту үшін толтырыңыз.",
    ),
    "too_long": (
        "{count} characters, at most {limit} are allowed. Remove {extra}.",
        "Знаков: {count}, можно до {limit}. Уберите {extra}.",
        "Таңба саны: {count}, ең көбі {limit}. {extra} таңбаға қысқартыңыз.",
    ),
    "line_breaks": (
        "{count} line breaks, at most {limit} are allowed here. Remove {extra}.",
        "Переносов строки: {count}, здесь можно до {limit}. Уберите {extra}.",
        "Жаңа жолға көшу саны: {count}, мұнда ең көбі {limit}. {extra} көшуді алып тастаңыз.",
    ),
    "not_a_date": (
        "This is not a date. Write it as 2026-08-15 or 15.08.2026.",
        "Это не дата. Напишите так: 2026-08-15 или 15.08.2026.",
        "Бұл күн емес. Былай жазыңыз: 2026-08-15 немесе 15.08.2026.",
    ),
    "unclear_date": (
        "The day and the month cannot be told apart. Write it as 2026-08-15 or 15.08.2026.",
        "Непонятно, где день, а где месяц. Напишите так: 2026-08-15 или 15.08.2026.",
        "Қайсысы күн, қайсысы ай екені түсініксіз. Былай жазыңыз: 2026-08-15 немесе 15.08.2026.",
    ),
    "not_a_time": (
        "This is not a date with a time. Write it as 2026-08-15 11:00 or 15.08.2026 11:00.",
        "Это не дата со временем. Напишите так: 2026-08-15 11:00 или 15.08.2026 11:00.",
        "Бұл күн мен уақыт емес. Былай жазыңыз: 2026-08-15 11:00 немесе 15.08.2026 11:00.",
    ),
    "time_missing": (
        "The hour is missing. Add it: {example}.",
        "Нет часа. Добавьте его: {example}.",
        "Сағаты жоқ. Қосып жазыңыз: {example}.",
    ),
    "clock_with_dot": (
        "Hours and minutes take a colon: {example}.",
        "Часы и минуты пишутся через двоеточие: {example}.",
        "Сағат пен минут қос нүктемен жазылады: {example}.",
    ),
    "short_year": (
        "Write the year with four digits: {example}.",
        "Напишите год четырьмя цифрами: {example}.",
        "Жылды төрт цифрмен жазыңыз: {example}.",
    ),
    "time_with_offset": (
        "The time carries a zone. Leave it out: every time here is read in the project's zone.",
        "У времени указан пояс. Уберите его: все времена здесь читаются в поясе проекта.",
        "Уақытта белдеу көрсетілген. Оны алып тастаңыз: мұндағы уақыттың бәрі жобаның белдеуімен "
        "оқылады.",
    ),
    "not_a_number": (
        "This is not a whole number. Write digits only, from {low} to {high}.",
        "Это не целое число. Напишите только цифры, от {low} до {high}.",
        "Бұл бүтін сан емес. Тек цифрмен жазыңыз, {low} мен {high} аралығында.",
    ),
    "out_of_range": (
        "The number must be from {low} to {high}. Change it.",
        "Число должно быть от {low} до {high}. Измените его.",
        "Сан {low} мен {high} аралығында болуы керек. Өзгертіңіз.",
    ),
    "not_yes_no": (
        "Write yes or no.",
        "Напишите «да» или «нет».",
        "«Иә» немесе «жоқ» деп жазыңыз.",
    ),
    "not_a_choice": (
        "“{value}” is not in the list. Choose one of: {choices}.",
        "«{value}» нет в списке. Выберите: {choices}.",
        "«{value}» тізімде жоқ. Мыналардың бірін таңдаңыз: {choices}.",
    ),
    "bad_campaign_id": (
        "IDs look like C-2026-118 and are made by Pushline. Clear the cell to create a new brief.",
        "ID вида C-2026-118 создаёт Pushline. Очистите ячейку, чтобы завести новый бриф.",
        "C-2026-118 түріндегі ID-ді Pushline жасайды. Жаңа бриф ашу үшін ұяшықты тазалаңыз.",
    ),
    "utm_slug": (
        "Only small Latin letters, digits and _ are allowed, 3 to 40 characters. Change it{hint}.",
        "Можно только маленькие латинские буквы, цифры и _, от 3 до 40 знаков. Исправьте{hint}.",
        "Тек кіші латын әріптері, цифрлар және _ болады, 3-тен 40 таңбаға дейін. Түзетіңіз{hint}.",
    ),
    "bad_tag": (
        "“{value}” is not a tag: small letters, digits, _ and -, up to 40 characters. Change it.",
        "«{value}» не тег: маленькие буквы, цифры, _ и -, до 40 знаков. Исправьте.",
        "«{value}» тег емес: кіші әріптер, цифрлар, _ және -, 40 таңбаға дейін. Түзетіңіз.",
    ),
    "bad_audience_cell": (
        "This cannot be read as an audience. Write buyers_30d or "
        "buyers_of_category(category=music, days=30).",
        "Это не читается как аудитория. Напишите buyers_30d или "
        "buyers_of_category(category=music, days=30).",
        "Бұл аудитория ретінде оқылмайды. buyers_30d немесе buyers_of_category(category=music, "
        "days=30) деп жазыңыз.",
    ),
    # texts
    "title_without_text": (
        "There is a title but no text in this language. Fill both or clear both.",
        "На этом языке есть заголовок, но нет текста. Заполните оба поля или очистите оба.",
        "Бұл тілде тақырып бар, мәтін жоқ. Екеуін де толтырыңыз немесе екеуін де тазалаңыз.",
    ),
    "text_without_title": (
        "There is a text but no title in this language. Fill both or clear both.",
        "На этом языке есть текст, но нет заголовка. Заполните оба поля или очистите оба.",
        "Бұл тілде мәтін бар, тақырып жоқ. Екеуін де толтырыңыз немесе екеуін де тазалаңыз.",
    ),
    "b_equals_a": (
        "Variant B says the same as A. Change B or clear it.",
        "Вариант B совпадает с A. Измените B или очистите его.",
        "B нұсқасы A-мен бірдей. B-ны өзгертіңіз немесе тазалаңыз.",
    ),
    "b_other_languages": (
        "Variant B must speak the same languages as A: here one of them is missing. Fill both or "
        "clear B.",
        "Вариант B должен быть на тех же языках, что и A: здесь один из них пуст. Заполните оба "
        "или очистите B.",
        "B нұсқасы A қай тілдерде болса, сол тілдерде болуы керек: мұнда біреуі бос. Екеуін де "
        "толтырыңыз немесе B-ны тазалаңыз.",
    ),
    "kk_gets_default": (
        "Kazakh readers will get the {language} text. Add the Kazakh one if you can.",
        "Читающие по-казахски получат текст на языке {language}. Добавьте казахский, если можете.",
        "Қазақша оқитындар {language} мәтінін алады. Мүмкін болса, қазақшасын қосыңыз.",
    ),
    "kk_letters": (
        "None of ә ғ қ ң ө ұ ү һ і occurs: is this really Kazakh? Check the column.",
        "Нет ни одной буквы ә ғ қ ң ө ұ ү һ і: это точно казахский? Проверьте столбец.",
        "ә ғ қ ң ө ұ ү һ і әріптерінің бірде-бірі жоқ: бұл шынымен қазақша ма? Бағанды тексеріңіз.",
    ),
    "capitals": (
        "{share} % of the letters are capitals: it reads as shouting. Write it normally.",
        "{share} % букв заглавные: читается как крик. Напишите обычными буквами.",
        "Әріптердің {share} %-ы бас әріп: айғайлап тұрғандай оқылады. Кәдімгі әріппен жазыңыз.",
    ),
    "many_emoji": (
        "{count} emoji; more than {limit} look like spam. Leave {limit}.",
        "Эмодзи: {count}; больше {limit} похоже на спам. Оставьте {limit}.",
        "Эмодзи саны: {count}; {limit} эмодзиден артығы спамға ұқсайды. {limit} қалдырыңыз.",
    ),
    "b_share_without_b": (
        "There is no variant B, so this share does nothing. Clear it or write the B texts.",
        "Варианта B нет, доля ни на что не влияет. Очистите её или напишите тексты B.",
        "B нұсқасы жоқ, сондықтан бұл үлес ештеңе бермейді. Тазалаңыз немесе B мәтіндерін жазыңыз.",
    ),
    # times
    "date_out_of_bounds": (
        "Is the year right? Dates go from {first} to {last}.",
        "Верно ли указан год? Даты могут быть с {first} по {last}.",
        "Жылы дұрыс па? Күндер {first} мен {last} аралығында болады.",
    ),
    "promo_order": (
        "The promo ends before it starts. Swap the dates.",
        "Промо кончается раньше, чем начинается. Поменяйте даты местами.",
        "Промо басталмай тұрып аяқталады. Күндердің орнын ауыстырыңыз.",
    ),
    "send_outside_promo": (
        "Sending on {day} is outside the promo ({start} – {end}). Move one of them.",
        "Отправка {day} вне промо ({start} – {end}). Сдвиньте что-то одно.",
        "{day} күнгі жіберу промодан тыс ({start} – {end}). Біреуін жылжытыңыз.",
    ),
    "promo_ends_soon": (
        "The promo ends {hours} h after sending: many will read it too late. Send earlier.",
        "Промо кончится через {hours} ч после отправки: многие прочтут поздно. Отправьте раньше.",
        "Промо жіберілгеннен кейін {hours} сағатта аяқталады: көбі кеш оқиды. Ертерек жіберіңіз.",
    ),
    "send_in_past": (
        "{moment} has passed (now {now}, {zone}). Choose a later time.",
        "{moment} уже прошло (сейчас {now}, {zone}). Выберите время позже.",
        "{moment} өтіп кетті (қазір {now}, {zone}). Кейінірек уақытты таңдаңыз.",
    ),
    "send_soon": (
        "Less than 2 h are left: approval may come too late. Choose a later time.",
        "Осталось меньше 2 ч: согласовать можно не успеть. Выберите время позже.",
        "2 сағаттан аз қалды: мақұлдауға үлгермеуі мүмкін. Кейінірек уақытты таңдаңыз.",
    ),
    "quiet_hours": (
        "{time} is in the quiet hours ({start}–{end}): the policy will drop or shift the push. "
        "Choose a time outside of them.",
        "{time} попадает в тихие часы ({start}–{end}): пуш отбросят или сдвинут. Выберите время "
        "вне их.",
        "{time} тыныш сағаттарға түседі ({start}–{end}): пуш жіберілмейді немесе кейінге қалады. "
        "Басқа уақытты таңдаңыз.",
    ),
    "holiday": (
        "{day} is a public holiday ({name}). Check that this is meant.",
        "{day} — праздник ({name}). Проверьте, что так и задумано.",
        "{day} — мереке ({name}). Осылай ойластырылғанын тексеріңіз.",
    ),
    "ttl_after_promo": (
        "The push lives past the end of the promo. Set at most {hours} h.",
        "Пуш живёт дольше промо. Поставьте не больше {hours} ч.",
        "Пуштың мерзімі промодан ұзақ. Ең көбі {hours} сағат қойыңыз.",
    ),
    "bad_repeat": (
        "This repeat cannot be read: {detail}. Write weekly or a rule like "
        "FREQ=WEEKLY;BYDAY=MO;COUNT=4.",
        "Повтор не читается: {detail}. Напишите weekly или правило вида "
        "FREQ=WEEKLY;BYDAY=MO;COUNT=4.",
        "Қайталау оқылмайды: {detail}. weekly немесе FREQ=WEEKLY;BYDAY=MO;COUNT=4 сияқты ереже "
        "жазыңыз.",
    ),
    "repeat_endless": (
        "The repeat has no end. Add COUNT=… or UNTIL=…, or fill “{header}”.",
        "У повтора нет конца. Добавьте COUNT=… или UNTIL=… либо заполните «{header}».",
        "Қайталаудың соңы жоқ. COUNT=… не UNTIL=… қосыңыз немесе «{header}» өрісін толтырыңыз.",
    ),
    "send_not_in_repeat": (
        "Nothing is sent on {day}: by the repeat, the first one leaves on {first}. Take {first} as "
        "the time, or change “{header}”.",
        "{day} ничего не отправится: по повтору первая отправка {first}. Поставьте {first} или "
        "измените «{header}».",
        "{day} күні ештеңе жіберілмейді: қайталау бойынша біріншісі {first} кетеді. Уақытын "
        "{first} етіңіз немесе «{header}» өрісін өзгертіңіз.",
    ),
    "repeat_skips_months": (
        "Nothing is sent in {months}: those months have no such day. Choose a day up to the 28th, "
        "or write {rule} for the last day of each month.",
        "Без отправки останутся: {months}. В них нет такого дня. Выберите день до 28-го или "
        "напишите {rule}: последний день каждого месяца.",
        "Мына айларда ештеңе жіберілмейді: {months}. Оларда ондай күн жоқ. 28-іне дейінгі күнді "
        "таңдаңыз немесе {rule} деп жазыңыз: әр айдың соңғы күні.",
    ),
    "repeat_no_future": (
        "No repeat is left in the future. Change the rule or the first date.",
        "В будущем не осталось ни одного повтора. Измените правило или первую дату.",
        "Алда бірде-бір қайталау қалмады. Ережені немесе бірінші күнді өзгертіңіз.",
    ),
    # audience, rest
    "unknown_audience": (
        "There is no audience “{name}”{hint}. Choose one from sql/audiences.",
        "Аудитории «{name}» нет{hint}. Выберите из sql/audiences.",
        "«{name}» аудиториясы жоқ{hint}. sql/audiences ішінен таңдаңыз.",
    ),
    "broken_audience": (
        "The file of the audience “{name}” cannot be used: {why} Who writes audiences mends it.",
        "Файл аудитории «{name}» не годится: {why} Его исправит тот, кто пишет аудитории.",
        "«{name}» аудиториясының файлы жарамсыз: {why} Аудитория жазатын адам түзетеді.",
    ),
    "did_you_mean": (
        " (did you mean {name}?)",
        " (может быть, {name}?)",
        " (мүмкін, {name}?)",
    ),
    "unknown_parameter": (
        "{audience} has no parameter “{name}”. It takes: {known}.",
        "У {audience} нет параметра «{name}». Есть: {known}.",
        "{audience} аудиториясында «{name}» параметрі жоқ. Барлары: {known}.",
    ),
    "missing_parameter": (
        "{audience} needs {name}. Write {audience}({name}=…).",
        "Для {audience} нужен {name}. Напишите {audience}({name}=…).",
        "{audience} үшін {name} керек. {audience}({name}=…) деп жазыңыз.",
    ),
    "bad_parameter": (
        "{name}={value} does not fit: it takes {type}. Correct it.",
        "{name}={value} не подходит: нужно {type}. Исправьте.",
        "{name}={value} сәйкес келмейді: {type} керек. Түзетіңіз.",
    ),
    "type_number": (
        "a whole number",
        "целое число",
        "бүтін сан",
    ),
    "type_date": (
        "a date like 2026-08-15",
        "дата вида 2026-08-15",
        "2026-08-15 түріндегі күн",
    ),
    "type_boolean": (
        "true or false",
        "true или false",
        "true немесе false",
    ),
    "parameter_choice": (
        "{name} must be one of: {choices}. Correct it.",
        "{name} может быть: {choices}. Исправьте.",
        "{name} мыналардың бірі болады: {choices}. Түзетіңіз.",
    ),
    "excludes_itself": (
        "The brief leaves out its own audience, so nobody would get it. Remove it from “{header}”.",
        "Бриф исключает собственную аудиторию, никто не получит. Уберите её из «{header}».",
        "Бриф өз аудиториясын шығарып тұр, оны ешкім алмайды. Аудиторияны «{header}» өрісінен "
        "алып тастаңыз.",
    ),
    "service_reason": (
        "Service pushes skip the caps. Say in “{header}” why this one may.",
        "Сервисные пуши не учитывают лимиты. Напишите в «{header}», почему можно.",
        "Сервистік пуштар лимитке қарамайды. Неге болатынын «{header}» өрісіне жазыңыз.",
    ),
    "service_looks_promo": (
        "A service push should not sell. Change the kind to promo if this is an offer.",
        "Сервисный пуш не должен продавать. Если это предложение, поставьте тип promo.",
        "Сервистік пуш ештеңе сатпауы керек. Бұл ұсыныс болса, түрін promo етіңіз.",
    ),
    "unknown_goal": (
        "“{value}” is not in the event dictionary. Choose one of: {choices}.",
        "«{value}» нет в словаре событий. Выберите: {choices}.",
        "«{value}» оқиғалар сөздігінде жоқ. Мыналардың бірін таңдаңыз: {choices}.",
    ),
    "status_by_import": (
        "A file cannot set “{value}”. The brief stays at “{landed}”; move it in Pushline.",
        "Файл не может поставить «{value}». Бриф останется «{landed}»; двигайте его в Pushline.",
        "Файл «{value}» күйін қоя алмайды. Бриф «{landed}» күйінде қалады; оны Pushline-да "
        "жылжытыңыз.",
    ),
}

# What stands at {detail} of bad_repeat.
REPEAT_FAULTS: dict[str, Wordings] = {
    "not_a_list": (
        "it is not a list of NAME=VALUE",
        "это не список NAME=VALUE",
        "бұл NAME=VALUE тізімі емес",
    ),
    "not_allowed": (
        "{names} cannot be used",
        "{names} здесь нельзя",
        "мұнда {names} болмайды",
    ),
    "frequency": (
        "FREQ must be one of {names}",
        "FREQ может быть {names}",
        "FREQ мыналардың бірі болады: {names}",
    ),
    "limits": (
        "{name} goes from {low} to {high}",
        "{name} от {low} до {high}",
        "{name} — {low} мен {high} аралығында",
    ),
    "until_form": (
        "UNTIL must be a date like 20260831",
        "UNTIL — дата вида 20260831",
        "UNTIL — 20260831 түріндегі күн",
    ),
    "until_date": (
        "UNTIL is no such date",
        "UNTIL: нет такой даты",
        "UNTIL: ондай күн жоқ",
    ),
    "numbers": (
        "{name} takes numbers from 1 to {high}, or from -1 to {low} to count from the end",
        "{name}: числа от 1 до {high} или от -1 до {low}, если считать с конца",
        "{name}: 1 мен {high} аралығындағы не соңынан санағанда -1 мен {low} аралығындағы сандар",
    ),
    "weekdays": (
        "{name} takes {days} by commas, or {first} and {last} for the first and last of a month",
        "{name}: {days} через запятую либо {first} и {last}: первый и последний в месяце",
        "{name}: {days} үтір арқылы не айдағы бірінші мен соңғысы: {first}, {last}",
    ),
    "never": (
        "no day ever fits {parts}",
        "ни один день не подходит под {parts}",
        "бірде-бір күн {parts} шартына сай келмейді",
    ),
    "value": (
        "a value of it does not fit",
        "значение не подходит",
        "бір мәні сәйкес келмейді",
    ),
}

SENTENCES: dict[str, Wordings] = {**_ROW_SENTENCES, **FILE_SENTENCES}
