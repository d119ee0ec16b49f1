"""Every sentence of the message room: English, Russian, Kazakh; each says the way out."""

from pushline.sentence import Wordings

SENTENCES: dict[str, Wordings] = {
    # links
    "link_has_space": (
        "The link holds a space or an invisible character. Paste it again without it.",
        "В ссылке пробел или невидимый знак. Вставьте её ещё раз без него.",
        "Сілтемеде бос орын немесе көрінбейтін таңба бар. Онсыз қайта қойыңыз.",
    ),
    "link_has_backslash": (
        "The link holds a backslash. Use / instead.",
        "В ссылке обратная косая черта. Замените её на /.",
        "Сілтемеде кері қиғаш сызық бар. Оны / деп ауыстырыңыз.",
    ),
    "link_not_parsed": (
        "This is not a link that a phone can open. Write it like {example}.",
        "Это не ссылка, которую откроет телефон. Напишите так: {example}.",
        "Бұл сілтемені телефон аша алмайды. Былай жазыңыз: {example}.",
    ),
    "link_scheme": (
        "Links may start with {allowed}; this one starts with “{scheme}:”. Change the start.",
        "Ссылка может начинаться с {allowed}, а эта начинается с «{scheme}:». Замените начало.",
        "Сілтеме мынадан басталуы керек: {allowed}; ал мұның басы — «{scheme}:». Басын "
        "ауыстырыңыз.",
    ),
    "link_userinfo": (
        "The link carries a user name before @. Remove everything between // and @.",
        "В ссылке имя пользователя перед @. Уберите всё между // и @.",
        "Сілтемеде @ алдында пайдаланушы аты тұр. // мен @ арасын түгел алып тастаңыз.",
    ),
    "link_host": (
        "“{host}” is not one of our addresses. Use {allowed}, or ask the data team to add it.",
        "«{host}» не из наших адресов. Используйте {allowed} или попросите команду данных "
        "добавить его.",
        "«{host}» біздің мекенжайларда жоқ. {allowed} қолданыңыз немесе деректер командасынан "
        "қосуды сұраңыз.",
    ),
    "link_mixed_scripts": (
        "The address “{host}” mixes letters of different alphabets, as forged links do. Type it "
        "again by hand.",
        "В адресе «{host}» смешаны буквы разных алфавитов, как в поддельных ссылках. Наберите "
        "его заново.",
        "«{host}» мекенжайында әртүрлі әліпби әріптері араласқан, жалған сілтемелер осындай "
        "болады. Қолмен қайта теріңіз.",
    ),
    "link_port": (
        "The link names a port ({port}). Remove it.",
        "В ссылке указан порт ({port}). Уберите его.",
        "Сілтемеде порт көрсетілген ({port}). Алып тастаңыз.",
    ),
    "link_double_slash": (
        "The path of the link holds //. Leave one slash.",
        "В пути ссылки есть //. Оставьте одну черту.",
        "Сілтеме жолында // бар. Бір ғана / қалдырыңыз.",
    ),
    "link_liquid": (
        "Personal fields do not work in links. Write the address itself.",
        "Личные поля в ссылках не работают. Напишите сам адрес.",
        "Жеке өрістер сілтемеде істемейді. Мекенжайдың өзін жазыңыз.",
    ),
    "link_utm": (
        "Remove {names} from the link: Pushline adds the UTM parameters itself.",
        "Уберите {names} из ссылки: UTM-параметры Pushline добавит сам.",
        "Сілтемеден {names} алып тастаңыз: UTM параметрлерін Pushline өзі қосады.",
    ),
    "image_https": (
        "Phones load pictures over https only. Change the start of the link to https://.",
        "Телефоны загружают картинки только по https. Начните ссылку с https://.",
        "Телефондар суретті тек https арқылы жүктейді. Сілтемені https:// деп бастаңыз.",
    ),
    # texts
    "text_too_long": (
        "The text is longer than {limit} characters with its Liquid. Shorten it.",
        "Текст вместе с Liquid длиннее {limit} знаков. Сократите его.",
        "Мәтін Liquid-пен бірге {limit} таңбадан ұзын. Қысқартыңыз.",
    ),
    "text_raw_brace": (
        "A single {{ or }} stands in the text. Write fields as {{{{ name }}}} or remove the brace.",
        "В тексте одиночная скобка {{ или }}. Поля пишутся {{{{ name }}}}; лишнюю скобку уберите.",
        "Мәтінде жалғыз {{ немесе }} жақшасы тұр. Өрістер {{{{ name }}}} түрінде жазылады; артық "
        "жақшаны алып тастаңыз.",
    ),
    "text_liquid_syntax": (
        "The Liquid of this text cannot be read: {detail}. Correct it or remove it.",
        "Liquid в этом тексте не читается: {detail}. Исправьте или уберите его.",
        "Бұл мәтіндегі Liquid оқылмайды: {detail}. Түзетіңіз немесе алып тастаңыз.",
    ),
    "text_not_filled": (
        "The text cannot be filled: {detail}. Correct the Liquid in the sheet, or the column in "
        "the audience's SQL.",
        "Текст не удаётся заполнить: {detail}. Исправьте Liquid в таблице или столбец в SQL "
        "аудитории.",
        "Мәтінді толтыру мүмкін болмады: {detail}. Кестедегі Liquid-ті немесе аудитория "
        "SQL-індегі бағанды түзетіңіз.",
    ),
    "text_unknown_filter": (
        "There is no filter “{name}”. Use one of: {known}.",
        "Фильтра «{name}» нет. Можно: {known}.",
        "«{name}» сүзгісі жоқ. Барлары: {known}.",
    ),
    "text_unknown_field": (
        "There is no field “{name}”. This audience offers: {known}.",
        "Поля «{name}» нет. Эта аудитория даёт: {known}.",
        "«{name}» өрісі жоқ. Бұл аудиторияда барлары: {known}.",
    ),
    "text_no_fields": (
        "There is no field “{name}”: this audience offers none. Write the text without it.",
        "Поля «{name}» нет: эта аудитория не даёт полей. Напишите текст без него.",
        "«{name}» өрісі жоқ: бұл аудиторияда өріс жоқ. Мәтінді онсыз жазыңыз.",
    ),
    "text_nullable_field": (
        "{share} have no {name}: add “| default: …”, as in {{{{ {name} | default: 'friend' }}}}.",
        "У {share} нет {name}: добавьте «| default: …», например {{{{ {name} | default: 'друг' "
        "}}}}.",
        "{share} {name} мәні жоқ: «| default: …» қосыңыз, мысалы {{{{ {name} | default: 'дос' "
        "}}}}.",
    ),
    "share_of_people": (
        "{percent} % of people",
        "{percent} % людей",
        "Адамдардың {percent} %-ында",
    ),
    "some_people": (
        "Some people",
        "некоторых людей",
        "Кейбір адамдарда",
    ),
    # where phones cut
    "fit_cut_360": (
        "On narrow Android phones it is cut after “{head}”. Remove about {extra} characters.",
        "На узких Android обрежется после «{head}». Уберите примерно {extra} зн.",
        "Тар Android экрандарында «{head}» дегеннен кейін қиылады. Шамамен {extra} таңбаға "
        "қысқартыңыз.",
    ),
    "fit_cut_everywhere": (
        "On Android it is cut after “{head}” until opened. Put the offer before that, or remove "
        "about {extra} characters.",
        "На Android обрежется после «{head}», пока не раскроют. Поставьте предложение раньше или "
        "уберите примерно {extra} зн.",
        "Android-та ашылғанша «{head}» дегеннен кейін қиылады. Ұсынысты соған дейін жазыңыз "
        "немесе шамамен {extra} таңбаға қысқартыңыз.",
    ),
    "fit_ios_lines": (
        "An iPhone shows {lines} lines and cuts after “{head}”. Remove about {extra} characters.",
        "iPhone покажет {lines} строки и обрежет после «{head}». Уберите примерно {extra} зн.",
        "iPhone {lines} жол көрсетіп, «{head}» дегеннен кейін қияды. Шамамен {extra} таңбаға "
        "қысқартыңыз.",
    ),
    "fit_too_long": (
        "{count} characters, at most {limit} are allowed. Remove {extra}.",
        "Знаков: {count}, можно до {limit}. Уберите {extra}.",
        "Таңба саны: {count}, ең көбі {limit}. {extra} таңбаға қысқартыңыз.",
    ),
}

