"""Every sentence of the brief room, in English and Russian; each says the way out."""

SENTENCES: dict[str, tuple[str, str]] = {
    # cells
    "required": (
        "“{header_en}” is empty. Fill it before the brief can go on.",
        "Поле «{header}» пусто. Заполните его, чтобы двигаться дальше.",
    ),
    "too_long": (
        "{count} characters, at most {limit} are allowed. Remove {extra}.",
        "Знаков: {count}, можно до {limit}. Уберите {extra}.",
    ),
    "line_breaks": (
        "{count} line breaks, at most {limit} are allowed here. Remove {extra}.",
        "Переносов строки: {count}, здесь можно до {limit}. Уберите {extra}.",
    ),
    "not_a_date": (
        "This is not a date. Write it as 2026-08-15 or 15.08.2026.",
        "Это не дата. Напишите так: 2026-08-15 или 15.08.2026.",
    ),
    "unclear_date": (
        "The day and the month cannot be told apart. Write it as 2026-08-15 or 15.08.2026.",
        "Непонятно, где день, а где месяц. Напишите так: 2026-08-15 или 15.08.2026.",
    ),
    "not_a_time": (
        "This is not a date with a time. Write it as 2026-08-15 11:00 or 15.08.2026 11:00.",
        "Это не дата со временем. Напишите так: 2026-08-15 11:00 или 15.08.2026 11:00.",
    ),
    "time_missing": (
        "The hour is missing. Add it: {example}.",
        "Нет часа. Добавьте его: {example}.",
    ),
    "time_with_offset": (
        "The time carries a zone. Leave it out: every time here is read in the project's zone.",
        "У времени указан пояс. Уберите его: все времена здесь читаются в поясе проекта.",
    ),
    "not_a_number": (
        "This is not a whole number. Write digits only, from {low} to {high}.",
        "Это не целое число. Напишите только цифры, от {low} до {high}.",
    ),
    "out_of_range": (
        "The number must be from {low} to {high}. Change it.",
        "Число должно быть от {low} до {high}. Измените его.",
    ),
    "not_yes_no": ("Write yes or no.", "Напишите «да» или «нет»."),
    "not_a_choice": (
        "“{value}” is not in the list. Choose one of: {choices}.",
        "«{value}» нет в списке. Выберите: {choices}.",
    ),
    "bad_campaign_id": (
        "IDs look like C-2026-118 and are made by Pushline. Clear the cell to create a new brief.",
        "ID вида C-2026-118 создаёт система. Очистите ячейку, чтобы завести новый бриф.",
    ),
    "utm_slug": (
        "Only small Latin letters, digits and _ are allowed, 3 to 40 characters. Change it{hint}.",
        "Можно только маленькие латинские буквы, цифры и _, от 3 до 40 знаков. Исправьте{hint}.",
    ),
    "bad_tag": (
        "“{value}” is not a tag: small letters, digits, _ and -, up to 40 characters. Change it.",
        "«{value}» не тег: маленькие буквы, цифры, _ и -, до 40 знаков. Исправьте.",
    ),
    "bad_audience_cell": (
        "This cannot be read as an audience. Write buyers_30d or "
        "buyers_of_category(category=music, days=30).",
        "Это не читается как аудитория. Напишите buyers_30d или "
        "buyers_of_category(category=music, days=30).",
    ),
    # texts
    "title_without_text": (
        "There is a title but no text in this language. Fill both or clear both.",
        "На этом языке есть заголовок, но нет текста. Заполните оба поля или очистите оба.",
    ),
    "text_without_title": (
        "There is a text but no title in this language. Fill both or clear both.",
        "На этом языке есть текст, но нет заголовка. Заполните оба поля или очистите оба.",
    ),
    "b_equals_a": (
        "Variant B says the same as A. Change B or clear it.",
        "Вариант B совпадает с A. Измените B или очистите его.",
    ),
    "b_other_languages": (
        "Variant B must speak the same languages as A: here one of them is missing. "
        "Fill both or clear B.",
        "Вариант B должен быть на тех же языках, что и A: здесь один из них пуст. "
        "Заполните оба или очистите B.",
    ),
    "kk_gets_default": (
        "Kazakh readers will get the {language} text. Add the Kazakh one if you can.",
        "Читающие по-казахски получат текст на языке {language}. Добавьте казахский, если можете.",
    ),
    "kk_letters": (
        "None of ә ғ қ ң ө ұ ү һ і occurs: is this really Kazakh? Check the column.",
        "Нет ни одной буквы ә ғ қ ң ө ұ ү һ і: это точно казахский? Проверьте столбец.",
    ),
    "capitals": (
        "{share} % of the letters are capitals: it reads as shouting. Write it normally.",
        "{share} % букв заглавные: читается как крик. Напишите обычными буквами.",
    ),
    "many_emoji": (
        "{count} emoji; more than {limit} look like spam. Leave {limit}.",
        "Эмодзи: {count}; больше {limit} похоже на спам. Оставьте {limit}.",
    ),
    "b_share_without_b": (
        "There is no variant B, so this share does nothing. Clear it or write the B texts.",
        "Варианта B нет, доля ни на что не влияет. Очистите её или напишите тексты B.",
    ),
    # times
    "promo_order": (
        "The promo ends before it starts. Swap the dates.",
        "Промо кончается раньше, чем начинается. Поменяйте даты местами.",
    ),
    "send_outside_promo": (
        "Sending on {day} is outside the promo ({start} – {end}). Move one of them.",
        "Отправка {day} вне промо ({start} – {end}). Сдвиньте что-то одно.",
    ),
    "promo_ends_soon": (
        "The promo ends {hours} h after sending: many will read it too late. Send earlier.",
        "Промо кончится через {hours} ч после отправки: многие прочтут поздно. Отправьте раньше.",
    ),
    "send_in_past": (
        "{moment} has passed (now {now}, {zone}). Choose a later time.",
        "{moment} уже прошло (сейчас {now}, {zone}). Выберите время позже.",
    ),
    "send_soon": (
        "Less than 2 h are left: approval may come too late. Choose a later time.",
        "Осталось меньше 2 ч: согласовать можно не успеть. Выберите время позже.",
    ),
    "quiet_hours": (
        "{time} is in the quiet hours ({start}–{end}): the policy will drop or shift the push. "
        "Choose a time outside of them.",
        "{time} попадает в тихие часы ({start}–{end}): пуш отбросят или сдвинут. "
        "Выберите время вне их.",
    ),
    "holiday": (
        "{day} is a public holiday ({name}). Check that this is meant.",
        "{day} — праздник ({name_ru}). Проверьте, что так и задумано.",
    ),
    "ttl_after_promo": (
        "The push lives past the end of the promo. Set at most {hours} h.",
        "Пуш живёт дольше промо. Поставьте не больше {hours} ч.",
    ),
    "bad_repeat": (
        "This repeat cannot be read: {detail}. Write weekly or a rule like "
        "FREQ=WEEKLY;BYDAY=MO;COUNT=4.",
        "Повтор не читается: {detail_ru}. Напишите weekly или правило вида "
        "FREQ=WEEKLY;BYDAY=MO;COUNT=4.",
    ),
    "repeat_endless": (
        "The repeat has no end. Add COUNT=… or UNTIL=…, or fill “Promo to”.",
        "У повтора нет конца. Добавьте COUNT=… или UNTIL=… либо заполните «Промо по».",
    ),
    "repeat_no_future": (
        "No repeat is left in the future. Change the rule or the first date.",
        "В будущем не осталось ни одного повтора. Измените правило или первую дату.",
    ),
    # links, audience, rest
    "unknown_audience": (
        "There is no audience “{name}”{hint}. Choose one from sql/audiences.",
        "Аудитории «{name}» нет{hint_ru}. Выберите из sql/audiences.",
    ),
    "unknown_parameter": (
        "{audience} has no parameter “{name}”. It takes: {known}.",
        "У {audience} нет параметра «{name}». Есть: {known}.",
    ),
    "missing_parameter": (
        "{audience} needs {name}. Write {audience}({name}=…).",
        "Для {audience} нужен {name}. Напишите {audience}({name}=…).",
    ),
    "bad_parameter": (
        "{name}={value} is not a {type}. Correct it.",
        "{name}={value} не подходит: нужно {type_ru}. Исправьте.",
    ),
    "parameter_choice": (
        "{name} must be one of: {choices}. Correct it.",
        "{name} может быть: {choices}. Исправьте.",
    ),
    "excludes_itself": (
        "The brief leaves out its own audience, so nobody would get it. Remove it from “Except”.",
        "Бриф исключает собственную аудиторию, никто не получит. Уберите её из «Кроме».",
    ),
    "service_reason": (
        "Service pushes skip the caps. Say in “Why service” why this one may.",
        "Сервисные пуши не учитывают лимиты. Напишите в «Почему сервисный», почему можно.",
    ),
    "service_looks_promo": (
        "A service push should not sell. Change the kind to promo if this is an offer.",
        "Сервисный пуш не должен продавать. Если это предложение, поставьте тип «промо».",
    ),
    "unknown_goal": (
        "“{value}” is not in the event dictionary. Choose one of: {choices}.",
        "«{value}» нет в словаре событий. Выберите: {choices}.",
    ),
    "status_by_import": (
        "A file cannot set “{value}”. The brief stays at “{landed}”; move it in Pushline.",
        "Файл не может поставить «{value}». Бриф останется «{landed}»; двигайте его в системе.",
    ),
    # import
    "unknown_campaign": (
        "There is no brief {value}. Clear the cell to create a new one.",
        "Брифа {value} нет. Очистите ячейку, чтобы создать новый.",
    ),
    "changed_after_approval": (
        "{brief} is {status}: a file cannot change it. Withdraw the approval or copy it.",
        "{brief} в статусе «{status_ru}»: файл его не изменит. Отзовите или скопируйте.",
    ),
    "same_row_twice": (
        "This row says the same as row {other}. Delete one of them.",
        "Эта строка повторяет строку {other}. Удалите одну из них.",
    ),
    "same_id_twice": (
        "Row {other} has the same ID. Leave one of them.",
        "У строки {other} тот же ID. Оставьте одну из них.",
    ),
    "same_utm_twice": (
        "Row {other} has the same utm_campaign: reports cannot tell them apart. Change one.",
        "У строки {other} тот же utm_campaign: в отчётах их не различить. Измените один.",
    ),
    # files
    "file_too_big": (
        "The file has {size} MB, at most {limit} are allowed. Split it.",
        "В файле {size} МБ, можно до {limit}. Разделите его.",
    ),
    "file_kind": (
        "This is not a CSV or XLSX file. Save the sheet as one of them.",
        "Это не CSV и не XLSX. Сохраните таблицу в одном из этих форматов.",
    ),
    "file_locked": (
        "The file has a password or is an old .xls. Save it as XLSX without a password.",
        "Файл под паролем или это старый .xls. Сохраните его как XLSX без пароля.",
    ),
    "file_broken": (
        "The file cannot be opened. Save it again as XLSX or CSV.",
        "Файл не открывается. Сохраните его ещё раз как XLSX или CSV.",
    ),
    "file_bomb": (
        "The file unpacks to far more than a sheet needs. Copy the cells into a new file.",
        "Файл распаковывается в слишком большой. Скопируйте ячейки в новый файл.",
    ),
    "file_encoding": (
        "The letters cannot be read. Save the file as “CSV UTF-8”.",
        "Буквы не читаются. Сохраните файл как «CSV UTF-8».",
    ),
    "file_empty": (
        "There is no row below the headers. Fill at least one.",
        "Под заголовками нет ни одной строки. Заполните хотя бы одну.",
    ),
    "file_rows": (
        "{count} rows, at most {limit} are read at once. Split the file.",
        "Строк: {count}, за раз читается до {limit}. Разделите файл.",
    ),
    "no_headers": (
        "No known column was found. Take the headers from the template: "
        "`pushline brief template FILE.xlsx`.",
        "Ни одного знакомого столбца. Возьмите заголовки из шаблона: "
        "`pushline brief template FILE.xlsx`.",
    ),
    "missing_columns": (
        "These columns are missing: {names}. Add them, even if empty.",
        "Нет столбцов: {names}. Добавьте их, хотя бы пустыми.",
    ),
    "same_header_twice": (
        "The column “{header}” stands twice. Leave one.",
        "Столбец «{header}» повторяется. Оставьте один.",
    ),
    "columns_of_others": (
        "Others fill these columns, so what the file says there was left out: {names}.",
        "Эти столбцы заполняют другие, из файла их не взяли: {names_ru}.",
    ),
    "unknown_column": (
        "The column “{header}” is not known and was not read. Delete it or correct its header.",
        "Столбец «{header}» неизвестен и не прочитан. Удалите его или исправьте заголовок.",
    ),
    "cell_too_long": (
        "The cell has {count} characters, at most {limit} are read. Shorten it.",
        "В ячейке {count} знаков, читается до {limit}. Сократите её.",
    ),
    "row_too_wide": (
        "The row has more cells than there are headers: a quote is missing. Correct the line.",
        "В строке больше ячеек, чем заголовков: потеряна кавычка. Исправьте строку.",
    ),
}