# What stands at {detail}: faults of Liquid.
LIQUID_FAULTS: dict[str, Wordings] = {
    "never_closed": (
        "the tag {name} is never closed",
        "тег {name} не закрыт",
        "{name} тегі жабылмаған",
    ),
    "some_tag_open": ("a tag is never closed", "один из тегов не закрыт", "бір тег жабылмаған"),
    "unknown_tag": (
        "the tag {name} is not known here or has no beginning",
        "тег {name} здесь неизвестен или не открыт",
        "{name} тегі мұнда белгісіз немесе ашылмаған",
    ),
    "no_tag": (
        "the tag between {{% and %}} is empty",
        "между {{% и %}} нет тега",
        "{{% мен %}} арасында тег жоқ",
    ),
    "stray_sign": (
        "the sign {sign} does not belong there",
        "знак {sign} здесь лишний",
        "{sign} белгісі мұнда артық",
    ),
    "open_quote": (
        "a quotation mark is never closed; use ' or \"",
        "кавычка не закрыта; ставьте ' или \"",
        "тырнақша жабылмаған; ' немесе \" қойыңыз",
    ),
    "two_words": (
        "something stands after the name of the field; filters are joined by |",
        "после имени поля есть лишнее; фильтры ставят через |",
        "өріс атынан кейін артық нәрсе тұр; сүзгілер | арқылы жазылады",
    ),
    "nothing_inside": (
        "nothing stands where a field, a number or a text is needed",
        "там, где нужно поле, число или текст, пусто",
        "өріс, сан не мәтін керек жер бос",
    ),
    "no_filter": (
        "no filter stands after |",
        "после | нет фильтра",
        "| белгісінен кейін сүзгі жоқ",
    ),
    "no_equals": (
        "the sign = is missing",
        "нет знака =",
        "= белгісі жоқ",
    ),
    "bad_path": (
        "the brackets after the name of a field are not closed or empty",
        "скобки после имени поля не закрыты или пусты",
        "өріс атынан кейінгі жақша жабылмаған немесе бос",
    ),
    "range_outside": (
        "a range (1..9) stands outside of a loop",
        "диапазон (1..9) стоит вне цикла",
        "(1..9) аралығы циклден тыс тұр",
    ),
    "range_limits": (
        "a range is two numbers below {limit}, as in (1..9)",
        "диапазон — два числа меньше {limit}, например (1..9)",
        "аралық — {limit} санынан кіші екі сан, мысалы (1..9)",
    ),
    "many_brackets": (
        "more than {limit} brackets stand in one tag",
        "в одном теге больше {limit} скобок",
        "бір тегте {limit} жақшадан көп",
    ),
    "no_field": (
        "there is no field {name}",
        "нет поля {name}",
        "{name} өрісі жоқ",
    ),
    "large_number": (
        "a number has more than {limit} digits",
        "в числе больше {limit} цифр",
        "санда {limit} цифрдан көп",
    ),
    "by_zero": (
        "a number is divided by zero",
        "деление на ноль",
        "сан нөлге бөлінеді",
    ),
    "not_comparable": (
        "a text and a number are compared",
        "сравниваются текст и число",
        "мәтін мен сан салыстырылады",
    ),
    "not_a_number": (
        "a filter needs a number and got something else",
        "фильтру нужно число, а пришло другое",
        "сүзгіге сан керек еді, басқа нәрсе келді",
    ),
    "many_rounds": (
        "a loop has too many rounds",
        "в цикле слишком много повторов",
        "циклде қайталау тым көп",
    ),
    "long_output": (
        "the text grows too long",
        "текст становится слишком длинным",
        "мәтін тым ұзарып кетеді",
    ),
    "deep": (
        "tags stand too deep inside each other",
        "слишком много вложенных тегов",
        "тегтер бірінің ішіне бірі тым терең кірген",
    ),
    "other": (
        "it does not follow the rules of Liquid",
        "запись не по правилам Liquid",
        "жазылуы Liquid ережесіне сай емес",
    ),
}
